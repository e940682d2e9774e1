import type { Analysis, Observation } from "../analysis/verdict.ts";
import type { Target } from "../domain/alias.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { Ending, Happening } from "./events.ts";
import {
  type AliasReading,
  type FleetMember,
  type HeldAlias,
  newFleet,
  type PendingWrite,
  type Problem,
  type WriteResult,
} from "./fleet.ts";
import type { Reason } from "./reason.ts";
import type { Release } from "./release.ts";

/** A release under way: everything that is needed to go on with it, in another process too. It can be serialised. */
export interface Progress {
  readonly release: Release;
  readonly fleet: readonly FleetMember[];
  readonly phase: Phase;
  /** What every rule said last: one that compares, before the promotion. */
  readonly latest: readonly Analysis[];
  /** Until when it was last told that the step waits for more data; null if it doesn't. */
  readonly heldUntil: Instant | null;
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

export type Looked = Extract<News, { kind: "looked" }>;
export type Written = Extract<News, { kind: "written" }>;

/** What has come of the effects. */
export type News =
  /** A process begins with this progress, or goes on with it. */
  | { readonly kind: "begun"; readonly at: Instant }
  | {
      readonly kind: "looked";
      readonly at: Instant;
      /** How the workflow was cancelled; null if it wasn't. */
      readonly aborted: Reason | null;
      /** Why the release must end before the credentials do; null if there is time. */
      readonly expiring: Reason | null;
      /** One for each member; null if not looked at. */
      readonly aliases: readonly AliasReading[] | null;
      readonly observation: Observation | null;
    }
  /** One result for each write. After a cancellation, nobody waits for the others. */
  | {
      readonly kind: "written";
      readonly at: Instant;
      readonly aborted: Reason | null;
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
  return { release, fleet, phase, latest: [], heldUntil: null, poll, region };
}

/** The release has ended. */
export function end(progress: Progress, ending: Ending): Ticked {
  return { progress: { ...progress, phase: { kind: "ended", ending } }, effects: [] };
}

export function lookNext({ release }: Progress): Effect {
  return { kind: "look", at: release.stage.kind === "ready" ? "credentials" : "everything" };
}

export function writing(writes: readonly PendingWrite[], isRollback: boolean): Effect {
  return { kind: "write", writes, isRollback };
}

export function tell(happening: Happening): Effect {
  return { kind: "tell", happening };
}

/** The same, with something told first. */
export function telling(told: readonly Happening[], { progress, effects }: Ticked): Ticked {
  return { progress, effects: [...told.map(tell), ...effects] };
}

/** Each write with its result. One that nobody waited for was stopped. */
export function paired(
  writes: readonly PendingWrite[],
  results: readonly WriteResult[],
): readonly (readonly [PendingWrite, WriteResult])[] {
  return writes.map((each, place) => [each, results[place] ?? { kind: "aborted" }] as const);
}
