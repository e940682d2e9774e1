import { analyse, isVerified } from "../analysis/analyse.ts";
import type { Analysis, Observation } from "../analysis/verdict.ts";
import { nameOf, type Target } from "../domain/alias.ts";
import type { AliasRecord } from "../domain/alias-record.ts";
import { formatList } from "../domain/format.ts";
import { healCommand } from "../domain/heal-command.ts";
import type { Member } from "../domain/member.ts";
import { type Duration, formatDuration, type Instant, MINUTE, SECOND, soFar } from "../domain/time.ts";
import { afterLook, decide, type Look } from "./decide.ts";
import { promotion } from "./ending.ts";
import type { Ending, Happening } from "./events.ts";
import {
  type AliasReading,
  afterWrite,
  aliasStatus,
  duringWrite,
  type FleetMember,
  type HeldAlias,
  isTouched,
  newFleet,
  type PendingWrite,
  type Problem,
  pendingWrite,
  problemOf,
  servingAfter,
  type WriteResult,
} from "./fleet.ts";
import {
  canaryRecord,
  contextOf,
  endOfStage,
  promoted,
  promotionRecord,
  type Release,
  rollbackRecord,
  shifted,
} from "./release.ts";
import { LONGEST_MOVE, moving, serving } from "./serving.ts";

/** A release under way: everything that is needed to go on with it, in another process too. It can be serialised. */
export interface Progress {
  readonly release: Release;
  readonly fleet: readonly FleetMember[];
  readonly phase: Phase;
  /** By the last look before the promotion. */
  readonly verified: boolean;
  /** What the guards that compare said at that look. */
  readonly compared: readonly Analysis[];
  /** Whether it was told that the step waits for more data. */
  readonly isHeld: boolean;
  /** The time between two looks. */
  readonly poll: Duration;
  /** For the commands that people are given. */
  readonly region: string;
}

export type Phase =
  /** The next look decides what to do. */
  | { readonly kind: "looking" }
  | { readonly kind: "shifting"; readonly step: number; readonly writes: readonly PendingWrite[] }
  | { readonly kind: "promoting"; readonly writes: readonly PendingWrite[] }
  /** All promotions are written. If an alias has provisioned concurrency, Lambda moves its calls later. */
  | { readonly kind: "arriving"; readonly since: Instant; readonly toldAt: Instant | null }
  | {
      readonly kind: "rolling-back";
      readonly problem: Problem;
      readonly writes: readonly PendingWrite[];
      /** The function whose calls could not be seen, if that is why. */
      readonly unseen: Target | null;
    }
  /** All is back; it is still to be found out who calls the function. */
  | { readonly kind: "explaining"; readonly ending: Ending; readonly unseen: Target }
  | { readonly kind: "ended"; readonly ending: Ending };

/** What is to be done, in this order. */
export type Effect =
  | { readonly kind: "tell"; readonly happening: Happening }
  /** A cancellation cuts a wait short. */
  | { readonly kind: "wait"; readonly for: Duration }
  /** Look at the credentials; at the aliases, too; or at everything. */
  | { readonly kind: "look"; readonly at: "credentials" | "aliases" | "everything" }
  /** All at once. A cancellation stops it, unless it is a rollback. The next effects don't wait for it. */
  | { readonly kind: "write"; readonly writes: readonly PendingWrite[]; readonly isRollback: boolean }
  | { readonly kind: "ask-callers"; readonly target: Target };

/** What has come of the effects. */
export type News =
  /** A process begins with this progress, or goes on with it. */
  | { readonly kind: "begun"; readonly at: Instant }
  | {
      readonly kind: "looked";
      readonly at: Instant;
      /** How the workflow was cancelled; null if it wasn't. */
      readonly aborted: string | null;
      /** Why the release must end before the credentials do; null if there is time. */
      readonly expiring: string | null;
      /** One for each member; null if not looked at. */
      readonly aliases: readonly AliasReading[] | null;
      readonly observation: Observation | null;
    }
  /** One result for each write. After a cancellation, nobody waits for the others. */
  | {
      readonly kind: "written";
      readonly at: Instant;
      readonly aborted: string | null;
      readonly results: readonly WriteResult[];
    }
  | { readonly kind: "callers"; readonly at: Instant; readonly text: string }
  /** Something unexpected was thrown. */
  | { readonly kind: "failed"; readonly at: Instant; readonly message: string };

export interface Ticked {
  readonly progress: Progress;
  readonly effects: readonly Effect[];
}

/** A release that has everything it needs, and has shifted nothing yet. */
export function newProgress(
  release: Release,
  aliases: readonly HeldAlias[],
  { poll, region }: Pick<Progress, "poll" | "region">,
): Progress {
  const fleet = newFleet(aliases);
  const phase = { kind: "looking" } as const;
  return { release, fleet, phase, verified: false, compared: [], isHeld: false, poll, region };
}

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
      const reason = `the action hit an unexpected error: ${news.message}`;
      return takeBack(progress, { kind: "rollback", reason, changes: [] }, news.at);
    }
  }
}

