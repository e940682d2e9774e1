import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
/** Where ncc finds the sources as JavaScript. It is inside the project so that ncc finds the packages too. */
const COMPILED = join(ROOT, "node_modules", ".cache", "compiled");

/**
 * Packages that aren't needed before the first call to AWS, although needed code imports them. Each becomes its own
 * bundle, which is read on first use.
 */
const READ_WHEN_USED = ["@actions/exec", "@actions/http-client", "undici"];

/** The file that replaces such a package, next to the package's bundle. */
const standIn = (bundle: string) =>
  `module.exports = new Proxy({}, { get: (_, name) => name === "__esModule" || require("./${bundle}")[name] });\n`;

const ENTRIES = ["main", "post"];
const COMMONJS = '{ "type": "commonjs" }\n';

type Ncc = (entry: string, options: object) => Promise<Built>;

interface Built {
  readonly code: string;
  /** The chunks next to it and the licenses, by name. */
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
}

/** Loads the bundler when there is something to bundle: it is big, and most importers of this file don't need it. */
const ncc: Ncc = (entry, options) => (createRequire(import.meta.url)("@vercel/ncc") as Ncc)(entry, options);

/** Strips the types with TypeScript itself, and turns imports of `.ts` files into imports of `.js` files. */
export function toJavaScript(source: string): string {
  const { ESNext } = ts.ModuleKind;
  const compilerOptions = { target: ts.ScriptTarget.ES2024, module: ESNext, rewriteRelativeImportExtensions: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Bundles main and post into separate folders, so that their files can't get mixed up. */
export async function bundle(folder: string): Promise<void> {
  for (const path of [folder, COMPILED]) rmSync(path, { recursive: true, force: true });
  writePackage();
  for (const file of globSync("src/**/*.ts", { cwd: ROOT })) {
    write(join(COMPILED, file.replace(/\.ts$/, ".js")), toJavaScript(readFileSync(join(ROOT, file), "utf8")));
  }
  for (const name of ENTRIES) {
    await bundleOne(join(COMPILED, "src", `${name}.js`), join(folder, name), "index.js", READ_WHEN_USED);
  }
  for (const each of READ_WHEN_USED) {
    const entry = join(COMPILED, `${basename(each)}.js`);
    write(entry, `export * from "${each}";`);
    const others = READ_WHEN_USED.filter((other) => other !== each);
    const file = `${basename(each)}.bundle.js`;
    await bundleOne(entry, COMPILED, file, others);
    for (const name of ENTRIES) {
      write(join(folder, name, file), readFileSync(join(COMPILED, file)));
      write(join(folder, name, `${basename(each)}.js`), standIn(file));
    }
  }
  write(join(folder, "package.json"), COMMONJS);
}

/**
 * Bundles a program into a folder's `index.js`, for a comparison with main.
 *
 * @param how like main, or as `ncc build --minify` does it
 */
export async function bundleText(text: string, folder: string, how: "like main" | "plain"): Promise<void> {
  const entry = join(COMPILED, "text.js");
  writePackage();
  write(entry, text);
  if (how === "like main") await bundleOne(entry, folder, "index.js", []);
  else write(join(folder, "index.js"), (await ncc(entry, { cache: false, minify: true, quiet: true })).code);
  write(join(folder, "package.json"), COMMONJS);
}

/** Overrides the project's own package.json, which makes everything ES modules: CommonJS starts faster. */
function writePackage(): void {
  write(join(COMPILED, "package.json"), "{}");
}

/** @param elsewhere packages to leave out, because they have their own files next to it */
async function bundleOne(entry: string, folder: string, file: string, elsewhere: readonly string[]): Promise<void> {
  const { code, assets } = await ncc(entry, {
    cache: false,
    externals: Object.fromEntries(elsewhere.map((each) => [each, `./${basename(each)}.js`])),
    license: file === "index.js" ? "licenses.txt" : "",
    minify: true,
    quiet: true,
    mainFields: ["module", "main"],
    target: "es2024",
  });
  write(join(folder, file), inAscii(code));
  for (const [name, { source }] of Object.entries(assets)) {
    write(join(folder, name), name.endsWith(".js") ? inAscii(source.toString()) : source);
  }
}

/** Pure ASCII is read faster and needs half the memory: one other character makes every character take two bytes. */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle("dist");
