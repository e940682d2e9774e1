import type { Target } from "../domain/alias.ts";
import type { Member } from "../domain/member.ts";
import type { AlarmState, Reading, Series } from "../domain/ports.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";
import type { Scope, Unit } from "../guards/signals.ts";
import type { Counts } from "./counts.ts";
import type { VerdictReason } from "./reason.ts";

/** From best to worst; the worst of several decides. An error keeps the weight, a fail rolls back. */
export const VERDICTS = ["pass", "inconclusive", "error", "fail"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** What a rule is about. */
export type RuleKind =
  /** A guard that compares the canary with the baseline, */
  | "comparison"
  /** one with a fixed limit, */
  | "limit"
  /** or one on an alarm. */
  | "alarm"
  /** That the canary's calls must be visible. */
  | "traffic"
  /** That the alias can be read. */
  | "alias";

/** The verdict of one rule at one look, and why. */
export interface Analysis {
  readonly kind: RuleKind;
  /** Null for a rule that always holds. */
  readonly guard: Pick<Guard, "place" | "text"> | null;
  /** The function that it is about; null for an alarm, which is about all of them. */
  readonly target: Target | null;
  readonly verdict: Verdict;
  readonly reason: VerdictReason;
  readonly figures: Figures | null;
  /** The versions that it is about; left out if it isn't about versions. */
  readonly versions?: Pick<Member, "canary" | "baseline">;
  /** Only of a comparison that has shown nothing yet. */
  readonly outlook?: Outlook;
}

/** How long a comparison has had figures, and how much longer it takes if all goes on like this. */
export interface Outlook {
  readonly lasted: Duration;
  /** Until the canary is shown to be good; null if that would take very long. */
  readonly left: Duration | null;
  /** Whether that is before the plan is over, with all that it may wait. */
  readonly isWithinPlan: boolean;
}

/** What was measured on one side: calls and what happened to them, or a value in the unit of the figures. */
export type Figure = Counts | { readonly value: number };

/** What a guard saw of both sides over the same minutes. */
export interface Figures {
  readonly scope: Scope;
  readonly unit: Unit;
  /** The durations above which calls count as slow; null if slow calls aren't counted. */
  readonly slow: {
    readonly canary: Duration;
    readonly baseline: Duration | null;
    /** The percentile itself, for people: the verdict is by the counts. Left out while both versions don't have it. */
    readonly percentile?: Percentile;
  } | null;
  /** The canary's figure, or that of the scope; null while nothing was measured. */
  readonly canary: Figure | null;
  /** Null for a guard against a number. */
  readonly baseline: Figure | null;
  /** The highest figure that the guard allows the canary, going by the baseline so far. */
  readonly allowed: number;
  /**
   * From -1 (shown to be within the tolerance) through 0 (nothing shown) to 1 (shown to be over it); null for a guard
   * that gathers no evidence.
   */
  readonly evidence: number | null;
  /** There was too little data for any verdict. */
  readonly underpowered: boolean;
}

/** A percentile of both versions' durations over the minutes read last, weighted by their calls. */
export interface Percentile {
  /** `p90`. */
  readonly name: string;
  readonly canary: Duration;
  /** Null for a guard against a number. */
  readonly baseline: Duration | null;
  readonly allowed: Duration;
}

/** What a look has read: a reading for each series, and the states of the alarms, or why they could not be read. */
export interface Observation {
  readonly at: Instant;
  readonly reading: (series: Series) => Reading;
  readonly alarms: ReadonlyMap<string, AlarmState> | { readonly unreadable: string };
}

/** The worst of the analyses; null when there are none. */
export function worst<Judged extends Pick<Analysis, "verdict">>(analyses: readonly Judged[]): Judged | null {
  const rank = ({ verdict }: Judged) => VERDICTS.indexOf(verdict);
  return analyses.reduce<Judged | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
}
