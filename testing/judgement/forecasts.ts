import type { MinuteCounts } from "../../src/analysis/counts.ts";
import { RISKS } from "../../src/analysis/e-process.ts";
import type { Pair } from "../../src/analysis/sign-flip.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { minutesToFind, smallestFound } from "../../src/forecast/power.ts";
import { NORMAL } from "../../src/guards/guard.ts";

import { Random } from "../simulator/random.ts";
import { drawCounts, LAG } from "./environments.ts";

/** A step of a release, and the smallest failure rate that the forecast says it finds with 90 % probability. */
export interface ForecastCell extends Step {
  /** From 0 to 1; null if the forecast says that nothing is found. */
  readonly promised: number | null;
}

export interface Step {
  readonly callsPerMinute: number;
  readonly weight: number;
  readonly minutes: number;
  /** The baseline's failure rate. */
  readonly baseline: number;
}

/** A canary whose figure exceeds the limit by `difference`, with a standard deviation of `noise`, both relative. */
export interface PairedForecastCell {
  readonly difference: number;
  readonly noise: number;
  /** How many minutes the forecast says it takes to find it with 90 % probability. */
  readonly minutes: number;
}

export function forecastOf(step: Step): ForecastCell {
  const { callsPerMinute, weight, minutes, baseline } = step;
  const calls = callsPerMinute * weight * minutes;
  const promised = smallestFound(baseline, NORMAL, { calls, minutes, share: weight, alpha: RISKS.alpha });
  return { ...step, promised };
}

export function pairedForecastOf(difference: number, noise: number): PairedForecastCell {
  return { difference, noise, minutes: Math.ceil(minutesToFind(difference, noise, RISKS.alpha)) };
}

/** A canary exactly as bad as the forecast says is found. All minutes of the step, each seen when it is over. */
export function drawForecastBake(cell: ForecastCell, run: number) {
  const random = new Random("forecast", JSON.stringify(cell), run);
  const { callsPerMinute, weight, baseline, promised: rate } = cell;
  if (rate === null) throw new Error(`The forecast promises nothing here: ${JSON.stringify(cell)}`);
  const minutes = Array.from(
    { length: cell.minutes },
    (_, index): MinuteCounts => ({
      minute: index * MINUTE,
      canary: drawCounts({ calls: callsPerMinute * weight, rate }, random),
      baseline: drawCounts({ calls: callsPerMinute * (1 - weight), rate: baseline }, random),
    }),
  );
  return { looks: looksAt(minutes), failedBy: (at: Instant) => failuresBefore(minutes, at) };
}

function failuresBefore(minutes: readonly MinuteCounts[], at: Instant): number {
  return minutes.reduce((sum, { minute, canary }) => (minute < at ? sum + canary.failures : sum), 0);
}

/** A canary whose figure exceeds the limit as the forecast assumes, for as long as the forecast says it takes. */
export function drawPairedBake(cell: PairedForecastCell, run: number) {
  const random = new Random("paired forecast", JSON.stringify(cell), run);
  const pairs = Array.from({ length: cell.minutes }, (_, index): Pair => {
    // Relative to the mean of the two, which is 1.
    const z = cell.difference + cell.noise * random.normal();
    return { minute: index * MINUTE, canary: 1 + z / 2, baseline: null, allowed: 1 - z / 2 };
  });
  return { looks: looksAt(pairs), failedBy: () => 0 };
}

/** What is known after each minute. */
function looksAt<M>(minutes: readonly M[]): readonly { readonly at: Instant; readonly minutes: readonly M[] }[] {
  return minutes.map((_, index) => ({ at: (index + 1 + LAG) * MINUTE, minutes: minutes.slice(0, index + 1) }));
}
