import {
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { HOUR, type Instant, MINUTE } from "../../../src/domain/time.ts";
import { errorRateAbove, scheduled } from "../../../testing/simulator/cloudwatch/alarms.ts";
import type { LambdaFunction } from "../../../testing/simulator/lambda/function.ts";
import { open, query, read, refusal, type World } from "./clients.ts";

const ALL = "FunctionName=checkout";
const ALIAS = `${ALL} Resource=checkout:live`;
const CANARY = `${ALIAS} ExecutedVersion=2`;

let world: World;
let checkout: LambdaFunction;
let start: Instant;

/** For ten minutes, `live` sends a tenth of 1,000 calls a minute to version 2. Then wait until all of it shows. */
beforeEach(async () => {
  world = await open();
  start = world.clock.now();
  checkout = world.simulator.account.addFunction({
    name: "checkout",
    traffic: { callsPerMinute: 1_000, history: 0, throughAlias: 0.8 },
  });
  const version = checkout.release();
  checkout.createAlias("live", { version, additional: { version: checkout.release(), weight: 0.1 } });
  await world.clock.advance(14 * MINUTE);
});

afterEach(() => world.close());

function series(wanted: MetricDataQuery): Promise<number[] | undefined> {
  return read(world.cloudwatch, wanted, start, start + 10 * MINUTE);
}

function get(queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) {
  const range = { StartTime: new Date(start), EndTime: new Date(start + 10 * MINUTE) };
  return world.cloudwatch.send(new GetMetricDataCommand({ ...range, MetricDataQueries: queries, ...more }));
}

function sum(values: readonly number[] | undefined): number {
  return (values ?? []).reduce((total, value) => total + value, 0);
}

test("a function's series are those of all calls, of an alias, and of an alias by executed version", async () => {
  const of = async (dimensions: string) => sum(await series(query("Invocations", "Sum", dimensions)));
  const [all, alias, baseline, canary] = [
    await of(ALL),
    await of(ALIAS),
    await of(`${ALIAS} ExecutedVersion=1`),
    await of(CANARY),
  ];
  expect(alias).toBe(baseline + canary);
  expect(all).toBe(alias + (await of(`${ALL} Resource=checkout`)));
  expect(Math.abs(canary / alias - 0.1)).toBeLessThan(0.02);
  expect(Math.abs(alias / all - 0.8)).toBeLessThan(0.02);
});

test("wrong dimensions are answered with no data, silently", async () => {
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:checkout";
  for (const wrong of [
    `FunctionName=${arn}`,
    `${ALL} Resource=live`,
    `${ALL} Resource=${arn}:live`,
    `${ALL} ExecutedVersion=2`,
    `${ALIAS} ExecutedVersion=${arn}:2`,
    "FunctionName=other",
    "Resource=checkout:live",
    `${ALL} Alias=live`,
  ]) {
    const { MetricDataResults } = await get([query("Invocations", "Sum", wrong)]);
    const { StatusCode, Values } = MetricDataResults?.[0] ?? {};
    expect({ wrong, StatusCode, Values }).toStrictEqual({ wrong, StatusCode: "Complete", Values: undefined });
  }
});

test("on an alias without weights, the series by version may be missing", async () => {
  const other = world.simulator.account.addFunction({
    name: "other",
    traffic: { versionSeries: "while-weighted" },
  });
  other.createAlias("live", { version: other.release() });
  const from = world.clock.now();
  await world.clock.advance(5 * MINUTE);
  other.updateAlias("live", { additional: { version: other.release(), weight: 0.5 } });
  await world.clock.advance(10 * MINUTE);
  const of = (dimensions: string) =>
    read(world.cloudwatch, query("Invocations", "Sum", dimensions), from, from + 10 * MINUTE);
  expect(await of("FunctionName=other Resource=other:live")).toHaveLength(10);
  expect(await of("FunctionName=other Resource=other:live ExecutedVersion=1")).toHaveLength(5);
});

test("there has been traffic before the beginning, on what the scene was set up as", async () => {
  const other = await open();
  const now = other.clock.now();
  const older = other.simulator.account.addFunction({ name: "older", traffic: { history: 30 * MINUTE, past: 0 } });
  older.createAlias("live", { version: older.release() });
  older.stage();
  const wanted = query("Invocations", "Sum", "FunctionName=older Resource=older:live ExecutedVersion=1");
  const values = await read(other.cloudwatch, wanted, now - 60 * MINUTE, now);
  await other.close();
  expect(values).toHaveLength(30);
});

test("a minute without data has no point", async () => {
  const quiet = world.simulator.account.addFunction({
    name: "quiet",
    traffic: { callsPerMinute: (at) => (Math.floor(at / MINUTE) % 2 === 0 ? 100 : 0) },
  });
  quiet.createAlias("live", { version: quiet.release() });
  await world.clock.advance(14 * MINUTE);
  const wanted = query("Invocations", "Sum", "FunctionName=quiet");
  const values = await read(world.cloudwatch, wanted, start + 14 * MINUTE, start + 24 * MINUTE);
  expect(values).toHaveLength(5);
});

test("Errors of 0 are points, or left out, as it is set", async () => {
  checkout.behave("2", { errorRate: 0 });
  await world.clock.advance(14 * MINUTE);
  const [from, to] = [start + 15 * MINUTE, start + 20 * MINUTE];
  const errors = () => read(world.cloudwatch, query("Errors", "Sum", CANARY), from, to);
  expect(await errors()).toStrictEqual([0, 0, 0, 0, 0]);
  world.simulator.cloudwatch.metrics.leavesOutZeros = true;
  expect(await errors()).toBeUndefined();
});

test("failed inits are errors without invocations, so errors can exceed invocations", async () => {
  checkout.behave("2", { initFailureRate: 0.9 });
  await world.clock.advance(10 * MINUTE);
  const of = (metric: string) =>
    read(world.cloudwatch, query(metric, "Sum", CANARY), start + 15 * MINUTE, start + 20 * MINUTE);
  expect(sum(await of("Errors"))).toBeGreaterThan(5 * sum(await of("Invocations")));
});

test("EndTime is exclusive, and points are at the start of their minute", async () => {
  const answer = await get([query("Invocations", "Sum", ALL)], { ScanBy: "TimestampAscending" });
  const stamps = answer.MetricDataResults?.[0]?.Timestamps?.map((stamp) => stamp.getTime());
  expect(stamps).toStrictEqual(Array.from({ length: 10 }, (_, minute) => start + minute * MINUTE));
});

test("points come newest first unless ScanBy says otherwise", async () => {
  const stamps = async (more: Partial<GetMetricDataCommandInput>) => {
    const answer = await get([query("Invocations", "Sum", ALL)], more);
    return answer.MetricDataResults?.[0]?.Timestamps?.map(Number) ?? [];
  };
  const newestFirst = await stamps({});
  expect(Number(newestFirst[0])).toBeGreaterThan(Number(newestFirst[1]));
  expect(await stamps({ ScanBy: "TimestampAscending" })).toStrictEqual(newestFirst.toReversed());
});

test("answers have pages; a series that goes on is PartialData, and Complete where it ends", async () => {
  world.simulator.cloudwatch.pageSize = 7;
  const queries = [
    query("Invocations", "Sum", ALL, "a"),
    query("Errors", "Sum", ALL, "b"),
    query("Errors", "Sum", "x=y", "c"),
  ];
  const parts: [string | undefined, string | undefined, number | undefined][] = [];
  let token: string | undefined;
  do {
    const page = await get(queries, token === undefined ? {} : { NextToken: token });
    for (const { Id, StatusCode, Values } of page.MetricDataResults ?? []) parts.push([Id, StatusCode, Values?.length]);
    token = page.NextToken;
  } while (token !== undefined);
  expect(parts).toStrictEqual([
    ["a", "PartialData", 7],
    ["a", "Complete", 3],
    ["b", "PartialData", 4],
    ["b", "Complete", 6],
    ["c", "Complete", undefined],
  ]);
  expect(await refusal(get(queries, { NextToken: "made up" }))).toMatch(/^400 InvalidNextToken/);
});

test("a request has at most 500 queries, with ids of their own that begin with a lower-case letter", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => query("Errors", "Sum", ALL, `q${n}`));
  expect((await get(many(500))).MetricDataResults).toHaveLength(500);
  expect(await refusal(get(many(501)))).toMatch(/^400 ValidationException/);
  expect(await refusal(get([]))).toMatch(/^400 ValidationException/);
  for (const id of ["Q", "1", "a-b", ""]) {
    const found = await refusal(get([query("Errors", "Sum", ALL, id)]));
    expect({ id, found }).toStrictEqual({ id, found: expect.stringMatching(/^400 ValidationException/) });
  }
  expect(await refusal(get([query("Errors", "Sum", ALL), query("Errors", "Sum", ALL)]))).toMatch(
    /^400 ValidationException/,
  );
});

