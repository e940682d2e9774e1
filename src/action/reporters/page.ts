import type { Reported } from "./reporter.ts";

/** What the comment and the summary show. The code for that is loaded when it is first shown. */
export async function page({ story, key, links }: Reported): Promise<string> {
  const { renderComment } = await import("../../report/comment.ts");
  return renderComment(story(), key(), links);
}
