import type { Member } from "../domain/member.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import type { Silence } from "./reason.ts";

/** A shorter silence is never taken for late figures. */
const SILENCE: Duration = 2 * MINUTE;
/** A silence isn't chance if this many calls are usual in its time. The number is high because traffic varies. */
const MANY = 50;
/** With more minutes with calls than this, the longest pause between them tells what is usual. */
const ENOUGH = 10;

/** Set if a function that was never silent for long is silent now. */
export function silence(
  { longestSilence, usualRate }: Pick<Member, "longestSilence" | "usualRate">,
  heardUntil: Instant,
  now: Instant,
): Silence | null {
  const lasts = now - heardUntil;
  const usualCalls = (usualRate * lasts) / MINUTE;
  if (longestSilence !== null && lasts >= 2 * longestSilence + SILENCE) {
    return { kind: "silent", since: heardUntil, longestPause: longestSilence };
  }
  return usualCalls >= MANY ? { kind: "silent", since: heardUntil, usualCalls } : null;
}

/**
 * The longest pause between calls, from an instant on and up to the last call; null if there are too few calls to tell.
 * Calls after the last one may still be to come.
 *
 * @param calls by minute
 */
export function longestSilence(calls: ReadonlyMap<Instant, number>, from: Instant): Duration | null {
  const minutes = [...calls].flatMap(([minute, count]) => (count > 0 ? [minute] : [])).sort((a, b) => a - b);
  if (minutes.length <= ENOUGH) return null;
  let [longest, end] = [0, from];
  for (const minute of minutes) {
    longest = Math.max(longest, minute - end);
    end = minute + MINUTE;
  }
  return longest;
}
