import { type Counts, type Levels, type MinuteCounts, rate, seal, sealingAge, weigh } from "./evidence.ts";
import { formatCount, formatShare } from "./figures.ts";
import { isComparing } from "./guard.ts";
import type { Reading, Series } from "./ports.ts";
import type { Release, Watch } from "./release.ts";
import { type Instant, minuteOf } from "./time.ts";
import type { Analysis, Figures, Observation, Verdict } from "./verdict.ts";

/** A watch with the series that it needs. */
export interface ActiveWatch {
  readonly watch: Watch;
  /** Calls, then failures. */
  readonly canary: readonly [Series, Series];
  readonly baseline: readonly [Series, Series] | readonly [];
}

/** After the promotion the alias's own series are the canary's: an alias without weights may have none a version. */
export function activeWatches(release: Release): readonly ActiveWatch[] {
  const serving = release.stage.kind === "promoted";
  return release.watches.flatMap((watch) => {
    const comparing = isComparing(watch.guard);
    if (serving && comparing) return [];
    const { target, canary, baseline } = watch.member;
    const counts = (of: Series["of"]): [Series, Series] => [
      { target, metric: "Invocations", statistic: "Sum", of },
      { target, metric: "Errors", statistic: "Sum", of },
    ];
    return [{ watch, canary: counts(serving ? "alias" : canary), baseline: comparing ? counts(baseline) : [] }];
  });
}

/** Takes the new minutes into a watch's evidence, and judges its guard by all that is known then. */
export function judgeWatch(
  { watch, canary, baseline }: ActiveWatch,
  { at, reading }: Observation,
  levels: Levels,
): { readonly watch: Watch; readonly analysis: Analysis } {
  const { guard, member } = watch;
  const about = { rule: guard.text, target: member.target };
  const readings = [...canary, ...baseline].map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) {
    return { watch, analysis: { ...about, verdict: "error", reason: unreadable.reason, figures: null } };
  }
  const minutes = minuteCounts(readings);
  const sealedBefore = minuteOf(at - sealingAge(member.timeout));
  const evidence = seal(watch.evidence, minutes, sealedBefore, guard.tolerance, levels);
  const { bad, good, seen } = weigh(evidence, minutes, guard.tolerance, levels);

  const verdict: Verdict = bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";
  const figures: Figures = {
    canary: seen.canary,
    baseline: isComparing(guard) ? seen.baseline : null,
    allowed: guard.tolerance.ratio * rate(seen.baseline) + guard.tolerance.margin,
    evidence: bad >= 1 ? 1 : clamp(Math.max(0, bad) - Math.max(0, good)),
  };
  return {
    watch: { ...watch, evidence },
    analysis: { ...about, verdict, reason: sentence(verdict, figures), figures },
  };
}

/** A missing point is a zero only beside a point of the calls: the minutes are those in which any call was seen. */
function minuteCounts(readings: readonly Reading[]): readonly MinuteCounts[] {
  const [calls, failures, baseCalls, baseFailures] = readings.map(pointsOf);
  const minutes = new Set([calls, failures, baseCalls].flatMap((points) => [...(points?.keys() ?? [])]));
  return [...minutes]
    .sort((a, b) => a - b)
    .map((minute) => ({
      minute,
      canary: { calls: calls?.get(minute) ?? 0, failures: failures?.get(minute) ?? 0 },
      baseline: { calls: baseCalls?.get(minute) ?? 0, failures: baseFailures?.get(minute) ?? 0 },
    }));
}

/** The points of a reading; none where there are none to be had. */
export function pointsOf(reading: Reading | undefined): ReadonlyMap<Instant, number> {
  return reading?.kind === "points" ? reading.points : new Map();
}

function sentence(verdict: Verdict, { canary, baseline, allowed }: Figures): string {
  if (canary.calls + canary.failures === 0)
    return "the canary has had no calls yet that CloudWatch shows: nothing is shown";
  const of = ({ calls, failures }: Counts, who: string) =>
    `${formatCount(failures)} of ${formatCount(calls)} ${who} calls`;
  const beside = baseline === null ? "" : `, ${of(baseline, "baseline")} (${formatShare(rate(baseline))})`;
  const figures = `${of(canary, "canary")} failed (${formatShare(rate(canary))})${beside}; allowed up to ${formatShare(allowed)}`;
  switch (verdict) {
    case "pass":
      return `${figures}: shown to be within tolerance`;
    case "fail":
      return `${figures}: shown to be over it`;
    case "inconclusive":
    case "error":
      return `${figures}: not enough to show it either way`;
  }
}

function clamp(x: number): number {
  return Math.min(1, Math.max(-1, x));
}
