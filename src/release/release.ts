import { type AnalysisState, atWeight, type Context, newAnalysis, startingAt } from "../analysis/state.ts";
import { nameOf, type Percent, type Run, type Stamp } from "../domain/alias.ts";
import type { AliasRecord } from "../domain/alias-record.ts";
import { fingerprint } from "../domain/fingerprint.ts";
import type { Member } from "../domain/member.ts";
import { endOfBake, endOfStep, longestDuration, type Patience, type Plan, type Step } from "../domain/plan.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";

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
export interface HoldLimits {
  /** How many canary calls must be seen before a step may end. */
  readonly minInvocations: number;
  /** How much longer than its bake a step may wait for data; null for as long as the bake again. */
  readonly maxHold: Duration | null;
  /** How long the metrics may be unreadable before the release is rolled back. */
  readonly maxUnreadable: Duration;
}

/** How the steps of a release follow each other. */
export type Advance =
  /** Each is held for its time. */
  | "by-time"
  /** Each ends as soon as it has shown the canary to be good, and after its time at the latest. */
  | "when-shown";

/** What says how long a release may take. */
export type Paced = Pick<Release, "plan" | "holdLimits" | "whenInconclusive">;

/** The longest that a release takes if the metrics can be read. */
export function longestRelease(release: Paced): Duration {
  return longestDuration(release.plan, patienceOf(release));
}

/** What the steps of a release wait for: who asks something of each step gets it before the next one. */
export function patienceOf({
  holdLimits,
  whenInconclusive,
}: Pick<Release, "holdLimits" | "whenInconclusive">): Patience {
  const { maxHold, minInvocations } = holdLimits;
  return { maxHold, inEachStep: minInvocations > 0 || whenInconclusive === "rollback" };
}

/** A release is a plain, small value that can be serialised. Each tick makes one move. */
export interface Release {
  readonly run: Run;
  readonly members: readonly Member[];
  readonly plan: Plan;
  readonly advance: Advance;
  readonly guards: readonly Guard[];
  readonly whenInconclusive: WhenInconclusive;
  readonly holdLimits: HoldLimits;
  readonly stage: Stage;
  readonly analysis: AnalysisState;
}

/**
 * @param armed the alarms that were seen in another state than ALARM before the first shift
 * @param period the time that each figure will stand for
 */
export function newRelease(
  terms: Pick<Release, "run" | "members" | "plan" | "advance" | "guards" | "whenInconclusive" | "holdLimits">,
  armed: readonly string[],
  now: Instant,
  period: Duration = MINUTE,
): Release {
  const { members, guards } = terms;
  return { ...terms, stage: { kind: "ready" }, analysis: newAnalysis(members, guards, armed, now, period) };
}

/** What a look at this stage is about. */
export function contextOf(release: Release): Context {
  const { guards, stage } = release;
  return { guards, weight: weightOf(release), promotedAt: stage.kind === "promoted" ? stage.bake.since : null };
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
export function holdOfStage({ plan, stage, holdLimits }: Release): Duration {
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return holdLimits.maxHold ?? stepAt(plan, stage.step).bake;
    case "promoted":
      return holdLimits.maxHold ?? plan.finalBake;
  }
}

/** When the bake of this stage ends, if no more time is lost. */
export function endOfStage(release: Release): Instant {
  const { plan, stage } = release;
  switch (stage.kind) {
    case "ready":
      return 0;
    case "baking":
      return endOfStep(plan, stage.step, stage.bake.since, patienceOf(release)) + stage.bake.lost;
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
  const { plan, members, analysis } = release;
  return {
    ...release,
    stage: { kind: "baking", step, bake: freshBake(at) },
    // Evidence begins with the first shift, and is carried through all steps.
    analysis: atWeight(step === 0 ? startingAt(analysis, at) : analysis, members, stepAt(plan, step).weight, at),
  };
}

/** The release after its aliases were promoted: from here on the alias's own figures are the canary's. */
export function promoted(release: Release, at: Instant): Release {
  const { members, analysis } = release;
  return {
    ...release,
    stage: { kind: "promoted", bake: freshBake(at) },
    analysis: atWeight(analysis, members, 100, at),
  };
}

function freshBake(since: Instant): Bake {
  return { since, lost: 0, unreadableSince: null, awaited: 0 };
}

/** The record for a member's alias when it is shifted to a step. */
export function canaryRecord(release: Release, member: Member, step: number, at: Instant): AliasRecord {
  const { plan, holdLimits } = release;
  const steps = plan.steps.length;
  const { weight } = stepAt(plan, step);
  const until = at + longestDuration(plan, patienceOf(release), step) + holdLimits.maxUnreadable;
  const { baseline, canary } = member;
  return { state: "canary", baseline, canary, weight, step: step + 1, steps, until, ...stampOf(release, at) };
}

/** The record for a member's alias when it is promoted. */
export function promotionRecord(release: Release, { baseline, canary }: Member, at: Instant): AliasRecord {
  const { finalBake } = release.plan;
  const until = finalBake === 0 ? null : endOfBake(at, finalBake);
  return { state: "promoted", version: canary, before: baseline, until, ...stampOf(release, at) };
}

/** The record for a member's alias when it is rolled back. */
export function rollbackRecord(release: Release, { baseline, canary }: Member, at: Instant): AliasRecord {
  return { state: "rolled-back", from: canary, to: baseline, ...stampOf(release, at) };
}

function stampOf({ run, members }: Release, at: Instant): Stamp {
  if (members.length === 1) return { at, run };
  // With the run in it: an earlier release of the same functions must have another fingerprint.
  const parts = members.map(({ target, canary }) => `${nameOf(target)} ${canary}`).sort();
  return { at, run, fleet: fingerprint([run.id, run.attempt, ...parts].join(" ")).slice(0, 4) };
}
