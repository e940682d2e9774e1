import { METRIC_DELAY } from "../domain/plan.ts";
import { type Duration, type Instant, MINUTE, minuteOf } from "../domain/time.ts";

/** What a guard on a level knows so far. */
export interface LevelState {
  /** The first minute that the canary can be blamed for. */
  readonly since: Instant;
  /**
   * Whether the guard counts: the level was seen within its bound, or had no figures before the release. Null before
   * the first look.
   */
  readonly armed: boolean | null;
  /** The first minute to read. */
  readonly from: Instant;
}

/** How far back to look before the release, to see what the canary can't be blamed for. */
const BEFORE: Duration = 15 * MINUTE;
/**
 * A metric may have a figure only every fifth minute. So the look goes back five times as far as the guard asks for.
 */
const RARE = 5;
/** A figure may arrive this late. */
const LATE: Duration = 5 * MINUTE;

/** Where a level stands by its latest figures. */
export interface LevelStatus {
  readonly kind: "unmeasured" | "unarmed" | "within" | "over" | "over-for-long";
  /** The latest figure that the canary can be blamed for. */
  readonly latest: number | null;
  /** How many of the latest figures in a row are over the bound. */
  readonly over: number;
}

/** A bound, and how long a level may be over it. */
export interface Limit {
  readonly limit: number;
  readonly hold: Duration;
  /** The time that each figure stands for. */
  readonly period: Duration;
}

/** The number of figures in a row over the bound that makes the guard fail. */
export function tooMany({ hold, period }: Pick<Limit, "hold" | "period">): number {
  return Math.ceil(hold / period);
}

export function noLevel(since: Instant): LevelState {
  return { since, armed: null, from: since - BEFORE };
}

/**
 * Adds the latest figures.
 *
 * @param points the figures by minute, from `state.from` on; a minute without a figure says nothing
 */
export function lookAtLevel(
  state: LevelState,
  points: ReadonlyMap<Instant, number>,
  { limit, hold, period }: Limit,
  at: Instant,
): { readonly state: LevelState; readonly status: LevelStatus } {
  const arrived = [...points]
    .filter(([minute]) => minute >= state.from && minute + period + METRIC_DELAY <= at)
    .sort(([a], [b]) => a - b);
  const before = arrived.filter(([minute]) => minute < state.since).map(([, value]) => value);
  const values = arrived.filter(([minute]) => minute >= state.since).map(([, value]) => value);
  const isQuietBefore = state.armed === null && before.length === 0;
  const armed = state.armed || isQuietBefore || [...before, ...values].some((value) => value <= limit);

  const newest = arrived.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY;
  const isStale = newest < at - RARE * hold - period - LATE;
  const latest = isStale ? null : (values.at(-1) ?? null);
  const over = values.length - 1 - values.findLastIndex((value) => value <= limit);
  const from = Math.max(state.from, minuteOf(at) - RARE * hold - period - LATE);
  return { state: { ...state, armed, from }, status: { kind: kindOf(), latest, over } };

  function kindOf(): LevelStatus["kind"] {
    if (latest === null) return "unmeasured";
    if (!armed) return "unarmed";
    if (over === 0) return "within";
    return over >= tooMany({ hold, period }) ? "over-for-long" : "over";
  }
}
