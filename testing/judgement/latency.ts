import type { Counts, MinuteCounts } from "../../src/analysis/counts.ts";
import { SLOW } from "../../src/analysis/method.ts";
import { type Duration, type Instant, MINUTE } from "../../src/domain/time.ts";
import { Random } from "../simulator/random.ts";
import { binomial, poisson } from "./draws.ts";
import {
  type Durations,
  drawLikelihoodRatio,
  drawMean,
  drawPercentile,
  quantile,
  SHAPES,
  type Shape,
  scaled,
  shareOver,
  withColdStarts,
} from "./durations.ts";
import {
  BAKE,
  type Bake,
  type Conditions,
  drawGust,
  drawTroubles,
  everyFifteenSeconds,
  LAG,
  rampedWeight,
} from "./environments.ts";

/** What the benches' guard allows: `pNN <= baseline * 1.2`. */
export const ALLOWED = 1.2;

/** A cell of the latency tables. */
export interface LatencyCell {
  /** Rough: both versions' durations jitter, rise and fall in waves, and are several times as long in bursts. */
  readonly weather: "calm" | "rough";
  readonly shape: Shape;
  /** Ramped: 5, 25 and 50 % for 20 minutes each. */
  readonly weight: number | "ramped";
  readonly callsPerMinute: number;
  /**
   * How many times as long the canary's calls take; or as slow as the test allows, by the number of calls over the
   * bound.
   */
  readonly canary: number | "as slow as counts allow";
  /** The share of each version's calls that are cold; null for none. */
  readonly cold: Readonly<{ [side in Side]: number }> | null;
  /** The baseline's percentile as assumed before the release, as a multiple of the true one in calm weather. */
  readonly usual: number;
  /** How CloudWatch ranks: by the durations, or from bucket counts, linearly within a bucket. */
  readonly ranks: "exact" | "bucketed";
}

/** One bake: what a release can see of it, and how many canary calls were slow by a given time. */
export interface LatencyBake {
  readonly looks: readonly LatencyLook[];
  /** Slow calls count like failed ones. */
  failedBy(at: Instant): number;
}

export interface LatencyLook {
  readonly at: Instant;
  readonly minutes: readonly LatencyMinute[];
}

export type Side = "canary" | "baseline";

/** The baseline's percentile as assumed before the release. */
export function usualOf(cell: Pick<LatencyCell, "shape" | "cold" | "usual">, percentile: number): Duration {
  return cell.usual * quantile(baselineOf(cell), percentile / 100);
}

/**
 * The shares of slow calls in calm weather: the canary's, and that of a canary exactly at its tolerance, which is the
 * baseline's.
 */
export function sharesOver(
  cell: LatencyCell,
  percentile: number,
): { readonly canary: number; readonly allowed: number } {
  const usual = usualOf(cell, percentile);
  return { canary: shareOver(canaryOf(cell), ALLOWED * usual), allowed: shareOver(baselineOf(cell), usual) };
}

/** How many times the median a cold start adds. */
const COLD = 3.5;

function baselineOf({ shape, cold }: Pick<LatencyCell, "shape" | "cold">): Durations {
  return cold === null ? SHAPES[shape] : withColdStarts(SHAPES[shape], cold.baseline, COLD);
}

function canaryOf({ shape, cold, canary }: LatencyCell): Durations {
  const durations = cold === null ? SHAPES[shape] : withColdStarts(SHAPES[shape], cold.canary, COLD);
  return scaled(durations, typeof canary === "number" ? canary : 1);
}

/** What is the same in all minutes of a cell. */
class Scene {
  readonly cell: LatencyCell;
  readonly canary: Durations;
  readonly baseline: Durations;
  /** The durations of a canary exactly at its tolerance. */
  readonly allowed: Durations;
  readonly #usual = new Map<number, Duration>();

  constructor(cell: LatencyCell) {
    this.cell = cell;
    this.canary = canaryOf(cell);
    this.baseline = baselineOf(cell);
    this.allowed = scaled(this.baseline, ALLOWED);
  }

