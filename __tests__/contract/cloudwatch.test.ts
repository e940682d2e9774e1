import assert from "node:assert/strict";
import { CloudWatch } from "../../src/aws/cloudwatch.ts";
import type { LambdaSeries, Reading } from "../../src/domain/ports.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { scheduled } from "../../testing/simulator/cloudwatch/alarms.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { inspectAll } from "../../testing/simulator/published/inspect.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { open, type World } from "../testing/simulator/clients.ts";
import { failure } from "./failure.ts";

const target = { function: "checkout", alias: "live" };

let world: World;
let checkout: LambdaFunction;
let cloudwatch: CloudWatch;
let start: Instant;

/** For five minutes, `live` sends a tenth of 100 calls a minute to version 2. Then wait until all of it shows. */
beforeEach(async () => {
  world = await open();
  world.simulator.inspect = inspectAll;
  start = world.clock.now();
  checkout = world.simulator.account.addFunction({
    name: "checkout",
    traffic: { callsPerMinute: 100, history: 0, throughAlias: 0.8 },
    behaviour: { errorRate: 0.2 },
  });
  const version = checkout.release();
  checkout.createAlias("live", { version, additional: { version: checkout.release(), weight: 0.1 } });
  await world.clock.advance(9 * MINUTE);
  cloudwatch = new CloudWatch(world.cloudwatch);
});

afterEach(() => world.close());

function series(metric: LambdaSeries["metric"], of: LambdaSeries["of"]): LambdaSeries {
  return { kind: "lambda", target, metric, statistic: "sum", of };
}

function read(...wanted: readonly LambdaSeries[]): Promise<readonly Reading[]> {
  return cloudwatch.read(wanted, start, start + 5 * MINUTE);
}

function points(reading: Reading | undefined): ReadonlyMap<Instant, number> {
  assert(reading?.kind === "points", JSON.stringify(reading));
  return reading.points;
}

function sum(reading: Reading | undefined): number {
  return [...points(reading).values()].reduce((total, value) => total + value, 0);
}

function reason(reading: Reading | undefined): string {
  assert(reading?.kind === "unreadable", JSON.stringify(reading));
  return reading.reason;
}

