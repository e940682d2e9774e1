import { type Duration, MINUTE } from "../src/release/time.ts";
import { errorRateAbove, scheduled } from "./cloudwatch/alarms.ts";
import type { LambdaFunction } from "./lambda/function.ts";
import type { Simulator } from "./server.ts";
import type { Behaviour, TrafficOptions } from "./traffic.ts";
import { ROUGH } from "./weather.ts";

/** A world in which the function `checkout` has new code that wants to be released. */
export interface Scenario {
  readonly about: string;
  readonly setUp: (simulator: Simulator) => LambdaFunction;
}

export const ALARM = "checkout-5xx";
export const PULL_REQUEST = 7;
/** The commit that the runner says it runs for. */
const COMMIT = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";
/** The run that the runner says it is. */
const RUN = 17_000_000_001;
/** With the usual plan, the middle of its second step. */
const MID_RELEASE: Duration = 7 * MINUTE;

interface Setting {
  readonly traffic?: Partial<TrafficOptions>;
  readonly before?: Partial<Behaviour>;
  readonly after?: Partial<Behaviour>;
}

export const SCENARIOS = {
  healthy: {
    about: "the new code is as good as the old",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: 800 } }),
  },
  broken: {
    about: "30 % of the new code's calls fail",
    setUp: (simulator) => watched(simulator, { after: { errorRate: 0.3 } }),
  },
  worse: {
    about: "the old code fails in 1 % of its calls, the new in 4 %",
    setUp: (simulator) => watched(simulator, { before: { errorRate: 0.01 }, after: { errorRate: 0.04 } }),
  },
  quiet: {
    about: "a call every other minute: too few to tell anything",
    setUp: (simulator) => watched(simulator, { traffic: { callsPerMinute: 0.5 } }),
  },
  bursty: {
    about: "the traffic is rough and troubles hit both versions, but the new code is as good as the old",
    setUp: (simulator) => {
      const checkout = stage(simulator, { traffic: ROUGH });
      simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state: scheduled() });
      return checkout;
    },
  },
  alarm: {
    about: `the new code is as good as the old, but the alarm ${ALARM} goes off 7 minutes after the start`,
    setUp: (simulator) => {
      const checkout = stage(simulator, {});
      const state = scheduled({ at: simulator.time.now() + MID_RELEASE, state: "ALARM" });
      simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state });
      return checkout;
    },
  },
  intruder: {
    about: "7 minutes after the start, somebody else sets the alias",
    setUp: (simulator) => {
      const checkout = watched(simulator, {});
      const version = checkout.alias("live").intended.version;
      simulator.time.at(simulator.time.now() + MID_RELEASE, () => {
        checkout.updateAlias("live", { version, additional: null, description: "set by hand" });
      });
      return checkout;
    },
  },
} satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof SCENARIOS;

export function isScenario(name: string): name is ScenarioName {
  return Object.hasOwn(SCENARIOS, name);
}

/** A scene with an alarm that follows the errors of the alias. */
function watched(simulator: Simulator, setting: Setting): LambdaFunction {
  const checkout = stage(simulator, setting);
  const { metrics } = simulator.cloudwatch;
  const state = errorRateAbove(0.1, { metrics, of: "checkout", resource: "checkout:live" });
  simulator.cloudwatch.alarms.push({ name: ALARM, kind: "metric", state });
  return checkout;
}

/** Three versions, the last of them live; newer code on `$LATEST`; the pull request that brought it, merged. */
function stage({ account, github }: Simulator, { traffic = {}, before = {}, after = {} }: Setting): LambdaFunction {
  const checkout = account.addFunction({ name: "checkout", behaviour: before, traffic });
  checkout.release();
  checkout.release();
  checkout.createAlias("live", { version: checkout.release() });
  checkout.stage(after);
  github.repository.addPullRequest({ number: PULL_REQUEST, title: "Faster checkout", mergedAs: COMMIT });
  github.repository.runs.set(RUN, { id: RUN, status: "in_progress", conclusion: null, attempt: 1 });
  return checkout;
}
