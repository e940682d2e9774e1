import type { Analysis } from "../release/verdict.ts";
import { releasedOf, type Story, strandedOf } from "./story.ts";

/** What a person is to do now; null when there is nothing to do. Plain text: whoever shows it makes it inert. */
export function advice(story: Story): string | null {
  const { state, task } = story;
  const stranded = strandedOf(story).length;
  if (stranded > 0) {
    const what = stranded === 1 ? "the command" : `the ${stranded} commands`;
    return `Run ${what} now, with credentials that may update the alias, and look at what it serves afterwards.`;
  }
  if (state.kind !== "ended") return null;
  switch (state.outcome) {
    case "promoted":
      return story.verified ? null : `Keep an eye on ${canary(story)} yourself, and roll back if it misbehaves.`;
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return null;
    case "rolled-back":
      if (task === "rollback") return null;
      return story.rows.some(({ analysis }) => isOfCanary(analysis))
        ? `Nothing has to be done for production. Find out what is wrong with ${canary(story)}, mend it, and deploy again.`
        : "Nothing has to be done for production. Put the cause right, and deploy again.";
    case "superseded":
      return "Find out who holds the alias now, and that it serves what it should, before you deploy again.";
    case "failed":
      if (task === "plan" || task === "replay") return "Put the cause right, and run it again.";
      return task === "deploy" && story.shifts.length === 0
        ? "Nothing has to be done for production. Put the cause right, and run the workflow again."
        : "Look at what the alias serves, put the cause right, and run the workflow again.";
  }
}

/** Throttles, queues and streams are the function's: what failed there needn't be the version's fault. */
function isOfCanary({ verdict, figures }: Analysis): boolean {
  return verdict === "fail" && (figures === null || figures.scope === "version");
}

function canary(story: Story): string {
  const [only] = releasedOf(story);
  return story.members.length === 1 && only?.canary ? `version ${only.canary}` : "the canaries";
}