interface Input {
  readonly MetricDataQueries: readonly { readonly Id: string; readonly MetricStat: { readonly Metric: object } }[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly ScanBy: string;
  readonly NextToken?: string;
  readonly AlarmNames: readonly string[];
}

/** The inputs of all calls of an operation. */
function inputs(operation = "GetMetricData"): Input[] {
  return world.simulator.calls
    .filter((call) => call.operation === operation)
    .map(({ request }) => JSON.parse(request.body.toString()));
}

// --------------------------------------------------------------------------------------------------------- The metrics

test("the dimensions tell the calls of a version, of the alias and of the function apart, exactly", async () => {
  await read(series("Errors", "2"), series("Invocations", "alias"), series("Invocations", "function"));
  const metric = (MetricName: string, dimensions: Record<string, string>) => ({
    Metric: {
      Namespace: "AWS/Lambda",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: 60,
    Stat: "Sum",
  });
  const alias = { FunctionName: "checkout", Resource: "checkout:live" };
  expect(inputs()[0]?.MetricDataQueries.map(({ MetricStat }) => MetricStat)).toStrictEqual([
    metric("Errors", { ...alias, ExecutedVersion: "2" }),
    metric("Invocations", alias),
    metric("Invocations", { FunctionName: "checkout" }),
  ]);
});

test("each series has the figures of its own calls, in the order in which they were asked for", async () => {
  const [errors, canary, baseline, alias, all] = await read(
    series("Errors", "2"),
    series("Invocations", "2"),
    series("Invocations", "1"),
    series("Invocations", "alias"),
    series("Invocations", "function"),
  );
  const { calls, failures } = checkout.tally("2", start);
  const late = checkout.tally("2", start + 5 * MINUTE);
  expect([sum(canary), sum(errors)]).toStrictEqual([calls - late.calls, failures - late.failures]);
  expect(sum(errors)).toBeGreaterThan(0);
  expect(sum(alias)).toBe(sum(baseline) + sum(canary));
  expect(sum(all)).toBeGreaterThan(sum(alias));
});

test("points stand at the start of their minute, oldest first, up to but not including the end", async () => {
  const [reading] = await read(series("Invocations", "1"));
  const minutes = Array.from({ length: 5 }, (_, index) => start + index * MINUTE);
  expect([...points(reading).keys()]).toStrictEqual(minutes);
  expect(inputs()).toMatchObject([
    { StartTime: start / 1_000, EndTime: (start + 5 * MINUTE) / 1_000, ScanBy: "TimestampAscending" },
  ]);
});

test("a minute without a figure has no point: it is absent, and not zero", async () => {
  checkout.behave("1", { errorRate: 0 });
  await world.clock.advance(10 * MINUTE);
  world.simulator.cloudwatch.metrics.leavesOutZeros = true;
  const minute = start + 10 * MINUTE;
  world.simulator.cloudwatch.metrics.silence = { from: minute + MINUTE, to: minute + 2 * MINUTE };
  const wanted = [series("Errors", "1"), series("Invocations", "1"), series("Invocations", "7")];
  const [errors, invocations, nobody] = await cloudwatch.read(wanted, minute, minute + 3 * MINUTE);
  expect(errors).toStrictEqual({ kind: "points", points: new Map() });
  expect([...points(invocations).keys()]).toStrictEqual([minute, minute + 2 * MINUTE]);
  expect(nobody).toStrictEqual({ kind: "points", points: new Map() });
});

test("a zero that CloudWatch tells is a point", async () => {
  checkout.behave("1", { errorRate: 0 });
  await world.clock.advance(10 * MINUTE);
  const minute = start + 12 * MINUTE;
  const [errors] = await cloudwatch.read([series("Errors", "1")], minute, minute + MINUTE);
  expect(errors).toStrictEqual({ kind: "points", points: new Map([[minute, 0]]) });
});

/** Many series, alternating between the versions. */
function many(count: number): LambdaSeries[] {
  return Array.from({ length: count }, (_, index) => series("Invocations", index % 2 === 0 ? "1" : "2"));
}

test("nothing to read is no call", async () => {
  expect(await read()).toStrictEqual([]);
  expect(await cloudwatch.alarms([])).toStrictEqual(new Map());
  expect(world.simulator.calls).toStrictEqual([]);
});

test("up to 500 series are one call, 501 are two, and each has its own figures", async () => {
  const [first, second] = await read(...many(2));
  const readings = await read(...many(500));
  expect(inputs()).toHaveLength(2);
  expect([readings[0], readings[499]]).toStrictEqual([first, second]);
  const more = await read(...many(501));
  expect(
    inputs()
      .slice(2)
      .map(({ MetricDataQueries }) => MetricDataQueries.length),
  ).toStrictEqual([500, 1]);
  expect(more).toHaveLength(501);
  expect([more[1], more[499], more[500]]).toStrictEqual([second, second, first]);
});

test("the pages of an answer are joined, in the midst of a series too", async () => {
  const wanted = [...many(4), series("Errors", "1")];
  const whole = await read(...wanted);
  world.simulator.cloudwatch.pageSize = 3;
  expect(await read(...wanted)).toStrictEqual(whole);
  const pages = inputs().slice(1);
  expect(pages.length).toBeGreaterThan(5);
  for (const { NextToken, ...page } of pages) expect(page).toStrictEqual(inputs()[0]);
  expect(points(whole[0]).size).toBe(5);
});

test.each(["PartialData", "InternalError", "Forbidden"] as const)(
  "a series that CloudWatch answers with %s can't be read; the others can",
  async (status) => {
    world.simulator.cloudwatch.unreadable = { status, matches: ({ name }) => name === "Errors" };
    const [errors, invocations] = await read(series("Errors", "2"), series("Invocations", "2"));
    expect(reason(errors)).toBe(`Errors of checkout:live could not be read: CloudWatch answered ${status}`);
    expect(points(invocations).size).toBe(5);
  },
);

test("a series that is left out of the answer can't be read; it is not without calls", async () => {
  world.simulator.inject(
    { operation: "GetMetricData" },
    { kind: "answered", status: 200, body: '{"MetricDataResults":[{"Id":"q1","StatusCode":"Complete"}]}' },
  );
  const [left, empty] = await read(series("Invocations", "1"), series("Invocations", "2"));
  expect(reason(left)).toMatch(/Invocations of checkout:live could not be read: CloudWatch left it out of its answer/);
  expect(empty).toStrictEqual({ kind: "points", points: new Map() });
});

const PAGE = { "content-type": "text/html" };

const OUTAGES = [
  {
    what: "is not allowed",
    cause: () => {
      world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
    },
    says: /^GetMetricData of CloudWatch is not allowed: grant cloudwatch:GetMetricData to the role that the workflow assumes/,
  },
  {
    what: "comes with ended credentials",
    cause: () => {
      world.simulator.iam.credentials = "expired";
    },
    says: /no valid AWS credentials/,
  },
  {
    what: "is throttled",
    cause: () =>
      world.simulator.inject(
        { service: "cloudwatch" },
        { kind: "refused", refusal: new Refusal(400, "ThrottlingException", "Rate exceeded") },
      ),
    says: /^GetMetricData of CloudWatch was throttled by AWS, and so were the retries$/,
  },
  {
    what: "meets an error of the service",
    cause: () =>
      world.simulator.inject(
        { service: "cloudwatch" },
        { kind: "refused", refusal: new Refusal(500, "InternalServiceFault", "we are sorry") },
      ),
    says: /^GetMetricData of CloudWatch got no clear answer \(we are sorry\)$/,
  },
  {
    what: "is cut",
    cause: () => world.simulator.inject({ service: "cloudwatch" }, { kind: "reset" }),
    says: /^GetMetricData of CloudWatch got no clear answer \(.+\)$/,
  },
  {
    what: "is answered by something in between",
    cause: () =>
      world.simulator.inject({}, { kind: "intercepted", status: 403, headers: PAGE, body: "<html>No</html>" }),
    says: /^GetMetricData of CloudWatch got no clear answer \(not one of AWS's own: HTTP 403, a page of HTML\. Look/,
  },
  {
    what: "is answered with nothing",
    cause: () => world.simulator.inject({}, { kind: "intercepted", status: 200, headers: {}, body: "{}" }),
    says: /^GetMetricData of CloudWatch got no clear answer \(not one of AWS's own: HTTP 200\. Look/,
  },
  {
    what: "is answered by half",
    cause: () => world.simulator.inject({ service: "cloudwatch" }, { kind: "garbled" }),
    says: /^GetMetricData of CloudWatch got no clear answer \(.+\)$/,
  },
];
test.each(OUTAGES)(
  "a call that $what leaves all its series unreadable with a sentence, and throws nothing",
  async ({ cause, says }) => {
    cause();
    const readings = await read(series("Errors", "2"), series("Invocations", "alias"));
    expect(readings.map(reason)).toStrictEqual([expect.stringMatching(says), expect.stringMatching(says)]);
  },
);

test("a call that fails leaves the series of other calls readable", async () => {
  world.simulator.inject({ service: "cloudwatch" }, { kind: "reset" });
  const readings = await read(...many(501));
  const counts = Map.groupBy(readings, ({ kind }) => kind);
  expect(readings).toHaveLength(501);
  expect([1, 500]).toContain(counts.get("points")?.length ?? 0);
});

test("a page that fails leaves no half of a series behind", async () => {
  world.simulator.cloudwatch.pageSize = 3;
  world.simulator.inject({ service: "cloudwatch", skip: 1 }, { kind: "reset" });
  const [reading] = await read(series("Invocations", "1"));
  expect(reason(reading)).toMatch(/no clear answer/);
});

// ---------------------------------------------------------------------------------------------------------- The alarms

function addAlarm(name: string, kind: "metric" | "composite", state: "OK" | "ALARM" | "INSUFFICIENT_DATA"): void {
  world.simulator.cloudwatch.alarms.push({ name, kind, state: scheduled({ at: 0, state }) });
}

test("the states of metric and composite alarms are told by name; alarms that don't exist are absent", async () => {
  addAlarm("5xx", "metric", "ALARM");
  addAlarm("latency", "metric", "INSUFFICIENT_DATA");
  addAlarm("health", "composite", "OK");
  addAlarm("other", "metric", "ALARM");
  const states = await cloudwatch.alarms(["5xx", "health", "latency", "unknown", "5xx"]);
  expect(states).toStrictEqual(
    new Map([
      ["5xx", "alarm"],
      ["latency", "insufficient-data"],
      ["health", "ok"],
    ]),
  );
  expect(inputs("DescribeAlarms").map(({ AlarmNames }) => AlarmNames)).toStrictEqual([
    ["5xx", "health", "latency", "unknown"],
  ]);
});

test("up to 100 alarms are one call, more are two, and all of them are told", async () => {
  const names = Array.from({ length: 130 }, (_, index) => `alarm-${index}`);
  for (const [index, name] of names.entries()) addAlarm(name, index % 2 === 0 ? "metric" : "composite", "OK");
  expect((await cloudwatch.alarms(names.slice(0, 100))).size).toBe(100);
  expect(inputs("DescribeAlarms")).toHaveLength(1);
  expect([...(await cloudwatch.alarms(names)).keys()].sort()).toStrictEqual(names.sort());
  expect(inputs("DescribeAlarms")).toHaveLength(3);
});

test("alarms that come in pages are all told", async () => {
  addAlarm("5xx", "metric", "ALARM");
  addAlarm("health", "composite", "OK");
  const NextToken = Buffer.from('{"query":0,"point":1}').toString("base64url");
  const page = { MetricAlarms: [{ AlarmName: "5xx", StateValue: "ALARM" }], NextToken };
  world.simulator.inject({}, { kind: "answered", status: 200, body: JSON.stringify(page) });
  expect([...(await cloudwatch.alarms(["5xx", "health"])).keys()]).toStrictEqual(["5xx", "health"]);
});

test("alarms that can't be read are an error that tells what to grant", async () => {
  world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
  expect(await failure(cloudwatch.alarms(["5xx"]))).toMatchObject({
    fault: "denied",
    message: expect.stringMatching(/^DescribeAlarms of CloudWatch is not allowed: grant cloudwatch:DescribeAlarms to/),
  });
});
