import fc from "fast-check";
import {
  betsAgainst,
  type Counts,
  type Evidence,
  type MinuteCounts,
  noEvidence,
  seal,
  weigh,
} from "../../src/analysis/counts.ts";
import { MINUTE } from "../../src/domain/time.ts";
import type { Tolerance } from "../../src/guards/guard.ts";
import { binomial } from "../../testing/judgement/draws.ts";
import { Random } from "../../testing/simulator/random.ts";

const NORMAL: Tolerance = { ratio: 1.5, margin: 0.005 };
const RISKS = { alpha: 0.01, beta: 0.05 };

const counts = fc
  .tuple(fc.nat(400), fc.nat(100))
  .map(([calls, share]) => ({ calls, failures: Math.floor((calls * share) / 100) }));
const minutes = fc
  .array(fc.tuple(counts, counts), { minLength: 1, maxLength: 30 })
  .map((list): MinuteCounts[] => list.map(([canary, baseline], i) => ({ minute: i * MINUTE, canary, baseline })));
const usual = fc.constantFrom<Counts | null>(null, { calls: 0, failures: 0 }, { calls: 10_000, failures: 100 });
const tolerance = fc.constantFrom<Tolerance>(NORMAL, { ratio: 1.25, margin: 0.001 }, { ratio: 0, margin: 0.01 });

test("the evidence is the same whether minutes arrive at once or one by one", () => {
  fc.assert(
    fc.property(minutes, tolerance, usual, fc.nat(30), (all, allowed, known, cut) => {
      const atOnce = weigh(noEvidence(0, known), all, allowed, RISKS);
      const end = all.length * MINUTE;
      const sealedAtOnce = seal(noEvidence(0, known), all, end, allowed, RISKS);
      let oneByOne: Evidence = noEvidence(0, known);
      for (let i = 1; i <= all.length; i++) oneByOne = seal(oneByOne, all, i * MINUTE, allowed, RISKS);
      expect(oneByOne).toStrictEqual(sealedAtOnce);
      // The result is the same if only a part is sealed and the rest is provisional.
      const half = seal(noEvidence(0, known), all, cut * MINUTE, allowed, RISKS);
      const rest = weigh(half, all, allowed, RISKS);
      expect(rest.bad).toBe(atOnce.bad);
      expect(rest.seen).toStrictEqual(atOnce.seen);
    }),
  );
});

test("evidence survives being written as JSON", () => {
  fc.assert(
    fc.property(minutes, (all) => {
      const evidence = seal(noEvidence(0, null), all, 10 * MINUTE, NORMAL, RISKS);
      const back = JSON.parse(JSON.stringify(evidence));
      expect(weigh(back, all, NORMAL, RISKS)).toStrictEqual(weigh(evidence, all, NORMAL, RISKS));
    }),
  );
});

test("no single minute can decide alone, in either direction", () => {
  const ruin = { minute: 0, canary: { calls: 50_000, failures: 50_000 }, baseline: { calls: 50_000, failures: 0 } };
  expect(weigh(noEvidence(0, null), [ruin], NORMAL, RISKS).bad).toBeLessThanOrEqual(3 / 4);
  expect(weigh(noEvidence(0, null), [ruin, { ...ruin, minute: MINUTE }], NORMAL, RISKS).bad).toBeGreaterThanOrEqual(1);
  const bliss = { minute: 0, canary: { calls: 50_000, failures: 0 }, baseline: { calls: 50_000, failures: 0 } };
  expect(weigh(noEvidence(0, null), [bliss], NORMAL, RISKS).good).toBeLessThanOrEqual(1 / 2);
  const two = [bliss, { ...bliss, minute: MINUTE }];
  expect(weigh(noEvidence(0, null), two, NORMAL, RISKS).good).toBeGreaterThanOrEqual(1);
});

test("thin minutes are pooled until there are a canary call and ten of the baseline, or for fifteen minutes", () => {
  const thin = (canary: number, baseline: number, n: number) =>
    Array.from({ length: n }, (_, i) => ({
      minute: i * MINUTE,
      canary: { calls: canary, failures: canary },
      baseline: { calls: baseline, failures: 0 },
    }));
  const pooled = (list: MinuteCounts[]) =>
    seal(noEvidence(0, null), list, list.length * MINUTE, NORMAL, RISKS).pool.minutes;
  expect(pooled(thin(0, 10, 2))).toBe(2);
  expect(pooled(thin(1, 10, 3))).toBe(0);
  expect(pooled(thin(5, 2, 4))).toBe(4);
  expect(pooled(thin(5, 2, 5))).toBe(0);
  expect(pooled(thin(0, 1, 14))).toBe(14);
  expect(pooled(thin(0, 1, 15))).toBe(0);
  // The open pool counts provisionally.
  expect(weigh(noEvidence(0, null), thin(2, 9, 1), NORMAL, RISKS).bad).toBeGreaterThan(0);
});

