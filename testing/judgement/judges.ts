import { type Counts, noEvidence, rate, seal, sealingAge, weigh } from "../../src/analysis/counts.ts";
import type { Provisional } from "../../src/analysis/e-process.ts";
import { RISKS } from "../../src/analysis/e-process.ts";
import { provisionalAt } from "../../src/analysis/judge.ts";
import { noPairs, type Pair, sealPairs, weighPairs } from "../../src/analysis/sign-flip.ts";
import { type Duration, type Instant, minuteOf } from "../../src/domain/time.ts";
import { NORMAL, type Tolerance } from "../../src/guards/guard.ts";

import type { Cell, Look } from "./environments.ts";

export type Opinion = "abort" | "verified" | "open";

/** A way to judge a canary. The function that `begin` returns remembers what it has seen. */
export interface Judge {
  readonly name: string;
  begin(cell: Cell): (look: Look) => Opinion;
}

/** The function's time-out in all benches. */
export const TIMEOUT: Duration = 30_000;

/**
 * How a release counts minutes that aren't sealed: everything against the canary, but in its favour only complete
 * minutes.
 */
function provisional(at: Instant): Provisional {
  return provisionalAt(at, {
    timeout: TIMEOUT,
    usual: { latency: {}, countsByDuration: true, hasErrorSamples: true, rates: {} },
  })(NORMAL);
}

export const OURS = { name: "this test", begin: () => countsTest(NORMAL, { calls: 0, failures: 0 }) } satisfies Judge;

/**
 * The action's test of counts, polled as a release does.
 *
 * @param usual what is known of the time before the release; null if that says nothing of a good canary
 */
export function countsTest(tolerance: Tolerance, usual: Counts | null): (look: Look) => Opinion {
  let evidence = noEvidence(0, usual);
  return ({ at, minutes }) => {
    const known = minutes.filter(({ minute }) => minute >= evidence.from);
    evidence = seal(evidence, known, minuteOf(at - sealingAge(TIMEOUT)), tolerance, RISKS);
    return opinionOf(weigh(evidence, known, tolerance, RISKS, provisional(at)));
  };
}

/** The action's test of per-minute figures. */
export function pairsTest(): (look: { readonly at: Instant; readonly minutes: readonly Pair[] }) => Opinion {
  let evidence = noPairs(0);
  return ({ at, minutes }) => {
    const known = minutes.filter(({ minute }) => minute >= evidence.from);
    evidence = sealPairs(evidence, known, minuteOf(at - sealingAge(TIMEOUT)), RISKS);
    return opinionOf(weighPairs(evidence, known, RISKS, provisional(at)));
  };
}

function opinionOf({ bad, good }: { readonly bad: number; readonly good: number }): Opinion {
  return bad >= 1 ? "abort" : good >= 1 ? "verified" : "open";
}

/** A CloudWatch alarm on the canary's own error rate. A minute without calls is not breaching. */
const RATE_ALARM = inARow(">5 % 3/3", 3, (canary) => rate(canary) > 0.05);

/**
 * `LatestVersionErrorMetricGreaterThanZeroAlarm` on SAM's page about gradual deployments: Errors > 0 in two of two
 * minutes.
 */
const SAMPLE_ALARM = inARow("Errors>0 2/2", 2, ({ failures }) => failures > 0);

function inARow(name: string, periods: number, isBreaching: (canary: Counts) => boolean): Judge {
  return {
    name,
    begin: () => {
      let breaching = 0;
      return ({ minutes }) => {
        const newest = minutes.at(-1);
        breaching = newest !== undefined && isBreaching(newest.canary) ? breaching + 1 : 0;
        return breaching >= periods ? "abort" : "open";
      };
    },
  };
}

/** The 99 % quantile of the normal distribution: one-sided 1 %, two-sided 2 %. */
const Z99 = 2.3263478740408408;

/** Pooled two-proportion z over all minutes so far, one-sided at 1 %, checked each minute. */
const PEEKED_Z: Judge = {
  name: "z peeked",
  begin: () => {
    let [calls, failures, baseCalls, baseFailures] = [0, 0, 0, 0];
    return ({ minutes }) => {
      const newest = minutes.at(-1);
      calls += newest?.canary.calls ?? 0;
      failures += newest?.canary.failures ?? 0;
      baseCalls += newest?.baseline.calls ?? 0;
      baseFailures += newest?.baseline.failures ?? 0;
      if (calls === 0 || baseCalls === 0) return "open";
      const pooled = (failures + baseFailures) / (calls + baseCalls);
      const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / calls + 1 / baseCalls));
      return failures / calls - baseFailures / baseCalls > Z99 * deviation ? "abort" : "open";
    };
  },
};

/** The fewest values a side with which a test at this level can reject. */
const WARMUP = 5;

/**
 * Kayenta's NetflixACAJudge on the error rate of each minute, direction "increase": fails if the lower end of the
 * Mann-Whitney 98 % interval of the shift is over a quarter of the estimated shift (its tolerance of 0.25). Minutes
 * without calls are left out, as with its NaN strategy "remove". It waits for five minutes: with fewer values, Kayenta's
 * interval collapses to the gap between the samples and fails nearly at random.
 */
