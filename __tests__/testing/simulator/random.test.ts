import { Random } from "../../../testing/simulator/random.ts";

const DRAWS = 40_000;

/** Mean and variance of many draws. */
function moments(draw: (random: Random) => number): { mean: number; variance: number } {
  const random = new Random("moments");
  const values = Array.from({ length: DRAWS }, () => draw(random));
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / DRAWS;
  return { mean, variance };
}

test("the same key gives the same numbers, another key others", () => {
  const numbers = (...key: (string | number)[]) => {
    const random = new Random(...key);
    return [random.uniform(), random.normal(), random.poisson(3), random.uuid()];
  };
  expect(numbers(7, "checkout", 1_000)).toStrictEqual(numbers(7, "checkout", 1_000));
  expect(numbers(7, "checkout", 1_000)).not.toStrictEqual(numbers(7, "checkout", 2_000));
  // The parts of a key don't run together.
  expect(numbers(71, "x")).not.toStrictEqual(numbers(7, "1x"));
});

test("the numbers don't change from version to version: recorded runs depend on them", () => {
  const random = new Random(1, "recorded");
  expect([random.uniform(), random.uniform()]).toStrictEqual([0.3347958493977785, 0.044262466952204704]);
});

test("first numbers of neighbouring keys are unrelated", () => {
  const firsts = Array.from({ length: 10_000 }, (_, second) => new Random(1, "checkout", second * 1_000).uniform());
  const mean = firsts.reduce((sum, value) => sum + value, 0) / firsts.length;
  const covariance = firsts.slice(1).reduce((sum, value, index) => {
    return sum + (value - mean) * ((firsts[index] ?? 0) - mean);
  }, 0);
  expect(Math.abs(covariance / firsts.length / (1 / 12))).toBeLessThan(0.04);
});

test.each<[name: string, draw: (random: Random) => number, mean: number, variance: number]>([
  ["uniform", (random) => random.uniform(), 1 / 2, 1 / 12],
  ["normal", (random) => random.normal(), 0, 1],
  ["exponential of mean 3", (random) => random.exponential(3), 3, 9],
  ["Poisson of mean 2.5", (random) => random.poisson(2.5), 2.5, 2.5],
  ["Poisson of mean 1700", (random) => random.poisson(1_700), 1_700, 1_700],
  ["gamma of shape 2", (random) => random.gamma(2), 2, 2],
  ["gamma of shape 0.25", (random) => random.gamma(0.25), 0.25, 0.25],
  ["Beta(1, 4)", (random) => random.beta(1, 4), 1 / 5, 4 / 150],
  ["logarithm of a lognormal", (random) => Math.log(random.lognormal(Math.E, 0.5)), 1, 0.25],
])("%s: mean and variance are right", (_name, draw, mean, variance) => {
  const found = moments(draw);
  expect(Math.abs(found.mean - mean)).toBeLessThan(Math.abs(mean) * 0.05 + 0.01);
  expect(Math.abs(found.variance - variance)).toBeLessThan(variance * 0.05 + 0.01);
});
