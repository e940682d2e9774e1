import { formatCount } from "../domain/format.ts";
import type { Member } from "../domain/member.ts";
import { type Duration, formatDuration, formatTime, type Instant, MINUTE } from "../domain/time.ts";

/** A shorter silence is never taken for late figures. */
const SILENCE: Duration = 2 * MINUTE;
/** A silence isn't chance if this many calls are usual in its time. The number is high because traffic varies. */
const MANY = 50;
/** With more minutes with calls than this, the longest pause between them tells what is usual. */
const ENOUGH = 10;

/** A sentence if a function that was never silent for long is silent now; else null. */
export function silence(
  { longestSilence, usualRate, target }: Member,
  heardUntil: Instant,
  now: Instant,
): string | null {
  const lasts = now - heardUntil;
  const expected = (usualRate * lasts) / MINUTE;
  const how = `CloudWatch has shown no calls of ${target.function} since ${formatTime(heardUntil)}`;
  const because = "either they have stopped, or its figures are very late";
  if (longestSilence !== null && lasts >= 2 * longestSilence + SILENCE) {
    const before = `in the hour before the release they never paused for more than ${formatDuration(longestSilence)}`;
    return `${how}, but ${before}: ${because}`;
  }
  if (lasts > 0 && expected >= MANY) {
    const usual = `the alias usually has about ${formatCount(Math.round(expected))} calls in that time at this hour`;
    return `${how}, but ${usual}: ${because}`;
  }
  return null;
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
