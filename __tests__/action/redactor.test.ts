import fc from "fast-check";
import { Redactor } from "../../src/action/redactor.ts";
import { renderComment } from "../../src/report/comment.ts";
import { logLines } from "../../src/report/log.ts";
import { outputs } from "../../src/report/outputs.ts";
import { tell, unwritten } from "../../src/report/story.ts";
import type { ToldEvent as Event } from "../../src/report/told.ts";
import { filled, hostile, journal } from "../report/outside.ts";

const KEY = { targets: [], workflow: "deploy", job: "release", region: "eu-west-1", account: null };
const ID = "210987654321";
const HIDDEN = "************";

test.each(
  Object.entries({
    "an ARN": `User: arn:aws:sts::${ID}:assumed-role/release/GitHubActions is not authorized`,
    "an ARN of another partition": `arn:aws-us-gov:lambda:us-gov-west-1:${ID}:function:checkout:live`,
    "an ARN in JSON": `add {"Resource":["arn:aws:lambda:eu-west-1:${ID}:function:checkout:*"]}`,
    "a partial ARN": `"${ID}:function:checkout:live" is not a function`,
    "the root of an account": `${ID}:root may call it`,
    "a sentence": `the account ${ID} has no such function; Account: ${ID}, accountId=${ID}, account id (${ID})`,
    "the address of a queue": `https://sqs.eu-west-1.amazonaws.com/${ID}/orders`,
    "the address of an image": `${ID}.dkr.ecr.eu-west-1.amazonaws.com/checkout`,
  }),
)("an account is known by its place in %s", (_where, text) => {
  expect(new Redactor(true).over(text)).toBe(text.replaceAll(ID, HIDDEN));
  expect(new Redactor(false).over(text)).toBe(text);
});

test("an id that is known is hidden wherever it turns up, with dashes too", () => {
  const byInput = new Redactor(true);
  byInput.learnFrom(`arn:aws:iam::${ID}:root`);
  expect(byInput.over(`bucket-${ID}-eu of 2109-8765-4321`)).toBe(`bucket-${HIDDEN}-eu of ****-****-****`);
  const byArn = new Redactor(true);
  byArn.over(`arn:aws:iam::${ID}:role/x`);
  expect(byArn.over(`of ${ID}`)).toBe(`of ${HIDDEN}`);
  const byAnswer = new Redactor(true);
  byAnswer.learnFrom({
    Policy: `{"Statement":[{"Principal":{"AWS":"${ID}"}}]}`,
    FunctionArn: "arn:aws:lambda:x:111122223333:function:f",
  });
  expect(byAnswer.over(`let in: ${ID}, 111122223333`)).toBe(`let in: ${HIDDEN}, ${HIDDEN}`);
});

test("numbers of twelve digits that are no account's are left alone", () => {
  const redactor = new Redactor(true);
  for (const text of [
    "run 170000000012 has ended",
    "https://github.com/o/r/actions/runs/170000000012/attempts/1",
    "[lambda-canary 41 promoted 2026-11-21T14:00:00Z, before 40 run 170000000012.1]",
    "accounted for 999,999,999,999 of 999999999999 calls, 0.123456789012 %",
    "at 1795269612000 and 202611211405",
    "12345678901234567890",
  ]) {
    expect(redactor.over(text)).toBe(text);
  }
  redactor.learnFrom("arn:aws:iam::170000000012:root");
  const link = "https://github.com/o/r/actions/runs/170000000012";
  expect(redactor.over(link)).toBe(link);
});

test("the command that heals an alias stays as it is, so that it can be run", () => {
  const redactor = new Redactor(true);
  redactor.learnFrom(`arn:aws:iam::${ID}:root`);
  redactor.addSecret("checkout-key");
  const command = `aws lambda update-alias --function-name checkout-keys-of-${ID} --name live`;
  const stranded = { reason: `of ${ID}: checkout-key`, command };
  expect(redactor.over(stranded)).toStrictEqual({ reason: `of ${HIDDEN}: ***`, command });
});

