import type { Usual } from "../domain/member.ts";
import type { Statistic } from "../domain/ports.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import { type Guard, isByVersion, type MeasuredGuard, type OwnMetric, type Tolerance } from "../guards/guard.ts";
import { type CountsSignal, type LevelSignal, type Scope, SIGNALS, type Unit } from "../guards/signals.ts";
import { type Counts, type Evidence, noEvidence, rate } from "./counts.ts";
import { noPairs, type PairedEvidence } from "./sign-flip.ts";
import { type LevelState, type Limit, noLevel } from "./threshold.ts";

/** How a guard is judged for one function, and what is known so far. */
export type Method =
  /** The share of calls that something happened to. The tolerance is in shares, too. */
  | {
      readonly kind: "counts";
      readonly counted: Counted;
      readonly tolerance: Tolerance;
      readonly evidence: Evidence;
    }
  /** The canary's figure of each minute against what is allowed in that minute. */
  | {
      readonly kind: "sign-flip";
      readonly measured: Exclude<Measured, { kind: "level" }>;
      readonly tolerance: Tolerance;
      readonly evidence: PairedEvidence;
    }
  /** A figure that may not be over a bound for long. */
  | { readonly kind: "level"; readonly measured: Measured; readonly limit: Limit; readonly state: LevelState };

/** A method that can raise a false alarm, and so takes a part of that risk. A bound on a level takes none. */
export type Test = Exclude<Method, { kind: "level" }>;

/** What is counted, and out of which calls. */
export type Counted =
  | { readonly kind: "events"; readonly signal: CountsSignal }
  /** Calls that took longer than a bound; `baseline` is null if nothing is compared. */
  | {
      readonly kind: "slow";
      readonly canary: Duration;
      readonly baseline: Duration | null;
      /** The share of the baseline's calls that were over its bound when it was set: 0.1 for a p90. */
      readonly tail: number;
    };

/** What is measured as one figure per minute. */
export type Measured =
  /** A minute's figure counts only if it is made of at least `fewest` calls on each side. */
  | {
      readonly kind: "duration";
      readonly metric: string;
      readonly statistic: Statistic;
      readonly words: string;
      readonly fewest: number;
    }
  | { readonly kind: "level"; readonly signal: LevelSignal }
  | { readonly kind: "own"; readonly metric: OwnMetric; readonly fewest: number };

/**
 * The tolerance of `pNN <= baseline * k`, in shares of calls. The canary's calls over k·T are compared with the
 * baseline's over T. Whatever T is, and even if both drift, a canary that is k times as slow has the same share as the
 * baseline. So the ratio is 1. The margin is for CloudWatch's rounding of percentile ranks.
 */
export const SLOW: Tolerance = { ratio: 1, margin: 0.005 };

/**
 * The baseline's share of slow calls may be this many times smaller than its tail. If it is smaller still, the bound no
 * longer stands for the percentile.
 */
const NEAR = 5;

/** True if the baseline's calls are now far below the bound. Then everything would pass. */
export function isOffItsBound(counted: Counted, baseline: Counts): boolean {
  if (counted.kind !== "slow" || counted.baseline === null || baseline.calls === 0) return false;
  return rate(baseline) * NEAR < counted.tail;
}

/**
 * Decides how a guard is judged.
 *
 * @param period the time that each figure stands for
 */
