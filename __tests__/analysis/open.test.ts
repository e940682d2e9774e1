import { hasNothingAgainst } from "../../src/analysis/open.ts";
import type { Analysis, Figures, Verdict } from "../../src/analysis/verdict.ts";

const FIGURES: Figures = {
  scope: "version",
  unit: "share",
  slow: null,
  canary: { calls: 3_000, failures: 3 },
  baseline: { calls: 7_000, failures: 9 },
  allowed: 0.007,
  evidence: -0.5,
  underpowered: false,
};

type Reason = Analysis["reason"];

function measured(measurement: Extract<Reason, { kind: "measured" }>["measurement"]): Reason {
  return { kind: "measured", measurement, isWhole: false, overBefore: null };
}

const COUNTS = measured({ kind: "counts", counted: { kind: "events", signal: "error-rate" } });
const SLOW = measured({ kind: "counts", counted: { kind: "slow", canary: 240, baseline: 200, tail: 0.1 } });
const pairs = (minutes: number, over: number): Reason => {
  const latest = minutes === 0 ? null : { minute: 0, canary: 1, baseline: 1, allowed: 1.2 };
  const metric = { namespace: "Shop", name: "Time", dimensions: {}, statistic: "Average" };
  return measured({ kind: "pairs", measured: { kind: "own", metric, fewest: 0 }, seen: { minutes, over, latest } });
};
const LEVEL = measured({
  kind: "level",
  measured: { kind: "level", signal: "iterator-age" },
  status: { kind: "unmeasured", latest: null, over: 0 },
  limit: { limit: 30, hold: 3, period: 1 },
});

function analysis(reason: Reason, figures: Figures | null, verdict: Verdict = "inconclusive"): Analysis {
  return { kind: "comparison", guard: null, target: null, verdict, reason, figures };
}

const CASES: readonly (readonly [string, Analysis, boolean])[] = [
  ["a pass", analysis(LEVEL, FIGURES, "pass"), true],
  ["a fail", analysis(COUNTS, FIGURES, "fail"), false],
  ["an error", analysis({ kind: "unreadable", error: "throttled" }, null, "error"), false],
  ["an alarm without data", analysis({ kind: "alarm", alarm: "a", state: "insufficient-data" }, null), false],
  ["counts within what is allowed", analysis(COUNTS, FIGURES), true],
  ["counts against a number", analysis(COUNTS, { ...FIGURES, baseline: null }), true],
  ["counts over what is allowed", analysis(COUNTS, { ...FIGURES, allowed: 0.0005 }), false],
  ["too few calls", analysis(COUNTS, { ...FIGURES, underpowered: true }), false],
  ["no figures", analysis(COUNTS, null), false],
  ["no figure of the canary", analysis(COUNTS, { ...FIGURES, canary: null }), false],
  ["no calls of the canary", analysis(COUNTS, { ...FIGURES, canary: { calls: 0, failures: 0 } }), false],
  ["no calls of the baseline", analysis(COUNTS, { ...FIGURES, baseline: { calls: 0, failures: 0 } }), false],
  ["hardly any slow calls any more", analysis(SLOW, { ...FIGURES, baseline: { calls: 7_000, failures: 7 } }), false],
  ["no minute with a figure", analysis(pairs(0, 0), FIGURES), false],
  ["half of the minutes over it", analysis(pairs(8, 4), FIGURES), true],
  ["most minutes over it", analysis(pairs(8, 5), FIGURES), false],
  ["a level that was never seen", analysis(LEVEL, FIGURES), false],
];

test.each(CASES)("whether a rule could judge and saw nothing against the canary: %s", (_, judged, expected) =>
  expect(hasNothingAgainst(judged)).toBe(expected),
);
