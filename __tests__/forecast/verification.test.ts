import assert from "node:assert/strict";
import type { Counts } from "../../src/analysis/counts.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import {
  type ExpectedStep,
  type Known,
  minutesUntilShown,
  type Standing,
  type VerifiesFrom,
  verifiesFrom,
} from "../../src/forecast/verification.ts";
import { NORMAL } from "../../src/guards/guard.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";

const START = Date.UTC(2026, 10, 21, 10);

/** A function with this many calls in each minute of the week, and a share of failures. */
function known(perMinute: number, failing = 0.01, over: Partial<Known["usual"]> = {}): Known {
  const calls = (perMinute * 7 * DAY) / MINUTE;
  const perHour = (perMinute * HOUR) / MINUTE;
  const latency = { p50: 100, p90: 190 };
  const rates = { "error-rate": { calls: perHour, failures: perHour * failing } };
  return {
    week: { callsByHour: Array(24).fill(perHour), recent: null, calls, failures: calls * failing, latency },
    usual: { latency, countsByDuration: true, hasErrorSamples: true, rates, ...over },
    timeout: 30 * SECOND,
  };
}

/** `[weight, minutes]` */
function stepsOf(...steps: readonly (readonly [number, number])[]): readonly ExpectedStep[] {
  return steps.map(([weight, minutes]) => ({ weight, lasts: minutes * MINUTE, hold: 0 }));
}

const DEFAULT = stepsOf([5, 5], [25, 5], [50, 5]);
const ERRORS = "error-rate <= baseline";
const LATENCY = "p90 <= baseline * 1.2";

function forecastOf(
  traffic: Known,
  guards: string = ERRORS,
  steps: readonly ExpectedStep[] = DEFAULT,
  mayHold: Duration = 5 * MINUTE,
): VerifiesFrom {
  return verifiesFrom(traffic, steps, mayHold, guardsOf(guards), START);
}

function minuteOf(verifies: VerifiesFrom): number {
  assert(verifies.kind === "after", JSON.stringify(verifies));
  return verifies.time / MINUTE;
}

function needsOf(verifies: VerifiesFrom): { readonly minutes: number; readonly callsPerMinute: number } {
  assert(verifies.kind === "beyond" && verifies.time !== null, JSON.stringify(verifies));
  return { minutes: verifies.time / MINUTE, callsPerMinute: verifies.callsPerMinute ?? 0 };
}

test("the more calls there are and the fewer of them fail, the sooner a good version is verified", () => {
  const byCalls = [2_000, 5_000, 20_000].map((calls) => minuteOf(forecastOf(known(calls))));
  expect(byCalls).toStrictEqual([...new Set(byCalls)].sort((a, b) => b - a));
  const [many = 0, few = 0] = [0.01, 0.001].map((failing) => minuteOf(forecastOf(known(3_000, failing))));
  expect(few).toBeLessThan(many);
});

test("no number of calls verifies in the first minute that shows: no minute decides by itself", () => {
  // Two minutes, and the two and a half until the second of them counts.
  expect(minuteOf(forecastOf(known(1e6, 0.001)))).toBe(5);
  expect(minuteOf(forecastOf(known(10_000, 0.001), ERRORS, stepsOf([50, 60])))).toBe(5);
  // The sign-flip test at most doubles its evidence in a minute: it takes six minutes, or seven near the limit.
  const paired = known(1e6, 0.001, { countsByDuration: false });
  const allowing = (times: number) => minuteOf(forecastOf(paired, `p90 <= baseline * ${times}`));
  expect([allowing(3), allowing(1.2)]).toStrictEqual([9, 10]);
});

test("a minute counts once none of its calls can be under way any more", () => {
  const traffic = known(20_000);
  const steps = stepsOf([50, 60]);
  const soon = minuteOf(forecastOf(traffic, ERRORS, steps));
  expect(minuteOf(forecastOf({ ...traffic, timeout: 8.5 * MINUTE }, ERRORS, steps))).toBe(soon + 8);
  // Where calls and errors can be late apart, it counts after eleven minutes.
  const apart = known(20_000, 0.01, { hasErrorSamples: false });
  expect(minuteOf(forecastOf(apart, ERRORS, steps))).toBe(soon + 9);
});

test("it is told in which step a good version is verified, and whether that has to wait for it", () => {
  const early = forecastOf(known(20_000));
  assert(early.kind === "after");
  expect([early.step, early.isHeld]).toStrictEqual([1, false]);
  expect(early.time).toBeGreaterThan(5 * MINUTE);
  expect(early.time).toBeLessThanOrEqual(10 * MINUTE);
  const held = forecastOf(known(1_100));
  assert(held.kind === "after");
  expect([held.step, held.isHeld]).toStrictEqual([2, true]);
  expect(held.time).toBeGreaterThan(15 * MINUTE);
  expect(held.time).toBeLessThanOrEqual(20 * MINUTE);
  expect(forecastOf(known(1_100), ERRORS, DEFAULT, 0).kind).toBe("beyond");
});

