import { nameOf, type Percent, type Run, type Stamp } from "./alias.ts";
import { fingerprint } from "./fingerprint.ts";
import { type Guard, isOfUrl, type MeasuredGuard } from "./guard.ts";
import { noLevel } from "./level.ts";
import type { Member } from "./member.ts";
import { type Method, methodFor } from "./method.ts";
import { endOfBake, longestDuration, type Plan, type Step } from "./plan.ts";
import type { Record } from "./record.ts";
import { type Sighting, sightingFrom } from "./sight.ts";
import { type Duration, firstWholeMinute, type Instant, MINUTE, minuteOf } from "./time.ts";
import type { Risks } from "./wealth.ts";

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

/** Time under load. While the metrics could not be read, time is lost: it doesn't count as baked. */
export interface Bake {
  readonly since: Instant;
  readonly lost: Duration;
  /** Since when the metrics have been unreadable; null while they can be read. */
  readonly unreadableSince: Instant | null;
  /** How long after the end of the bake late figures were waited for. A hold begins only after that. */
  readonly awaited: Duration;
}

/** Where a release stands. All its aliases are in the same stage. */
export type Stage =
  /** All traffic is on the baselines; nothing was shifted. */
  | { readonly kind: "ready" }
  /** The canaries get the weight of `plan.steps[step]`. */
  | { readonly kind: "baking"; readonly step: number; readonly bake: Bake }
  /** All traffic is on the canaries, and a rollback is still possible. */
  | { readonly kind: "promoted"; readonly bake: Bake };

export type WhenInconclusive = "proceed" | "rollback";

/** How long a release waits for data. */
export interface Patience {
  /** How many canary calls must be seen before a step may end. */
  readonly minInvocations: number;
  /** How much longer than its bake a step may wait for data; null for as long as the bake again. */
  readonly maxHold: Duration | null;
  /** How long the metrics may be unreadable before the release is rolled back. */
  readonly maxUnreadable: Duration;
}

/** A release is a plain, small value that can be serialised. Each tick makes one move. */
export interface Release {
  readonly run: Run;
  readonly members: readonly Member[];
  readonly plan: Plan;
  readonly guards: readonly Guard[];
  readonly whenInconclusive: WhenInconclusive;
  readonly patience: Patience;
  readonly stage: Stage;
  readonly watches: readonly Watch[];
  /** One for each member, from the first shift on. */
  readonly sightings: readonly Sighting[];
  /** The alarms that count when they go into ALARM: those that were seen in another state. */
  readonly armed: readonly string[];
}

/** The chance that a whole release rolls back a good canary, and the chance that one guard calls a bad one verified. */
export const RISKS: Risks = { alpha: 0.01, beta: 0.02 };

/**
 * @param armed the alarms that were seen in another state than ALARM before the first shift
 * @param period the time that each figure will stand for
 */
export function newRelease(
  terms: Pick<Release, "run" | "members" | "plan" | "guards" | "whenInconclusive" | "patience">,
  armed: readonly string[],
  now: Instant,
  period: Duration = MINUTE,
): Release {
  const { members, guards } = terms;
  const measured = guards.filter((guard) => guard.kind !== "alarm");
  const since = minuteOf(now);
  return {
    ...terms,
    stage: { kind: "ready" },
    watches: members.flatMap((member) =>
      measured.map((guard): Watch => {
        const method = methodFor(guard, member.usual, since, period);
        return { member, guard, method, apart: isOfUrl(guard) ? "unknown" : "yes", limit: null };
      }),
    ),
    sightings: [],
    armed,
  };
}

/**
 * What each of this many tests may risk. They share the chance of a false alarm, so that it holds for the whole
 * release.
 */
export function risksOfEach(tests: number): Risks {
  return { ...RISKS, alpha: RISKS.alpha / Math.max(1, tests) };
}

/** What each test of a release may risk; bounds on levels take no part of it. */
export function risksOf({ watches }: Pick<Release, "watches">): Risks {
  return risksOfEach(watches.filter(({ method }) => method.kind !== "level").length);
}

