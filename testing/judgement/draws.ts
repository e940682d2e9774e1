import type { Random } from "../simulator/random.ts";

/**
 * How many events happen where `mean` are expected. Large means are halved by the waiting time of an event in the
 * middle (Ahrens and Dieter, 1974), so a draw takes few steps and is exact in its tails too.
 */
export function poisson(random: Random, mean: number): number {
  let count = 0;
  let rest = mean;
  while (rest > 30) {
    const middle = Math.floor((rest * 7) / 8);
    const waited = random.gamma(middle);
    if (waited > rest) return count + binomial(random, middle - 1, rest / waited);
    count += middle;
    rest -= waited;
  }
  return count + random.poisson(rest);
}

/** How many of `n` succeed, each with probability `chance`. Large `n` are halved by their median order statistic. */
export function binomial(random: Random, n: number, chance: number): number {
  let [count, left, p] = [0, n, chance];
  while (left > 40) {
    const middle = 1 + Math.floor(left / 2);
    const median = random.beta(middle, left + 1 - middle);
    if (median <= p) {
      count += middle;
      left -= middle;
      p = (p - median) / (1 - median);
    } else {
      left = middle - 1;
      p /= median;
    }
  }
  for (; left > 0; left--) if (random.uniform() < p) count += 1;
  return count;
}
