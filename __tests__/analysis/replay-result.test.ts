import { isUnjudged, showsNothing } from "../../src/analysis/replay-result.ts";
import type { Analysis, Figures } from "../../src/analysis/verdict.ts";

const FIGURES: Figures = {
  scope: "version",
  unit: "share",
  slow: null,
  canary: { calls: 480, failures: 12 },
  baseline: null,
  allowed: 0.05,
  evidence: 0,
  underpowered: false,
};

const inconclusive: Pick<Analysis, "verdict" | "figures"> = { verdict: "inconclusive", figures: FIGURES };

test.each<[why: string, figures: Figures | null]>([
  ["it had nothing to judge by", null],
  ["there were too few calls for any verdict", { ...FIGURES, underpowered: true }],
  ["nothing was measured", { ...FIGURES, canary: null }],
])("that a guard didn't fire means nothing if %s", (_why, figures) => {
  expect(showsNothing({ ...inconclusive, figures })).toBe(true);
});

test("that a guard didn't fire means something if it had enough data, whatever that showed", () => {
  expect(showsNothing(inconclusive)).toBe(false);
  expect(showsNothing({ ...inconclusive, verdict: "pass" })).toBe(false);
});

test("a verdict is one, also without figures, as an alarm's is, and however few they are", () => {
  for (const figures of [null, { ...FIGURES, underpowered: true, canary: null }]) {
    const passed = { verdict: "pass", figures } as const;
    expect([isUnjudged(passed), showsNothing(passed)]).toStrictEqual([false, false]);
  }
});
