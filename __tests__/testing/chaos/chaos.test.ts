import { casesOf, recordAll, sampleOf } from "../../../testing/chaos/cases.ts";
import { type Case, titleOf } from "../../../testing/chaos/play.ts";
import { type Part, Pool } from "../../../testing/chaos/pool.ts";
import { copyBundle } from "../../../testing/chaos/testbed.ts";
import { isForHosts, NEVER_CAME, type Trial } from "../../../testing/chaos/trial.ts";

/** `npm run chaos` plays all cases, about 5,000; this is a sample, with every kind of fault and every story in it. */
const SAMPLE = 24;
/** How many are played by the bundle in its own processes, besides those that no host can play. */
const BY_BUNDLE = 2;
const SEED = 1;
/** More than there are processors: while one play waits for its host, others go on. */
const AT_ONCE = 4;

const bundle = await copyBundle();
const pool = new Pool(bundle, AT_ONCE);
const cases = casesOf(await recordAll(bundle));
const sample = sampleOf(cases, SAMPLE, SEED);
const parts = sample.map((chaosCase, index) => {
  const by: Part["by"] = index % (SAMPLE / BY_BUNDLE) === 0 || !isForHosts(chaosCase) ? "bundle" : "host";
  return { title: titleOf(chaosCase), chaosCase, by, trial: Promise.withResolvers<Trial>() };
});

// Tests run one after the other, so start all plays at once and let each test wait for its own.
let playing: Promise<unknown> | null = null;
let isOver = false;
beforeAll(() => {
  const trials = new Map(parts.map(({ chaosCase, trial }) => [chaosCase, trial]));
  playing = pool.playAll(parts, {
    isOver: () => isOver,
    onTrial: (trial) => trials.get(trial.chaosCase)?.resolve(trial),
  });
});
afterAll(async () => {
  isOver = true;
  await playing;
  await pool.close();
  await bundle.discard();
});

test("the sample has every kind of fault, and every story", () => {
  const kindsOf = (some: readonly Case[]) =>
    [...new Set(some.flatMap(({ fault, site }) => [fault.family, site.story.name]))].sort();
  expect(kindsOf(sample)).toStrictEqual(kindsOf(cases));
});

describe("the promise is kept", () => {
  test.each(parts)("$title", async ({ trial }) => {
    const { misses, end } = await trial.promise;
    expect(misses).toStrictEqual([]);
    // In a fleet, chance decides who comes first and how often calls are made: the pool has tried several times then.
    expect(end).not.toBe(NEVER_CAME);
  });
});
