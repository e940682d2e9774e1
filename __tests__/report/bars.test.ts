import { evidenceBar, weightBar } from "../../src/report/bars.ts";

test("the bar of evidence reaches an end only when it was shown", () => {
  const table: readonly (readonly [number, string])[] = [
    [-1, "●────┼─────"],
    [-0.99, "─●───┼─────"],
    [-0.1, "─────●─────"],
    [0, "─────●─────"],
    [0.5, "─────┼─●───"],
    [0.99, "─────┼───●─"],
    [1, "─────┼────●"],
    [7, "─────┼────●"],
  ];
  expect(table.map(([evidence]) => [evidence, evidenceBar(evidence)])).toStrictEqual(table);
});

test("the bar of the weight is full at 100 % only, and never empty", () => {
  const filled = [1, 5, 25, 50, 99, 100].map((weight) => weightBar(weight).replaceAll("□", "").length);
  expect(filled).toStrictEqual([1, 1, 5, 10, 19, 20]);
});
