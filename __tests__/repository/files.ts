import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";

const ROOT = new URL("../../", import.meta.url);

/** A file of the repository. */
export function read(path: string): string {
  return readFileSync(new URL(path, ROOT), "utf8");
}

/** The names of the files in a folder of the repository. */
export function list(folder: string): readonly string[] {
  return readdirSync(new URL(folder, ROOT)).sort();
}

/** What stands in the README's code blocks of a language. */
export function blocks(language: string): readonly string[] {
  return [...read("README.md").matchAll(/^( *)```(\w+)\n(.*?)^\1```$/gms)].flatMap(([, , found, text]) =>
    found === language && text !== undefined ? [text] : [],
  );
}

/** The README, or another page, from a heading to the next. */
export function section(heading: string, path = "README.md"): string {
  return (
    read(path)
      .split(/^## /m)
      .find((part) => part.startsWith(`${heading}\n`)) ?? ""
  );
}

export interface ActionMetadata {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
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

/** A workflow with its text, by the name that tells where it stands. */
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

/** The workflows that the README gives to copy. */
export const copies: readonly WorkflowText[] = blocks("yaml").flatMap((text) => {
  const workflow = parse(text) as (Workflow & { readonly name: string }) | readonly Step[];
  return isSteps(workflow) ? [] : [{ name: `the README's ${workflow.name}`, text, workflow }];
});

/** The single steps that the README gives to copy. */
export const snippets: readonly Step[] = blocks("yaml").flatMap((text) => {
  const steps = parse(text) as Workflow | readonly Step[];
  return isSteps(steps) ? steps : [];
});

function isSteps(parsed: Workflow | readonly Step[]): parsed is readonly Step[] {
  return Array.isArray(parsed);
}

/** True for a step that uses this action, here or in another repository. */
export function usesThisAction({ uses }: Step): boolean {
  return uses === "./" || uses?.includes("/lambda-canary@") === true;
}
