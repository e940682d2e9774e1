import type { Late } from "../analysis/reason.ts";
import { type Analysis, worst } from "../analysis/verdict.ts";
import { LATEST, METRIC_DELAY } from "../domain/plan.ts";
import { type Instant, minuteOf } from "../domain/time.ts";
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
  if (at < end) return { kind: "wait", until: end, lacks: null };
  const late = lateFor(release);
  if (late !== null) return { kind: "wait", until: end + LATEST, lacks: late };
  const lacks = missingEvidence(release, analyses);
  const longest = end + (isSilent(release) ? 0 : stage.bake.awaited) + holdOfStage(release);
  if (lacks !== null && at < longest) return { kind: "wait", until: longest, lacks };
  if (lacks !== null && whenInconclusive === "rollback" && !isHarmless(release)) {
    return { kind: "roll-back", reason: { kind: "inconclusive", lacks } };
  }
  return stage.kind === "promoted" ? { kind: "finish" } : shiftOrPromote(stage.step + 1);

  function shiftOrPromote(step: number): Move {
    return step < plan.steps.length ? { kind: "shift", step } : { kind: "promote" };
  }
}

/** The figures that this bake must have before it can end, if they are late; null if nothing is missing. */
function lateFor(release: Release): Late | null {
  const due = minuteOf(endOfStage(release) - METRIC_DELAY);
  return release.analysis.trafficChecks.find(({ late }) => late !== null && late.shownUntil < due)?.late ?? null;
}

/** Where nobody calls the function any more, nothing is at risk before the last step. */
function isHarmless(release: Release): boolean {
  const { stage, plan } = release;
  const isLast = stage.kind !== "baking" || stage.step === plan.steps.length - 1;
  return !isLast && isSilent(release);
}

function isSilent({ analysis: { trafficChecks } }: Release): boolean {
  return trafficChecks.some((trafficCheck) => trafficCheck.isSilent);
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
  if (!unreadable && unreadableSince === null && at > end + awaited && lateFor(release) !== null) {
    return { ...release, stage: { ...stage, bake: { ...stage.bake, awaited: at - end } } };
  }
  const withBake = (bake: Partial<Bake>) => ({ ...release, stage: { ...stage, bake: { ...stage.bake, ...bake } } });
  if (unreadable && unreadableSince === null) return withBake({ unreadableSince: at });
  if (!unreadable && unreadableSince !== null) {
    return withBake({ unreadableSince: null, lost: lost + at - unreadableSince });
  }
  return release;
}
