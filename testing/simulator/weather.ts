import { type Duration, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import { Random } from "./random.ts";

/** A figure that may change over time. As a function, it always gives the same value for the same instant. */
export type Figure = number | ((at: Instant) => number);

export function figureAt(figure: Figure, at: Instant): number {
  return typeof figure === "number" ? figure : figure(at);
}

/** The conditions that all versions of a function share: how many calls come, and what trouble is around. */
export interface WeatherOptions {
  readonly callsPerMinute: Figure;
  /** A slow rise and fall of the rate, by `amplitude` of it up and down. */
  readonly wave: { readonly amplitude: number; readonly period: Duration } | null;
  /** Multiplies each minute's rate by Gamma(shape) / shape. */
  readonly jitter: { readonly shape: number } | null;
  /** Bursts of trouble in which calls to any version also fail with probability Beta(1, 4). */
  readonly bursts: { readonly startsPerMinute: number; readonly meanLength: Duration } | null;
}

/** Uneven in every way, like real traffic. */
export const ROUGH: Pick<WeatherOptions, "wave" | "jitter" | "bursts"> = {
  wave: { amplitude: 0.5, period: 30 * MINUTE },
  jitter: { shape: 2 },
  bursts: { startsPerMinute: 0.05, meanLength: 3 * MINUTE },
};

interface Burst {
  readonly end: Instant;
  /** The chance that a call fails because of it. */
  readonly failures: number;
}

/** The conditions of one function's traffic. They are the same for an instant whenever you ask. */
export class Weather {
  readonly #options: WeatherOptions;
  readonly #key: readonly [number, string];
  /** By the minute in which it would start; null if none does. */
  readonly #bursts = new Map<Instant, Burst | null>();
  /** Those that may reach into the minute asked about last. */
  #around: { readonly minute: Instant; readonly bursts: readonly Burst[] } | null = null;

  constructor(seed: number, name: string, options: WeatherOptions) {
    this.#key = [seed, name];
    this.#options = options;
  }

  /** The expected calls in a second. */
  rate(second: Instant): number {
    const { callsPerMinute, wave, jitter } = this.#options;
    const tide = wave === null ? 1 : 1 + wave.amplitude * Math.sin((2 * Math.PI * second) / wave.period);
    const gust =
      jitter === null ? 1 : new Random(...this.#key, "jitter", minuteOf(second)).gamma(jitter.shape) / jitter.shape;
    return ((figureAt(callsPerMinute, second) * SECOND) / MINUTE) * tide * gust;
  }

  /** The additional chance of failure at an instant. */
  trouble(at: Instant): number {
    if (this.#options.bursts === null) return 0;
    let worst = 0;
    for (const { end, failures } of this.#burstsAround(minuteOf(at))) {
      if (at < end) worst = Math.max(worst, failures);
    }
    return worst;
  }

  #burstsAround(minute: Instant): readonly Burst[] {
    if (this.#around?.minute === minute) return this.#around.bursts;
    const found: Burst[] = [];
    const { meanLength = 0 } = this.#options.bursts ?? {};
    for (let start = minute; start > minute - 8 * meanLength; start -= MINUTE) {
      const burst = this.#burst(start);
      if (burst !== null && burst.end > minute) found.push(burst);
    }
    this.#around = { minute, bursts: found };
    return found;
  }

  #burst(start: Instant): Burst | null {
    const known = this.#bursts.get(start);
    if (known !== undefined) return known;
    const { startsPerMinute = 0, meanLength = 0 } = this.#options.bursts ?? {};
    const random = new Random(...this.#key, "burst", start);
    const starts = random.uniform() < startsPerMinute;
    const burst = starts ? { end: start + random.exponential(meanLength), failures: random.beta(1, 4) } : null;
    this.#bursts.set(start, burst);
    return burst;
  }
}
