import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";

const LEFT_OUT = "left-out";

/**
 * Lets the bundler leave out what isn't used of the actions toolkit. Nothing in these packages acts at import. Its HTTP
 * client, for the OIDC tokens, brings a second one of 400 kB along, for a proxy of `fetch` that nothing here asks it for.
 */
const toolkitWithoutSideEffects: Plugin = {
  name: "toolkit-without-side-effects",
  setup({ onLoad, onResolve, resolve }) {
    onLoad({ filter: /.*/, namespace: LEFT_OUT }, () => ({ contents: "export const ProxyAgent = null;" }));
    onResolve({ filter: /.*/ }, async ({ path, importer, resolveDir, kind, pluginData }) => {
      const isToolkit = [path, importer].some((each) => each.includes("@actions/"));
      if (path === "undici" && importer.includes("@actions/http-client")) return { path, namespace: LEFT_OUT };
      if (pluginData === toolkitWithoutSideEffects || !isToolkit) return null;
      const found = await resolve(path, { importer, resolveDir, kind, pluginData: toolkitWithoutSideEffects });
      return { ...found, sideEffects: false };
    });
  },
};

const OPTIONS: BuildOptions = {
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
};

/** Bundles entries into a folder, each whole in itself: they can't be mixed up, whenever the runner starts them. */
export async function bundle(folder: string, entryPoints = ["src/main.ts", "src/post.ts"]): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({ ...OPTIONS, entryPoints, outdir: folder });
  writeFileSync(join(folder, "package.json"), '{ "type": "commonjs" }\n');
}

if (import.meta.main) await bundle("dist");
