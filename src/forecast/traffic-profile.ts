import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../domain/time.ts";

/** An alias's own traffic of the last seven days. */
export interface Week {
  /**
   * The alias's mean calls by hour of the day in UTC, 24 of them. For an hour that wasn't seen yet, the mean of all
   * hours; if there is none with calls but the current one, its calls so far.
   */
  readonly callsByHour: readonly number[];
  /** The calls of all its hours, and of the current one so far: callers that were just moved count too. */
  readonly calls: number;
  readonly failures: number;
  /** The usual latency, in milliseconds by statistic (`p90`). */
  readonly latency: Readonly<Record<string, Duration>>;
}

const HOURS = 24;

/**
 * Sums up the hours of a week. An hour without a figure had no calls. Days are counted from the first hour with calls,
 * since the alias may be new.
 *
 * @param calls by hour
 * @param failures by hour
 * @param thisHour the current hour: it isn't over, so it says nothing about its hour of the day
 */
export function weekOf(
  calls: ReadonlyMap<Instant, number>,
  failures: ReadonlyMap<Instant, number>,
  latency: Week["latency"],
  thisHour: Instant,
): Week {
  const hours = [...calls].filter(([at, count]) => at < thisHour && count > 0);
  const first = Math.min(thisHour, ...hours.map(([at]) => at));
  // Callers that were moved in the current hour have no other. It isn't over, so this is less than they make in an hour.
  const soFar = calls.get(thisHour) ?? 0;
  const mean = hours.length === 0 ? soFar : (total(new Map(hours)) * HOUR) / (thisHour - first);
  const callsByHour = Array.from({ length: HOURS }, (_, hour) => {
    const seen = hours.filter(([at]) => hourOf(at) === hour);
    // How often this hour of the day has passed since the first one.
    const latest = thisHour - (((hourOf(thisHour) - hour + HOURS - 1) % HOURS) + 1) * HOUR;
    const days = Math.max(0, Math.floor((latest - first) / DAY) + 1);
    return days === 0 ? mean : seen.reduce((sum, [, count]) => sum + count, 0) / days;
  });
  return { callsByHour, calls: total(calls), failures: total(failures), latency };
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
