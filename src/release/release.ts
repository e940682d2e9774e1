import type { Percent, Run, Target, Version } from "./alias.ts";
import { type Evidence, type Levels, noEvidence } from "./evidence.ts";
import type { CountsGuard, Guard } from "./guard.ts";
import { endOfBake, type Plan, plannedDuration } from "./plan.ts";
import type { Record } from "./record.ts";
import { type Duration, type Instant, MINUTE, minuteOf } from "./time.ts";

/** One function on its way from its baseline to its canary. */
export interface Member {
  readonly target: Target;
  readonly baseline: Version;
  readonly canary: Version;
  /** The canary's time-out: until it has passed, a minute's figures can grow. */
  readonly timeout: Duration;
  /** The longest that the function went without a call in the hour before the release; null when its calls were too few to tell. */
  readonly longestSilence: Duration | null;
}

/** A counts guard held over one function, and all that it knows. */
export interface Watch {
  readonly member: Member;
  readonly guard: CountsGuard;
  readonly evidence: Evidence;
}

/** Whether traffic reaches the canary, counted over the whole minutes of the step at hand. */
export interface Sighting {
  readonly member: Member;
  /** The first minute that isn't counted yet. */
  readonly from: Instant;
  /** The end of the last minute in which the function had a call, or of the time before the release. */
  readonly heardUntil: Instant;
  /** Calls of the whole function, of the alias, and of the canary; `expected` is the canary's part by its weight. */
  readonly ofFunction: number;
  readonly ofAlias: number;
  readonly ofCanary: number;
  readonly expected: number;
}

/** A stretch of time under load. Time in which the metrics could not be read is lost: it doesn't count as baked. */
export interface Bake {
  readonly since: Instant;
  readonly lost: Duration;
  /** Since when the metrics can't be read; null while they can. */
  readonly unreadableSince: Instant | null;
}

/** Where a release stands. In each stage one thing is true of all its aliases. */
export type Stage =
  /** All traffic is on the baselines; nothing was shifted. */
  | { readonly kind: "ready" }
  /** The canaries get the weight of `plan.steps[step]`. */
  | { readonly kind: "baking"; readonly step: number; readonly bake: Bake }
  /** All traffic is on the canaries, and a rollback is still possible. */
  | { readonly kind: "promoted"; readonly bake: Bake };

export type WhenInconclusive = "proceed" | "rollback";

/** A release is a value: plain, small, serialisable. A tick takes it one move further. */
export interface Release {
  readonly run: Run;
  readonly members: readonly Member[];
  readonly plan: Plan;
  readonly guards: readonly Guard[];
  readonly whenInconclusive: WhenInconclusive;
  /** When the plan is over if nothing holds it up. */
  readonly until: Instant;
  readonly stage: Stage;
  readonly watches: readonly Watch[];
  readonly sightings: readonly Sighting[];
  /** The alarms that were seen in another state than ALARM, and so count when they go into it. */
  readonly armed: readonly string[];
}

/** For a whole release, the chance that a good canary is taken back; for one guard, that a bad one is called verified. */
export const LEVELS: Levels = { alpha: 0.01, beta: 0.02 };

/** @param armed the alarms that were seen in another state than ALARM before the first shift */
export function newRelease(
  terms: Pick<Release, "run" | "members" | "plan" | "guards" | "whenInconclusive">,
  armed: readonly string[],
  now: Instant,
): Release {
  const { members, guards, plan } = terms;
  const counts = guards.filter((guard) => guard.kind === "counts");
  return {
    ...terms,
    until: now + plannedDuration(plan),
    stage: { kind: "ready" },
    watches: members.flatMap((member) =>
      counts.map((guard) => ({ member, guard, evidence: noEvidence(minuteOf(now)) })),
    ),
    sightings: [],
    armed,
  };
}

/** Several guards share the chance of a false alarm, so that the release as a whole keeps it. */
export function levelsOf(release: Release): Levels {
  return { ...LEVELS, alpha: LEVELS.alpha / Math.max(1, release.watches.length) };
}

/** The percent of traffic that the canaries get at this stage. */
export function weightOf({ plan, stage }: Release): Percent {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return plan.steps[stage.step]?.weight ?? 0;
    case "promoted":
      return 100;
  }
}

/** When the bake of this stage ends, if no more time is lost. */
export function endOfStage({ plan, stage }: Release): Instant {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return endOfBake(stage.bake.since, plan.steps[stage.step]?.bake ?? 0) + stage.bake.lost;
    case "promoted":
      return plan.finalBake === 0 ? 0 : endOfBake(stage.bake.since, plan.finalBake) + stage.bake.lost;
  }
}

/** The release after its aliases were shifted to the weight of a step. */
export function shifted(release: Release, step: number, at: Instant): Release {
  return {
    ...release,
    stage: { kind: "baking", step, bake: freshBake(at) },
    sightings: freshSightings(release, at),
    // Evidence is carried over all steps; it begins with the first shift.
    watches: step === 0 ? watchingFrom(minuteOf(at), release) : release.watches,
  };
}

/** The release after its aliases were promoted: from here on the alias's own figures are the canary's. */
export function promoted(release: Release, at: Instant): Release {
  return {
    ...release,
    stage: { kind: "promoted", bake: freshBake(at) },
    sightings: freshSightings(release, at),
    watches: watchingFrom(firstWholeMinute(at), release),
  };
}

function watchingFrom(from: Instant, { watches }: Release): readonly Watch[] {
  return watches.map((watch) => ({ ...watch, evidence: { ...watch.evidence, from } }));
}

function freshBake(since: Instant): Bake {
  return { since, lost: 0, unreadableSince: null };
}

function freshSightings({ members, sightings }: Release, at: Instant): readonly Sighting[] {
  const from = firstWholeMinute(at);
  return members.map((member, index) => ({
    member,
    from,
    // A silence goes on over the steps; all else is counted anew in each.
    heardUntil: sightings[index]?.heardUntil ?? from,
    ofFunction: 0,
    ofAlias: 0,
    ofCanary: 0,
    expected: 0,
  }));
}

function firstWholeMinute(at: Instant): Instant {
  return minuteOf(at + MINUTE - 1);
}

/** What is written on a member's alias together with the shift to a step. */
export function canaryRecord(release: Release, member: Member, step: number, at: Instant): Record {
  const { run, plan, until } = release;
  const weight = plan.steps[step]?.weight ?? 0;
  const { baseline, canary } = member;
  return { state: "canary", baseline, canary, weight, step: step + 1, steps: plan.steps.length, until, at, run };
}

/** What is written on a member's alias together with its promotion. */
export function promotionRecord({ run, plan }: Release, { baseline, canary }: Member, at: Instant): Record {
  const until = plan.finalBake === 0 ? null : endOfBake(at, plan.finalBake);
  return { state: "promoted", version: canary, before: baseline, until, at, run };
}

/** What is written on a member's alias together with its rollback. */
export function rollbackRecord({ run }: Release, { baseline, canary }: Member, at: Instant): Record {
  return { state: "rolled-back", from: canary, to: baseline, at, run };
}
