import assert from "node:assert/strict";
import test, { after, describe } from "node:test";
import { cellsOf, recordAll, sampleOf } from "../../bench/chaos/cells.ts";
import { copyBundle } from "../../bench/chaos/theatre.ts";
import { play, titleOf } from "../../bench/chaos/trial.ts";

/** `npm run chaos` plays all of them; these are drawn from every kind of fault in every story. */
const SAMPLE = 40;
const SEED = 1;

const bundle = await copyBundle();
after(() => bundle.discard());
const cells = cellsOf(await recordAll(bundle));

describe("the promise is kept", { concurrency: 2 }, () => {
  for (const cell of sampleOf(cells, SAMPLE, SEED)) {
    test(titleOf(cell), async () => {
      const { misses } = await play(cell, bundle);
      assert.deepEqual(misses, []);
    });
  }
});
