import { isMute } from "../../src/release/hindsight.ts";
import type { Analysis, Figures } from "../../src/release/verdict.ts";

const FIGURES: Figures = {
  scope: "version",
  unit: "share",
  slow: null,
  canary: { calls: 480, failures: 12 },
  baseline: null,
  allowed: 0.05,
  evidence: 0,
  quiet: false,
};

const inconclusive: Analysis = {
  rule: "error-rate <= 5%",
  target: { function: "checkout", alias: "live" },
  verdict: "inconclusive",
  reason: "not enough data to show it either way",
  figures: FIGURES,
};

test.each<[why: string, figures: Figures | null]>([
  ["it had nothing to judge by", null],
  ["there were too few calls for any verdict", { ...FIGURES, quiet: true }],
  ["nothing was measured", { ...FIGURES, canary: null }],
])("that a guard didn't fire means nothing if %s", (_why, figures) => {
  expect(isMute({ ...inconclusive, figures })).toBe(true);
});

test("that a guard didn't fire means something if it had enough data, whatever that showed", () => {
  expect(isMute(inconclusive)).toBe(false);
  expect(isMute({ ...inconclusive, verdict: "pass" })).toBe(false);
});
