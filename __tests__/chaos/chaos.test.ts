import { cellsOf, recordAll, sampleOf } from "../../bench/chaos/cells.ts";
import { Company, type Part } from "../../bench/chaos/company.ts";
import { titleOf } from "../../bench/chaos/play.ts";
import { copyBundle } from "../../bench/chaos/theatre.ts";
import { isForHosts, NEVER_CAME, type Trial } from "../../bench/chaos/trial.ts";

/** `npm run chaos` plays all cells; this is a sample with every kind of fault in every story. */
const SAMPLE = 24;
/** How many are played by the bundle, in its own processes. */
const BY_BUNDLE = 2;
const SEED = 1;
/** More than there are processors: while one play waits for its host, others go on. */
const AT_ONCE = 4;

const bundle = await copyBundle();
const company = new Company(bundle, AT_ONCE);
const sample = sampleOf(cellsOf(await recordAll(bundle)), SAMPLE, SEED);
const parts = sample.map((cell, index) => {
  const by: Part["by"] = index % (SAMPLE / BY_BUNDLE) === 0 || !isForHosts(cell) ? "bundle" : "host";
  return { title: titleOf(cell), cell, by, trial: Promise.withResolvers<Trial>() };
});

// Tests run one after the other, so start all plays at once and let each test wait for its own.
let playing: Promise<unknown> | null = null;
let isOver = false;
beforeAll(() => {
  const trials = new Map(parts.map(({ cell, trial }) => [cell, trial]));
  playing = company.playAll(parts, {
    isOver: () => isOver,
    onTrial: (trial) => trials.get(trial.cell)?.resolve(trial),
  });
});
afterAll(async () => {
  isOver = true;
  await playing;
  await company.close();
  await bundle.discard();
});

describe("the promise is kept", () => {
  test.each(parts)("$title", async ({ cell, trial }) => {
    const { misses, end } = await trial.promise;
    expect(misses).toStrictEqual([]);
    // In a fleet, the number of calls depends on who comes first. Elsewhere every call comes every time.
    if (cell.site.story.functions.length === 1) expect(end).not.toBe(NEVER_CAME);
  });
});
