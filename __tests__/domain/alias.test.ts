import { weightIn } from "../../src/domain/alias.ts";

test("a version's weight is what the alias sends to it", () => {
  const split = { primary: "41", additional: { version: "42", weight: 5 } };
  expect(["41", "42", "43"].map((version) => weightIn(split, version))).toStrictEqual([95, 5, 0]);
  expect(weightIn({ primary: "42", additional: null }, "42")).toBe(100);
});
