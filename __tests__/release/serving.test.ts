import { serving } from "../../src/release/serving.ts";

const target = { function: "checkout", alias: "live" };
const routing = { primary: "42", additional: null };
const alias = { routing, description: "", revision: "r1" };

test("what an alias serves names the version that Lambda still sends the calls to, with a warning", () => {
  expect(serving(target, { ...alias, movingFrom: null })).toStrictEqual([{ kind: "serving", target, routing }]);
  expect(serving(target, { ...alias, movingFrom: "41" })).toStrictEqual([
    { kind: "serving", target, routing, movingFrom: "41" },
    { kind: "warned", text: { kind: "moving", target, from: "41", to: "42" } },
  ]);
});
