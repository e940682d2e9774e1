import type { Paced, PacingCell } from "../../testing/judgement/pacing.ts";
import {
  atPace,
  DEFAULT_STEPS,
  LONG_STEPS,
  minutesToPromote,
  type PacedResult,
  type PacingFindings,
  PRESET,
} from "../../testing/judgement/pacing-sweep.ts";
import { percent } from "../../testing/judgement/rules.ts";
import { markdownTable } from "../../testing/markdown-table.ts";
import { mean } from "../../testing/statistics.ts";
import { bounded, figure } from "./cells.ts";

export function pacingTables({ identical, tolerated, both, preset }: PacingFindings): readonly string[] {
  return [
    "## advance: when-shown, an identical canary: minutes to promote it, by time → as shown (verified)",
    minutes(both),
    `## advance: when-shown, by ${LONG_STEPS}`,
    "An identical canary, aborted of released (upper 95 % bound):",
    cellByCell(identical, ({ promoted }) => !promoted),
    "A canary at its tolerance, falsely verified (upper 95 % bound):",
    cellByCell(tolerated, ({ verified }) => verified),
    `## ${PRESET}, 0.1 % of the baseline's calls fail: ahead of its figures, and step by step (as with min-invocations: 1)`,
    "Rolled back (mean minutes until then) / canary calls failed ± 95 % / mean minutes to promote it:",
    ahead(preset),
  ];
}

function minutes(both: readonly PacedResult[]): string {
  const shown = both.filter(({ pace }) => pace === "when-shown");
  const rates = [...new Set(shown.map(({ cell }) => cell.callsPerMinute))];
  const rows = [DEFAULT_STEPS, LONG_STEPS].flatMap((steps) => {
    const those = shown.filter(({ cell }) => cell.steps === steps);
    return [...Map.groupBy(those, ({ cell }) => cell.baseline)].map(([baseline, results]) => [
      steps,
      percent(baseline),
      ...results.map((result) => {
        const of = (each: PacedResult) => {
          const verified = each.releases.filter((release) => release.verified).length / each.runs;
          return `${minutesToPromote(each).toFixed(1)} (${percent(verified)})`;
        };
        return `${of(atPace(both, result, "by-time"))} → ${of(result)}`;
      }),
    ]);
  });
  return markdownTable(["steps", "base rate", ...rates.map(rpm)], rows);
}

function cellByCell(results: readonly PacedResult[], isHit: (release: Paced) => boolean): string {
  const rates = [...new Set(results.map(({ cell }) => cell.callsPerMinute))];
  const rowOf = ({ cell }: PacedResult) =>
    `${cell.environment}, ${cell.polls}, ${who(cell)}, ${percent(cell.baseline)}`;
  const rows = [...Map.groupBy(results, rowOf)].map(([row, those]) => [
    row,
    ...those.map(({ releases, runs }) => bounded(releases.filter(isHit).length, runs)),
  ]);
  return markdownTable(["environment, polls, canary, base rate", ...rates.map(rpm)], rows);
}

function ahead(preset: readonly PacedResult[]): string {
  const those = preset.filter(({ pace }) => pace === "by-time");
  const rows = those.map((result) => [
    `${who(result.cell)}, ${rpm(result.cell.callsPerMinute)}`,
    costOf(result),
    costOf(atPace(preset, result, "step by step")),
  ]);
  return markdownTable(["canary, rate", "ahead of its figures", "step by step"], rows);
}

function costOf(result: PacedResult): string {
  const { releases, runs } = result;
  const back = releases.filter(({ promoted }) => !promoted);
  const failed = mean(releases.map((each) => each.failed));
  const after = back.length === 0 ? "–" : mean(back.map(({ lasted }) => lasted)).value.toFixed(1);
  const promoted = back.length === runs ? "–" : minutesToPromote(result).toFixed(1);
  return `${percent(back.length / runs)} (${after}) / ${failed.value.toFixed(1)} ± ${figure(failed.margin)} / ${promoted}`;
}

function who({ canary }: PacingCell): string {
  return typeof canary === "number" ? `${percent(canary)} failing` : canary;
}

function rpm(rate: number): string {
  return `${rate.toLocaleString("en")} rpm`;
}