  usual(percentile: number): Duration {
    const known = this.#usual.get(percentile) ?? usualOf(this.cell, percentile);
    this.#usual.set(percentile, known);
    return known;
  }

  /** The share of a version's calls over a bound, in a minute in which all calls take `scale` times as long. */
  over(side: Side, bound: Duration, scale: number): number {
    if (side === "canary" && this.cell.canary === "as slow as counts allow") {
      return Math.min(1, SLOW.ratio * shareOver(this.baseline, bound / ALLOWED / scale) + SLOW.margin);
    }
    return shareOver(side === "canary" ? this.canary : this.baseline, bound / scale);
  }
}

interface MinuteScene {
  /** How many times as long all calls take. */
  readonly scale: number;
  /** Expected calls. */
  readonly canary: number;
  readonly baseline: number;
}

/**
 * The figures of one bake, drawn minute by minute when they are asked for. Each figure has its own seed, so it doesn't
 * matter who asks, and for what else.
 */
class Figures {
  readonly scene: Scene;
  readonly minutes: readonly MinuteScene[];
  readonly #key: readonly [string, number];
  readonly #series = new Map<string, { readonly random: Random; readonly values: number[] }>();

  constructor(scene: Scene, minutes: readonly MinuteScene[], key: readonly [string, number]) {
    this.scene = scene;
    this.minutes = minutes;
    this.#key = key;
  }

  draw(figure: string, index: number, draw: (random: Random, here: MinuteScene, index: number) => number): number {
    const series = this.#series.get(figure) ?? { random: new Random(...this.#key, figure), values: [] };
    this.#series.set(figure, series);
    for (const [next, here] of this.minutes.entries()) {
      if (next > index) break;
      if (next >= series.values.length) series.values.push(draw(series.random, here, next));
    }
    return series.values[index] ?? Number.NaN;
  }
}

/** One minute of a bake. */
export class LatencyMinute {
  readonly minute: Instant;
  readonly #index: number;
  readonly #figures: Figures;

  constructor(figures: Figures, index: number) {
    this.minute = index * MINUTE;
    this.#index = index;
    this.#figures = figures;
  }

  calls(side: Side): number {
    return this.#calls(side, this.#index);
  }

  /**
   * Each version's calls, and how many are over its bound: the usual percentile, for the canary times what the guard
   * allows.
   */
  counts(percentile: number, bounds: "two" | "one"): MinuteCounts {
    const usual = this.#figures.scene.usual(percentile);
    const canary = this.#slow("canary", bounds === "two" ? ALLOWED * usual : usual);
    return { minute: this.minute, canary, baseline: this.#slow("baseline", usual) };
  }

  percentile(side: Side, percentile: number): Duration {
    return this.#draw(
      `${side} p${percentile}`,
      (random, { scale }, index) =>
        scale * drawPercentile(this.#figures.scene[side], this.#calls(side, index), percentile, random),
    );
  }

  mean(side: Side): Duration {
    return this.#draw(
      `${side} mean`,
      (random, { scale }, index) => scale * drawMean(this.#figures.scene[side], this.#calls(side, index), random),
    );
  }

  /**
   * The canary's evidence for someone who knows both versions' durations, and how long all calls take in this minute.
   */
  likelihoodRatio(): number {
    const { canary, allowed } = this.#figures.scene;
    return this.#draw("likelihood ratio", (random, _, index) =>
      drawLikelihoodRatio(canary, allowed, this.#calls("canary", index), random),
    );
  }

  #draw(figure: string, draw: (random: Random, here: MinuteScene, index: number) => number): number {
    return this.#figures.draw(figure, this.#index, draw);
  }