test("without a baseline nothing is shown of a comparison, and a guard against a number needs none", () => {
  const alone = Array.from({ length: 10 }, (_, i) => ({
    minute: i * MINUTE,
    canary: { calls: 500, failures: 500 },
    baseline: { calls: 0, failures: 0 },
  }));
  expect(weigh(noEvidence(0, null), alone, NORMAL, RISKS).bad).toBeLessThan(1e-9);
  expect(weigh(noEvidence(0, null), alone, { ratio: 0, margin: 0.05 }, RISKS).bad).toBeGreaterThan(1);
});

test("failures without calls, as failed inits bring them, are evidence", () => {
  const inits = Array.from({ length: 3 }, (_, i) => ({
    minute: i * MINUTE,
    canary: { calls: 3, failures: 60 },
    baseline: { calls: 900, failures: 1 },
  }));
  expect(weigh(noEvidence(0, null), inits, NORMAL, RISKS).bad).toBeGreaterThan(1);
});

interface Rates {
  readonly baseline: number;
  readonly canary: number;
}

/**
 * Simulates a bake of some minutes, polled each minute. Says whether it was called bad, and whether it was called good.
 */
function simulate(
  seed: number,
  callsAMinute: number,
  weight: number | ((minute: number) => number),
  rates: Rates,
  length: number,
  allowed = NORMAL,
) {
  const random = new Random(seed);
  let evidence = noEvidence(0, null);
  let [bad, good] = [false, false];
  for (let i = 0; i < length; i++) {
    const calls = binomial(random, callsAMinute, typeof weight === "number" ? weight : weight(i));
    const minute: MinuteCounts = {
      minute: i * MINUTE,
      canary: { calls, failures: binomial(random, calls, rates.canary) },
      baseline: {
        calls: callsAMinute - calls,
        failures: binomial(random, callsAMinute - calls, rates.baseline),
      },
    };
    evidence = seal(evidence, [minute], (i + 1) * MINUTE, allowed, RISKS);
    const now = weigh(evidence, [], allowed, RISKS);
    bad ||= now.bad >= 1;
    good ||= now.good >= 1;
  }
  return { bad, good };
}

function share(runs: number, one: (seed: number) => boolean): number {
  return Array.from({ length: runs }, (_, seed) => one(seed)).filter(Boolean).length / runs;
}

test.each([
  [30, 0.1],
  [100, 0.5],
  [600, 0.05],
])(
  "at its tolerance, a canary is called bad in fewer than α of the releases, though looked at each minute: %i calls at %d",
  (calls, weight) => {
    const rates = { baseline: 0.02, canary: 1.5 * 0.02 + 0.005 };
    expect(share(1500, (seed) => simulate(seed, calls, weight, rates, 40).bad)).toBeLessThanOrEqual(0.01);
  },
);

test("at its tolerance, a canary is called good in fewer than β of the releases", () => {
  const rates = { baseline: 0.02, canary: 1.5 * 0.02 + 0.005 };
  expect(share(1500, (seed) => simulate(seed, 300, 0.5, rates, 40).good)).toBeLessThanOrEqual(0.05);
});

test("a broken canary is found within minutes, and an identical one is shown to be good", () => {
  const broken = { baseline: 0.001, canary: 0.3 };
  expect(share(200, (seed) => simulate(seed, 600, 0.05, broken, 4).bad)).toBeGreaterThan(0.99);
  const same = { baseline: 0.001, canary: 0.001 };
  expect(share(200, (seed) => simulate(seed, 1000, 0.25, same, 30).good)).toBeGreaterThan(0.95);
  expect(share(200, (seed) => simulate(seed, 1000, 0.25, same, 15).bad)).toBe(0);
});

test("what was learnt at one weight holds at the next: a rise from 1 % to 4 % is found on the usual ramp", () => {
  const ramp = (minute: number) => (minute < 5 ? 0.05 : minute < 10 ? 0.25 : 0.5);
  const found = share(300, (seed) => simulate(seed, 800, ramp, { baseline: 0.01, canary: 0.04 }, 15).bad);
  expect(found).toBeGreaterThan(0.9);
});

const minuteOf = (index: number, canary: number, baseline: number): MinuteCounts => ({
  minute: index * MINUTE,
  canary: { calls: canary, failures: 0 },
  baseline: { calls: baseline, failures: 0 },
});

test("a minute counts in the canary's favour only before the instant given, and against it up to another", () => {
  const all = Array.from({ length: 6 }, (_, index) => minuteOf(index, 100, 100));
  const only = (count: number) => weigh(noEvidence(0, null), all.slice(0, count), NORMAL, RISKS);
  const seen = weigh(noEvidence(0, null), all, NORMAL, RISKS, { against: 4 * MINUTE, inFavour: 2 * MINUTE });
  expect(seen.good).toBe(only(2).good);
  expect([seen.bad, seen.seen]).toStrictEqual([only(4).bad, only(4).seen]);
});

