import { worst } from "../analysis/verdict.ts";
import { describeRouting, nameOf, sameTarget } from "../domain/alias.ts";
import { type CommentBudget, cut, within } from "./comment-budget.ts";
import { code, paragraphs, prose, table } from "./markdown.ts";
import type { MemberStory, Story } from "./story.ts";
import { VERDICT_SYMBOLS } from "./symbols.ts";

/** One row per function of a fleet; those that need attention come first. */
export function functionTable(story: Story, budget: CommentBudget): string {
  const { members, rows } = story;
  const hasFailed = ({ target }: MemberStory) =>
    rows.some(({ analysis }) => analysis.verdict === "fail" && isAbout(analysis.target, target));
  const bad = (member: MemberStory) => (member.stranded !== null ? 2 : hasFailed(member) ? 1 : 0);
  const { kept, left } = cut(
    budget,
    [...members].sort((a, b) => bad(b) - bad(a)),
    "functions are",
  );
  const text = table(
    ["Function", "Baseline → canary", "State"],
    ["left", "center", "left"],
    kept.map((member) => [
      code(within(budget, nameOf(member.target))),
      `${version(member.baseline, budget)} → ${version(member.canary, budget)}`,
      stateOf(story, member, budget),
    ]),
  );
  return paragraphs(text, left);
}

function stateOf({ rows }: Story, member: MemberStory, budget: CommentBudget): string {
  const { target, baseline, canary, serving, stranded } = member;
  if (stranded !== null) return "🚨 **not rolled back**";
  const parts: string[] = [];
  if (canary !== null && baseline === null) parts.push("🌱 created");
  else if (canary !== null && baseline === canary) parts.push("unchanged");
  else {
    const verdict = worst(rows.map(({ analysis }) => analysis).filter((each) => isAbout(each.target, target)))?.verdict;
    if (verdict !== undefined) parts.push(`${VERDICT_SYMBOLS[verdict]} ${verdict}`);
  }
  if (serving !== null) parts.push(`serves ${prose(within(budget, describeRouting(serving.routing)))}`);
  return parts.join(" · ");
}

function isAbout(about: MemberStory["target"] | null, target: MemberStory["target"]): boolean {
  return about !== null && sameTarget(about, target);
}

function version(number: string | null, budget: CommentBudget): string {
  return number === null ? "—" : prose(within(budget, number));
}
