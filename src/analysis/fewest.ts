import type { Tolerance } from "../guards/guard.ts";
import { noEvidence, weigh } from "./counts.ts";

/** The baseline's calls for each call of the canary, which has a share of the traffic from 0 to 1. */
export function beside(share: number): number {
  return (1 - share) / share;
}

/**
 * Whether this many canary calls could show anything. The best case is assumed: all of them fail and none of the
 * baseline's do, spread over two minutes, since no single minute decides.
 *
 * @param share the canary's share of the traffic, over 0 and up to 1
 * @param alpha the guard's own chance of error
 */
export function couldShow(calls: number, tolerance: Tolerance, share: number, alpha: number): boolean {
  const minutes = [Math.ceil(calls / 2), Math.floor(calls / 2)].map((failing, minute) => ({
    minute,
    canary: { calls: failing, failures: failing },
    baseline: { calls: failing * beside(share), failures: 0 },
  }));
  return weigh(noEvidence(0, null), minutes, tolerance, { alpha, beta: alpha }).bad >= 1;
}

/** The fewest minutes in which a paired test can fail: it at most doubles its e-value in a minute. */
export function fewestMinutes(alpha: number): number {
  return Math.ceil(Math.log2(1 / alpha));
}
