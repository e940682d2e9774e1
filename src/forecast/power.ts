import { betsAgainst } from "../analysis/counts.ts";
import { beside, couldShow } from "../analysis/fewest.ts";
import { LOUDNESS } from "../analysis/sign-flip.ts";
import type { Percent } from "../domain/alias.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import type { Tolerance } from "../guards/guard.ts";
import { normalQuantile } from "./normal.ts";
import { expectedCalls, type Week } from "./traffic-profile.ts";

/** A test that can't fail with this many calls never fails. */
const MOST_CALLS = 1_000;

/** The fewest canary calls that could show anything; Infinity for a tolerance that allows nearly all. */
export function fewestCalls(tolerance: Tolerance, share: number, alpha: number): number {
  for (let calls = 2; calls <= MOST_CALLS; calls++) if (couldShow(calls, tolerance, share, alpha)) return calls;
  return Number.POSITIVE_INFINITY;
}

/** What is found is found with a probability of 90 %. */
export const Z90 = normalQuantile(0.9);

/**
 * How many terms a test needs to find something with 90 % probability. Its evidence is a sum of terms with mean g and
 * variance V each. With that many, it is over its height L in nine cases of ten.
 */
function termsNeeded(gain: number, variance: number, height: number): number {
  if (gain <= 0) return Number.POSITIVE_INFINITY;
  const root = Z90 * Math.sqrt(variance) + Math.sqrt(Z90 ** 2 * variance + 4 * gain * height);
  return (root / (2 * gain)) ** 2;
}

/** What a test has to work with in a step. */
export interface Scene {
  /** All calls of the canary. */
  readonly calls: number;
  readonly minutes: number;
  /** The canary's share of the traffic, over 0 and under 1. */
  readonly share: number;
  /** The test's own chance of error. */
  readonly alpha: number;
}

/** What a test has to work with in a step of so many percent that lasts so long, by the calls of the last week. */
export function sceneOf(week: Week, from: Instant, lasts: Duration, weight: Percent, alpha: number): Scene {
  // Calls of the last minutes show only after it.
  const seen = lasts - METRIC_DELAY;
  const calls = (expectedCalls(week, from, seen) * weight) / 100;
  return { calls, minutes: seen / MINUTE, share: weight / 100, alpha };
}

/**
 * How many canary calls it takes to find, with 90 % probability, that the canary fails at the rate `canary` and the
 * baseline at `baseline`; Infinity if that is within the tolerance. A canary call wins a bet g = p_c·ln u − δ(u−1) +
 * r·p_b·ln v on average, with variance V = p_c·ln²u + r·p_b·ln²v. The bet has to win 1/α of what is staked on it. Never
 * fewer than `fewestCalls` will do.
 */
export function callsToFind(canary: number, baseline: number, tolerance: Tolerance, scene: Scene): number {
  const { calls, minutes, share, alpha } = scene;
  const ratio = beside(share);
  const beatable = tolerance.ratio === 0 ? 0 : ratio * baseline;
  const needed = betsAgainst(tolerance, ratio, calls / minutes).map(({ u, v, stake }) => {
    const [a, b] = [Math.log(u), Math.log(v)];
    const held = tolerance.ratio === 0 ? Math.log1p(tolerance.margin * (u - 1)) : tolerance.margin * (u - 1);
    return termsNeeded(
      canary * a - held + beatable * b,
      canary * a ** 2 + beatable * b ** 2,
      Math.log(1 / alpha) - Math.log(stake),
    );
  });
  return Math.min(...needed);
}

/**
 * The smallest failure rate of the canary, from 0 to 1, that a scene finds with 90 % probability; null if it wouldn't
 * even find a canary that fails in every call.
 *
 * @param baseline the baseline's failure rate
 */
export function smallestFound(baseline: number, tolerance: Tolerance, scene: Scene): number | null {
  const isFound = (canary: number) => callsToFind(canary, baseline, tolerance, scene) <= scene.calls;
  if (fewestCalls(tolerance, scene.share, scene.alpha) > scene.calls || !isFound(1)) return null;
  let [low, high] = [Math.min(1, tolerance.ratio * baseline + tolerance.margin), 1];
  while (high - low > 1e-4 * high) {
    const middle = (low + high) / 2;
    if (isFound(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A minute's figure is taken to be normal: equal steps from -3 to 3 standard deviations, each with its probability. */
const QUADRATURE: readonly { readonly z: number; readonly mass: number }[] = (() => {
  const zs = Array.from({ length: 25 }, (_, index) => (index - 12) / 4);
  const density = (z: number) => Math.exp((-z * z) / 2);
  const sum = zs.reduce((total, z) => total + density(z), 0);
  return zs.map((z) => ({ z, mass: density(z) / sum }));
})();

/** What something is expected to add to the evidence of a bet, in nats. */
export interface Gain {
  readonly mean: number;
  readonly variance: number;
}

/**
 * What a minute adds to each bet of a paired sign-flip test against the canary, if its figure is over what is allowed by
 * `difference`, relative to their mean size. `noise` is the standard deviation of that difference from minute to minute.
 */
export function gainsOfPair(difference: number, noise: number): readonly Gain[] {
  return LOUDNESS.map((loudness) => {
    const gains = QUADRATURE.map(({ z, mass }) => ({
      mass,
      gain: Math.LN2 - Math.log1p(Math.exp(-2 * loudness * (difference + noise * z))),
    }));
    const mean = gains.reduce((sum, { mass, gain }) => sum + mass * gain, 0);
    const variance = gains.reduce((sum, { mass, gain }) => sum + mass * (gain - mean) ** 2, 0);
    return { mean, variance };
  });
}

/** How many minutes a paired sign-flip test takes to find such a canary with 90 % probability. */
export function minutesToFind(difference: number, noise: number, alpha: number): number {
  const height = Math.log(LOUDNESS.length / alpha);
  return Math.min(...gainsOfPair(difference, noise).map(({ mean, variance }) => termsNeeded(mean, variance, height)));
}
