import { playInOneProcess } from "./host.ts";
import { abandonRelease, FOREVER, onStage, type Stage } from "./stage.ts";

playInOneProcess();

const OTHERS = "arn:aws:lambda:eu-central-1:210987654321:function:checkout";
const OWN = "123456789012:function:checkout";
const REFUSAL =
  /checkout was given with account 210987654321, but the credentials are for account 123456789012: use credentials for the function's account/;
const SHOWN = { "mask-account-id": "false" };

/** The calls to AWS, by service and operation. */
function asked({ simulator }: Stage): readonly string[] {
  const calls = simulator.calls.filter(({ service }) => service !== "github");
  return [...new Set(calls.map(({ service, operation }) => `${service} ${operation}`))].sort();
}

describe("functions of another account than the credentials'", () => {
  test.each([
    { command: "deploy", inputs: {} },
    { command: "plan", inputs: {} },
    { command: "replay", inputs: { from: "2026-01-05 08:00", to: "2026-01-05 08:30" } },
    { command: "heal", inputs: {} },
  ])(
    "$command is refused before Lambda is asked anything",
    onStage("healthy", async (stage, { command, inputs }) => {
      const run = await stage.run({ command, function: OTHERS, ...SHOWN, ...inputs });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(REFUSAL);
      expect(asked(stage)).toStrictEqual(["sts GetCallerIdentity"]);
    }),
  );

  test.each(["deploy", "heal", "rollback"])(
    "where STS is out of reach, a deploy, a watchdog and a rollback find it by what they read, and write nothing: %s",
    onStage("healthy", async (stage, command) => {
      abandonRelease(stage);
      const left = stage.serves();
      const writes = stage.writes();
      expect(left).toMatch(/\+/);
      stage.simulator.inject({ operation: "GetCallerIdentity", times: FOREVER }, { kind: "reset" });
      const run = await stage.run({ command, function: OTHERS, ...SHOWN });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(REFUSAL);
      expect(stage.serves()).toBe(left);
      expect(stage.writes()).toStrictEqual(writes);
    }),
  );

  test(
    "a rollback doesn't ask STS first, and writes nothing",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ command: "rollback", function: OTHERS, ...SHOWN });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(REFUSAL);
      expect(asked(stage)).toStrictEqual(["lambda GetAlias", "lambda GetFunctionConfiguration"]);
    }),
  );

  test(
    "functions of the credentials' own account are released by their ARN, and bare names ask STS nothing",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ function: OWN, steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(asked(stage)).toContain("sts GetCallerIdentity");
      const before = stage.simulator.calls.length;
      await stage.run({ command: "plan" });
      const services = stage.simulator.calls.slice(before).map(({ service }) => service);
      expect(services).toContain("lambda");
      expect(services).not.toContain("sts");
    }),
  );
});

const FORK = { repo: { full_name: "someones-fork/checkout" } };
const OURS = { repo: { full_name: "octo-org/checkout" } };
const OF_FORK = { name: "pull_request", payload: { pull_request: { number: 7, head: FORK } } };
const NAMED = "someones-fork/checkout";
const GONE = "a deleted fork";

describe("code that nobody has merged is not released", () => {
  test.each([
    { what: "a pull request from a fork", event: OF_FORK, whose: NAMED },
    {
      what: "a pull request from a fork, with all rights",
      event: { name: "pull_request_target", payload: { pull_request: { number: 7, merged: false, head: FORK } } },
      whose: NAMED,
    },
    {
      what: "a pull request from a fork that is gone",
      event: { name: "pull_request_target", payload: { pull_request: { number: 7, head: { repo: null } } } },
      whose: GONE,
    },
    {
      what: "a workflow that a fork's pull request has run, and the fork is gone",
      event: { name: "workflow_run", payload: { workflow_run: { head_repository: null } } },
      whose: GONE,
    },
    {
      what: "a workflow that a fork's pull request has run",
      event: { name: "workflow_run", payload: { workflow_run: { head_repository: FORK.repo } } },
      whose: NAMED,
    },
  ])(
    "$what",
    onStage("healthy", async (stage, { event, whose }) => {
      const run = await stage.run({}, { event });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(
        new RegExp(`^Nothing was called yet\\. This run is for code from ${whose} that`),
      );
      expect(stage.simulator.calls).toStrictEqual([]);
    }),
  );

  test(
    "what was merged is released, wherever it came from, and so is a branch of the repository's own",
    onStage("healthy", async (stage) => {
      const merged = { name: "pull_request", payload: { pull_request: { number: 7, merged: true, head: FORK } } };
      const run = await stage.run({ steps: "50% for 1m" }, { event: merged });
      expect(run.outputs["outcome"]).toBe("promoted");
      const own = { name: "pull_request", payload: { pull_request: { number: 7, head: OURS } } };
      expect((await stage.run({}, { event: own })).outputs["outcome"]).toBe("unchanged");
    }),
  );

  test(
    "a look at the plan is free to anybody's code; that it may not comment is told once at most",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ command: "plan" }, { event: OF_FORK });
      expect(run.outputs["outcome"]).toBe("planned");
      expect(run.annotations.filter(({ kind }) => kind === "warning")).toStrictEqual([]);
    }),
  );
});
