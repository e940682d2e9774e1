import type { MinuteCounts } from "../../src/analysis/counts.ts";
import { RISKS } from "../../src/analysis/e-process.ts";
import { methodFor, SLOW } from "../../src/analysis/method.ts";
import type { Pair } from "../../src/analysis/sign-flip.ts";
import type { Tolerance } from "../../src/guards/guard.ts";

import { guardsOf } from "../fakes/terms.ts";
import { countsTest, type Opinion, pairsTest } from "./judges.ts";
import {
  ALLOWED,
  type LatencyCell,
  type LatencyLook,
  type LatencyMinute,
  PERCENTILE,
  type Side,
  sharesOver,
} from "./latency.ts";

/** A way to judge how long the canary's calls take. */
export interface LatencyJudge {
  readonly name: string;
  begin(cell: LatencyCell): (look: LatencyLook) => Opinion;
}

function slowCalls(name: string, percentile: number, bounds: "two" | "one", tolerance: Tolerance): LatencyJudge {
  return {
    name,
    begin: () => {
      const judge = countsTest(tolerance, null);
      const counted: MinuteCounts[] = [];
      return ({ at, minutes }) => {
        for (const minute of minutes.slice(counted.length)) counted.push(minute.counts(percentile, bounds));
        return judge({ at, minutes: counted });
      };
    },
  };
}

/** The action's test where CloudWatch serves percentile ranks. */
function twoBounds(percentile: number): LatencyJudge {
  return slowCalls(`p${percentile} counts`, percentile, "two", SLOW);
}

/** The action's test of per-minute figures, as it judges this guard where there are no percentile ranks. */
function signFlip(statistic: "p50" | "p90" | "duration"): LatencyJudge {
  const fewest = fewestOf(`${statistic} <= baseline * ${ALLOWED}`);
  const figure = (minute: LatencyMinute, side: Side) =>
    statistic === "duration" ? minute.mean(side) : minute.percentile(side, Number(statistic.slice(1)));
  return {
    name: `${statistic} sign-flip`,
    begin: () => {
      const judge = pairsTest();
      const pairs: Pair[] = [];
      let read = 0;
      return ({ at, minutes }) => {
        for (const minute of minutes.slice(read)) {
          if (minute.calls("canary") < fewest || minute.calls("baseline") < fewest) continue;
          const [canary, baseline] = [figure(minute, "canary"), figure(minute, "baseline")];
          pairs.push({ minute: minute.minute, canary, baseline, allowed: ALLOWED * baseline });
        }
        read = minutes.length;
        return judge({ at, minutes: pairs });
      };
    },
  };
}

/** How many calls of each version the action needs in a minute. */
function fewestOf(text: string): number {
  const [guard] = guardsOf(text);
  if (guard === undefined || guard.kind === "alarm") throw new Error(`"${text}" is not measured.`);
  const method = methodFor(guard, { latency: {}, countsByDuration: false, hasErrorSamples: true, rates: {} }, 0);
  if (method.kind !== "sign-flip" || method.measured.kind !== "duration") throw new Error(`"${text}" is not paired.`);
  return method.measured.fewest;
}

/**
 * Wald's test of the canary's slow calls against those of a canary exactly at its tolerance, by someone who knows both
 * shares.
 */
const COUNTS_ORACLE: LatencyJudge = {
  name: "counts oracle",
  begin: (cell) => {
    const { canary, allowed } = sharesOver(cell, PERCENTILE);
    const [slow, quick] = [Math.log(canary / allowed), Math.log((1 - canary) / (1 - allowed))];
    let evidence = 0;
    return ({ minutes }) => {
      const { calls, failures } = minutes.at(-1)?.counts(PERCENTILE, "two").canary ?? { calls: 0, failures: 0 };
      evidence += failures * slow + (calls - failures) * quick;
      return evidence >= -Math.log(RISKS.alpha) ? "abort" : "open";
    };
  },
};

/**
 * Wald's test of the canary's durations against those of a canary exactly at its tolerance, call by call, by someone
 * who knows both distributions. Nobody without that knowledge can be much faster at this level.
 */
const DURATIONS_ORACLE: LatencyJudge = {
  name: "durations oracle",
  begin: () => {
    let evidence = 0;
    return ({ minutes }) => {
      evidence += minutes.at(-1)?.likelihoodRatio() ?? 0;
      return evidence >= -Math.log(RISKS.alpha) ? "abort" : "open";
    };
  },
};

export const TWO_BOUNDS = twoBounds(PERCENTILE);
export const SIGN_FLIPS: readonly LatencyJudge[] = [signFlip("p50"), signFlip("p90"), signFlip("duration")];
/** One bound for both versions: their calls over the baseline's usual percentile, with this tolerance. */
export const ONE_BOUND = slowCalls(`p${PERCENTILE} one bound`, PERCENTILE, "one", { ratio: 1.5, margin: 0.01 });
export const LATENCY_ORACLES = { counts: COUNTS_ORACLE, durations: DURATIONS_ORACLE };
export const COLD_START_JUDGES: readonly LatencyJudge[] = [TWO_BOUNDS, twoBounds(50)];
