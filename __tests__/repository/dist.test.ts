import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../build.ts";
import { list } from "./files.ts";

test("dist is what the sources give, byte for byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dist-"));
  try {
    await bundle(folder);
    expect((await readdir(folder)).sort()).toStrictEqual(list("dist/")) /* MSG "run: npm run build" */;
    for (const file of list("dist/")) {
      const [built, committed] = await Promise.all([readFile(join(folder, file)), readFile(join("dist", file))]);
      expect(built.equals(committed)).toBe(true) /* MSG `dist/${file} differs; run: npm run build` */;
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
