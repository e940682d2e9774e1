import type { Cost } from "../../testing/judgement/cost.ts";
import { forecastTables } from "../../testing/judgement/forecast-report.ts";
import { ORACLE, OURS, PEERS } from "../../testing/judgement/judges.ts";
import { abortedShare, percent, recordOf, type Target } from "../../testing/judgement/rules.ts";
import { BASELINES, type Findings } from "../../testing/judgement/sweep.ts";
import { describe, validPeers } from "../../testing/judgement/targets.ts";
import type { Record, Result } from "../../testing/judgement/trials.ts";
import { foretoldTable } from "../../testing/judgement/verification-forecasts.ts";
import { markdownTable } from "../../testing/markdown-table.ts";
import { mean } from "../../testing/statistics.ts";
import { bounded, figure, found } from "./cells.ts";
import { latencyTables } from "./latency-tables.ts";
import { pacingTables } from "./pacing-tables.ts";
import { verificationTables } from "./verification-tables.ts";

/** All tables of the bench, in Markdown. */
export function tables(findings: Findings, costs: readonly Cost[], targets: readonly Target[]): string {
  return [
    "## False aborts of an identical canary, mean (worst) over the cells",
    summary(findings.held),
    `Valid peers (at most 2 % in calm traffic, and in rough traffic): ${validPeers(findings.held).join(", ") || "none"}.`,
    "## Our false aborts, cell by cell: aborted of released (upper 95 % bound)",
    cellByCell(findings.held),
    "Over a ramp of 5, 25 and 50 %, twenty minutes each:",
    cellByCell(findings.ramped),
    "Polled every 15 seconds, while minutes grow and some are late:",
    cellByCell(findings.polled),
    "## Detection: median minute [its 95 % interval] (found, if not all) / canary calls failed before the rollback ± 95 %",
    detection(findings),
    "## A canary exactly at its tolerance",
    "Falsely called verified by this test (upper 95 % bound):",
    cellByCell(findings.atTolerance, ({ verified, runs }) => bounded(verified, runs)),
    "An identical canary, rightly called verified within the hour by this test:",
    cellByCell(findings.held, ({ verified, runs }) => percent(verified / runs)),
    ...verificationTables(findings),
    ...latencyTables(findings.latency),
    ...forecastTables(findings),
    ...foretoldTable(findings),
    ...pacingTables(findings.pacing),
    "## Cost of a look over 500 functions with 4 guards each, an hour into the bake",
    markdownTable(
      ["look", "CPU"],
      costs.map(({ what, cpu }) => [what, `${cpu.toFixed(0)} ms`]),
    ),
    "## Targets",
    markdownTable(
      ["rule", "measured", ""],
      targets.map(({ rule, measured, misses }) => [rule, measured, misses.length === 0 ? "✓" : "✗ missed"]),
    ),
    ...targets.flatMap(({ rule, misses }) =>
      misses.length === 0 ? [] : [`Missed: ${rule}.`, misses.map((miss) => `- ${miss}`).join("\n")],
    ),
  ].join("\n\n");
}

function summary(results: readonly Result[]): string {
  const judges = [...PEERS, OURS];
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
  return markdownTable(["traffic, base rate; in %", ...judges.map(({ name }) => name)], rows);
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
  return markdownTable(
    ["traffic, base rate, rate", ...weights.map((weight) => (weight === "ramped" ? weight : percent(weight)))],
    rows,
  );
}

function detection({ held, detection: results }: Findings): string {
  const valid = validPeers(held);
  const judges = [OURS, ORACLE, ...PEERS].map(({ name }) => name);
  const mark = (name: string) =>
    PEERS.every((peer) => peer.name !== name) || valid.includes(name) ? name : `${name} (not valid)`;
  const rows = results.map((result) => [describe(result.cell), ...judges.map((name) => found(result, name))]);
  return markdownTable(["cell, base → canary", ...judges.map(mark)], rows);
}
