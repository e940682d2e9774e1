/** Milliseconds since the Unix epoch. */
export type Instant = number;
/** Milliseconds. */
export type Duration = number;

export const SECOND: Duration = 1_000;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

/** Parses `90s`, `5m`, `1.5h` or `1h30m`; null if the text isn't a duration. */
export function parseDuration(text: string): Duration | null {
  if (!/^(\d+(\.\d+)?[smh])+$/.test(text)) return null;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)([smh])/g)) {
    total += Number(amount) * (unit === "h" ? HOUR : unit === "m" ? MINUTE : SECOND);
  }
  return total;
}

/** Writes a duration as `45s`, `5m`, `7m30s` or `1h5m`; seconds are dropped from one hour on. */
export function formatDuration(duration: Duration): string {
  const seconds = Math.round(duration / SECOND);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  const parts = [h > 0 && `${h}h`, m > 0 && `${m}m`, s > 0 && h === 0 && `${s}s`].filter(Boolean);
  return parts.length > 0 ? parts.join("") : "0s";
}

/** How long something has taken, to end a sentence with: ` (2m so far)`; empty when it has just begun. */
export function soFar(duration: Duration): string {
  return Math.round(duration / SECOND) === 0 ? "" : ` (${formatDuration(duration)} so far)`;
}

/** The start of an instant's minute: CloudWatch's timestamp for everything that started in it. */
export function minuteOf(instant: Instant): Instant {
  return Math.floor(instant / MINUTE) * MINUTE;
}

/** The start of the first whole minute from an instant on. */
export function firstWholeMinute(instant: Instant): Instant {
  return minuteOf(instant + MINUTE - 1);
}

/** `2026-11-21T02:00:31Z`: to the second, as in the record on the alias. */
export function formatInstant(instant: Instant): string {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion of the instant given; no clock is read
  return new Date(instant).toISOString().replace(/\.\d+Z$/, "Z");
}

/** `02:00`, in UTC. */
export function formatTime(instant: Instant): string {
  return formatInstant(instant).slice(11, 16);
}

/** The reverse of `formatInstant`; NaN if the text isn't a time. */
export function parseInstant(text: string): Instant {
  // biome-ignore lint/style/noRestrictedGlobals: a conversion of the text given; no clock is read
  return Date.parse(text);
}
