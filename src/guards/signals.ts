/**
 * Whose figures these are: one version's, the whole alias's, the whole function's, or those of a metric that isn't per
 * version.
 */
export type Scope = "version" | "alias" | "function" | "metric";

/** The unit of a figure: a share of calls from 0 to 1, milliseconds, or whatever a metric counts. */
export type Unit = "share" | "ms" | "number";

/** What all signals have. */
interface Row {
  /** Lambda's metric, as CloudWatch names it. */
  readonly metric: string;
  /** A guard on it, for those who wrote one that can't be read. */
  readonly example: string;
  /** Whether it is about the requests to a function URL. */
  readonly isOfUrl: boolean;
}

/** Counts the calls that something happened to. */
interface CountsRow extends Row {
  readonly kind: "counts";
  /** The metric that counts all calls. */
  readonly calls: string;
  readonly scope: Exclude<Scope, "metric">;
  /**
   * Whether Lambda writes a sample for each call: 1 if it happened to the call, else 0. Then calls and events come from
   * one series, and can't be late apart.
   */
  readonly hasSampleOfEachCall: boolean;
  /** Whether the metric of all calls leaves these calls out. */
  readonly isBesideCalls: boolean;
  /** What happened to a call: "12 of 480 calls failed". */
  readonly happened: string;
  /** A note for the reader, if needed. */
  readonly note: string | null;
  /** Whether it may be compared with the baseline. */
  readonly isComparable: boolean;
}

/** The mean of each minute, in milliseconds. */
interface MeanRow extends Row {
  readonly kind: "mean";
  /** Its name in a sentence. */
  readonly words: string;
}

/** May be over a bound for some minutes. Measured for the function as a whole: the highest value of each minute. */
interface LevelRow extends Row {
  readonly kind: "level";
  /** Its name in a sentence. */
  readonly words: string;
  readonly unit: "ms" | "number";
}

type SignalRow = CountsRow | MeanRow | LevelRow;

/**
 * Every signal that is one of Lambda's metrics, in the order in which they are listed for people. A new signal is a new
 * row: grammar, series, judgement and sentences go by it.
 */
export const SIGNALS = {
  "error-rate": {
    kind: "counts",
    metric: "Errors",
    calls: "Invocations",
    scope: "version",
    hasSampleOfEachCall: true,
    isBesideCalls: false,
    happened: "failed",
    note: null,
    example: "error-rate <= baseline * 1.5 + 0.5%",
    isComparable: true,
    isOfUrl: false,
  },
  duration: {
    kind: "mean",
    metric: "Duration",
    words: "mean duration",
    example: "duration <= baseline * 1.2",
    isOfUrl: false,
  },
  "url-5xx": {
    kind: "counts",
    metric: "Url5xxCount",
    calls: "UrlRequestCount",
    scope: "version",
    hasSampleOfEachCall: false,
    isBesideCalls: false,
    happened: "were answered with status 5xx by the function URL",
    note: null,
    example: "url-5xx < 1%",
    isComparable: true,
    isOfUrl: true,
  },
  "url-4xx": {
    kind: "counts",
    metric: "Url4xxCount",
    calls: "UrlRequestCount",
    scope: "version",
    hasSampleOfEachCall: false,
    isBesideCalls: false,
    happened: "were answered with status 4xx by the function URL",
    note: null,
    example: "url-4xx <= baseline * 1.5 + 0.5%",
    isComparable: true,
    isOfUrl: true,
  },
  "url-latency": {
    kind: "mean",
    metric: "UrlRequestLatency",
    words: "mean latency of the function URL",
    example: "url-latency <= baseline * 1.2",
    isOfUrl: true,
  },
  throttles: {
    kind: "counts",
    metric: "Throttles",
    calls: "Invocations",
    scope: "alias",
    hasSampleOfEachCall: false,
    isBesideCalls: true,
    happened: "were throttled",
    note: "throttling depends on the concurrency of the function and the account, not on the version",
    example: "throttles < 1%",
    isComparable: false,
    isOfUrl: false,
  },
  "dead-letter-errors": {
    kind: "counts",
    metric: "DeadLetterErrors",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    isBesideCalls: false,
    happened: "had an event that could not be sent to the dead-letter target",
    note: null,
    example: "dead-letter-errors < 0.1%",
    isComparable: false,
    isOfUrl: false,
  },
  "destination-failures": {
    kind: "counts",
    metric: "DestinationDeliveryFailures",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    isBesideCalls: false,
    happened: "had an event that could not be sent to the destination",
    note: null,
    example: "destination-failures < 0.1%",
    isComparable: false,
    isOfUrl: false,
  },
  "async-events-dropped": {
    kind: "counts",
    metric: "AsyncEventsDropped",
    calls: "Invocations",
    scope: "function",
    hasSampleOfEachCall: false,
    isBesideCalls: false,
    happened: "were dropped before they ran",
    note: null,
    example: "async-events-dropped < 0.1%",
    isComparable: false,
    isOfUrl: false,
  },
  "iterator-age": {
    kind: "level",
    metric: "IteratorAge",
    words: "age of the records read from the stream",
    unit: "ms",
    example: "iterator-age < 30s for 3m",
    isOfUrl: false,
  },
  "async-event-age": {
    kind: "level",
    metric: "AsyncEventAge",
    words: "age of the events in the async queue",
    unit: "ms",
    example: "async-event-age < 60s for 3m",
    isOfUrl: false,
  },
  concurrency: {
    kind: "level",
    metric: "ConcurrentExecutions",
    words: "concurrent executions",
    unit: "number",
    example: "concurrency < 800 for 3m",
    isOfUrl: false,
  },
} as const satisfies Readonly<Record<string, SignalRow>>;

type Signals = typeof SIGNALS;
type NamesOf<Kind extends SignalRow["kind"]> = {
  [Name in keyof Signals]: Signals[Name]["kind"] extends Kind ? Name : never;
}[keyof Signals];

export type Signal = keyof Signals;
export type CountsSignal = NamesOf<"counts">;
export type MeanSignal = NamesOf<"mean">;
export type LevelSignal = NamesOf<"level">;
