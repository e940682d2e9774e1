import fc from "fast-check";
import { noEvidence, seal, weigh } from "../../src/analysis/counts.ts";
import { couldShow, fewestMinutes } from "../../src/analysis/fewest.ts";
import { noPairs, sealPairs } from "../../src/analysis/sign-flip.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { callsToFind, fewestCalls, minutesToFind, smallestFound } from "../../src/forecast/power.ts";
import { NORMAL, type Tolerance } from "../../src/guards/guard.ts";
import { binomial } from "../../testing/judgement/draws.ts";
import { Random } from "../../testing/simulator/random.ts";

const ALPHA = 0.01;
const RISKS = { alpha: ALPHA, beta: 0.02 };

/** The smallest error rate that is found with a baseline of 0.1 % and this many calls a minute through the alias. */
function found(perMinute: number, share: number, minutes: number, tolerance = NORMAL, baseline = 0.001): number | null {
  return smallestFound(baseline, tolerance, { calls: perMinute * minutes * share, minutes, share, alpha: ALPHA });
}

// In percent, by calls a minute; for 10, 30 and 60 minutes, at 5, 10 and 50 % each. Null is blind. The values come from
// simulated releases of a test with other bets, so ours may differ a little.
const TABLE: Readonly<Record<number, readonly (readonly (number | null)[])[]>> = {
  10: [
    [null, 73, 40],
    [44, 27, 15],
    [24, 15, 8.2],
  ],
  100: [
    [16, 10, 5.6],
    [7.3, 4.9, 2.8],
    [4.7, 3.2, 2],
  ],
  1000: [
    [3.5, 2.5, 1.6],
    [2.1, 1.6, 1.1],
    [1.6, 1.3, 1],
  ],
  10000: [
    [1.3, 1.1, 0.9],
    [1, 0.9, 0.8],
    [0.9, 0.8, 0.7],
  ],
};

test.each(Object.entries(TABLE))(
  "at %s calls a minute, a step finds what its formula says, and nothing where it is blind",
  (perMinute, rows) => {
    const off = [10, 30, 60].flatMap((minutes, row) =>
      [0.05, 0.1, 0.5].flatMap((share, column) => {
        const expected = rows[row]?.[column];
        const is = found(Number(perMinute), share, minutes);
        const isRight =
          expected === null || is === null ? is === expected : Math.abs((is * 100) / (expected ?? 0) - 1) <= 0.15;
        return isRight ? [] : [{ minutes, share, is, expected }];
      }),
    );
    expect(off).toStrictEqual([]);
  },
);

/** Whether the test itself finds a canary in a bake of this many minutes. */
function isFound(seed: number, perMinute: number, share: number, minutes: number, rate: number): boolean {
  const random = new Random(seed);
  let evidence = noEvidence(0, null);
  for (let index = 0; index < minutes; index++) {
    const calls = binomial(random, perMinute, share);
    const rest = perMinute - calls;
    const minute = {
      minute: index * MINUTE,
      canary: { calls, failures: binomial(random, calls, rate) },
      baseline: { calls: rest, failures: binomial(random, rest, 0.001) },
    };
    evidence = seal(evidence, [minute], (index + 1) * MINUTE, NORMAL, RISKS);
    if (weigh(evidence, [], NORMAL, RISKS).bad >= 1) return true;
  }
  return false;
}

test.each([
  [10, 0.1, 30],
  [10, 0.5, 30],
  [28, 0.5, 30],
  [100, 0.05, 10],
  [100, 0.5, 30],
  [1_000, 0.05, 10],
])(
  "what a step is said to find, it finds about nine times of ten, and half of it less often: %i calls a minute at %d for %i minutes",
  (perMinute, share, minutes) => {
    const rate = found(perMinute, share, minutes) ?? 1;
    const times = (of: number) =>
      Array.from({ length: 150 }, (_, seed) => isFound(seed, perMinute, share, minutes, of)).filter(Boolean).length /
      150;
    expect(times(rate)).toBeGreaterThanOrEqual(0.8);
    expect(times(rate / 2)).toBeLessThanOrEqual(0.7);
  },
);

