import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../domain/time.ts";

/** How often an alias is called that is new to its callers. */
export interface RecentRate {
  readonly perMinute: number;
  /** The number of whole minutes that it is the mean of; 0 if it is the busiest minute so far. */
  readonly minutes: number;
}

/** An alias's own traffic of the last seven days. */
export interface Week {
  /**
   * The alias's mean calls by hour of the day in UTC, 24 of them. For an hour that wasn't seen yet, the mean of all
   * hours. For an alias that is new to its callers, its recent rate in each.
   */
  readonly callsByHour: readonly number[];
  /** Null if whole hours tell the rate. */
  readonly recent: RecentRate | null;
  /** The calls of all its hours, and of the current one so far: callers that were just moved count too. */
  readonly calls: number;
  readonly failures: number;
  /** The usual latency, in milliseconds by statistic (`p90`). */
  readonly latency: Readonly<Record<string, Duration>>;
}

const HOURS = 24;

/** Of an alias that is new to its callers, less than this share of the week's calls came earlier. */
const HARDLY_ANY = 0.05;

/**
 * Whether hardly any call came before the last hour and the current one: callers were moved to the alias just now. These
 * two hours can't tell its rate: callers that were moved three minutes ago have made a twentieth of an hour's calls.
 */
export function isNewToCallers(calls: ReadonlyMap<Instant, number>, thisHour: Instant): boolean {
  const earlier = new Map([...calls].filter(([at]) => at < thisHour - HOUR));
  return total(earlier) < HARDLY_ANY * total(calls);
}

/**
 * The rate of an alias that is new to its callers.
 *
 * @param calls by minute
 * @param shownUntil the end of the last minute that CloudWatch shows in full
 */
export function recentRate(calls: ReadonlyMap<Instant, number>, shownUntil: Instant): RecentRate {
  const shown = [...calls].filter(([at, count]) => at < shownUntil && count > 0);
  const first = Math.min(shownUntil, ...shown.map(([at]) => at));
  // The callers may have come in the middle of the first minute, so it counts only if there is no later call.
  const later = new Map(shown.filter(([at]) => at > first));
  const minutes = (shownUntil - first) / MINUTE;
  if (minutes <= 1) return { perMinute: Math.max(0, ...calls.values()), minutes: 0 };
  if (later.size === 0) return { perMinute: total(new Map(shown)) / minutes, minutes };
  return { perMinute: total(later) / (minutes - 1), minutes: minutes - 1 };
}

/**
 * Sums up the hours of a week. An hour without a figure had no calls. Days are counted from the first hour with calls,
 * since the alias may be new.
 *
 * @param calls by hour
 * @param failures by hour
 * @param thisHour the current hour: it isn't over, so it says nothing about its hour of the day
 * @param recent for an alias that is new to its callers
 */
export function weekOf(
  calls: ReadonlyMap<Instant, number>,
  failures: ReadonlyMap<Instant, number>,
  latency: Week["latency"],
  thisHour: Instant,
  recent: RecentRate | null,
): Week {
  const hours = [...calls].filter(([at, count]) => at < thisHour && count > 0);
  const first = Math.min(thisHour, ...hours.map(([at]) => at));
  const mean = hours.length === 0 ? 0 : (total(new Map(hours)) * HOUR) / (thisHour - first);
  const callsByHour = Array.from({ length: HOURS }, (_, hour) => {
    if (recent !== null) return (recent.perMinute * HOUR) / MINUTE;
    const seen = hours.filter(([at]) => hourOf(at) === hour);
    // How often this hour of the day has passed since the first one.
    const latest = thisHour - (((hourOf(thisHour) - hour + HOURS - 1) % HOURS) + 1) * HOUR;
    const days = Math.max(0, Math.floor((latest - first) / DAY) + 1);
    return days === 0 ? mean : seen.reduce((sum, [, count]) => sum + count, 0) / days;
  });
  return { callsByHour, recent, calls: total(calls), failures: total(failures), latency };
}

function hourOf(at: Instant): number {
  return Math.floor(at / HOUR) % HOURS;
}

function total(points: ReadonlyMap<Instant, number>): number {
  return [...points.values()].reduce((sum, count) => sum + count, 0);
}

/** The calls that the alias can expect from an instant on, going by the same hours of the day. */
export function expectedCalls({ callsByHour }: Week, from: Instant, duration: Duration): number {
  let calls = 0;
  const end = from + duration;
  for (let at = from; at < end; ) {
    const next = Math.min(end, (Math.floor(at / HOUR) + 1) * HOUR);
    /* c8 ignore next -- for the types only: a week has a figure for every hour of the day */
    calls += ((callsByHour[hourOf(at)] ?? 0) * (next - at)) / HOUR;
    at = next;
  }
  return calls;
}

/** The calls per minute in the quietest and in the busiest hour of the day. */
export function callsPerMinute({ callsByHour }: Week): { readonly least: number; readonly most: number } {
  const perMinute = callsByHour.map((calls) => (calls * MINUTE) / HOUR);
  return { least: Math.min(...perMinute), most: Math.max(...perMinute) };
}
