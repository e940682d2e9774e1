import { type Analysis, VERDICTS, worst } from "../../src/analysis/verdict.ts";

const PASSED: Analysis = {
  ...{ kind: "limit", guard: { place: 0, text: "error-rate <= 5%" } },
  ...{ target: { function: "checkout", alias: "live" }, verdict: "pass" },
  ...{ reason: { kind: "unreadable", error: "" }, figures: null },
};

test("the worst verdict decides, and of several as bad the first; of none, nothing does", () => {
  const all = VERDICTS.map((verdict) => ({ ...PASSED, verdict }));
  expect([worst(all)?.verdict, worst(all.toReversed())?.verdict]).toStrictEqual(["fail", "fail"]);
  const first = { ...PASSED };
  expect(worst([first, { ...PASSED }])).toBe(first);
  expect(worst([])).toBeNull();
});
