import type { Statistic } from "../domain/ports.ts";
import type { Duration } from "../domain/time.ts";
import { normalCdf, normalDensity, normalQuantile } from "./normal.ts";
import type { Week } from "./traffic-profile.ts";

/** How long an alias's calls take: durations are taken to be lognormal. */
export interface Durations {
  readonly median: Duration;
  /** The standard deviation of the durations' logarithm. */
  readonly spread: number;
}

/** By the last week's p50 and p90; null without a p50. */
export function durationsOf({ p50, p90 }: Week["latency"]): Durations | null {
  const usual = 0.5;
  if (p50 === undefined) return null;
  const spread = p90 === undefined || p90 <= p50 ? usual : Math.log(p90 / p50) / normalQuantile(0.9);
  return { median: p50, spread };
}

/** How many standard deviations a bound is over the median. */
export function tailAt(bound: Duration, { median, spread }: Durations): number {
  return Math.log(bound / median) / spread;
}

/** The share of calls that take longer than a bound. */
export function shareOver(bound: Duration, durations: Durations): number {
  return 1 - normalCdf(tailAt(bound, durations));
}

/**
 * The standard deviation of the difference between both versions' figures of a minute, as a part of their size. The more
 * calls a figure is made of, the less it varies.
 *
 * @param statistic of the durations
 * @param baseline the baseline's calls; null if nothing is compared
 */
export function noiseOf(durations: Durations, statistic: Statistic, canary: number, baseline: number | null): number {
  const ofOneCall = deviationOf(durations, statistic);
  return ofOneCall * Math.sqrt(1 / canary + (baseline === null ? 0 : 1 / baseline));
}

/** The standard deviation of a statistic of many calls, as a part of it, times the root of their number. */
function deviationOf({ spread }: Durations, statistic: Statistic): number {
  const [, percentile] = /^p(.*)$/.exec(statistic) ?? [];
  if (percentile === undefined) return Math.sqrt(Math.exp(spread ** 2) - 1);
  const share = Number(percentile) / 100;
  return (spread * Math.sqrt(share * (1 - share))) / normalDensity(normalQuantile(share));
}

/** The difference of two figures, as a part of their mean. */
export function relative(figure: number, allowed: number): number {
  return (2 * (figure - allowed)) / (figure + allowed);
}
