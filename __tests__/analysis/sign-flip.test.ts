import fc from "fast-check";
import { noPairs, type Pair, type PairedEvidence, sealPairs, weighPairs } from "../../src/analysis/sign-flip.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { Random } from "../../testing/simulator/random.ts";

const RISKS = { alpha: 0.01, beta: 0.02 };

/** A minute in which the canary exceeds the limit by `z`, relative to their mean size. */
function pairAt(index: number, z: number): Pair {
  return { minute: index * MINUTE, canary: 100 * (1 + z / 2), baseline: 100, allowed: 100 * (1 - z / 2) };
}

function weighed(zs: readonly number[]) {
  return weighPairs(
    noPairs(0),
    zs.map((z, index) => pairAt(index, z)),
    RISKS,
  );
}

const figure = fc.oneof(fc.double({ min: 0, max: 5_000, noNaN: true }), fc.constantFrom(0, 1e-9, 1e12));
const pairs = fc
  .array(fc.tuple(figure, figure), { minLength: 1, maxLength: 30 })
  .map((list): Pair[] =>
    list.map(([canary, allowed], index) => ({ minute: index * MINUTE, canary, baseline: allowed, allowed })),
  );

test("the evidence is the same whether minutes arrive at once or one by one", () => {
  fc.assert(
    fc.property(pairs, fc.nat(30), (all, cut) => {
      const end = all.length * MINUTE;
      const atOnce = sealPairs(noPairs(0), all, end, RISKS);
      let oneByOne: PairedEvidence = noPairs(0);
      for (let i = 1; i <= all.length; i++) oneByOne = sealPairs(oneByOne, all, i * MINUTE, RISKS);
      expect(oneByOne).toStrictEqual(atOnce);
      expect(oneByOne.seen.minutes).toBe(all.length);
      // The result is the same if only a part is sealed and the rest is provisional.
      const half = sealPairs(noPairs(0), all, cut * MINUTE, RISKS);
      const rest = weighPairs(half, all, RISKS);
      expect(rest.bad).toBe(weighPairs(noPairs(0), all, RISKS).bad);
      expect(rest.seen).toStrictEqual(atOnce.seen);
    }),
  );
});

test("evidence survives being written as JSON", () => {
  fc.assert(
    fc.property(pairs, (all) => {
      const evidence = sealPairs(noPairs(0), all, 10 * MINUTE, RISKS);
      const back = JSON.parse(JSON.stringify(evidence));
      expect(weighPairs(back, all, RISKS)).toStrictEqual(weighPairs(evidence, all, RISKS));
    }),
  );
});

/** The mean of the e-value over all choices of signs, each equally likely: exactly what a symmetric null gives. */
function meanOverSigns(sizes: readonly number[], shift: number, side: "bad" | "good"): number {
  const level = side === "bad" ? RISKS.alpha : RISKS.beta;
  const patterns = 2 ** sizes.length;
  let sum = 0;
  for (let pattern = 0; pattern < patterns; pattern++) {
    const pairs = sizes.map((size, index) => pairAt(index, ((pattern >> index) & 1 ? size : -size) + shift));
    sum += level ** -sealPairs(noPairs(0), pairs, sizes.length * MINUTE, RISKS)[side].height;
  }
  return sum / patterns;
}

test("where the canary is as likely over as under what is allowed, the mean of the e-value is 1, however the minutes differ", () => {
  const sizes = fc.array(fc.double({ min: 0, max: 1.9, noNaN: true }), { minLength: 7, maxLength: 7 });
  fc.assert(
    fc.property(sizes, (list) => {
      expect(Math.abs(meanOverSigns(list, 0, "bad") - 1)).toBeLessThan(1e-9);
      expect(Math.abs(meanOverSigns(list, 0, "good") - 1)).toBeLessThan(1e-9);
    }),
    { numRuns: 30 },
  );
});

test.each([0.01, 0.1, 0.5])(
  "where the canary is rather under it the mean is below 1, and where it is rather over it so is that of being good: by %d",
  (shift) => {
    const sizes = [0.1, 0.3, 0.05, 1.2, 0.4, 0.02, 0.7];
    expect(meanOverSigns(sizes, -shift, "bad")).toBeLessThan(1);
    expect(meanOverSigns(sizes, shift, "good")).toBeLessThan(1);
  },
);

test("no fewer than seven minutes in a row show anything at α = 1 %, however bad they are, and eight of the worst do", () => {
  const worst = (minutes: number) => weighed(Array.from({ length: minutes }, () => 2));
  expect(worst(6).bad).toBeLessThan(1);
  expect(worst(7).bad).toBeGreaterThanOrEqual(1 - 1e-3);
  expect(worst(8).bad).toBeGreaterThanOrEqual(1);
});

test("a canary as slow as what is allowed tells nothing, and neither does one that is 0 where 0 is allowed", () => {
  const { bad, good } = weighed([0, 0, 0]);
  expect(Math.abs(bad)).toBeLessThan(1e-12);
  expect(Math.abs(good)).toBeLessThan(1e-12);
  const nothing = { minute: 0, canary: 0, baseline: null, allowed: 0 };
  expect(Math.abs(weighPairs(noPairs(0), [nothing], RISKS).bad)).toBeLessThan(1e-12);
});

