import type { Random } from "./random.ts";

/** The samples of a metric in a period, as far as its statistics need them. */
export interface Samples {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** In ascending order: all of them or, if there are too many, evenly spaced representatives. */
  sorted(): Float64Array;
}

/** How many values represent samples that are drawn together, and samples that are merged from such draws. */
const DRAWN = 100;
const PUT_TOGETHER = 400;

/** Samples that are 1 or 0; `ones` of them are 1. */
export function flags(count: number, ones: number): Samples | null {
  if (count === 0) return null;
  return {
    count,
    sum: ones,
    minimum: ones === count ? 1 : 0,
    maximum: ones > 0 ? 1 : 0,
    sorted: () => new Float64Array(count).fill(1, count - ones),
  };
}

export function samplesOf(values: Float64Array): Samples | null {
  if (values.length === 0) return null;
  let [sum, minimum, maximum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0;
    sum += value;
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  let sorted: Float64Array | null = null;
  return {
    count: values.length,
    sum,
    minimum,
    maximum,
    sorted: () => {
      sorted ??= values.toSorted();
      return sorted;
    },
  };
}

/**
 * Any number of samples at the cost of a few: cuts the distribution into equal parts and draws one value from each.
 * @param quantile the distribution's quantile at a probability from 0 up to 1
 */
export function drawn(count: number, random: Random, quantile: (chance: number) => number): Samples | null {
  if (count === 0) return null;
  const values = new Float64Array(Math.min(count, DRAWN));
  for (let index = 0; index < values.length; index++) {
    values[index] = quantile((index + random.uniform()) / values.length);
  }
  const some = samplesOf(values.sort());
  if (some === null || count === values.length) return some;
  // The extremes of many samples lie further out than those of a few.
  const [low, high] = [1 - random.uniform() ** (1 / count), random.uniform() ** (1 / count)];
  return {
    count,
    sum: (some.sum * count) / values.length,
    minimum: Math.min(some.minimum, quantile(low)),
    maximum: Math.max(some.maximum, quantile(high)),
    sorted: () => values,
  };
}

/** Merges the samples of several series. */
export function together(parts: readonly (Samples | null)[]): Samples | null {
  const present = parts.filter((part) => part !== null);
  const [only] = present;
  if (only === undefined || present.length === 1) return only ?? null;
  const count = present.reduce((total, part) => total + part.count, 0);
  return {
    count,
    sum: present.reduce((total, { sum }) => total + sum, 0),
    minimum: Math.min(...present.map(({ minimum }) => minimum)),
    maximum: Math.max(...present.map(({ maximum }) => maximum)),
    sorted: () => mixed(present, count),
  };
}

/** The same samples, already sorted, without the data they were made from. */
export function condensed(samples: Samples | null): Samples | null {
  if (samples === null) return null;
  const { count, sum, minimum, maximum } = samples;
  const sorted = samples.sorted();
  return { count, sum, minimum, maximum, sorted: () => sorted };
}

/** The parts' values in one list. Each part gets as much room as it has samples. */
function mixed(parts: readonly Samples[], count: number): Float64Array {
  const lists = parts.map((part) => part.sorted());
  const values = new Float64Array(lists.reduce((total, { length }) => total + length, 0));
  let [place, before] = [0, 0];
  for (const [index, list] of lists.entries()) {
    before += parts[index]?.count ?? 0;
    // Round the ends, not the lengths, so that small parts aren't left out.
    const end = Math.round((before / count) * values.length);
    pick(list, values.subarray(place, end));
    place = end;
  }
  values.sort();
  if (values.length === count || values.length <= PUT_TOGETHER) return values;
  return pick(values, new Float64Array(PUT_TOGETHER));
}

/** Fills a list with evenly spaced values of a sorted one. */
function pick(from: Float64Array, into: Float64Array): Float64Array {
  for (let index = 0; index < into.length; index++) {
    into[index] = from[Math.floor(((index + 0.5) / into.length) * from.length)] ?? 0;
  }
  return into;
}