export function methodFor(guard: MeasuredGuard, usual: Usual, since: Instant, period: Duration = MINUTE): Method {
  switch (guard.kind) {
    case "counts": {
      const counted = { kind: "events", signal: guard.signal } as const;
      const { tolerance } = guard;
      // A comparison gets to know by itself what is usual.
      const known = usual.rates[guard.signal] ?? (tolerance.ratio > 0 ? { calls: 0, failures: 0 } : null);
      return { kind: "counts", counted, tolerance, evidence: noEvidence(since, known) };
    }
    case "percentile":
      return percentileMethod(guard, usual, since);
    case "mean": {
      const { metric, words } = SIGNALS[guard.signal];
      const measured = { kind: "duration", metric, words, statistic: "average", fewest: FEWEST_OF_A_MEAN } as const;
      return { kind: "sign-flip", measured, tolerance: guard.tolerance, evidence: noPairs(since) };
    }
    case "level": {
      const measured = { kind: "level", signal: guard.signal } as const;
      return {
        kind: "level",
        measured,
        limit: { limit: guard.limit, hold: guard.hold, period },
        state: noLevel(since),
      };
    }
    case "metric": {
      const { tolerance, hold, metric } = guard;
      const measured = { kind: "own", metric, fewest: hold === null ? fewestOf(metric.statistic) : 0 } as const;
      if (hold === null) return { kind: "sign-flip", measured, tolerance, evidence: noPairs(since) };
      return {
        kind: "level",
        measured,
        limit: { limit: tolerance.margin, hold, period },
        state: noLevel(since),
      };
    }
  }
}

/** The tests that these guards need for one function. */
export function testsOf(guards: readonly Guard[], usual: Usual, since: Instant): readonly Test[] {
  return guards.flatMap((guard): Test[] => {
    if (guard.kind === "alarm") return [];
    const method = methodFor(guard, usual, since);
    return method.kind === "level" ? [] : [method];
  });
}

/** With fewer calls, the mean is below its expectation in most minutes. */
const FEWEST_OF_A_MEAN = 20;
/** This many calls must be beyond a percentile. With fewer, it is hardly more than their slowest one. */
const FEWEST_BEYOND = 5;

/** How many samples a minute's statistic needs before two versions can be compared by it. */
function fewestOf(statistic: string): number {
  const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];
  if (percentile === undefined) return FEWEST_OF_A_MEAN;
  const tail = 1 - Number(percentile) / 100;
  return Math.ceil(FEWEST_BEYOND / Number(Math.min(tail, 1 - tail).toFixed(6)));
}

/** Counts slow calls if CloudWatch can and the bound is known; else looks at each minute's percentile. */
function percentileMethod(
  { percentile, tolerance }: Extract<MeasuredGuard, { kind: "percentile" }>,
  { latency, countsByDuration }: Usual,
  since: Instant,
): Method {
  const statistic = `p${percentile}` as const;
  const usual = latency[statistic];
  const tail = Number((1 - percentile / 100).toFixed(6));
  if (countsByDuration && tolerance.ratio === 0) {
    const counted = { kind: "slow", canary: tolerance.margin, baseline: null, tail } as const;
    return { kind: "counts", counted, tolerance: { ratio: 0, margin: tail }, evidence: noEvidence(since, null) };
  }
  if (countsByDuration && usual !== undefined) {
    const counted = {
      kind: "slow",
      canary: tolerance.ratio * usual + tolerance.margin,
      baseline: usual,
      tail,
    } as const;
    return { kind: "counts", counted, tolerance: SLOW, evidence: noEvidence(since, null) };
  }
  const fewest = fewestOf(statistic);
  const words = `${statistic} of the duration`;
  const measured = { kind: "duration", metric: "Duration", statistic, words, fewest } as const;
  return { kind: "sign-flip", measured, tolerance, evidence: noPairs(since) };
}

/** Whose figures a method looks at. */
export function scopeOf(method: Method): Scope {
  switch (method.kind) {
    case "counts":
      return method.counted.kind === "slow" ? "version" : SIGNALS[method.counted.signal].scope;
    case "sign-flip":
    case "level":
      switch (method.measured.kind) {
        case "duration":
          return "version";
        case "level":
          return "function";
        case "own":
          return isByVersion(method.measured.metric) ? "version" : "metric";
      }
  }
}

export function unitOf(measured: Measured): Unit {
  switch (measured.kind) {
    case "duration":
      return "ms";
    case "level":
      return SIGNALS[measured.signal].unit;
    case "own":
      return "number";
  }
}
