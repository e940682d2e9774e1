import { type Mistake, mistakeAt, type Parsed, whole } from "./mistake.ts";
import {
  DAY,
  type Duration,
  firstWholeMinute,
  formatDuration,
  formatInstant,
  type Instant,
  minuteOf,
  parseInstant,
} from "./time.ts";

/** A part of the past, in whole minutes. */
export interface TimeRange {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
}

const LONGEST_WINDOW: Duration = 7 * DAY;
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?$/;

/** Parses the inputs `from` and `to`; finds every mistake, not only the first. */
export function parseReplayWindow(from: string, to: string): Parsed<TimeRange> {
  const [start, end] = [parseTime("from", from), parseTime("to", to)];
  const mistakes = [start, end].flatMap((each) => (typeof each === "number" ? [] : [each]));
  if (typeof start !== "number" || typeof end !== "number") return { ok: false, mistakes };
  // Whole minutes only, within the time range.
  const window = { from: firstWholeMinute(start), to: minuteOf(end) };
  const length = window.to - window.from;
  const wrong = (problem: string, remedy: string): Parsed<TimeRange> => {
    return { ok: false, mistakes: [mistakeAt("to", whole(to), problem, remedy)] };
  };
  if (length <= 0) return wrong("the end is not after the start", "give a later time");
  if (length > LONGEST_WINDOW) {
    return wrong(`${formatDuration(length)} is too long`, "give 7 days at most");
  }
  return { ok: true, value: window };
}

/** A time without a zone is in UTC, like all times in the reports. */
function parseTime(input: "from" | "to", given: string): Instant | Mistake {
  const excerpt = whole(given);
  const { text } = excerpt;
  const zone = /(Z|[+-]\d\d:\d\d)$/.test(text) ? "" : "Z";
  const at = TIME.test(text) ? parseInstant(`${text.replace(" ", "T")}${zone}`) : Number.NaN;
  if (Number.isNaN(at)) {
    const problem = text === "" ? "a replay needs a time" : `"${text}" is not a time`;
    return mistakeAt(input, excerpt, problem, 'write it as "2026-11-21 14:00", in UTC');
  }
  const day = text.slice(0, 10);
  if (!formatInstant(parseInstant(`${day}T00:00Z`)).startsWith(day)) {
    return mistakeAt(input, excerpt, `"${day}" is not a date`, "give a date that exists", [0, day.length]);
  }
  return at;
}
