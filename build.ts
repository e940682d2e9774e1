import { rmSync } from "node:fs";
import { build } from "esbuild";

/** Some dependencies are CommonJS and require node's own modules: an ES module has no `require` of its own. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** Bundles both entries into a folder; what they share goes into chunks beside them. */
export async function bundle(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: ["src/main.ts", "src/post.ts"],
    outdir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node24",
    minify: true,
    keepNames: true,
    legalComments: "linked",
    banner: { js: REQUIRE },
    chunkNames: "chunk-[hash]",
    logLevel: "warning",
  });
}

if (import.meta.main) await bundle("dist");
