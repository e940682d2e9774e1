import { playAll } from "../threads.ts";
import type { Cell } from "./environments.ts";
import { type ForecastCell, forecastOf, type PairedForecastCell, pairedForecastOf } from "./forecasts.ts";
import { LATENCY_FULL, LATENCY_THINNED, type LatencyExtent, latencyTrials } from "./latency-sweep.ts";
import { PACING_FULL, PACING_THINNED, type PacingExtent, pacingSweep } from "./pacing-sweep.ts";
import type { Records, Result, Trial } from "./trials.ts";
import {
  VERIFICATION_FORECASTS_FULL,
  VERIFICATION_FORECASTS_THINNED,
  type VerificationForecastExtent,
  verificationForecastTrials,
} from "./verification-forecasts.ts";
import {
  VERIFICATION_FULL,
  VERIFICATION_THINNED,
  type VerificationExtent,
  verificationTrials,
} from "./verification-sweep.ts";

/** How much is played: which traffic, and how often each cell. */
export interface Extent {
  readonly rates: readonly number[];
  readonly weights: readonly number[];
  readonly runs: number;
  readonly polledRates: readonly number[];
  readonly polledWeights: readonly number[];
  readonly polledWeathers: readonly Cell["weather"][];
  readonly polledRuns: number;
  readonly detectionRuns: number;
  readonly forecastRates: readonly number[];
  readonly forecastMinutes: readonly number[];
  readonly forecastRuns: number;
  readonly verification: VerificationExtent;
  readonly verificationForecasts: VerificationForecastExtent;
  readonly latency: LatencyExtent;
  readonly pacing: PacingExtent;
}

/** With four false aborts in 1,000 runs, the upper bound is still under 1 %. */
export const FULL: Extent = {
  rates: [10, 100, 1_000, 10_000],
  weights: [0.05, 0.1, 0.5],
  runs: 1_000,
  polledRates: [10, 100, 1_000, 10_000],
  polledWeights: [0.05, 0.1, 0.5],
  polledWeathers: ["calm", "rough"],
  polledRuns: 1_000,
  detectionRuns: 1_000,
  forecastRates: [10, 100, 1_000, 10_000],
  forecastMinutes: [10, 30, 60],
  forecastRuns: 500,
  verification: VERIFICATION_FULL,
  verificationForecasts: VERIFICATION_FORECASTS_FULL,
  latency: LATENCY_FULL,
  pacing: PACING_FULL,
};

/** In 300 runs no false abort is allowed. */
export const THINNED: Extent = {
  rates: [10, 1_000],
  weights: [0.05, 0.5],
  runs: 300,
  polledRates: [100],
  polledWeights: [0.1],
  polledWeathers: ["rough"],
  polledRuns: 300,
  detectionRuns: 200,
  forecastRates: [10, 1_000],
  forecastMinutes: [10, 60],
  forecastRuns: 300,
  verification: VERIFICATION_THINNED,
  verificationForecasts: VERIFICATION_FORECASTS_THINNED,
  latency: LATENCY_THINNED,
  pacing: PACING_THINNED,
};

const WEATHERS = ["calm", "rough"] as const;
export const BASELINES = [0.001, 0.01] as const;
const FORECAST_WEIGHTS = [0.05, 0.1, 0.5] as const;

/** How far a canary's figure exceeds the limit, and how much that varies by minute, both relative. */
const PAIRED_FORECASTS = [
  [0.05, 0.05],
  [0.05, 0.1],
  [0.1, 0.05],
  [0.1, 0.2],
  [0.2, 0.2],
  [0.5, 0.2],
  [0.5, 0.4],
  [1, 0.2],
] as const;

/** Calls a minute, the canary's weight, and the failure rates of the baseline and the canary. */
export const REGRESSIONS = [
  [10, 0.1, 0.001, 1],
  [100, 0.05, 0.001, 0.2],
  [1_000, 0.05, 0.001, 0.05],
  [1_000, 0.05, 0.01, 0.05],
  [10_000, 0.1, 0.01, 0.05],
  [10_000, 0.1, 0.001, 1],
] as const;

export type Findings = Awaited<ReturnType<typeof sweep>>;

