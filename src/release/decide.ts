import { isVerified } from "../analysis/analyse.ts";
import { longestLateness } from "../analysis/counts.ts";
import type { Late } from "../analysis/reason.ts";
import { hasEnoughOfStep } from "../analysis/state.ts";
import type { TrafficCheck } from "../analysis/traffic-check.ts";
import { type Analysis, worst } from "../analysis/verdict.ts";
import { sameTarget } from "../domain/alias.ts";
import type { Member } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import { type Instant, minuteOf } from "../domain/time.ts";
import { isComparing } from "../guards/guard.ts";
import type { ExternalChange } from "./external-change.ts";
import { missingEvidence } from "./hold.ts";
import type { Reason } from "./reason.ts";
import { type Bake, endOfStage, holdOfStage, type Release } from "./release.ts";

/** The result of one look. */
export interface Look {
  readonly at: Instant;
  /** Why the release has to stop, if somebody asked for it; else null. */
  readonly aborted: Reason | null;
  /** What others changed on our aliases. */
  readonly externalChanges: readonly ExternalChange[];
  readonly analyses: readonly Analysis[];
}

/** What to do next. */
export type Move =
  /** `lacks` is what the step still waits for after its bake; null before. */
  | { readonly kind: "wait"; readonly until: Instant; readonly lacks: Reason | null }
  | { readonly kind: "shift"; readonly step: number }
  | { readonly kind: "promote" }
  | { readonly kind: "roll-back"; readonly reason: Reason }
  /** Somebody else changed an alias: leave it alone, and roll back those that are still ours. */
  | { readonly kind: "give-way"; readonly reason: Reason }
  | { readonly kind: "finish" };

/** Decides what to do next, by where the release stands and what was seen. Pure: the engine carries it out. */
export function decide(release: Release, { at, aborted, externalChanges, analyses }: Look): Move {
  const { stage, plan, holdLimits, whenInconclusive } = release;
  if (externalChanges.length > 0) return { kind: "give-way", reason: { kind: "all", reasons: externalChanges } };
  if (aborted !== null) return { kind: "roll-back", reason: aborted };
  if (stage.kind === "ready") return shiftOrPromote(0);

  const verdict = worst(analyses);
  if (verdict?.verdict === "fail") return { kind: "roll-back", reason: { kind: "judged", analysis: verdict } };

  if (verdict?.verdict === "error") {
    const lasted = at - (stage.bake.unreadableSince ?? at);
    if (lasted < holdLimits.maxUnreadable) return { kind: "wait", until: at, lacks: null };
    return { kind: "roll-back", reason: { kind: "unreadable", lasted, analysis: verdict } };
  }

  const end = endOfStage(release);
  if (at < end) return isShown(release, analyses) ? next() : { kind: "wait", until: end, lacks: null };
  const late = lateFor(release);
  if (late !== null) return { kind: "wait", until: end + longestLateness(late.member.timeout), lacks: late.figures };
  const lacks = missingEvidence(release, analyses);
  const { trafficChecks } = release.analysis;
  const isAllSilent = trafficChecks.every(({ isSilent }) => isSilent);
  const longest = end + (isAllSilent ? 0 : stage.bake.awaited) + holdOfStage(release);
  if (lacks !== null && at < longest) return { kind: "wait", until: longest, lacks };
  if (lacks !== null && whenInconclusive === "rollback" && !isHarmless(release, analyses)) {
    return { kind: "roll-back", reason: { kind: "inconclusive", lacks } };
  }
  return next();

  function next(): Move {
    return stage.kind === "baking" ? shiftOrPromote(stage.step + 1) : { kind: "finish" };
  }

  function shiftOrPromote(step: number): Move {
    return step < plan.steps.length ? { kind: "shift", step } : { kind: "promote" };
  }
}

/**
 * Whether a step may end before its time: every guard that compares has passed, with whole minutes of this step among
 * those that it went by, and nothing is late, lacking or over its limit.
 */
function isShown(release: Release, analyses: readonly Analysis[]): boolean {
  const { advance, stage, analysis } = release;
  if (advance === "by-time" || stage.kind !== "baking") return false;
  const comparing = analysis.watches.filter(({ guard }) => isComparing(guard));
  const { trafficChecks } = analysis;
  return (
    isVerified(analyses) &&
    comparing.every(hasEnoughOfStep) &&
    trafficChecks.every(({ late }) => late === null) &&
    !analyses.some(isOver) &&
    missingEvidence(release, analyses) === null
  );
}

/** True for a level that is over its limit, though not for long enough to fail. */
function isOver({ reason }: Analysis): boolean {
  return reason.kind === "measured" && reason.measurement.kind === "level" && reason.measurement.status.kind === "over";
}

/** The figures that this bake must have before it can end, if they are late; null if nothing is missing. */
function lateFor(release: Release): { readonly figures: Late; readonly member: Member } | null {
  const due = minuteOf(endOfStage(release) - METRIC_DELAY);
  for (const { late: figures, member } of release.analysis.trafficChecks) {
    if (figures !== null && figures.shownUntil < due) return { figures, member };
  }
  return null;
}

/** Where nobody calls a function any more, nothing is at risk before the last step if only its evidence is missing. */
function isHarmless(release: Release, analyses: readonly Analysis[]): boolean {
  const { stage, plan } = release;
  const isLast = stage.kind !== "baking" || stage.step === plan.steps.length - 1;
  return !isLast && release.analysis.trafficChecks.every((each) => each.isSilent || !lacksEvidence(each));

  function lacksEvidence({ member, ofStep }: TrafficCheck): boolean {
    const isOfMember = ({ target }: Analysis) => target === null || sameTarget(target, member.target);
    const isOpen = analyses.some((each) => each.verdict === "inconclusive" && isOfMember(each));
    return isOpen || ofStep < Math.max(1, release.holdLimits.minInvocations);
  }
}

/**
 * Keeps track of the time in which the metrics could not be read: it is lost, and doesn't count as baked. Also of how
 * long late figures were waited for.
 */
export function afterLook(release: Release, { at, analyses }: Look): Release {
  const { stage } = release;
  if (stage.kind === "ready") return release;
  const unreadable = worst(analyses)?.verdict === "error";
  const { lost, unreadableSince, awaited } = stage.bake;
  const end = endOfStage(release);
  const withBake = (bake: Partial<Bake>) => ({ ...release, stage: { ...stage, bake: { ...stage.bake, ...bake } } });
  if (unreadable) return unreadableSince === null ? withBake({ unreadableSince: at }) : release;
  if (unreadableSince !== null) return withBake({ unreadableSince: null, lost: lost + at - unreadableSince });
  return at > end + awaited && lateFor(release) !== null ? withBake({ awaited: at - end }) : release;
}
