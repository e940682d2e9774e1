import assert from "node:assert/strict";
import test from "node:test";
import { type Inputs, readInputs } from "../../src/inputs.ts";
import { formatMistake } from "../../src/release/mistake.ts";
import { HOUR, parseDuration } from "../../src/release/time.ts";

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

for (const partition of ["aws", "aws-cn", "aws-us-gov", "aws-eusc"]) {
  test(`a role of the partition ${partition} is taken, for an hour unless told otherwise`, () => {
    const arn = `arn:${partition}:iam::123456789012:role/teams/shop/release`;
    const inputs = read({ "role-to-assume": arn });
    assert.ok(typeof inputs !== "string");
    assert.deepEqual(inputs.role, { arn, session: null, duration: HOUR });
  });
}

test("a role is taken with the name and the length of its sessions; without one there is none", () => {
  const arn = "arn:aws:iam::123456789012:role/release";
  for (const duration of ["15m", "12h"]) {
    const inputs = read({ "role-to-assume": arn, "role-session-name": "a.b@c", "role-duration": duration });
    assert.ok(typeof inputs !== "string");
    assert.deepEqual(inputs.role, { arn, session: "a.b@c", duration: parseDuration(duration) });
  }
  const none = read({ "role-duration": "1h" });
  assert.ok(typeof none !== "string");
  assert.equal(none.role, null);
});

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
  [{ "role-to-assume": "release" }, /"release" is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:user/release" }, /is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:role/" }, /is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:role/release", "role-session-name": "a b" }, /can't name a session/],
  [{ "role-session-name": "release" }, /there is no role for a session of this name/],
  [{ "role-duration": "14m" }, /"14m" can't be taken/],
  [{ "role-duration": "13h" }, /"13h" can't be taken/],
];

for (const [given, why] of REFUSED) {
  test(`${JSON.stringify(given)} is refused`, () => {
    const told = read(given);
    assert.ok(typeof told === "string");
    assert.match(told, why);
  });
}
