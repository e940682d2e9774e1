import assert from "node:assert/strict";
import { readInputs } from "../../src/action/inputs.ts";
import { type DeployOrder, deploy } from "../../src/commands/deploy.ts";
import { COMMANDS } from "../../src/commands/table.ts";
import { formatMistake, type Parsed } from "../../src/domain/mistake.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { longestRelease } from "../../src/release/release.ts";
import { outputs } from "../../src/report/outputs.ts";
import { copies, type Job, list, metadata, read, type Step, snippets, usesThisAction, workflows } from "./files.ts";

test("every input that action.yml declares is read by some command, and none besides", async () => {
  const asked = new Set<string>();
  for (const { name: command } of COMMANDS) {
    await readInputs((name) => {
      asked.add(name);
      return name === "command" ? command : (metadata.inputs[name]?.default ?? "");
    }, COMMANDS);
  }
  expect([...asked].sort()).toStrictEqual(Object.keys(metadata.inputs).sort());
});

/** Inputs without a default that a command must be given. */
const NEEDED = ["function", "from", "to"];

test("the defaults of action.yml are what is taken where nothing is given", async () => {
  for (const { name: command } of COMMANDS) {
    const inputs = (read: (name: string) => string) =>
      readInputs(
        (name) => (NEEDED.includes(name) ? SAMPLES[name] : name === "command" ? command : read(name)) ?? "",
        COMMANDS,
      );
    const declared = await inputs((name) => metadata.inputs[name]?.default ?? "");
    const bare = await inputs((name) =>
      ["steps", "guards", "github-token"].includes(name) ? (metadata.inputs[name]?.default ?? "") : "",
    );
    expect(mistakesIn(declared)).toStrictEqual([]);
    expect(bare).toStrictEqual(declared);
  }
});

test("action.yml runs on Node 24, from programs that are committed", () => {
  const { using, main, post } = metadata.runs;
  expect(using).toBe("node24");
  for (const program of [main, post]) expect(list("dist/")).toContain(program.replace("dist/", ""));
});

test("every output that action.yml declares is set, and none besides", () => {
  const later = [...read("src/action/reporters/comment.ts").matchAll(/setOutput\("([\w-]+)"/g)].map(
    ([, name = ""]) => name,
  );
  expect([...Object.keys(outputs([])), ...later].sort()).toStrictEqual(Object.keys(metadata.outputs).sort());
});

/** Values that a person or a variable could give in place of an expression, by input. */
const SAMPLES: Readonly<Record<string, string>> = {
  function: "checkout",
  alias: "live",
  version: "41",
  from: "2026-11-20 14:00",
  to: "2026-11-20 15:00",
  "aws-region": "eu-central-1",
  "role-to-assume": "arn:aws:iam::123456789012:role/release",
};

function mistakesIn(parsed: Parsed<unknown>): readonly string[] {
  return parsed.ok ? [] : parsed.mistakes.map(formatMistake);
}

function inputsOf(step: Step) {
  return readInputs((name) => {
    const given = step.with?.[name];
    if (given === undefined) return metadata.inputs[name]?.default ?? "";
    return String(given).replace(/\$\{\{.*?\}\}/g, SAMPLES[name] ?? "");
  }, COMMANDS);
}

const uses = [...workflows, ...copies].flatMap(({ name, workflow }) =>
  Object.values(workflow.jobs).flatMap((job) => job.steps.filter(usesThisAction).map((step) => ({ name, job, step }))),
);

test("every workflow that uses this action gives it inputs that it declares and can take", async () => {
  expect(uses.length).toBeGreaterThanOrEqual(12);
  expect(snippets.length).toBeGreaterThanOrEqual(3);
  for (const { name, step } of [...uses, ...snippets]) {
    const unknown = Object.keys(step.with ?? {}).filter((input) => !(input in metadata.inputs));
    const mistakes = mistakesIn(await inputsOf(step));
    expect({ name, unknown, mistakes }).toStrictEqual({ name, unknown: [], mistakes: [] });
  }
});

const HOUR_OF_CREDENTIALS = 3600;

function credentialsOf({ steps }: Job): number | null {
  const step = steps.find(({ uses }) => uses?.startsWith("aws-actions/configure-aws-credentials@"));
  return step === undefined ? null : Number(step.with?.["role-duration-seconds"] ?? HOUR_OF_CREDENTIALS);
}

test("every job that releases has time for its plan and for publishing, and credentials until its end", async () => {
  const tooShort: string[] = [];
  for (const { name, job, step } of uses) {
    const inputs = await inputsOf(step);
    assert(inputs.ok);
    const limit = (job["timeout-minutes"] ?? 360) * MINUTE;
    const { command, order, common } = inputs.value;
    const needed = command === deploy ? longestRelease(order as DeployOrder) + 10 * MINUTE : 2 * MINUTE;
    if (!(limit >= needed)) tooShort.push(`${name}: timeout-minutes`);
    // The action renews a role that it assumes itself, but not another step's credentials.
    const credentials = common.role === null ? credentialsOf(job) : null;
    if (credentials !== null && !(credentials * SECOND >= limit)) tooShort.push(`${name}: role-duration-seconds`);
  }
  expect(tooShort).toStrictEqual([]);
});
