import { analyse, isVerified } from "../analysis/analyse.ts";
import type { Analysis } from "../analysis/verdict.ts";
import type { AliasRecord } from "../domain/alias-record.ts";
import type { Member } from "../domain/member.ts";
import { type Instant, SECOND } from "../domain/time.ts";
import { arrival, arrivingAt } from "./arrival.ts";
import { afterLook, decide, type Look } from "./decide.ts";
import { promotion } from "./ending.ts";
import type { Happening } from "./events.ts";
import {
  afterWrite,
  aliasStatus,
  duringWrite,
  type PendingWrite,
  pendingWrite,
  problemOf,
  servingAfter,
} from "./fleet.ts";
import { withOutlooks } from "./outlook.ts";
import {
  end,
  type Looked,
  lookNext,
  type News,
  type Phase,
  type Progress,
  paired,
  type Ticked,
  tell,
  telling,
  type Written,
  writing,
} from "./progress.ts";
import { canaryRecord, contextOf, endOfStage, promotionRecord, shifted } from "./release.ts";
import { explained, takeBack, takenBack } from "./take-back.ts";

/** One move of a release: takes in what has come of the last effects, and says what to do next. Pure. */
export function tick(progress: Progress, news: News): Ticked {
  switch (news.kind) {
    case "begun":
      return begun(progress, news.at);
    case "looked":
      return progress.phase.kind === "arriving" ? arrivingAt(progress, progress.phase, news) : lookedAt(progress, news);
    case "written":
      return writtenAt(progress, news);
    case "callers":
      return explained(progress, news.text);
    case "failed": {
      const reason = { kind: "unexpected", error: news.message } as const;
      return takeBack(progress, { kind: "rollback", reason, changes: [] }, news.at);
    }
  }
}

/** Whatever was under way is done again: a write that took effect is found to be done. */
function begun(progress: Progress, at: Instant): Ticked {
  const { phase } = progress;
  switch (phase.kind) {
    case "looking":
      return { progress, effects: [lookNext(progress)] };
    case "shifting":
    case "promoting":
    case "rolling-back":
      return { progress, effects: [writing(phase.writes, phase.kind === "rolling-back")] };
    case "arriving":
      return arrival(progress, phase, at);
    case "explaining":
      return { progress, effects: [{ kind: "ask-callers", target: phase.unseen }] };
    case "ended":
      return { progress, effects: [] };
  }
}

/** Judges what was seen, and moves by it. */
function lookedAt(before: Progress, news: Looked): Ticked {
  const { at, observation } = news;
  const status = news.aliases === null ? null : aliasStatus(before.fleet, news.aliases, before.release.run);
  const judged = observation === null ? null : analyse(before.release.analysis, observation, contextOf(before.release));
  const analysis = judged?.state ?? before.release.analysis;
  const look: Look = {
    at: observation?.at ?? at,
    aborted: news.aborted ?? status?.expired ?? news.expiring,
    externalChanges: status?.externalChanges ?? [],
    analyses: [
      ...withOutlooks(judged?.analyses ?? [], { ...before.release, analysis }, observation?.at ?? at),
      ...(status?.analyses ?? []),
    ],
  };
  const progress = withJudgements(
    { ...before, fleet: status?.fleet ?? before.fleet, release: afterLook({ ...before.release, analysis }, look) },
    look.analyses,
  );
  const told: Happening[] = [
    ...(status?.told ?? []),
    ...(look.analyses.length === 0
      ? []
      : [{ kind: "judged", analyses: look.analyses, verified: isVerified(progress.latest) } as const]),
    ...(judged?.warnings ?? []).map((text) => ({ kind: "warned", text }) as const),
  ];
  const { progress: after, effects } = move(progress, look, at);
  return { progress: after, effects: [...told.map(tell), ...effects] };
}

