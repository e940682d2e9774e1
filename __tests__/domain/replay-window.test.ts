import { formatMistake } from "../../src/domain/mistake.ts";
import { parseReplayWindow } from "../../src/domain/replay-window.ts";
import { formatInstant } from "../../src/domain/time.ts";

/** The time range in UTC, or what is wrong with it. */
function readAs(from: string, to: string): string {
  const parsed = parseReplayWindow(from, to);
  if (!parsed.ok) return parsed.mistakes.map(formatMistake).join("\n");
  return `${formatInstant(parsed.value.from)} to ${formatInstant(parsed.value.to)}`;
}

test.each([
  ["a time without a zone is in UTC", "2026-11-21 14:00", "2026-11-21T15:30:00"],
  ["a time can have a zone", "2026-11-21T15:00+01:00", "2026-11-21T15:30:00Z"],
  ["only whole minutes within the replay window count", "2026-11-21 13:59:01", "2026-11-21 15:30:59"],
])("%s", (_rule, from, to) => {
  expect(readAs(from, to)).toBe("2026-11-21T14:00:00Z to 2026-11-21T15:30:00Z");
});

test("a time range can be up to seven days long", () => {
  expect(readAs("2026-11-14 14:00", "2026-11-21 14:00")).toBe("2026-11-14T14:00:00Z to 2026-11-21T14:00:00Z");
});

const NOON = "2026-11-21 12:00";

test.each([
  [
    "a missing time",
    NOON,
    "",
    `to: a replay needs a time
    
    ^ write it as "2026-11-21 14:00", in UTC`,
  ],
  [
    "text that is not a time",
    "yesterday",
    NOON,
    `from: "yesterday" is not a time
    yesterday
    ^^^^^^^^^ write it as "2026-11-21 14:00", in UTC`,
  ],
  [
    "an hour that doesn't exist",
    "2026-11-21 25:00",
    NOON,
    `from: "2026-11-21 25:00" is not a time
    2026-11-21 25:00
    ^^^^^^^^^^^^^^^^ write it as "2026-11-21 14:00", in UTC`,
  ],
  [
    "a date that doesn't exist",
    "2026-02-30 12:00",
    NOON,
    `from: "2026-02-30" is not a date
    2026-02-30 12:00
    ^^^^^^^^^^ give a date that exists`,
  ],
  [
    "an end that is not after the start",
    NOON,
    "2026-11-21 12:00:59",
    `to: the end is not after the start
    2026-11-21 12:00:59
    ^^^^^^^^^^^^^^^^^^^ give a later time`,
  ],
  [
    "more than seven days",
    "2026-11-14 11:59",
    NOON,
    `to: 168h1m is too long
    2026-11-21 12:00
    ^^^^^^^^^^^^^^^^ give 7 days at most`,
  ],
  [
    "a mistake in each of the two times",
    "now",
    "2026-11-31 12:00",
    `from: "now" is not a time
    now
    ^^^ write it as "2026-11-21 14:00", in UTC
to: "2026-11-31" is not a date
    2026-11-31 12:00
    ^^^^^^^^^^ give a date that exists`,
  ],
])("%s is refused with the spot and a remedy", (_what, from, to, told) => {
  expect(readAs(from, to)).toBe(told);
});
