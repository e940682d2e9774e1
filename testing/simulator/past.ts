import { type Duration, HOUR, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import type { Behaviour } from "./behaviour.ts";
import { type CallMetric, isCounted, type Status } from "./minute-series.ts";
import { normalQuantile, poissonQuantile, Random } from "./random.ts";
import { condensed, drawn, flags, type Samples, together } from "./samples.ts";
import { type Figure, figureAt, type Weather } from "./weather.ts";

/** Calls to one resource, all served by one version. */
export interface Stream {
  /** `checkout:live` */
  readonly resource: string;
  /** Null if CloudWatch doesn't name it. */
  readonly version: string | null;
  /** Share of all calls to the function, 0 to 1. */
  readonly share: number;
  /** Share of these calls that come by a function URL. */
  readonly throughUrl: number;
  readonly behaviour: Behaviour;
  readonly timeout: Duration;
}

export interface PastOptions {
  readonly seed: number;
  /** The function's name. */
  readonly name: string;
  readonly weather: Weather;
  readonly from: Instant;
  readonly until: Instant;
  readonly throttled: Figure;
  readonly keptWarm: Duration;
  /** How long after its end a minute shows up. */
  readonly lag: Duration;
  readonly streams: readonly Stream[];
}

/** How a minute's calls ended. */
interface Fates {
  readonly throttled: number;
  readonly failedInits: number;
  readonly failed: number;
  readonly fine: number;
}

/** How many requests to a function URL were answered how. */
type Answers = ReadonlyMap<Status, number>;

interface Remembered extends Stream {
  readonly durations: Durations;
  readonly fates: Map<Instant, Fates>;
  /** The totals of whole hours, by metric and hour. */
  readonly hours: Map<string, Samples | null>;
}

/**
 * What CloudWatch knows about the time before single calls are simulated. Each minute is drawn as a whole when somebody
 * asks for it, so a week of any traffic costs next to nothing. An hour is always made from its minutes.
 */
export class Past {
  readonly #options: PastOptions;
  readonly #streams: readonly Remembered[];

  constructor(options: PastOptions) {
    this.#options = options;
    this.#streams = options.streams.map((stream) => ({
      ...stream,
      durations: new Durations(stream),
      fates: new Map(),
      hours: new Map(),
    }));
  }

  /** All streams of calls. */
  get streams(): readonly Stream[] {
    return this.#streams;
  }

  /** A metric's samples from `from` up to `to`, in parts. Without a `resource`, all of the function's calls. */
  samples(
    metric: CallMetric,
    { from, to, seenAt }: { readonly from: Instant; readonly to: Instant; readonly seenAt: Instant },
    resource: string | null,
    version: string | null,
  ): readonly (Samples | null)[] {
    const { lag, ...past } = this.#options;
    const end = Math.min(to, past.until, minuteOf(seenAt - lag));
    const parts: (Samples | null)[] = [];
    for (const stream of this.#streams) {
      if (resource !== null && resource !== stream.resource) continue;
      if (version !== null && version !== stream.version) continue;
      for (let [at, step] = [Math.max(from, past.from), MINUTE]; at < end; at += step) {
        step = at % HOUR === 0 && at + HOUR <= end ? HOUR : MINUTE;
        parts.push(step === HOUR ? this.#hour(stream, metric, at) : this.#minutes(stream, metric, [at]));
      }
    }
    return parts;
  }

  #hour(stream: Remembered, metric: CallMetric, hour: Instant): Samples | null {
    const key = `${metric} ${hour}`;
    const known = stream.hours.get(key);
    if (known !== undefined) return known;
    const minutes = Array.from({ length: HOUR / MINUTE }, (_, index) => hour + index * MINUTE);
    const made = this.#minutes(stream, metric, minutes);
    stream.hours.set(key, made);
    return made;
  }

  #minutes(stream: Remembered, metric: CallMetric, minutes: readonly Instant[]): Samples | null {
    const count = (...fates: readonly (keyof Fates)[]) => {
      let total = 0;
      for (const minute of minutes) {
        const all = this.#fates(stream, minute);
        for (const fate of fates) total += all[fate];
      }
      return total;
    };
    const measured = (quantiles: (minute: Instant, random: Random) => (chance: number) => number) =>
      condensed(
        together(
          minutes.map((minute) => {
            const { failed, fine } = this.#fates(stream, minute);
            const random = this.#random(stream, metric, minute);
            return drawn(failed + fine, random, quantiles(minute, random));
          }),
        ),
      );

    switch (metric) {
      case "Invocations":
        return flags(count("failed", "fine"), count("failed", "fine"));
      case "Errors":
        return flags(count("failedInits", "failed", "fine"), count("failedInits", "failed"));
      case "Throttles":
        return flags(count("throttled", "failed", "fine"), count("throttled"));
      case "Duration":
        return measured((minute, random) => this.#durations(stream, minute, random));
      case "ConcurrentExecutions":
        return measured((minute) => {
          const others = this.#concurrency(minute);
          return (chance) => 1 + poissonQuantile(others, chance);
        });
      case "UrlRequestCount":
      case "Url4xxCount":
      case "Url5xxCount": {
        const answers = minutes.flatMap((minute) => [...this.#answers(stream, minute)]);
        const sum = (counted: typeof answers) => counted.reduce((total, [, many]) => total + many, 0);
        return flags(sum(answers), sum(answers.filter(([status]) => isCounted(metric, status))));
      }
      case "UrlRequestLatency":
        return stream.throughUrl === 0 ? null : this.#minutes(stream, "Duration", minutes);
    }
  }

  /** Calls come at random, so the numbers of calls with each ending are random too, and independent of each other. */
  #fates(stream: Remembered, minute: Instant): Fates {
    const known = stream.fates.get(minute);
    if (known !== undefined) return known;
    const { weather } = this.#options;
    const { errorRate, initFailureRate } = stream.behaviour;
    const throttled = figureAt(this.#options.throttled, minute);
    const fine = (1 - errorRate) * (1 - weather.trouble(middleOf(minute))) * (1 - stream.durations.timedOut);
    const calls = this.#callsPerMinute(minute) * stream.share;
    const run = calls * (1 - throttled) * (1 - initFailureRate);
    const random = this.#random(stream, "fates", minute);
    const drawnFates = {
      throttled: random.events(calls * throttled),
      failedInits: random.events(calls * (1 - throttled) * initFailureRate),
      failed: random.events(run * (1 - fine)),
      fine: random.events(run * fine),
    };
    stream.fates.set(minute, drawnFates);
    return drawnFates;
  }

  #answers(stream: Remembered, minute: Instant): Answers {
    const { throughUrl, behaviour } = stream;
    if (throughUrl === 0) return new Map();
    const { throttled, failedInits, failed, fine } = this.#fates(stream, minute);
    const random = this.#random(stream, "answers", minute);
    const through = (calls: number) => Math.round(calls * throughUrl);
    const server = Math.min(through(fine), random.events(through(fine) * behaviour.serverErrorRate));
    const client = Math.min(through(fine) - server, random.events(through(fine) * behaviour.clientErrorRate));
    return new Map([
      [200, through(fine) - server - client],
      [400, client],
      [429, through(throttled)],
      [500, server],
      [502, through(failedInits + failed)],
    ]);
  }

  /** A call is cold if no other came for as long as an execution environment is kept. */
  #durations({ share, durations }: Remembered, minute: Instant, random: Random) {
    const cold = Math.exp(-(this.#callsPerMinute(minute) * share * this.#options.keptWarm) / MINUTE);
    if (cold < 0.001) return (chance: number) => durations.warm(chance);
    return (chance: number) => (random.uniform() < cold ? durations.cold(chance) : durations.warm(chance));
  }

  /** How many calls are under way on average: as many as arrive during one call. */
  #concurrency(minute: Instant): number {
    const busy = this.#streams.reduce((total, { share, durations }) => total + share * durations.mean, 0);
    return (this.#callsPerMinute(minute) / MINUTE) * busy;
  }

  #callsPerMinute(minute: Instant): number {
    return this.#options.weather.rate(middleOf(minute)) * (MINUTE / SECOND);
  }

  #random({ resource }: Stream, what: string, minute: Instant): Random {
    return new Random(this.#options.seed, this.#options.name, "past", resource, what, minute);
  }
}

