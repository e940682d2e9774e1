import type { Duration } from "../../src/domain/time.ts";
import { normalCdf, normalQuantile } from "../../src/forecast/normal.ts";
import type { Random } from "../simulator/random.ts";

/** Durations of calls: a mixture of lognormal distributions. */
export type Durations = readonly Part[];

interface Part {
  /** Share of the calls. The shares of all parts add up to 1. */
  readonly share: number;
  readonly median: Duration;
  /** The standard deviation of the logarithm. */
  readonly sigma: number;
}

/** What a function's calls may look like: tight, usual, wide, or behind a cache that misses a fifth of them. */
export const SHAPES = {
  "σ 0.2": [{ share: 1, median: 100, sigma: 0.2 }],
  "σ 0.4": [{ share: 1, median: 100, sigma: 0.4 }],
  "σ 0.8": [{ share: 1, median: 100, sigma: 0.8 }],
  bimodal: [
    { share: 0.8, median: 20, sigma: 0.3 },
    { share: 0.2, median: 300, sigma: 0.3 },
  ],
} as const satisfies { readonly [name: string]: Durations };

export type Shape = keyof typeof SHAPES;

export function scaled(durations: Durations, scale: number): Durations {
  return durations.map((part) => ({ ...part, median: scale * part.median }));
}

/** Makes a share of the calls cold: with `more` times the median added, and the same spread. */
export function withColdStarts(durations: Durations, cold: number, more: number): Durations {
  const extra = more * quantile(durations, 0.5);
  return [
    ...durations.map((part) => ({ ...part, share: part.share * (1 - cold) })),
    ...durations.map((part) => ({ ...part, share: part.share * cold, median: part.median + extra })),
  ];
}

/** The share of calls that take longer than `bound`. */
export function shareOver(durations: Durations, bound: Duration): number {
  return durations.reduce(
    (sum, { share, median, sigma }) => sum + share * normalCdf(Math.log(median / bound) / sigma),
    0,
  );
}

/** The duration that a share of calls doesn't exceed. */
export function quantile(durations: Durations, upTo: number): Duration {
  const ofParts = durations.map(({ median, sigma }) => median * Math.exp(sigma * normalQuantile(upTo)));
  // The mixture's quantile lies between those of its parts.
  let [low, high] = [Math.min(...ofParts), Math.max(...ofParts)];
  while (high / low > 1 + 1e-6) {
    const middle = Math.sqrt(low * high);
    if (shareOver(durations, middle) > 1 - upTo) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

export function drawDuration(durations: Durations, random: Random): Duration {
  let rest = durations.length > 1 ? random.uniform() : 0;
  for (const { share, median, sigma } of durations) {
    if (rest < share) return random.lognormal(median, sigma);
    rest -= share;
  }
  const last = durations.at(-1);
  return random.lognormal(last?.median ?? 0, last?.sigma ?? 0);
}

/** A percentile of `calls` calls, by nearest rank. Uniform order statistics have a Beta distribution. */
export function drawPercentile(durations: Durations, calls: number, percentile: number, random: Random): Duration {
  const rank = Math.max(1, Math.ceil((calls * percentile) / 100));
  return quantile(durations, random.beta(rank, calls + 1 - rank));
}

/** From this many calls on, a sum is drawn from its normal approximation. */
const MANY = 200;

/** The average duration of `calls` calls. */
export function drawMean(durations: Durations, calls: number, random: Random): Duration {
  if (calls >= MANY) {
    const { mean, variance } = momentsOf(durations);
    return mean + Math.sqrt(variance / calls) * random.normal();
  }
  let sum = 0;
  for (let call = 0; call < calls; call++) sum += drawDuration(durations, random);
  return sum / calls;
}

function momentsOf(durations: Durations) {
  let [mean, square] = [0, 0];
  for (const { share, median, sigma } of durations) {
    mean += share * median * Math.exp(sigma ** 2 / 2);
    square += share * median ** 2 * Math.exp(2 * sigma ** 2);
  }
  return { mean, variance: square - mean ** 2 };
}

/** The logarithm of the likelihood ratio of one duration: distributed as `there` against as `here`. */
function likelihoodRatio(duration: Duration, there: Durations, here: Durations): number {
  const density = (of: Durations) =>
    of.reduce(
      (sum, { share, median, sigma }) =>
        sum + (share / sigma) * Math.exp(-((Math.log(duration / median) / sigma) ** 2) / 2),
      0,
    );
  return Math.log(density(there) / density(here));
}

/**
 * Draws the evidence from `calls` calls distributed as `there`, for someone who knows both distributions: the sum of
 * their log likelihood ratios.
 */
export function drawLikelihoodRatio(there: Durations, here: Durations, calls: number, random: Random): number {
  let sum = 0;
  for (let call = 0; call < Math.min(calls, MANY); call++) {
    sum += likelihoodRatio(drawDuration(there, random), there, here);
  }
  // After this many calls, the others would say the same.
  return calls <= MANY ? sum : (sum * calls) / MANY;
}
