import type { LatencyCell } from "../../testing/judgement/latency.ts";
import {
  COLD_START_JUDGES,
  LATENCY_ORACLES,
  ONE_BOUND,
  SIGN_FLIPS,
  TWO_BOUNDS,
} from "../../testing/judgement/latency-judges.ts";
import { abortedShare, percent, recordOf } from "../../testing/judgement/rules.ts";
import type { Findings } from "../../testing/judgement/sweep.ts";
import type { Result } from "../../testing/judgement/trials.ts";
import { markdownTable } from "../../testing/markdown-table.ts";
import { mean, upperBound } from "../../testing/statistics.ts";
import { figure, found } from "./cells.ts";

type Results = readonly Result<LatencyCell>[];

export function latencyTables(latency: Findings["latency"]): readonly string[] {
  const { identical, atTolerance, misjudged, polled, atCounts, detection, cold } = latency;
  return [
    "## Latency, guarded by p90 <= baseline * 1.2: false aborts of a canary of the same latency, mean (worst) over the cells",
    summary(identical),
    "A canary exactly at its tolerance, 1.2 times as slow:",
    summary(atTolerance),
    `The same by ${TWO_BOUNDS.name}, all cells of a column together: aborted of released (upper 95 % bound of the worst cell)`,
    byColumn([...atTolerance, ...misjudged], polled),
    `A canary with as many slow calls as ${TWO_BOUNDS.name} allow, falsely called verified, mean (worst) in %:`,
    byRate(atCounts),
    `A canary of the same latency, rightly called verified by ${TWO_BOUNDS.name} within the hour, mean (worst) in %:`,
    byRate(identical, Math.min),
    "## Latency, calm: median minute [its 95 % interval] (found, if not all) / slow canary calls before the rollback ± 95 %",
    detectionTable(detection),
    "## Latency of an identical canary with more cold starts, 100 rpm at 10 %, aborted in %",
    markdownTable(
      ["cold calls of the canary and the baseline, durations", ...COLD_START_JUDGES.map(({ name }) => name)],
      cold.map((result) => [
        `${percent(result.cell.cold?.canary ?? 0)} and ${percent(result.cell.cold?.baseline ?? 0)}, ${result.cell.shape}`,
        ...COLD_START_JUDGES.map(({ name }) => figure(100 * abortedShare(result, name))),
      ]),
    ),
  ];
}

function rowOf({ cell: { weather, shape } }: Result<LatencyCell>): string {
  return `${weather}, ${shape}`;
}

function summary(results: Results): string {
  const judges = [ONE_BOUND, ...SIGN_FLIPS, TWO_BOUNDS].filter(({ name }) =>
    results.some((result) => recordOf(result, name).runs > 0),
  );
  const rows = [...Map.groupBy(results, rowOf)].map(([row, those]) => [
    row,
    ...judges.map(({ name }) => meanAndWorst(those.map((result) => abortedShare(result, name)))),
  ]);
  return markdownTable(["traffic, durations; in %", ...judges.map(({ name }) => name)], rows);
}

function meanAndWorst(shares: readonly number[], worst: (...shares: number[]) => number = Math.max): string {
  return `${figure(mean(shares).value * 100)} (${figure(worst(...shares) * 100)})`;
}

function byColumn(results: Results, polled: Results): string {
  const columnOf = ({ cell: { weight, usual, ranks } }: Result<LatencyCell>) => {
    if (ranks === "bucketed") return usual === 1 ? "ranks from buckets" : `ranks from buckets, usual × ${usual}`;
    if (usual !== 1) return `usual × ${usual}`;
    return weight === "ramped" ? weight : percent(weight);
  };
  const columns = [...Map.groupBy(results, columnOf), ["polled while minutes grow", polled] as const];
  const rows = [...new Set(results.map(rowOf))].map((row) => {
    const cells = columns.map(([, those]) => {
      const records = those
        .filter((result) => rowOf(result) === row)
        .map((result) => recordOf(result, TWO_BOUNDS.name));
      if (records.length === 0) return "";
      const sum = (of: "aborts" | "runs") => records.reduce((total, record) => total + record[of], 0);
      const worst = Math.max(...records.map(({ aborts, runs }) => upperBound(aborts, runs)));
      return `${sum("aborts")}/${sum("runs").toLocaleString("en")} (≤ ${percent(worst)})`;
    });
    return [row, ...cells];
  });
  return markdownTable(["traffic, durations", ...columns.map(([column]) => column)], rows);
}

function byRate(results: Results, worst: (...shares: number[]) => number = Math.max): string {
  const rates = [...new Set(results.map(({ cell }) => cell.callsPerMinute))];
  const rows = [...Map.groupBy(results, rowOf)].map(([row, those]) => {
    const cells = rates.map((rate) => {
      const shares = those
        .filter(({ cell }) => cell.callsPerMinute === rate)
        .map((result) => recordOf(result, TWO_BOUNDS.name))
        .map(({ verified, runs }) => verified / runs);
      return meanAndWorst(shares, worst);
    });
    return [row, ...cells];
  });
  return markdownTable(["traffic, durations", ...rates.map((rate) => `${rate.toLocaleString("en")} rpm`)], rows);
}

function detectionTable(results: Results): string {
  const judges = [TWO_BOUNDS, ...SIGN_FLIPS, ...Object.values(LATENCY_ORACLES), ONE_BOUND];
  const rows = results.map((result) => {
    const { callsPerMinute, weight, shape, canary } = result.cell;
    const share = weight === "ramped" ? weight : percent(weight);
    const row = `× ${canary}, ${callsPerMinute.toLocaleString("en")} rpm, ${share}, ${shape}`;
    return [row, ...judges.map(({ name }) => found(result, name))];
  });
  return markdownTable(["cell", ...judges.map(({ name }) => name)], rows);
}
