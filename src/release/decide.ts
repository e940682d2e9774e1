import { because, lacking } from "./patience.ts";
import { type Bake, endOfStage, holdOfStage, type Release } from "./release.ts";
import { formatDuration, type Instant } from "./time.ts";
import { type Analysis, worst } from "./verdict.ts";

/** The result of one look. */
export interface Look {
  readonly at: Instant;
  /** Why the release has to stop, if somebody asked for it; else null. */
  readonly aborted: string | null;
  /** What others changed on our aliases, one sentence each. */
  readonly intrusions: readonly string[];
  readonly analyses: readonly Analysis[];
}

/** What to do next. */
export type Move =
  /** `lacks` is what the step still waits for after its bake; null before. */
  | { readonly kind: "wait"; readonly until: Instant; readonly lacks: string | null }
  | { readonly kind: "shift"; readonly step: number }
  | { readonly kind: "promote" }
  | { readonly kind: "roll-back"; readonly reason: string }
  /** Somebody else changed an alias: leave it alone, and roll back those that are still ours. */
  | { readonly kind: "give-way"; readonly reason: string }
  | { readonly kind: "finish" };

/** Decides what to do next, by where the release stands and what was seen. Pure: the conductor carries it out. */
export function decide(release: Release, { at, aborted, intrusions, analyses }: Look): Move {
  const { stage, plan, patience, whenInconclusive } = release;
  if (intrusions.length > 0) return { kind: "give-way", reason: intrusions.join("; ") };
  if (aborted !== null) return { kind: "roll-back", reason: aborted };
  if (stage.kind === "ready") return shiftOrPromote(0);

  const verdict = worst(analyses);
  if (verdict?.verdict === "fail") return { kind: "roll-back", reason: because(verdict) };

  if (verdict?.verdict === "error") {
    const unreadableFor = at - (stage.bake.unreadableSince ?? at);
    if (unreadableFor < patience.maxUnreadable) return { kind: "wait", until: at, lacks: null };
    const since = `the metrics could not be read for ${formatDuration(unreadableFor)}`;
    return { kind: "roll-back", reason: `${since}: ${verdict.reason}` };
  }

  const end = endOfStage(release);
  if (at < end) return { kind: "wait", until: end, lacks: null };
  const lacks = lacking(release, analyses);
  const longest = end + holdOfStage(release);
  if (lacks !== null && at < longest) return { kind: "wait", until: longest, lacks };
  if (lacks !== null && whenInconclusive === "rollback") {
    return { kind: "roll-back", reason: `the step stayed inconclusive: ${lacks}` };
  }
  return stage.kind === "promoted" ? { kind: "finish" } : shiftOrPromote(stage.step + 1);

  function shiftOrPromote(step: number): Move {
    return step < plan.steps.length ? { kind: "shift", step } : { kind: "promote" };
  }
}

/** Keeps track of the time in which the metrics could not be read: it is lost, and doesn't count as baked. */
export function afterLook(release: Release, { at, analyses }: Look): Release {
  const { stage } = release;
  if (stage.kind === "ready") return release;
  const unreadable = worst(analyses)?.verdict === "error";
  const { lost, unreadableSince } = stage.bake;
  const withBake = (bake: Partial<Bake>) => ({ ...release, stage: { ...stage, bake: { ...stage.bake, ...bake } } });
  if (unreadable && unreadableSince === null) return withBake({ unreadableSince: at });
  if (!unreadable && unreadableSince !== null) {
    return withBake({ unreadableSince: null, lost: lost + at - unreadableSince });
  }
  return release;
}
