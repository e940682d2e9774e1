import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const ROOT = new URL("../../", import.meta.url);

/** The text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The paths of the files in a folder of the repository and its subfolders. */
export function list(folder: string): readonly string[] {
  const entries = readdirSync(new URL(folder, ROOT), { recursive: true, withFileTypes: true });
  const base = fileURLToPath(new URL(folder, ROOT));
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(base, join(entry.parentPath, entry.name)))
    .sort();
}

/** The pages that people read. */
export const pages: readonly string[] = [
  ...["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...list("docs/").flatMap((file) => (file.endsWith(".md") ? [`docs/${file}`] : [])),
];

/** The contents of a page's code blocks in a language. */
export function blocks(language: string, page = "README.md"): readonly string[] {
  return [...read(page).matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms)].flatMap(([, , found, text]) =>
    found === language && text !== undefined ? [text] : [],
  );
}

/** A section of the README, or of another page: from its heading to the next. */
export function section(heading: string, path = "README.md"): string {
  return (
    read(path)
      .split(/^## /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? ""
  );
}

export interface ActionMetadata {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description?: string }>>;
  readonly outputs: Readonly<Record<string, object>>;
  readonly runs: { readonly using: string; readonly main: string; readonly post: string };
}

export const metadata = parse(read("action.yml")) as ActionMetadata;

export interface Workflow {
  readonly on: string | readonly string[] | Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly concurrency?: { readonly group?: string; readonly "cancel-in-progress"?: boolean | string };
  readonly jobs: Readonly<Record<string, Job>>;
}

export type Permissions = Readonly<Record<string, "read" | "write" | "none">>;

export interface Job {
  readonly if?: string;
  readonly permissions?: Permissions;
  readonly "timeout-minutes"?: number;
  readonly steps: readonly Step[];
}

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string | number | boolean>>;
}

/** A workflow with its text, and a name that says where it is from. */
export interface WorkflowText {
  readonly name: string;
  readonly text: string;
  readonly workflow: Workflow;
}

const FOLDER = ".github/workflows/";

/** The workflows of this repository. */
export const workflows: readonly WorkflowText[] = list(FOLDER).map((file) => {
  const text = read(`${FOLDER}${file}`);
  return { name: `${FOLDER}${file}`, text, workflow: parse(text) as Workflow };
});

const EXAMPLES = "examples/";

/** The workflows to copy: the examples, and the README's. */
export const copies: readonly WorkflowText[] = [
  ...list(EXAMPLES).map((file) => ({ name: `${EXAMPLES}${file}`, text: read(`${EXAMPLES}${file}`) })),
  ...blocks("yaml").map((text) => ({ name: "the README's workflow", text })),
].map(({ name, text }) => ({ name, text, workflow: parse(text) as Workflow }));

/** The single steps that the pages offer to copy. */
export const snippets: readonly { readonly name: string; readonly step: Step }[] = pages.flatMap((page) =>
  blocks("yaml", page).flatMap((text) => {
    const steps = parse(text) as Workflow | readonly Step[];
    return isSteps(steps) ? steps.map((step) => ({ name: `a step in ${page}`, step })) : [];
  }),
);

function isSteps(parsed: Workflow | readonly Step[]): parsed is readonly Step[] {
  return Array.isArray(parsed);
}

/** True for a step that uses this action, here or in another repository. */
export function usesThisAction({ uses }: Step): boolean {
  return uses === "./" || uses?.includes("/lambda-canary@") === true;
}
