import { LATEST, METRIC_DELAY } from "../domain/plan.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import type { Tolerance } from "../guards/guard.ts";
import {
  ALL,
  capped,
  type EProcesses,
  NO_EVIDENCE,
  nextRound,
  type Provisional,
  type Risks,
  toSeal,
  unsealed,
} from "./e-process.ts";

/** Calls and failures of one version. Failures can exceed calls: a failed init is an error without an invocation. */
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

/** Everything that a counts guard knows so far. Small, since it is carried through all steps of a release. */
export interface Evidence extends EProcesses {
  /** Sealed minutes that had too few calls to bet on them alone. */
  readonly pool: Stratum & { readonly minutes: number };
  /** The totals of all sealed minutes. */
  readonly seen: Stratum;
  /**
   * How often calls of the alias and the baseline usually fail, bursts counted only in part; null if that says nothing
   * of a good canary.
   */
  readonly usual: Counts | null;
}

/** A guard's evidence at one look, with the unsealed minutes as they stand. */
export interface Weighed {
  /** The evidence that the canary is worse than allowed. From 1 on, that is shown. */
  readonly bad: number;
  /** The evidence that the canary is within its tolerance. From 1 on, that is shown. */
  readonly good: number;
  readonly seen: Stratum;
}

const NOTHING: Counts = { calls: 0, failures: 0 };
const NO_STRATUM: Stratum = { canary: NOTHING, baseline: NOTHING };

// Each bet assumes a failure rate of the canary, as a multiple of what is allowed: over 1 it wins if the canary is
// worse, under 1 if it is better. The bet on 1 gains nothing by what hits both versions alike.
const BAD_BETS: readonly number[] = [1, 1.25, 1.5, 2.4, 8, 100];
// In the canary's favour: multiples of the bet on just the rate that is usual. Where that isn't known, and for slow calls,
// of which a good canary has fewer over its own bound than the baseline over another, bets on what is common.
const GOOD_BETS: readonly number[] = [0.8, 1.1];
const GOOD_STAKES: readonly number[] = [0.5, 0.5];
const GOOD_BETS_AT_LARGE: readonly number[] = [0.25, 0.6];
const GOOD_STAKES_AT_LARGE: readonly number[] = [0.3, 0.7];
/** A bet on just what is allowed wins nothing. */
const HIGHEST_GOOD_BET = 0.95;
// A few calls can only show that nearly all of them fail; many calls show small breaches, too. The stakes may depend on
// how many calls there were, but never on how they went. Found by search, and measured by `npm run bench:judgement`.
const FEW_CALLS = 15;
const BAD_STAKES_OF_FEW: readonly number[] = [0.05, 0, 0.05, 0.3, 0.25, 0.35];
const BAD_STAKES: readonly number[] = [0.05, 0.07, 0.03, 0.83, 0.01, 0.01];
/** The most that one stratum may add, as a part of the evidence that decides. */
const BAD_CAP = 3 / 4;
export const GOOD_CAP = 1 / 2;

const THIN_CANARY = 1;
const THIN_BASELINE = 10;
const MANY_CALLS = 100;
const LONGEST_POOL = 15;

/** @param usual what is usual before the release; null if that says nothing of a good canary */
export function noEvidence(from: Instant, usual: Counts | null): Evidence {
  const pool = { ...NO_STRATUM, minutes: 0 };
  return { bad: NO_EVIDENCE, good: NO_EVIDENCE, pool, seen: NO_STRATUM, from, usual };
}

/** How long after its start a minute's figures can grow. */
export function sealingAge(timeout: Duration): Duration {
  return MINUTE + longestLateness(timeout);
}

/** How long after its end a minute's figures can grow: late figures take a while, and so do calls that hang. */
export function longestLateness(timeout: Duration): Duration {
  return Math.max(LATEST, timeout + METRIC_DELAY);
}

/**
 * Adds the minutes that can no longer grow to the evidence, for good.
 *
 * @param minutes in order of time, each at most once, none before `evidence.from`
 * @param sealedBefore minutes that began before this instant no longer grow
 */
export function seal(
  evidence: Evidence,
  minutes: readonly MinuteCounts[],
  sealedBefore: Instant,
  tolerance: Tolerance,
  risks: Risks,
): Evidence {
  const sealed = toSeal(evidence, minutes, sealedBefore);
  const from = Math.max(evidence.from, sealedBefore);
  return { ...sealed.reduce((before, minute) => add(before, minute, tolerance, risks), evidence), from };
}

