import type { Reading, Series } from "../domain/ports.ts";
import { firstWholeMinute, type Instant, minuteOf } from "../domain/time.ts";
import { type Guard, isComparing } from "../guards/guard.ts";
import { sealingAge } from "./counts.ts";
import { judge, provisionalAt, type Sides, type Terms } from "./judge.ts";
import { type Method, scopeOf } from "./method.ts";
import { percentileShown } from "./percentile.ts";
import { pointsOf } from "./readings.ts";
import type { VerdictReason } from "./reason.ts";
import { seriesOf, shownSeries } from "./series.ts";
import { type Apart, type Watch, withMinutes } from "./state.ts";
import type { Analysis, Figures, Observation, RuleKind, Verdict } from "./verdict.ts";

/** A watch with the series that it needs for each side; none for the baseline if nothing is compared. */
export interface ActiveWatch {
  readonly watch: Watch;
  readonly canary: readonly Series[];
  readonly baseline: readonly Series[];
  /** The canary's percentile and the baseline's, for people to read; none where nothing can be shown. */
  readonly shown: readonly Series[];
  /** After the promotion; null before. */
  readonly handover: Handover | null;
  /** Null if it is known that CloudWatch tells the versions apart. */
  readonly whole: Whole | null;
}

/** What to look at where CloudWatch may not tell the versions apart. */
interface Whole {
  /** The alias's series, in the order of the canary's. */
  readonly alias: readonly Series[];
  /** The baseline's first series: with a figure in it, the versions are told apart. */
  readonly beside: Series;
  /** The minute of the first shift. */
  readonly since: Instant;
}

/**
 * From the promotion on, the alias's own series are the canary's: without weights, an alias may have no series per
 * version. Earlier calls can still show late, per version. A comparison gets nothing else any more.
 */
interface Handover {
  /** The first minute of the alias's series. */
  readonly at: Instant;
  /** The alias's series, in the order of the canary's; none for a comparison. */
  readonly alias: readonly Series[];
}

/** @param promotedAt since when all traffic has been on the canaries; null before */
export function activeWatches(watches: readonly Watch[], promotedAt: Instant | null): readonly ActiveWatch[] {
  const at = promotedAt === null ? null : firstWholeMinute(promotedAt);
  return watches.flatMap((watch): ActiveWatch[] => {
    const { method, guard, member } = watch;
    const { target, canary, baseline } = member;
    const comparing = isComparing(guard);
    const ofCanary = seriesOf(method, "canary", target, canary, canary);
    const ofBaseline = comparing ? seriesOf(method, "baseline", target, baseline, baseline) : [];
    const alias = seriesOf(method, "canary", target, canary, "alias");
    if (at === null) {
      const [beside] = seriesOf(method, "baseline", target, baseline, baseline);
      const isKnown = watch.apart === "yes" || method.kind === "level" || beside === undefined;
      const whole = isKnown ? null : { alias, beside, since: method.evidence.from };
      const shown = [canary, ...(comparing ? [baseline] : [])].flatMap((of) => shownSeries(watch, target, of));
      return [{ watch, canary: ofCanary, baseline: ofBaseline, shown, handover: null, whole }];
    }
    const isSealed = method.kind !== "level" && method.evidence.from >= at;
    if (comparing)
      return isSealed
        ? []
        : [{ watch, canary: ofCanary, baseline: ofBaseline, shown: [], handover: { at, alias: [] }, whole: null }];
    const isOfAlias = isSealed || watch.apart === "no";
    const handover = isOfAlias ? null : { at, alias };
    const shown = isOfAlias ? shownSeries(watch, target, "alias") : [];
    return [{ watch, canary: isOfAlias ? alias : ofCanary, baseline: [], shown, handover, whole: null }];
  });
}

