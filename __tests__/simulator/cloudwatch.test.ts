import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  DescribeAlarmsCommand,
  type DescribeAlarmsCommandInput,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { errorRateAbove, scheduled } from "../../simulator/cloudwatch/alarms.ts";
import type { LambdaFunction } from "../../simulator/lambda/function.ts";
import { HOUR, type Instant, MINUTE } from "../../src/release/time.ts";
import { open, query, read, refusal, type World } from "./clients.ts";

const ALL = "FunctionName=checkout";
const ALIAS = `${ALL} Resource=checkout:live`;
const CANARY = `${ALIAS} ExecutedVersion=2`;

let world: World;
let checkout: LambdaFunction;
let start: Instant;

/** Ten minutes in which `live` sent a tenth of 1,000 calls a minute to version 2, and some more in which it all shows. */
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
  assert.equal(alias, baseline + canary);
  assert.equal(all, alias + (await of(`${ALL} Resource=checkout`)));
  assert.ok(Math.abs(canary / alias - 0.1) < 0.02);
  assert.ok(Math.abs(alias / all - 0.8) < 0.02);
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
    const answer = await get([query("Invocations", "Sum", wrong)]);
    assert.equal(answer.MetricDataResults?.[0]?.StatusCode, "Complete", wrong);
    assert.equal(answer.MetricDataResults?.[0]?.Values, undefined, wrong);
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
  assert.equal((await of("FunctionName=other Resource=other:live"))?.length, 10);
  assert.equal((await of("FunctionName=other Resource=other:live ExecutedVersion=1"))?.length, 5);
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
  assert.equal(values?.length, 30);
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
  assert.equal(values?.length, 5);
});

test("Errors of 0 are points, or left out, as it is set", async () => {
  checkout.behave("2", { errorRate: 0 });
  await world.clock.advance(14 * MINUTE);
  const [from, to] = [start + 15 * MINUTE, start + 20 * MINUTE];
  const errors = () => read(world.cloudwatch, query("Errors", "Sum", CANARY), from, to);
  assert.deepEqual(await errors(), [0, 0, 0, 0, 0]);
  world.simulator.cloudwatch.metrics.leavesOutZeros = true;
  assert.equal(await errors(), undefined);
});

test("failed inits are errors without invocations, so errors can exceed invocations", async () => {
  checkout.behave("2", { initFailureRate: 0.9 });
  await world.clock.advance(10 * MINUTE);
  const of = (metric: string) =>
    read(world.cloudwatch, query(metric, "Sum", CANARY), start + 15 * MINUTE, start + 20 * MINUTE);
  assert.ok(sum(await of("Errors")) > 5 * sum(await of("Invocations")));
});

test("EndTime is exclusive, and points are at the start of their minute", async () => {
  const answer = await get([query("Invocations", "Sum", ALL)], { ScanBy: "TimestampAscending" });
  const stamps = answer.MetricDataResults?.[0]?.Timestamps?.map((stamp) => stamp.getTime());
  assert.deepEqual(
    stamps,
    Array.from({ length: 10 }, (_, minute) => start + minute * MINUTE),
  );
});

test("points come newest first unless ScanBy says otherwise", async () => {
  const stamps = async (more: Partial<GetMetricDataCommandInput>) => {
    const answer = await get([query("Invocations", "Sum", ALL)], more);
    return answer.MetricDataResults?.[0]?.Timestamps?.map(Number) ?? [];
  };
  const newestFirst = await stamps({});
  assert.ok(Number(newestFirst[0]) > Number(newestFirst[1]));
  assert.deepEqual(await stamps({ ScanBy: "TimestampAscending" }), newestFirst.toReversed());
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
  assert.deepEqual(parts, [
    ["a", "PartialData", 7],
    ["a", "Complete", 3],
    ["b", "PartialData", 4],
    ["b", "Complete", 6],
    ["c", "Complete", undefined],
  ]);
  assert.match(await refusal(get(queries, { NextToken: "made up" })), /^400 InvalidNextToken/);
});

test("a request has at most 500 queries, with ids of their own that begin with a lower-case letter", async () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => query("Errors", "Sum", ALL, `q${n}`));
  assert.equal((await get(many(500))).MetricDataResults?.length, 500);
  assert.match(await refusal(get(many(501))), /^400 ValidationException/);
  assert.match(await refusal(get([])), /^400 ValidationException/);
  for (const id of ["Q", "1", "a-b", ""]) {
    assert.match(await refusal(get([query("Errors", "Sum", ALL, id)])), /^400 ValidationException/, id);
  }
  assert.match(
    await refusal(get([query("Errors", "Sum", ALL), query("Errors", "Sum", ALL)])),
    /^400 ValidationException/,
  );
});

