import type { Target, Version } from "../domain/alias.ts";
import type { AlarmState } from "../domain/ports.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { Counted, Measured } from "./method.ts";
import type { PairsSeen } from "./sign-flip.ts";
import type { LevelStatus, Limit } from "./threshold.ts";

/** Why a rule says what it says. Only data: `src/report` has the words. */
export type VerdictReason =
  | {
      readonly kind: "measured";
      readonly measurement: Measurement;
      /** True if it is about the alias as a whole, since CloudWatch doesn't tell the versions apart. */
      readonly isWhole: boolean;
      /** The guard's own limit, in the unit of the figures, if the time before the release was over it already. */
      readonly overBefore: number | null;
    }
  /** CloudWatch doesn't tell the versions apart, so they can't be compared. */
  | { readonly kind: "indistinct" }
  /** In the service's words. */
  | { readonly kind: "unreadable"; readonly error: string }
  | { readonly kind: "alarm"; readonly alarm: string; readonly state: AlarmState | "alarm-before" | "missing" }
  /** The function was called by its bare name only. */
  | { readonly kind: "bypassed"; readonly calls: number }
  /** Of the alias's calls, about `expected` must have reached the canary, but none shows. */
  | { readonly kind: "unseen"; readonly canary: Version; readonly ofAlias: number; readonly expected: number }
  | Silence
  /** A replay can't compare with a version that had no calls. */
  | { readonly kind: "not-judged" };

/** What a guard has measured. The counts and the latest figures are in the analysis. */
export type Measurement =
  | { readonly kind: "counts"; readonly counted: Counted }
  | { readonly kind: "pairs"; readonly measured: Measured; readonly seen: PairsSeen }
  | { readonly kind: "level"; readonly measured: Measured; readonly status: LevelStatus; readonly limit: Limit };

/** No calls since an instant, although there is always one within a time, or usually a number of them. */
export type Silence = { readonly kind: "silent"; readonly since: Instant } & (
  | { readonly longestPause: Duration }
  | { readonly usualCalls: number }
);

/** Figures that must come, but don't show yet. */
export interface Late {
  readonly kind: "late";
  readonly target: Target;
  /** Whose calls don't show: a version's, the alias's or the function's. */
  readonly of: Version | "alias" | "function";
  /** The end of the last minute that shows. */
  readonly shownUntil: Instant;
}

/** A version's share of the calls isn't what its weight makes it. */
export interface OddShare {
  readonly kind: "odd-share";
  readonly target: Target;
  readonly canary: Version;
  /** The weight, from 0 to 1. */
  readonly share: number;
  readonly ofAlias: number;
  readonly ofCanary: number;
}