type Looked = Extract<News, { kind: "looked" }>;
type Written = Extract<News, { kind: "written" }>;

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
      return arrival(progress, phase, at, null);
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
  const look: Look = {
    at: observation?.at ?? at,
    aborted: news.aborted ?? status?.expired ?? news.expiring,
    externalChanges: status?.externalChanges ?? [],
    analyses: [...(judged?.analyses ?? []), ...(status?.analyses ?? [])],
  };
  const analysis = judged?.state ?? before.release.analysis;
  const progress = withJudgements(
    { ...before, fleet: status?.fleet ?? before.fleet, release: afterLook({ ...before.release, analysis }, look) },
    look.analyses,
  );
  const told: Happening[] = [
    ...(status?.told ?? []),
    ...(look.analyses.length === 0
      ? []
      : [{ kind: "judged", analyses: look.analyses, verified: progress.verified } as const]),
    ...(judged?.warnings ?? []).map((text) => ({ kind: "warned", text }) as const),
  ];
  const { progress: after, effects } = move(progress, look, at);
  return { progress: after, effects: [...told.map(tell), ...effects] };
}

/** Keeps what the guards said last before the promotion: that decides whether the release is verified. */
function withJudgements(progress: Progress, analyses: readonly Analysis[]): Progress {
  const { stage } = progress.release;
  if (analyses.length === 0 || stage.kind !== "baking") return progress;
  return {
    ...progress,
    verified: isVerified(analyses),
    compared: analyses.filter(({ kind }) => kind === "comparison"),
  };
}

