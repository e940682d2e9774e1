import { showsNothing } from "../analysis/replay-result.ts";
import type { Version } from "../domain/alias.ts";
import { isBlind } from "../forecast/forecast.ts";
import type { Outcome } from "../release/events.ts";
import { releasedOf, type Story, strandedOf, weightNow } from "./story.ts";

/** What people read first, and maybe all that they read. Plain text: the caller must escape it. */
export interface Headline {
  readonly symbol: string;
  /** The function's name, or how many functions there are. */
  readonly subject: string;
  readonly words: string;
}

export function headline(story: Story): Headline {
  const { members } = story;
  const [first] = members;
  const several = members.length === 0 ? "release" : `${members.length} functions`;
  const subject = members.length === 1 && first ? first.target.function : several;
  return { subject, ...inWords(story) };
}

type Words = Pick<Headline, "symbol" | "words">;

function inWords(story: Story): Words {
  const { state, aRollbackIs } = story;
  const { forth, back } = versions(story);
  if (strandedOf(story).length > 0) return { symbol: "🚨", words: "rollback failed · act now" };
  switch (state.kind) {
    case "preparing":
      return aRollbackIs === "the aim"
        ? { symbol: "↩️", words: "rolling back" }
        : { symbol: "🐤", words: "getting ready" };
    case "ready":
      return { symbol: "🐤", words: `about to release${forth}` };
    case "baking":
      return { symbol: "🐤", words: `releasing${forth} · ${weightNow(story)} %` };
    case "promoted":
      return { symbol: "🐤", words: `promoted${forth}${state.until === null ? "" : " · still watched"}` };
    case "rolling-back":
      return { symbol: "↩️", words: `rolling back${back}` };
    case "ended":
      return ending(story, state.outcome);
  }
}

function ending(story: Story, outcome: Outcome): Words {
  const { forth, back, at } = versions(story);
  switch (outcome) {
    case "promoted":
      return promoted(story, forth);
    case "rolled-back":
      return { symbol: "↩️", words: rolledBack(story, back === "" && at !== null ? ` to ${at}` : back) };
    case "unchanged":
      if (story.aRollbackIs === "a repair")
        return story.warnings.length > 0
          ? { symbol: "⚠️", words: "left as it is, needs a look" }
          : { symbol: "✅", words: "nothing to heal" };
      return { symbol: "✅", words: at === null ? "unchanged" : `unchanged, already on ${at}` };
    case "created":
      return { symbol: "🌱", words: `created${at === null ? "" : ` at ${at}`}, compared with nothing` };
    case "planned":
      return planned(story);
    case "replayed":
      return replayed(story);
    case "superseded":
      return { symbol: "✋", words: "superseded, someone else changed the alias" };
    case "failed":
      return story.moves === "forth" && story.shifts.length === 0
        ? { symbol: "❌", words: "failed before any traffic was moved" }
        : { symbol: "❌", words: "failed" };
  }
}

function promoted({ state }: Story, forth: string): Words {
  switch (state.kind === "ended" ? state.confidence : null) {
    case "shown":
      return { symbol: "✅", words: `promoted${forth}, shown to be as good` };
    case "unopposed":
      return { symbol: "☑️", words: `promoted${forth}, nothing spoke against it` };
    case "unjudged":
    case null:
      return { symbol: "⚠️", words: `promoted${forth}, and something could not be judged` };
  }
}

function rolledBack({ aRollbackIs, members }: Story, back: string): string {
  const isMoving = members.some(({ serving }) => (serving?.movingFrom ?? null) !== null);
  return aRollbackIs === "the aim" || isMoving ? `rolled back${back}` : `rolled back${back}, no action needed`;
}

function planned({ forecast, checks }: Story): Words {
  if (checks.some(({ state }) => state === "wrong"))
    return { symbol: "⚠️", words: "plan checked, something is missing" };
  // An alias that isn't there, or is in use: its guards may well compare.
  if (forecast === null) return { symbol: "⚠️", words: "plan checked, nothing to forecast by yet" };
  const steps = forecast.forecasts.flatMap(({ steps: each }) => each);
  const blind = steps.filter(isBlind).length;
  const isWatched = steps.some(({ errors, slowdown }) => errors !== "unwatched" || slowdown !== "unwatched");
  if (!isWatched) return { symbol: "⚠️", words: "plan checked, no step compares the versions" };
  return blind === 0
    ? { symbol: "🔭", words: "plan checked, every step can stop a bad version" }
    : { symbol: "⚠️", words: `plan checked, ${blind} of ${steps.length} steps can't stop anything` };
}

function replayed({ replayed: rows }: Story): Words {
  if (rows.some(({ firedAt }) => firedAt !== null)) {
    return { symbol: "🔔", words: "replayed, it would have been rolled back" };
  }
  return rows.every(({ analysis }) => showsNothing(analysis))
    ? { symbol: "⚠️", words: "replayed, too little data for any verdict" }
    : { symbol: "🔕", words: "replayed, no guard would have fired" };
}

/** The version numbers of a single function; empty for a fleet, which has them in its table. */
interface Versions {
  /** ` 41 → 42`, or empty. */
  readonly forth: string;
  readonly back: string;
  /** The version that serves now; null if unknown. */
  readonly at: Version | null;
}

function versions(story: Story): Versions {
  const [only] = story.members;
  if (only === undefined || story.members.length > 1) return { forth: "", back: "", at: null };
  const { baseline, canary, serving } = only;
  const at = serving?.routing.primary ?? baseline ?? canary;
  const isReleased = releasedOf(story).length > 0;
  return {
    forth: isReleased ? ` ${baseline} → ${canary}` : "",
    back: isReleased ? ` ${canary} → ${baseline}` : "",
    at,
  };
}
