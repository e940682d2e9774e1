import type { Analysis } from "../analysis/verdict.ts";
import { type Instant, MINUTE } from "../domain/time.ts";
import { promotion } from "./ending.ts";
import type { Happening } from "./events.ts";
import { aliasStatus } from "./fleet.ts";
import { end, type Looked, lookNext, type Phase, type Progress, type Ticked, tell, telling } from "./progress.ts";
import type { Reason } from "./reason.ts";
import { endOfStage, promoted } from "./release.ts";
import { LONGEST_MOVE, moving, serving } from "./serving.ts";
import { takeBack } from "./take-back.ts";

/**
 * Waits until the calls of all aliases reach the canaries. If an alias has provisioned concurrency, Lambda sends them
 * to the baseline until the canary has it too.
 *
 * Until every promotion has taken effect, a failure or a cancellation rolls all of them back: all or none.
 *
 * @param stopped why the release has to stop; null if it doesn't
 * @param unreadable the aliases that could not be read just now
 */
export function arrival(
  progress: Progress,
  { since, toldAt }: Pick<Extract<Phase, { kind: "arriving" }>, "since" | "toldAt">,
  at: Instant,
  stopped: Reason | null = null,
  unreadable: readonly Analysis[] = [],
): Ticked {
  const moves = progress.fleet.flatMap(({ member, alias }) => moving(member.target, alias) ?? []);
  if (moves.length === 0) return arrived(progress, at);
  if (stopped !== null) return takeBack(progress, { kind: "rollback", reason: stopped, changes: [] }, at);
  const waited = at - since;
  if (waited >= LONGEST_MOVE) {
    const reason = { kind: "not-arrived", waited, moves, unreadable } as const;
    return takeBack(progress, { kind: "rollback", reason, changes: [] }, at);
  }
  const isDue = toldAt === null || at - toldAt >= MINUTE;
  return {
    progress: { ...progress, phase: { kind: "arriving", since, toldAt: isDue ? at : toldAt } },
    effects: [
      ...(isDue ? [tell({ kind: "noted", text: { kind: "arriving", waited, moves, unreadable } })] : []),
      { kind: "wait", for: progress.poll },
      { kind: "look", at: "aliases" },
    ],
  };
}

/** What a look at the aliases says about a promotion that hasn't taken effect yet. */
export function arrivingAt(before: Progress, phase: Extract<Phase, { kind: "arriving" }>, news: Looked): Ticked {
  const { at, aborted, expiring } = news;
  const status = news.aliases === null ? null : aliasStatus(before.fleet, news.aliases, before.release.run);
  const { externalChanges = [], analyses = [], expired = null, told = [] } = status ?? {};
  const progress = { ...before, fleet: status?.fleet ?? before.fleet };
  if (externalChanges.length > 0) {
    const reason = { kind: "all", reasons: externalChanges } as const;
    return telling(told, takeBack(progress, { kind: "superseded", reason, changes: externalChanges }, at));
  }
  return telling(told, arrival(progress, phase, at, aborted ?? expired ?? expiring, analyses));
}

function arrived(before: Progress, at: Instant): Ticked {
  const release = promoted(before.release, at);
  const until = release.plan.finalBake > 0 ? endOfStage(release) : null;
  const progress: Progress = { ...before, release, phase: { kind: "looking" } };
  const told: readonly Happening[] = [
    { kind: "promoted", until },
    ...progress.fleet.flatMap(({ member, alias }) => serving(member.target, alias)),
  ];
  const next: Ticked =
    until === null ? end(progress, promotion(release, progress.latest)) : { progress, effects: [lookNext(progress)] };
  return telling(told, next);
}
