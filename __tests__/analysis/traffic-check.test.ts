import assert from "node:assert/strict";
import type { OddShare } from "../../src/analysis/reason.ts";
import { longestSilence } from "../../src/analysis/silence.ts";
import { atWeight } from "../../src/analysis/state.ts";
import { checkTraffic, type TrafficCheck, trafficCheckFrom, trafficSeries } from "../../src/analysis/traffic-check.ts";
import type { LambdaSeries, Series } from "../../src/domain/ports.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { memberOf } from "../../testing/fakes/terms.ts";
import { type InRelease, inBake } from "./in-release.ts";

const START = Date.UTC(2026, 10, 21, 14);
const target = { function: "checkout", alias: "live" };

/** A release in its first bake at 50 %. */
function bakingWith(timeout: Duration, longestSilence: Duration | null, isCalled = false): InRelease {
  return inBake([memberOf("checkout", { timeout, longestSilence, isCalled })], [], 50, START);
}

function checkOf(release: InRelease) {
  const [trafficCheck] = release.trafficChecks;
  assert(trafficCheck !== undefined);
  return trafficCheck;
}

/** Calls a minute, as CloudWatch counts them by whom they reached. */
type Calls = Partial<Record<"function" | "unqualified" | "alias" | "42", number>>;

const SEEN: Calls = { function: 10, alias: 10, "42": 5 };

/** What is seen some minutes after the shift, with the given calls in each minute up to some time ago. */
function seenAfter(release: InRelease, minutes: number, calls: Calls, upTo = minutes) {
  const at = START + minutes * MINUTE;
  const reading = (series: Series) => {
    const each = calls[(series as LambdaSeries).of as "function"] ?? 0;
    const points: [Instant, number][] =
      each === 0 ? [] : Array.from({ length: upTo }, (_, i) => [START + i * MINUTE, each]);
    return { kind: "points" as const, points: new Map(points) };
  };
  return checkTraffic(checkOf(release), false, { at, reading, alarms: new Map() });
}

function judgedAfter(release: InRelease, minutes: number, calls: Calls) {
  return seenAfter(release, minutes, calls).analysis;
}

test("calls on both versions are seen", () => {
  expect(judgedAfter(bakingWith(3 * SECOND, 0), 10, { function: 100, alias: 100, "42": 50 })).toBeNull();
});

test("few calls are no error: missing canary calls are one only where some must have come, and once their minutes are sealed", () => {
  const release = bakingWith(3 * SECOND, null);
  expect(judgedAfter(release, 30, { function: 1, alias: 1 })).toBeNull();
  expect(judgedAfter(release, 11, { function: 100, alias: 100 })).toBeNull();
  expect(judgedAfter(release, 12, { function: 100, alias: 100 })?.verdict).toBe("error");
});

test("a silence is told against what is usual for the function, and not at all where nothing is usual", () => {
  expect(judgedAfter(bakingWith(3 * SECOND, 0), 14, {})?.verdict).toBe("inconclusive");
  expect(judgedAfter(bakingWith(3 * SECOND, 10 * MINUTE), 14, {})).toBeNull();
  expect(judgedAfter(bakingWith(3 * SECOND, null), 60, {})).toBeNull();
});

test("a function that may run for long is not called silent before its calls can have ended", () => {
  expect(judgedAfter(bakingWith(15 * MINUTE, 0), 19, {})).toBeNull();
  expect(judgedAfter(bakingWith(15 * MINUTE, 0), 25, {})?.verdict).toBe("inconclusive");
});

test("calls that stop are a silence once it is sealed, and none any more when they come back", () => {
  const release = bakingWith(3 * SECOND, 0);
  const busy = { function: 100, alias: 100, "42": 50 };
  const stopped = (minutes: number) => seenAfter(release, minutes, busy, 5);
  expect([stopped(16), stopped(18)].map(({ trafficCheck }) => trafficCheck.isSilent)).toStrictEqual([false, true]);
  expect(stopped(18).analysis?.reason).toMatchObject({
    kind: "silent",
    since: START + 5 * MINUTE,
    longestPause: expect.any(Number),
  });
  expect(seenAfter(release, 18, busy).trafficCheck.isSilent).toBe(false);
});

