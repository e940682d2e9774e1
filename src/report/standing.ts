import { describeRouting, nameOf, type Routing, type Target, type Version } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import { worst } from "../release/verdict.ts";
import { clock, clockToTheSecond } from "./clock.ts";
import { type MemberStory, releasedOf, type Story, strandedOf, weightNow } from "./story.ts";

/** Who gets the traffic now: the first question at 3 a.m. Plain text: whoever shows it makes it inert. */
export function standing(story: Story): string {
  const { state } = story;
  const stranded = strandedOf(story);
  const { Canary, canary, baseline, gets, serves } = sides(story);
  if (stranded.length > 0) {
    const aliases = formatList(stranded.map(({ target }) => nameOf(target)));
    const weight = highestWeight(story);
    return weight === 0
      ? `${aliases} could not be put back on ${baseline}.`
      : `${aliases} may still send up to ${weight} % of the traffic to ${canary}.`;
  }
  switch (state.kind) {
    case "preparing":
      return story.task === "rollback" ? "The rollback is under way." : "No traffic was moved yet.";
    case "ready":
      return "No traffic was moved yet.";
    case "baking": {
      const weight = weightNow(story);
      return `${Canary} ${gets} ${weight} % of the traffic, ${baseline} the other ${100 - weight} %.${held(story)}`;
    }
    case "promoted": {
      const watched = state.until === null ? "" : `, watched until ${clock(state.until)} UTC`;
      return `${Canary} ${serves} everything${watched}.${held(story)}`;
    }
    case "rolling-back":
      return `All traffic is going back to ${baseline}.`;
    case "ended":
      return readBack(story) ?? unread(story);
  }
}

/** How one speaks of the versions: by number where there is one function, and of the fleet's all together. */
function sides(story: Story) {
  const [only] = releasedOf(story);
  if (story.members.length === 1) {
    const { baseline = null, canary = null } = only ?? {};
    const name = canary ?? "the canary";
    return { Canary: upper(name), canary: name, baseline: baseline ?? "the baseline", gets: "gets", serves: "serves" };
  }
  return { Canary: "The canaries", canary: "the canaries", baseline: "the baselines", gets: "get", serves: "serve" };
}

/** While a look can't be read, the weight stays, and the time doesn't count; and where too little was seen, it may stay. */
function held({ rows, lookedAt, state }: Story): string {
  const latest = rows.filter(({ at }) => at === lookedAt).map(({ analysis }) => analysis);
  if (worst(latest)?.verdict === "error") return " The last look could not be read: the weight is held.";
  if ((state.kind !== "baking" && state.kind !== "promoted") || state.lacks === null) return "";
  return ` Held until ${clock(state.until ?? 0)} UTC at the latest, to see more: ${state.lacks}.`;
}

const UNKNOWN = "What is served now isn't known for certain.";

/** At the end, when no alias was read back. */
function unread(story: Story): string {
  const { state } = story;
  const { Canary, baseline, serves } = sides(story);
  if (state.kind !== "ended") return "";
  switch (state.outcome) {
    case "promoted":
      return `${Canary} ${serves} everything${state.verified ? "" : ", unverified"}.`;
    case "rolled-back":
      return `All traffic is back on ${baseline}.`;
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return "No traffic was moved.";
    case "superseded":
      return "This release no longer holds the alias.";
    case "failed":
      if (story.task === "rollback") {
        // A rollback tells of its versions when it has written.
        const hasWritten = story.members.some((member) => member.canary !== null);
        return hasWritten ? UNKNOWN : "Nothing was changed.";
      }
      return (story.shifts.length === 0 && story.task === "deploy") || story.task === "plan" || story.task === "replay"
        ? "No traffic was moved."
        : UNKNOWN;
  }
}

/** What the aliases were found to serve; null when none was read back. The rest of a large fleet is in its table. */
function readBack(story: Story): string | null {
  const { members, state } = story;
  const read = members.flatMap(({ serving, ...member }) => (serving === null ? [] : [{ ...member, serving }]));
  const promoted = state.kind === "ended" && state.outcome === "promoted";
  // A promotion is about all: what was created beside it doesn't stand for the rest.
  if (read.length === 0 || (promoted && read.length < members.length)) return null;
  const at = `read back at ${clockToTheSecond(Math.max(...read.map(({ serving }) => serving.at)))} UTC`;
  const unverified = promoted && !state.verified ? ", unverified" : "";
  const allOn = (side: (member: Pick<MemberStory, "baseline" | "canary">) => Version | null) =>
    read.every(
      ({ serving: { routing, movingFrom }, ...each }) =>
        movingFrom === null && routing.additional === null && routing.primary === side(each),
    );
  if (members.length > 1 && read.length === members.length) {
    if (allOn(({ baseline }) => baseline)) return `Every alias sends all traffic to its baseline, ${at}.`;
    if (allOn(({ canary }) => canary)) return `Every alias sends all traffic to its canary${unverified}, ${at}.`;
  }
  const told = read.slice(0, 3).map(({ target, serving }) => sending(target, serving.routing, serving.movingFrom));
  const rest = read.length > 3 ? [`${read.length - 3} more were read back`] : [];
  return `${formatList([...told, ...rest])}${unverified}, ${at}.`;
}

/** `checkout:live sends all traffic to 41`; but for what Lambda itself sends elsewhere. */
export function sending(target: Target, routing: Routing, movingFrom: Version | null): string {
  if (movingFrom !== null) {
    return `${nameOf(target)} points to ${routing.primary}, but Lambda still sends all calls to ${movingFrom}, up to about 15 minutes`;
  }
  return routing.additional === null
    ? `${nameOf(target)} sends all traffic to ${routing.primary}`
    : `${nameOf(target)} serves ${describeRouting(routing)}`;
}

/** The highest weight that the canaries ever had, as far as this run knows. */
function highestWeight({ plan, shifts }: Story): number {
  return shifts.reduce((highest, { step }) => Math.max(highest, plan?.steps[step]?.weight ?? 100), 0);
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
