import { SHAPES, type Shape } from "./durations.ts";
import type { LatencyCell } from "./latency.ts";
import type { Panel } from "./trials.ts";

/** How many latency cells are played, and how often. */
export interface LatencyExtent {
  readonly rates: readonly number[];
  readonly weights: readonly LatencyCell["weight"][];
  readonly shapes: readonly Shape[];
  readonly weathers: readonly LatencyCell["weather"][];
  readonly runs: number;
  /** For a canary exactly at its tolerance, where false aborts are most likely. */
  readonly runsAtTolerance: number;
  /** The share of the runs that the sign-flips and the peers see. */
  readonly parts: { readonly signFlips: number; readonly peers: number };
  /** Calls a minute and weight. */
  readonly detection: readonly (readonly [number, number])[];
  readonly scales: readonly number[];
  readonly detectionRuns: number;
  readonly coldRuns: number;
}

const ALL_SHAPES = Object.keys(SHAPES) as Shape[];

/** With one false abort in 500 runs, or four in 1,000, the upper bound is still under 1 %. */
export const LATENCY_FULL: LatencyExtent = {
  rates: [10, 100, 1_000, 10_000],
  weights: [0.05, 0.1, 0.5, "ramped"],
  shapes: ALL_SHAPES,
  weathers: ["calm", "rough"],
  runs: 500,
  runsAtTolerance: 1_000,
  parts: { signFlips: 1, peers: 0.2 },
  detection: [
    [10, 0.1],
    [100, 0.05],
    [100, 0.1],
    [1_000, 0.05],
    [10_000, 0.1],
  ],
  scales: [1.5, 2, 3],
  detectionRuns: 300,
  coldRuns: 300,
};

/** In 300 runs no false abort is allowed. Only a canary at its tolerance ever has one, so it gets 1,000. */
export const LATENCY_THINNED: LatencyExtent = {
  rates: [1_000],
  weights: [0.05, "ramped"],
  shapes: ["bimodal"],
  weathers: ["calm", "rough"],
  runs: 300,
  runsAtTolerance: 1_000,
  parts: { signFlips: 1, peers: 0 },
  detection: [
    [100, 0.1],
    [1_000, 0.05],
  ],
  scales: [2],
  detectionRuns: 100,
  coldRuns: 100,
};

/** The usual percentile that was assumed, as a multiple of the true one, and how CloudWatch ranks. */
const MISJUDGED = [
  { usual: 0.8, ranks: "exact" },
  { usual: 1.25, ranks: "exact" },
  { usual: 1, ranks: "bucketed" },
  { usual: 1.25, ranks: "bucketed" },
] as const;

/** Shares of cold calls: first of a function with few calls, then of busier ones. */
const COLD = [
  { canary: 0.25, baseline: 0.05 },
  { canary: 0.1, baseline: 0.02 },
  { canary: 0.05, baseline: 0.01 },
] as const;

export function latencyTrials({ rates, weights, shapes, runs, runsAtTolerance, parts, ...extent }: LatencyExtent) {
  const plain = { cold: null, usual: 1, ranks: "exact" } as const;
  const cells = (
    some: Pick<LatencyExtent, "rates" | "weights">,
    rest: Pick<LatencyCell, "canary" | "cold" | "usual" | "ranks">,
    weathers = extent.weathers,
  ): LatencyCell[] =>
    weathers.flatMap((weather) =>
      shapes.flatMap((shape) =>
        some.rates.flatMap((callsPerMinute) =>
          some.weights.map((weight) => ({ weather, shape, weight, callsPerMinute, ...rest })),
        ),
      ),
    );
  const held = weights.filter((weight) => weight !== "ramped");
  // The highest rates, at the smallest and the largest weights.
  const extremes = { rates: rates.slice(-2), weights: held.filter((weight) => weight !== 0.1) };
  const all = { who: "all", ...parts } as const;
  const trial =
    (panel: Panel, times = runs) =>
    (cell: LatencyCell) =>
      ({ kind: "latency", cell, runs: times, panel }) as const;
  const slower = extent.scales.flatMap((canary) =>
    extent.detection.flatMap(([callsPerMinute, weight]) =>
      shapes.map((shape): LatencyCell => ({ weather: "calm", shape, weight, callsPerMinute, canary, ...plain })),
    ),
  );
  const colder = COLD.flatMap((cold) =>
    shapes.map(
      (shape): LatencyCell => ({
        weather: "calm",
        shape,
        weight: 0.1,
        callsPerMinute: 100,
        canary: 1,
        cold,
        usual: 1,
        ranks: "exact",
      }),
    ),
  );
  return {
    identical: cells({ rates, weights: weights.filter((weight) => weight !== 0.1) }, { canary: 1, ...plain }).map(
      trial(all),
    ),
    atTolerance: cells({ rates, weights }, { canary: 1.2, ...plain }).map(
      trial({ ...all, signFlips: parts.peers / 2, peers: parts.peers / 2 }, runsAtTolerance),
    ),
    // In rough weather the assumed usual figure is wrong in every minute anyway.
    misjudged: MISJUDGED.flatMap((how) => cells(extremes, { canary: 1.2, cold: null, ...how }, ["calm"])).map(
      trial({ who: "counts" }, runsAtTolerance),
    ),
    polled: cells(extremes, { canary: 1.2, ...plain }, ["rough"]).map(
      (cell) => ({ kind: "polled latency", cell, runs }) as const,
    ),
    atCounts: cells({ rates, weights: held }, { canary: "as slow as counts allow", ...plain }).map(
      trial({ who: "counts" }),
    ),
    detection: slower.map(trial({ who: "all and oracles", signFlips: 1, peers: 1 }, extent.detectionRuns)),
    cold: colder.map(trial({ who: "cold starts" }, extent.coldRuns)),
  };
}
