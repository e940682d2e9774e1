import { type Duration, HOUR, type Instant, MINUTE, minuteOf } from "../../../src/domain/time.ts";
import type { Gauge, LambdaFunction } from "../lambda/function.ts";
import { type CallMetric, URL_METRICS } from "../minute-series.ts";
import { flags, type Samples, samplesOf, together } from "../samples.ts";
import type { Lateness } from "./lateness.ts";

/** A metric as CloudWatch names it. */
export interface MetricName {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One sample of a custom metric. */
export interface Sample extends MetricName {
  readonly at: Instant;
  readonly value: number;
}

/** Makes up custom metrics. */
export interface Source {
  /** All metrics that may have samples. */
  names(): readonly MetricName[];
  /** The samples of a minute: the same every time, and none for metrics that aren't its own. */
  samples(metric: MetricName, minute: Instant): readonly number[];
}

interface Range {
  readonly from: Instant;
  readonly to: Instant;
}

const LAMBDA = "AWS/Lambda";

/** Older minutes aren't late any more, or never show. */
const LATEST: Duration = 30 * MINUTE;
/** How long after its end a minute of a gauge, or of a source, shows up. */
const GAUGE_LAG: Duration = MINUTE;

const UNITS: Readonly<Record<CallMetric | Gauge, "Count" | "Milliseconds">> = {
  Invocations: "Count",
  Errors: "Count",
  Throttles: "Count",
  Duration: "Milliseconds",
  ConcurrentExecutions: "Count",
  UrlRequestCount: "Count",
  Url4xxCount: "Count",
  Url5xxCount: "Count",
  UrlRequestLatency: "Milliseconds",
  IteratorAge: "Milliseconds",
  AsyncEventAge: "Milliseconds",
  AsyncEventsDropped: "Count",
  DeadLetterErrors: "Count",
  DestinationDeliveryFailures: "Count",
};
const CALL_METRICS: readonly string[] = [
  "Invocations",
  "Errors",
  "Throttles",
  "Duration",
  "ConcurrentExecutions",
] satisfies CallMetric[];
const GAUGES: readonly string[] = [
  "IteratorAge",
  "AsyncEventAge",
  "AsyncEventsDropped",
  "DeadLetterErrors",
  "DestinationDeliveryFailures",
] satisfies Gauge[];

/** Everything that CloudWatch has measured, as it can be seen at an instant. */
export class Metrics {
  readonly #functions: ReadonlyMap<string, LambdaFunction>;
  readonly #custom = new Map<string, Sample[]>();
  /** Sources of custom metrics, besides the samples that are put. */
  readonly sources: Source[] = [];
  /** How much later than usual every metric shows up. */
  extraLag: Duration = 0;
  /** Minutes whose data never shows up. */
  silence: { readonly from: Instant; readonly to: Instant } | null = null;
  /** How late each minute of each series shows; null for the usual two minutes. */
  lateness: Lateness | null = null;
  /** Leaves out the samples of Errors and Throttles that are 0. AWS has one for each call. */
  leavesOutZeros = false;

  constructor(functions: ReadonlyMap<string, LambdaFunction>) {
    this.#functions = functions;
  }

  /** Records samples of a custom metric. They show at once. */
  put(...samples: readonly Sample[]): void {
    for (const sample of samples) {
      const key = keyOf(sample);
      this.#custom.set(key, [...(this.#custom.get(key) ?? []), sample]);
    }
  }

  /** The unit of a metric, where it has one. */
  unit({ namespace, name }: MetricName): string {
    return namespace === LAMBDA ? (UNITS[name as keyof typeof UNITS] ?? "None") : "None";
  }

