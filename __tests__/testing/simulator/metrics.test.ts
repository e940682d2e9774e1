import {
  GetMetricStatisticsCommand,
  type GetMetricStatisticsCommandInput,
  ListMetricsCommand,
  type ListMetricsCommandInput,
  type Metric,
} from "@aws-sdk/client-cloudwatch";
import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { DAY, HOUR, type Instant, MINUTE } from "../../../src/domain/time.ts";
import type { LambdaFunction } from "../../../testing/simulator/lambda/function.ts";
import { open, query, read, refusal, type World } from "./clients.ts";

let world: World;
let checkout: LambdaFunction;
let start: Instant;

/** Ten minutes of calls through `live`, all to version 1. Then wait until all of them show. */
beforeEach(async () => {
  world = await open();
  start = world.clock.now();
  checkout = world.simulator.account.addFunction({
    name: "checkout",
    traffic: { callsPerMinute: 1_000, history: 0, past: 0 },
  });
  checkout.createAlias("live", { version: checkout.release() });
  await world.clock.advance(14 * MINUTE);
});

afterEach(() => world.close());

function list(input: ListMetricsCommandInput = {}) {
  return world.cloudwatch.send(new ListMetricsCommand(input));
}

/** `Errors checkout checkout:live 1` */
function written({ MetricName, Dimensions = [] }: Metric): string {
  return [MetricName, ...Dimensions.map(({ Value }) => Value)].join(" ");
}

async function names(input: ListMetricsCommandInput = {}): Promise<string[]> {
  return ((await list(input)).Metrics ?? []).map(written);
}

describe("ListMetrics", () => {
  test("lists what has had data: of all calls, of an alias, and of each version that executed them", async () => {
    const ofErrors = () => names({ MetricName: "Errors" });
    expect(await ofErrors()).toStrictEqual([
      "Errors checkout",
      "Errors checkout checkout:live",
      "Errors checkout checkout:live 1",
    ]);
    const RoutingConfig = { AdditionalVersionWeights: { [checkout.release()]: 0.1 } };
    await world.lambda.send(new UpdateAliasCommand({ FunctionName: "checkout", Name: "live", RoutingConfig }));
    await world.clock.advance(5 * MINUTE);
    expect((await ofErrors()).at(-1)).toBe("Errors checkout checkout:live 2");
    const everything = await names({ Namespace: "AWS/Lambda" });
    expect(everything).toHaveLength(20);
    expect(new Set(everything).size).toBe(20);
  });

  test("lists nothing that has never been called, and gauges where there are some", async () => {
    world.simulator.account.addFunction({ name: "idle", traffic: { callsPerMinute: 0, history: 0, past: 0 } });
    checkout.gauges.set("IteratorAge", 1_000);
    checkout.gauges.set("DeadLetterErrors", () => null);
    const all = await names();
    expect(all.filter((name) => name.includes("idle"))).toStrictEqual([]);
    expect(all.filter((name) => /^(IteratorAge|DeadLetterErrors)/.test(name))).toStrictEqual([
      "IteratorAge checkout",
      "IteratorAge checkout checkout:live",
    ]);
  });

  test("whatever it lists can be read", async () => {
    for (const metric of (await list()).Metrics ?? []) {
      const dimensions = (metric.Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).join(" ");
      const wanted = query(metric.MetricName ?? "", "SampleCount", dimensions);
      expect(await read(world.cloudwatch, wanted, start, start + 10 * MINUTE)).toHaveLength(10);
    }
  });

  test("finds custom metrics, whether put or made up by a source", async () => {
    const { metrics } = world.simulator.cloudwatch;
    metrics.put({ namespace: "Shop", name: "Orders", dimensions: { Stage: "live" }, at: start, value: 3 });
    const load = { namespace: "Shop", name: "Load", dimensions: {} };
    const never = { namespace: "Shop", name: "Never", dimensions: {} };
    metrics.sources.push({ names: () => [load, never], samples: ({ name }) => (name === "Load" ? [1] : []) });
    expect(await names({ Namespace: "Shop" })).toStrictEqual(["Orders live", "Load"]);
  });

  test.each<[string, ListMetricsCommandInput, string[]]>([
    ["namespace", { Namespace: "AWS/Other" }, []],
    [
      "name and a dimension's value",
      { MetricName: "Duration", Dimensions: [{ Name: "ExecutedVersion", Value: "1" }] },
      ["Duration checkout checkout:live 1"],
    ],
    [
      "a dimension's name alone",
      { MetricName: "Duration", Dimensions: [{ Name: "Resource" }] },
      ["Duration checkout checkout:live", "Duration checkout checkout:live 1"],
    ],
    ["a dimension that nothing has", { Dimensions: [{ Name: "Alias" }] }, []],
    ["another value", { Dimensions: [{ Name: "FunctionName", Value: "check" }] }, []],
  ])("filters by %s", async (_by, input, expected) => {
    expect(await names(input)).toStrictEqual(expected);
  });

  test("leaves out what has had no data for two weeks, and by RecentlyActive for three hours", async () => {
    const { metrics } = world.simulator.cloudwatch;
    const now = world.clock.now();
    const put = (name: string, ago: number) =>
      metrics.put({ namespace: "Shop", name, dimensions: {}, at: now - ago, value: 1 });
    put("Now", MINUTE);
    put("Hours", 3 * HOUR + 2 * MINUTE);
    put("Days", 14 * DAY - 2 * MINUTE);
    put("Weeks", 14 * DAY + 2 * MINUTE);
    expect(await names({ Namespace: "Shop" })).toStrictEqual(["Now", "Hours", "Days"]);
    expect(await names({ Namespace: "Shop", RecentlyActive: "PT3H" })).toStrictEqual(["Now"]);
  });

  test("has 500 metrics on a page", async () => {
    const { metrics } = world.simulator.cloudwatch;
    for (let n = 0; n < 501; n++) {
      metrics.put({ namespace: "Shop", name: `m${n}`, dimensions: {}, at: start, value: 1 });
    }
    const first = await list({ Namespace: "Shop" });
    expect(first.Metrics).toHaveLength(500);
    const rest = await list({ Namespace: "Shop", NextToken: first.NextToken ?? "" });
    expect(rest.Metrics?.map(written)).toStrictEqual(["m500"]);
    expect(rest.NextToken).toBeUndefined();
  });

  test.each<[string, ListMetricsCommandInput]>([
    ["another time than three hours", { RecentlyActive: "PT1H" as "PT3H" }],
    ["a made-up token", { NextToken: "made up" }],
    ["other accounts", { IncludeLinkedAccounts: true }],
    ["more than ten dimensions", { Dimensions: Array.from({ length: 11 }, (_, n) => ({ Name: `d${n}` })) }],
    ["a dimension without a name", { Dimensions: [{ Name: "" }] }],
  ])("refuses %s", async (_what, input) => {
    expect(await refusal(list(input))).toBe("400 InvalidParameterValueException");
  });
});

