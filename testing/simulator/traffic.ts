import { type Duration, HOUR, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import type { Behaviour } from "./behaviour.ts";
import { Environments } from "./environments.ts";
import { type CallMetric, isUrlMetric, MinuteSeries, type Status } from "./minute-series.ts";
import { Past, type Stream } from "./past.ts";
import { Random } from "./random.ts";
import type { Samples } from "./samples.ts";
import { type Figure, figureAt, Weather, type WeatherOptions } from "./weather.ts";

export interface TrafficOptions extends WeatherOptions {
  /** The alias that callers use. */
  readonly alias: string;
  /** Share of the calls that go through the alias. The rest call the function without a qualifier. */
  readonly throughAlias: number;
  /** Share of the calls through the alias that come by its function URL. */
  readonly throughUrl: number;
  /** Whether the figures of the function URL also come by version. AWS documents that only for `$LATEST`. */
  readonly urlByVersion: boolean;
  /** Share of the calls that are throttled. */
  readonly throttled: Figure;
  /** How long after it ended a call shows in the metrics: at least and at most. */
  readonly lag: readonly [Duration, Duration];
  /** How long before the start of the simulation single calls are simulated. */
  readonly history: Duration;
  /** How long before that CloudWatch has totals. */
  readonly past: Duration;
  /** How long an idle execution environment is kept. */
  readonly keptWarm: Duration;
  /** When calls through the alias also count for the version that served them. */
  readonly versionSeries: "always" | "while-weighted" | "never";
}

export const STEADY: TrafficOptions = {
  callsPerMinute: 800,
  wave: null,
  jitter: null,
  bursts: null,
  alias: "live",
  throughAlias: 1,
  throughUrl: 0,
  urlByVersion: false,
  throttled: 0,
  lag: [45 * SECOND, 110 * SECOND],
  history: 10 * MINUTE,
  past: 7 * 24 * HOUR,
  keptWarm: 5 * MINUTE,
  versionSeries: "always",
};

/** What traffic needs to know about the function that it goes to. */
export interface Destination {
  readonly name: string;
  /**
   * @param chance picks the version, evenly spread from 0 to 1
   * @returns null if there is no such alias
   */
  route(alias: string, at: Instant, chance: number): { readonly version: string; readonly isWeighted: boolean } | null;
  behaviour(version: string): Behaviour;
  timeout(version: string): Duration;
}

/** A call before we know how it ends. All its random numbers are drawn, needed or not. */
interface Arrival {
  readonly at: Instant;
  readonly caller: number;
  readonly throttle: number;
  readonly route: number;
  readonly init: number;
  readonly failure: number;
  readonly duration: number;
  readonly lag: Duration;
}

/** How long a function URL takes to pass a request on and its answer back. */
const URL_OVERHEAD: Duration = 6;

export interface Invocation {
  readonly version: string;
  readonly duration: Duration;
  readonly failed: boolean;
  readonly cold: boolean;
}

/** Numbers of calls and failures. */
export interface Tally {
  readonly calls: number;
  readonly failures: number;
}

/**
 * The calls to one function, made second by second as time goes on. Each is routed as the alias stands at that moment.
 * They depend only on seed, function and time, not on when they are looked at.
 */
export class Traffic {
  readonly options: TrafficOptions;
  readonly #destination: Destination;
  readonly #seed: number;
  /**
   * By minute, by what was called (`checkout:live`), by executed version: `43`, or `(43)` if CloudWatch doesn't name
   * it.
   */
  readonly #minutes = new Map<Instant, Map<string, Map<string, MinuteSeries>>>();
  readonly #weather: Weather;
  readonly #environments: Environments;
  /** From when on single calls are simulated. */
  readonly #beginning: Instant;
  #past: Past | null = null;
  #arrivals: readonly Arrival[] = [];
  #happened = 0;
  #nextSecond: Instant;
  #directCalls = 0;

  constructor(destination: Destination, seed: number, start: Instant, options: TrafficOptions) {
    this.#destination = destination;
    this.#seed = seed;
    this.options = options;
    this.#weather = new Weather(seed, destination.name, options);
    this.#environments = new Environments(options.keptWarm);
    this.#beginning = minuteOf(start - options.history);
    this.#nextSecond = this.#beginning;
  }

  /** The time of the first calls. */
  get since(): Instant {
    return minuteOf(this.#beginning - this.options.past);
  }

  /** Simulates everything up to now. Call this before changing anything that calls depend on. */
  catchUp(now: Instant): void {
    this.#past ??= this.#recall();
    for (;;) {
      for (; this.#happened < this.#arrivals.length; this.#happened++) {
        const arrival = this.#arrivals[this.#happened];
        if (arrival === undefined || arrival.at > now) return;
        this.#route(arrival);
      }
      if (this.#nextSecond > now) return;
      this.#arrivals = this.#draw(this.#nextSecond);
      this.#happened = 0;
      this.#nextSecond += SECOND;
    }
  }

  /** A call that a client of the simulator makes, in addition to the simulated ones. */
  invoke(
    now: Instant,
    qualifier: string | null,
    version: string,
    { isAlias, isWeighted }: { readonly isAlias: boolean; readonly isWeighted: boolean },
  ): Invocation {
    this.catchUp(now);
    this.#directCalls += 1;
    const arrival = this.#arrival(now, new Random(this.#seed, this.#destination.name, "direct", this.#directCalls));
    const resource = qualifier === null ? this.#destination.name : `${this.#destination.name}:${qualifier}`;
    return this.#happen(arrival, resource, version, isAlias && this.#isTold(isWeighted));
  }

  /** How many calls clients of the simulator have made. */
  get directCalls(): number {
    return this.#directCalls;
  }

  /** The resources that have been called, such as `checkout:live`, each with the versions that CloudWatch names. */
  called(): readonly { readonly resource: string; readonly versions: readonly string[] }[] {
    const called = new Map<string, Set<string>>();
    for (const { resource, version } of this.#past?.streams ?? []) {
      const versions = entry(called, resource, () => new Set());
      if (version !== null) versions.add(version);
    }
    for (const resources of this.#minutes.values()) {
      for (const [resource, series] of resources) {
        const versions = entry(called, resource, () => new Set());
        for (const version of series.keys()) if (isTold(version)) versions.add(version);
      }
    }
    return [...called].map(([resource, versions]) => ({ resource, versions: [...versions] }));
  }

  /**
   * What CloudWatch shows for the minutes from `from` up to `to`, in parts. Without a `resource`, all of the function's
   * calls.
   */
  samples(
    metric: CallMetric,
    { from, to, seenAt }: { readonly from: Instant; readonly to: Instant; readonly seenAt: Instant },
    resource: string | null,
    version: string | null,
  ): readonly (Samples | null)[] {
    if (version !== null && isUrlMetric(metric) && !this.options.urlByVersion) return [];
    const parts = [...(this.#past?.samples(metric, { from, to, seenAt }, resource, version) ?? [])];
    for (let minute = Math.max(from, this.#beginning); minute < to; minute += MINUTE) {
      for (const series of this.minute(minute, resource, version)) parts.push(series.samples(metric, seenAt));
    }
    return parts;
  }

  /** The single calls of one minute, if any were simulated. */
  minute(minute: Instant, resource: string | null, version: string | null): readonly MinuteSeries[] {
    const resources = this.#minutes.get(minute);
    if (resources === undefined) return [];
    if (resource === null) return [...resources.values()].flatMap((versions) => [...versions.values()]);
    const versions = resources.get(resource);
    if (version === null) return [...(versions?.values() ?? [])];
    const series = versions?.get(version);
    return series === undefined ? [] : [series];
  }

  /** The first minute in which a version was called by single calls; null if it had calls before those, or none. */
  firstMinute(resource: string | null, version: string): Instant | null {
    if (this.#past?.streams.some((stream) => stream.version === version)) return null;
    for (const minute of this.#minutes.keys()) if (this.minute(minute, resource, version).length > 0) return minute;
    return null;
  }

  /** What really happened to the simulated calls since the minute of `from`, even if CloudWatch doesn't show it yet. */
  tally(version: string, from: Instant = 0): Tally {
    let [calls, failures] = [0, 0];
    for (const [minute, resources] of this.#minutes) {
      for (const versions of minute < minuteOf(from) ? [] : resources.values()) {
        for (const key of [version, untold(version)]) {
          const series = versions.get(key);
          calls += series?.calls ?? 0;
          failures += series?.failures ?? 0;
        }
      }
    }
    return { calls, failures };
  }

  /** The time before single calls are simulated. It is fixed on the first request and doesn't change later. */
  #recall(): Past {
    const { name } = this.#destination;
    const { alias, throughAlias, throughUrl, versionSeries, lag, throttled, keptWarm } = this.options;
    const stream = (resource: string, version: string, share: number, isTold: boolean): Stream => ({
      resource,
      version: isTold ? version : null,
      share,
      throughUrl: resource === name ? 0 : throughUrl,
      behaviour: this.#destination.behaviour(version),
      timeout: this.#destination.timeout(version),
    });
    // If there is an additional version already, it is too young to have a past.
    const route = this.#destination.route(alias, this.#beginning, 1);
    const streams = [
      ...(route === null ? [] : [stream(`${name}:${alias}`, route.version, throughAlias, versionSeries === "always")]),
      stream(name, "$LATEST", 1 - throughAlias, false),
    ].filter(({ share }) => share > 0);
    return new Past({
      seed: this.#seed,
      name,
      weather: this.#weather,
      from: this.since,
      until: this.#beginning,
      throttled,
      keptWarm,
      lag: lag[1],
      streams,
    });
  }

  #draw(second: Instant): readonly Arrival[] {
    const random = new Random(this.#seed, this.#destination.name, second);
    const count = random.poisson(this.#weather.rate(second));
    const arrivals = Array.from({ length: count }, () =>
      this.#arrival(second + Math.floor(random.uniform() * SECOND), random),
    );
    return arrivals.sort((a, b) => a.at - b.at);
  }

  #arrival(at: Instant, random: Random): Arrival {
    return {
      at,
      caller: random.uniform(),
      throttle: random.uniform(),
      route: random.uniform(),
      init: random.uniform(),
      failure: random.uniform(),
      duration: random.normal(),
      lag: random.between(...this.options.lag),
    };
  }

  #route(arrival: Arrival): void {
    const { name } = this.#destination;
    const { alias, throughAlias, throughUrl, throttled } = this.options;
    const isThroughAlias = arrival.caller < throughAlias;
    const route = isThroughAlias
      ? this.#destination.route(alias, arrival.at, arrival.route)
      : { version: "$LATEST", isWeighted: false };
    if (route === null) return;
    const resource = isThroughAlias ? `${name}:${alias}` : name;
    const isThroughUrl = arrival.caller < throughAlias * throughUrl;
    const isTold = isThroughAlias && this.#isTold(route.isWeighted);
    if (arrival.throttle < figureAt(throttled, arrival.at)) {
      const series = this.#series(arrival.at, resource, route.version, isTold);
      series.throttle(arrival.at + arrival.lag);
      if (isThroughUrl) series.answer(429, URL_OVERHEAD, arrival.at + arrival.lag);
      return;
    }
    const { duration, failed } = this.#happen(arrival, resource, route.version, isTold);
    if (!isThroughUrl) return;
    const status = failed ? 502 : statusOf(this.#destination.behaviour(route.version), arrival);
    const series = this.#series(arrival.at, resource, route.version, isTold);
    series.answer(status, duration + URL_OVERHEAD, arrival.at + duration + arrival.lag);
  }

  #isTold(isWeighted: boolean): boolean {
    switch (this.options.versionSeries) {
      case "always":
        return true;
      case "while-weighted":
        return isWeighted;
      case "never":
        return false;
    }
  }

  #happen(arrival: Arrival, resource: string, version: string, isTold: boolean): Invocation {
    const { at, init, failure, duration, lag } = arrival;
    const behaviour = this.#destination.behaviour(version);
    const series = this.#series(at, resource, version, isTold);
    if (init < behaviour.initFailureRate) {
      series.failInit(at + lag);
      return { version, duration: 0, failed: true, cold: true };
    }
    const timeout = this.#destination.timeout(version);
    const warm = behaviour.latency * Math.exp(behaviour.spread * duration);
    const hangs = failure < behaviour.hangRate;
    const { cold, taken, concurrency } = this.#environments.take(version, at, (isCold) =>
      hangs ? timeout : Math.min(isCold ? warm + behaviour.coldStart : warm, timeout),
    );
    const isFine = taken < timeout && failure >= 1 - (1 - behaviour.errorRate) * (1 - this.#weather.trouble(at));
    series.add(taken, !isFine, concurrency, at + taken + lag);
    return { version, duration: taken, failed: !isFine, cold };
  }

  #series(at: Instant, resource: string, version: string, isTold: boolean): MinuteSeries {
    const minute = minuteOf(at);
    const resources = entry(this.#minutes, minute, () => new Map<string, Map<string, MinuteSeries>>());
    const versions = entry(resources, resource, () => new Map<string, MinuteSeries>());
    return entry(versions, isTold ? version : untold(version), () => new MinuteSeries(minute));
  }
}

/** What a call that succeeded answered. Its init did too, so what is left of that random number is evenly spread. */
function statusOf({ initFailureRate, serverErrorRate, clientErrorRate }: Behaviour, { init }: Arrival): Status {
  const chance = (init - initFailureRate) / (1 - initFailureRate);
  if (chance < serverErrorRate) return 500;
  return chance < serverErrorRate + clientErrorRate ? 400 : 200;
}

function untold(version: string): string {
  return `(${version})`;
}

function isTold(version: string): boolean {
  return !version.startsWith("(");
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
