import type { Target, Version } from "./alias.ts";
import type { Duration } from "./time.ts";

/** One function on its way from its baseline to its canary. */
export interface Member {
  readonly target: Target;
  readonly baseline: Version;
  readonly canary: Version;
  /** The canary's time-out: a minute's figures can grow until it has passed. */
  readonly timeout: Duration;
  /** The longest time without a call in the hour before the release; null if there were too few calls to tell. */
  readonly longestSilence: Duration | null;
  /** The alias's usual calls per minute at this hour of the day; 0 if unknown. */
  readonly usualRate: number;
  /** Whether the alias had any calls in the week before the release. */
  readonly isCalled: boolean;
  readonly usual: Usual;
}

/** Read before the first shift: the alias's usual latency and rates, and what CloudWatch can count. */
export interface Usual {
  /** Milliseconds by statistic (`p90`), from the alias's recent hours. Without calls, a percentile is missing. */
  readonly latency: Readonly<Record<string, Duration>>;
  readonly countsByDuration: boolean;
  /** Whether Lambda's Errors is known to have a sample for each call, also for those that didn't fail. */
  readonly hasErrorSamples: boolean;
  /**
   * By signal (`error-rate`): the alias's calls in the last hour, and how many of them it happened to, without the
   * minutes of a burst.
   */
  readonly rates: Readonly<Record<string, { readonly calls: number; readonly failures: number }>>;
}

/** For when nothing was read. */
export const NOTHING_USUAL: Usual = { latency: {}, countsByDuration: false, hasErrorSamples: false, rates: {} };