function move(progress: Progress, look: Look, at: Instant): Ticked {
  const { release, poll } = progress;
  const next = decide(release, look);
  switch (next.kind) {
    case "wait": {
      const isHeld = next.lacks !== null;
      const left = next.until - at;
      const pause = left > 0 ? Math.min(poll, Math.max(left, SECOND)) : poll;
      const held = { kind: "held", until: next.until, lacks: next.lacks ?? "" } as const;
      const waiting = { ...progress, isHeld };
      return {
        progress: waiting,
        effects: [...(isHeld && !progress.isHeld ? [tell(held)] : []), { kind: "wait", for: pause }, lookNext(waiting)],
      };
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
      return end(progress, promotion(release, progress.verified, progress.compared));
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
      return takenBack(progress, phase, news);
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
  const problems = ended.flatMap(([each, result]) => problemOf(each, result, release.run, "") ?? []);
  const problem = problems.find(({ kind }) => kind === "superseded") ?? problems[0];
  if (problem !== undefined) return telling(told, takeBack(progress, problem, at));
  if (phase.kind === "promoting") return arrival(progress, { since: at, toldAt: null }, at, null);
  const next = { ...progress, release: shifted(release, phase.step, at) };
  const news = { kind: "shifted", step: phase.step, until: endOfStage(next.release) } as const;
  return { progress: next, effects: [tell(news), lookNext(next)] };
}

/**
 * Waits until the calls of all aliases reach the canaries. If an alias has provisioned concurrency, Lambda sends them
 * to the baseline until the canary has it too.
 *
 * Until every promotion has taken effect, a failure or a cancellation rolls all of them back: all or none.
 */
function arrival(
  progress: Progress,
  { since, toldAt }: Pick<Extract<Phase, { kind: "arriving" }>, "since" | "toldAt">,
  at: Instant,
  aborted: string | null,
): Ticked {
  const waitingFor = progress.fleet.flatMap(({ member, alias }) => moving(member.target, alias) ?? []);
  if (waitingFor.length === 0) return arrived(progress, at);
  if (aborted !== null) return takeBack(progress, { kind: "rollback", reason: aborted, changes: [] }, at);
  const waited = at - since;
  const what = waitingFor.join("; ");
  if (waited >= LONGEST_MOVE) {
    const reason = `the promotion had not taken effect after ${formatDuration(waited)}: ${what}`;
    return takeBack(progress, { kind: "rollback", reason, changes: [] }, at);
  }
  const isDue = toldAt === null || at - toldAt >= MINUTE;
  const text = `waiting for the promotion to take effect${soFar(waited)}: ${what}`;
  return {
    progress: { ...progress, phase: { kind: "arriving", since, toldAt: isDue ? at : toldAt } },
    effects: [
      ...(isDue ? [tell({ kind: "noted", text })] : []),
      { kind: "wait", for: progress.poll },
      { kind: "look", at: "aliases" },
    ],
  };
}

function arrivingAt(before: Progress, phase: Extract<Phase, { kind: "arriving" }>, news: Looked): Ticked {
  const { at, aborted, expiring } = news;
  const status = news.aliases === null ? null : aliasStatus(before.fleet, news.aliases, before.release.run);
  const { externalChanges = [], expired = null, told = [] } = status ?? {};
  const progress = { ...before, fleet: status?.fleet ?? before.fleet };
  if (externalChanges.length > 0) {
    const reason = externalChanges.join("; ");
    return telling(told, takeBack(progress, { kind: "superseded", reason, changes: externalChanges }, at));
  }
  const reason = expired ?? expiring;
  if (reason !== null) return telling(told, takeBack(progress, { kind: "rollback", reason, changes: [] }, at));
  return telling(told, arrival(progress, phase, at, aborted));
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
    until === null
      ? end(progress, promotion(release, progress.verified, progress.compared))
      : { progress, effects: [lookNext(progress)] };
  return telling(told, next);
}

/** Puts every alias that is still ours back on its baseline. */
function takeBack(progress: Progress, problem: Problem, at: Instant, unseen: Target | null = null): Ticked {
  const { release, fleet } = progress;
  const writes = fleet.filter(isTouched).map((held) => pendingWrite(held, rollbackRecord(release, held.member, at)));
  const phase = { kind: "rolling-back", problem, writes, unseen } as const;
  const back = { ...progress, phase };
  if (writes.length === 0) return takenBack(back, phase, { kind: "written", at, aborted: null, results: [] });
  const { reason } = problem;
  // The calls go out before anything is reported.
  return { progress: back, effects: [writing(writes, true), tell({ kind: "turned-back", reason })] };
}

function takenBack(
  progress: Progress,
  { problem: { kind, reason, changes }, writes, unseen }: Extract<Phase, { kind: "rolling-back" }>,
  { results }: Written,
): Ticked {
  const { release, fleet, region } = progress;
  const ended = paired(writes, results);
  const told = ended.flatMap(([each, result]) => servingAfter(each, result));
  const conclude = (ending: Ending) => telling(told, end(progress, ending));
  const stranded = ended.filter(([, result]) => result.kind === "failed" || result.kind === "aborted");
  if (stranded.length > 0) {
    for (const [{ before }, result] of stranded) {
      const { target, baseline } = before.member;
      const error = result.kind === "failed" ? result.reason : "the rollback was stopped before it was confirmed";
      const why = `${error}; the release had to be rolled back because ${reason}`;
      told.push({ kind: "stranded", target, reason: why, command: healCommand(target, baseline, region) });
    }
    const which = formatList(stranded.map(([{ before }]) => nameOf(before.member.target)));
    const what = `${which} could not be put back on the baseline: run the command given for it now`;
    return conclude({ outcome: "failed", reason: what, verified: false });
  }
  // If a cancellation came first, the reason doesn't name yet who changed an alias.
  const lost = fleet.flatMap(({ certainty }) => (certainty.kind === "lost" ? [certainty.how] : []));
  const problems = ended.flatMap(([each, result]) => problemOf(each, result, release.run, "") ?? []);
  const changed = problems.map((each) => each.reason);
  const others = [...lost, ...changed].filter((how) => !changes.includes(how));
  if (kind === "superseded" || others.length > 0) {
    return conclude({ outcome: "superseded", reason: [...others, reason].join("; "), verified: false });
  }
  if (writes.length === 0) {
    return conclude({ outcome: "failed", reason: `nothing was shifted: ${reason}`, verified: false });
  }
  const ending: Ending = { outcome: "rolled-back", reason, verified: false };
  if (unseen === null) return conclude(ending);
  const phase = { kind: "explaining", ending, unseen } as const;
  return telling(told, { progress: { ...progress, phase }, effects: [{ kind: "ask-callers", target: unseen }] });
}

/** After a rollback because no traffic could be seen: adds who calls the function, and how. */
function explained(progress: Progress, callers: string): Ticked {
  const { phase } = progress;
  if (phase.kind !== "explaining") throw new Error(`callers while ${phase.kind}`);
  const { ending } = phase;
  return end(progress, { ...ending, reason: `${ending.reason}. What to look at: ${callers}` });
}

function end(progress: Progress, ending: Ending): Ticked {
  return { progress: { ...progress, phase: { kind: "ended", ending } }, effects: [] };
}

function lookNext({ release }: Progress): Effect {
  return { kind: "look", at: release.stage.kind === "ready" ? "credentials" : "everything" };
}

function writing(writes: readonly PendingWrite[], isRollback: boolean): Effect {
  return { kind: "write", writes, isRollback };
}

function tell(happening: Happening): Effect {
  return { kind: "tell", happening };
}

function telling(told: readonly Happening[], { progress, effects }: Ticked): Ticked {
  return { progress, effects: [...told.map(tell), ...effects] };
}

/** Each write with its result. One that nobody waited for was stopped. */
function paired(
  writes: readonly PendingWrite[],
  results: readonly WriteResult[],
): readonly (readonly [PendingWrite, WriteResult])[] {
  return writes.map((each, place) => [each, results[place] ?? { kind: "aborted" }] as const);
}
