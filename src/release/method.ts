import { type Counts, type Evidence, noEvidence, rate } from "./evidence.ts";
import {
  type CountsSignal,
  type Guard,
  isByVersion,
  type LevelSignal,
  type MeasuredGuard,
  type OwnMetric,
  type Tolerance,
} from "./guard.ts";
import { type LevelState, type Limit, noLevel } from "./level.ts";
import type { LambdaMetric } from "./ports.ts";
import { noPairs, type PairedEvidence } from "./sign-flip.ts";
import { type Duration, type Instant, MINUTE } from "./time.ts";
import type { Scope, Unit } from "./verdict.ts";

/** How a guard is judged over one function, and what is known so far. */
export type Method =
  /** Calls that something happened to, out of all calls; the tolerance in shares. */
  | {
      readonly kind: "counts";
      readonly counted: Counted;
      readonly tolerance: Tolerance;
      readonly evidence: Evidence;
    }
  /** The canary's figure of each minute against what is allowed it in that minute. */
  | {
      readonly kind: "sign-flip";
      readonly measured: Measured;
      readonly tolerance: Tolerance;
      readonly evidence: PairedEvidence;
    }
  /** A figure that may not be over a bound for long. */
  | { readonly kind: "level"; readonly measured: Measured; readonly limit: Limit; readonly state: LevelState };

/** A method that may err, and so takes its part of the chance of a false alarm; a bound on a level takes none. */
export type Test = Exclude<Method, { kind: "level" }>;

/** What is counted, and out of which calls. */
export type Counted =
  | { readonly kind: "events"; readonly signal: CountsSignal }
  /** Calls that took longer than a bound; the baseline's own is null where there is no comparison. */
  | {
      readonly kind: "slow";
      readonly canary: Duration;
      readonly baseline: Duration | null;
      /** The share of the baseline's calls that its bound stood for: 0.1 for a p90. */
      readonly tail: number;
    };

/** What is measured as one figure a minute. */
export type Measured =
  /** `fewest` calls of each side make a minute's figure worth comparing. */
  | {
      readonly kind: "duration";
      readonly statistic: string;
      readonly words: string;
      readonly fewest: number;
    }
  | { readonly kind: "level"; readonly signal: LevelSignal }
  | { readonly kind: "own"; readonly metric: OwnMetric; readonly fewest: number };

interface EventRow {
  readonly metric: LambdaMetric;
  readonly scope: Exclude<Scope, "metric">;
  /** What happened to a call: "12 of 480 calls failed". */
  readonly happened: string;
  /** What else has to be said of it. */
  readonly note: string | null;
}

/** What Lambda counts, and for whom it does. */
export const EVENTS: Readonly<Record<CountsSignal, EventRow>> = {
  "error-rate": { metric: "Errors", scope: "version", happened: "failed", note: null },
  throttles: {
    metric: "Throttles",
    scope: "alias",
    happened: "were throttled",
    note: "throttles belong to the concurrency of function and account, not to the version",
  },
  "dead-letter-errors": {
    metric: "DeadLetterErrors",
    scope: "function",
    happened: "ended in an event that no dead-letter target took",
    note: null,
  },
  "destination-failures": {
    metric: "DestinationDeliveryFailures",
    scope: "function",
    happened: "ended in an event that no destination took",
    note: null,
  },
  "async-events-dropped": {
    metric: "AsyncEventsDropped",
    scope: "function",
    happened: "were dropped before they ran",
    note: null,
  },
};

interface LevelRow {
  readonly metric: LambdaMetric;
  readonly words: string;
  readonly unit: Unit;
}

/** What Lambda tells of a function as a whole; the worst moment of each minute. */
export const LEVELS_TOLD: Readonly<Record<LevelSignal, LevelRow>> = {
  "iterator-age": { metric: "IteratorAge", words: "age of what is read from the stream", unit: "ms" },
  "async-event-age": { metric: "AsyncEventAge", words: "age of the events in the async queue", unit: "ms" },
  concurrency: { metric: "ConcurrentExecutions", words: "concurrent executions", unit: "number" },
};

/**
 * The tolerance of `pNN <= baseline * k`, in shares of calls. The canary's calls over k·T are compared with the baseline's
 * over T: whatever T is and wherever both drift, a canary that is k times as slow has the same share as the baseline. So
 * no ratio over 1 is needed; the margin is room for CloudWatch's rounding of percentile ranks.
 */
