import { isComparing } from "../release/guard.ts";
import type { Outcome } from "../release/journal.ts";
import { releasedOf, type Story, strandedOf, weightNow } from "./story.ts";

/** What a person reads first, and maybe only. Plain text: whoever shows it makes it inert. */
export interface Headline {
  readonly symbol: string;
  /** The function, or how many there are. */
  readonly subject: string;
  readonly words: string;
}

export function headline(story: Story): Headline {
  const { members } = story;
  const [first] = members;
  const subject = members.length === 1 && first ? first.target.function : `${members.length} functions`;
  return { subject, ...inWords(story) };
}

type Words = Pick<Headline, "symbol" | "words">;

function inWords(story: Story): Words {
  const { state } = story;
  const { from, to } = versions(story);
  if (strandedOf(story).length > 0) return { symbol: "🚨", words: "rollback failed · act now" };
  switch (state.kind) {
    case "preparing":
      return story.command === "rollback"
        ? { symbol: "↩️", words: "rolling back" }
        : { symbol: "🐤", words: "getting ready" };
    case "ready":
      return { symbol: "🐤", words: `about to release ${from} → ${to}` };
    case "baking":
      return { symbol: "🐤", words: `releasing ${from} → ${to} · ${weightNow(story)} %` };
    case "promoted":
      return { symbol: "🐤", words: `promoted ${from} → ${to}${state.until === null ? "" : " · still watched"}` };
    case "rolling-back":
      return { symbol: "↩️", words: story.command === "rollback" ? "rolling back" : `rolling back ${to} → ${from}` };
    case "ended":
      return ending(story, state.outcome);
  }
}

function ending(story: Story, outcome: Outcome): Words {
  const { from, to, serving } = versions(story);
  switch (outcome) {
    case "promoted":
      return story.verified
        ? { symbol: "✅", words: `promoted ${from} → ${to}` }
        : { symbol: "⚠️", words: `promoted ${from} → ${to}, but ${whatWasNotShown(story)}` };
    case "rolled-back":
      return story.command === "rollback"
        ? { symbol: "↩️", words: `rolled back to ${serving ?? from}` }
        : { symbol: "↩️", words: `rolled back ${to} → ${from}` };
    case "unchanged":
      return { symbol: "✅", words: `unchanged, ${serving ?? from} serves already` };
    case "created":
      return { symbol: "🌱", words: `created at ${to}, compared with nothing` };
    case "superseded":
      return { symbol: "✋", words: "superseded, someone else holds the alias" };
    case "failed":
      return story.command === "deploy" && story.shifts.length === 0
        ? { symbol: "❌", words: "failed before any traffic was moved" }
        : { symbol: "❌", words: "failed" };
  }
}

/** For a release that went through without its comparison being shown: words that nobody can take for green. */
export function whatWasNotShown({ guards, rows }: Story): string {
  const comparing = guards.filter(isComparing).map(({ text }) => text);
  if (comparing.length === 0) return "never compared with the baseline";
  const shown = rows.some(({ analysis }) => comparing.includes(analysis.rule) && analysis.verdict === "pass");
  return shown ? "not everything was shown" : "nothing was shown";
}

interface Versions {
  readonly from: string;
  readonly to: string;
  readonly serving: string | null;
}

/** The numbers where the story is about one function, and the words for them where it is about a fleet. */
function versions(story: Story): Versions {
  const { members } = story;
  const released = releasedOf(story);
  const [only] = released.length > 0 ? released : members;
  if (members.length === 1 && only) {
    const { baseline, canary, serving } = only;
    return { from: baseline ?? "the baseline", to: canary ?? "the canary", serving: serving?.routing.primary ?? null };
  }
  return { from: "baseline", to: "canary", serving: null };
}
