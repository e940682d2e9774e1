import { formatCount } from "../domain/format.ts";
import { clip, plain } from "./plain.ts";

/** How much a comment may hold: GitHub refuses one that is too long. */
export interface CommentBudget {
  /** The most rows of each list. */
  readonly rows: number;
  /** The most characters of each untrusted text. */
  readonly length: number;
}

/** The largest first: the first that fits is used. */
export const COMMENT_BUDGETS: readonly CommentBudget[] = [
  { rows: 200, length: 2_000 },
  { rows: 60, length: 600 },
  { rows: 20, length: 300 },
  { rows: 8, length: 200 },
  { rows: 3, length: 100 },
];

export function within(budget: CommentBudget, text: string): string {
  // Cut before it is cleaned: a huge text must not make a report slow.
  return clip(plain(text.slice(0, 4 * budget.length)), budget.length);
}

/** The first items of a list, and a sentence that says how many were left out. */
export function cut<T>(
  budget: CommentBudget,
  all: readonly T[],
  what: string,
): { readonly kept: readonly T[]; readonly left: string } {
  const kept = all.slice(0, budget.rows);
  const more = all.length - kept.length;
  return { kept, left: more === 0 ? "" : `${formatCount(more)} more ${what} left out here: the log has them all.` };
}
