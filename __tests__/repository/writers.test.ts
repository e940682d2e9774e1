import { list, read } from "./files.ts";

/** The files of `src` in which a text stands. */
function filesWith(text: RegExp): readonly string[] {
  return list("src/").filter((file) => text.test(read(`src/${file}`)));
}

test("aliases are written by one file, which knows what to do about a lost answer", () => {
  expect(filesWith(/\bUpdateAliasCommand\(/)).toStrictEqual(["aws/lambda.ts"]);
  // The second only passes on what it is given.
  expect(filesWith(/raffic\.write\(/)).toStrictEqual(["engine/fresh-traffic.ts", "engine/write-alias.ts"]);
});
