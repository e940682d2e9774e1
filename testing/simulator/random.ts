/**
 * A generator of random numbers that repeats exactly for the same key, on every machine.
 *
 * Whatever has to repeat takes its own generator, keyed by what it is for (seed, function, second). Then no draw
 * depends on how many were made elsewhere before it.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(...key: readonly (string | number)[]) {
    [this.#a, this.#b, this.#c] = scramble(key.join("\u0000"));
    // The first numbers of similar keys are similar; later ones aren't.
    for (let round = 0; round < 12; round++) this.uniform();
  }

  /** At least 0, less than 1. The algorithm is sfc32 (PractRand's small fast counter). */
  uniform(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  }

  uuid(): string {
    const hex = (text: string) => text.replace(/x/g, () => Math.floor(this.uniform() * 16).toString(16));
    return hex("xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx");
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** @param sigma the standard deviation of the logarithm */
  lognormal(median: number, sigma: number): number {
    return median * Math.exp(sigma * this.normal());
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.uniform());
  }

  /**
   * How many events happen where `mean` are expected: Knuth's product, in parts small enough for e to the minus mean.
   */
  poisson(mean: number): number {
    let count = 0;
    for (let rest = mean; rest > 0; rest -= 500) {
      const limit = Math.exp(-Math.min(rest, 500));
      for (let product = this.uniform(); product > limit; product *= this.uniform()) count += 1;
    }
    return count;
  }

  /** The same at a fixed cost for any mean: from 50 on, by the normal approximation. */
  events(mean: number): number {
    return mean < 50 ? this.poisson(mean) : Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
  }

  /** With mean `shape` and scale 1, after Marsaglia and Tsang (2000). */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(1 - this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  beta(a: number, b: number): number {
    const x = this.gamma(a);
    return x / (x + this.gamma(b));
  }
}

/** The quantile of the standard normal distribution at a probability: Tukey's approximation. */
export function normalQuantile(chance: number): number {
  return (chance ** 0.135 - (1 - chance) ** 0.135) / 0.1975;
}

/** The quantile of the Poisson distribution with this mean at a probability. */
export function poissonQuantile(mean: number, chance: number): number {
  if (mean >= 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normalQuantile(chance)));
  let [events, term] = [0, Math.exp(-mean)];
  // Rounding can keep the sum below 1, so stop when the terms are too small to count.
  for (let sum = term; sum < chance && term > 1e-12; sum += term) {
    events += 1;
    term *= mean / events;
  }
  return events;
}

/** Three words of state from a text: FNV-1a with three different starts, finished like MurmurHash3. */
function scramble(text: string): [number, number, number] {
  const word = (start: number) => {
    let hash = start;
    for (let index = 0; index < text.length; index++) {
      hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
    }
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  };
  return [word(0x811c9dc5), word(0x1b873593), word(0x9e3779b9)];
}