test("a request that makes no sense is refused: times, periods, statistics", async () => {
  const wanted = query("Errors", "Sum", ALL);
  expect(await refusal(get([wanted], { EndTime: new Date(start) }))).toMatch(/^400 ValidationException/);
  expect(await refusal(get([wanted], { MaxDatapoints: 100_801 }))).toMatch(/^400 ValidationException/);
  for (const statistic of ["Median", "p101", "PR(:)", "sum"]) {
    const found = await refusal(get([query("Duration", statistic, ALL)]));
    expect({ statistic, found }).toStrictEqual({ statistic, found: expect.stringMatching(/^400 ValidationException/) });
  }
  const period = {
    ...wanted,
    MetricStat: { ...wanted.MetricStat, Metric: wanted.MetricStat?.Metric, Stat: "Sum", Period: 90 },
  };
  expect(await refusal(get([period]))).toMatch(/^400 ValidationException/);
  expect(await refusal(get([{ Id: "e", Expression: "a / b" }]))).toMatch(/^400 ValidationException/);
  expect(await refusal(get([{ Id: "e" }]))).toMatch(/^400 ValidationException/);
});

test("longer periods hold the calls of their minutes", async () => {
  const wanted = query("Invocations", "Sum", ALL);
  const five = { ...wanted, MetricStat: { Metric: wanted.MetricStat?.Metric, Stat: "Sum", Period: 300 } };
  const minutes = (await series(wanted)) ?? [];
  expect(await series(five)).toStrictEqual([sum(minutes.slice(0, 5)), sum(minutes.slice(5))]);
});

