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

export interface Median {
  readonly value: number;
  /** The order statistics that contain the true median with 95 % confidence. */
  readonly from: number;
  readonly to: number;
}

export function median(values: readonly number[]): Median {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  const at = (rank: number) => sorted[Math.min(n - 1, Math.max(0, rank))] ?? Number.NaN;
  const half = 0.98 * Math.sqrt(n);
  return {
    value: at(Math.floor((n - 1) / 2)),
    from: at(Math.floor(n / 2 - half) - 1),
    to: at(Math.ceil(n / 2 + half)),
  };
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
