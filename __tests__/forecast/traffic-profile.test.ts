import { DAY, HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import {
  callsPerMinute,
  expectedCalls,
  isNewToCallers,
  type RecentRate,
  recentRate,
  type Week,
  weekOf,
} from "../../src/forecast/traffic-profile.ts";

/** A Saturday, 10:00 UTC. */
const NOW = Date.UTC(2026, 10, 21, 10);
const NONE: ReadonlyMap<Instant, number> = new Map();

/** Calls in past hours, by how many hours ago each began. Other hours have no figure. */
function hoursAgo(calls: (ago: number) => number | null, hours = 7 * 24): ReadonlyMap<Instant, number> {
  const points = Array.from({ length: hours }, (_, index): [Instant, number | null] => [
    NOW - (index + 1) * HOUR,
    calls(index + 1),
  ]);
  return new Map(points.filter((point): point is [Instant, number] => point[1] !== null));
}

function weekWith(calls: ReadonlyMap<Instant, number>, failures = NONE, recent: RecentRate | null = null): Week {
  return weekOf(calls, failures, {}, NOW, recent);
}

/** The calls of minutes from an instant on. */
function minutesFrom(first: Instant, ...calls: readonly number[]): ReadonlyMap<Instant, number> {
  return new Map(calls.map((count, index) => [first + index * MINUTE, count]));
}

test("an hour of the day has the mean of the seven days, in UTC", () => {
  const week = weekWith(hoursAgo((ago) => new Date(NOW - ago * HOUR).getUTCHours() * 10));
  expect(week.callsByHour).toStrictEqual(Array.from({ length: 24 }, (_, hour) => hour * 10));
});

test("an hour without a figure had no calls, once the alias was called at all", () => {
  // Each day at 14:00, except two: five of seven days.
  const isAt = (ago: number) => (NOW - ago * HOUR) % DAY === 14 * HOUR;
  const week = weekWith(hoursAgo((ago) => (isAt(ago) && ago !== 44 && ago !== 68 ? 700 : null)));
  expect(week.callsByHour[14]).toBe(500);
  expect(week.callsByHour[15]).toBe(0);
  expect(week.callsByHour[13]).toBe(0);
});

test("the days before the alias's first call don't count", () => {
  const threeDays = weekWith(hoursAgo((ago) => (ago <= 3 * 24 ? 60 : null)));
  expect([...new Set(threeDays.callsByHour)]).toStrictEqual([60]);
  const zeroBefore = weekWith(hoursAgo((ago) => (ago <= 3 * 24 ? 60 : 0)));
  expect(zeroBefore.callsByHour).toStrictEqual(threeDays.callsByHour);
});

test("an hour of the day that wasn't seen yet is taken for the mean of those that were", () => {
  const week = weekWith(hoursAgo((ago) => (ago === 1 ? 100 : ago === 2 ? null : ago === 3 ? 200 : null)));
  expect(week.callsByHour[9]).toBe(100);
  expect(week.callsByHour[8]).toBe(0);
  expect(week.callsByHour[7]).toBe(200);
  expect(week.callsByHour[10]).toBe(100);
  expect(week.callsByHour[6]).toBe(100);
});

test("the hour that is still going on is not counted for one", () => {
  const calls = new Map([...hoursAgo(() => 60), [NOW, 1]]);
  expect([...new Set(weekWith(calls).callsByHour)]).toStrictEqual([60]);
});

test("an alias that is new to its callers is expected to get its recent rate in each hour", () => {
  const week = weekWith(new Map([[NOW, 2_400]]), NONE, { perMinute: 800, minutes: 2 });
  expect([...new Set(week.callsByHour)]).toStrictEqual([48_000]);
  expect(callsPerMinute(week)).toStrictEqual({ least: 800, most: 800 });
  expect(expectedCalls(week, NOW, 10 * MINUTE)).toBe(8_000);
});

test.each([
  ["callers that came in the current hour", new Map([[NOW, 2_400]]), true],
  [
    "callers that came shortly before its start",
    new Map([...hoursAgo((ago) => (ago === 1 ? 1_600 : null)), [NOW, 800]]),
    true,
  ],
  ["a call by hand the day before", new Map([...hoursAgo((ago) => (ago === 24 ? 1 : null)), [NOW, 2_400]]), true],
  ["callers of two hours ago", hoursAgo((ago) => (ago <= 2 ? 48_000 : null)), false],
  ["callers of a whole week", new Map([...hoursAgo(() => 60), [NOW, 1]]), false],
  ["more calls in this hour than ever", new Map([...hoursAgo(() => 60), [NOW, 6_000]]), false],
  ["callers that have gone", hoursAgo((ago) => (ago > 48 ? 60 : 0)), false],
  ["no call at all", NONE, false],
])("the alias is new to its callers if hardly any call came before the last two hours: %s", (_, calls, isNew) => {
  expect(isNewToCallers(calls, NOW)).toBe(isNew);
});

test.each([
  ["the first minute may be cut, and the last ones not shown yet", [400, 800, 820, 780, 500, 20], 4, 800, 3],
  ["a minute without calls counts", [30, 60, 0, 60], 4, 40, 3],
  ["a minute without a figure counts", [0, 30, 90], 5, 30, 3],
  ["a single call isn't a rate of zero", [1, 0, 0, 0], 4, 0.25, 4],
  ["of the first minute alone it isn't known how much is missing", [400, 800, 20], 1, 800, 0],
  ["no minute is shown in full yet", [400, 800, 20], 0, 800, 0],
  ["no minute shows at all", [], 5, 0, 0],
])(
  "the recent rate is the mean of the whole minutes since the first call: %s",
  (_, calls, shown, perMinute, minutes) => {
    expect(recentRate(minutesFrom(NOW, ...calls), NOW + shown * MINUTE)).toStrictEqual({ perMinute, minutes });
  },
);

test("without any call nothing is to be expected", () => {
  const week = weekWith(NONE);
  expect([week.calls, week.failures, expectedCalls(week, NOW, DAY)]).toStrictEqual([0, 0, 0]);
  expect(callsPerMinute(week)).toStrictEqual({ least: 0, most: 0 });
});

test("calls and failures of the whole week are summed up", () => {
  const week = weekWith(
    hoursAgo(() => 10),
    hoursAgo((ago) => (ago === 5 ? 3 : null)),
  );
  expect([week.calls, week.failures]).toStrictEqual([7 * 24 * 10, 3]);
});

test("the calls and failures of the current hour are among them: callers may have been moved just now", () => {
  const week = weekWith(new Map([[NOW, 40]]), new Map([[NOW, 2]]));
  expect([week.calls, week.failures]).toStrictEqual([40, 2]);
});

/** As many calls a minute as the hour of the day. */
const BY_THE_CLOCK: Week = {
  callsByHour: Array.from({ length: 24 }, (_, hour) => hour * 60),
  recent: null,
  calls: 1,
  failures: 0,
  latency: {},
};

test.each([
  [10, 0, 60, 600],
  [10, 0, 30, 300],
  [10, 45, 30, 15 * 10 + 15 * 11],
  [10, 59, 62, 1 * 10 + 60 * 11 + 1 * 12],
  [23, 30, 60, 30 * 23 + 30 * 0],
  [23, 30, 120, 30 * 23 + 60 * 0 + 30 * 1],
  [0, 0, 24 * 60, (23 * 24 * 60) / 2],
  [5, 20, 48 * 60, 23 * 24 * 60],
  [10, 0, 0, 0],
])(
  "what is to be expected follows the hours of the day, over their ends and over midnight: from %i:%i for %i minutes",
  (hour, minute, minutes, calls) => {
    const from = Date.UTC(2026, 10, 21, hour, minute);
    expect(expectedCalls(BY_THE_CLOCK, from, minutes * MINUTE)).toBe(calls);
  },
);

test("the quietest and the busiest hour are told by the minute", () => {
  expect(callsPerMinute(BY_THE_CLOCK)).toStrictEqual({ least: 0, most: 23 });
});
