import assert from "node:assert/strict";
import type { Ending } from "../../simulator/runner.ts";
import { abandonRelease, onStage, type Stage } from "./stage.ts";

const OTHERS = "arn:aws:lambda:eu-central-1:210987654321:function:checkout";
const OWN = "123456789012:function:checkout";
const REFUSAL =
  /checkout was given in account 210987654321, but the credentials are for another, 123456789012: use credentials of the account that/;
const SHOWN = { "mask-account-id": "false" };
const REPLAYED = { from: "2026-01-05 08:00", to: "2026-01-05 08:30" };

function reasonOf({ outputs }: Ending): string {
  return outputs["reason"] ?? "";
}

/** What was asked of AWS, by service and operation. */
function asked({ simulator }: Stage): readonly string[] {
  const calls = simulator.calls.filter(({ service }) => service !== "github");
  return [...new Set(calls.map(({ service, operation }) => `${service} ${operation}`))].sort();
}

describe("functions of another account than the credentials'", () => {
  for (const [command, inputs] of Object.entries({ deploy: {}, plan: {}, replay: REPLAYED, heal: {} })) {
    test(
      `${command} is refused before Lambda is asked anything`,
      onStage("healthy", async (stage) => {
        const run = await stage.run({ command, function: OTHERS, ...SHOWN, ...inputs });
        expect(run.exitCode).toBe(1);
        expect(reasonOf(run)).toMatch(REFUSAL);
        expect(asked(stage)).toStrictEqual(["sts GetCallerIdentity"]);
      }),
    );
  }

  test(
    "where STS is out of reach, a deploy, a watchdog and a rollback find it by what they read, and write nothing",
    onStage("healthy", async (stage) => {
      abandonRelease(stage);
      const left = stage.serves();
      const writes = stage.writes().length;
      expect(left).toMatch(/\+/);
      const times = Number.POSITIVE_INFINITY;
      stage.simulator.inject({ operation: "GetCallerIdentity", times }, { kind: "reset" });
      for (const command of ["deploy", "heal", "rollback"]) {
        const run = await stage.run({ command, function: OTHERS, ...SHOWN });
        expect(run.exitCode).toBe(1);
        expect(reasonOf(run)).toMatch(REFUSAL) /* MSG command */;
      }
      expect(stage.serves()).toBe(left);
      expect(stage.writes().length).toBe(writes);
    }),
  );

  test(
    "a rollback doesn't ask STS first, and writes nothing",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ command: "rollback", function: OTHERS, ...SHOWN });
      expect(run.exitCode).toBe(1);
      expect(reasonOf(run)).toMatch(REFUSAL);
      expect(asked(stage)).toStrictEqual(["lambda GetAlias", "lambda GetFunctionConfiguration"]);
    }),
  );

  test(
    "functions of the credentials' own account are released by their ARN, and bare names ask STS nothing",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ function: OWN, steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted") /* MSG reasonOf(run) */;
      expect(asked(stage)).toContain("sts GetCallerIdentity");
      const before = stage.simulator.calls.length;
      await stage.run({ command: "plan" });
      expect(stage.simulator.calls.slice(before).some(({ service }) => service === "sts")).toBe(false);
    }),
  );
});

const ROLE = "arn:aws:iam::123456789012:role/release";
const CONTRADICTIONS: readonly {
  readonly what: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly region?: string;
  readonly says: RegExp;
}[] = [
  {
    what: "a role of another account than the functions'",
    inputs: { function: OTHERS, "role-to-assume": ROLE },
    says: /the role is of account \*{12}, and the functions are given in another, \*{12}/,
  },
  {
    what: "another Region than that of the ARNs",
    inputs: { function: OTHERS, "aws-region": "us-east-1" },
    says: /the functions are given in eu-central-1, and not in us-east-1/,
  },
  {
    what: "an ARN of a partition that the Region isn't in",
    inputs: { function: OTHERS.replace("arn:aws:", "arn:aws-cn:") },
    says: /eu-central-1 is not in the partition aws-cn/,
  },
  {
    what: "a role of another partition than the environment's Region",
    inputs: { "role-to-assume": ROLE },
    region: "cn-north-1",
    says: /the role arn:aws:iam::\*{12}:role\/release is not in the partition aws-cn, where cn-north-1 is/,
  },
  {
    what: "an environment whose Region is none",
    inputs: {},
    region: "eu-central-1.evil.example",
    says: /"eu-central-1.evil.example", which the environment names, is not an AWS Region|no AWS Region is set/,
  },
];

