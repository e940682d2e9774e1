import { markdownTable } from "../markdown-table.ts";
import type { ForecastCell, PairedForecastCell } from "./forecasts.ts";
import { OURS } from "./judges.ts";
import { abortedShare, percent, type Target } from "./rules.ts";
import type { Findings } from "./sweep.ts";
import type { Result } from "./trials.ts";

type Forecasts = Pick<Findings, "forecasts" | "pairedForecasts">;

/** The forecast says 90 %. Its formula assumes normally distributed evidence, so being close to that is enough. */
const LEAST = 0.8;
const MOST = 0.98;

export function forecastTargets({ forecasts, pairedForecasts }: Forecasts): readonly Target[] {
  const found = <C>(results: readonly Result<C>[], words: (cell: C) => string) =>
    results.map((result) => ({ share: abortedShare(result, OURS.name), what: words(result.cell) }));
  return [
    nearPromise(
      "a failure rate that the forecast says is found with 90 % probability is found in 80 to 98 % of releases",
      found(forecasts, describe),
      MOST,
    ),
    // Minutes are whole: with one less it may find nothing, with one more everything.
    nearPromise(
      "a figure that is too high is found in at least 80 % of releases within the minutes that the forecast says",
      found(pairedForecasts, describePair),
      1,
    ),
  ];
}

function nearPromise(
  rule: string,
  found: readonly { readonly share: number; readonly what: string }[],
  most: number,
): Target {
  const shares = found.map(({ share }) => share);
  return {
    rule,
    measured: `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} in ${found.length} cells`,
    misses: found
      .filter(({ share }) => share < LEAST || share > most)
      .map(({ share, what }) => `${what}: ${percent(share)}`),
  };
}

export function forecastTables({ forecasts, pairedForecasts }: Forecasts): readonly string[] {
  const stepOf = ({ weight, minutes }: ForecastCell) => `${percent(weight)}, ${minutes} min`;
  const cells = forecasts.map(({ cell }) => cell).sort((a, b) => a.weight - b.weight || a.minutes - b.minutes);
  const columns = [...new Set(cells.map(stepOf))];
  const rows = [
    ...Map.groupBy(
      forecasts,
      ({ cell }) => `${percent(cell.baseline)}, ${cell.callsPerMinute.toLocaleString("en")} rpm`,
    ),
  ].map(([row, those]) => {
    const found = columns.map((column) => {
      const result = those.find(({ cell }) => stepOf(cell) === column);
      if (result === undefined) return "blind";
      return `${percent(Number((result.cell.promised ?? 0).toPrecision(2)))}: ${percent(abortedShare(result, OURS.name))}`;
    });
    return [row, ...found];
  });
  return [
    "## The forecast: the smallest failure rate that it says a step finds with 90 % probability, and how often it is found",
    markdownTable(["base rate, rate", ...columns], rows),
    "The same for per-minute figures, within the minutes that it says:",
    markdownTable(
      ["excess over the limit, noise", "minutes", "found"],
      pairedForecasts.map((result) => [
        describePair(result.cell),
        String(result.cell.minutes),
        percent(abortedShare(result, OURS.name)),
      ]),
    ),
  ];
}

function describe({ callsPerMinute, weight, minutes, baseline, promised }: ForecastCell): string {
  const step = `${callsPerMinute.toLocaleString("en")} rpm, ${percent(weight)}, ${minutes} min`;
  return `${step}, ${percent(baseline)} → ${percent(promised ?? 0)}`;
}

function describePair({ difference, noise }: PairedForecastCell): string {
  return `${percent(difference)}, ${percent(noise)}`;
}