test("a request that makes no sense is refused: times, periods, statistics", async () => {
  const wanted = query("Errors", "Sum", ALL);
  assert.match(await refusal(get([wanted], { EndTime: new Date(start) })), /^400 ValidationException/);
  assert.match(await refusal(get([wanted], { MaxDatapoints: 100_801 })), /^400 ValidationException/);
  for (const statistic of ["Median", "p101", "PR(:)", "sum"]) {
    assert.match(await refusal(get([query("Duration", statistic, ALL)])), /^400 ValidationException/, statistic);
  }
  const period = {
    ...wanted,
    MetricStat: { ...wanted.MetricStat, Metric: wanted.MetricStat?.Metric, Stat: "Sum", Period: 90 },
  };
  assert.match(await refusal(get([period])), /^400 ValidationException/);
  assert.match(await refusal(get([{ Id: "e", Expression: "a / b" }])), /^400 ValidationException/);
  assert.match(await refusal(get([{ Id: "e" }])), /^400 ValidationException/);
});

test("longer periods hold the calls of their minutes", async () => {
  const wanted = query("Invocations", "Sum", ALL);
  const five = { ...wanted, MetricStat: { Metric: wanted.MetricStat?.Metric, Stat: "Sum", Period: 300 } };
  const minutes = (await series(wanted)) ?? [];
  assert.deepEqual(await series(five), [sum(minutes.slice(0, 5)), sum(minutes.slice(5))]);
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
  assert.deepEqual(await stamps(every(3_600, wanted), from, to), hours);
  const fives = await stamps(every(300, wanted), from, to);
  assert.deepEqual([fives[0], fives.at(-1), fives.length], [start - 3 * HOUR + 5 * MINUTE, start, 36]);
  assert.ok(fives.every((stamp) => stamp % (5 * MINUTE) === 0));
  const sums = (period: number) =>
    read(world.cloudwatch, every(period, wanted), start - 2 * HOUR, start - HOUR).then(sum);
  assert.ok((await sums(3_600)) > 50_000);
  assert.deepEqual([await sums(300), await sums(60)], [await sums(3_600), await sums(3_600)]);
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
    const found = await stamps(every(seconds, wanted), edge - 2 * DAY, edge + 2 * DAY);
    assert.equal(found[0], Math.ceil(edge / (seconds * 1_000)) * seconds * 1_000, `${seconds} s`);
  }
  assert.deepEqual(await stamps(every(60, wanted), now - 20 * DAY, now - 16 * DAY), []);
});

test("percentile ranks are served, refused with the whole request, or silent", async () => {
  const queries = [query("Invocations", "Sum", ALIAS, "a"), query("Duration", "PR(:200)", ALIAS, "b")];
  const lengths = async () =>
    (await get(queries)).MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length]);
  const { cloudwatch } = world.simulator;
  assert.deepEqual(await lengths(), [
    ["Complete", 10],
    ["Complete", 10],
  ]);
  cloudwatch.ranks = "silent";
  assert.deepEqual(await lengths(), [
    ["Complete", 10],
    ["Complete", undefined],
  ]);
  cloudwatch.ranks = "refused";
  assert.match(await refusal(get(queries)), /^400 ValidationException/);
  assert.equal(await refusal(get(queries.slice(0, 1))), "");
});

test("Duration has percentiles, and percentile ranks: PR(:T) is the share at or under T", async () => {
  const of = async (statistic: string) => (await series(query("Duration", statistic, ALIAS)))?.[0] ?? Number.NaN;
  const [p50, p90, maximum] = [await of("p50"), await of("p90"), await of("Maximum")];
  assert.ok(p50 < p90 && p90 < maximum);
  assert.ok(Math.abs((await of(`PR(:${p90})`)) - 90) < 0.5);
  assert.ok(Math.abs((await of(`PR(${p50}:${p90})`)) - 40) < 0.5);
  assert.equal(await of(`PR(:${maximum})`), 100);
  assert.equal(await of("SampleCount"), (await series(query("Invocations", "Sum", ALIAS)))?.[0]);
  assert.ok(Math.abs((await of("Sum")) / (await of("SampleCount")) - (await of("Average"))) < 1e-6);
  assert.ok((await of("Minimum")) < p50);
});

test("a unit that isn't the metric's own selects nothing", async () => {
  const { MetricStat, Id } = query("Duration", "p50", ALIAS);
  const unit = (Unit: "Seconds" | "Milliseconds") =>
    series({ Id, MetricStat: { Metric: MetricStat?.Metric, Period: 60, Stat: "p50", Unit } });
  assert.equal(await unit("Seconds"), undefined);
  assert.equal((await unit("Milliseconds"))?.length, 10);
});