test("only a value of 8 characters or more is a secret", () => {
  const redactor = new Redactor(true);
  for (const value of ["test", "a", "", "seven77", "short\nof two lines\n1234567"]) redactor.addSecret(value);
  const text = "a test of test-checkout: seven77, short, 1234567";
  expect(redactor.over(text)).toBe(text);
  redactor.addSecret("eight888");
  expect(redactor.over("eight888, of two lines")).toBe("***, ***");
});

test("a function's name stays as it is wherever it stands, also if a secret or an account's id is part of it", () => {
  const redactor = new Redactor(true);
  redactor.learnFrom(`arn:aws:iam::${ID}:root`);
  redactor.addSecret("localstack");
  const name = `localstack-${ID}`;
  redactor.leave(name);
  expect(redactor.over({ function: name, text: `${name}:live (${name}) as localstack of ${ID}` })).toStrictEqual({
    function: name,
    text: `${name}:live (${name}) as *** of ${HIDDEN}`,
  });
  redactor.addSecret(`the-key-${name}`);
  expect(redactor.over(`the-key-${name} of ${name}`)).toBe(`*** of ${name}`);
});

test("outcomes and the other words of our own, and the names of properties, stay whatever the secrets are", () => {
  const redactor = new Redactor(true);
  for (const word of ["promoted", "rolled-back", "rollback", "superseded", "inconclusive", "function", "warnings"]) {
    redactor.addSecret(word);
  }
  const event = { kind: "promoted", task: "rollback", outcome: "rolled-back", verdict: "inconclusive", warnings: 1 };
  expect(redactor.over(event)).toStrictEqual(event);
  expect(redactor.over({ text: "promoted" })).toStrictEqual({ text: "***" });
});

test("a secret is hidden wherever it turns up, each line of it too, whatever is to be seen of accounts", () => {
  const redactor = new Redactor(false);
  redactor.addSecret("first line\nsecond line");
  redactor.addSecret("ghs_short");
  redactor.addSecret("ghs_short_and_more");
  redactor.addSecret("");
  expect(redactor.over({ text: ["a second line, ghs_short_and_more, ghs_short"] })).toStrictEqual({
    text: ["a ***, ***, ***"],
  });
});

/** Hostile texts that contain an account's ARN and a secret, and are long enough to be cut when shown. */
const SECRET = "secret-of-the-session";
const telling = fc
  .tuple(hostile, fc.nat({ max: 2_100 }), hostile)
  .map(([a, room, b]) => `${a}${"x ".repeat(room / 2)} arn:aws:iam::${ID}:role/r ${SECRET} ${ID} ${b}`);

test("no id of an account and no secret leaves, whole or cut, wherever the text lands", () => {
  fc.assert(
    fc.property(journal, fc.array(telling, { minLength: 5, maxLength: 5 }), (skeleton, texts) => {
      let next = 0;
      const redactor = new Redactor(true);
      redactor.addSecret(SECRET);
      const events = filled(skeleton, (name) => {
        next += 1;
        return name.startsWith("version") ? "41" : (texts[next % texts.length] ?? "");
      }).map((event): Event => (event.kind === "stranded" ? { ...event, command: "aws lambda update-alias" } : event));
      const veiled = redactor.over(events);
      const told = [
        renderComment(tell(veiled), KEY, { run: null, rollback: null }),
        JSON.stringify(
          veiled.map((event, index) => logLines(event, index === 0 ? unwritten : tell(veiled.slice(0, index)))),
        ),
        JSON.stringify(outputs(veiled)),
      ];
      for (const text of told) {
        expect(text).not.toMatch(/2109876|secret-of/);
      }
      JSON.parse(outputs(veiled).report);
    }),
    { numRuns: 40 },
  );
});
