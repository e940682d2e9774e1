import { type Percent, type Target, weightIn } from "../domain/alias.ts";
import { healCommand } from "../domain/heal-command.ts";
import type { Instant } from "../domain/time.ts";
import type { Ending } from "./events.ts";
import { isSameChange } from "./external-change.ts";
import {
  type FleetMember,
  isTouched,
  type Problem,
  pendingWrite,
  problemOf,
  servingAfter,
  type WriteResult,
} from "./fleet.ts";
import { end, type Phase, type Progress, paired, type Ticked, tell, telling, writing } from "./progress.ts";
import { rollbackRecord } from "./release.ts";

/** Puts every alias that is still ours back on its baseline. */
export function takeBack(progress: Progress, problem: Problem, at: Instant, unseen: Target | null = null): Ticked {
  const { release, fleet } = progress;
  const writes = fleet.filter(isTouched).map((held) => pendingWrite(held, rollbackRecord(release, held.member, at)));
  const phase = { kind: "rolling-back", problem, writes, unseen } as const;
  const back = { ...progress, phase };
  if (writes.length === 0) return takenBack(back, phase, []);
  const { reason } = problem;
  // The calls go out before anything is reported.
  return { progress: back, effects: [writing(writes, true), tell({ kind: "turned-back", reason })] };
}

/** How it ended, by what became of the writes. */
export function takenBack(
  progress: Progress,
  { problem: { kind, reason, changes }, writes, unseen }: Extract<Phase, { kind: "rolling-back" }>,
  results: readonly WriteResult[],
): Ticked {
  const { release, fleet, region } = progress;
  const ended = paired(writes, results);
  const told = ended.flatMap(([each, result]) => servingAfter(each, result));
  const conclude = (ending: Ending) => telling(told, end(progress, ending));
  const problems = ended.flatMap(([each, result]) => {
    const problem = problemOf(each, result, release.run);
    return problem === null ? [] : [{ ...problem, held: each.before }];
  });
  const stranded = problems.filter((each) => each.kind === "rollback");
  if (stranded.length > 0) {
    for (const { held, reason: error } of stranded) {
      const { target, baseline } = held.member;
      const why = { kind: "stuck", error, because: reason } as const;
      const command = healCommand(target, baseline, region);
      told.push({ kind: "stranded", target, reason: why, command, weight: highestWeight(held) });
    }
    const targets = stranded.map(({ held }) => held.member.target);
    return conclude({ outcome: "failed", reason: { kind: "stranded", targets }, verified: false });
  }
  // If a cancellation came first, the reason doesn't name yet who changed an alias.
  const lost = fleet.flatMap(({ certainty }) => (certainty.kind === "lost" ? [certainty.how] : []));
  const others = [...lost, ...problems.flatMap((each) => each.changes)].filter(
    (how) => !changes.some((each) => isSameChange(each, how)),
  );
  if (kind === "superseded" || others.length > 0) {
    return conclude({ outcome: "superseded", reason: { kind: "all", reasons: [...others, reason] }, verified: false });
  }
  if (writes.length === 0) {
    return conclude({ outcome: "failed", reason: { kind: "nothing-shifted", because: reason }, verified: false });
  }
  const ending: Ending = { outcome: "rolled-back", reason, verified: false };
  if (unseen === null) return conclude(ending);
  const phase = { kind: "explaining", ending, unseen } as const;
  return telling(told, { progress: { ...progress, phase }, effects: [{ kind: "ask-callers", target: unseen }] });
}

/** The highest weight that the canary may have. */
function highestWeight({ member, alias, certainty }: FleetMember): Percent {
  const weight = weightIn(alias.routing, member.canary);
  return certainty.kind === "uncertain" ? Math.max(weight, weightIn(certainty.sent.routing, member.canary)) : weight;
}

/** After a rollback because no traffic could be seen: adds who calls the function, and how. */
export function explained(progress: Progress, callers: string): Ticked {
  const { phase } = progress;
  if (phase.kind !== "explaining") throw new Error(`callers while ${phase.kind}`);
  const { ending } = phase;
  return end(progress, { ...ending, reason: { kind: "unseen-callers", because: ending.reason, callers } });
}
