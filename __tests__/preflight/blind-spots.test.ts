import type { Caller } from "../../src/domain/ports.ts";
import { parseGuards } from "../../src/guards/grammar.ts";
import { warnAboutBlindSpots } from "../../src/preflight/blind-spots.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";

const URL: Caller = { kind: "url", name: "https://checkout.example/", qualifier: "live", reportsItems: false };
const API: Caller = { kind: "policy", name: "apigateway.amazonaws.com", qualifier: "live", reportsItems: false };
const QUEUE: Caller = {
  kind: "event-source",
  name: "arn:aws:sqs:eu-central-1:123456789012:orders",
  qualifier: "live",
  reportsItems: true,
};
const STREAM = { ...QUEUE, name: "arn:aws:kinesis:eu-central-1:123456789012:stream/orders" };
const OTHERS: readonly Caller[] = [
  { ...QUEUE, reportsItems: false },
  { ...API, name: "s3.amazonaws.com" },
];

async function told(text: string, callers: readonly Caller[], ...names: readonly string[]): Promise<readonly string[]> {
  const ports = new FakePorts("41");
  ports.functions.calledBy = [...callers];
  const targets = (names.length > 0 ? names : ["checkout"]).map((name) => ({ function: name, alias: "live" }));
  const sentences = await warnAboutBlindSpots(guardsOf(text), targets, ports);
  const warned = ports.events.flatMap((event) => (event.kind === "warned" ? [event.text] : []));
  expect(warned).toStrictEqual(sentences);
  return sentences;
}

test.each([
  ["a function URL", URL, /^error-rate doesn't see what the function URL of checkout:live .*"url-5xx < 1%"$/],
  ["API Gateway", API, /^error-rate doesn't see what checkout:live answers to API Gateway .*"metric AWS\/ApiGateway/],
  ["a queue's messages", QUEUE, /^error-rate doesn't see the messages that checkout:live .*"metric AWS\/SQS/],
  ["a stream's records", STREAM, /^error-rate doesn't see the records that checkout:live .*"iterator-age < 1m"$/],
])("what error-rate can't see is told with the guard to add: %s", async (_, caller, words) => {
  const sentences = await told("error-rate <= baseline", [...OTHERS, caller]);
  expect(sentences).toStrictEqual([expect.stringMatching(words)]);
  const [, guard = ""] = /"([^"]+)"/.exec(sentences[0] ?? "") ?? [];
  expect(parseGuards(guard)).toHaveProperty("ok", true);
  expect(await told(`error-rate <= baseline\n${guard}`, [caller])).toStrictEqual([]);
});

test("nothing is told where callers get no such answers, or where error-rate isn't a guard", async () => {
  expect(await told("error-rate <= baseline", OTHERS)).toStrictEqual([]);
  expect(await told("p90 <= baseline", [URL])).toStrictEqual([]);
  expect(await told("error-rate <= baseline\nalarm checkout-5xx", [URL, API, QUEUE, STREAM])).toStrictEqual([]);
});

test("another guard of the same kind doesn't silence it", async () => {
  expect(await told("error-rate <= baseline\nurl-latency < 1s\nurl-4xx < 5%", [URL])).toHaveLength(1);
  expect(await told("error-rate <= baseline\nurl-5xx < 1%", [URL, API])).toHaveLength(1);
});

test("a fleet gets one sentence of each kind, with a few names", async () => {
  const [sentence, ...more] = await told("error-rate <= baseline", [URL], "a", "b", "c", "d", "e");
  expect(sentence).toContain("the function URL of a:live, b:live, c:live and 2 more answers");
  expect(more).toStrictEqual([]);
});