  /** Call this once before reading a series, so that everything up to now has happened. */
  catchUp(now: Instant): void {
    for (const each of this.#functions.values()) each.traffic.catchUp(now);
  }

  /** All metrics that may have samples, without duplicates. */
  names(): readonly MetricName[] {
    const ofLambda = [...this.#functions.values()].flatMap(namesOf);
    const own = [
      ...[...this.#custom.values()].flatMap(([first]) => first ?? []),
      ...this.sources.flatMap((source) => source.names()),
    ];
    return [...new Map([...ofLambda, ...own].map((metric) => [keyOf(metric), metric])).values()];
  }

  /** Whether a metric has had samples in the given time up to now. */
  hasSamples(metric: MetricName, now: Instant, within: Duration): boolean {
    // Nearly all metrics have had some in the last hour, so look there first.
    for (let to = minuteOf(now) + MINUTE; to > now - within; to -= HOUR) {
      if (this.samples(metric, Math.max(to - HOUR, minuteOf(now - within)), to, now) !== null) return true;
    }
    return false;
  }

  /** The samples of the minutes from `from` up to `to`; null if there are none, or none to be seen yet. */
  samples(metric: MetricName, from: Instant, to: Instant, now: Instant): Samples | null {
    const seenAt = now - this.extraLag;
    const parts = this.#audible(from, to).flatMap((range) => this.#shown(metric, { ...range, seenAt }));
    const samples = together(parts);
    const canBeLeftOut = metric.name === "Errors" || metric.name === "Throttles";
    return this.leavesOutZeros && canBeLeftOut && samples !== null ? flags(samples.sum, samples.sum) : samples;
  }

  /** What is shown of a range: minute by minute as far as its minutes can be late. */
  #shown(metric: MetricName, range: Range & { readonly seenAt: Instant }): readonly (Samples | null)[] {
    const { lateness } = this;
    const { from, to, seenAt } = range;
    if (lateness === null) return this.#parts(metric, range);
    const settled = Math.min(to, Math.max(from, minuteOf(seenAt) - LATEST));
    const born = this.#born(metric);
    const parts = settled > from ? [...this.#parts(metric, { from, to: settled, seenAt })] : [];
    for (let minute = settled; minute < to; minute += MINUTE) {
      const late = lateness({ series: keyOf(metric), minute, born }, seenAt);
      parts.push(...this.#parts(metric, { from: minute, to: minute + MINUTE, seenAt: late }));
    }
    return parts;
  }

  /** When a series began, if that was during the simulation. */
  #born({ dimensions: { FunctionName = "", Resource, ExecutedVersion } }: MetricName): Instant | null {
    if (ExecutedVersion === undefined) return null;
    return this.#functions.get(FunctionName)?.traffic.firstMinute(Resource ?? null, ExecutedVersion) ?? null;
  }

  /** The part of a time range outside the silence, in whole minutes. */
  #audible(from: Instant, to: Instant): readonly Range[] {
    if (this.silence === null) return [{ from, to }];
    const [last, next] = [this.silence.from, Math.ceil(this.silence.to / MINUTE) * MINUTE];
    return [
      { from, to: Math.min(to, last) },
      { from: Math.max(from, next), to },
    ];
  }

  #parts(metric: MetricName, range: Range & { readonly seenAt: Instant }): readonly (Samples | null)[] {
    const { from, to, seenAt } = range;
    if (metric.namespace !== LAMBDA) {
      const samples = this.#custom.get(keyOf(metric)) ?? [];
      const put = samples.filter(({ at }) => at >= from && at < to && at <= seenAt).map(({ value }) => value);
      const made = this.sources.flatMap((source) =>
        endedMinutes(range).flatMap((minute) => source.samples(metric, minute)),
      );
      return [samplesOf(Float64Array.from([...put, ...made]))];
    }
    const source = this.#source(metric);
    if (source === null || !(metric.name in UNITS)) return [];
    const { lambda, resource, version } = source;
    if (GAUGES.includes(metric.name)) {
      // Lambda doesn't report these by version.
      const gauge = version === null ? (lambda.gauges.get(metric.name as Gauge) ?? null) : null;
      const values = endedMinutes(range).map((minute) => (typeof gauge === "function" ? gauge(minute) : gauge));
      return [samplesOf(Float64Array.from(values.filter((value) => value !== null)))];
    }
    return lambda.traffic.samples(metric.name as CallMetric, range, resource, version);
  }

  /** What a set of dimensions selects. Wrong dimensions select nothing, without an error. */
  #source({ dimensions }: MetricName) {
    const { FunctionName = "", Resource, ExecutedVersion, ...others } = dimensions;
    const lambda = this.#functions.get(FunctionName);
    if (lambda === undefined || Object.keys(others).length > 0) return null;
    if (ExecutedVersion !== undefined && Resource === undefined) return null;
    const isResource = Resource === undefined || Resource === FunctionName || Resource.startsWith(`${FunctionName}:`);
    return isResource ? { lambda, resource: Resource ?? null, version: ExecutedVersion ?? null } : null;
  }
}

/** A function's metrics: all calls, by resource, and by executed version. */
function namesOf({ name: FunctionName, traffic, gauges }: LambdaFunction): readonly MetricName[] {
  const ofCalls = [...CALL_METRICS, ...(traffic.options.throughUrl > 0 ? URL_METRICS : [])];
  const resources = traffic.called().flatMap(({ resource: Resource, versions }) => [
    { dimensions: { FunctionName, Resource }, names: [...ofCalls, ...gauges.keys()] },
    ...versions.map((ExecutedVersion) => ({
      dimensions: { FunctionName, Resource, ExecutedVersion },
      names: ofCalls,
    })),
  ]);
  return [{ dimensions: { FunctionName }, names: [...ofCalls, ...gauges.keys()] }, ...resources].flatMap(
    ({ dimensions, names }) => names.map((name) => ({ namespace: LAMBDA, name, dimensions })),
  );
}

/** The minutes whose gauges can be seen. */
function endedMinutes({ from, to, seenAt }: Range & { readonly seenAt: Instant }): readonly Instant[] {
  const end = Math.min(to, minuteOf(seenAt - GAUGE_LAG));
  return Array.from({ length: Math.max(0, Math.ceil((end - from) / MINUTE)) }, (_, index) => from + index * MINUTE);
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

/** The statistics that have a name of their own. */
export const SIMPLE_STATISTICS = ["Sum", "Average", "Minimum", "Maximum", "SampleCount"];
const PERCENTILE = /^p(\d{1,2}(?:\.\d{1,10})?|100)$/;
const PERCENTILE_RANK = /^PR\((\d+(?:\.\d+)?)?:(\d+(?:\.\d+)?)?\)$/;

export function isStatistic(statistic: string): boolean {
  return SIMPLE_STATISTICS.includes(statistic) || PERCENTILE.test(statistic) || isRank(statistic);
}

/** Whether a statistic is a percentile rank: the share of the samples between two bounds. */
export function isRank(statistic: string): boolean {
  return PERCENTILE_RANK.test(statistic) && statistic !== "PR(:)";
}

export function statisticOf(samples: Samples, statistic: string): number {
  switch (statistic) {
    case "Sum":
      return samples.sum;
    case "Average":
      return samples.sum / samples.count;
    case "Minimum":
      return samples.minimum;
    case "Maximum":
      return samples.maximum;
    case "SampleCount":
      return samples.count;
  }
  const sorted = samples.sorted();
  const percent = PERCENTILE.exec(statistic)?.[1];
  if (percent === "100") return samples.maximum;
  if (percent !== undefined) {
    const rank = Math.ceil((Number(percent) / 100) * sorted.length);
    return sorted[Math.max(0, rank - 1)] ?? Number.NaN;
  }
  // The percentage of samples above the lower bound and up to the upper one.
  const [, low = "-Infinity", high = "Infinity"] = PERCENTILE_RANK.exec(statistic) ?? [];
  return (100 * (countUpTo(sorted, Number(high)) - countUpTo(sorted, Number(low)))) / sorted.length;
}

/** How many of the sorted values are at most `bound`. */
function countUpTo(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