test("few calls of the baseline are waited for, unless the canary has a hundred: then hardly any will come", () => {
  const waits = (canary: number, baseline: number) =>
    seal(noEvidence(0, null), [minuteOf(0, canary, baseline)], MINUTE, NORMAL, RISKS).pool.minutes === 1;
  expect([waits(99, 9), waits(100, 9), waits(99, 10)]).toStrictEqual([true, false, false]);
});

test("the bets on few calls are others than those on many, and fifteen are many", () => {
  const stakes = (calls: number) => betsAgainst(NORMAL, 1, calls).map(({ stake }) => stake);
  expect(stakes(14)).toStrictEqual(stakes(1));
  expect(stakes(15)).toStrictEqual(stakes(10_000));
  expect(stakes(14)).not.toStrictEqual(stakes(15));
});

/** Both versions fail this often in one minute, after some usual minutes. */
const shownBy = (calls: number, failures: number, usual: Counts | null) => {
  const minute = { minute: 0, canary: { calls, failures }, baseline: { calls, failures } };
  return weigh(noEvidence(0, usual), [minute], NORMAL, RISKS).good;
};

test("a burst that hits both shows nothing in the canary's favour, since then nearly all is within the tolerance", () => {
  const usual = { calls: 100_000, failures: 100 };
  expect(shownBy(5_000, 1_000, usual)).toBe(0);
  expect(shownBy(5_000, 1_000, { calls: 0, failures: 0 })).toBeGreaterThan(0.2);
  expect(shownBy(5_000, 5, usual)).toBeGreaterThan(0.4);
});

test("a burst begins four standard deviations over what is usual", () => {
  const usual = { calls: 100_000, failures: 1_000 };
  // 10 are usual in 1,000 calls, and chance brings up to 10 + 4 · √10 + 1.
  expect([23, 24].map((failures) => shownBy(1_000, failures, usual) === 0)).toStrictEqual([false, true]);
});

test("what a burst shows against a canary isn't lost", () => {
  const burst = { minute: 0, canary: { calls: 5_000, failures: 4_500 }, baseline: { calls: 5_000, failures: 1_000 } };
  expect(weigh(noEvidence(0, { calls: 100_000, failures: 100 }), [burst], NORMAL, RISKS).bad).toBeGreaterThan(0.7);
});

test("what is usual decides which bets are made, and each minute adds to it", () => {
  const [rare, common] = [
    { calls: 100_000, failures: 100 },
    { calls: 100_000, failures: 2_000 },
  ];
  expect(shownBy(300, 0, rare)).toBeGreaterThan(shownBy(300, 0, null) + 0.05);
  expect(shownBy(300, 6, common)).toBeGreaterThan(shownBy(300, 6, rare) + 0.05);
  const seen = { minute: 0, canary: { calls: 100, failures: 1 }, baseline: { calls: 900, failures: 9 } };
  const after = (usual: Counts | null) => seal(noEvidence(0, usual), [seen], MINUTE, NORMAL, RISKS).usual;
  expect(after({ calls: 100, failures: 1 })).toStrictEqual({ calls: 1_000, failures: 10 });
  expect(after(null)).toBeNull();
});

test("of a burst, only as many failures become usual as chance could bring", () => {
  const burst = { minute: 0, canary: { calls: 100, failures: 50 }, baseline: { calls: 900, failures: 450 } };
  const after = (usual: Counts) => seal(noEvidence(0, usual), [burst], MINUTE, NORMAL, RISKS).usual?.failures;
  // Of 10,000 calls 100 failed: with 50 more without failure as a start, 1 % are expected.
  const expected = (900 * 100.5) / 10_050;
  expect(after({ calls: 10_000, failures: 100 })).toBeCloseTo(100 + expected + 4 * Math.sqrt(expected) + 1, 9);
  expect(after({ calls: 0, failures: 0 })).toBe(450);
});

test("minutes without a call show nothing, whatever is allowed", () => {
  const none = Array.from({ length: 30 }, (_, index) => minuteOf(index, 0, 0));
  for (const allowed of [NORMAL, { ratio: 0, margin: 0.01 }, { ratio: 0, margin: 1 }]) {
    const { bad, good } = weigh(noEvidence(0, null), none, allowed, RISKS);
    expect([bad, good].map((height) => Math.abs(height) < 1e-12)).toStrictEqual([true, true]);
  }
});

test("against a number, the mean of the e-value is exactly 1 where the canary is as bad as is allowed, both ways", () => {
  for (const margin of [0.3, 0.5, 0.6]) {
    const after = (failures: number) => {
      const call = { minute: 0, canary: { calls: 1, failures }, baseline: { calls: 0, failures: 0 } };
      const { bad, good } = weigh(noEvidence(0, null), [call], { ratio: 0, margin }, RISKS);
      return { bad: RISKS.alpha ** -bad, good: RISKS.beta ** -good };
    };
    const mean = (side: "bad" | "good") => margin * after(1)[side] + (1 - margin) * after(0)[side];
    expect(Math.abs(mean("bad") - 1)).toBeLessThan(1e-9);
    expect(Math.abs(mean("good") - 1)).toBeLessThan(1e-9);
  }
});
