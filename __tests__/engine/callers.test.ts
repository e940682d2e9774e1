import { type Caller, ServiceError } from "../../src/domain/ports.ts";
import { describeCallers } from "../../src/engine/callers.ts";
import { FakeFunctions } from "../../testing/fakes/ports.ts";

const live = { function: "checkout", alias: "live" };

function called(name: string, qualifier: string | null): Caller {
  return { kind: "event-source", name, qualifier, reportsItems: false };
}

/** What people are told, without its last part, which is always the same. */
async function told(...callers: Caller[]): Promise<readonly string[]> {
  const functions = new FakeFunctions("41");
  functions.calledBy = callers;
  const { text, isKnown } = await describeCallers(live, { functions });
  expect(isKnown).toBe(true);
  return text.split("; ").slice(0, -1);
}

test("callers that may not be listed are unknown, with what to grant", async () => {
  const functions = new FakeFunctions("41");
  functions.callers = () => Promise.reject(new ServiceError("denied", "grant lambda:GetPolicy", null));
  const { text, isKnown } = await describeCallers(live, { functions });
  expect(isKnown).toBe(false);
  expect(text).toMatch(/^its callers could not be listed \(grant lambda:GetPolicy\): check event source mappings/);
});

test("who calls the alias is told apart from who bypasses it", async () => {
  const through = called("orders", "live");
  const past = [called("nightly", null), called("audit", "41")];
  expect(await told(through)).toStrictEqual([
    expect.stringMatching(/^checkout:live is called by [^,]*orders \(to live\)$/),
  ]);
  const bypassed = expect.stringMatching(/bypassed by .*nightly \(to the function .*\) and .*audit \(to 41\)$/);
  expect(await told(...past)).toStrictEqual([bypassed]);
  expect(await told(...past, through)).toStrictEqual([expect.stringMatching(/ called by [^,]*orders/), bypassed]);
  expect(await told()).toStrictEqual([expect.stringMatching(/ no event source, /)]);
});

test("of many callers six are named, and how many more there are", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, place) => called(`queue${place}`, "live"));
  const named = (sentence = "") => [...(sentence.match(/queue\d/g) ?? []), ...(sentence.match(/\d more/) ?? [])];
  const six = ["queue0", "queue1", "queue2", "queue3", "queue4", "queue5"];
  expect((await told(...many(6))).map(named)).toStrictEqual([six]);
  expect((await told(...many(8))).map(named)).toStrictEqual([[...six, "2 more"]]);
});