function every(seconds: number, wanted: MetricDataQuery): MetricDataQuery {
  const { Metric, Stat } = wanted.MetricStat ?? {};
  return { Id: wanted.Id, MetricStat: { Metric, Stat, Period: seconds } };
}

async function stamps(wanted: MetricDataQuery, from: Instant, to: Instant): Promise<Instant[]> {
  const range = { StartTime: new Date(from), EndTime: new Date(to), ScanBy: "TimestampAscending" as const };
  const { MetricDataResults } = await get([wanted], range);
  return MetricDataResults?.[0]?.Timestamps?.map(Number) ?? [];
}

test("points of longer periods are at multiples of them, also where StartTime and EndTime aren't", async () => {
  const wanted = query("Invocations", "Sum", ALL);
  const [from, to] = [start - 3 * HOUR + 7 * MINUTE, start + 4 * MINUTE];
  const hours = [start - 3 * HOUR, start - 2 * HOUR, start - HOUR, start];
  expect(await stamps(every(3_600, wanted), from, to)).toStrictEqual(hours);
  const fives = await stamps(every(300, wanted), from, to);
  expect([fives[0], fives.at(-1), fives.length]).toStrictEqual([start - 3 * HOUR + 5 * MINUTE, start, 36]);
  expect(fives.filter((stamp) => stamp % (5 * MINUTE) !== 0)).toStrictEqual([]);
  const sums = (period: number) =>
    read(world.cloudwatch, every(period, wanted), start - 2 * HOUR, start - HOUR).then(sum);
  expect(await sums(3_600)).toBeGreaterThan(50_000);
  expect([await sums(300), await sums(60)]).toStrictEqual([await sums(3_600), await sums(3_600)]);
});

test("points are kept 15 days, those of 5 minutes 63 days, those of an hour 455 days", async () => {
  const DAY = 24 * HOUR;
  const old = world.simulator.account.addFunction({ name: "old", traffic: { callsPerMinute: 100, past: 500 * DAY } });
  old.createAlias("live", { version: old.release() });
  const wanted = query("Invocations", "Sum", "FunctionName=old");
  const now = world.clock.now();
  for (const [seconds, days] of [
    [60, 15],
    [120, 15],
    [300, 63],
    [900, 63],
    [3_600, 455],
    [86_400, 455],
  ] as const) {
    const edge = now - days * DAY;
    const [oldest] = await stamps(every(seconds, wanted), edge - 2 * DAY, edge + 2 * DAY);
    const expected = Math.ceil(edge / (seconds * 1_000)) * seconds * 1_000;
    expect({ seconds, oldest }).toStrictEqual({ seconds, oldest: expected });
  }
  expect(await stamps(every(60, wanted), now - 20 * DAY, now - 16 * DAY)).toStrictEqual([]);
});

