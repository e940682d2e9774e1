/** The probability that Binomial(n, p) is at most k. */
function atMost(k: number, n: number, p: number): number {
  let log = n * Math.log1p(-p);
  let sum = Math.exp(log);
  for (let i = 1; i <= k; i++) {
    log += Math.log((n - i + 1) / i) + Math.log(p / (1 - p));
    sum += Math.exp(log);
  }
  return sum;
}

/** Clopper and Pearson's bound: with a larger share, fewer than 5 % of such benches would have so few hits. */
export function upperBound(hits: number, runs: number): number {
  if (hits >= runs) return 1;
  let [low, high] = [hits / runs, 1];
  for (let round = 0; round < 50; round++) {
    const middle = (low + high) / 2;
    if (atMost(hits, runs, middle) > 0.05) low = middle;
    else high = middle;
  }
  return high;
}

/** Of an even number of values, the lower one in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  return ranked(values)(Math.floor((values.length - 1) / 2));
}

/** The order statistics that contain the true median with 95 % confidence. */
export function boundsOfMedian(values: readonly number[]): { readonly from: number; readonly to: number } {
  const [at, middle, half] = [ranked(values), values.length / 2, 0.98 * Math.sqrt(values.length)];
  return { from: at(Math.floor(middle - half) - 1), to: at(Math.ceil(middle + half)) };
}

/** The value at a rank from 0 on; beyond either end, the last one there. */
function ranked(values: readonly number[]): (rank: number) => number {
  const sorted = [...values].sort((a, b) => a - b);
  return (rank) => sorted[Math.min(sorted.length - 1, Math.max(0, rank))] ?? Number.NaN;
}

export interface Mean {
  readonly value: number;
  /** Half the width of its 95 % interval. */
  readonly margin: number;
}

export function mean(values: readonly number[]): Mean {
  const value = values.reduce((sum, x) => sum + x, 0) / values.length;
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0);
  return { value, margin: (1.96 * Math.sqrt(squares / Math.max(1, values.length - 1))) / Math.sqrt(values.length) };
}
