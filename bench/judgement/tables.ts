import { mean } from "../../testing/judgement/bounds.ts";
import type { Cost } from "../../testing/judgement/cost.ts";
import { forecastTables } from "../../testing/judgement/forecast-report.ts";
import { ORACLE, OURS, PEERS } from "../../testing/judgement/judges.ts";
import { abortedShare, failedCalls, percent, recordOf, type Target } from "../../testing/judgement/rules.ts";
import { BASELINES, type Findings } from "../../testing/judgement/sweep.ts";
import { describe, validPeers } from "../../testing/judgement/targets.ts";
import type { Record, Result } from "../../testing/judgement/trials.ts";
import { latencyTables } from "./latency-tables.ts";
import { bounded, figure, found, table } from "./table.ts";

/** All tables of the bench, in Markdown. */
export function tables(findings: Findings, costs: readonly Cost[], targets: readonly Target[]): string {
  return [
    "## False aborts of an identical canary, mean (worst) over the cells",
    summary(findings.held, [...PEERS, OURS]),
    `Valid peers (at most 2 % in calm traffic, and in rough traffic): ${validPeers(findings.held).join(", ") || "none"}.`,
    "Over a ramp of 5, 25 and 50 %, twenty minutes each:",
    summary(findings.ramped, [...PEERS, OURS]),
    "## Our false aborts, cell by cell: aborted of released (upper 95 % bound)",
    cellByCell(findings.held),
    "Over a ramp:",
    cellByCell(findings.ramped),
    "Polled every 15 seconds, while minutes grow and some are late:",
    cellByCell(findings.polled),
    "## Detection: median minute [its 95 % interval] (found, if not all) / canary calls failed before the rollback ± 95 %",
    detection(findings),
    "## A canary exactly at its tolerance",
    "Aborted, mean (worst) over the cells:",
    summary(findings.atTolerance, [...PEERS, OURS]),
    "Falsely called verified by this test (upper 95 % bound):",
    cellByCell(findings.atTolerance, ({ verified, runs }) => bounded(verified, runs)),
    "An identical canary, rightly called verified within the hour by this test:",
    cellByCell(findings.held, ({ verified, runs }) => percent(verified / runs)),
    ...latencyTables(findings.latency),
    ...forecastTables(findings),
    "## Cost of a look over 500 functions with 4 guards each, an hour into the bake",
    table(
      ["look", "CPU"],
      costs.map(({ what, cpu }) => [what, `${cpu.toFixed(0)} ms`]),
    ),
    "## Targets",
    table(
      ["rule", "measured", ""],
      targets.map(({ rule, measured, misses }) => [rule, measured, misses.length === 0 ? "✓" : "✗ missed"]),
    ),
    ...targets.flatMap(({ rule, misses }) =>
      misses.length === 0 ? [] : [`Missed: ${rule}.`, misses.map((miss) => `- ${miss}`).join("\n")],
    ),
  ].join("\n\n");
}

function summary(results: readonly Result[], judges: readonly { readonly name: string }[]): string {
  const rows = (["calm", "rough"] as const).flatMap((weather) =>
    BASELINES.map((baseline) => {
      const those = results.filter(({ cell }) => cell.weather === weather && cell.baseline === baseline);
      const cells = judges.map(({ name }) => {
        const shares = those.map((result) => abortedShare(result, name));
        return `${figure(mean(shares).value * 100)} (${figure(Math.max(...shares) * 100)})`;
      });
      return [`${weather}, ${percent(baseline)}`, ...cells];
    }),
  );
  return table(["traffic, base rate; in %", ...judges.map(({ name }) => name)], rows);
}

/** Our figures in every cell; aborts by default. */
function cellByCell(
  results: readonly Result[],
  show: (ours: Record) => string = ({ aborts, runs }) => bounded(aborts, runs),
): string {
  const weights = [...new Set(results.map(({ cell }) => cell.weight))];
  const rowOf = ({ cell }: Result) =>
    `${cell.weather}, ${percent(cell.baseline)}, ${cell.callsPerMinute.toLocaleString("en")} rpm`;
  const rows = [...Map.groupBy(results, rowOf)].map(([row, those]) => {
    const cells = weights.map((weight) => {
      const result = those.find(({ cell }) => cell.weight === weight);
      return result === undefined ? "" : show(recordOf(result, OURS.name));
    });
    return [row, ...cells];
  });
  return table(
    ["traffic, base rate, rate", ...weights.map((weight) => (weight === "ramped" ? weight : percent(weight)))],
    rows,
  );
}

function detection({ held, detection: results }: Findings): string {
  const valid = validPeers(held);
  const others = PEERS.map(({ name }) => name).filter((name) => !valid.includes(name));
  const bestOf = (result: Result) =>
    [...valid].sort((a, b) => failedCalls(result, a) - failedCalls(result, b)).slice(0, 1);
  const rows = results.map((result) => [
    describe(result.cell),
    found(result, OURS.name),
    bestOf(result)
      .map((name) => `${found(result, name)}: ${name}`)
      .join("") || "none is valid",
    found(result, ORACLE.name),
    ...[...valid, ...others].map((name) => found(result, name)),
  ]);
  const mark = (name: string) => (valid.includes(name) ? name : `${name} (not valid)`);
  return table(
    ["cell, base → canary", OURS.name, "best valid peer", ORACLE.name, ...[...valid, ...others].map(mark)],
    rows,
  );
}