const MANN_WHITNEY: Judge = {
  name: `Mann-Whitney from ${WARMUP} min`,
  begin: () => {
    const [canary, baseline]: [number[], number[]] = [[], []];
    return ({ minutes }) => {
      const newest = minutes.at(-1);
      if (newest !== undefined && newest.canary.calls > 0) insert(canary, 100 * rate(newest.canary));
      if (newest !== undefined && newest.baseline.calls > 0) insert(baseline, 100 * rate(newest.baseline));
      return minutes.length >= WARMUP && isHigh(canary, baseline) ? "abort" : "open";
    };
  },
};

function insert(sorted: number[], value: number): void {
  let index = sorted.length;
  for (; index > 0 && (sorted[index - 1] ?? 0) > value; index--) sorted[index] = sorted[index - 1] ?? 0;
  sorted[index] = value;
}

function isHigh(canary: readonly number[], baseline: readonly number[]): boolean {
  const [low, high] = [canary[0], canary.at(-1)];
  const [baseLow, baseHigh] = [baseline[0], baseline.at(-1)];
  if (low === undefined || high === undefined || baseLow === undefined || baseHigh === undefined) return false;
  const [least, most] = [low - baseHigh, high - baseLow];
  // The interval starts above zero only if the test itself rejects, or if the samples don't overlap at all.
  if (least <= 0 && shiftedZ(canary, baseline, 0) <= Z99) return false;
  const root = (quantile: number) => {
    if (shiftedZ(canary, baseline, least) <= quantile) return least;
    let [from, to] = [least, most];
    while (to - from > 1e-4) {
      const middle = (from + to) / 2;
      if (shiftedZ(canary, baseline, middle) > quantile) from = middle;
      else to = middle;
    }
    return (from + to) / 2;
  };
  return root(Z99) > 0.25 * Math.abs(root(0));
}

/** The standardized Mann-Whitney statistic of the canary's values minus `shift`, corrected for ties and continuity. */
function shiftedZ(canary: readonly number[], baseline: readonly number[], shift: number): number {
  const [n, m] = [canary.length, baseline.length];
  let [above, ties, i, j] = [0, 0, 0, 0];
  while (i < n || j < m) {
    const x = i < n ? (canary[i] ?? 0) - shift : Number.POSITIVE_INFINITY;
    const value = Math.min(x, j < m ? (baseline[j] ?? 0) : Number.POSITIVE_INFINITY);
    const [fromI, fromJ] = [i, j];
    while (i < n && (canary[i] ?? 0) - shift === value) i += 1;
    while (j < m && baseline[j] === value) j += 1;
    above += (i - fromI) * (fromJ + (j - fromJ) / 2);
    const tied = i - fromI + j - fromJ;
    ties += tied ** 3 - tied;
  }
  const excess = above - (n * m) / 2;
  const all = n + m;
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)));
  return variance <= 0 ? 0 : (excess - Math.sign(excess) / 2) / Math.sqrt(variance);
}

/**
 * Wald's test of the canary's true rate against the rate that the tolerance allows, by someone who knows both rates, so
 * that the baseline's calls say nothing new. Nobody without that knowledge can be much faster at this level.
 */
export const ORACLE: Judge = {
  name: "oracle",
  begin: ({ baseline, canary }) => {
    if (typeof canary !== "number") throw new Error("The oracle has to know the canary's rate.");
    const allowed = NORMAL.ratio * baseline + NORMAL.margin;
    const failure = Math.log(canary / allowed);
    const success = Math.log((1 - canary) / (1 - allowed));
    let evidence = 0;
    return ({ minutes }) => {
      const { calls, failures } = minutes.at(-1)?.canary ?? { calls: 0, failures: 0 };
      evidence += failures * failure + (calls > failures ? (calls - failures) * success : 0);
      return evidence >= -Math.log(RISKS.alpha) ? "abort" : "open";
    };
  },
};

export const VERIFYING_ORACLE = "oracle of good canaries";

/**
 * Wald's test of the rate that the tolerance allows against the baseline's true rate, by someone who knows the latter, so
 * that the baseline's calls say nothing new: for canaries that are as good as the baseline.
 */
export function verifyingOracle(baseline: number, canary: number, tolerance: Tolerance): (look: Look) => Opinion {
  const allowed = tolerance.ratio * baseline + tolerance.margin;
  const failure = Math.log(canary / allowed);
  const success = Math.log((1 - canary) / (1 - allowed));
  let evidence = 0;
  return ({ minutes }) => {
    const { calls, failures } = minutes.at(-1)?.canary ?? { calls: 0, failures: 0 };
    evidence += failures * failure + (calls - failures) * success;
    return evidence >= -Math.log(RISKS.beta) ? "verified" : "open";
  };
}

export const PEERS: readonly Judge[] = [RATE_ALARM, SAMPLE_ALARM, PEEKED_Z, MANN_WHITNEY];
