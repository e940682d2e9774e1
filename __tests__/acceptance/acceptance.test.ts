import { setTimeout } from "node:timers/promises";
import { type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { Policy } from "../../testing/simulator/iam.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { blocks } from "../repository/files.ts";
import { ROLE, StandIn } from "./account.ts";

let standIn: StandIn;

beforeEach(async () => {
  standIn = await StandIn.open();
});

afterEach(() => standIn.close());

const WHOLE = ["--role", ROLE, "--yes", "--calls", "200"];
const QUICK = [...WHOLE, ...["figures", "provisioned", "releases"].flatMap((part) => ["--skip", part])];

/** The first cells of the report's rows that end with a mark. */
function marked(report: string, mark: string): readonly string[] {
  const [, all = ""] = report.split("## Every assumption");
  const rows = all.split("\n").filter((line) => line.startsWith("| ") && line.endsWith(`| ${mark} |`));
  return rows.map((row) => row.split(" | ")[0]?.slice(2) ?? "");
}

/** Every function that was there at any time, as they are made. */
function watch({ simulator }: StandIn, onMade: (made: LambdaFunction) => void): void {
  const made = () => {
    for (const lambda of simulator.account.functions.values()) onMade(lambda);
  };
  simulator.inject({ operation: "CreateFunction" }, { kind: "hook", when: "after", run: made });
}

test("an account that is otherwise than assumed is found out, with the rights that the docs give", async () => {
  const { simulator } = standIn;
  const [policy = ""] = blocks("json", "docs/acceptance.md");
  const { region, id } = simulator.account;
  simulator.iam.policy = JSON.parse(policy.replaceAll("REGION", region).replaceAll("ACCOUNT", id)) as Policy;

  simulator.cloudwatch.ranks = "refused";
  simulator.cloudwatch.metrics.leavesOutZeros = true;
  watch(standIn, (made) => {
    made.pace.propagation = 5 * SECOND;
    made.pace.provisioning = 0;
    const { route } = made;
    const isMeasured = (at: Instant) => at < BEGINNING + 5 * MINUTE;
    // Ten times the weight.
    made.route = (alias, at, chance) => route.call(made, alias, at, isMeasured(at) ? chance / 10 : chance);
  });
  const stale = { kind: "answered", status: 200, body: '{"RevisionId": "of-before"}' } as const;
  simulator.inject({ operation: "GetAlias", target: /:live$/ }, stale);
  const whole = { operation: "UpdateAlias", when: ({ summary }: { summary: string }) => summary.includes("2@100%") };
  simulator.inject(whole, { kind: "answered", status: 200, body: "{}" });
  // Late for those who measure it, but not for the action.
  const delay = ({ summary }: { summary: string }) => {
    simulator.cloudwatch.metrics.extraLag = summary.startsWith("5 series") ? 90 * SECOND : 0;
  };
  const looks = { operation: "GetMetricData", times: Number.POSITIVE_INFINITY };
  simulator.inject(looks, { kind: "hook", when: "before", run: delay });

  const { exitCode, report, printed } = await standIn.run(WHOLE);
  expect({ exitCode, printed }).toMatchObject({ exitCode: 1 });
  expect(marked(report, "**no**")).toStrictEqual([
    "The answer to a weight of exactly 1",
    "Reads of an alias right after a write that show it as it was",
    "When a minute of the function is whole",
    "When a minute of the alias is whole",
    "When a minute of the old version is whole",
    "When the very first minute of the new version is whole",
    "When a minute of the new version is whole",
    "What Errors shows for a minute with calls and no failure",
    "How many calls a weight of 0.05 gives to the new version",
    "How long after a promotion calls still reach the old version",
    "Percentile ranks of Duration, such as PR(:100)",
    "What the alias shows right after that",
    // Without the zeros only minutes that no longer grow count, and the plan is over before that.
    "A release of a version that fails every other time by the action itself",
  ]);
  expect(marked(report, "not measured")).toStrictEqual([]);
  expect(marked(report, "yes")).toContain("A release of a good version by the action itself");
  expect(marked(report, "yes").length).toBeGreaterThanOrEqual(35);
  expect(report).toMatch(/^\*\*13 of \d+ assumptions are wrong here\.\*\*$/m);
  expect(standIn.functions).toStrictEqual([]);
});

test("an account as assumed passes, and nothing is left there", async () => {
  const { exitCode, report } = await standIn.run(QUICK);
  expect(report).toMatch(/^\*\*No assumption of \d+ is wrong here\.\*\*$/m);
  expect(report).toMatch(/Left out: figures, provisioned, releases\. All that was made is deleted\./);
  expect(exitCode).toBe(0);
  expect(standIn.functions).toStrictEqual([]);
});

test.each(["CreateFunction", "Invoke"])("interrupted at %s, it deletes what it has made", async (operation) => {
  const names: string[] = [];
  watch(standIn, ({ name }) => names.push(name));
  const { exitCode, report } = await standIn.run(WHOLE, (child) => {
    // What is under way goes on for a while.
    const run = async () => {
      child.kill("SIGINT");
      await setTimeout(300);
    };
    standIn.simulator.inject({ operation }, { kind: "hook", when: "before", run });
  });
  expect(exitCode).toBe(130);
  expect(report).toMatch(/^\*\*It ended early:\*\* it was interrupted$/m);
  expect(names).toHaveLength(1);
  expect(standIn.functions).toStrictEqual([]);
});

test("--clean deletes what an earlier run has left, and nothing else", async () => {
  const add = (name: string, ...tags: string[]) => {
    const { tags: own } = standIn.simulator.account.addFunction({ name, traffic: { callsPerMinute: 0 } });
    for (const tag of tags) own.set(tag, "2026-01-05");
  };
  add("lambda-canary-acceptance-1a2b3c4d", "lambda-canary-acceptance");
  add("lambda-canary-acceptance-docs");
  add("checkout", "lambda-canary-acceptance");
  const { exitCode, printed } = await standIn.run(["--clean", "--yes"]);
  expect(printed).toMatch(/^Deleted lambda-canary-acceptance-1a2b3c4d$/m);
  expect(exitCode).toBe(0);
  expect(standIn.functions).toStrictEqual(["lambda-canary-acceptance-docs", "checkout"]);
});

test("it tells what it will do and cost, and does nothing unless someone agrees", async () => {
  const { exitCode, printed } = await standIn.run(["--role", ROLE]);
  expect(printed).toMatch(/calls it at most 6000 times, and deletes it\. .* costs less than \$0\.0\d\.\nGo on\?/);
  expect(exitCode).toBe(2);
  expect(standIn.simulator.calls).toStrictEqual([]);
});
