import type { Routing, Run, Target, Version } from "./alias.ts";
import type { Guard } from "./guard.ts";
import type { Plan } from "./plan.ts";
import type { Outlook } from "./propose.ts";
import type { Instant } from "./time.ts";
import type { Analysis } from "./verdict.ts";

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

export type Command = "deploy" | "rollback" | "plan" | "replay" | "heal";

/** What a run of the action is about: the command, or the healing after the job of what a killed run left. */
export type Task = Command | "post";

/** A function with the versions between which it is released. */
export interface Change {
  readonly target: Target;
  /** Null while nothing is known of it, or where there is none. */
  readonly baseline: Version | null;
  readonly canary: Version | null;
}

/** One thing that a release needs. */
export interface Check {
  readonly state: "fine" | "wrong" | "unknown";
  readonly text: string;
}

/** What a guard would have said of the past. */
export interface Replayed {
  /** When it would have failed; null when it never would. */
  readonly firedAt: Instant | null;
  /** What it said then, or in the end. */
  readonly analysis: Analysis;
}

/** One thing that happened. Log, comment, summary and outputs are all made from the list of these. */
export type Event = { readonly at: Instant } & (
  | {
      readonly kind: "started";
      readonly task: Task;
      readonly run: Run;
      readonly targets: readonly Target[];
      /** Null where no release by it is asked for: only deploy and plan have one, and guards. */
      readonly plan: Plan | null;
      readonly guards: readonly Guard[];
    }
  /** A new part of the story begins: a group of the log. */
  | { readonly kind: "chapter"; readonly title: string }
  | { readonly kind: "noted"; readonly text: string }
  /** Worth a person's attention, but the release goes on. */
  | { readonly kind: "warned"; readonly text: string }
  /** What each step of the plan can be expected to see; proposals only where they were asked for, one a function. */
  | ({ readonly kind: "forecast" } & Outlook)
  /** What was found of all that a release needs. */
  | { readonly kind: "checked"; readonly checks: readonly Check[] }
  /** What the guards would have said of a stretch of the past. */
  | { readonly kind: "replayed"; readonly from: Instant; readonly to: Instant; readonly rows: readonly Replayed[] }
  /** What is being released is known: versions are published and ready. */
  | { readonly kind: "prepared"; readonly changes: readonly Change[] }
  | { readonly kind: "shifted"; readonly step: number; readonly until: Instant }
  /** The bake is over, and the step waits on for what it lacks, until then at the latest. */
  | { readonly kind: "held"; readonly until: Instant; readonly lacks: string }
  | { readonly kind: "judged"; readonly analyses: readonly Analysis[]; readonly verified: boolean }
  /** All members are promoted; `until` is the end of the final bake, null when there is none. */
  | { readonly kind: "promoted"; readonly until: Instant | null }
  /** A rollback has begun; it says why. */
  | { readonly kind: "turned-back"; readonly reason: string }
  /** What an alias was found to serve, when it was read back at the end. */
  | {
      readonly kind: "serving";
      readonly target: Target;
      readonly routing: Routing;
      /** The version to which Lambda itself still sends all calls; left out where it doesn't. */
      readonly movingFrom?: Version;
    }
  /** An alias could not be healed: the loudest message there is. `command` heals it by hand. */
  | { readonly kind: "stranded"; readonly target: Target; readonly reason: string; readonly command: string }
  | { readonly kind: "ended"; readonly outcome: Outcome; readonly reason: string; readonly verified: boolean }
);

/** An event before the clock was asked. */
export type Happening = Event extends infer E ? (E extends Event ? Omit<E, "at"> : never) : never;

/** Takes down what happens. Writing must never fail or wait: nothing in a report may touch a release. */
export interface Journal {
  write(happening: Happening): void;
}
