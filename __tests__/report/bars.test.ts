import { weightBar } from "../../src/report/bars.ts";

test("the bar of the weight is full at 100 % only, and never empty", () => {
  const filled = [1, 5, 25, 50, 99, 100].map((weight) => weightBar(weight).replaceAll("□", "").length);
  expect(filled).toStrictEqual([1, 1, 5, 10, 19, 20]);
});
