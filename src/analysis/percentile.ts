import type { Reading } from "../domain/ports.ts";
import type { Duration } from "../domain/time.ts";
import type { MeasuredGuard } from "../guards/guard.ts";
import type { Sides } from "./judge.ts";
import { pointsOf } from "./readings.ts";
import type { Percentile } from "./verdict.ts";

/**
 * The percentile that a guard is about, for people: the judge counts calls over two bounds. Null while a version has none,
 * or it could not be read: that must not disturb a release.
 *
 * @param shown the canary's and the baseline's readings of the percentile
 */
export function percentileShown(guard: MeasuredGuard, read: Sides, shown: readonly Reading[]): Percentile | null {
  if (guard.kind !== "percentile") return null;
  const { tolerance, percentile } = guard;
  const [ofCanary, ofBaseline] = shown;
  const canary = mean(ofCanary, read.canary[0]);
  const baseline = mean(ofBaseline, read.baseline[0]);
  if (canary === null || (baseline === null && tolerance.ratio > 0)) return null;
  const allowed = tolerance.ratio * (baseline ?? 0) + tolerance.margin;
  return { name: `p${percentile}`, canary, baseline, allowed };
}

/** The mean of the minutes, each weighted by its calls: CloudWatch has no percentile over several of them. */
function mean(figures: Reading | undefined, calls: Reading | undefined): Duration | null {
  const counts = pointsOf(calls);
  let [sum, weight] = [0, 0];
  for (const [minute, figure] of pointsOf(figures)) {
    const count = counts.get(minute) ?? 0;
    sum += figure * count;
    weight += count;
  }
  return weight === 0 ? null : sum / weight;
}