/** How long a version's calls take: the distribution, worked out once. */
class Durations {
  readonly #warm = new Float64Array(1_000);
  readonly #coldStart: Duration;
  readonly #timeout: Duration;
  readonly mean: Duration;
  /** Share of the calls that time out. */
  readonly timedOut: number;

  constructor({ behaviour, timeout }: Stream) {
    const { latency, spread, hangRate, coldStart } = behaviour;
    this.#timeout = timeout;
    this.#coldStart = coldStart;
    let [sum, timedOut] = [0, 0];
    for (let index = 0; index < this.#warm.length; index++) {
      const chance = (index + 0.5) / this.#warm.length / (1 - hangRate);
      const taken = chance < 1 ? Math.min(timeout, latency * Math.exp(spread * normalQuantile(chance))) : timeout;
      this.#warm[index] = taken;
      sum += taken;
      if (taken >= timeout) timedOut += 1;
    }
    this.mean = sum / this.#warm.length;
    this.timedOut = timedOut / this.#warm.length;
  }

  warm(chance: number): Duration {
    return this.#warm[Math.floor(chance * this.#warm.length)] ?? this.#timeout;
  }

  cold(chance: number): Duration {
    return Math.min(this.#timeout, this.warm(chance) + this.#coldStart);
  }
}

/** The instant at which to ask for a minute's weather. */
function middleOf(minute: Instant): Instant {
  return minute + MINUTE / 2;
}
