import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { flags, type Samples, samplesOf } from "./samples.ts";

/** The metrics that Lambda makes from calls. */
export type CallMetric = "Invocations" | "Errors" | "Throttles" | "Duration" | "ConcurrentExecutions" | UrlMetric;

/** The metrics of a function URL. */
export const URL_METRICS = ["UrlRequestCount", "Url4xxCount", "Url5xxCount", "UrlRequestLatency"] as const;
export type UrlMetric = (typeof URL_METRICS)[number];

export function isUrlMetric(metric: CallMetric): metric is UrlMetric {
  return (URL_METRICS as readonly string[]).includes(metric);
}

/** What a function URL answered. */
export type Status = 200 | 400 | 429 | 500 | 502;

/** All calls to one resource and version that began in one minute. Each has its own time from which it shows. */
export class MinuteSeries {
  readonly #minute: Instant;
  readonly #durations: number[] = [];
  readonly #concurrency: number[] = [];
  readonly #visible: number[] = [];
  readonly #failuresVisible: number[] = [];
  readonly #initFailuresVisible: number[] = [];
  readonly #throttlesVisible: number[] = [];
  readonly #answers: { readonly status: Status; readonly latency: number; readonly visible: Instant }[] = [];
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

  /** A request to the function URL. */
  answer(status: Status, latency: number, visible: Instant): void {
    this.#answers.push({ status, latency, visible });
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
      case "UrlRequestCount":
      case "Url4xxCount":
      case "Url5xxCount":
      case "UrlRequestLatency": {
        const shown = this.#answers.filter(({ visible }) => visible <= seenAt);
        if (metric === "UrlRequestLatency") return samplesOf(Float64Array.from(shown, ({ latency }) => latency));
        return flags(shown.length, shown.filter(({ status }) => isCounted(metric, status)).length);
      }
    }
  }
}

/** Whether a function URL's metric counts an answer. */
export function isCounted(metric: Exclude<UrlMetric, "UrlRequestLatency">, status: Status): boolean {
  switch (metric) {
    case "UrlRequestCount":
      return true;
    case "Url4xxCount":
      return status >= 400 && status < 500;
    case "Url5xxCount":
      return status >= 500;
  }
}
