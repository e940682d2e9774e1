import assert from "node:assert/strict";
import test, { after, describe } from "node:test";
import { cellsOf, recordAll, sampleOf } from "../../bench/chaos/cells.ts";
import { Company } from "../../bench/chaos/company.ts";
import { titleOf } from "../../bench/chaos/play.ts";
import { copyBundle } from "../../bench/chaos/theatre.ts";

/** `npm run chaos` plays all of them; these are drawn from every kind of fault in every story. */
const SAMPLE = 300;
/** So many of them by the bundle, in processes of its own. */
const BY_BUNDLE = 15;
const SEED = 1;

const bundle = await copyBundle();
const company = new Company(bundle);
after(async () => {
  await company.close();
  await bundle.discard();
});
const sample = sampleOf(cellsOf(await recordAll(bundle)), SAMPLE, SEED);

describe("the promise is kept", { concurrency: 2 }, () => {
  for (const [index, cell] of sample.entries()) {
    const by = index % (SAMPLE / BY_BUNDLE) === 0 ? "bundle" : "host";
    test(titleOf(cell), async () => {
      const { misses } = await company.play({ cell, by });
      assert.deepEqual(misses, []);
    });
  }
});
