import type { Target } from "./alias.ts";
import type { Counts } from "./evidence.ts";
import type { AlarmState, Reading, Series } from "./ports.ts";
import type { Instant } from "./time.ts";

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

/** What a counts guard saw on both sides over the same minutes. */
export interface Figures {
  readonly canary: Counts;
  /** Null for a guard against a number. */
  readonly baseline: Counts | null;
  /** The highest canary rate that the guard allows, by the baseline's rate as seen; a share. */
  readonly allowed: number;
  /** From -1, shown to be within the tolerance, over 0, nothing shown, to 1, shown to be over it. */
  readonly evidence: number;
}

/** What a look brought in: a reading for each series, and the states of the alarms, or why they could not be read. */
export interface Observation {
  readonly at: Instant;
  readonly reading: (series: Series) => Reading;
  readonly alarms: ReadonlyMap<string, AlarmState> | { readonly unreadable: string };
}

/** The worst of the analyses; null when there are none. */
export function worst(analyses: readonly Analysis[]): Analysis | null {
  const rank = (analysis: Analysis) => VERDICTS.indexOf(analysis.verdict);
  return analyses.reduce<Analysis | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
}
