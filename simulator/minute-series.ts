import { type Instant, MINUTE } from "../src/release/time.ts";
import { flags, type Samples, samplesOf } from "./samples.ts";

/** The metrics that Lambda makes from calls. */
export type CallMetric = "Invocations" | "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions";

/** All calls to one resource and version that began in one minute. Each has its own time from which it shows. */
export class MinuteSeries {
  readonly #minute: Instant;
  readonly #durations: number[] = [];
  readonly #concurrency: number[] = [];
  readonly #visible: number[] = [];
  readonly #failuresVisible: number[] = [];
  readonly #initFailuresVisible: number[] = [];
  readonly #throttlesVisible: number[] = [];
  #lastVisible: Instant = 0;
  /** Kept once all of them can be seen. */
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

  /** What a metric showed at an instant; null if nothing. */
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
