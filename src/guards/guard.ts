import type { Duration } from "../domain/time.ts";
import { type CountsSignal, type LevelSignal, type MeanSignal, SIGNALS } from "./signals.ts";

/**
 * What a guard allows in every minute: the canary's figure ≤ ratio × the baseline's + margin, in the unit of the signal
 * (shares of calls, where 0.005 is 0.5 %; milliseconds; or a metric's own). A guard against a number has ratio 0 and
 * needs no baseline.
 */
export interface Tolerance {
  readonly ratio: number;
  readonly margin: number;
}

/** A user's own metric, with `$version`, `$alias` and `$function` still to be filled in. */
export interface OwnMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** True for a metric that is measured per version. */
export function isByVersion({ dimensions }: Pick<OwnMetric, "dimensions">): boolean {
  return Object.values(dimensions).some((value) => value.includes("$version"));
}

/** One rule that must hold, and its place in the list of guards. */
export type Guard = Rule & { readonly place: number };

/** A rule; `text` is how the user wrote it, and its name in every report. */
export type Rule = { readonly text: string } & (
  | { readonly kind: "counts"; readonly signal: CountsSignal; readonly tolerance: Tolerance }
  /** `percentile` of 100; the tolerance in milliseconds. */
  | { readonly kind: "percentile"; readonly percentile: number; readonly tolerance: Tolerance }
  /** The tolerance in milliseconds. */
  | { readonly kind: "mean"; readonly signal: MeanSignal; readonly tolerance: Tolerance }
  | { readonly kind: "level"; readonly signal: LevelSignal; readonly limit: number; readonly hold: Duration }
  /** `hold` is null for a metric that is compared with the baseline's. */
  | {
      readonly kind: "metric";
      readonly metric: OwnMetric;
      readonly tolerance: Tolerance;
      readonly hold: Duration | null;
    }
  | { readonly kind: "alarm"; readonly alarm: string }
);

/** A guard that is judged by CloudWatch's figures, for each function. */
export type MeasuredGuard = Exclude<Guard, { kind: "alarm" }>;

/** True for a guard that compares the canary with the baseline. */
export function isComparing(guard: Guard): boolean {
  return "tolerance" in guard && guard.tolerance.ratio > 0;
}

/** True for a guard on the requests to a function URL. */
export function isOfUrl(guard: Guard): boolean {
  return "signal" in guard && SIGNALS[guard.signal].isOfUrl;
}

/** The names of the alarms that are watched. */
export function alarmsOf(guards: readonly Guard[]): readonly string[] {
  return guards.flatMap((guard) => (guard.kind === "alarm" ? [guard.alarm] : []));
}

/** The tolerance of a bare `error-rate <= baseline`. */
export const NORMAL: Tolerance = { ratio: 1.5, margin: 0.005 };
