import type { LambdaMetric } from "../domain/ports.ts";
import type { CountsSignal, LevelSignal, MeanSignal } from "./guard.ts";

/**
 * Whose figures these are: one version's, the whole alias's, the whole function's, or those of a metric that isn't per
 * version.
 */
export type Scope = "version" | "alias" | "function" | "metric";

/** The unit of a figure: a share of calls from 0 to 1, milliseconds, or whatever a metric counts. */
export type Unit = "share" | "ms" | "number";

interface EventRow {
  readonly metric: LambdaMetric;
  /** Out of what. */
  readonly calls: LambdaMetric;
  readonly scope: Exclude<Scope, "metric">;
  /**
   * Whether Lambda writes a sample for each call: 1 if it happened to the call, else 0. Then calls and events come from
   * one series, and can't be late apart.
   */
  readonly hasSampleOfEachCall: boolean;
  /** What happened to a call: "12 of 480 calls failed". */
  readonly happened: string;
  /** A note for the reader, if needed. */
  readonly note: string | null;
}

/** Lambda's metric for each signal, and whose calls it counts. */
export const EVENTS: Readonly<Record<CountsSignal, EventRow>> = {
  "error-rate": {
    metric: "Errors",
    calls: "Invocations",
    scope: "version",
    hasSampleOfEachCall: true,
    happened: "failed",
    note: null,
  },
  throttles: {
    metric: "Throttles",
    calls: "Invocations",
    scope: "alias",
    hasSampleOfEachCall: false,
    happened: "were throttled",
    note: "throttling depends on the concurrency of the function and the account, not on the version",
  },
  "dead-letter-errors": {
    metric: "DeadLetterErrors",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    happened: "had an event that could not be sent to the dead-letter target",
    note: null,
  },
  "destination-failures": {
    metric: "DestinationDeliveryFailures",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    happened: "had an event that could not be sent to the destination",
    note: null,
  },
  "async-events-dropped": {
    metric: "AsyncEventsDropped",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    happened: "were dropped before they ran",
    note: null,
  },
  "url-5xx": {
    metric: "Url5xxCount",
    calls: "UrlRequestCount",
    scope: "version",
    hasSampleOfEachCall: false,
    happened: "were answered with status 5xx by the function URL",
    note: null,
  },
  "url-4xx": {
    metric: "Url4xxCount",
    calls: "UrlRequestCount",
    scope: "version",
    hasSampleOfEachCall: false,
    happened: "were answered with status 4xx by the function URL",
    note: null,
  },
};

/** Lambda's metric for each signal that is a mean, and its name in a sentence. */
export const MEANS: Readonly<Record<MeanSignal, { readonly metric: LambdaMetric; readonly words: string }>> = {
  duration: { metric: "Duration", words: "mean duration" },
  "url-latency": { metric: "UrlRequestLatency", words: "mean latency of the function URL" },
};

interface LevelRow {
  readonly metric: LambdaMetric;
  readonly words: string;
  readonly unit: Unit;
}

/** What Lambda measures only for a function as a whole. The highest value of each minute is used. */
export const LEVELS_TOLD: Readonly<Record<LevelSignal, LevelRow>> = {
  "iterator-age": { metric: "IteratorAge", words: "age of the records read from the stream", unit: "ms" },
  "async-event-age": { metric: "AsyncEventAge", words: "age of the events in the async queue", unit: "ms" },
  concurrency: { metric: "ConcurrentExecutions", words: "concurrent executions", unit: "number" },
};
