import assert from "node:assert/strict";
import fc from "fast-check";
import { normalCdf, normalQuantile } from "../../src/release/normal.ts";

const TABLE: readonly [z: number, p: number][] = [
  [0, 0.5],
  [0.5, 0.6914625],
  [1, 0.8413447],
  [1.2815516, 0.9],
  [1.959964, 0.975],
  [2.3263479, 0.99],
  [3.0902323, 0.999],
];

test("the normal distribution is what the tables say", () => {
  for (const [z, p] of TABLE) {
    expect(Math.abs(normalCdf(z) - p)).toBeLessThan(3e-7) /* MSG `${z}: ${normalCdf(z)}` */;
    expect(Math.abs(normalCdf(-z) - (1 - p))).toBeLessThan(3e-7) /* MSG `${-z}: ${normalCdf(-z)}` */;
  }
});

test("the quantile is the inverse of the distribution", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-4, max: 1 - 1e-4, noNaN: true }), (p) => {
      expect(Math.abs(normalCdf(normalQuantile(p)) - p)).toBeLessThan(1e-6);
    }),
  );
  for (const [z, p] of TABLE)
    expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(2e-4) /* MSG `${p}: ${normalQuantile(p)}` */;
});

test("what is certain is far out, and not endless", () => {
  assert(normalQuantile(0) < -5 && normalQuantile(0) >= -8);
  assert(normalQuantile(1) > 5 && normalQuantile(1) <= 8);
});
