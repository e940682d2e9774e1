import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Cell } from "./environments.ts";
import type { Result, Trial } from "./trials.ts";

/** How much is played: which traffic, and how often each cell. */
interface Extent {
  readonly rates: readonly number[];
  readonly weights: readonly number[];
  readonly runs: number;
  readonly polledRates: readonly number[];
  readonly polledWeights: readonly number[];
  readonly polledWeathers: readonly Cell["weather"][];
  readonly polledRuns: number;
  readonly detectionRuns: number;
}

/** In 500 runs one false abort still leaves the upper bound under 1 %, in 1,000 runs four do. */
export const FULL: Extent = {
  rates: [10, 100, 1_000, 10_000],
  weights: [0.05, 0.1, 0.5],
  runs: 1_000,
  polledRates: [10, 100, 1_000, 10_000],
  polledWeights: [0.05, 0.1, 0.5],
  polledWeathers: ["calm", "rough"],
  polledRuns: 500,
  detectionRuns: 1_000,
};

/** In 300 runs none may be aborted. */
export const THINNED: Extent = {
  rates: [10, 1_000],
  weights: [0.05, 0.5],
  runs: 300,
  polledRates: [100],
  polledWeights: [0.1],
  polledWeathers: ["rough"],
  polledRuns: 300,
  detectionRuns: 200,
};

const WEATHERS = ["calm", "rough"] as const;
export const BASELINES = [0.001, 0.01] as const;

/** Calls a minute, the canary's weight, the baseline's failure rate and the canary's. */
export const REGRESSIONS = [
  [10, 0.1, 0.001, 1],
  [100, 0.05, 0.001, 0.2],
  [1_000, 0.05, 0.001, 0.05],
  [1_000, 0.05, 0.01, 0.05],
  [10_000, 0.1, 0.01, 0.05],
  [10_000, 0.1, 0.001, 1],
] as const;

export interface Findings {
  /** An identical canary at a held weight. */
  readonly held: readonly Result[];
  /** An identical canary over the steps of a ramp. */
  readonly ramped: readonly Result[];
  /** An identical canary at a held weight, looked at every 15 seconds by minutes that grow. */
  readonly polled: readonly Result[];
  /** A worse canary, for each of the regressions. */
  readonly detection: readonly Result[];
  /** A canary that is exactly as bad as its tolerance allows. */
  readonly atTolerance: readonly Result[];
}

export async function sweep(extent: Extent): Promise<Findings> {
  const { rates, weights, runs, polledRates, polledWeights, polledWeathers, polledRuns, detectionRuns } = extent;
  const cells = (
    weathers: readonly Cell["weather"][],
    callsPerMinute: readonly number[],
    shares: readonly Cell["weight"][],
    rest: Pick<Cell, "polls" | "canary">,
  ): Cell[] =>
    weathers.flatMap((weather) =>
      BASELINES.flatMap((baseline) =>
        callsPerMinute.flatMap((rate) =>
          shares.map((weight) => ({ weather, weight, callsPerMinute: rate, baseline, ...rest })),
        ),
      ),
    );
  const identical = { polls: "by the minute", canary: "identical" } as const;
  const growing = { polls: "every 15 s", canary: "identical" } as const;
  const tolerated = { polls: "by the minute", canary: "at its tolerance" } as const;
  const regressions = REGRESSIONS.map(
    ([callsPerMinute, weight, baseline, canary]): Cell => ({
      weather: "calm",
      weight,
      polls: "by the minute",
      callsPerMinute,
      baseline,
      canary,
    }),
  );
  const trials = {
    held: cells(WEATHERS, rates, weights, identical).map((cell): Trial => ({ cell, runs, judges: "all" })),
    ramped: cells(WEATHERS, rates, ["ramped"], identical).map((cell): Trial => ({ cell, runs, judges: "all" })),
    polled: cells(polledWeathers, polledRates, polledWeights, growing).map(
      (cell): Trial => ({ cell, runs: polledRuns, judges: "ours" }),
    ),
    detection: regressions.map((cell): Trial => ({ cell, runs: detectionRuns, judges: "all" })),
    atTolerance: cells(WEATHERS, rates, weights, tolerated).map((cell): Trial => ({ cell, runs, judges: "all" })),
  };
  const results = await playAll(Object.values(trials).flat());
  const resultsOf = (those: readonly Trial[]) =>
    those.map((trial) => {
      const result = results.get(trial);
      if (result === undefined) throw new Error(`A trial was not played: ${JSON.stringify(trial.cell)}`);
      return result;
    });
  return {
    held: resultsOf(trials.held),
    ramped: resultsOf(trials.ramped),
    polled: resultsOf(trials.polled),
    detection: resultsOf(trials.detection),
    atTolerance: resultsOf(trials.atTolerance),
  };
}

/** Every trial has seeds of its own, so it makes no difference which thread plays it, and when. */
async function playAll(trials: readonly Trial[]): Promise<ReadonlyMap<Trial, Result>> {
  const waiting = [...trials];
  const results = new Map<Trial, Result>();
  const playSome = async () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      worker.once("message", resolve).once("error", reject);
      worker.postMessage(trial);
      results.set(trial, await promise);
      worker.off("error", reject);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, playSome));
  return results;
}
