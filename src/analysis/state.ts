import type { Percent } from "../domain/alias.ts";
import type { Member } from "../domain/member.ts";
import { type Duration, firstWholeMinute, type Instant, MINUTE, minuteOf } from "../domain/time.ts";
import { type Guard, isOfUrl, type MeasuredGuard } from "../guards/guard.ts";
import { type Risks, risksOfEach } from "./e-process.ts";
import { type Method, methodFor } from "./method.ts";
import { noLevel } from "./threshold.ts";
import { type TrafficCheck, trafficCheckFrom } from "./traffic-check.ts";

/** Everything the judge knows so far: it goes into each look, and comes out of it. Can be serialised. */
export interface AnalysisState {
  readonly watches: readonly Watch[];
  /** One for each member, from the first shift on. */
  readonly trafficChecks: readonly TrafficCheck[];
  /** The alarms that count when they go into ALARM: those that were seen in another state. */
  readonly armed: readonly string[];
}

/** What a look is about. */
export interface Context {
  readonly guards: readonly Guard[];
  /** The percent of traffic that the canaries get. */
  readonly weight: Percent;
  /** Since when all traffic has been on the canaries; null before. */
  readonly promotedAt: Instant | null;
}

/** A guard on one function, how it is judged, and what is known so far. */
export interface Watch {
  readonly member: Member;
  readonly guard: MeasuredGuard;
  readonly method: Method;
  readonly apart: Apart;
  /**
   * What counts against the release where all versions share a figure: more than the guard's own limit if the time
   * before the release was over that. Null for the guard's own.
   */
  readonly limit: number | null;
}

/**
 * Whether CloudWatch tells the versions apart. Of a function URL that is documented only for `$LATEST`, so it shows only
 * in the release.
 */
export type Apart = "yes" | "no" | "unknown";

/**
 * What is known before anything was shifted.
 *
 * @param armed the alarms that were seen in another state than ALARM
 * @param period the time that each figure will stand for
 */
export function newAnalysis(
  members: readonly Member[],
  guards: readonly Guard[],
  armed: readonly string[],
  now: Instant,
  period: Duration = MINUTE,
): AnalysisState {
  const measured = guards.filter((guard) => guard.kind !== "alarm");
  const since = minuteOf(now);
  const watches = members.flatMap((member) =>
    measured.map((guard): Watch => {
      const method = methodFor(guard, member.usual, since, period);
      return { member, guard, method, apart: isOfUrl(guard) ? "unknown" : "yes", limit: null };
    }),
  );
  return { watches, trafficChecks: [], armed };
}

/** What each test may risk; bounds on levels take no part of it. */
export function risksOf({ watches }: Pick<AnalysisState, "watches">): Risks {
  return risksOfEach(watches.filter(({ method }) => method.kind !== "level").length);
}

/** With the first shift: evidence begins here. */
export function startingAt(state: AnalysisState, first: Instant): AnalysisState {
  const watches = state.watches.map((watch) => ({ ...watch, method: startingFrom(first, watch.method) }));
  return { ...state, watches };
}

function startingFrom(first: Instant, method: Method): Method {
  const from = minuteOf(first);
  switch (method.kind) {
    case "counts":
      return { ...method, evidence: { ...method.evidence, from } };
    case "sign-flip":
      return { ...method, evidence: { ...method.evidence, from } };
    case "level":
      return { ...method, state: noLevel(firstWholeMinute(first)) };
  }
}

/** With each shift: from now on the canaries get this weight. */
export function atWeight(
  state: AnalysisState,
  members: readonly Member[],
  weight: Percent,
  at: Instant,
): AnalysisState {
  const trafficChecks = members.map((member, place) =>
    trafficCheckFrom(member, state.trafficChecks[place], at, weight),
  );
  return { ...state, trafficChecks };
}
