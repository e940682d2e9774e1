import { endOfStage, type Release } from "./release.ts";
import { type Duration, formatDuration, type Instant, MINUTE } from "./time.ts";
import { type Analysis, worst } from "./verdict.ts";

/** All that one look at the world brought. */
export interface Look {
  readonly at: Instant;
  /** What asked for the release to stop, from outside; null when nothing did. */
  readonly aborted: string | null;
  /** What others made of aliases that were ours, a sentence each. */
  readonly intrusions: readonly string[];
  readonly analyses: readonly Analysis[];
}

/** What is to be done next. */
export type Move =
  | { readonly kind: "wait"; readonly until: Instant }
  | { readonly kind: "shift"; readonly step: number }
  | { readonly kind: "promote" }
  | { readonly kind: "roll-back"; readonly reason: string }
  /** Somebody else holds an alias now: leave theirs alone, take back what is still ours. */
  | { readonly kind: "give-way"; readonly reason: string }
  | { readonly kind: "finish" };

/** How long the metrics may be unreadable before the release is taken back. */
export const MAX_UNREADABLE: Duration = 5 * MINUTE;

/** The story of a release: what to do next, by where it stands and what was seen. Pure: the conductor carries it out. */
export function decide(release: Release, { at, aborted, intrusions, analyses }: Look): Move {
  const { stage, plan, whenInconclusive } = release;
  if (intrusions.length > 0) return { kind: "give-way", reason: intrusions.join("; ") };
  if (aborted !== null) return { kind: "roll-back", reason: aborted };
  if (stage.kind === "ready") return shiftOrPromote(0);

  const verdict = worst(analyses);
  if (verdict?.verdict === "fail") return { kind: "roll-back", reason: because(verdict) };

  const { unreadableSince } = stage.bake;
  if (unreadableSince !== null && at - unreadableSince >= MAX_UNREADABLE) {
    const since = `the metrics could not be read for ${formatDuration(at - unreadableSince)}`;
    return { kind: "roll-back", reason: verdict === null ? since : `${since}: ${verdict.reason}` };
  }
  if (verdict?.verdict === "error") return { kind: "wait", until: at };

  const end = endOfStage(release);
  if (at < end) return { kind: "wait", until: end };
  if (verdict?.verdict === "inconclusive" && whenInconclusive === "rollback") {
    return { kind: "roll-back", reason: `nothing was shown either way: ${because(verdict)}` };
  }
  return stage.kind === "promoted" ? { kind: "finish" } : shiftOrPromote(stage.step + 1);

  function shiftOrPromote(step: number): Move {
    return step < plan.steps.length ? { kind: "shift", step } : { kind: "promote" };
  }
}

/** `error-rate <= 1% (checkout): 12 of 480 …`. */
export function because({ rule, target, reason }: Analysis): string {
  return `${rule}${target === null ? "" : ` (${target.function})`}: ${reason}`;
}

/** Keeps account of the time in which the metrics could not be read: it counts as lost, not as baked. */
export function afterLook(release: Release, { at, analyses }: Look): Release {
  const { stage } = release;
  if (stage.kind === "ready") return release;
  const unreadable = worst(analyses)?.verdict === "error";
  const { lost, unreadableSince } = stage.bake;
  if (unreadable === (unreadableSince !== null)) return release;
  const bake = unreadable
    ? { ...stage.bake, unreadableSince: at }
    : { ...stage.bake, unreadableSince: null, lost: lost + at - (unreadableSince ?? at) };
  return { ...release, stage: { ...stage, bake } };
}
