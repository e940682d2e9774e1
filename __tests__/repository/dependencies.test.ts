import { read, section } from "./files.ts";

type Names = Readonly<Record<string, string>>;
const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json")) as {
  readonly dependencies: Names;
  readonly devDependencies: Names;
  readonly optionalDependencies: Names;
};

/** The names in the first column of each of CONTRIBUTING's tables of dependencies. */
function listed(): readonly (readonly string[])[] {
  const tables = section("Dependencies", "CONTRIBUTING.md")
    .split(/\n\n/)
    .filter((part) => part.startsWith("|"));
  return tables.map((table) => {
    const [, , ...rows] = table.trim().split("\n");
    return rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
  });
}

test("CONTRIBUTING says of every dependency what it is for, and of no other", () => {
  const [bundled = [], developed = []] = listed();
  expect([...bundled].sort()).toEqual(Object.keys(dependencies).sort());
  expect([...developed].sort()).toEqual(Object.keys({ ...devDependencies, ...optionalDependencies }).sort());
});

test("the packages that users named are what it is built with", () => {
  const all = { ...dependencies, ...devDependencies };
  const named = [
    "@actions/core",
    "@actions/github",
    "@aws-sdk/client-lambda",
    "@aws-sdk/client-cloudwatch",
    "@vercel/ncc",
  ];
  expect(Object.keys(all)).toEqual(expect.arrayContaining([...named, "jest"]));
});

test("every dependency is pinned", () => {
  for (const version of Object.values({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  }
});
