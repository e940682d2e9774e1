import assert from "node:assert/strict";
import { upperBound } from "../../bench/judgement/bounds.ts";
import { binomial, poisson } from "../../bench/judgement/draws.ts";
import {
  drawDuration,
  drawMean,
  drawPercentile,
  quantile,
  SHAPES,
  shareOver,
  withColdStarts,
} from "../../bench/judgement/durations.ts";
import { drawLatencyBake, type LatencyCell, sharesOver } from "../../bench/judgement/latency.ts";
import { sweep, THINNED } from "../../bench/judgement/sweep.ts";
import { targetsOf } from "../../bench/judgement/targets.ts";
import { Random } from "../../simulator/random.ts";

/**
 * The thinned sweep of `npm run bench:judgement`: it is played once, and each target on false aborts, promptness, false
 * verification and the forecast is a test. The bench itself holds the judgement to two more: its cost, which no test may
 * time, and fewer failed calls than every valid peer, which few runs can't tell.
 */
const OF_THE_BENCH_ALONE = /CPU|valid peer/;
for (const { rule, misses } of targetsOf(await sweep(THINNED), { what: "", cpu: 0 })) {
  if (!OF_THE_BENCH_ALONE.test(rule)) test(rule, () => expect(misses).toStrictEqual([]));
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
    expect(Math.abs(drawn.mean / mean - 1)).toBeLessThan(0.03) /* MSG `${drawn.mean} for a mean of ${mean}` */;
    expect(Math.abs(drawn.variance / mean - 1)).toBeLessThan(
      0.05,
    ) /* MSG `${drawn.variance} for a variance of ${mean}` */;
  }
  for (const [n, p] of [
    [30, 0.2],
    [5_000, 0.01],
    [5_000, 0.7],
  ] as const) {
    const drawn = moments(() => binomial(random, n, p));
    expect(Math.abs(drawn.mean / (n * p) - 1)).toBeLessThan(0.02) /* MSG `${drawn.mean} for a mean of ${n * p}` */;
    expect(Math.abs(drawn.variance / (n * p * (1 - p)) - 1)).toBeLessThan(
      0.05,
    ) /* MSG `${drawn.variance} of ${n} × ${p}` */;
  }
});

test("the bench's durations have the shares, the percentiles and the means of their distributions", () => {
  const random = new Random("durations");
  for (const [name, shape] of Object.entries({ ...SHAPES, cold: withColdStarts(SHAPES["σ 0.4"], 0.25, 3.5) })) {
    const draws = 20_000;
    const durations = Array.from({ length: draws }, () => drawDuration(shape, random)).sort((a, b) => a - b);
    const mean = durations.reduce((sum, x) => sum + x, 0) / draws;
    for (const upTo of [0.1, 0.5, 0.9]) {
      const bound = quantile(shape, upTo);
      expect(Math.abs(shareOver(shape, bound) - (1 - upTo))).toBeLessThan(
        1e-3,
      ) /* MSG `${name}: ${bound} is no p${100 * upTo}` */;
      const within = durations.filter((duration) => duration <= bound).length / draws;
      expect(Math.abs(within - upTo)).toBeLessThan(
        0.01,
      ) /* MSG `${name}: ${within} of the calls are within the p${100 * upTo}` */;
    }
    const averageOf = (draw: () => number) =>
      Array.from({ length: 2_000 }, draw).reduce((sum, x) => sum + x, 0) / 2_000;
    // Below and above the number of calls from which on a mean is drawn as a whole.
    for (const calls of [20, 500]) {
      const drawn = averageOf(() => drawMean(shape, calls, random));
      expect(Math.abs(drawn / mean - 1)).toBeLessThan(0.03) /* MSG `${name}: a mean of ${drawn} instead of ${mean}` */;
    }
    // The expected rank of the order statistic is the percentile's, but for one part in the calls.
    const share = averageOf(() => shareOver(shape, drawPercentile(shape, 100, 90, random)));
    expect(Math.abs(share - (1 - 90 / 101))).toBeLessThan(
      0.003,
    ) /* MSG `${name}: ${share} of the calls are over the p90` */;
  }
});

test("a canary at its tolerance of latency has as many calls over its bound as the baseline, by either way to rank", () => {
  const plain = { weather: "calm", shape: "σ 0.2", weight: 0.5, callsPerMinute: 10_000, cold: null, usual: 1 } as const;
  for (const ranks of ["exact", "bucketed"] as const) {
    const cell: LatencyCell = { ...plain, canary: 1.2, ranks };
    const { canary, allowed } = sharesOver(cell, 90);
    expect(Math.abs(canary - allowed)).toBeLessThan(1e-4);
    const minutes = drawLatencyBake(cell, 0).looks.at(-1)?.minutes ?? [];
    for (const side of ["canary", "baseline"] as const) {
      const counted = minutes.map((minute) => minute.counts(90, "two")[side]);
      const sum = (of: "calls" | "failures") => counted.reduce((total, counts) => total + counts[of], 0);
      // A bucket's linear middle is over its tail's, by 3 % of the share at most.
      const over = sum("failures") / sum("calls") / allowed;
      assert(over > 0.97 && over < 1.06, `${side}, ${ranks}: ${over} times the share`);
    }
  }
});

test("the bound of no hit at all in n runs is about 3 / n", () => {
  expect(Math.abs(upperBound(0, 300) - (1 - 0.05 ** (1 / 300)))).toBeLessThan(1e-9);
  // Clopper and Pearson's bound for 4 of 1,000.
  expect(Math.abs(upperBound(4, 1_000) - 0.00913)).toBeLessThan(1e-4);
});