export function isPromoted({ stage }: Release): boolean {
  return stage.kind === "promoted";
}

/** The percent of traffic that the canaries get at this stage. */
export function weightOf({ plan, stage }: Release): Percent {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return stepAt(plan, stage.step).weight;
    case "promoted":
      return 100;
  }
}

/** How much longer than its bake this stage may wait for data. */
export function holdOfStage({ plan, stage, patience }: Release): Duration {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return patience.maxHold ?? stepAt(plan, stage.step).bake;
    case "promoted":
      return patience.maxHold ?? plan.finalBake;
  }
}

/** When the bake of this stage ends, if no more time is lost. */
export function endOfStage({ plan, stage }: Release): Instant {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return endOfBake(stage.bake.since, stepAt(plan, stage.step).bake) + stage.bake.lost;
    case "promoted":
      return plan.finalBake === 0 ? 0 : endOfBake(stage.bake.since, plan.finalBake) + stage.bake.lost;
  }
}

function stepAt({ steps }: Plan, place: number): Step {
  /* c8 ignore next -- for the types only: a step's number always comes from its plan */
  return steps[place] ?? { weight: 0, bake: 0 };
}

/** The release after its aliases were shifted to the weight of a step. */
export function shifted(release: Release, step: number, at: Instant): Release {
  const { plan } = release;
  return {
    ...release,
    stage: { kind: "baking", step, bake: freshBake(at) },
    sightings: sightingsFrom(release, at, stepAt(plan, step).weight),
    // Evidence begins with the first shift, and is carried through all steps.
    watches: step === 0 ? watchingFrom(at, release) : release.watches,
  };
}

/** The release after its aliases were promoted: from here on the alias's own figures are the canary's. */
export function promoted(release: Release, at: Instant): Release {
  return {
    ...release,
    stage: { kind: "promoted", bake: freshBake(at) },
    sightings: sightingsFrom(release, at, 100),
  };
}

function watchingFrom(first: Instant, { watches }: Release): readonly Watch[] {
  return watches.map((watch) => ({ ...watch, method: startingFrom(first, watch.method) }));
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

function freshBake(since: Instant): Bake {
  return { since, lost: 0, unreadableSince: null, awaited: 0 };
}

function sightingsFrom({ members, sightings }: Release, at: Instant, weight: Percent): readonly Sighting[] {
  return members.map((member, place) => sightingFrom(member, sightings[place], at, weight));
}

/** The record for a member's alias when it is shifted to a step. */
export function canaryRecord(release: Release, member: Member, step: number, at: Instant): Record {
  const { plan, patience } = release;
  const steps = plan.steps.length;
  const { weight } = stepAt(plan, step);
  const rest = { ...plan, steps: plan.steps.slice(step) };
  const until = at + longestDuration(rest, patience.maxHold) + patience.maxUnreadable;
  const { baseline, canary } = member;
  return { state: "canary", baseline, canary, weight, step: step + 1, steps, until, ...stampOf(release, at) };
}

/** The record for a member's alias when it is promoted. */
export function promotionRecord(release: Release, { baseline, canary }: Member, at: Instant): Record {
  const { finalBake } = release.plan;
  const until = finalBake === 0 ? null : endOfBake(at, finalBake);
  return { state: "promoted", version: canary, before: baseline, until, ...stampOf(release, at) };
}

/** The record for a member's alias when it is rolled back. */
export function rollbackRecord(release: Release, { baseline, canary }: Member, at: Instant): Record {
  return { state: "rolled-back", from: canary, to: baseline, ...stampOf(release, at) };
}

function stampOf({ run, members }: Release, at: Instant): Stamp {
  if (members.length === 1) return { at, run };
  // With the run in it: an earlier release of the same functions must have another fingerprint.
  const parts = members.map(({ target, canary }) => `${nameOf(target)} ${canary}`).sort();
  return { at, run, fleet: fingerprint([run.id, run.attempt, ...parts].join(" ")).slice(0, 4) };
}
