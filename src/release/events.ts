import type { Analysis } from "../analysis/verdict.ts";
import type { Percent, Routing, Run, Target, Version } from "../domain/alias.ts";
import type { Plan } from "../domain/plan.ts";
import type { Instant } from "../domain/time.ts";
import type { ForecastTold } from "../forecast/suggested-plan.ts";
import type { Guard } from "../guards/guard.ts";
import type { Confidence, Notice, Reason } from "./reason.ts";

/** How a run of the action ended. */
export type Outcome =
  | "planned"
  | "replayed"
  | "promoted"
  | "rolled-back"
  | "unchanged"
  | "created"
  | "superseded"
  | "failed";

/** What reports have to know about what a run does. It isn't in the journal for machines: that has the task's name. */
export interface Traits {
  /** How the log begins: `releasing`. */
  readonly doing: string;
  /** Where it may move traffic: to a canary, back from one, or nowhere. */
  readonly moves: "forth" | "back" | "nothing";
  /** What it means that something was rolled back: that is what was asked for, or it was found and mended, or it failed. */
  readonly aRollbackIs: "the aim" | "a repair" | "a failure";
}

/** A function, and the versions that it goes from and to. */
export interface Change {
  readonly target: Target;
  /** Null while unknown, or if there is none. */
  readonly baseline: Version | null;
  readonly canary: Version | null;
}

/** One thing that a release needs. */
export interface Check {
  readonly state: "fine" | "wrong" | "unknown";
  readonly text: string;
}

/** What a guard would have said about the past. */
export interface Replayed<Judged = Analysis> {
  /** When it would have failed; null when it never would. */
  readonly firedAt: Instant | null;
  /** What it said when it failed, or else at the end. */
  readonly analysis: Judged;
}

/** How a release ended. */
export interface Ending<Why = Reason> {
  readonly outcome: Outcome;
  readonly reason: Why;
  readonly verified: boolean;
  /** What is known of a version that was promoted; left out if none was. */
  readonly confidence?: Confidence["kind"];
}

/** What a run sets out to do. */
export interface Started {
  /** The command's name; "post" for the step that heals what a killed run left. */
  readonly task: string;
  readonly traits: Traits;
  readonly run: Run;
  readonly targets: readonly Target[];
  /** Null if there is none, or if it doesn't matter here. So with the guards. */
  readonly plan: Plan | null;
  readonly guards: readonly Guard[];
}

/**
 * One thing that happened. Log, comment, summary and outputs are all made from these, once their reasons are in words.
 */
export type Event<Judged = Analysis, Why = Reason, Text = Notice> = { readonly at: Instant } & (
  | ({ readonly kind: "started" } & Started)
  /** A new part begins: a group of the log. */
  | { readonly kind: "chapter"; readonly title: string }
  | { readonly kind: "noted"; readonly text: Text }
  /** Worth a person's attention, but the release goes on. */
  | { readonly kind: "warned"; readonly text: Text }
  /** What each step is expected to see. Proposals only if asked for, one per function. */
  | ({ readonly kind: "forecast" } & ForecastTold)
  /** The result of checking all that a release needs. */
  | { readonly kind: "checked"; readonly checks: readonly Check[] }
  /** What the guards would have said about a part of the past. */
  | {
      readonly kind: "replayed";
      readonly from: Instant;
      readonly to: Instant;
      readonly rows: readonly Replayed<Judged>[];
    }
  /** The versions are known, published and ready. */
  | { readonly kind: "prepared"; readonly changes: readonly Change[] }
  /** `orSooner` is set if the step ends before that once it has shown the canary to be good; else it is left out. */
  | { readonly kind: "shifted"; readonly step: number; readonly until: Instant; readonly orSooner?: true }
  /** The bake is over, but the step waits for what it lacks, until `until` at the latest. */
  | { readonly kind: "held"; readonly until: Instant; readonly lacks: Why }
  | { readonly kind: "judged"; readonly analyses: readonly Judged[]; readonly verified: boolean }
  /** All members are promoted. `until` is the end of the final bake; null if there is none. */
  | { readonly kind: "promoted"; readonly until: Instant | null }
  /** A rollback has begun. */
  | { readonly kind: "turned-back"; readonly reason: Why }
  /** What an alias serves, read back at the end. */
  | {
      readonly kind: "serving";
      readonly target: Target;
      readonly routing: Routing;
      /** The version that Lambda still sends all calls to; left out if it doesn't. */
      readonly movingFrom?: Version;
    }
  /**
   * An alias could not be healed: the loudest message there is. `command` heals it by hand. `weight` is the highest that
   * the canary may have; null if nobody knows.
   */
  | {
      readonly kind: "stranded";
      readonly target: Target;
      readonly reason: Why;
      readonly command: string;
      readonly weight: Percent | null;
    }
  | ({ readonly kind: "ended" } & Ending<Why>)
);

/** An event without its time. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "at"> : never) : never;

/** Records what happens. Writing must never fail or wait: a report must not affect a release. */
export interface Journal {
  write(happening: Happening): void;
}
