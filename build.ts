import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = fileURLToPath(new URL(".", import.meta.url));
/** Where ncc finds the sources as JavaScript: within the project, so that it finds the packages too. */
const COMPILED = join(ROOT, "node_modules", ".cache", "compiled");

/**
 * Packages that nothing needs before the first call to AWS, though what it needs imports them. Each is a bundle of its
 * own, and is read when something of it is used.
 */
const READ_WHEN_USED = ["@actions/exec", "@actions/http-client", "undici"];

/** What stands in for such a package, beside the bundle of it. */
const standIn = (bundle: string) =>
  `module.exports = new Proxy({}, { get: (_, name) => name === "__esModule" || require("./${bundle}")[name] });\n`;

const COMMONJS = '{ "type": "commonjs" }\n';

type Ncc = (entry: string, options: object) => Promise<Built>;

interface Built {
  readonly code: string;
  /** The chunks beside it, and the licenses, by their names. */
  readonly assets: Readonly<Record<string, { readonly source: string | Buffer }>>;
}

/** TypeScript's own JavaScript: its types left out, and imports of `.ts` files of `.js` files. */
export function toJavaScript(source: string): string {
  const { ESNext } = ts.ModuleKind;
  const compilerOptions = { target: ts.ScriptTarget.ES2024, module: ESNext, rewriteRelativeImportExtensions: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Bundles main and post into a folder, each whole in a folder of its own: they can't be mixed up, whenever they start. */
export async function bundle(folder: string): Promise<void> {
  for (const path of [folder, COMPILED]) rmSync(path, { recursive: true, force: true });
  writePackage();
  for (const file of globSync("src/**/*.ts", { cwd: ROOT })) {
    write(join(COMPILED, file.replace(/\.ts$/, ".js")), toJavaScript(readFileSync(join(ROOT, file), "utf8")));
  }
  for (const name of ["main", "post"]) {
    await bundleOne(join(COMPILED, "src", `${name}.js`), join(folder, name), "index.js", READ_WHEN_USED);
    for (const each of READ_WHEN_USED) {
      const entry = join(COMPILED, `${basename(each)}.js`);
      write(entry, `export * from "${each}";`);
      const others = READ_WHEN_USED.filter((other) => other !== each);
      await bundleOne(entry, join(folder, name), `${basename(each)}.bundle.js`, others);
      write(join(folder, name, `${basename(each)}.js`), standIn(`${basename(each)}.bundle.js`));
    }
  }
  write(join(folder, "package.json"), COMMONJS);
}

/** Bundles a program's text by itself into a folder's `index.js`, as main is bundled: to compare others with it. */
export async function bundleText(text: string, folder: string): Promise<void> {
  const entry = join(COMPILED, "text.js");
  writePackage();
  write(entry, text);
  await bundleOne(entry, folder, "index.js", []);
  write(join(folder, "package.json"), COMMONJS);
}

/** Not the project's own, which says that all is ES modules: CommonJS starts faster. */
function writePackage(): void {
  write(join(COMPILED, "package.json"), "{}");
}

/** @param elsewhere the packages that are left out, since there are files for them beside it */
async function bundleOne(entry: string, folder: string, file: string, elsewhere: readonly string[]): Promise<void> {
  const ncc: Ncc = createRequire(import.meta.url)("@vercel/ncc");
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

/** As it is read faster, and takes up half the memory: of a text with any other character, each takes two bytes. */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle("dist");
