import type { Tolerance } from "./guard.ts";
import { type Duration, type Instant, MINUTE } from "./time.ts";

/** Calls and failures of one version; failures can exceed calls, since a failed init is an error without an invocation. */
export interface Counts {
  readonly calls: number;
  readonly failures: number;
}

/** The share of calls that failed, from 0 to 1. */
export function rate({ calls, failures }: Counts): number {
  return failures === 0 ? 0 : failures / Math.max(calls, failures);
}

/** What both versions did in one minute, or in several that were pooled. */
export interface Stratum {
  readonly canary: Counts;
  readonly baseline: Counts;
}

/** A stratum with the minute in which its calls began. */
export interface MinuteCounts extends Stratum {
  readonly minute: Instant;
}

/**
 * A bettor's fortune, and how the next stratum's stake is spread over the bets. `height` is the logarithm of an e-value
 * as a share of the height that decides: at 1 the e-value is 1/level. Under the hypothesis that is bet against, the
 * e-value's expectation never exceeds 1, whenever one looks.
 */
interface Wealth {
  readonly height: number;
  readonly stakes: readonly number[];
}

/** Everything that a counts guard knows so far. Plain and small: it is carried over all steps of a release. */
export interface Evidence {
  /** Against "the canary is within its tolerance". */
  readonly bad: Wealth;
  /** Against "the canary is at or over its tolerance". */
  readonly good: Wealth;
  /** The highest that `good` ever stood at, over sealed minutes. */
  readonly bestGood: number;
  /** Sealed minutes that were too thin to bet on alone. */
  readonly pool: Stratum & { readonly minutes: number };
  /** Everything that was sealed. */
  readonly seen: Stratum;
  /** The first minute that isn't sealed yet. */
  readonly from: Instant;
}

/** Two guards' worth of room for error: that a good canary is ever taken back, and that a bad one is called verified. */
export interface Levels {
  /** The chance that the whole guard ever fails a canary that is within its tolerance. */
  readonly alpha: number;
  /** The chance that a canary at or over its tolerance is ever called good. */
  readonly beta: number;
}

/** Where a guard's evidence stands at a look: the unsealed minutes are included at their counts of that moment. */
export interface Weighed {
  /** The evidence that the canary is worse than allowed; from 1 on that is shown. */
  readonly bad: number;
  /** The evidence that the canary is within its tolerance; from 1 on that is shown. */
  readonly good: number;
  readonly seen: Stratum;
}

const NOTHING: Counts = { calls: 0, failures: 0 };
const NO_STRATUM: Stratum = { canary: NOTHING, baseline: NOTHING };

// What each bet takes the canary's failure rate for, as a multiple of what is allowed: over 1 it wins when the canary is
// worse, under 1 when it is better.
const BAD_BETS: readonly number[] = [1, 1.1, 1.3, 1.6, 2, 3, 5, 9, 16, 32];
const GOOD_BETS: readonly number[] = [0, 0.1, 0.25, 0.5, 0.7, 0.85, 0.95];
/** Of the stakes, this share is spread evenly anew after each stratum, so that a late change is found. */
const FIXED_SHARE = 0.02;
/** No single stratum may bring more than this part of the evidence that decides. */
const BAD_CAP = 1 / 2;
const GOOD_CAP = 1 / 6;

const THIN_CANARY = 3;
const THIN_BASELINE = 10;
const LONGEST_POOL = 15;

export function noEvidence(from: Instant): Evidence {
  const fresh = (bets: readonly number[]): Wealth => ({ height: 0, stakes: bets.map(() => 1 / bets.length) });
  const pool = { ...NO_STRATUM, minutes: 0 };
  return { bad: fresh(BAD_BETS), good: fresh(GOOD_BETS), bestGood: 0, pool, seen: NO_STRATUM, from };
}

/** How long after a minute's end its figures no longer grow: four minutes, or the function's time-out and two minutes. */
export function sealingAge(timeout: Duration): Duration {
  return Math.max(4 * MINUTE, timeout + 2 * MINUTE);
}

/**
 * Takes the minutes that can no longer grow into the evidence for good.
 *
 * @param minutes in order of time, each at most once, none before `evidence.from`
 * @param sealedBefore minutes that began before this instant no longer grow
 */
export function seal(
  evidence: Evidence,
  minutes: readonly MinuteCounts[],
  sealedBefore: Instant,
  tolerance: Tolerance,
  levels: Levels,
): Evidence {
  const sealed = minutes.filter(({ minute }) => minute >= evidence.from && minute < sealedBefore);
  const from = Math.max(evidence.from, sealedBefore);
  return { ...sealed.reduce((before, minute) => add(before, minute, tolerance, levels), evidence), from };
}