describe("GetMetricStatistics", () => {
  const usual = () => ({
    Namespace: "AWS/Lambda",
    MetricName: "Invocations",
    Dimensions: [{ Name: "FunctionName", Value: "checkout" }],
    StartTime: new Date(start),
    EndTime: new Date(start + 10 * MINUTE),
    Period: 60,
    Statistics: ["Sum" as const],
  });

  function get(more: Partial<GetMetricStatisticsCommandInput> = {}) {
    return world.cloudwatch.send(new GetMetricStatisticsCommand({ ...usual(), ...more }));
  }

  async function sorted(more: Partial<GetMetricStatisticsCommandInput> = {}) {
    const { Datapoints = [] } = await get(more);
    return Datapoints.sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp));
  }

  test("has the figures of GetMetricData, with the unit, in no order", async () => {
    const { Label, Datapoints = [] } = await get({
      Statistics: ["Sum", "SampleCount", "Average", "Minimum", "Maximum"],
    });
    expect(Label).toBe("Invocations");
    const stamps = Datapoints.map(({ Timestamp }) => Number(Timestamp));
    expect(stamps).not.toStrictEqual(stamps.toSorted((a, b) => a - b));
    const sums = await read(
      world.cloudwatch,
      query("Invocations", "Sum", "FunctionName=checkout"),
      start,
      start + 10 * MINUTE,
    );
    const points = await sorted();
    expect(points.map(({ Sum }) => Sum)).toStrictEqual(sums);
    expect(points.map(({ Timestamp }) => Number(Timestamp))).toStrictEqual(
      Array.from({ length: 10 }, (_, minute) => start + minute * MINUTE),
    );
    expect(points[0]).toStrictEqual({ Timestamp: new Date(start), Sum: sums?.[0], Unit: "Count" });
    const { Sum, SampleCount, Average, Minimum, Maximum } = Datapoints[0] ?? {};
    expect([SampleCount, Average, Minimum, Maximum]).toStrictEqual([Sum, 1, 1, 1]);
  });

  test("has percentiles in a map of their own", async () => {
    const { Statistics: _none, ...input } = { ...usual(), MetricName: "Duration", ExtendedStatistics: ["p50", "p99"] };
    const { Datapoints = [] } = await world.cloudwatch.send(new GetMetricStatisticsCommand(input));
    const { ExtendedStatistics: values = {}, Unit } = Datapoints[0] ?? {};
    expect(Unit).toBe("Milliseconds");
    expect(Number(values["p99"])).toBeGreaterThan(Number(values["p50"]));
  });

  test("counts its periods from StartTime on, in whole minutes, and ends with EndTime", async () => {
    const points = await sorted({
      StartTime: new Date(start + 3 * MINUTE + 20_000),
      EndTime: new Date(start + 10 * MINUTE),
      Period: 300,
    });
    expect(points.map(({ Timestamp }) => Number(Timestamp))).toStrictEqual([start + 3 * MINUTE, start + 8 * MINUTE]);
    const minutes = (await sorted()).map(({ Sum = 0 }) => Sum);
    const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
    expect(points.map(({ Sum }) => Sum)).toStrictEqual([sum(minutes.slice(3, 8)), sum(minutes.slice(8))]);
  });

  test("answers wrong dimensions, and another unit, with no points", async () => {
    expect((await get({ Dimensions: [] })).Datapoints).toStrictEqual([]);
    expect((await get({ Unit: "Seconds" })).Datapoints).toStrictEqual([]);
    expect((await get({ Unit: "Count" })).Datapoints).toHaveLength(10);
  });

  test("keeps points of a minute for 15 days", async () => {
    const now = world.clock.now();
    const old = world.simulator.account.addFunction({ name: "old", traffic: { callsPerMinute: 100, past: 100 * DAY } });
    old.createAlias("live", { version: old.release() });
    const at = (days: number, Period: number) =>
      sorted({
        Dimensions: [{ Name: "FunctionName", Value: "old" }],
        StartTime: new Date(now - days * DAY),
        EndTime: new Date(now - days * DAY + HOUR),
        Period,
      });
    expect(await at(14, 60)).toHaveLength(60);
    expect(await at(16, 60)).toHaveLength(0);
    expect(await at(16, 300)).toHaveLength(13);
    expect(await at(64, 300)).toHaveLength(0);
    expect((await at(64, 3_600)).length).toBeGreaterThan(0);
  });

  test("takes 1,440 points, and not one more", async () => {
    const EndTime = new Date(start + 1_440 * MINUTE);
    expect(await refusal(get({ EndTime }))).toBe("");
    expect(await refusal(get({ StartTime: new Date(start - MINUTE), EndTime }))).toBe(
      "400 InvalidParameterCombinationException",
    );
    expect(await refusal(get({ StartTime: new Date(start - MINUTE), EndTime, Period: 120 }))).toBe("");
  });

  test.each<[string, string, () => Partial<GetMetricStatisticsCommandInput>]>([
    ["a period of 90 s", "InvalidParameterValueException", () => ({ Period: 90 })],
    ["a period of 0 s", "InvalidParameterValueException", () => ({ Period: 0 })],
    ["an end at the start", "InvalidParameterValueException", () => ({ EndTime: new Date(start) })],
    ["an end before the start", "InvalidParameterValueException", () => ({ EndTime: new Date(start - MINUTE) })],
    ["an unknown statistic", "InvalidParameterValueException", () => ({ Statistics: ["p90" as "Sum"] })],
    ["no statistic", "MissingRequiredParameterException", () => ({ Statistics: [] })],
    ["both kinds of statistics", "InvalidParameterCombinationException", () => ({ ExtendedStatistics: ["p90"] })],
    [
      "a simple statistic as a percentile",
      "InvalidParameterValueException",
      () => ({ Statistics: [], ExtendedStatistics: ["Sum"] }),
    ],
  ])("refuses %s: %s", async (_what, error, more) => {
    expect(await refusal(get(more()))).toBe(`400 ${error}`);
  });
});