/**
 * The evidence with the minutes that can still grow, as they stand. The open pool counts provisionally.
 *
 * @param minutes in order of time
 * @param provisional `inFavour` is not after `against`
 */
export function weigh(
  evidence: Evidence,
  minutes: readonly MinuteCounts[],
  tolerance: Tolerance,
  risks: Risks,
  { against, inFavour }: Provisional = ALL,
): Weighed {
  const settled = (open: Evidence) =>
    open.pool.minutes > 0 ? { ...open, ...bet(open, open.pool, tolerance, risks) } : open;
  let open = evidence;
  // What counts in the canary's favour is a part of what counts against it, so one pass does for both.
  let inItsFavour: Evidence | null = null;
  for (const each of unsealed(evidence, minutes)) {
    if (each.minute >= against) break;
    if (each.minute >= inFavour) inItsFavour ??= open;
    open = add(open, each, tolerance, risks);
  }
  const { bad, good, seen } = settled(open);
  return { bad: bad.height, good: (inItsFavour === null ? good : settled(inItsFavour).good).height, seen };
}

/** Adds one minute to the pool. Once the pool isn't thin any more, it is bet on as a whole and emptied. */
function add(evidence: Evidence, minute: Stratum, tolerance: Tolerance, risks: Risks): Evidence {
  const pool = { ...plus(evidence.pool, minute), minutes: evidence.pool.minutes + 1 };
  const seen = plus(evidence.seen, minute);
  if (isThin(pool, tolerance) && pool.minutes < LONGEST_POOL) return { ...evidence, pool, seen };
  const { bad, good } = bet(evidence, pool, tolerance, risks);
  const usual = evidence.usual === null ? null : withCalm(evidence.usual, pool.baseline);
  return { ...evidence, bad, good, seen, usual, pool: { ...NO_STRATUM, minutes: 0 } };
}

function isThin({ canary, baseline }: Stratum, tolerance: Tolerance): boolean {
  if (canary.calls < THIN_CANARY) return true;
  // If the canary has nearly all of the traffic, waiting for the baseline's calls is pointless.
  return tolerance.ratio > 0 && baseline.calls < THIN_BASELINE && canary.calls < MANY_CALLS;
}

function bet(
  { bad, good, usual }: Pick<Evidence, "bad" | "good" | "usual">,
  stratum: Stratum,
  tolerance: Tolerance,
  { alpha, beta }: Risks,
): Pick<Evidence, "bad" | "good"> {
  const gains = (bets: readonly number[]) => bets.map((worse) => gain(worse, stratum, tolerance));
  return {
    bad: nextRound(bad, gains(BAD_BETS), badStakes(stratum.canary.calls), BAD_CAP, alpha),
    good: isBurst(stratum.baseline, usual)
      ? good
      : capped(nextRound(good, gains(goodBets(tolerance, usual)), goodStakes(usual), GOOD_CAP, beta)),
  };
}

/**
 * True if the baseline fails far more than is usual. In such a minute nearly everything is within the tolerance, also a
 * canary that is over it at other times. So it shows nothing in the canary's favour.
 *
 * That keeps the mean of the e-value at most 1. For bets in the canary's favour it grows with the baseline's failures:
 * either it is under 1 for all numbers that aren't a burst, or over 1 for all that are.
 */
function isBurst({ calls, failures }: Counts, usual: Counts | null): boolean {
  return usual !== null && failures > mostOf(usual, calls);
}

/** The bets in favour of a canary: near the one that grows fastest if the canary fails as often as is usual. */
function goodBets({ ratio, margin }: Tolerance, usual: Counts | null): readonly number[] {
  if (usual === null) return GOOD_BETS_AT_LARGE;
  const asUsual = rateOf(usual) / (ratio * rateOf(usual) + margin);
  return GOOD_BETS.map((multiple) => Math.min(HIGHEST_GOOD_BET, multiple * asUsual));
}

function goodStakes(usual: Counts | null): readonly number[] {
  return usual === null ? GOOD_STAKES_AT_LARGE : GOOD_STAKES;
}

/** The rate behind some counts: without calls, 1 %; never 0. */
function rateOf({ calls, failures }: Counts): number {
  return (failures + 0.5) / (calls + 50);
}

/** Adds a stratum to what is usual. The failures of a burst count only as far as chance could have brought them. */
export function withCalm(usual: Counts, { calls, failures }: Counts): Counts {
  return { calls: usual.calls + calls, failures: usual.failures + Math.min(failures, mostOf(usual, calls)) };
}