test("nothing counts from before the first minute, nor twice where it is sealed no further than before", () => {
  const all = [0.3, 0.3, 0.3, 0.3].map((z, index) => pairAt(index, z));
  const begun = sealPairs(noPairs(2 * MINUTE), all, MINUTE, RISKS);
  expect(weighPairs(begun, all, RISKS).seen.minutes).toBe(2);
  const again = sealPairs(sealPairs(begun, all, 4 * MINUTE, RISKS), all, 3 * MINUTE, RISKS);
  expect(weighPairs(again, all, RISKS).seen.minutes).toBe(2);
});

test("figures over what is allowed are counted, and the latest is kept", () => {
  const all = [0.3, 0, -0.2, 0.5].map((z, index) => pairAt(index, z));
  const { seen } = weighPairs(sealPairs(noPairs(0), all, 2 * MINUTE, RISKS), all, RISKS);
  expect(seen).toStrictEqual({ minutes: 4, over: 2, latest: all[3] });
});

test("what was shown to be good is lost again soon when it turns bad, however long it was good", () => {
  const good = Array.from({ length: 60 }, (_, index) => pairAt(index, -0.6));
  const turned = Array.from({ length: 12 }, (_, index) => pairAt(60 + index, 0.6));
  const sealed = sealPairs(noPairs(0), good, 60 * MINUTE, RISKS);
  expect(weighPairs(sealed, [], RISKS).good).toBeGreaterThanOrEqual(1);
  expect(weighPairs(sealed, turned.slice(0, 6), RISKS).good).toBeLessThan(1);
});

test("minutes that may still change speak against the canary, and not for it", () => {
  const good = Array.from({ length: 12 }, (_, index) => pairAt(index, -0.6));
  const provisional = { against: Number.POSITIVE_INFINITY, inFavour: 3 * MINUTE };
  expect(weighPairs(noPairs(0), good, RISKS).good).toBeGreaterThanOrEqual(1);
  expect(weighPairs(noPairs(0), good, RISKS, provisional).good).toBeLessThan(1);
  expect(weighPairs(noPairs(0), good, RISKS, provisional).good).toBe(
    weighPairs(noPairs(0), good.slice(0, 3), RISKS).good,
  );
});

/**
 * An hour of means whose logarithms vary with the same noise in both versions. Says whether it was called bad, or good.
 */
function simulate(seed: number, slowdown: number, ratio: number, noise: number, length = 60) {
  const random = new Random(seed);
  const durations = () => 100 * Math.exp(noise * random.normal());
  let evidence = noPairs(0);
  const called = { bad: false, good: false };
  for (let index = 0; index < length; index++) {
    const [canary, baseline] = [slowdown * durations(), durations()];
    const pair = { minute: index * MINUTE, canary, baseline, allowed: ratio * baseline };
    evidence = sealPairs(evidence, [pair], (index + 1) * MINUTE, RISKS);
    const now = weighPairs(evidence, [], RISKS);
    called.bad ||= now.bad >= 1;
    called.good ||= now.good >= 1;
  }
  return called;
}

function share(runs: number, one: (seed: number) => boolean): number {
  return Array.from({ length: runs }, (_, seed) => one(seed)).filter(Boolean).length / runs;
}

test.each([0.05, 0.5])(
  "at what is allowed, a canary is called bad in no more than α of the hours and good in no more than β: at a noise of %d",
  (noise) => {
    const hours = Array.from({ length: 4_000 }, (_, seed) => simulate(seed, 1, 1, noise));
    expect(hours.filter(({ bad }) => bad).length).toBeLessThanOrEqual(RISKS.alpha * hours.length);
    expect(hours.filter(({ good }) => good).length).toBeLessThanOrEqual(RISKS.beta * hours.length);
  },
);

test.each([0.05, 0.2, 0.4])(
  "an identical canary is hardly ever taken back for noise, and one twice as slow is found: at a noise of %d",
  (noise) => {
    expect(share(200, (seed) => simulate(seed, 1, 1.2, noise).bad)).toBeLessThanOrEqual(0.01);
    expect(share(100, (seed) => simulate(seed, 2, 1.2, noise).bad)).toBeGreaterThan(0.95);
  },
);

test("where the noise is small, nothing takes longer than it must", () => {
  expect(share(100, (seed) => simulate(seed, 2, 1.2, 0.05, 9).bad)).toBe(1);
  expect(share(100, (seed) => simulate(seed, 1, 1.2, 0.05, 30).good)).toBe(1);
});

test("a canary that turns slow late is found though it was good for half an hour", () => {
  const late = (seed: number) => {
    const random = new Random(seed);
    const all = Array.from({ length: 60 }, (_, index) =>
      pairAt(index, (index < 30 ? -0.2 : 0.5) + 0.1 * random.normal()),
    );
    return all.some((_, index) => weighPairs(noPairs(0), all.slice(0, index + 1), RISKS).bad >= 1);
  };
  expect(share(20, late)).toBeGreaterThan(0.9);
});
