import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, type Plugin } from "esbuild";

/**
 * Lets the bundler leave out what isn't used of the actions toolkit: its index pulls in an HTTP client of 400 kB that
 * only OIDC tokens need. Nothing in these packages acts at import.
 */
const toolkitWithoutSideEffects: Plugin = {
  name: "toolkit-without-side-effects",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const isToolkit = [path, importer].some((each) => each.includes("@actions/"));
      if (pluginData === toolkitWithoutSideEffects || !isToolkit) return null;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: toolkitWithoutSideEffects });
      return { ...found, sideEffects: false };
    });
  },
};

/** Bundles both entries into a folder, each whole in itself: they can't be mixed up, whenever the runner starts them. */
export async function bundle(folder: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    entryPoints: ["src/main.ts", "src/post.ts"],
    outdir: folder,
    bundle: true,
    // CommonJS starts faster than ES modules, and so the rollback command is sooner at its first call.
    format: "cjs",
    // A dynamic import of node:http makes Node load its own fetch too, which costs 30 ms and serves nothing here.
    supported: { "dynamic-import": false },
    mainFields: ["module", "main"],
    platform: "node",
    target: "node24",
    minify: true,
    legalComments: "linked",
    logLevel: "warning",
    plugins: [toolkitWithoutSideEffects],
  });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

if (import.meta.main) await bundle("dist");
