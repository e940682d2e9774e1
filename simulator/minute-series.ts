import { type Instant, MINUTE } from "../src/release/time.ts";

/** The samples of a metric that came in within a period, as far as its statistics need them. */
export interface Samples {
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
  /** In ascending order. */
  sorted(): Float64Array;
}

/** The metrics that Lambda makes of the calls themselves. */
export type CallMetric = "Invocations" | "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions";

/** All calls that began in one minute, to one resource and version; each shows from the instant it became visible. */
export class MinuteSeries {
  readonly #minute: Instant;
  readonly #durations: number[] = [];
  readonly #concurrency: number[] = [];
  readonly #visible: number[] = [];
  readonly #failuresVisible: number[] = [];
  readonly #initFailuresVisible: number[] = [];
  readonly #throttlesVisible: number[] = [];
  #lastVisible: Instant = 0;
  /** Once all of them are to be seen. */
  #allDurations: Samples | null = null;

  constructor(minute: Instant) {
    this.#minute = minute;
  }

  get calls(): number {
    return this.#durations.length;
  }

  get failures(): number {
    return this.#failuresVisible.length;
  }

  add(duration: number, failed: boolean, concurrency: number, visible: Instant): void {
    this.#durations.push(duration);
    this.#concurrency.push(concurrency);
    this.#visible.push(visible);
    if (failed) this.#failuresVisible.push(visible);
    this.#lastVisible = Math.max(this.#lastVisible, visible);
  }

  failInit(visible: Instant): void {
    this.#initFailuresVisible.push(visible);
    this.#failuresVisible.push(visible);
    this.#lastVisible = Math.max(this.#lastVisible, visible);
  }

  throttle(visible: Instant): void {
    this.#throttlesVisible.push(visible);
    this.#lastVisible = Math.max(this.#lastVisible, visible);
  }

  /** What could be seen of a metric at an instant; null when nothing. */
  samples(metric: CallMetric, seenAt: Instant): Samples | null {
    const isWhole = seenAt >= Math.max(this.#lastVisible, this.#minute + MINUTE);
    const count = (instants: readonly Instant[]) =>
      isWhole ? instants.length : instants.reduce((sum, instant) => (instant <= seenAt ? sum + 1 : sum), 0);
    const pick = (values: readonly number[]) =>
      Float64Array.from(
        isWhole ? values : values.filter((_, index) => (this.#visible[index] ?? Number.POSITIVE_INFINITY) <= seenAt),
      );

    switch (metric) {
      case "Invocations": {
        const calls = count(this.#visible);
        return flags(calls, calls);
      }
      case "Errors":
        return flags(count(this.#visible) + count(this.#initFailuresVisible), count(this.#failuresVisible));
      case "Throttles": {
        const throttles = count(this.#throttlesVisible);
        return flags(count(this.#visible) + throttles, throttles);
      }
      case "Duration": {
        if (!isWhole) return samplesOf(pick(this.#durations));
        this.#allDurations ??= samplesOf(pick(this.#durations));
        return this.#allDurations;
      }
      case "ConcurrentExecutions":
        return samplesOf(pick(this.#concurrency));
    }
  }
}

/** Samples of 1, of which `ones` there are, and of 0. */
function flags(count: number, ones: number): Samples | null {
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

/** Several series' samples as one. */
export function together(parts: readonly (Samples | null)[]): Samples | null {
  const present = parts.filter((part) => part !== null);
  const [only] = present;
  if (only === undefined || present.length === 1) return only ?? null;
  return {
    count: present.reduce((total, { count }) => total + count, 0),
    sum: present.reduce((total, { sum }) => total + sum, 0),
    minimum: Math.min(...present.map(({ minimum }) => minimum)),
    maximum: Math.max(...present.map(({ maximum }) => maximum)),
    sorted: () => present.reduce<Float64Array>((all, part) => merged(all, part.sorted()), new Float64Array(0)),
  };
}

/** Both sorted lists as one. */
function merged(a: Float64Array, b: Float64Array): Float64Array {
  if (a.length === 0) return b;
  const all = new Float64Array(a.length + b.length);
  let [fromA, fromB] = [0, 0];
  for (let index = 0; index < all.length; index++) {
    const [first = Number.POSITIVE_INFINITY, second = Number.POSITIVE_INFINITY] = [a[fromA], b[fromB]];
    if (first <= second) {
      all[index] = first;
      fromA += 1;
    } else {
      all[index] = second;
      fromB += 1;
    }
  }
  return all;
}