const scenes = fc.record({
  calls: fc.integer({ min: 1, max: 100_000 }),
  minutes: fc.integer({ min: 5, max: 120 }),
  share: fc.constantFrom(0.01, 0.05, 0.1, 0.25, 0.5),
  alpha: fc.constantFrom(0.01, 0.001),
});
const tolerances = fc.constantFrom<Tolerance>(
  NORMAL,
  { ratio: 1.25, margin: 0.001 },
  { ratio: 2, margin: 0 },
  { ratio: 0, margin: 0.01 },
  { ratio: 0, margin: 0.2 },
);

test("the smallest that is found is the border between what is and what isn't, and never within the tolerance", () => {
  fc.assert(
    fc.property(scenes, tolerances, fc.constantFrom(0, 0.001, 0.05), (scene, tolerance, baseline) => {
      const smallest = smallestFound(baseline, tolerance, scene);
      if (smallest === null) {
        const fewest = fewestCalls(tolerance, scene.share, scene.alpha);
        expect(Math.max(fewest, callsToFind(1, baseline, tolerance, scene))).toBeGreaterThan(scene.calls);
        return;
      }
      expect(smallest).toBeGreaterThan(tolerance.ratio * baseline + tolerance.margin);
      expect(callsToFind(smallest, baseline, tolerance, scene)).toBeLessThanOrEqual(scene.calls);
      expect(callsToFind(smallest * 0.999, baseline, tolerance, scene)).toBeGreaterThan(scene.calls);
    }),
  );
});

test("twice the calls find no less, twice the weight up to a half doesn't either, and more tests don't find more", () => {
  const orBlind = (rate: number | null) => rate ?? 2;
  const wrong = [10, 15, 30, 100, 1_000, 10_000].flatMap((perMinute) =>
    [0.01, 0.05, 0.1, 0.2, 0.25].flatMap((share) => {
      const once = orBlind(found(perMinute, share, 30));
      const twiceTheCalls = orBlind(found(2 * perMinute, share, 30));
      const twiceTheWeight = orBlind(found(perMinute, 2 * share, 30));
      const twiceTheTime = orBlind(found(perMinute, share, 60));
      const shared = { calls: perMinute * 30 * share, minutes: 30, share, alpha: ALPHA / 4 };
      const moreTests = orBlind(smallestFound(0.001, NORMAL, shared));
      const isRight = twiceTheCalls <= once && twiceTheWeight <= once && twiceTheTime <= once && moreTests >= once;
      return isRight ? [] : [{ perMinute, share, once, twiceTheCalls, twiceTheWeight, twiceTheTime, moreTests }];
    }),
  );
  expect(wrong).toStrictEqual([]);
});

test("a worse baseline and a wider tolerance hide more", () => {
  const rates = [0, 0.001, 0.01, 0.1].map((baseline) => found(1_000, 0.1, 10, NORMAL, baseline) ?? 2);
  expect(rates).toStrictEqual([...rates].sort((a, b) => a - b));
  const limits = [0.001, 0.01, 0.1, 0.5].map((margin) => found(1_000, 0.1, 10, { ratio: 0, margin }) ?? 2);
  expect(limits).toStrictEqual([...limits].sort((a, b) => a - b));
});

test("what is within the tolerance is never found", () => {
  const scene = { calls: 1e9, minutes: 60, share: 0.5, alpha: ALPHA };
  expect(callsToFind(1.5 * 0.01 + 0.005, 0.01, NORMAL, scene)).toBe(Number.POSITIVE_INFINITY);
  expect(callsToFind(0.01, 0, { ratio: 0, margin: 0.01 }, scene)).toBe(Number.POSITIVE_INFINITY);
});

test("a step is blind below so many calls, though all of them failed, and more so at half of the traffic", () => {
  const fewest = [0.01, 0.05, 0.1, 0.25, 0.5].map((share) => fewestCalls(NORMAL, share, ALPHA));
  expect(fewest).toStrictEqual([2, 3, 3, 7, 19]);
  expect(smallestFound(0, NORMAL, { calls: 2.9, minutes: 30, share: 0.05, alpha: ALPHA })).toBeNull();
  expect(smallestFound(0, NORMAL, { calls: 18, minutes: 30, share: 0.5, alpha: ALPHA })).toBeNull();
});

