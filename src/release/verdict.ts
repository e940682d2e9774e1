import { sameTarget, type Target } from "./alias.ts";
import type { Counts } from "./evidence.ts";
import type { AlarmState, Reading, Series } from "./ports.ts";
import type { Duration, Instant } from "./time.ts";

/** From best to worst; the worst of several decides. An error keeps the weight, a fail rolls back. */
export const VERDICTS = ["pass", "inconclusive", "error", "fail"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The judgement of one rule at one look, with the sentence that explains it. */
export interface Analysis {
  /** The guard as the user wrote it, or "traffic" for the rule that the canary's calls must be visible. */
  readonly rule: string;
  /** The function that it is about; null for an alarm, which is about all of them. */
  readonly target: Target | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly figures: Figures | null;
}

/** Whose figures are looked at: a version's, the alias's or the function's as a whole, or a metric's that tells no version. */
export type Scope = "version" | "alias" | "function" | "metric";

/** What a figure is in: a share of calls from 0 to 1, milliseconds, or whatever a metric counts. */
export type Unit = "share" | "ms" | "number";

/** What was measured of one side: calls and what happened to them, or a value in the unit of the figures. */
export type Figure = Counts | { readonly value: number };

/** What a guard saw of both sides over the same minutes. */
export interface Figures {
  readonly scope: Scope;
  readonly unit: Unit;
  /** Where slow calls are counted, what they took longer than; null for everything else. */
  readonly slow: { readonly canary: Duration; readonly baseline: Duration | null } | null;
  /** Of the canary, or of what the scope says; null while nothing was measured. */
  readonly canary: Figure | null;
  /** Null for a guard against a number. */
  readonly baseline: Figure | null;
  /** The highest that the guard allows the canary, by the baseline as seen. */
  readonly allowed: number;
  /**
   * From -1, shown to be within the tolerance, over 0, nothing shown, to 1, shown to be over it; null for a guard that
   * gathers no evidence.
   */
  readonly evidence: number | null;
  /** Too little was seen for any verdict. */
  readonly quiet: boolean;
}

/** What a look brought in: a reading for each series, and the states of the alarms, or why they could not be read. */
export interface Observation {
  readonly at: Instant;
  readonly reading: (series: Series) => Reading;
  readonly alarms: ReadonlyMap<string, AlarmState> | { readonly unreadable: string };
}

/** True when both are about the same rule, held over the same function. */
export function isSameRule(a: Analysis, b: Analysis): boolean {
  if (a.rule !== b.rule) return false;
  return a.target === null || b.target === null ? a.target === b.target : sameTarget(a.target, b.target);
}

/** The worst of the analyses; null when there are none. */
export function worst(analyses: readonly Analysis[]): Analysis | null {
  const rank = (analysis: Analysis) => VERDICTS.indexOf(analysis.verdict);
  return analyses.reduce<Analysis | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
}
