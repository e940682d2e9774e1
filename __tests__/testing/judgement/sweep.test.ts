import { binomial, poisson } from "../../../testing/judgement/draws.ts";
import {
  drawDuration,
  drawMean,
  drawPercentile,
  quantile,
  SHAPES,
  shareOver,
  withColdStarts,
} from "../../../testing/judgement/durations.ts";
import { drawLatencyBake, type LatencyCell, sharesOver } from "../../../testing/judgement/latency.ts";
import { type Extent, sweep, THINNED } from "../../../testing/judgement/sweep.ts";
import { targetsOf } from "../../../testing/judgement/targets.ts";
import { Random } from "../../../testing/simulator/random.ts";
import { upperBound } from "../../../testing/statistics.ts";

/** What no target asks about isn't played, and a canary with as much traffic as usual only in rough weather. */
const SMALL: Extent = {
  ...THINNED,
  weights: [0.05],
  latency: { ...THINNED.latency, weathers: ["rough"], coldRuns: 0 },
};

/**
 * A small version of the sweep of `npm run bench:judgement`. It is played once, and each target on false aborts,
 * promptness, false verification and the forecast is a test. Only the bench itself checks the other two: the cost,
 * since tests shouldn't measure time, and fewer failed calls than every valid peer, since a few runs can't show that.
 */
const OF_THE_BENCH_ALONE = /CPU|valid peer/;
const targets = targetsOf(await sweep(SMALL), { what: "", cpu: 0 });
test.each(targets.filter(({ rule }) => !OF_THE_BENCH_ALONE.test(rule)))("$rule", ({ misses }) =>
  expect(misses).toStrictEqual([]),
);

function averageOf(draws: number, draw: () => number): number {
  return Array.from({ length: draws }, draw).reduce((sum, x) => sum + x, 0) / draws;
}

describe("the bench's counts have the mean and the variance of their distributions", () => {
  const moments = (draw: () => number) => {
    const values = Array.from({ length: 20_000 }, draw);
    const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
    return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length };
  };

  test.each([0.3, 25, 400, 9_000])("Poisson of mean %d", (mean) => {
    const random = new Random("draws", mean);
    const drawn = moments(() => poisson(random, mean));
    expect(Math.abs(drawn.mean / mean - 1)).toBeLessThan(0.03);
    expect(Math.abs(drawn.variance / mean - 1)).toBeLessThan(0.05);
  });

  test.each([
    [30, 0.2],
    [5_000, 0.01],
    [5_000, 0.7],
  ])("binomial of %i tries at %d", (n, p) => {
    const random = new Random("draws", n, p);
    const drawn = moments(() => binomial(random, n, p));
    expect(Math.abs(drawn.mean / (n * p) - 1)).toBeLessThan(0.02);
    expect(Math.abs(drawn.variance / (n * p * (1 - p)) - 1)).toBeLessThan(0.05);
  });
});

describe.each(Object.entries({ ...SHAPES, cold: withColdStarts(SHAPES["σ 0.4"], 0.25, 3.5) }))(
  "the bench's durations have the shares, the percentiles and the means of their distributions: %s",
  (name, shape) => {
    const draws = 20_000;
    const random = new Random("durations", name);
    const durations = Array.from({ length: draws }, () => drawDuration(shape, random));

    test.each([0.1, 0.5, 0.9])("the share below the %d quantile", (upTo) => {
      const bound = quantile(shape, upTo);
      expect(Math.abs(shareOver(shape, bound) - (1 - upTo))).toBeLessThan(1e-3);
      const within = durations.filter((duration) => duration <= bound).length / draws;
      expect(Math.abs(within - upTo)).toBeLessThan(0.01);
    });

    // The mean of many calls is drawn in one go, that of few call by call.
    test.each([20, 500])("the mean of %i calls", (calls) => {
      const random = new Random("means", name, calls);
      const mean = durations.reduce((sum, x) => sum + x, 0) / draws;
      const drawn = averageOf(2_000, () => drawMean(shape, calls, random));
      expect(Math.abs(drawn / mean - 1)).toBeLessThan(0.03);
    });

    test("the p90 of 100 calls", () => {
      const random = new Random("p90", name);
      const share = averageOf(2_000, () => shareOver(shape, drawPercentile(shape, 100, 90, random)));
      // The order statistic's expected rank is the percentile's, apart from one part in the number of calls.
      expect(Math.abs(share - (1 - 90 / 101))).toBeLessThan(0.003);
    });
  },
);

describe.each(["exact", "bucketed"] as const)(
  "a canary at its tolerance of latency has as many calls over its bound as the baseline, by either way to rank: %s",
  (ranks) => {
    const plain = {
      weather: "calm",
      shape: "σ 0.2",
      weight: 0.5,
      callsPerMinute: 10_000,
      cold: null,
      usual: 1,
    } as const;
    const cell: LatencyCell = { ...plain, canary: 1.2, ranks };
    const { canary, allowed } = sharesOver(cell, 90);

    test("by its distribution", () => {
      expect(Math.abs(canary - allowed)).toBeLessThan(1e-4);
    });

    test.each(["canary", "baseline"] as const)("by what is drawn for the %s", (side) => {
      const minutes = drawLatencyBake(cell, 0).looks.at(-1)?.minutes ?? [];
      const counted = minutes.map((minute) => minute.counts(90, "two")[side]);
      const sum = (of: "calls" | "failures") => counted.reduce((total, counts) => total + counts[of], 0);
      // A bucket's linear middle lies above that of its tail, by at most 3 % of the share.
      const over = sum("failures") / sum("calls") / allowed;
      expect(over).toBeGreaterThan(0.97);
      expect(over).toBeLessThan(1.06);
    });
  },
);

test("the bound of no hit at all in n runs is about 3 / n", () => {
  expect(Math.abs(upperBound(0, 300) - (1 - 0.05 ** (1 / 300)))).toBeLessThan(1e-9);
  // Clopper and Pearson's bound for 4 of 1,000.
  expect(Math.abs(upperBound(4, 1_000) - 0.00913)).toBeLessThan(1e-4);
});
