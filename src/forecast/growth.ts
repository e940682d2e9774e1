import { betsInFavour, type Counts, GOOD_CAP, withCalm } from "../analysis/counts.ts";
import { RISKS } from "../analysis/e-process.ts";
import type { Measured } from "../analysis/method.ts";
import type { Tolerance } from "../guards/guard.ts";
import { type Durations, noiseOf, relative } from "./durations.ts";
import { normalCdf } from "./normal.ts";
import { type Gain, gainsOfPair } from "./power.ts";

/** Both versions' calls in a minute. */
export interface Calls {
  readonly canary: number;
  readonly baseline: number;
}

/** The rates at which both versions' calls fail or are slow. */
export interface Rates {
  readonly canary: number;
  readonly baseline: number;
}

/** A comparison's evidence in the canary's favour, as it is expected to grow. */
export interface Growing {
  /** How many standard deviations below its mean, so much luck as there is to allow for. */
  readonly unlucky: number;
  /** In nats. */
  readonly evidence: number;
  /** What each bet has won, with its stake; none before the first minute. */
  readonly bets: readonly Gain[];
  /** What is usual, as it will be known by then. */
  readonly usual: Counts | null;
}

/** What one more minute adds. */
export type Growth = (before: Growing, calls: Calls) => Growing;

/** The evidence that decides, in nats. */
const HEIGHT = -Math.log(RISKS.beta);
/** For figures that have been added up. */
const ROUNDING = 1e-9;

/** @param good how much evidence there is already: at 1 the canary is shown to be good */
export function growingFrom(good: number, usual: Counts | null, unlucky: number): Growing {
  return { unlucky, evidence: good * HEIGHT, bets: [], usual };
}

export function isShown({ evidence }: Growing): boolean {
  return evidence >= HEIGHT - ROUNDING;
}

/**
 * A canary call wins a bet g = p_c·ln u + r·p_b·ln v − δ(u−1) on average, with variance V = p_c·ln²u + r·p_b·ln²v, where
 * r is the number of baseline calls beside it.
 */
export function growthOfCounts(tolerance: Tolerance, rates: Rates): Growth {
  return (before, { canary, baseline }) => {
    if (canary === 0 || baseline === 0) return before;
    const [failed, beside] = [canary * rates.canary, baseline * rates.baseline];
    const gains = betsInFavour(tolerance, baseline / canary, before.usual).map(({ u, v, stake }): StakedGain => {
      const [a, b] = [Math.log(u), Math.log(v)];
      const mean = failed * a + beside * b - tolerance.margin * canary * (u - 1);
      return { stake, mean, variance: failed * a ** 2 + beside * b ** 2 };
    });
    const seen = { calls: baseline, failures: baseline * rates.baseline };
    const usual = before.usual === null ? null : withCalm(before.usual, seen);
    return { ...withGains(before, gains, GOOD_CAP), usual };
  };
}

/** The sign-flip test of a canary with the baseline's durations. */
export function growthOfPairs(
  tolerance: Tolerance,
  { statistic, fewest }: Extract<Measured, { kind: "duration" }>,
  durations: Durations,
): Growth {
  // As a part of the baseline's figure.
  const allowed = tolerance.ratio + tolerance.margin / durations.median;
  const hasEnough = (calls: number) => normalCdf((calls + 0.5 - fewest) / Math.sqrt(calls));
  return (before, { canary, baseline }) => {
    if (canary === 0 || baseline === 0) return before;
    // Only minutes count in which both versions have enough calls.
    const share = hasEnough(canary) * hasEnough(baseline);
    const noise = noiseOf(durations, statistic, canary, baseline);
    const gains = gainsOfPair(relative(allowed, 1), noise).map(({ mean, variance }, _, { length }): StakedGain => {
      return { stake: 1 / length, mean: share * mean, variance: share * (variance + (1 - share) * mean ** 2) };
    });
    return withGains(before, gains, Number.POSITIVE_INFINITY);
  };
}

/** What a minute adds to a bet with this share of the first stakes. */
type StakedGain = Gain & { readonly stake: number };

/** @param cap the most that a minute may add, as a part of the evidence that decides */
function withGains(before: Growing, gains: readonly StakedGain[], cap: number): Growing {
  const bets = gains.map(({ stake, mean, variance }, index): Gain => {
    const won = before.bets[index] ?? { mean: Math.log(stake), variance: 0 };
    return { mean: won.mean + mean, variance: won.variance + variance };
  });
  const gained = mixtureOf(bets, before.unlucky) - mixtureOf(before.bets, before.unlucky);
  return { ...before, evidence: before.evidence + Math.min(gained, cap * HEIGHT), bets };
}

/** The logarithm of what all bets have won together. Bad luck is bad for each of them: one failure more is. */
function mixtureOf(bets: readonly Gain[], unlucky: number): number {
  if (bets.length === 0) return 0;
  const won = bets.map(({ mean, variance }) => mean - unlucky * Math.sqrt(variance));
  const most = Math.max(...won);
  return most + Math.log(won.reduce((sum, each) => sum + Math.exp(each - most), 0));
}
