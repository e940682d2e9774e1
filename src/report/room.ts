import { formatCount } from "../release/figures.ts";
import { clip, plain } from "./plain.ts";

/** How much a comment may hold: GitHub refuses one that is too long. */
export interface Room {
  /** The most rows of each list. */
  readonly rows: number;
  /** The most characters of each untrusted text. */
  readonly length: number;
}

/** The largest first: the first that fits is used. */
export const ROOMS: readonly Room[] = [
  { rows: 200, length: 2_000 },
  { rows: 60, length: 600 },
  { rows: 20, length: 300 },
  { rows: 8, length: 200 },
  { rows: 3, length: 100 },
];

export function within(room: Room, text: string): string {
  // Cut before it is cleaned: a huge text must not make a report slow.
  return clip(plain(text.slice(0, 4 * room.length)), room.length);
}

/** The first items of a list, and a sentence that says how many were left out. */
export function cut<T>(
  room: Room,
  all: readonly T[],
  what: string,
): { readonly kept: readonly T[]; readonly left: string } {
  const kept = all.slice(0, room.rows);
  const more = all.length - kept.length;
  return { kept, left: more === 0 ? "" : `${formatCount(more)} more ${what} left out here: the log has them all.` };
}
