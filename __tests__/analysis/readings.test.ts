import { bySeries } from "../../src/analysis/readings.ts";
import type { LambdaSeries } from "../../src/domain/ports.ts";

function calls(version: string): LambdaSeries {
  const target = { function: "checkout", alias: "live" };
  return { kind: "lambda", target, metric: "Invocations", statistic: "sum", of: version };
}

test("a reading is found by its series, and one that was never asked for is unreadable, not empty", () => {
  const reading = { kind: "points", points: new Map([[0, 480]]) } as const;
  const of = bySeries([calls("41"), calls("42")], [{ kind: "points", points: new Map() }, reading]);
  expect(of(calls("42"))).toBe(reading);
  expect(of(calls("43"))).toStrictEqual({ kind: "unreadable", reason: "the series was not requested" });
});