test("percentile ranks are served, refused with the whole request, or silent", async () => {
  const queries = [query("Invocations", "Sum", ALIAS, "a"), query("Duration", "PR(:200)", ALIAS, "b")];
  const lengths = async () =>
    (await get(queries)).MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length]);
  const { cloudwatch } = world.simulator;
  expect(await lengths()).toStrictEqual([
    ["Complete", 10],
    ["Complete", 10],
  ]);
  cloudwatch.ranks = "silent";
  expect(await lengths()).toStrictEqual([
    ["Complete", 10],
    ["Complete", undefined],
  ]);
  cloudwatch.ranks = "refused";
  expect(await refusal(get(queries))).toMatch(/^400 ValidationException/);
  expect(await refusal(get(queries.slice(0, 1)))).toBe("");
});

test("Duration has percentiles, and percentile ranks: PR(:T) is the share at or under T", async () => {
  const of = async (statistic: string) => (await series(query("Duration", statistic, ALIAS)))?.[0] ?? Number.NaN;
  const [p50, p90, maximum] = [await of("p50"), await of("p90"), await of("Maximum")];
  expect(p50).toBeLessThan(p90);
  expect(p90).toBeLessThan(maximum);
  expect(Math.abs((await of(`PR(:${p90})`)) - 90)).toBeLessThan(0.5);
  expect(Math.abs((await of(`PR(${p50}:${p90})`)) - 40)).toBeLessThan(0.5);
  expect(await of(`PR(:${maximum})`)).toBe(100);
  expect(await of("SampleCount")).toBe((await series(query("Invocations", "Sum", ALIAS)))?.[0]);
  expect(Math.abs((await of("Sum")) / (await of("SampleCount")) - (await of("Average")))).toBeLessThan(1e-6);
  expect(await of("Minimum")).toBeLessThan(p50);
});

test("a unit that isn't the metric's own selects nothing", async () => {
  const { MetricStat, Id } = query("Duration", "p50", ALIAS);
  const unit = (Unit: "Seconds" | "Milliseconds") =>
    series({ Id, MetricStat: { Metric: MetricStat?.Metric, Period: 60, Stat: "p50", Unit } });
  expect(await unit("Seconds")).toBeUndefined();
  expect(await unit("Milliseconds")).toHaveLength(10);
});

test("gauges are told for the function and its alias, not by version", async () => {
  checkout.gauges.set("IteratorAge", 1_500);
  checkout.gauges.set("DeadLetterErrors", (minute) => (minute === start ? 3 : null));
  expect(await series(query("IteratorAge", "Maximum", ALIAS))).toStrictEqual(Array(10).fill(1_500));
  expect(await series(query("DeadLetterErrors", "Sum", ALL))).toStrictEqual([3]);
  expect(await series(query("IteratorAge", "Maximum", CANARY))).toBeUndefined();
  expect(await series(query("IteratorAge", "Maximum", `${ALL} Resource=live`))).toBeUndefined();
  expect(Number((await series(query("ConcurrentExecutions", "Maximum", ALL)))?.[0])).toBeGreaterThanOrEqual(2);
});

test("metrics of the user's own are found by exactly their dimensions", async () => {
  const name = { namespace: "Shop", name: "Orders", dimensions: { Version: "2", Stage: "live" } };
  world.simulator.cloudwatch.metrics.put({ ...name, at: start, value: 3 }, { ...name, at: start + 1, value: 4 });
  const orders = (Dimensions: { Name: string; Value: string }[]) =>
    series({
      Id: "o",
      MetricStat: { Metric: { Namespace: "Shop", MetricName: "Orders", Dimensions }, Period: 60, Stat: "Sum" },
    });
  const [version, stage] = [
    { Name: "Version", Value: "2" },
    { Name: "Stage", Value: "live" },
  ];
  expect(await orders([stage, version])).toStrictEqual([7]);
  expect(await orders([version])).toBeUndefined();
});

test("metrics of the user's own may come from a source, minute by minute, once these have ended", async () => {
  const { metrics } = world.simulator.cloudwatch;
  metrics.sources.push({
    names: () => [{ namespace: "Shop", name: "Load", dimensions: {} }],
    samples: ({ namespace, name }, minute) =>
      namespace === "Shop" && name === "Load" ? [1, (minute - start) / MINUTE] : [],
  });
  const load = (Stat: string, MetricName = "Load") => {
    const Metric = { Namespace: "Shop", MetricName, Dimensions: [] };
    return read(world.cloudwatch, { Id: "l", MetricStat: { Metric, Period: 60, Stat } }, start, start + 20 * MINUTE);
  };
  expect(await load("Sum")).toStrictEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  expect((await load("SampleCount"))?.[0]).toBe(2);
  expect(await load("Sum", "Other")).toBeUndefined();
});

