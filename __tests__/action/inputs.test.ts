import assert from "node:assert/strict";
import { type Inputs, readInputs } from "../../src/action/inputs.ts";
import { COMMANDS } from "../../src/commands/table.ts";
import { formatMistake } from "../../src/domain/mistake.ts";
import { HOUR, parseDuration } from "../../src/domain/time.ts";

const USUAL: Readonly<Record<string, string>> = {
  function: "checkout",
  steps: "5% for 5m",
  guards: "error-rate <= 1%",
};

async function read(given: Readonly<Record<string, string>>): Promise<Inputs | string> {
  const parsed = await readInputs((name) => ({ ...USUAL, ...given })[name] ?? "", COMMANDS);
  return parsed.ok ? parsed.value : parsed.mistakes.map(formatMistake).join("\n");
}

/** The inputs as read, which must be valid. */
async function taken(given: Readonly<Record<string, string>>): Promise<Inputs> {
  const inputs = await read(given);
  assert(typeof inputs !== "string", String(inputs));
  return inputs;
}

test("names, partial ARNs and ARNs are taken, and tell account and Region", async () => {
  const { common: inputs } = await taken({
    function: "checkout\n123456789012:function:refund\narn:aws:lambda:eu-central-1:123456789012:function:invoice",
  });
  expect(inputs.functions).toStrictEqual([
    { name: "checkout", account: null },
    { name: "refund", account: "123456789012" },
    { name: "invoice", account: "123456789012" },
  ]);
  expect(inputs.region).toBe("eu-central-1");
});

const REGIONS: readonly (readonly [partition: string, region: string])[] = [
  ["aws", "eu-central-1"],
  ["aws-cn", "cn-northwest-1"],
  ["aws-us-gov", "us-gov-west-1"],
  ["aws-eusc", "eusc-de-east-1"],
  ["aws-iso", "us-iso-east-1"],
  ["aws-iso-b", "us-isob-east-1"],
  ["aws-iso-e", "eu-isoe-west-1"],
  ["aws-iso-f", "us-isof-south-1"],
];

function functionIn(partition: string, region: string): string {
  return `arn:${partition}:lambda:${region}:123456789012:function:checkout`;
}

function roleIn(partition: string): string {
  return `arn:${partition}:iam::123456789012:role/teams/shop/release`;
}

test.each(REGIONS)(
  "function, role and Region of the partition %s are taken, the role for an hour unless told otherwise",
  async (partition, region) => {
    const arn = roleIn(partition);
    const { common: inputs } = await taken({
      function: functionIn(partition, region),
      "aws-region": region,
      "role-to-assume": arn,
    });
    expect(inputs.region).toBe(region);
    expect(inputs.role).toStrictEqual({ arn, session: null, duration: HOUR });
  },
);

test.each(REGIONS)(
  "an ARN or a role of another partition than %s is refused with its Regions",
  async (partition, region) => {
    const other = partition === "aws" ? "aws-cn" : "aws";
    const mixed = await read({ function: functionIn(other, region) });
    expect(mixed).toMatch(new RegExp(`${region} is not in the partition ${other}`));
    expect(mixed).toMatch(new RegExp(`ARNs of that Region begin with "arn:${partition}:"`));
    for (const given of [{ function: functionIn(partition, region) }, { "aws-region": region }]) {
      const told = await read({ ...given, "role-to-assume": roleIn(other) });
      const why = new RegExp(`in the partition ${other}, but ${region} is in ${partition}`);
      expect({ given, told }).toStrictEqual({ given, told: expect.stringMatching(why) });
    }
  },
);

test("a role is taken with the name and the length of its sessions; without one there is none", async () => {
  const arn = "arn:aws:iam::123456789012:role/release";
  const role = async (duration: string) =>
    (await taken({ "role-to-assume": arn, "role-session-name": "a.b@c", "role-duration": duration })).common.role;
  expect(await role("15m")).toStrictEqual({ arn, session: "a.b@c", duration: parseDuration("15m") });
  expect(await role("12h")).toStrictEqual({ arn, session: "a.b@c", duration: parseDuration("12h") });
  expect((await taken({ "role-duration": "1h" })).common.role).toBeNull();
});