test.each([
  ["the function's", { function: 800, alias: 800, "42": 400 }, 3, 3, "function"],
  ["the canary's", { function: 800, alias: 800 }, 8, 0, "42"],
  ["the alias's", { function: 800, unqualified: 800 }, 8, 0, "alias"],
])("%s figures that must come and don't are late, and no verdict", (_whose, calls, upTo, minutes, of) => {
  const { trafficCheck, analysis } = seenAfter(bakingWith(3 * SECOND, 0), 8, calls, upTo);
  expect(analysis).toBeNull();
  expect(trafficCheck.late).toStrictEqual({ kind: "late", target, of, shownUntil: START + minutes * MINUTE });
});

test("figures that show in their usual time are not late, nor those of few calls, nor those that are given up", () => {
  const release = bakingWith(3 * SECOND, 0);
  expect(seenAfter(release, 8, { function: 800, alias: 800, "42": 400 }, 6).trafficCheck.late).toBeNull();
  expect(seenAfter(release, 8, { function: 5, alias: 5 }).trafficCheck.late).toBeNull();
  expect(seenAfter(release, 13, { function: 800, alias: 800 }).trafficCheck.late).toBeNull();
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
function watched(timeout: Duration, calls: (minute: number) => Calls) {
  let release = bakingWith(timeout, 0);
  const told: { minute: number; verdict: string | undefined; warning: OddShare | null }[] = [];
  for (let minute = 1; minute <= 30; minute++) {
    const at = START + minute * MINUTE;
    if (minute === 6) release = { ...release, ...atWeight(release, [checkOf(release).member], 50, at) };
    const reading = (series: Series) => {
      const name = (series as LambdaSeries).of as "function";
      const points = Array.from({ length: minute }, (_, i): [Instant, number] => [
        START + i * MINUTE,
        calls(i)[name] ?? 0,
      ]);
      return { kind: "points" as const, points: new Map(points.filter(([, count]) => count > 0)) };
    };
    const seen = checkTraffic(checkOf(release), false, { at, reading, alarms: new Map() });
    release = { ...release, trafficChecks: [seen.trafficCheck] };
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

test.each([
  [3 * SECOND, 12],
  [15 * MINUTE, 19],
])("a canary of which nothing shows is an error when its calls must have ended: %i ms", (timeout, minute) => {
  const told = watched(timeout, () => ({ function: 800, alias: 800 }));
  expect(told.find(({ verdict }) => verdict !== undefined)).toMatchObject({ verdict: "error", minute });
});

test("an alias that never was called is passed by if the function is called by its bare name, not by another alias", () => {
  const never = bakingWith(3 * SECOND, null);
  const called = bakingWith(3 * SECOND, null, true);
  const bare = { function: 800, unqualified: 800 };
  expect(judgedAfter(called, 13, bare)).toBeNull();
  expect(judgedAfter(never, 13, { function: 800 })).toBeNull();
  expect(judgedAfter(never, 13, bare)).toMatchObject({
    verdict: "error",
    reason: { kind: "bypassed" },
  });
});

test("no call in a time in which many are usual is a silence too, however late the figures were before the release", () => {
  const release = bakingWith(3 * SECOND, 20 * MINUTE);
  const trafficCheck = checkOf(release);
  const busy = { ...trafficCheck, member: { ...trafficCheck.member, usualRate: 800 } };
  expect(judgedAfter(release, 13, {})).toBeNull();
  expect(judgedAfter({ ...release, trafficChecks: [busy] }, 13, {})?.verdict).toBe("inconclusive");
  expect(judgedAfter({ ...release, trafficChecks: [busy] }, 13, { function: 1, alias: 1 })).toBeNull();
});

test("a share of the calls that isn't what was asked for is told once a step, with its likely causes", () => {
  const even = watched(3 * SECOND, () => ({ function: 800, alias: 800, "42": 404 }));
  expect(even.filter(({ warning }) => warning !== null)).toStrictEqual([]);
  const odd = watched(3 * SECOND, () => ({ function: 800, alias: 800, "42": 200 })).filter(({ warning }) => warning);
  expect(odd.map(({ minute }) => minute)).toStrictEqual([12, 18]);
  expect(odd[1]?.warning).toStrictEqual({
    kind: "odd-share",
    target,
    canary: "42",
    share: 0.5,
    ofAlias: 800,
    ofCanary: 200,
  });
});

test("what can't be read is an error, and nothing is counted by it", () => {
  const release = bakingWith(3 * SECOND, 0);
  const reading = (series: Series) =>
    (series as LambdaSeries).of === "alias"
      ? { kind: "unreadable" as const, reason: "throttled by CloudWatch" }
      : { kind: "points" as const, points: new Map([[START, 100]]) };
  const seen = checkTraffic(checkOf(release), false, { at: START + 20 * MINUTE, reading, alarms: new Map() });
  expect(seen.analysis).toMatchObject({
    kind: "traffic",
    verdict: "error",
    reason: { kind: "unreadable", error: "throttled by CloudWatch" },
  });
  expect(seen.warning).toBeNull();
  expect(seen.trafficCheck).toBe(checkOf(release));
});

test("after the promotion the alias's calls are the canary's", () => {
  const { member } = checkOf(bakingWith(3 * SECOND, 0));
  const calls = (isPromoted: boolean) => trafficSeries(member, isPromoted).map(({ of }) => of);
  expect(calls(false)).toStrictEqual(["function", "unqualified", "alias", "42"]);
  expect(calls(true)).toStrictEqual(["function", "unqualified", "alias", "alias"]);
  const counted = { kind: "lambda", target: member.target, metric: "Invocations", statistic: "sum", of: "42" };
  expect(trafficSeries(member, false)[3]).toStrictEqual(counted);
});

test("with the promotion the counts begin anew, and a silence goes on", () => {
  const { trafficCheck } = seenAfter(bakingWith(3 * SECOND, null), 30, SEEN, 4);
  const at = START + 30 * MINUTE;
  const silence = trafficCheck.from - trafficCheck.heardUntil;
  expect(silence).toBeGreaterThan(10 * MINUTE);
  const after = trafficCheckFrom(trafficCheck.member, trafficCheck, at, 100);
  expect(after).toMatchObject({ from: at, heardUntil: at - silence, ofStep: 0 });
  expect(after.spans.map(({ from, to, weight, calls }) => ({ from, to, weight, calls: calls.ofAlias }))).toStrictEqual([
    { from: at, to: null, weight: 100, calls: 0 },
  ]);
});

test("twenty calls that must have come are enough to miss them, by the alias and past it", () => {
  const seen = (calls: Calls, isCalled: boolean) =>
    judgedAfter(bakingWith(3 * SECOND, null, isCalled), 12, calls)?.verdict ?? null;
  expect([seen({ function: 40, alias: 40 }, true), seen({ function: 39, alias: 39 }, true)]).toStrictEqual([
    "error",
    null,
  ]);
  const past = (unqualified: number) => seen({ function: unqualified, unqualified }, false);
  expect([past(40), past(39)]).toStrictEqual(["error", null]);
});

test("figures of twenty calls that must have come are late", () => {
  const late = (alias: number) =>
    seenAfter(bakingWith(3 * SECOND, null), 3, { function: alias, alias }).trafficCheck.late;
  expect(late(40)).toMatchObject({ shownUntil: START });
  expect(late(39)).toBeNull();
});

test("fifty usual calls are enough to call none of them a silence", () => {
  const release = bakingWith(3 * SECOND, null);
  const silent = (usualRate: number, minutes: number) => {
    const trafficCheck = { ...checkOf(release), member: { ...checkOf(release).member, usualRate } };
    return seenAfter({ ...release, trafficChecks: [trafficCheck] }, minutes, {}).trafficCheck.isSilent;
  };
  expect([silent(5, 21), silent(4.9, 21), silent(5, 20)]).toStrictEqual([true, false, false]);
});

test("where the calls have stopped, nothing is late", () => {
  const { trafficCheck } = seenAfter(bakingWith(3 * SECOND, 0), 30, { function: 800, alias: 800, "42": 400 }, 5);
  expect(trafficCheck).toMatchObject({ isSilent: true, late: null });
});

test("a share is odd from five standard deviations on, and isn't told beside a verdict", () => {
  const warning = (calls: Calls, release = bakingWith(3 * SECOND, null)) => seenAfter(release, 12, calls).warning;
  expect(warning({ function: 800, alias: 800, "42": 330 })).toBeNull();
  expect(warning({ function: 800, alias: 800, "42": 329 })).toMatchObject({ kind: "odd-share", ofCanary: 329 });
  const blind = seenAfter(bakingWith(3 * SECOND, null), 12, { function: 800, alias: 800 });
  expect([blind.analysis?.verdict, blind.warning]).toStrictEqual(["error", null]);
});

/** Looks each minute, over steps of five minutes each, the last of which goes on. */
function stepping(steps: readonly Calls[], minutes: number) {
  let release = bakingWith(3 * SECOND, null);
  const counted: number[] = [];
  const verdicts: (string | undefined)[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const at = START + minute * MINUTE;
    if (minute % 5 === 0 && minute / 5 < steps.length) {
      release = { ...release, ...atWeight(release, [checkOf(release).member], 50, at) };
    }
    const reading = (series: Series) => {
      const points = Array.from({ length: minute }, (_, index): [Instant, number] => {
        const calls = steps[Math.min(Math.floor(index / 5), steps.length - 1)];
        return [START + index * MINUTE, calls?.[(series as LambdaSeries).of as "function"] ?? 0];
      });
      return { kind: "points" as const, points: new Map(points) };
    };
    const seen = checkTraffic(checkOf(release), false, { at, reading, alarms: new Map() });
    release = { ...release, trafficChecks: [seen.trafficCheck] };
    counted.push(seen.trafficCheck.ofStep);
    verdicts.push(seen.analysis?.verdict);
  }
  return { counted, verdicts, spans: checkOf(release).spans };
}

test("the calls of a step are counted by its own whole minutes, those of earlier steps apart", () => {
  const { counted, spans } = stepping([SEEN, SEEN, SEEN], 40);
  expect(counted[3]).toBe(4 * 5);
  expect(counted[8]).toBe(4 * 5);
  expect(counted[11]).toBe(2 * 5);
  const calls = spans.map(({ calls: { ofCanary, ofAlias } }) => [ofCanary, ofAlias]);
  expect(calls.slice(0, 2)).toStrictEqual([
    [25, 50],
    [25, 50],
  ]);
});

test("a canary of which nothing shows any more is an error, though it was seen in the steps before", () => {
  const unseen: Calls = { function: 100, alias: 100 };
  for (const steps of [
    [SEEN, unseen],
    [SEEN, SEEN, unseen],
  ]) {
    expect(stepping(steps, 40).verdicts).toContain("error");
    expect(stepping([...steps.slice(0, -1), SEEN], 40).verdicts).not.toContain("error");
  }
});

test("few calls in each step are enough together", () => {
  const few: Calls = { function: 4, alias: 4 };
  const { verdicts } = stepping([few, few, few], 40);
  expect(verdicts).toContain("error");
});

/** Steps of a minute, each shifted 20 seconds into one, with looks each minute; what the last look says. */
function running(steps: number, calls: (minute: number) => Calls, minutes: number) {
  let check = trafficCheckFrom(checkOf(bakingWith(3 * SECOND, null)).member, undefined, START + 20 * SECOND, 10);
  const seen = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const shift = START + minute * MINUTE + 20 * SECOND;
    if (minute < steps) check = trafficCheckFrom(check.member, check, shift, 10 * (minute + 1));
    const reading = (series: Series) => {
      const points = Array.from({ length: Math.max(0, minute - 1) }, (_, index): [Instant, number] => [
        START + index * MINUTE,
        calls(index)[(series as LambdaSeries).of as "function"] ?? 0,
      ]);
      return { kind: "points" as const, points: new Map(points.filter(([, count]) => count > 0)) };
    };
    const looked = checkTraffic(check, false, { at: shift + SECOND, reading, alarms: new Map() });
    check = looked.trafficCheck;
    seen.push({ minute, ...looked });
  }
  return { check, seen };
}

test("steps of a minute have no minute of their own, so the minutes between them count, at the lower weight", () => {
  const { check } = running(4, () => SEEN, 2);
  expect(check.spans.map(({ from, to, weight }) => [from, to, weight])).toStrictEqual([
    [START + MINUTE, START + 2 * MINUTE, 10],
    [START + 2 * MINUTE, START + 3 * MINUTE, 20],
    [START + 3 * MINUTE, null, 30],
  ]);
  const { spans } = running(4, () => SEEN, 30).check;
  expect(spans.slice(0, 3).map(({ calls: { ofCanary, ofAlias } }) => [ofCanary, ofAlias])).toStrictEqual([
    [5, 10],
    [5, 10],
    [5, 10],
  ]);
});

test("a canary of which nothing shows while its steps run ahead is an error, and late before that", () => {
  const { seen } = running(9, () => ({ function: 100, alias: 100 }), 14);
  // Of the second and the third minute, 10 and 20 % of 100 calls must have come.
  expect(seen.find(({ trafficCheck: { late } }) => late !== null)).toMatchObject({
    minute: 5,
    trafficCheck: { late: { of: "42", shownUntil: START + MINUTE } },
  });
  expect(seen.find(({ analysis }) => analysis?.verdict === "error")?.minute).toBe(14);
});

test("no share is odd in a minute in which the weight rose", () => {
  const { seen } = running(4, (minute) => ({ function: 800, alias: 800, "42": minute < 4 ? 400 : 320 }), 30);
  expect(seen.filter(({ warning }) => warning !== null)).toStrictEqual([]);
});

test("several shifts in one minute make one minute of it, at the lowest weight", () => {
  const { member } = checkOf(bakingWith(3 * SECOND, null));
  const shift = (before: TrafficCheck | undefined, seconds: number, weight: number) =>
    trafficCheckFrom(member, before, START + seconds * SECOND, weight);
  const third = shift(shift(shift(undefined, 10, 10), 70, 20), 100, 30);
  expect(third.spans.map(({ from, to, weight }) => [from, to, weight])).toStrictEqual([
    [START + MINUTE, START + 2 * MINUTE, 10],
    [START + 2 * MINUTE, null, 30],
  ]);
  const whole = shift(shift(undefined, 0, 10), 120, 20);
  expect(whole.spans.map(({ from, to, weight }) => [from, to, weight])).toStrictEqual([
    [START, START + 2 * MINUTE, 10],
    [START + 2 * MINUTE, null, 20],
  ]);
});

test("what is late is late by the minutes of all steps, as far back as it shows", () => {
  const { seen } = running(2, (minute) => (minute < 3 ? SEEN : { function: 50, alias: 50 }), 8);
  // Two minutes at 20 % of 50 calls: the canary showed last in the third minute.
  expect(seen.map(({ trafficCheck: { late } }) => late?.shownUntil ?? null)).toStrictEqual([
    ...[null, null, null, null, null, null],
    ...[START + 3 * MINUTE, START + 3 * MINUTE],
  ]);
});

test("the longest silence is found in whatever order the minutes come", () => {
  const minutes = [20, 1, 3, 2, 4, 10, 5, 6, 7, 8, 9].map((minute): [Instant, number] => [minute * MINUTE, 1]);
  expect(longestSilence(new Map(minutes), MINUTE)).toBe(9 * MINUTE);
});
