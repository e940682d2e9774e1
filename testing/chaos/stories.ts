import { type AliasRecord, settingOf } from "../../src/domain/alias-record.ts";
import { HOUR, MINUTE } from "../../src/domain/time.ts";
import type { LambdaFunction } from "../simulator/lambda/function.ts";
import type { StartedAction } from "../simulator/runner.ts";
import { type Actor, NEXT_RUN, RUN, type Testbed } from "./testbed.ts";

/** The process that a story is about: the faults strike at its calls. */
export interface Story {
  readonly name: string;
  readonly about: string;
  readonly functions: readonly string[];
  readonly actor: Actor;
  /** What the process does. A deploy is healed by its post step; a rollback or a healing by running it again. */
  readonly task: "deploy" | "rollback" | "post" | "heal";
  /** True if it finds what an earlier run left. It isn't to blame for that. */
  readonly isAfterRun?: boolean;
  /** What it publishes, or goes back from. */
  readonly canary: string;
  /** Counted in writes to aliases: where it differs from another story. No fault strikes elsewhere. */
  readonly struck?: { readonly from?: number; readonly to?: number };
  /** Sets the scene, including processes that have to run before. */
  setUp(testbed: Testbed): Promise<() => Promise<StartedAction>>;
}

/** Makes the default plan have few looks but all of its shifts. */
const SELDOM = { "poll-interval": "5m" };
/** Short: two steps of a minute, polled once a minute. */
const PLAN = { steps: "5% for 1m, 50% for 1m", "max-hold": "0", "poll-interval": "1m" };
const FLEET = ["checkout", "refund", "search"];

/** Leaves an alias as a release did that stopped there two minutes ago. */
function leave(testbed: Testbed, lambda: LambdaFunction, record: AliasRecord): void {
  const { routing, description } = settingOf("Payments", record);
  const { primary, additional } = routing;
  const weights = additional === null ? null : { version: additional.version, weight: additional.weight / 100 };
  lambda.updateAlias("live", { version: primary, additional: weights, description });
  testbed.endRun(RUN);
}

function deployOf(functions: readonly string[], more: { readonly [name: string]: string } = {}) {
  return { function: functions.join("\n"), ...PLAN, ...more };
}

/** Starts a deploy and kills it right after a call was carried out. */
async function killMain(testbed: Testbed, functions: readonly string[], operation: string, skip: number) {
  const start = () => testbed.start({ inputs: deployOf(functions) });
  const { action } = await testbed.play("main", start, (main) => {
    const kill = { kind: "hook", when: "after", run: () => main.kill() } as const;
    testbed.simulator.inject({ operation, skip }, kill);
    testbed.simulator.inject({ operation, skip }, { kind: "hang", carriedOut: true });
  });
  return action;
}

export const STORIES: readonly Story[] = [
  {
    name: "release",
    about: "a default release that polls every five minutes",
    functions: ["checkout"],
    actor: "main",
    task: "deploy",
    canary: "4",
    async setUp(testbed) {
      testbed.addFunction("checkout");
      return () => testbed.start({ inputs: { function: "checkout", ...SELDOM } });
    },
  },
  {
    name: "final bake",
    about: "a release with a bake after the promotion, from that promotion on",
    functions: ["checkout"],
    actor: "main",
    task: "deploy",
    canary: "4",
    struck: { from: 2 },
    async setUp(testbed) {
      testbed.addFunction("checkout");
      return () => testbed.start({ inputs: deployOf(["checkout"], { steps: "50% for 1m, 100% for 1m" }) });
    },
  },
  {
    name: "fleet",
    about: "a release of three functions in lockstep",
    functions: FLEET,
    actor: "main",
    task: "deploy",
    canary: "4",
    async setUp(testbed) {
      for (const name of FLEET) testbed.addFunction(name);
      return () => testbed.start({ inputs: deployOf(FLEET, { steps: "50% for 1m" }) });
    },
  },
  {
    name: "rollback",
    about: "the rollback of a promoted version by hand",
    functions: ["checkout"],
    actor: "main",
    task: "rollback",
    canary: "4",
    isAfterRun: true,
    async setUp(testbed) {
      const lambda = testbed.addFunction("checkout");
      const version = lambda.release();
      const at = testbed.clock.now() - HOUR;
      leave(testbed, lambda, { state: "promoted", version, before: "3", until: null, at, run: RUN });
      return () => testbed.start({ inputs: { function: "checkout", command: "rollback" }, run: NEXT_RUN });
    },
  },
  {
    name: "rollback in flight",
    about: "the rollback by hand of a canary whose release has been lost",
    functions: ["checkout"],
    actor: "main",
    task: "rollback",
    canary: "4",
    isAfterRun: true,
    async setUp(testbed) {
      leaveCanary(testbed, "checkout");
      return () => testbed.start({ inputs: { function: "checkout", command: "rollback" }, run: NEXT_RUN });
    },
  },
  {
    name: "heal by post",
    about: "the post step of a release that was killed in its second step",
    functions: ["checkout"],
    actor: "post",
    task: "post",
    canary: "4",
    async setUp(testbed) {
      testbed.addFunction("checkout");
      const main = await killMain(testbed, ["checkout"], "UpdateAlias", 1);
      return () => main.post();
    },
  },
  {
    name: "fleet's post",
    about: "the post step of a fleet that was killed when the first of its members was promoted",
    functions: FLEET,
    actor: "post",
    task: "post",
    canary: "4",
    async setUp(testbed) {
      for (const name of FLEET) testbed.addFunction(name);
      const main = await killMain(testbed, FLEET, "UpdateAlias", 2 * FLEET.length);
      return () => main.post();
    },
  },
  {
    name: "heal by next deploy",
    about: "the next deploy, after a release whose runner was lost, until its own first shift",
    functions: ["checkout"],
    actor: "main",
    task: "deploy",
    canary: "5",
    isAfterRun: true,
    struck: { to: 1 },
    async setUp(testbed) {
      leaveCanary(testbed, "checkout");
      return () => testbed.start({ inputs: deployOf(["checkout"]), run: NEXT_RUN });
    },
  },
  {
    name: "watchdog",
    about: "the command heal, after a release whose runner was lost",
    functions: ["checkout"],
    actor: "main",
    task: "heal",
    canary: "4",
    isAfterRun: true,
    async setUp(testbed) {
      leaveCanary(testbed, "checkout");
      return () => testbed.start({ inputs: { function: "checkout", command: "heal" }, run: NEXT_RUN });
    },
  },
];

function leaveCanary(testbed: Testbed, name: string): void {
  const lambda = testbed.addFunction(name);
  const canary = lambda.release();
  lambda.stage({});
  const at = testbed.clock.now() - 2 * MINUTE;
  const place = { baseline: "3", canary, weight: 25, step: 2, steps: 3, until: at + 10 * MINUTE };
  leave(testbed, lambda, { state: "canary", ...place, at, run: RUN });
}
