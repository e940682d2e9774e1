import type { Instant } from "../domain/time.ts";
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

/** The canary's figure in one minute, and what was allowed: the baseline's figure, times the ratio, plus the margin. */
export interface Pair {
  readonly minute: Instant;
  readonly canary: number;
  /** Null if the guard is against a number. */
  readonly baseline: number | null;
  readonly allowed: number;
}

/** Everything that a paired sign-flip test knows so far. Small, since it is carried through all steps of a release. */
export interface PairedEvidence extends EProcesses {
  readonly seen: PairsSeen;
}

export interface PairsSeen {
  readonly minutes: number;
  /** The number of minutes in which the canary was over what was allowed. */
  readonly over: number;
  readonly latest: Pair | null;
}

// How much a difference of 100 % tells. Small values find large differences in noise; large values find small ones.
export const LOUDNESS: readonly number[] = [1, 4, 16, 64];
const STAKES = LOUDNESS.map(() => 1 / LOUDNESS.length);
/** A round can at most double an e-value, so a single minute can't decide anyway. */
const NO_CAP = 1;

export function noPairs(from: Instant): PairedEvidence {
  return { bad: NO_EVIDENCE, good: NO_EVIDENCE, seen: { minutes: 0, over: 0, latest: null }, from };
}

/**
 * Adds the minutes that can no longer grow to the evidence, for good.
 *
 * @param pairs in order of time, each minute at most once
 * @param sealedBefore minutes that began before this instant no longer grow
 */
export function sealPairs(
  evidence: PairedEvidence,
  pairs: readonly Pair[],
  sealedBefore: Instant,
  risks: Risks,
): PairedEvidence {
  const sealed = toSeal(evidence, pairs, sealedBefore);
  const from = Math.max(evidence.from, sealedBefore);
  return { ...sealed.reduce((before, pair) => add(before, pair, risks), evidence), from };
}

/** The evidence with the minutes that can still grow, as they stand. From 1 on, bad or good is shown. */
export function weighPairs(
  evidence: PairedEvidence,
  pairs: readonly Pair[],
  risks: Risks,
  { against, inFavour }: Provisional = ALL,
) {
  const upTo = (end: Instant) =>
    unsealed(evidence, pairs)
      .filter(({ minute }) => minute < end)
      .reduce((before, pair) => add(before, pair, risks), evidence);
  const { bad, seen } = upTo(against);
  return { bad: bad.height, good: upTo(inFavour).good.height, seen };
}

/**
 * Adds one minute. With z the difference between the canary's figure and what was allowed, relative to their mean size,
 * e = 2/(1 + exp(−2λz)) for each λ. If z and −z are equally likely, the mean of e is 1, however large z is; if z tends
 * to be below 0, it is less. Relative differences are used because they are bounded, and work for figures of 0, too.
 * After Ramdas, Ruf, Larsson & Koolen (arXiv 2009.03167), symmetric nulls.
 */
function add(evidence: PairedEvidence, pair: Pair, { alpha, beta }: Risks): PairedEvidence {
  const { canary, allowed } = pair;
  const size = (Math.abs(canary) + Math.abs(allowed)) / 2;
  const z = size === 0 ? 0 : (canary - allowed) / size;
  const gains = (sign: 1 | -1) => LOUDNESS.map((loudness) => Math.LN2 - Math.log1p(Math.exp(-2 * loudness * sign * z)));
  const { minutes, over } = evidence.seen;
  return {
    ...evidence,
    bad: nextRound(evidence.bad, gains(1), STAKES, NO_CAP, alpha),
    good: capped(nextRound(evidence.good, gains(-1), STAKES, NO_CAP, beta)),
    seen: { minutes: minutes + 1, over: over + (canary > allowed ? 1 : 0), latest: pair },
  };
}