const REFUSED: readonly [given: Readonly<Record<string, string>>, why: RegExp][] = [
  [{ function: "" }, /no function is given/],
  [{ function: "checkout\ncheckout" }, /checkout is given twice/],
  [{ function: "checkout:live" }, /leave out ":live" and name the alias/],
  [{ function: "checkout:$LATEST.PUBLISHED" }, /leave out ":\$LATEST.PUBLISHED" and name the alias/],
  [{ function: "a".repeat(65) }, /is not a function/],
  [{ function: "arn:aws:lambda:eu-middle:123456789012:function:a" }, /"eu-middle" is not a Region/],
  [{ function: "arn:aws-moon:lambda:eu-west-1:123456789012:function:a" }, /is not a function/],
  [
    { function: "123456789012:function:a\n210987654321:function:b" },
    /in several accounts\n +123456789012, 210987654321/,
  ],
  [
    {
      function: "arn:aws:lambda:eu-west-1:123456789012:function:a\narn:aws:lambda:eu-central-1:123456789012:function:b",
    },
    /in several Regions/,
  ],
  [
    { function: "arn:aws:lambda:eu-west-1:123456789012:function:a", "aws-region": "us-east-1" },
    /^aws-region: the functions are in eu-west-1, not in us-east-1/,
  ],
  [{ function: "a\nb", version: "3" }, /version 3 can't apply to 2 functions/],
  [{ version: "$LATEST" }, /is not a published version/],
  [{ alias: "7" }, /is not an alias/],
  [{ "aws-region": "Frankfurt" }, /is not a Region/],
  [{ "aws-region": "us-east-1.evil.example" }, /is not a Region/],
  [
    { function: "123456789012:function:a", "role-to-assume": "arn:aws:iam::210987654321:role/release" },
    /^role-to-assume: the role is in account 210987654321, but the functions are in account 123456789012/,
  ],
  [{ "pull-request": "#7" }, /is not a pull request/],
  [{ "poll-interval": "0s" }, /can't be used/],
  [{ "role-to-assume": "release" }, /"release" is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:user/release" }, /is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:role/" }, /is not the ARN of a role/],
  [{ "role-to-assume": "arn:aws:iam::123456789012:role/release", "role-session-name": "a b" }, /can't name a session/],
  [{ "role-session-name": "release" }, /a session name needs a role/],
  [{ "role-duration": "14m" }, /"14m" can't be used/],
  [{ "role-duration": "13h" }, /"13h" can't be used/],
];

test.each(REFUSED)("%j is refused", async (given, why) => expect(await read(given)).toMatch(why));

const ZIP = "4TcnN8rB2mDXgJO6AxYWTfgRgvBMBk1PH2KTjDNqHkE=";
const IMAGE = "6c582a21b71e5520e8fc0e703f7d9fd7f7587e00971c63ca0c148a8ba03502c3";

test("the code to release is given as one hash for one function, or as a line for each", async () => {
  const codes = async (given: Record<string, string>) => {
    const { order } = await taken(given);
    assert("codes" in order && order.codes instanceof Map);
    return Object.fromEntries(order.codes);
  };
  expect(await codes({})).toStrictEqual({});
  expect(await codes({ "code-sha256": ` ${ZIP}\n` })).toStrictEqual({ checkout: ZIP });
  expect(await codes({ "code-sha256": IMAGE })).toStrictEqual({ checkout: IMAGE });
  expect(await codes({ "code-sha256": `checkout=${ZIP}` })).toStrictEqual({ checkout: ZIP });
  const fleet = { function: "checkout, 123456789012:function:refund" };
  const both = { checkout: ZIP, refund: IMAGE };
  expect(await codes({ ...fleet, "code-sha256": `checkout=${ZIP}\nrefund=${IMAGE}\n` })).toStrictEqual(both);
  expect(await codes({ ...fleet, "code-sha256": `checkout=${ZIP}, refund=${IMAGE}` })).toStrictEqual(both);
});

test.each([
  [
    "None",
    "checkout",
    /^code-sha256: "None" is not the SHA-256 of a function's code\n {4}None\n {4}\^{4} give the CodeSha256/,
  ],
  [`${ZIP}=`, "checkout", /is not the SHA-256/],
  [ZIP.slice(1), "checkout", /is not the SHA-256/],
  [IMAGE.toUpperCase(), "checkout", /is not the SHA-256/],
  [`sha256:${IMAGE}`, "checkout", /is not the SHA-256/],
  [`refund=${ZIP}`, "checkout", /refund is not one of the functions to release/],
  [`checkout=${ZIP}\n${ZIP}`, "checkout", /the code of checkout is given twice/],
  [ZIP, "checkout, refund", /it isn't said which function has this code/],
  [`checkout=${ZIP}`, "checkout, refund", /the code of refund is missing\n.*\n.*add a line refund=CodeSha256/],
])("code-sha256 %s for %s is refused together with all other mistakes", async (code, functions, told) => {
  const given = { "code-sha256": code, function: functions };
  expect(await read(given)).toMatch(told);
  expect(await read({ ...given, steps: "5%" })).toMatch(/^code-sha256: |^steps: /);
  expect(String(await read({ ...given, steps: "5%" })).match(/^(code-sha256|steps): /gm)).toHaveLength(2);
});

const WRONG: Readonly<Record<string, string>> = {
  "code-sha256": "None",
  steps: "5%",
  advance: "fast",
  guards: "eror-rate <= 1%",
  "poll-interval": "1s",
  "wait-for-release": "soon",
  "min-invocations": "many",
  "max-hold": "long",
  "max-unreadable": "1s",
  "when-inconclusive": "maybe",
  "must-detect": "all",
  budget: "1s",
  from: "yesterday",
  to: "today",
};

test("steps may end as soon as they show that the canary is good, if a guard can show it", async () => {
  const advance = async (given: { readonly [name: string]: string }) => (await taken(given)).order;
  expect(await advance({})).toMatchObject({ advance: "by-time" });
  const guards = "error-rate <= baseline\nerror-rate < 2%";
  expect(await advance({ advance: "when-shown", guards })).toMatchObject({ advance: "when-shown" });
  expect(await advance({ advance: "by-time", guards: "alarm checkout-5xx" })).toMatchObject({ advance: "by-time" });
  const refused = `advance: no guard compares with the baseline, so no step could show anything
    when-shown
    ^^^^^^^^^^ add one, such as error-rate <= baseline * 1.5 + 0.5%, or write by-time`;
  for (const none of ["error-rate < 2%\nalarm checkout-5xx", "# none"]) {
    expect(await read({ advance: " when-shown ", guards: none })).toBe(refused);
  }
  // Mistakes in the guards are told alone.
  expect(String(await read({ advance: "when-shown", guards: "eror-rate <= 1%" })).match(/^[a-z-]+: /gm)).toStrictEqual([
    "guards: ",
  ]);
});

test("a rollback doesn't stop at inputs that are wrong: it uses none of these", async () => {
  expect((await taken({ command: "rollback", ...WRONG, version: "41" })).order).toStrictEqual({
    functions: [{ name: "checkout", account: null }],
    alias: "live",
    version: "41",
  });
  expect((await taken({ command: "heal", ...WRONG, version: "latest" })).order).toStrictEqual({
    functions: [{ name: "checkout", account: null }],
    alias: "live",
  });
});

test("mistakes are told in one order, whoever finds them", async () => {
  const wrong = { ...WRONG, function: "a b", "aws-region": "Frankfurt", version: "latest", alias: "7", comment: "yes" };
  const others = { "role-session-name": "a b", "role-duration": "1s", "mask-account-id": "no", "pull-request": "#7" };
  const told = async (command: string) =>
    [...String(await read({ command, ...wrong, ...others })).matchAll(/^([a-z-]+\d*): /gm)].map(([, input]) => input);
  const where = ["aws-region", "function", "version", "role-session-name", "role-duration", "mask-account-id"];
  const how = [
    "code-sha256",
    "steps",
    "advance",
    "guards",
    "poll-interval",
    "wait-for-release",
    "min-invocations",
    "max-hold",
  ];
  const last = ["comment", "pull-request"];
  const release = [...where, "alias", ...how, "max-unreadable", "when-inconclusive", ...last];
  expect(await told("deploy")).toStrictEqual(release);
  expect(await told("delpoy")).toStrictEqual(["command", ...release]);
  const wish = ["must-detect", "budget"];
  expect(await told("plan")).toStrictEqual(release.toSpliced(release.indexOf("when-inconclusive"), 0, ...wish));
  expect(await told("replay")).toStrictEqual([...where, "from", "to", "alias", "guards", ...last]);
  expect(await told("rollback")).toStrictEqual([...where, "alias", ...last]);
  expect(await told("heal")).toStrictEqual([...where.filter((each) => each !== "version"), "alias", ...last]);
});
