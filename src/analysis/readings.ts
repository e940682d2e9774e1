import type { Reading, Series } from "../domain/ports.ts";
import type { Instant } from "../domain/time.ts";

/** The points of a reading; none if it couldn't be read. */
export function pointsOf(reading: Reading | undefined): ReadonlyMap<Instant, number> {
  return reading?.kind === "points" ? reading.points : new Map();
}

/**
 * True if a minute has more samples than events: then Lambda writes one for each call, also where nothing happened.
 *
 * @param events by minute, and how many samples they were made of
 */
export function hasSamplesOfCalls(
  events: ReadonlyMap<Instant, number>,
  samples: ReadonlyMap<Instant, number>,
): boolean {
  return [...samples].some(([minute, count]) => count > (events.get(minute) ?? 0));
}

/** Each series once, in the order of their first mention. */
export function distinct(series: readonly Series[]): readonly Series[] {
  return [...new Map(series.map((each) => [keyOf(each), each])).values()];
}

/**
 * Finds readings by their series.
 *
 * @param readings one for each of the series, in their order
 */
export function bySeries(series: readonly Series[], readings: readonly Reading[]): (of: Series) => Reading {
  const known = new Map(series.map((each, index) => [keyOf(each), readings[index]]));
  return (of) => known.get(keyOf(of)) ?? { kind: "unreadable", reason: "the series was not requested" };
}

function keyOf(series: Series): string {
  return JSON.stringify(series);
}