describe("what contradicts itself is refused before anything is called", () => {
  for (const { what, inputs, region, says } of CONTRADICTIONS) {
    test(
      what,
      onStage("healthy", async (stage) => {
        const { simulator } = stage;
        const environment = { ...simulator.environment, ...simulator.identityEnvironment };
        const run = await stage.run(
          { ...inputs, comment: "false" },
          {
            environment: { ...environment, AWS_REGION: region ?? simulator.account.region },
          },
        );
        expect(run.exitCode).toBe(1);
        expect(reasonOf(run)).toMatch(says);
        expect(simulator.calls).toStrictEqual([]);
      }),
    );
  }
});

const FORK = { repo: { full_name: "someones-fork/checkout" } };
const OURS = { repo: { full_name: "octo-org/checkout" } };
const FOREIGN: Readonly<Record<string, { readonly name: string; readonly payload: object }>> = {
  "a pull request from a fork": { name: "pull_request", payload: { pull_request: { number: 7, head: FORK } } },
  "a pull request from a fork, with all rights": {
    name: "pull_request_target",
    payload: { pull_request: { number: 7, merged: false, head: FORK } },
  },
  "a pull request from a fork that is gone": {
    name: "pull_request_target",
    payload: { pull_request: { number: 7, head: { repo: null } } },
  },
  "a workflow that a fork's pull request has run, and the fork is gone": {
    name: "workflow_run",
    payload: { workflow_run: { head_repository: null } },
  },
  "a workflow that a fork's pull request has run": {
    name: "workflow_run",
    payload: { workflow_run: { head_repository: FORK.repo } },
  },
};

describe("code that nobody has merged is not released", () => {
  for (const [what, event] of Object.entries(FOREIGN)) {
    test(
      what,
      onStage("healthy", async (stage) => {
        const run = await stage.run({}, { event });
        expect(run.exitCode).toBe(1);
        expect(reasonOf(run)).toMatch(
          /^Nothing was called yet\. This run is about code of (someones-fork\/checkout|a deleted fork) that/,
        );
        expect(stage.simulator.calls).toStrictEqual([]);
      }),
    );
  }

  test(
    "what was merged is released, wherever it came from, and so is a branch of the repository's own",
    onStage("healthy", async (stage) => {
      const merged = { name: "pull_request", payload: { pull_request: { number: 7, merged: true, head: FORK } } };
      const run = await stage.run({ steps: "50% for 1m" }, { event: merged });
      expect(run.outputs["outcome"]).toBe("promoted") /* MSG reasonOf(run) */;
      const own = { name: "pull_request", payload: { pull_request: { number: 7, head: OURS } } };
      expect((await stage.run({}, { event: own })).outputs["outcome"]).toBe("unchanged");
    }),
  );

  test(
    "a look at the plan is free to anybody's code; that it may not comment is told once at most",
    onStage("healthy", async (stage) => {
      const event = FOREIGN["a pull request from a fork"] ?? assert.fail();
      const run = await stage.run({ command: "plan" }, { event });
      expect(run.outputs["outcome"]).toBe("planned") /* MSG reasonOf(run) */;
      expect(run.annotations.filter(({ kind }) => kind === "warning")).toStrictEqual([]);
    }),
  );
});
