import assert from "node:assert/strict";
import type { Analysis, Outlook } from "../../src/analysis/verdict.ts";
import { METRIC_DELAY } from "../../src/domain/plan.ts";
import { HOUR, MINUTE } from "../../src/domain/time.ts";
import { withOutlooks } from "../../src/release/outlook.ts";
import { newRelease, promoted, type Release, shifted } from "../../src/release/release.ts";
import { guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const START = Date.UTC(2026, 10, 21, 14);
const GUARDS = guardsOf("error-rate <= baseline * 1.5 + 0.5%\nduration <= baseline * 1.2\nerror-rate < 5%");

function releaseOf(plan: string, more: Partial<Parameters<typeof termsOf>[0]> = {}): Release {
  return shifted(newRelease(termsOf({ plan: planOf(plan), guards: GUARDS, ...more }), [], START), 0, START);
}

const EVENTS = { kind: "events", signal: "error-rate" } as const;

function comparison(canary: [number, number], baseline: [number, number], more: Partial<Analysis> = {}): Analysis {
  const counts = ([failures, calls]: [number, number]) => ({ failures, calls });
  return {
    kind: "comparison",
    guard: { place: 0, text: "" },
    target: memberOf().target,
    verdict: "inconclusive",
    reason: {
      kind: "measured",
      measurement: { kind: "counts", counted: EVENTS },
      isWhole: false,
      overBefore: null,
    },
    figures: {
      scope: "version",
      unit: "share",
      slow: null,
      canary: counts(canary),
      baseline: counts(baseline),
      allowed: 0.0065,
      evidence: -0.4,
      underpowered: false,
    },
    ...more,
  };
}

/** A minute-by-minute comparison, of which so many minutes were seen. */
function pairs(minutes: number, evidence: number): Analysis {
  const measured = { kind: "duration", metric: "Duration", statistic: "average", words: "", fewest: 20 } as const;
  const latest = { minute: START, canary: 100, baseline: 100, allowed: 120 };
  const told = comparison([0, 0], [0, 0]);
  assert(told.figures !== null);
  return {
    ...told,
    guard: { place: 1, text: "" },
    reason: {
      kind: "measured",
      measurement: { kind: "pairs", measured, seen: { minutes, over: 0, latest: minutes === 0 ? null : latest } },
      isWhole: false,
      overBefore: null,
    },
    figures: { ...told.figures, underpowered: minutes === 0, evidence },
  };
}

function outlook(analysis: Analysis, release: Release, minutes: number): Outlook | null {
  return withOutlooks([analysis], release, START + minutes * MINUTE)[0]?.outlook ?? null;
}

const BUSY = comparison([1, 1_000], [9, 9_000]);

test("the more calls are seen, the fewer minutes are left, and a longer plan has time for more of them", () => {
  const [short, long] = [releaseOf("10% for 10m"), releaseOf("10% for 10m, 50% for 1h")];
  const left = (analysis: Analysis, release: Release) => outlook(analysis, release, 9)?.left ?? Number.NaN;
  const slower = comparison([0, 100], [1, 900]);
  expect(left(BUSY, short)).toBeLessThan(left(slower, short));
  expect(left(slower, long)).toBeLessThan(left(slower, short));
  expect(outlook(BUSY, long, 9)).toMatchObject({ lasted: 10 * MINUTE, isWithinPlan: true });
  expect(outlook(slower, short, 9)).toMatchObject({ isWithinPlan: false });
});

test("the last step's hold is a part of the plan", () => {
  const left = outlook(BUSY, releaseOf("10% for 10m"), 9)?.left ?? Number.NaN;
  const limits = (maxHold: number | null) => ({
    holdLimits: { minInvocations: 0, maxHold, maxUnreadable: MINUTE },
  });
  const isWithin = (plan: string, maxHold: number | null) =>
    outlook(BUSY, releaseOf(plan, limits(maxHold)), 9)?.isWithinPlan;
  expect([isWithin("10% for 10m", 0), isWithin("10% for 10m", left)]).toStrictEqual([false, true]);
  expect(isWithin("10% for 10m, 11% for 5m", null)).toBe(true);
});

test("where hardly anybody calls, no time is told", () => {
  const quiet = comparison([0, 1], [0, 19]);
  expect(outlook(quiet, releaseOf("5% for 10m"), 9)).toStrictEqual({
    lasted: 10 * MINUTE,
    left: null,
    isWithinPlan: false,
  });
});

test("minute by minute, the evidence so far tells the pace", () => {
  const release = releaseOf("5% for 1h");
  expect(outlook(pairs(6, -0.5), release, 8)).toMatchObject({ left: 6 * MINUTE, isWithinPlan: true });
  expect(outlook(pairs(6, 0.1), release, 8)).toMatchObject({ left: null });
  expect(outlook(pairs(0, 0), release, 8)).toBeNull();
});

test("nothing is told of what has a verdict, can't be compared, may be worse, or has just begun", () => {
  const release = releaseOf("10% for 1h");
  const figures = BUSY.figures;
  assert(figures !== null);
  const without: readonly (readonly [Analysis, Release, number])[] = [
    [{ ...BUSY, verdict: "pass" }, release, 9],
    [{ ...BUSY, kind: "limit", guard: { place: 2, text: "" } }, release, 9],
    [{ ...BUSY, figures: null }, release, 9],
    [{ ...BUSY, figures: { ...figures, underpowered: true, baseline: { calls: 0, failures: 0 } } }, release, 9],
    [{ ...BUSY, figures: { ...figures, underpowered: true, canary: null } }, release, 9],
    [{ ...BUSY, figures: { ...figures, allowed: 0.0001 } }, release, 9],
    [{ ...BUSY, target: null }, release, 9],
    [{ ...BUSY, guard: null }, release, 9],
    [{ ...pairs(6, -0.5), guard: { place: 1, text: "" }, reason: BUSY.reason }, release, 9],
    [BUSY, release, 0],
    [BUSY, promoted(release, START + HOUR), 61],
  ];
  expect(without.map(([analysis, of, minutes]) => outlook(analysis, of, minutes))).toStrictEqual(
    without.map(() => null),
  );
  expect(outlook(BUSY, release, METRIC_DELAY / MINUTE)).not.toBeNull();
});
