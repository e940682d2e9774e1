import assert from "node:assert/strict";
import type { LambdaSeries, Series } from "../../src/release/ports.ts";
import { newRelease, type Release, shifted } from "../../src/release/release.ts";
import { judgeSight, longestSilence } from "../../src/release/sight.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../../src/release/time.ts";

const START = Date.UTC(2026, 10, 21, 14);

/** A release in its first bake at 50 %. */
function bakingWith(timeout: Duration, silence: Duration | null, isCalled = false): Release {
  const target = { function: "checkout", alias: "live" };
  const member = {
    target,
    baseline: "41",
    canary: "42",
    timeout,
    longestSilence: silence,
    usualRate: 0,
    isCalled,
    usual: { latency: {}, countsByDuration: true },
  };
  const plan = { steps: [{ weight: 50, bake: 5 * MINUTE }], finalBake: 0 };
  const terms = {
    run: { id: "1", attempt: 1 },
    members: [member],
    plan,
    guards: [],
    whenInconclusive: "proceed",
    patience: { minInvocations: 0, maxHold: 0, maxUnreadable: 5 * MINUTE },
  } as const;
  return shifted(newRelease(terms, [], START), 0, START);
}

function sightingOf(release: Release) {
  const [sighting] = release.sightings;
  assert(sighting !== undefined);
  return sighting;
}

/** The analysis some minutes after the shift, with the given calls in each minute. */
function judgedAfter(release: Release, minutes: number, calls: Partial<Record<"function" | "alias" | "42", number>>) {
  const at = START + minutes * MINUTE;
  const reading = (series: Series) => {
    const each = calls[(series as LambdaSeries).of as "function"] ?? 0;
    const points: [Instant, number][] =
      each === 0 ? [] : Array.from({ length: minutes }, (_, i) => [START + i * MINUTE, each]);
    return { kind: "points" as const, points: new Map(points) };
  };
  return judgeSight(sightingOf(release), false, { at, reading, alarms: new Map() }).analysis;
}

test("calls on both versions are seen", () => {
  expect(judgedAfter(bakingWith(3 * SECOND, 0), 10, { function: 100, alias: 100, "42": 50 })).toBeNull();
});

test("few calls are quiet, and not blind: only where some must have come is none a failure", () => {
  const release = bakingWith(3 * SECOND, null);
  expect(judgedAfter(release, 8, { function: 5, alias: 5 })).toBeNull();
  expect(judgedAfter(release, 8, { function: 100, alias: 100 })?.verdict).toBe("fail");
});

test("a silence counts against what is usual for the function, and not at all where nothing is usual", () => {
  expect(judgedAfter(bakingWith(3 * SECOND, 0), 6, {})?.verdict).toBe("error");
  expect(judgedAfter(bakingWith(3 * SECOND, 10 * MINUTE), 6, {})).toBeNull();
  expect(judgedAfter(bakingWith(3 * SECOND, null), 60, {})).toBeNull();
});

test("a function that may run for long is not called silent before its calls can have ended", () => {
  expect(judgedAfter(bakingWith(15 * MINUTE, 0), 12, {})).toBeNull();
  expect(judgedAfter(bakingWith(15 * MINUTE, 0), 25, {})?.verdict).toBe("error");
});

test("what is usual is told by ten pauses at least, and is the longest of them, that before the first call too", () => {
  const minutes = (...list: number[]) => new Map(list.map((minute) => [minute * MINUTE, 1]));
  const usual = (calls: ReadonlyMap<number, number>, from: number) => longestSilence(calls, from * MINUTE);
  expect(usual(minutes(1, 2, 3), 1)).toBeNull();
  expect(usual(minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1)).toBe(0);
  expect(usual(minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20), 1)).toBe(9 * MINUTE);
  expect(usual(minutes(46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56), 1)).toBe(45 * MINUTE);
});