  #calls(side: Side, index: number): number {
    return this.#figures.draw(`${side} calls`, index, (random, here) => poisson(random, here[side]));
  }

  #slow(side: Side, bound: Duration): Counts {
    const { scene } = this.#figures;
    const failures = this.#draw(`${side} over ${bound}`, (random, { scale }, index) => {
      const calls = this.#calls(side, index);
      const over = (of: Duration) => scene.over(side, of, scale);
      return scene.cell.ranks === "exact" ? binomial(random, calls, over(bound)) : bucketed(random, calls, bound, over);
    });
    return { calls: this.calls(side), failures };
  }
}

/** The ratio of a bucket's end to its start, as a logarithm. */
const BUCKET = Math.log(1.1);

/** The number of calls over a bound as a histogram estimates it from bucket counts alone. */
function bucketed(random: Random, calls: number, bound: Duration, over: (bound: Duration) => number): number {
  const [from, to] = bucketOf(bound);
  const [overFrom, overTo] = [over(from), over(to)];
  const above = binomial(random, calls, overFrom);
  const beyond = overFrom === 0 ? 0 : binomial(random, above, overTo / overFrom);
  return Math.round(beyond + ((to - bound) / (to - from)) * (above - beyond));
}

function bucketOf(bound: Duration): readonly [Duration, Duration] {
  const index = Math.floor(Math.log(bound) / BUCKET);
  return [Math.exp(index * BUCKET), Math.exp((index + 1) * BUCKET)];
}

export function drawLatencyBake(cell: LatencyCell, run: number): LatencyBake {
  const key = JSON.stringify(cell);
  const scene = new Scene(cell);
  const figures = new Figures(scene, drawScenes(cell, new Random("latency", key, run)), [key, run]);
  const minutes = figures.minutes.map((_, index) => new LatencyMinute(figures, index));
  const looks = minutes
    .slice(0, BAKE - LAG)
    .map((_, index): LatencyLook => ({ at: (index + 1 + LAG) * MINUTE, minutes: minutes.slice(0, index + 1) }));
  const failedBy = (at: Instant) =>
    minutes.reduce((sum, each) => (each.minute < at ? sum + each.counts(PERCENTILE, "two").canary.failures : sum), 0);
  return { looks, failedBy };
}

/** The percentile that is guarded by default. */
export const PERCENTILE = 90;

/** A bake polled every 15 seconds, while its minutes still grow: only the guard's counts. */
export function drawPolledBake(cell: LatencyCell, run: number): Bake {
  const random = new Random("polled latency", JSON.stringify(cell), run);
  const scene = new Scene(cell);
  const usual = scene.usual(PERCENTILE);
  const firstMinute = random.uniform();
  const conditions = drawScenes(cell, random).map(
    ({ scale, canary, baseline }, minute): Conditions => ({
      // The shift came at any second of the first minute.
      canary: { calls: canary * (minute === 0 ? firstMinute : 1), rate: scene.over("canary", ALLOWED * usual, scale) },
      baseline: { calls: baseline, rate: scene.over("baseline", usual, scale) },
    }),
  );
  return everyFifteenSeconds(conditions, random);
}

/** Waves of durations, and the standard deviation of the logarithm of their jitter per minute. */
const WAVE = { amplitude: 0.3, period: 30 };
const JITTER = 0.2;
/** How many times as long calls take in the worst possible burst. */
const WORST_BURST = 10;

function drawScenes({ weather, weight, callsPerMinute }: LatencyCell, random: Random): readonly MinuteScene[] {
  const isRough = weather === "rough";
  const troubles = isRough ? drawTroubles(random) : null;
  const [phase, tide] = [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()];
  return Array.from({ length: BAKE }, (_, minute) => {
    const calls = callsPerMinute * (isRough ? drawGust(minute, phase, random) : 1);
    const share = weight === "ramped" ? rampedWeight(minute) : weight;
    const wave = 1 + WAVE.amplitude * Math.sin(tide + (2 * Math.PI * minute) / WAVE.period);
    const burst = 1 + (WORST_BURST - 1) * (troubles?.[minute] ?? 0);
    const scale = isRough ? wave * burst * Math.exp(JITTER * random.normal()) : 1;
    return { scale, canary: calls * share, baseline: calls * (1 - share) };
  });
}
