import fc from "fast-check";
import { normalCdf, normalQuantile } from "../../src/forecast/normal.ts";

const TABLE: readonly [z: number, p: number][] = [
  [0, 0.5],
  [0.5, 0.6914625],
  [1, 0.8413447],
  [1.2815516, 0.9],
  [1.959964, 0.975],
  [2.3263479, 0.99],
  [3.0902323, 0.999],
];

test.each(TABLE)("the normal distribution is what the tables say: at ±%d", (z, p) => {
  expect(Math.abs(normalCdf(z) - p)).toBeLessThan(3e-7);
  expect(Math.abs(normalCdf(-z) - (1 - p))).toBeLessThan(3e-7);
});

test("the quantile is the inverse of the distribution", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (p) => {
      expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-6);
    }),
  );
});

test.each(TABLE)("the quantile is what the tables say: %d", (z, p) => {
  expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(2e-4);
});

test("what is certain is far out, and not endless", () => {
  expect(normalQuantile(0)).toBeLessThan(-5);
  expect(normalQuantile(0)).toBeGreaterThanOrEqual(-8);
  expect(normalQuantile(1)).toBeGreaterThan(5);
  expect(normalQuantile(1)).toBeLessThanOrEqual(8);
});
