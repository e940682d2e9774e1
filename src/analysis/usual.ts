import type { Instant } from "../domain/time.ts";
import { type Counts, rate, withCalm } from "./counts.ts";

/**
 * What was usual in some minutes: all calls, and the failures without those of bursts. The calmest minutes come first,
 * so a burst is measured by what the others had.
 *
 * @param calls by minute
 * @param failures by minute; where there is none, no call failed
 */
export function usualCounts(calls: ReadonlyMap<Instant, number>, failures: ReadonlyMap<Instant, number>): Counts {
  const minutes = [...calls].map(([minute, count]): Counts => ({ calls: count, failures: failures.get(minute) ?? 0 }));
  return minutes.sort((a, b) => rate(a) - rate(b)).reduce(withCalm, { calls: 0, failures: 0 });
}
