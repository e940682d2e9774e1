import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { bundle } from "../../build.ts";
import { list } from "./files.ts";

async function textOf(path: string): Promise<string | null> {
  return existsSync(path) ? readFile(path, "latin1") : null;
}

test("dist is what the sources give, byte for byte", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dist-"));
  try {
    await bundle(folder);
    const stale: string[] = [];
    const built = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
    for (const file of new Set([...built, ...list("dist/")])) {
      const [now, committed] = await Promise.all([textOf(join(folder, file)), textOf(join("dist", file))]);
      if (now !== committed) stale.push(`dist/${file}: run npm run build`);
    }
    expect(stale).toStrictEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