test("what an earlier step is expected to wait brings calls, too", () => {
  const patient = DEFAULT.map((step, index) => (index === 1 ? { ...step, hold: 20 * MINUTE } : step));
  const traffic = known(500);
  expect(forecastOf(traffic).kind).toBe("beyond");
  expect(forecastOf(traffic, ERRORS, patient).kind).toBe("after");
});

test("beyond the plan, either the time or the calls that are named would do, and not much less", () => {
  const traffic = known(200);
  const { minutes, callsPerMinute } = needsOf(forecastOf(traffic));
  expect(callsPerMinute).toBeGreaterThan(200);
  const calling = (calls: number) => forecastOf(known(calls)).kind;
  expect([calling(0.9 * callsPerMinute), calling(callsPerMinute)]).toStrictEqual(["beyond", "after"]);
  const lasting = (all: number) => forecastOf(traffic, ERRORS, stepsOf([5, 5], [25, 5], [50, all - 10]), 0).kind;
  expect([lasting(minutes - 1), lasting(minutes)]).toStrictEqual(["beyond", "after"]);
  expect(callsPerMinute).toBe(Number(callsPerMinute.toPrecision(2)));
});

test("what takes longer than a day, or more calls than anybody has, isn't named", () => {
  expect(forecastOf(known(1))).toMatchObject({ kind: "beyond", time: null, callsPerMinute: expect.any(Number) });
  // One minute can't show it, however many calls it has.
  const short = stepsOf([50, 4]);
  expect(forecastOf(known(1_000), ERRORS, short, 0)).toMatchObject({ kind: "beyond", callsPerMinute: null });
  // A version just as good as the baseline is at what this guard allows.
  const strict = forecastOf(known(1e6), "error-rate <= baseline * 1");
  expect(strict).toStrictEqual({ kind: "beyond", time: null, callsPerMinute: null });
});

test.each([
  [ERRORS, true],
  [LATENCY, true],
  [LATENCY, false],
])("traffic is that of the hours in which the release runs: %s", (guard, countsByDuration) => {
  const traffic = known(2_000, 0.01, { countsByDuration });
  const { week } = traffic;
  const within = (first: number, last: number, steps = DEFAULT) => {
    const callsByHour = week.callsByHour.map((calls, hour) => (hour >= first && hour <= last ? calls : 0));
    return forecastOf({ ...traffic, week: { ...week, callsByHour } }, guard, steps);
  };
  expect([within(0, 10).kind, within(0, 9).kind]).toStrictEqual(["after", "beyond"]);
  const steps = stepsOf([50, 120]);
  expect(minuteOf(within(11, 23, steps))).toBe(60 + minuteOf(forecastOf(traffic, guard, steps)));
});

test("a week with an outage is no forecast for a calm hour, nor are a few calls without a failure", () => {
  const afterOutage = { ...known(3_000, 0.001), week: known(3_000, 0.05).week };
  const calm = minuteOf(forecastOf(known(3_000, 0.001)));
  expect(minuteOf(forecastOf(afterOutage))).toBe(calm);
  const few = (calls: number) => {
    const traffic = known(3_000);
    return { ...traffic, usual: { ...traffic.usual, rates: { "error-rate": { calls, failures: 0 } } } };
  };
  expect(minuteOf(forecastOf(few(20)))).toBeGreaterThan(minuteOf(forecastOf(few(20_000))));
  expect(minuteOf(forecastOf(known(3_000, 0)))).toBeLessThanOrEqual(calm);
});

test("all guards that compare have to be shown, so the latest counts", () => {
  const traffic = known(1_000, 0.001);
  const [errors, latency] = [ERRORS, LATENCY].map((guard) => minuteOf(forecastOf(traffic, guard)));
  expect(errors).not.toBe(latency);
  const both = minuteOf(forecastOf(traffic, `${ERRORS}\n${LATENCY}\nerror-rate < 10%\nalarm a`));
  expect(both).toBe(Math.max(errors ?? 0, latency ?? 0));
  expect(forecastOf(traffic, `${ERRORS}\nerror-rate <= baseline * 1`).kind).toBe("beyond");
});

test.each(["", "alarm a", "error-rate < 1%\np90 < 300ms", "iterator-age < 30s for 3m"])(
  "without a guard that compares, nothing is ever verified: %j",
  (guards) => {
    expect(forecastOf(known(1_000), guards)).toStrictEqual({ kind: "uncompared" });
  },
);

test.each([
  "metric A/B {V=$version} Average <= baseline",
  "url-5xx <= baseline * 1.5 + 0.5%",
  "url-latency <= baseline * 1.2",
])("of what is known only in the release, nothing is forecast: %s", (guard) => {
  expect(forecastOf(known(1_000), `${ERRORS}\n${guard}`)).toStrictEqual({ kind: "unknown", guard });
});

test.each([ERRORS, LATENCY, "duration <= baseline * 1.2"])("without any calls nothing is forecast: %s", (guard) => {
  for (const countsByDuration of [true, false]) {
    const { week, usual, ...rest } = known(0);
    const none = { ...rest, week: { ...week, latency: {} }, usual: { ...usual, countsByDuration } };
    expect(forecastOf(none, guard).kind).toBe("unknown");
  }
});

