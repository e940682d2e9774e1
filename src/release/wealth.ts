import type { Instant } from "./time.ts";

/**
 * A bettor's fortune, and how the next stake is spread over the bets. `height` is the logarithm of an e-value as a share
 * of the height that decides: at 1 the e-value is 1/level. Under the hypothesis that is bet against, the e-value's
 * expectation never exceeds 1, so by Ville's inequality it reaches 1/level with at most that probability, however often
 * one looks.
 */
export interface Wealth {
  readonly height: number;
  /** None before the first round. */
  readonly stakes: readonly number[];
}

/** What both sides of a question have won so far. Plain and small: it is carried over all steps of a release. */
export interface Fortunes {
  /** Against "the canary is within its tolerance". */
  readonly bad: Wealth;
  /** Against "the canary is at or over its tolerance". */
  readonly good: Wealth;
  /** The first minute that isn't sealed yet. */
  readonly from: Instant;
}

/** A guard's room for error: that a good canary is ever taken back, and that a bad one is called verified. */
export interface Risks {
  /** The chance that the whole guard ever fails a canary that is within its tolerance. */
  readonly alpha: number;
  /** The chance that a canary at or over its tolerance is ever called good. */
  readonly beta: number;
}

/** Of the stakes, this share is spread anew before each round, as at first, so that a late change is found. */
const FIXED_SHARE = 0.02;

/** Nothing won yet, and nothing staked. */
export const NO_WEALTH: Wealth = { height: 0, stakes: [] };

/**
 * One round of the mixture: some stakes are spread anew; their mean gain counts, capped; then the stakes follow the gains.
 *
 * @param gains ln e of each bet in this round, with an expectation of e of at most 1
 * @param prior how stakes are spread over the bets anew; it may depend on nothing that the gains depend on
 * @param cap no round may bring more than this part of the height that decides
 * @param level the chance of error at which the height is 1
 */
export function play(
  { height, stakes }: Wealth,
  gains: readonly number[],
  prior: readonly number[],
  cap: number,
  level: number,
): Wealth {
  const anew = stakes.length === 0 ? 1 : FIXED_SHARE;
  const logs = gains.map((gain, index) => {
    const staked = (1 - anew) * (stakes[index] ?? 0) + anew * (prior[index] ?? 0);
    return Math.log(staked) + gain;
  });
  const gained = logSumExp(logs);
  // Only a bet on no failure at all can lose everything; the others keep the mixture alive.
  return {
    height: height + Math.min(gained / -Math.log(level), cap),
    stakes: logs.map((log) => Math.exp(log - gained)),
  };
}

/** The minutes that are taken in for good: those that aren't yet, and no longer grow. */
export function toSeal<M extends { readonly minute: Instant }>(
  { from }: Pick<Fortunes, "from">,
  minutes: readonly M[],
  sealedBefore: Instant,
): readonly M[] {
  return minutes.filter(({ minute }) => minute >= from && minute < sealedBefore);
}

/** Of what was won beyond what decides, more is thrown away: a canary that gets worse loses what it was called soon. */
const HIGHEST_GOOD = 4 / 3;

export function notTooRich({ height, stakes }: Wealth): Wealth {
  return { height: Math.min(height, HIGHEST_GOOD), stakes };
}

/** The minutes that count provisionally, at their figures of the moment. */
export function unsealed<M extends { readonly minute: Instant }>(
  { from }: Pick<Fortunes, "from">,
  minutes: readonly M[],
): readonly M[] {
  return minutes.filter(({ minute }) => minute >= from);
}

/** Up to when minutes can be weighed before they are sealed. */
export interface Provisional {
  /** Minutes that began before this instant speak against the canary as they stand. */
  readonly against: Instant;
  /** Those that began before this one have no call under way any more, and speak for it too. */
  readonly inFavour: Instant;
}

/** All of them, as they stand. */
export const ALL: Provisional = { against: Number.POSITIVE_INFINITY, inFavour: Number.POSITIVE_INFINITY };

function logSumExp(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  return highest === -Infinity ? highest : highest + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - highest), 0));
}