/** Weighs the evidence with the minutes that can still grow, as they stand; the open pool counts provisionally. */
export function weigh(
  evidence: Evidence,
  unsealed: readonly MinuteCounts[],
  tolerance: Tolerance,
  levels: Levels,
): Weighed {
  const open = unsealed
    .filter(({ minute }) => minute >= evidence.from)
    .reduce((before, minute) => add(before, minute, tolerance, levels), evidence);
  const { bad, good } = open.pool.minutes > 0 ? bet(open, open.pool, tolerance, levels) : open;
  return { bad: bad.height, good: Math.max(good.height, evidence.bestGood), seen: open.seen };
}

/** Adds one minute: to the pool while that is thin, else the whole pool is bet on and emptied. */
function add(evidence: Evidence, minute: Stratum, tolerance: Tolerance, levels: Levels): Evidence {
  const pool = { ...plus(evidence.pool, minute), minutes: evidence.pool.minutes + 1 };
  const seen = plus(evidence.seen, minute);
  if (isThin(pool, tolerance) && pool.minutes < LONGEST_POOL) return { ...evidence, pool, seen };
  const { bad, good } = bet(evidence, pool, tolerance, levels);
  const bestGood = Math.max(evidence.bestGood, good.height);
  return { ...evidence, bad, good, bestGood, seen, pool: { ...NO_STRATUM, minutes: 0 } };
}

function isThin({ canary, baseline }: Stratum, tolerance: Tolerance): boolean {
  return canary.calls < THIN_CANARY || (tolerance.ratio > 0 && baseline.calls < THIN_BASELINE);
}

function bet(
  { bad, good }: Pick<Evidence, "bad" | "good">,
  stratum: Stratum,
  tolerance: Tolerance,
  { alpha, beta }: Levels,
): Pick<Evidence, "bad" | "good"> {
  return {
    bad: stake(bad, BAD_BETS, stratum, tolerance, alpha, BAD_CAP),
    good: stake(good, GOOD_BETS, stratum, tolerance, beta, GOOD_CAP),
  };
}

/** One round of the mixture: the stakes' mean gain, capped; then the stakes follow the gains, and are partly spread anew. */
function stake(
  wealth: Wealth,
  bets: readonly number[],
  stratum: Stratum,
  tolerance: Tolerance,
  level: number,
  cap: number,
): Wealth {
  const gains = bets.map((worse, index) => Math.log(wealth.stakes[index] ?? 0) + gain(worse, stratum, tolerance));
  const gained = logSumExp(gains);
  // Only the bet on no failure at all can lose everything; the others keep the mixture alive.
  const stakes = gains.map((each) => (1 - FIXED_SHARE) * Math.exp(each - gained) + FIXED_SHARE / bets.length);
  return { height: wealth.height + Math.min(gained / -Math.log(level), cap), stakes };
}

/**
 * ln e of one bet on one stratum: x_c·ln u + x_b·ln v − δ·n_c·(u−1), with v = 1 − ρ(u−1)/r and r = n_b/n_c.
 *
 * Its expectation is at most 1 while p_c ≤ ρ·p_b + δ (for u > 1) or p_c ≥ ρ·p_b + δ (for u < 1), whatever p_b is:
 * E[u^x_c] ≤ exp(n_c·p_c·(u−1)), E[v^x_b] ≤ exp(n_b·p_b·(v−1)), and n_b·(v−1) = −ρ·n_c·(u−1). By Ville's inequality the
 * product over the minutes then reaches 1/α with probability at most α, however often it is looked at.
 * After Lindon & Malek (arXiv 2011.03567) and Turner, Ly & Grünwald (arXiv 2106.02693).
 *
 * For every r, u is what grows fastest if the canary fails R times as often as ρ·p_b (u/v = R: the likelihood ratio of
 * which version a failure fell on). So a bet means the same at each weight, and what the stakes have learnt in one step
 * holds in the next; with u itself as the bet, a bet that wins at 5 % ruins itself at 50 %.
 *
 * @param worse R, the canary's failure rate as a multiple of what is allowed
 */
function gain(worse: number, { canary, baseline }: Stratum, { ratio, margin }: Tolerance): number {
  const calls = Math.max(canary.calls, canary.failures);
  // Without calls on both sides nothing can be compared; a guard against a number has one side only.
  if (calls === 0 || (ratio > 0 && baseline.calls === 0)) return 0;
  const share = ratio === 0 ? 0 : (ratio * calls) / baseline.calls;
  const v = (1 + share) / (1 + worse * share);
  const u = worse * v;
  const failed = canary.failures === 0 ? 0 : canary.failures * Math.log(u);
  return failed + baseline.failures * Math.log(v) - margin * calls * (u - 1);
}

function logSumExp(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  return highest === -Infinity ? highest : highest + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - highest), 0));
}

function plus(a: Stratum, b: Stratum): Stratum {
  const sum = (x: Counts, y: Counts): Counts => ({ calls: x.calls + y.calls, failures: x.failures + y.failures });
  return { canary: sum(a.canary, b.canary), baseline: sum(a.baseline, b.baseline) };
}
