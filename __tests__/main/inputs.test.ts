import assert from "node:assert/strict";
import test from "node:test";
import { type Inputs, readInputs } from "../../src/inputs.ts";
import { formatMistake } from "../../src/release/mistake.ts";

const USUAL: Readonly<Record<string, string>> = {
  function: "checkout",
  steps: "5% for 5m",
  guards: "error-rate <= 1%",
};

function read(given: Readonly<Record<string, string>>): Inputs | string {
  const parsed = readInputs((name) => ({ ...USUAL, ...given })[name] ?? "");
  return parsed.ok ? parsed.value : parsed.mistakes.map(formatMistake).join("\n");
}

test("names, partial ARNs and ARNs are taken, and tell account and Region", () => {
  const inputs = read({
    function: "checkout\n123456789012:function:refund\narn:aws:lambda:eu-central-1:123456789012:function:invoice",
  });
  assert.ok(typeof inputs !== "string");
  assert.deepEqual(inputs.functions, [
    { name: "checkout", account: null },
    { name: "refund", account: "123456789012" },
    { name: "invoice", account: "123456789012" },
  ]);
  assert.equal(inputs.region, "eu-central-1");
});

for (const partition of ["aws", "aws-cn", "aws-us-gov", "aws-eusc"]) {
  test(`an ARN of the partition ${partition} is taken`, () => {
    const inputs = read({ function: `arn:${partition}:lambda:us-gov-west-1:123456789012:function:checkout` });
    assert.ok(typeof inputs !== "string");
  });
}

const REFUSED: readonly [given: Readonly<Record<string, string>>, why: RegExp][] = [
  [{ function: "" }, /no function is given/],
  [{ function: "checkout\ncheckout" }, /checkout is given twice/],
  [{ function: "checkout:live" }, /leave out ":live" and name the alias/],
  [
    {
      function: "arn:aws:lambda:eu-west-1:123456789012:function:a\narn:aws:lambda:eu-central-1:123456789012:function:b",
    },
    /in several Regions/,
  ],
  [{ function: "arn:aws:lambda:eu-west-1:123456789012:function:a", "aws-region": "us-east-1" }, /in several Regions/],
  [{ function: "a\nb", version: "3" }, /version 3 can't be meant of 2 functions/],
  [{ version: "$LATEST" }, /is not a published version/],
  [{ alias: "7" }, /is not an alias/],
  [{ "aws-region": "Frankfurt" }, /is not a Region/],
  [{ "pull-request": "#7" }, /is not a pull request/],
  [{ "poll-interval": "0s" }, /can't be taken/],
];

for (const [given, why] of REFUSED) {
  test(`${JSON.stringify(given)} is refused`, () => {
    const told = read(given);
    assert.ok(typeof told === "string");
    assert.match(told, why);
  });
}