/** So many standard deviations over what is usual, and one failure more, is no chance any more. */
const CHANCE = 4;

/** The most failures that chance brings among these calls. */
function mostOf(usual: Counts, calls: number): number {
  const expected = rateOf(usual) * calls;
  return usual.calls === 0 ? Number.POSITIVE_INFINITY : expected + CHANCE * Math.sqrt(expected) + 1;
}

function badStakes(calls: number): readonly number[] {
  return calls < FEW_CALLS ? BAD_STAKES_OF_FEW : BAD_STAKES;
}

/**
 * ln e of one bet on one stratum: x_c·ln u + x_b·ln v − δ·n_c·(u−1), with v = 1 − ρ(u−1)/r and r = n_b/n_c.
 *
 * The expectation of e is at most 1 while p_c ≤ ρ·p_b + δ (for u > 1) or p_c ≥ ρ·p_b + δ (for u < 1), whatever p_b is:
 * E[u^x_c] ≤ exp(n_c·p_c·(u−1)), E[v^x_b] ≤ exp(n_b·p_b·(v−1)), and n_b·(v−1) = −ρ·n_c·(u−1). By Ville's inequality the
 * product over the minutes then reaches 1/α with probability at most α, however often one looks. After Lindon & Malek
 * (arXiv 2011.03567) and Turner, Ly & Grünwald (arXiv 2106.02693).
 *
 * For every r, u is the one that grows fastest if the canary fails R times as often as ρ·p_b (u/v = R: the likelihood
 * ratio of which version a failure fell on). So a bet means the same at every weight, and what the stakes have learnt
 * in one step holds in the next. With u itself as the bet, one that wins at 5 % would ruin itself at 50 %.
 *
 * @param worse R, the canary's failure rate as a multiple of what is allowed
 */
function gain(worse: number, { canary, baseline }: Stratum, tolerance: Tolerance): number {
  const calls = Math.max(canary.calls, canary.failures);
  // Nothing can be compared without calls of both versions. A guard against a number needs only the canary's.
  if (calls === 0 || (tolerance.ratio > 0 && baseline.calls === 0)) return 0;
  const { u, v } = betOn(worse, baseline.calls / calls, tolerance);
  const failed = canary.failures === 0 ? 0 : canary.failures * Math.log(u);
  // Against a number there is a sharper bound: E[u^x] is (1 + p·(u−1))^n itself.
  if (tolerance.ratio === 0) return failed - calls * Math.log1p(tolerance.margin * (u - 1));
  return failed + baseline.failures * Math.log(v) - tolerance.margin * calls * (u - 1);
}

/** What a bet multiplies its e-value by: `u` for each failure of the canary, `v` for each failure of the baseline. */
export interface Bet {
  readonly u: number;
  readonly v: number;
}

function betOn(worse: number, beside: number, { ratio }: Tolerance): Bet {
  const share = ratio === 0 ? 0 : ratio / beside;
  const v = (1 + share) / (1 + worse * share);
  return { u: worse * v, v };
}

/**
 * The bets against a canary, with their share of the first stakes.
 *
 * @param beside the baseline's calls for each call of the canary
 * @param calls the canary's calls in a minute
 */
export function betsAgainst(
  tolerance: Tolerance,
  beside: number,
  calls: number,
): readonly (Bet & { readonly stake: number })[] {
  const stakes = badStakes(calls);
  /* c8 ignore next -- for the types only: every bet has a stake */
  return BAD_BETS.map((worse, index) => ({ ...betOn(worse, beside, tolerance), stake: stakes[index] ?? 0 }));
}

/**
 * The bets in favour of a canary, with their share of the first stakes.
 *
 * @param beside the baseline's calls for each call of the canary
 * @param usual what is usual; null if that says nothing of a good canary
 */
export function betsInFavour(
  tolerance: Tolerance,
  beside: number,
  usual: Counts | null,
): readonly (Bet & { readonly stake: number })[] {
  const stakes = goodStakes(usual);
  return goodBets(tolerance, usual).map((worse, index) => ({
    ...betOn(worse, beside, tolerance),
    /* c8 ignore next -- for the types only: every bet has a stake */
    stake: stakes[index] ?? 0,
  }));
}

function plus(a: Stratum, b: Stratum): Stratum {
  const sum = (x: Counts, y: Counts): Counts => ({ calls: x.calls + y.calls, failures: x.failures + y.failures });
  return { canary: sum(a.canary, b.canary), baseline: sum(a.baseline, b.baseline) };
}
