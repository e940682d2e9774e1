import { describeRouting, nameOf, sameTarget } from "../release/alias.ts";
import { worst } from "../release/verdict.ts";
import { code, prose, table } from "./markdown.ts";
import { cut, type Room, within } from "./room.ts";
import type { MemberStory, Story } from "./story.ts";
import { VERDICT_SYMBOLS } from "./symbols.ts";

/** One row per function of a fleet; those that need attention come first. */
export function functionTable(story: Story, room: Room): string {
  const { members, rows } = story;
  const hasFailed = ({ target }: MemberStory) =>
    rows.some(({ analysis }) => analysis.verdict === "fail" && isAbout(analysis.target, target));
  const bad = (member: MemberStory) => (member.stranded !== null ? 2 : hasFailed(member) ? 1 : 0);
  const { kept, left } = cut(
    room,
    [...members].sort((a, b) => bad(b) - bad(a)),
    "functions are",
  );
  const text = table(
    ["Function", "Baseline → canary", "State"],
    ["left", "center", "left"],
    kept.map((member) => [
      code(within(room, nameOf(member.target))),
      `${version(member.baseline, room)} → ${version(member.canary, room)}`,
      stateOf(story, member, room),
    ]),
  );
  return left === "" ? text : `${text}\n\n${left}`;
}

function stateOf({ rows }: Story, member: MemberStory, room: Room): string {
  const { target, baseline, canary, serving, stranded } = member;
  if (stranded !== null) return "🚨 **not rolled back**";
  const parts: string[] = [];
  if (canary !== null && baseline === null) parts.push("🌱 created");
  else if (canary !== null && baseline === canary) parts.push("unchanged");
  else {
    const verdict = worst(rows.map(({ analysis }) => analysis).filter((each) => isAbout(each.target, target)))?.verdict;
    if (verdict !== undefined) parts.push(`${VERDICT_SYMBOLS[verdict]} ${verdict}`);
  }
  if (serving !== null) parts.push(`serves ${prose(within(room, describeRouting(serving.routing)))}`);
  return parts.join(" · ");
}

function isAbout(about: MemberStory["target"] | null, target: MemberStory["target"]): boolean {
  return about !== null && sameTarget(about, target);
}

function version(number: string | null, room: Room): string {
  return number === null ? "—" : prose(within(room, number));
}