test("series can be unreadable: InternalError, PartialData, Forbidden", async () => {
  const queries = [query("Errors", "Sum", ALL, "a"), query("Invocations", "Sum", ALL, "b")];
  for (const [status, points] of [
    ["InternalError", undefined],
    ["PartialData", 5],
    ["Forbidden", undefined],
  ] as const) {
    world.simulator.cloudwatch.unreadable = { status, matches: ({ name }) => name === "Errors" };
    const { MetricDataResults } = await get(queries);
    expect(MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length])).toStrictEqual([
      [status, points],
      ["Complete", 10],
    ]);
  }
});

test("metrics can be late beyond the usual, and silent", async () => {
  const { metrics } = world.simulator.cloudwatch;
  const invocations = query("Invocations", "Sum", ALL);
  metrics.silence = { from: start + 2 * MINUTE, to: start + 5 * MINUTE };
  expect(await series(invocations)).toHaveLength(7);
  metrics.silence = null;
  metrics.extraLag = 14 * MINUTE;
  expect(await series(invocations)).toBeUndefined();
});

test("an hour of 10,000 calls a minute is read in little time", async () => {
  const busy = world.simulator.account.addFunction({
    name: "busy",
    traffic: { callsPerMinute: 10_000, history: 60 * MINUTE },
  });
  busy.createAlias("live", { version: busy.release() });
  busy.traffic.catchUp(world.clock.now());
  const of = "FunctionName=busy Resource=busy:live";
  const queries = [
    query("Invocations", "Sum", of, "a"),
    query("Errors", "Sum", of, "b"),
    query("Duration", "p90", of, "c"),
    query("Duration", "PR(:200)", of, "d"),
  ];
  const before = performance.now();
  await get(queries, { StartTime: new Date(world.clock.now() - 60 * MINUTE), EndTime: new Date(world.clock.now()) });
  expect(performance.now() - before).toBeLessThan(1_000);
});

function alarms(input: DescribeAlarmsCommandInput) {
  return world.cloudwatch.send(new DescribeAlarmsCommand(input));
}

test("without AlarmTypes only metric alarms come back; composite ones need it", async () => {
  world.simulator.cloudwatch.alarms.push(
    { name: "simple", kind: "metric", state: scheduled() },
    { name: "both", kind: "composite", state: scheduled() },
  );
  const names = { AlarmNames: ["simple", "both"] };
  const plain = await alarms(names);
  expect([plain.MetricAlarms?.length, plain.CompositeAlarms]).toStrictEqual([1, undefined]);
  const all = await alarms({ ...names, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  expect([all.MetricAlarms?.length, all.CompositeAlarms?.[0]?.AlarmName]).toStrictEqual([1, "both"]);
});

test("unknown alarm names are left out silently, and there are at most 100 names", async () => {
  expect((await alarms({ AlarmNames: ["none"] })).MetricAlarms).toStrictEqual([]);
  const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
  expect(await refusal(alarms({ AlarmNames: names(100) }))).toBe("");
  expect(await refusal(alarms({ AlarmNames: names(101) }))).toMatch(/^400 ValidationException/);
});

test("an answer has 50 alarms unless MaxRecords says otherwise, and a token for the rest", async () => {
  for (let count = 0; count < 60; count++) {
    world.simulator.cloudwatch.alarms.push({ name: `a${count}`, kind: "metric", state: scheduled() });
  }
  const first = await alarms({});
  expect(first.MetricAlarms).toHaveLength(50);
  const rest = await alarms(first.NextToken === undefined ? {} : { NextToken: first.NextToken });
  expect([rest.MetricAlarms?.length, rest.NextToken]).toStrictEqual([10, undefined]);
  expect((await alarms({ MaxRecords: 100 })).MetricAlarms).toHaveLength(60);
});

test("an alarm changes its state with time, or with a function's errors", async () => {
  const { metrics } = world.simulator.cloudwatch;
  const now = world.clock.now();
  world.simulator.cloudwatch.alarms.push(
    { name: "planned", kind: "metric", state: scheduled({ at: now + MINUTE, state: "ALARM" }) },
    {
      name: "errors",
      kind: "metric",
      state: errorRateAbove(0.05, { metrics, of: "checkout", resource: "checkout:live" }),
    },
  );
  const states = async () => (await alarms({})).MetricAlarms?.map(({ StateValue }) => StateValue);
  expect(await states()).toStrictEqual(["OK", "OK"]);
  checkout.behave("1", { errorRate: 0.5 });
  await world.clock.advance(MINUTE);
  expect(await states()).toStrictEqual(["ALARM", "OK"]);
  await world.clock.advance(5 * MINUTE);
  expect(await states()).toStrictEqual(["ALARM", "ALARM"]);
});