/** Keeps what every rule said last: that decides how the promotion is told. After it, nothing is compared any more. */
function withJudgements(progress: Progress, analyses: readonly Analysis[]): Progress {
  const { stage } = progress.release;
  if (analyses.length === 0 || stage.kind === "ready") return progress;
  if (stage.kind === "baking") return { ...progress, latest: analyses };
  const isComparison = ({ kind }: Analysis) => kind === "comparison";
  const others = analyses.filter((each) => !isComparison(each));
  return { ...progress, latest: [...progress.latest.filter(isComparison), ...others] };
}

function move(progress: Progress, look: Look, at: Instant): Ticked {
  const { release, poll } = progress;
  const next = decide(release, look);
  switch (next.kind) {
    case "wait": {
      const left = next.until - at;
      const pause = left > 0 ? Math.min(poll, Math.max(left, SECOND)) : poll;
      const { until, lacks } = next;
      const waiting = { ...progress, heldUntil: lacks === null ? null : until };
      const told = lacks === null || progress.heldUntil === until ? [] : [tell({ kind: "held", until, lacks })];
      return { progress: waiting, effects: [...told, { kind: "wait", for: pause }, lookNext(waiting)] };
    }
    case "shift": {
      const writes = writesOf(progress, (member) => canaryRecord(release, member, next.step, at));
      return write(progress, { kind: "shifting", step: next.step, writes });
    }
    case "promote": {
      const writes = writesOf(progress, (member) => promotionRecord(release, member, at));
      return write(progress, { kind: "promoting", writes });
    }
    case "roll-back": {
      const blind = look.analyses.find(({ kind, verdict }) => kind === "traffic" && verdict === "error");
      return takeBack(progress, { kind: "rollback", reason: next.reason, changes: [] }, at, blind?.target ?? null);
    }
    case "give-way":
      return takeBack(progress, { kind: "superseded", reason: next.reason, changes: look.externalChanges }, at);
    case "finish":
      return end(progress, promotion(release, progress.latest));
  }
}

function writesOf({ fleet }: Progress, recordOf: (member: Member) => AliasRecord): readonly PendingWrite[] {
  return fleet.map((held) => pendingWrite(held, recordOf(held.member)));
}

/** From here on, until it is known how the writes ended, each alias may be as before or as they make it. */
function write(progress: Progress, phase: Extract<Phase, { kind: "shifting" | "promoting" }>): Ticked {
  return {
    progress: { ...progress, phase, fleet: phase.writes.map(duringWrite) },
    effects: [writing(phase.writes, false)],
  };
}

function writtenAt(progress: Progress, news: Written): Ticked {
  const { phase } = progress;
  switch (phase.kind) {
    case "shifting":
    case "promoting":
      return movedAt(progress, phase, news);
    case "rolling-back":
      return takenBack(progress, phase, news.results);
    case "looking":
    case "arriving":
    case "explaining":
    case "ended":
      throw new Error(`written while ${phase.kind}`);
  }
}

function movedAt(
  before: Progress,
  { writes, ...phase }: Extract<Phase, { kind: "shifting" | "promoting" }>,
  { at, aborted, results }: Written,
): Ticked {
  const { release } = before;
  const ended = paired(writes, results);
  const progress: Progress = {
    ...before,
    phase: { kind: "looking" },
    fleet: ended.map(([each, result]) => afterWrite(each, result, release.run)),
  };
  if (aborted !== null) return takeBack(progress, { kind: "rollback", reason: aborted, changes: [] }, at);
  const told = ended.flatMap(([each, result]) => (result.kind === "superseded" ? servingAfter(each, result) : []));
  const problems = ended.flatMap(([each, result]) => problemOf(each, result, release.run) ?? []);
  const problem = problems.find(({ kind }) => kind === "superseded") ?? problems[0];
  if (problem !== undefined) return telling(told, takeBack(progress, problem, at));
  if (phase.kind === "promoting") return arrival(progress, { since: at, toldAt: null }, at);
  const next = { ...progress, release: shifted(release, phase.step, at) };
  const orSooner = release.advance === "when-shown" ? ({ orSooner: true } as const) : {};
  const news: Happening = { kind: "shifted", step: phase.step, until: endOfStage(next.release), ...orSooner };
  return { progress: next, effects: [tell(news), lookNext(next)] };
}