test.each([0.01, 0.05, 0.5, 1])(
  "fewer calls than the fewest show nothing when all fail, and the fewest do: at %d",
  (share) => {
    const tolerance = share === 1 ? { ratio: 0, margin: 0.05 } : NORMAL;
    const fewest = fewestCalls(tolerance, share, ALPHA);
    const upToFewest = Array.from({ length: fewest + 1 }, (_, calls) => calls);
    expect(upToFewest.filter((calls) => couldShow(calls, tolerance, share, ALPHA))).toStrictEqual([fewest]);
  },
);

test("one call lies in one minute, and no minute decides alone", () => {
  expect(couldShow(1, { ratio: 0, margin: 0.0001 }, 0.01, ALPHA)).toBe(false);
});

test("a guard that allows nearly all never fires, and is told so without an end of searching", () => {
  expect(fewestCalls({ ratio: 0, margin: 0.999 }, 0.5, ALPHA)).toBe(Number.POSITIVE_INFINITY);
  expect(fewestCalls({ ratio: 1e6, margin: 0 }, 0.5, ALPHA)).toBe(Number.POSITIVE_INFINITY);
  const scene = { calls: 1e6, minutes: 30, share: 0.1, alpha: ALPHA };
  expect(smallestFound(0.001, { ratio: 1_000, margin: 0 }, scene)).toBeNull();
  expect(smallestFound(0.9, NORMAL, scene)).toBeNull();
});

test("a step without calls or minutes finds nothing", () => {
  expect(smallestFound(0.001, NORMAL, { calls: 0, minutes: 30, share: 0.1, alpha: ALPHA })).toBeNull();
});

test("a paired test takes seven minutes at α = 1 %, and more where it is shared", () => {
  expect([0.01, 0.005, 0.0025, 0.001].map(fewestMinutes)).toStrictEqual([7, 8, 9, 10]);
});

test("a slower canary is found sooner, a noisier one later, and one that is as fast as allowed never", () => {
  const minutes = [0.05, 0.1, 0.3, 0.6, 1.5].map((difference) => minutesToFind(difference, 0.2, ALPHA));
  expect(minutes).toStrictEqual([...minutes].sort((a, b) => b - a));
  const noises = [0, 0.05, 0.2, 0.5].map((noise) => minutesToFind(0.3, noise, ALPHA));
  expect(noises).toStrictEqual([...noises].sort((a, b) => a - b));
  expect(minutesToFind(0, 0.1, ALPHA)).toBe(Number.POSITIVE_INFINITY);
  expect(minutesToFind(-0.3, 0.1, ALPHA)).toBe(Number.POSITIVE_INFINITY);
  expect(minutesToFind(2, 0, ALPHA)).toBeGreaterThanOrEqual(fewestMinutes(ALPHA));
  expect(minutesToFind(2, 0, ALPHA)).toBeLessThan(10);
});

test.each([
  [0.2, 0.3],
  [0.3, 0.2],
  [0.1, 0.15],
])(
  "the minutes that a paired test is said to take, it takes about nine times of ten at most: for %d at a noise of %d",
  (difference, noise) => {
    const minutes = minutesToFind(difference, noise, ALPHA);
    const isOver = (seed: number, length: number) => {
      const random = new Random(seed);
      let evidence = noPairs(0);
      for (let index = 0; index < length; index++) {
        const z = difference + noise * random.normal();
        const pair = { minute: index * MINUTE, canary: 1 + z / 2, baseline: 1, allowed: 1 - z / 2 };
        evidence = sealPairs(evidence, [pair], (index + 1) * MINUTE, RISKS);
        if (evidence.bad.height >= 1) return true;
      }
      return false;
    };
    const times = (length: number) =>
      Array.from({ length: 200 }, (_, seed) => isOver(seed, length)).filter(Boolean).length / 200;
    expect(times(Math.ceil(minutes))).toBeGreaterThanOrEqual(0.8);
    expect(times(Math.floor(minutes / 3))).toBeLessThanOrEqual(0.6);
  },
);
