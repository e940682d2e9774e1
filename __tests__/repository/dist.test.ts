import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { bundle } from "../../build.ts";
import { list } from "./files.ts";

test("dist is what the sources give, byte for byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dist-"));
  try {
    await bundle(folder);
    assert.deepEqual((await readdir(folder)).sort(), list("dist/"), "run: npm run build");
    for (const file of list("dist/")) {
      const [built, committed] = await Promise.all([readFile(join(folder, file)), readFile(join("dist", file))]);
      assert.ok(built.equals(committed), `dist/${file} differs; run: npm run build`);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
