import { minute, percent, recordOf } from "../../testing/judgement/rules.ts";
import type { Result } from "../../testing/judgement/trials.ts";
import { boundsOfMedian, mean, median, upperBound } from "../../testing/statistics.ts";

/** Two significant digits, without trailing zeros. */
export function figure(x: number): string {
  return x >= 10 ? x.toFixed(0) : String(Number(x.toPrecision(2)));
}

export function bounded(hits: number, runs: number): string {
  return `${hits}/${runs} (≤ ${percent(upperBound(hits, runs))})`;
}

/** Median minute [its 95 % interval] (found, if not all) / canary calls that failed or were slow ± 95 %. */
export function found(result: Result<unknown>, judge: string): string {
  const { minutes, failed, aborts, runs } = recordOf(result, judge);
  const { from, to } = boundsOfMedian(minutes);
  const share = aborts === runs ? "" : ` (${figure((100 * aborts) / runs)} %)`;
  const calls = mean(failed);
  return `${minute(median(minutes))} [${minute(from)}–${minute(to)}]${share} / ${calls.value.toFixed(1)} ± ${figure(calls.margin)}`;
}
