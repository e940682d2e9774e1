import { worst } from "../analysis/verdict.ts";
import { describeRouting, nameOf, type Routing, type Target, type Version } from "../domain/alias.ts";
import { formatList } from "../domain/format.ts";
import { clock, clockToTheSecond } from "./clock.ts";
import { type MemberStory, releasedOf, type Story, strandedOf, weightNow } from "./story.ts";

/** Where the traffic goes now: the first question at 3 a.m. Plain text: the caller must escape it. */
export function servingSummary(story: Story): string {
  const { state } = story;
  const stranded = strandedOf(story);
  const { Canary, canary, baseline, gets, serves } = sides(story);
  if (stranded.length > 0) {
    const aliases = formatList(stranded.map(({ target }) => nameOf(target)));
    const weight = Math.max(0, ...stranded.map((each) => each.weight ?? 0));
    return weight === 0
      ? `${aliases} could not be put back on ${baseline}.`
      : `${aliases} may still send up to ${weight} % of the traffic to ${canary}.`;
  }
  switch (state.kind) {
    case "preparing":
      return story.aRollbackIs === "the aim" ? "The rollback is under way." : "No traffic has moved yet.";
    case "ready":
      return "No traffic has moved yet.";
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

/** What to call the versions: a number for a single function, the plural for a fleet. */
function sides(story: Story) {
  const [only] = releasedOf(story);
  if (story.members.length === 1) {
    const { baseline = null, canary = null } = only ?? {};
    const name = canary ?? "the canary";
    return { Canary: upper(name), canary: name, baseline: baseline ?? "the baseline", gets: "gets", serves: "serves" };
  }
  return { Canary: "The canaries", canary: "the canaries", baseline: "the baselines", gets: "get", serves: "serve" };
}

/** Why the weight is held: the metrics can't be read, or more data is needed. */
function held({ rows, lookedAt, state }: Story): string {
  const latest = rows.filter(({ at }) => at === lookedAt).map(({ analysis }) => analysis);
  if (worst(latest)?.verdict === "error") return " The last look brought no usable data: the weight stays as it is.";
  if ((state.kind !== "baking" && state.kind !== "promoted") || state.lacks === null) return "";
  return ` Waiting for more data until ${clock(state.until ?? 0)} UTC at the latest: ${state.lacks}.`;
}

const UNKNOWN = "It isn't certain what the alias serves now.";

/** Where the traffic is at the end, if no alias was read back. */
function unread(story: Story): string {
  const { state } = story;
  const { Canary, baseline, serves } = sides(story);
  if (state.kind !== "ended") return "";
  switch (state.outcome) {
    case "promoted":
      return `${Canary} ${serves} everything.`;
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
      if (story.aRollbackIs === "the aim") {
        // A rollback names its versions in the journal only once it has written.
        const hasWritten = story.members.some((member) => member.canary !== null);
        return hasWritten ? UNKNOWN : "Nothing was changed.";
      }
      return (story.shifts.length === 0 && story.moves === "forth") || story.moves === "nothing"
        ? "No traffic was moved."
        : UNKNOWN;
  }
}

/** What the aliases serve; null if none was read back. For a large fleet, the table has the rest. */
function readBack(story: Story): string | null {
  const { members, state } = story;
  const read = members.flatMap(({ serving, ...member }) => (serving === null ? [] : [{ ...member, serving }]));
  const promoted = state.kind === "ended" && state.outcome === "promoted";
  // A promotion is about all aliases. One that was newly created says nothing about the others.
  if (read.length === 0 || (promoted && read.length < members.length)) return null;
  const at = `read back at ${clockToTheSecond(Math.max(...read.map(({ serving }) => serving.at)))} UTC`;
  const allOn = (side: (member: Pick<MemberStory, "baseline" | "canary">) => Version | null) =>
    read.every(
      ({ serving: { routing, movingFrom }, ...each }) =>
        movingFrom === null && routing.additional === null && routing.primary === side(each),
    );
  if (members.length > 1 && read.length === members.length) {
    if (allOn(({ baseline }) => baseline)) return `Every alias sends all traffic to its baseline, ${at}.`;
    if (allOn(({ canary }) => canary)) return `Every alias sends all traffic to its canary, ${at}.`;
  }
  const told = read.slice(0, 3).map(({ target, serving }) => sending(target, serving.routing, serving.movingFrom));
  const rest = read.length > 3 ? [`${read.length - 3} more were read back`] : [];
  return `${formatList([...told, ...rest])}, ${at}.`;
}

/** `checkout:live sends all traffic to 41`, or where Lambda sends it in the meantime. */
export function sending(target: Target, routing: Routing, movingFrom: Version | null): string {
  if (movingFrom !== null) {
    return `${nameOf(target)} points to ${routing.primary}, but Lambda still sends all calls to ${movingFrom}, for up to about 15 minutes`;
  }
  return routing.additional === null
    ? `${nameOf(target)} sends all traffic to ${routing.primary}`
    : `${nameOf(target)} serves ${describeRouting(routing)}`;
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
