import { needsSomebody, releasedOf, type Story, strandedOf } from "./story.ts";
import type { ToldAnalysis } from "./told.ts";

/** What to do now; null for nothing. Plain text: the caller must escape it. */
export function advice(story: Story): string | null {
  const { state, moves } = story;
  const stranded = strandedOf(story).length;
  if (stranded > 0) {
    const what = stranded === 1 ? "the command" : `the ${stranded} commands`;
    return `Run ${what} now, with credentials that may update the alias. Then check what the alias serves.`;
  }
  if (state.kind !== "ended") return null;
  switch (state.outcome) {
    case "promoted":
      return needsSomebody(story) ? `Watch ${canary(story)} yourself, and roll back if it misbehaves.` : null;
    case "unchanged":
    case "created":
    case "planned":
    case "replayed":
      return null;
    case "rolled-back":
      if (story.aRollbackIs === "the aim") return null;
      return story.rows.some(({ analysis }) => isOfCanary(analysis))
        ? `No action is needed in production. Find out what is wrong with ${canary(story)}, fix it, and deploy again.`
        : "No action is needed in production. Deploy again when the cause is gone.";
    case "superseded":
      return needsSomebody(story)
        ? "Find out who changed the alias, and check what it serves, before you deploy again."
        : "All traffic is on the baseline: no action is needed in production. Find out who changed the alias before you deploy again.";
    case "failed":
      if (moves === "nothing") return "Fix the cause, and run it again.";
      return needsSomebody(story)
        ? "Check what the alias serves, fix the cause, and run the workflow again."
        : "No action is needed in production. Fix the cause, and run the workflow again.";
  }
}

/**
 * Only a failed figure of the version itself blames the canary. Throttles, queues and streams may have other causes.
 */
function isOfCanary({ verdict, figures }: ToldAnalysis): boolean {
  return verdict === "fail" && (figures === null || figures.scope === "version");
}

function canary(story: Story): string {
  const [only] = releasedOf(story);
  return story.members.length === 1 && only?.canary ? `version ${only.canary}` : "the canaries";
}