/** Takes the minutes before the handover from the version's series, and those after it from the alias's. */
function handedOver(reading: Reading, handover: Handover | null, successor: Reading | undefined): Reading {
  if (handover === null || reading.kind === "unreadable") return reading;
  if (successor?.kind === "unreadable") return successor;
  const before = [...reading.points].filter(([minute]) => minute < handover.at);
  const after = [...pointsOf(successor)].filter(([minute]) => minute >= handover.at);
  return { kind: "points", points: new Map([...before, ...after]) };
}

function kindOf(guard: Guard): RuleKind {
  return isComparing(guard) ? "comparison" : "limit";
}

/** Adds the new minutes to a watch, and judges its guard by all that is known so far. */
export function judgeWatch(
  active: ActiveWatch,
  { at, reading }: Observation,
  terms: Terms,
): { readonly watch: Watch; readonly analysis: Analysis } {
  const { watch, canary, baseline, handover, whole } = active;
  const { guard, member } = watch;
  const { place, text } = guard;
  const judged = (news: Partial<Watch>, verdict: Verdict, reason: VerdictReason, figures: Figures | null) => ({
    watch: { ...watch, ...news },
    analysis: {
      kind: kindOf(guard),
      guard: { place, text },
      target: member.target,
      verdict,
      reason,
      figures,
      versions: { canary: member.canary, baseline: member.baseline },
    },
  });
  const sealedBefore = minuteOf(at - sealingAge(member.timeout));
  const apart = whole === null ? watch.apart : apartBy(active, whole, reading, sealedBefore);
  const isWhole = apart === "no" && whole !== null;
  const read: Sides = {
    canary: (isWhole ? whole.alias : canary).map((each, index) => {
      const successor = handover?.alias[index];
      return handedOver(reading(each), handover, successor === undefined ? undefined : reading(successor));
    }),
    baseline: baseline.map((each) => handedOver(reading(each), handover, undefined)),
  };
  const besides = whole === null ? [] : [whole.beside, ...whole.alias].map(reading);
  const unreadable = [...read.canary, ...read.baseline, ...besides].find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) return judged({}, "error", { kind: "unreadable", error: unreadable.reason }, null);
  if (isWhole && isComparing(guard)) return judged({ apart }, "inconclusive", { kind: "indistinct" }, null);
  const scope = apart === "no" ? "alias" : scopeOf(watch.method);
  const limit = scope === "version" ? null : watch.limit;
  const provisional = provisionalAt(at, member);
  const { method, verdict, measurement, figures, minutes } = judge(watch.method, read, {
    ...terms,
    at,
    sealedBefore,
    provisional,
    scope,
    limit,
    usual: member.usual,
    usualRate: member.usualRate,
  });
  // Until it is known whose figures will come, no minute is final.
  const isOpen = apart === "unknown" && whole !== null;
  const reason = { kind: "measured", measurement, isWhole, overBefore: overBefore(watch.method, limit) } as const;
  const ofStep = withMinutes(watch.ofStep, minutes);
  const percentile = percentileShown(guard, read, active.shown.map(reading));
  const told =
    figures.slow === null || percentile === null ? figures : { ...figures, slow: { ...figures.slow, percentile } };
  return judged({ apart, ofStep, method: isOpen ? watch.method : method }, verdict, reason, told);
}

/** The guard's own limit, if more is allowed than that. */
function overBefore(method: Method, limit: number | null): number | null {
  return limit === null || method.kind === "level" ? null : method.tolerance.margin;
}

/** Late figures prove nothing: only minutes that no longer grow can show that there are none by version. */
function apartBy(
  { watch: { apart }, canary }: ActiveWatch,
  { alias, beside, since }: Whole,
  reading: Observation["reading"],
  sealedBefore: Instant,
): Apart {
  const minutes = (series: readonly Series[]) =>
    series.slice(0, 1).flatMap((first) => {
      return [...pointsOf(reading(first))].flatMap(([minute, figure]) => (figure > 0 ? [minute] : []));
    });
  if (minutes([beside]).length > 0 || minutes(canary).length > 0) return "yes";
  // In the minute of the shift, most requests may have come before it.
  return minutes(alias).some((minute) => minute > since && minute < sealedBefore) ? "no" : apart;
}
