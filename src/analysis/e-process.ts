import type { Instant } from "../domain/time.ts";

/**
 * The evidence of several bets against a hypothesis, and how the next stake is spread over them. `height` is the
 * logarithm of the e-value, as a part of the height that decides: at 1 the e-value is 1/level. If the hypothesis is true,
 * the expectation of the e-value is never over 1. So by Ville's inequality it reaches 1/level with at most the
 * probability `level`, however often one looks.
 */
export interface EProcess {
  readonly height: number;
  /** Empty before the first round. */
  readonly stakes: readonly number[];
}

/** The evidence for both answers so far. Small, since it is carried through all steps of a release. */
export interface EProcesses {
  /** Against "the canary is within its tolerance". */
  readonly bad: EProcess;
  /** Against "the canary is at or over its tolerance". */
  readonly good: EProcess;
  /** The first minute that isn't sealed yet. */
  readonly from: Instant;
}

/** The chances of error that a guard has. */
export interface Risks {
  /** The chance that the guard ever fails a canary that is within its tolerance. */
  readonly alpha: number;
  /** The chance that a canary at or over its tolerance is ever called good. */
  readonly beta: number;
}

/** The chance that a whole release rolls back a good canary, and the chance that one guard calls a bad one verified. */
export const RISKS: Risks = { alpha: 0.01, beta: 0.02 };

/**
 * What each of this many tests may risk. They share the chance of a false alarm, so that it holds for the whole
 * release.
 */
export function risksOfEach(tests: number): Risks {
  return { ...RISKS, alpha: RISKS.alpha / Math.max(1, tests) };
}

/** This share of the stakes is spread anew before each round, so that a late change is found. */
const FIXED_SHARE = 0.02;

/** Before the first round. */
export const NO_EVIDENCE: EProcess = { height: 0, stakes: [] };

/**
 * One round of the mixture. Some stakes are spread anew; the bets' mean gain is added, up to the cap; then the stakes
 * follow the gains.
 *
 * @param gains ln e of each bet in this round; the expectation of each e is at most 1
 * @param prior how stakes are spread anew; it may not depend on anything that the gains depend on
 * @param cap the most that a round may add, as a part of the height that decides
 * @param level the chance of error at which the height is 1
 */
export function nextRound(
  { height, stakes }: EProcess,
  gains: readonly number[],
  prior: readonly number[],
  cap: number,
  level: number,
): EProcess {
  const anew = stakes.length === 0 ? 1 : FIXED_SHARE;
  const logs = gains.map((gain, index) => {
    /* c8 ignore next -- for the types only: every gain has a stake in `prior` */
    const staked = (1 - anew) * (stakes[index] ?? 0) + anew * (prior[index] ?? 0);
    return Math.log(staked) + gain;
  });
  const gained = logSumExp(logs);
  // Only a bet on no failure at all can fall to zero. The others keep the mean above it.
  return {
    height: height + Math.min(gained / -Math.log(level), cap),
    stakes: logs.map((log) => Math.exp(log - gained)),
  };
}

/** The minutes to add for good: those that aren't yet, and no longer grow. */
export function toSeal<M extends { readonly minute: Instant }>(
  { from }: Pick<EProcesses, "from">,
  minutes: readonly M[],
  sealedBefore: Instant,
): readonly M[] {
  return minutes.filter(({ minute }) => minute >= from && minute < sealedBefore);
}

/** Evidence above this is dropped, so that a canary that gets worse soon stops being called good. */
const HIGHEST_GOOD = 4 / 3;

export function capped({ height, stakes }: EProcess): EProcess {
  return { height: Math.min(height, HIGHEST_GOOD), stakes };
}

/** The minutes that count provisionally, as they stand. */
export function unsealed<M extends { readonly minute: Instant }>(
  { from }: Pick<EProcesses, "from">,
  minutes: readonly M[],
): readonly M[] {
  return minutes.filter(({ minute }) => minute >= from);
}

/** Which minutes count before they are sealed. */
export interface Provisional {
  /** Minutes that began before this instant count against the canary. */
  readonly against: Instant;
  /** Minutes that began before this instant count in its favour, too: none of their calls can be under way any more. */
  readonly inFavour: Instant;
}

/** All minutes, as they stand. */
export const ALL: Provisional = { against: Number.POSITIVE_INFINITY, inFavour: Number.POSITIVE_INFINITY };

function logSumExp(logs: readonly number[]): number {
  const highest = Math.max(...logs);
  return highest + Math.log(logs.reduce((sum, x) => sum + Math.exp(x - highest), 0));
}