test("gauges are told for the function and its alias, not by version", async () => {
  checkout.gauges.set("IteratorAge", 1_500);
  checkout.gauges.set("DeadLetterErrors", (minute) => (minute === start ? 3 : null));
  assert.deepEqual(await series(query("IteratorAge", "Maximum", ALIAS)), Array(10).fill(1_500));
  assert.deepEqual(await series(query("DeadLetterErrors", "Sum", ALL)), [3]);
  assert.equal(await series(query("IteratorAge", "Maximum", CANARY)), undefined);
  assert.equal(await series(query("IteratorAge", "Maximum", `${ALL} Resource=live`)), undefined);
  assert.ok(Number((await series(query("ConcurrentExecutions", "Maximum", ALL)))?.[0]) >= 2);
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
  assert.deepEqual(await orders([stage, version]), [7]);
  assert.equal(await orders([version]), undefined);
});

test("metrics of the user's own may come from a source, minute by minute, once these have ended", async () => {
  const { metrics } = world.simulator.cloudwatch;
  metrics.sources.push(({ namespace, name }, minute) =>
    namespace === "Shop" && name === "Load" ? [1, (minute - start) / MINUTE] : [],
  );
  const load = (Stat: string, MetricName = "Load") => {
    const Metric = { Namespace: "Shop", MetricName, Dimensions: [] };
    return read(world.cloudwatch, { Id: "l", MetricStat: { Metric, Period: 60, Stat } }, start, start + 20 * MINUTE);
  };
  assert.deepEqual(
    await load("Sum"),
    Array.from({ length: 13 }, (_, index) => index + 1),
  );
  assert.equal((await load("SampleCount"))?.[0], 2);
  assert.equal(await load("Sum", "Other"), undefined);
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
    assert.deepEqual(
      MetricDataResults?.map(({ StatusCode, Values }) => [StatusCode, Values?.length]),
      [
        [status, points],
        ["Complete", 10],
      ],
    );
  }
});

test("metrics can be late beyond the usual, and silent", async () => {
  const { metrics } = world.simulator.cloudwatch;
  const invocations = query("Invocations", "Sum", ALL);
  metrics.silence = { from: start + 2 * MINUTE, to: start + 5 * MINUTE };
  assert.equal((await series(invocations))?.length, 7);
  metrics.silence = null;
  metrics.extraLag = 14 * MINUTE;
  assert.equal(await series(invocations), undefined);
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
  assert.ok(performance.now() - before < 1_000, `${performance.now() - before} ms`);
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
  assert.deepEqual([plain.MetricAlarms?.length, plain.CompositeAlarms], [1, undefined]);
  const all = await alarms({ ...names, AlarmTypes: ["MetricAlarm", "CompositeAlarm"] });
  assert.deepEqual([all.MetricAlarms?.length, all.CompositeAlarms?.[0]?.AlarmName], [1, "both"]);
});

test("unknown alarm names are left out silently, and there are at most 100 names", async () => {
  assert.deepEqual((await alarms({ AlarmNames: ["none"] })).MetricAlarms, []);
  const names = (count: number) => Array.from({ length: count }, (_, index) => `a${index}`);
  assert.equal(await refusal(alarms({ AlarmNames: names(100) })), "");
  assert.match(await refusal(alarms({ AlarmNames: names(101) })), /^400 ValidationException/);
});

test("an answer has 50 alarms unless MaxRecords says otherwise, and a token for the rest", async () => {
  for (let count = 0; count < 60; count++) {
    world.simulator.cloudwatch.alarms.push({ name: `a${count}`, kind: "metric", state: scheduled() });
  }
  const first = await alarms({});
  assert.equal(first.MetricAlarms?.length, 50);
  const rest = await alarms(first.NextToken === undefined ? {} : { NextToken: first.NextToken });
  assert.deepEqual([rest.MetricAlarms?.length, rest.NextToken], [10, undefined]);
  assert.equal((await alarms({ MaxRecords: 100 })).MetricAlarms?.length, 60);
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
  assert.deepEqual(await states(), ["OK", "OK"]);
  checkout.behave("1", { errorRate: 0.5 });
  await world.clock.advance(MINUTE);
  assert.deepEqual(await states(), ["ALARM", "OK"]);
  await world.clock.advance(5 * MINUTE);
  assert.deepEqual(await states(), ["ALARM", "ALARM"]);
});
