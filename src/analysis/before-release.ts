import { sameTarget } from "../domain/alias.ts";
import type { Member } from "../domain/member.ts";
import type { Series } from "../domain/ports.ts";
import type { TimeRange } from "../domain/replay-window.ts";
import { MINUTE } from "../domain/time.ts";
import { type Guard, isComparing, isOfUrl, type MeasuredGuard } from "../guards/guard.ts";
import type { Risks } from "./e-process.ts";
import { methodFor, scopeOf } from "./method.ts";
import { seriesOf } from "./series.ts";
import { type AnalysisState, stepFrom, type Watch } from "./state.ts";
import type { Analysis, Observation } from "./verdict.ts";
import { judgeWatch } from "./watch.ts";

/** A guard with a fixed limit that would have failed before the release, judged as it is in the release. */
export interface Broken {
  readonly guard: MeasuredGuard;
  readonly member: Member;
  /** What it would have said. */
  readonly analysis: Analysis;
  /** Whether it would have said so in the latest of the time ranges. */
  readonly isLatest: boolean;
  /**
   * Where all versions share the figure, only more than this counts against the release: so much was normal before it.
   * Null for a guard on the canary's own figures.
   */
  readonly limit: number | null;
}

/** The guards that can be judged by the time before a release: those with a fixed limit. */
export function withFixedLimit(guards: readonly Guard[]): readonly MeasuredGuard[] {
  return guards.filter((guard) => guard.kind !== "alarm").filter((guard) => !isComparing(guard));
}

/** True for a guard on what all versions share, or may share. A bound on a level looks back by itself. */
export function isShared(guard: MeasuredGuard, { usual }: Pick<Member, "usual">): boolean {
  const method = methodFor(guard, usual, 0);
  return method.kind !== "level" && (isOfUrl(guard) || scopeOf(method) !== "version");
}

/** The series by which the time before a release is judged. The baseline is taken for the canary. */
export function seriesBefore(guard: MeasuredGuard, { target, baseline, usual }: Member): readonly Series[] {
  return seriesOf(methodFor(guard, usual, 0), "canary", target, baseline, "alias");
}

/** A time range before the release, and what was measured in it. */
export interface ReadRange extends TimeRange {
  readonly reading: Observation["reading"];
}

/**
 * Judges the time before a release by a guard with a fixed limit. If it would have failed then, without the canary, then
 * its failing says nothing about the canary. Where all versions share the figure, the limit is doubled until the time
 * before keeps it. It is set before the first shift, so the chance of a false alarm is the same as for any limit.
 *
 * @param pasts the latest one first; if several break the guard, the latest is reported
 * @returns null if the guard would have held
 */
export function judgeBefore(
  guard: MeasuredGuard,
  member: Member,
  pasts: readonly ReadRange[],
  risks: Risks,
): Broken | null {
  const failures = (limit: number | null) => pasts.map((past) => failureIn(past, guard, member, limit, risks));
  const found = failures(null);
  const isLatest = found[0] !== null;
  const analysis = found.find((each) => each !== null) ?? null;
  if (analysis === null) return null;
  if (!isShared(guard, member)) return { guard, member, analysis, isLatest, limit: null };
  /* c8 ignore next -- for the types only: a guard without a tolerance is on a level */
  let limit = "tolerance" in guard ? guard.tolerance.margin : 0;
  // A limit of 100 % can't fail.
  while (failures(limit).some((each) => each !== null)) {
    limit = guard.kind === "counts" ? Math.min(1, 2 * limit) : 2 * limit;
  }
  return { guard, member, analysis, isLatest, limit };
}

/** What a guard says when it last fails in a time range, with a look every minute as in a release; null if it never does. */
function failureIn(
  { from, to, reading }: ReadRange,
  guard: MeasuredGuard,
  member: Member,
  limit: number | null,
  risks: Risks,
): Analysis | null {
  const method = methodFor(guard, member.usual, from);
  const ofStep = stepFrom(from);
  let watch: Watch = { member, guard, method, apart: isOfUrl(guard) ? "no" : "yes", limit, ofStep };
  const canary = seriesBefore(guard, member);
  let failure: Analysis | null = null;
  // A level that is fine again by now counts from the start.
  for (let at = method.kind === "level" ? to : from; at <= to; at += MINUTE) {
    const active = { watch, canary, baseline: [], shown: [], handover: null, whole: null };
    const judged = judgeWatch(active, { at, reading, alarms: new Map() }, { risks, share: 1 });
    watch = judged.watch;
    if (judged.analysis.verdict === "fail") failure = judged.analysis;
  }
  return failure;
}

/** With the limits that the time before the release would have kept. */
export function withLimits(state: AnalysisState, broken: readonly Broken[]): AnalysisState {
  const watches = state.watches.map((watch): Watch => {
    const found = broken.find(({ guard, member }) => {
      return guard.place === watch.guard.place && sameTarget(member.target, watch.member.target);
    });
    return found === undefined ? watch : { ...watch, limit: found.limit };
  });
  return { ...state, watches };
}
