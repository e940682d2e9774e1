import { because, lacking } from "./patience.ts";
import { endOfStage, holdOfStage, type Release } from "./release.ts";
import { formatDuration, type Instant } from "./time.ts";
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
  /** `lacks` is what is waited for though the bake is over; null before. */
  | { readonly kind: "wait"; readonly until: Instant; readonly lacks: string | null }
  | { readonly kind: "shift"; readonly step: number }
  | { readonly kind: "promote" }
  | { readonly kind: "roll-back"; readonly reason: string }
  /** Somebody else holds an alias now: leave theirs alone, take back what is still ours. */
  | { readonly kind: "give-way"; readonly reason: string }
  | { readonly kind: "finish" };

/** The story of a release: what to do next, by where it stands and what was seen. Pure: the conductor carries it out. */
export function decide(release: Release, { at, aborted, intrusions, analyses }: Look): Move {
  const { stage, plan, patience, whenInconclusive } = release;
  if (intrusions.length > 0) return { kind: "give-way", reason: intrusions.join("; ") };
  if (aborted !== null) return { kind: "roll-back", reason: aborted };
  if (stage.kind === "ready") return shiftOrPromote(0);

  const verdict = worst(analyses);
  if (verdict?.verdict === "fail") return { kind: "roll-back", reason: because(verdict) };

  const { unreadableSince } = stage.bake;
  if (unreadableSince !== null && at - unreadableSince >= patience.maxUnreadable) {
    const since = `the metrics could not be read for ${formatDuration(at - unreadableSince)}`;
    return { kind: "roll-back", reason: verdict === null ? since : `${since}: ${verdict.reason}` };
  }
  if (verdict?.verdict === "error") return { kind: "wait", until: at, lacks: null };

  const end = endOfStage(release);
  if (at < end) return { kind: "wait", until: end, lacks: null };
  const lacks = lacking(release, analyses);
  const longest = end + holdOfStage(release);
  if (lacks !== null && at < longest) return { kind: "wait", until: longest, lacks };
  if (lacks !== null && whenInconclusive === "rollback") {
    return { kind: "roll-back", reason: `nothing was shown either way: ${lacks}` };
  }
  return stage.kind === "promoted" ? { kind: "finish" } : shiftOrPromote(stage.step + 1);

  function shiftOrPromote(step: number): Move {
    return step < plan.steps.length ? { kind: "shift", step } : { kind: "promote" };
  }
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
