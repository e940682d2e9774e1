import assert from "node:assert/strict";
import test from "node:test";
import { upperBound } from "../../bench/judgement/bounds.ts";
import { binomial, poisson } from "../../bench/judgement/draws.ts";
import { sweep, THINNED } from "../../bench/judgement/sweep.ts";
import { targetsOf } from "../../bench/judgement/targets.ts";
import { Random } from "../../simulator/random.ts";

/**
 * The thinned sweep of `npm run bench:judgement`: it is played once, and each target on false aborts, promptness and false
 * verification is a test. The bench itself holds the judgement to two more: its cost, which no test may time, and fewer
 * failed calls than every valid peer, which isn't reached yet and fails the bench.
 */
const OF_THE_BENCH_ALONE = /CPU|valid peer/;
for (const { rule, misses } of targetsOf(await sweep(THINNED), { what: "", cpu: 0 })) {
  if (!OF_THE_BENCH_ALONE.test(rule)) test(rule, () => assert.deepEqual(misses, []));
}

test("the bench's counts have the mean and the variance of their distributions", () => {
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
  };
  const random = new Random("draws");
  for (const mean of [0.3, 25, 400, 9_000]) {
    const drawn = moments(() => poisson(random, mean));
    assert.ok(Math.abs(drawn.mean / mean - 1) < 0.03, `${drawn.mean} for a mean of ${mean}`);
    assert.ok(Math.abs(drawn.variance / mean - 1) < 0.05, `${drawn.variance} for a variance of ${mean}`);
  }
  for (const [n, p] of [
    [30, 0.2],
    [5_000, 0.01],
    [5_000, 0.7],
  ] as const) {
    const drawn = moments(() => binomial(random, n, p));
    assert.ok(Math.abs(drawn.mean / (n * p) - 1) < 0.02, `${drawn.mean} for a mean of ${n * p}`);
    assert.ok(Math.abs(drawn.variance / (n * p * (1 - p)) - 1) < 0.05, `${drawn.variance} of ${n} × ${p}`);
  }
});

test("the bound of no hit at all in n runs is about 3 / n", () => {
  assert.ok(Math.abs(upperBound(0, 300) - (1 - 0.05 ** (1 / 300))) < 1e-9);
  // Clopper and Pearson's bound for 4 of 1,000.
  assert.ok(Math.abs(upperBound(4, 1_000) - 0.00913) < 1e-4);
});