test.each([
  ["counted", true],
  ["compared", false],
])("latency is verified the sooner the more calls there are and the more is allowed: %s", (_how, countsByDuration) => {
  const minute = (perMinute: number, guard = LATENCY) =>
    minuteOf(forecastOf(known(perMinute, 0, { countsByDuration }), guard, stepsOf([50, 12 * 60])));
  const [few, more, many] = [minute(120), minute(300), minute(3_000)];
  expect(few).toBeGreaterThan(more);
  expect(more).toBeGreaterThan(many);
  expect(minute(120, "p90 <= baseline * 1.5")).toBeLessThan(few);
});

test("of a mean, only minutes with enough calls of both versions count", () => {
  const traffic = (perMinute: number) => known(perMinute, 0, { countsByDuration: false });
  const minute = (perMinute: number) =>
    minuteOf(forecastOf(traffic(perMinute), "duration <= baseline * 3", stepsOf([50, 23 * 60])));
  expect(minute(100)).toBe(9);
  // With twenty calls of each on average, only every fourth minute has that many.
  expect(minute(40)).toBeGreaterThan(2 * minute(100));
  expect(forecastOf(traffic(4), "duration <= baseline * 3").kind).toBe("beyond");
});

test("a plan without steps never verifies", () => {
  expect(forecastOf(known(1_000), ERRORS, [], 0)).toStrictEqual({ kind: "beyond", time: null, callsPerMinute: null });
});

const CALLS = { canary: 500, baseline: 500 };
const USUAL: Counts = { calls: 60_000, failures: 600 };

function standing(good: number, canary: Counts, baseline: Counts = { calls: 5_000, failures: 50 }): Standing {
  return { kind: "counts", good, tolerance: NORMAL, usual: USUAL, seen: { canary, baseline } };
}

const AS_GOOD: Counts = { calls: 1_000, failures: 10 };

test("while a release runs, the more is shown and the more calls there are, the fewer minutes it still takes", () => {
  const left = (good: number, calls = CALLS) => minutesUntilShown([standing(good, AS_GOOD)], () => calls, 60) ?? 99;
  const byEvidence = [0, 0.3, 0.6, 0.9, 1].map((good) => left(good));
  expect(byEvidence).toStrictEqual([...new Set(byEvidence)].sort((a, b) => b - a));
  expect(byEvidence.at(-1)).toBe(0);
  expect(left(0, { canary: 2_000, baseline: 2_000 })).toBeLessThan(left(0));
});

test("about half of the releases need more minutes than are named, so it is sooner than what nine in ten need", () => {
  const left = minutesUntilShown([standing(0, AS_GOOD)], () => CALLS, 60);
  // Two and a half minutes go by until a minute counts, and half a one on average.
  expect(left).toBeLessThan(minuteOf(forecastOf(known(1_000), ERRORS, stepsOf([50, 60]))) - 3);
});

test("what the canary has failed so far is taken to go on, once it has had enough calls to tell", () => {
  const left = (canary: Counts) => minutesUntilShown([standing(0.3, canary)], () => CALLS, 200);
  expect(left({ calls: 1_000, failures: 40 })).toBeNull();
  expect(left({ calls: 1_000, failures: 15 })).toBeGreaterThan(left(AS_GOOD) ?? 0);
  // If none of a few calls has failed, that is no sign that none will.
  expect(left({ calls: 2, failures: 0 })).toBeGreaterThan(left({ calls: 2_000, failures: 0 }) ?? 0);
});

test("what isn't shown within the time that there is, or never without calls, isn't named", () => {
  const minutes = minutesUntilShown([standing(0, AS_GOOD)], () => CALLS, 60) ?? 0;
  const within = (most: number) => minutesUntilShown([standing(0, AS_GOOD)], () => CALLS, most);
  expect([within(minutes), within(minutes - 1)]).toStrictEqual([minutes, null]);
  expect(minutesUntilShown([standing(0.9, AS_GOOD)], () => ({ canary: 0, baseline: 1_000 }), 60)).toBeNull();
  expect(minutesUntilShown([standing(0.9, AS_GOOD)], () => ({ canary: 1_000, baseline: 0 }), 60)).toBeNull();
});

test("a sign-flip test is taken to go on as fast as it has so far", () => {
  const pairs = (good: number, minutes: number): Standing => ({ kind: "pairs", good, minutes });
  const left = (...standings: readonly Standing[]) => minutesUntilShown(standings, () => CALLS, 20);
  expect(left(pairs(0.6, 6))).toBe(4);
  expect(left(pairs(1.1, 6))).toBe(0);
  expect(left(pairs(0, 6))).toBeNull();
  expect(left(pairs(0.2, 6))).toBeNull();
  // The latest counts.
  expect(left(pairs(0.6, 6), pairs(0.8, 8))).toBe(4);
  expect(left(pairs(0.6, 6), pairs(-0.1, 8))).toBeNull();
});
