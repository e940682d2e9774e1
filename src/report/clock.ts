import { formatInstant, formatTime, type Instant } from "../domain/time.ts";

/** `14:05`, in UTC. */
export function clock(at: Instant): string {
  return formatTime(at);
}

/** `14:05:31`, in UTC. */
export function clockToTheSecond(at: Instant): string {
  return formatInstant(at).slice(11, 19);
}

/** `2026-11-21 14:05`, in UTC. */
export function dayAndClock(at: Instant): string {
  return formatInstant(at).slice(0, 16).replace("T", " ");
}
