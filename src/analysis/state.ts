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
  readonly ofStep: OfStep;
}

/** What a watch has judged in the current step alone. */
export interface OfStep {
  /** The first whole minute since the shift. */
  readonly from: Instant;
  /** The first whole minutes that counted in the canary's favour, too: `ENOUGH_OF_STEP` at most. */
  readonly minutes: readonly Instant[];
}

/** A step of which so many minutes were judged may end before its time. */
const ENOUGH_OF_STEP = 2;

/** Nothing of a step is judged yet. */
export function stepFrom(from: Instant): OfStep {
  return { from, minutes: [] };
}

/** True if enough of the current step was judged to end it before its time. */
export function hasEnoughOfStep({ ofStep }: Watch): boolean {
  return ofStep.minutes.length === ENOUGH_OF_STEP;
}

/** With the minutes that count now. */
export function withMinutes({ from, minutes }: OfStep, judged: readonly Instant[]): OfStep {
  const all = new Set([...minutes, ...judged.filter((minute) => minute >= from)]);
  return { from, minutes: [...all].sort((a, b) => a - b).slice(0, ENOUGH_OF_STEP) };
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
      return { member, guard, method, apart: isOfUrl(guard) ? "unknown" : "yes", limit: null, ofStep: stepFrom(since) };
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
  const ofStep = stepFrom(firstWholeMinute(at));
  return { ...state, trafficChecks, watches: state.watches.map((watch) => ({ ...watch, ofStep })) };
}