export async function sweep(extent: Extent) {
  const trials = {
    ...errorTrials(extent),
    ...verificationTrials(extent.verification),
    ...verificationForecastTrials(extent.verificationForecasts),
    ...forecastTrials(extent),
    latency: latencyTrials(extent.latency),
  };
  const { latency, ...others } = trials;
  const drawn = [...Object.values(others).flat(), ...Object.values(latency).flat()];
  const played = await playAll<Trial, Records>(new URL("./worker.ts", import.meta.url), drawn);
  const resultsOf = <C>(those: readonly (Trial & { readonly cell: C })[]): readonly Result<C>[] =>
    those.map((trial) => ({ cell: trial.cell, records: recordsOf(trial, played) }));
  const pacing = await pacingSweep(extent.pacing);
  return {
    pacing,
    /** An identical canary at a fixed weight. */
    held: resultsOf(trials.held),
    /** An identical canary over the steps of a ramp. */
    ramped: resultsOf(trials.ramped),
    /** An identical canary at a fixed weight, polled every 15 seconds while minutes grow. */
    polled: resultsOf(trials.polled),
    /** A worse canary, for each of the regressions. */
    detection: resultsOf(trials.detection),
    /** A canary exactly as bad as its tolerance allows. */
    atTolerance: resultsOf(trials.atTolerance),
    /** An identical canary, released by the default plan. */
    released: resultsOf(trials.released),
    /** The same, guarded by its latency. */
    releasedBesideLatency: resultsOf(trials.releasedBesideLatency),
    /** A canary at its tolerance, in all minutes or while it is calm, released by the default plan. */
    tolerated: resultsOf(trials.tolerated),
    /** A canary exactly as bad as the forecast says is found, unless it is blind there. */
    forecasts: resultsOf(trials.forecasts),
    /** The same for per-minute figures. */
    pairedForecasts: resultsOf(trials.pairedForecasts),
    /** An identical canary by the default plan, where the forecast says that it is verified. */
    foretold: resultsOf(trials.foretold),
    /** The same for per-minute figures, at a fixed weight. */
    foretoldPairs: resultsOf(trials.foretoldPairs),
    latency: {
      /** A canary as fast as the baseline. */
      identical: resultsOf(latency.identical),
      /** A canary exactly as slow as the guard allows. */
      atTolerance: resultsOf(latency.atTolerance),
      /** The same, but the usual latency was different before the release, or CloudWatch ranks by buckets. */
      misjudged: resultsOf(latency.misjudged),
      /** The same, polled every 15 seconds while minutes grow. */
      polled: resultsOf(latency.polled),
      /** A canary with as many slow calls as the counts test allows. */
      atCounts: resultsOf(latency.atCounts),
      /** Slower canaries. */
      detection: resultsOf(latency.detection),
      /** An identical canary with more cold starts. */
      cold: resultsOf(latency.cold),
    },
  };
}

function recordsOf(trial: Trial, played: ReadonlyMap<Trial, Records>): Records {
  const records = played.get(trial);
  if (records === undefined) throw new Error(`A trial was not played: ${JSON.stringify(trial.cell)}`);
  return records;
}

function errorTrials(extent: Extent) {
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
  const trial = (those: number, judges: "all" | "ours") => (cell: Cell) =>
    ({ kind: "errors", cell, runs: those, judges }) as const;
  return {
    held: cells(WEATHERS, rates, weights, identical).map(trial(runs, "all")),
    ramped: cells(WEATHERS, rates, ["ramped"], identical).map(trial(runs, "ours")),
    polled: cells(polledWeathers, polledRates, polledWeights, growing).map(trial(polledRuns, "ours")),
    detection: regressions.map(trial(detectionRuns, "all")),
    atTolerance: cells(WEATHERS, rates, weights, tolerated).map(trial(runs, "ours")),
  };
}

function forecastTrials({ forecastRates, forecastMinutes, forecastRuns: runs }: Extent) {
  const cells = BASELINES.flatMap((baseline) =>
    forecastRates.flatMap((callsPerMinute) =>
      FORECAST_WEIGHTS.flatMap((weight) =>
        forecastMinutes.map((minutes) => forecastOf({ callsPerMinute, weight, minutes, baseline })),
      ),
    ),
  );
  const forecast = (cell: ForecastCell) => ({ kind: "forecast", cell, runs }) as const;
  const paired = (cell: PairedForecastCell) => ({ kind: "paired forecast", cell, runs }) as const;
  return {
    forecasts: cells.filter(({ promised }) => promised !== null).map(forecast),
    pairedForecasts: PAIRED_FORECASTS.map(([difference, noise]) => paired(pairedForecastOf(difference, noise))),
  };
}