test("a minute in which no calls were counted is a part of the pause, not its end", () => {
  const called = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20].map((minute): [Instant, number] => [minute * MINUTE, 1]);
  expect(longestSilence(new Map([...called, [15 * MINUTE, 0]]), MINUTE)).toBe(9 * MINUTE);
  expect(longestSilence(new Map([...called.slice(1), [15 * MINUTE, 0]]), MINUTE)).toBeNull();
});

/** The analyses and warnings of looks a minute apart, over two steps of five minutes, with the given calls a minute. */
function watched(timeout: Duration, calls: (minute: number) => Partial<Record<"function" | "alias" | "42", number>>) {
  let release = bakingWith(timeout, 0);
  const told: { minute: number; verdict: string | undefined; warning: string | null }[] = [];
  for (let minute = 1; minute <= 30; minute++) {
    const at = START + minute * MINUTE;
    if (minute === 6) release = shifted(release, 0, at);
    const reading = (series: Series) => {
      const name = (series as LambdaSeries).of as "function";
      const points = Array.from({ length: minute }, (_, i): [Instant, number] => [
        START + i * MINUTE,
        calls(i)[name] ?? 0,
      ]);
      return { kind: "points" as const, points: new Map(points.filter(([, count]) => count > 0)) };
    };
    const seen = judgeSight(sightingOf(release), false, { at, reading, alarms: new Map() });
    release = { ...release, sightings: [seen.sighting] };
    told.push({ minute, verdict: seen.analysis?.verdict, warning: seen.warning });
  }
  return told;
}

test.each([3 * SECOND, 3 * MINUTE, 15 * MINUTE])(
  "a busy function is not taken for silent after a shift, however long its calls may run: %i ms",
  (timeout) => {
    const told = watched(timeout, () => ({ function: 800, alias: 800, "42": 400 }));
    expect(told.filter(({ verdict }) => verdict !== undefined)).toStrictEqual([]);
  },
);

test("a canary of which nothing shows holds the weight at once, and fails when its calls must have ended", () => {
  const told = watched(5 * MINUTE, () => ({ function: 800, alias: 800 }));
  expect(told.find(({ verdict }) => verdict !== undefined)?.verdict).toBe("error");
  expect(told.find(({ verdict }) => verdict === "fail")?.minute).toBe(8);
});

test("an alias that was called before and is quiet now is not passed by, one that never was is", () => {
  const bypassed = () => ({ function: 800 });
  const never = bakingWith(3 * SECOND, null);
  const called = bakingWith(3 * SECOND, null, true);
  expect(judgedAfter(called, 8, bypassed())).toBeNull();
  expect(judgedAfter(never, 8, bypassed())?.reason).toMatch(/none of them through the alias live/);
});

test("no call in a time in which many are usual is a silence too, however late the figures were before the release", () => {
  const release = bakingWith(3 * SECOND, 20 * MINUTE);
  const sighting = sightingOf(release);
  const busy = { ...sighting, member: { ...sighting.member, usualRate: 800 } };
  expect(judgedAfter(release, 8, {})).toBeNull();
  expect(judgedAfter({ ...release, sightings: [busy] }, 8, {})?.verdict).toBe("error");
  expect(judgedAfter({ ...release, sightings: [busy] }, 8, { function: 1, alias: 1 })).toBeNull();
});

test("a share of the calls that isn't what was asked for is told once a step, with its likely causes", () => {
  const even = watched(3 * SECOND, () => ({ function: 800, alias: 800, "42": 404 }));
  expect(even.filter(({ warning }) => warning !== null)).toStrictEqual([]);
  const odd = watched(3 * SECOND, () => ({ function: 800, alias: 800, "42": 200 })).filter(({ warning }) => warning);
  expect(odd.map(({ minute }) => minute)).toStrictEqual([3, 9]);
  expect(odd[0]?.warning).toMatch(/version 42 had 200 of 800 calls, but at 50 % it should be about 400/);
});