export const SLOW: Tolerance = { ratio: 1, margin: 0.005 };

/** How far from its tail the baseline's share of slow calls may be for their bound to stand for the percentile. */
const NEAR = 5;

/** True where the bound no longer is anywhere near the baseline's percentile: under it, everything passes. */
export function isOffItsBound(counted: Counted, baseline: Counts): boolean {
  if (counted.kind !== "slow" || counted.baseline === null || baseline.calls === 0) return false;
  return rate(baseline) * NEAR < counted.tail;
}

/** Before the first shift: what the alias's latency usually is, and whether CloudWatch counts calls by duration. */
export interface Usual {
  /** Milliseconds by statistic (`p90`), from the alias's recent hours; a percentile is missing where there were no calls. */
  readonly latency: Readonly<Record<string, Duration>>;
  readonly countsByDuration: boolean;
}

/** Where nothing was read. */
export const NOTHING_USUAL: Usual = { latency: {}, countsByDuration: false };

/**
 * Decides how a guard is judged.
 *
 * @param period how long a time each figure stands for
 */
export function methodFor(guard: MeasuredGuard, usual: Usual, since: Instant, period: Duration = MINUTE): Method {
  switch (guard.kind) {
    case "counts": {
      const counted = { kind: "events", signal: guard.signal } as const;
      return { kind: "counts", counted, tolerance: guard.tolerance, evidence: noEvidence(since) };
    }
    case "percentile":
      return percentileMethod(guard, usual, since);
    case "mean": {
      const measured = {
        kind: "duration",
        statistic: "Average",
        words: "mean duration",
        fewest: fewestOf("Average"),
      } as const;
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

/** The tests that these guards come to, over one function. */
export function testsOf(guards: readonly Guard[], usual: Usual, since: Instant): readonly Test[] {
  return guards.flatMap((guard): Test[] => {
    if (guard.kind === "alarm") return [];
    const method = methodFor(guard, usual, since);
    return method.kind === "level" ? [] : [method];
  });
}

/** Of fewer calls, the mean lies below its expectation in most minutes. */
const FEWEST_OF_A_MEAN = 20;
/** A percentile of fewer is their slowest one, and says little. */
const FEWEST_BEYOND = 5;

/** The samples that make a minute's statistic one by which two versions can be compared. */
function fewestOf(statistic: string): number {
  const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];
  if (percentile === undefined) return FEWEST_OF_A_MEAN;
  const tail = 1 - Number(percentile) / 100;
  return Math.ceil(FEWEST_BEYOND / Number(Math.min(tail, 1 - tail).toFixed(6)));
}

/** As counts of slow calls where CloudWatch serves them, and the bound is known; else as figures of each minute. */
function percentileMethod(
  { percentile, tolerance }: Extract<MeasuredGuard, { kind: "percentile" }>,
  { latency, countsByDuration }: Usual,
  since: Instant,
): Method {
  const statistic = `p${percentile}`;
  const usual = latency[statistic];
  const tail = Number((1 - percentile / 100).toFixed(6));
  if (countsByDuration && tolerance.ratio === 0) {
    const counted = { kind: "slow", canary: tolerance.margin, baseline: null, tail } as const;
    return { kind: "counts", counted, tolerance: { ratio: 0, margin: tail }, evidence: noEvidence(since) };
  }
  if (countsByDuration && usual !== undefined) {
    const counted = {
      kind: "slow",
      canary: tolerance.ratio * usual + tolerance.margin,
      baseline: usual,
      tail,
    } as const;
    return { kind: "counts", counted, tolerance: SLOW, evidence: noEvidence(since) };
  }
  const fewest = fewestOf(statistic);
  const measured = { kind: "duration", statistic, words: `${statistic} of the duration`, fewest } as const;
  return { kind: "sign-flip", measured, tolerance, evidence: noPairs(since) };
}

/** Whose figures a method looks at. */
export function scopeOf(method: Method): Scope {
  switch (method.kind) {
    case "counts":
      return method.counted.kind === "slow" ? "version" : EVENTS[method.counted.signal].scope;
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
      return LEVELS_TOLD[measured.signal].unit;
    case "own":
      return "number";
  }
}
