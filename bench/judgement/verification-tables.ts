import { OURS, VERIFYING_ORACLE } from "../../testing/judgement/judges.ts";
import { minute, percent, recordOf } from "../../testing/judgement/rules.ts";
import type { Findings } from "../../testing/judgement/sweep.ts";
import type { Result } from "../../testing/judgement/trials.ts";
import type { VerificationCell } from "../../testing/judgement/verification.ts";
import { type Verified, verifiedByUs, verifiedInPlan } from "../../testing/judgement/verification-sweep.ts";
import { markdownTable } from "../../testing/markdown-table.ts";
import { bounded } from "./cells.ts";

type Results = readonly Result<VerificationCell>[];

export function verificationTables({
  released,
  releasedBesideLatency,
  tolerated,
}: Pick<Findings, "released" | "releasedBesideLatency" | "tolerated">): readonly string[] {
  return [
    "## An identical canary by the default plan, verified (median minute)",
    "By the end of the plan; by the end of the release, whose last step may wait as long as it bakes; and by the end of the plan by an oracle that knows the baseline's rate:",
    shown("base rate", released),
    "The same, guarded by p90 <= baseline * 1.2:",
    shown("durations", releasedBesideLatency),
    "## A canary at its tolerance by the default plan, falsely verified (upper 95 % bound)",
    byRate(tolerated),
  ];
}

function shown(head: string, results: Results): string {
  const rates = ratesOf(results);
  const rows = [...Map.groupBy(results, ({ cell }) => shareOf(cell))].map(([share, those]) => [
    share,
    ...those.map((result) =>
      [verifiedInPlan(result, OURS.name), verifiedByUs(result), verifiedInPlan(result, VERIFYING_ORACLE)]
        .map(cellOf)
        .join(" · "),
    ),
  ]);
  return markdownTable([head, ...rates.map(rpm)], rows);
}

function cellOf({ share, minute: at }: Verified): string {
  return share === 0 ? "0 %" : `${(100 * share).toFixed(0)} % (${minute(at)})`;
}

function byRate(results: Results): string {
  const rowOf = ({ cell }: Result<VerificationCell>) =>
    `${cell.environment}, ${cell.polls}, ${cell.canary}, ${shareOf(cell)}`;
  const rows = [...Map.groupBy(results, rowOf)].map(([row, those]) => [
    row,
    ...those.map((result) => {
      const { verified, runs } = recordOf(result, OURS.name);
      return bounded(verified, runs);
    }),
  ]);
  return markdownTable(["environment, polls, canary, base rate", ...ratesOf(results).map(rpm)], rows);
}

function shareOf({ guard, baseline }: VerificationCell): string {
  return guard === "errors" ? percent(baseline) : guard;
}

function ratesOf(results: Results): readonly number[] {
  return [...new Set(results.map(({ cell }) => cell.callsPerMinute))];
}

function rpm(rate: number): string {
  return `${rate.toLocaleString("en")} rpm`;
}
