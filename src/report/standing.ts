import { describeRouting, type Routing, type Target } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import { clock, clockToTheSecond } from "./clock.ts";
import { type MemberStory, releasedOf, type Story, strandedOf, weightNow } from "./story.ts";

/** Who gets the traffic now: the first question at 3 a.m. Plain text: whoever shows it makes it inert. */
export function standing(story: Story): string {
  const { state, members } = story;
  const stranded = strandedOf(story);
  if (stranded.length > 0) {
    const aliases = formatList(stranded.map(({ target }) => nameOf(target)));
    return `${aliases} may still send up to ${highestWeight(story)} % of the traffic to ${canaryOf(story)}.`;
  }
  switch (state.kind) {
    case "preparing":
      return story.command === "rollback" ? "The rollback is under way." : "No traffic was moved yet.";
    case "ready":
      return `No traffic was moved yet: ${baselineOf(story)} serves everything.`;
    case "baking": {
      const weight = weightNow(story);
      return `${upper(canaryOf(story))} gets ${weight} % of the traffic, ${baselineOf(story)} the other ${100 - weight} %.`;
    }
    case "promoted":
      return state.until === null
        ? `${upper(canaryOf(story))} serves everything.`
        : `${upper(canaryOf(story))} serves everything, and is watched until ${clock(state.until)} UTC.`;
    case "rolling-back":
      return `All traffic is going back to ${baselineOf(story)}.`;
    case "ended":
      return atTheEnd(story, state.outcome === "promoted" ? canaryOf(story) : baselineOf(story));
  }

  function atTheEnd(of: Story, expected: string): string {
    const read = members.filter((member) => member.serving !== null);
    if (read.length > 0) return readBack(read);
    if (state.kind !== "ended") return "";
    switch (state.outcome) {
      case "promoted":
        return state.verified
          ? `${upper(expected)} serves everything.`
          : `${upper(expected)} serves everything, unverified.`;
      case "rolled-back":
        return `${upper(expected)} serves everything.`;
      case "unchanged":
      case "created":
        return "No traffic was moved.";
      case "superseded":
      case "failed":
        return of.shifts.length === 0 && of.command === "deploy"
          ? "No traffic was moved."
          : "What is served now is told by the alias itself.";
    }
  }
}

/** What the aliases were found to serve. A large fleet is told in its table. */
function readBack(read: readonly MemberStory[]): string {
  const at = Math.max(...read.map(({ serving }) => serving?.at ?? 0));
  const lines = read.slice(0, 3).map(({ target, serving }) => {
    return serving === null ? "" : sending(target, serving.routing);
  });
  const rest = read.length > 3 ? [`${read.length - 3} more were read back`] : [];
  return `${formatList([...lines, ...rest])}, read back at ${clockToTheSecond(at)} UTC.`;
}

function sending(target: Target, routing: Routing): string {
  return routing.additional === null
    ? `${nameOf(target)} sends all traffic to ${routing.primary}`
    : `${nameOf(target)} serves ${describeRouting(routing)}`;
}

/** `checkout:live`. */
export function nameOf(target: Target): string {
  return `${target.function}:${target.alias}`;
}

/** The highest weight that the canaries ever had. */
function highestWeight({ plan, shifts }: Story): number {
  return shifts.reduce((highest, { step }) => Math.max(highest, plan?.steps[step]?.weight ?? 100), 0) || 100;
}

function baselineOf(story: Story): string {
  const [only] = releasedOf(story);
  return story.members.length === 1 ? (only?.baseline ?? "the baseline") : "every baseline";
}

function canaryOf(story: Story): string {
  const [only] = releasedOf(story);
  return story.members.length === 1 ? (only?.canary ?? "the canary") : "the canaries";
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
