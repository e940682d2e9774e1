import { cellsOf, recordAll, sampleOf } from "../../bench/chaos/cells.ts";
import { Company } from "../../bench/chaos/company.ts";
import { titleOf } from "../../bench/chaos/play.ts";
import { copyBundle } from "../../bench/chaos/theatre.ts";
import { isForHosts, NEVER_CAME } from "../../bench/chaos/trial.ts";

/** `npm run chaos` plays all of them; these are drawn from every kind of fault in every story. */
const SAMPLE = 300;
/** So many of them by the bundle, in processes of its own. */
const BY_BUNDLE = 10;
const SEED = 1;
/** More than there are processors: while one waits for its host, others play. */
const AT_ONCE = 4;

const bundle = await copyBundle();
const company = new Company(bundle, AT_ONCE);
afterAll(async () => {
  await company.close();
  await bundle.discard();
});
const sample = sampleOf(cellsOf(await recordAll(bundle)), SAMPLE, SEED);

describe("the promise is kept", () => {
  for (const [index, cell] of sample.entries()) {
    const by = index % (SAMPLE / BY_BUNDLE) === 0 || !isForHosts(cell) ? "bundle" : "host";
    test(titleOf(cell), async () => {
      const { misses, end } = await company.play({ cell, by });
      expect(misses).toStrictEqual([]);
      // Of a fleet, who asks how often depends on who came first; any other's calls come each time.
      if (cell.site.story.functions.length === 1) expect(end).not.toBe(NEVER_CAME);
    });
  }
});
