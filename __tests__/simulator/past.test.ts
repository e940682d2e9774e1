import assert from "node:assert/strict";
import { test } from "node:test";
import { FINE } from "../../simulator/behaviour.ts";
import { statisticOf } from "../../simulator/cloudwatch/metrics.ts";
import type { CallMetric } from "../../simulator/minute-series.ts";
import { Random } from "../../simulator/random.ts";
import { drawn, type Samples, samplesOf, together } from "../../simulator/samples.ts";
import { STEADY, Traffic, type TrafficOptions } from "../../simulator/traffic.ts";
import { ROUGH } from "../../simulator/weather.ts";
import { HOUR, type Instant, MINUTE } from "../../src/release/time.ts";
import { open } from "./clients.ts";

const START: Instant = Date.UTC(2026, 0, 5, 9);
/** Where the calls that are made up one by one begin, and the past ends. */
const UNTIL = START - 10 * MINUTE;
const DAY = 24 * HOUR;

interface Setting extends Partial<TrafficOptions> {
  readonly seed?: number;
  readonly errorRate?: number;
  readonly initFailureRate?: number;
  readonly latency?: number;
  readonly timeout?: number;
}

/** Traffic on version 1. */
function traffic({ seed = 1, timeout = 3_000, ...setting }: Setting = {}): Traffic {
  const { errorRate = FINE.errorRate, initFailureRate = 0, latency = FINE.latency, ...options } = setting;
  const destination = {
    name: "checkout",
    route: () => ({ version: "1", isWeighted: false }),
    behaviour: () => ({ ...FINE, errorRate, initFailureRate, latency }),
    timeout: () => timeout,
  };
  const made = new Traffic(destination, seed, START, { ...STEADY, ...options });
  made.catchUp(START);
  return made;
}

function read(
  from: Traffic,
  metric: CallMetric,
  [begin, end]: readonly [Instant, Instant],
  { resource = "checkout:live" as string | null, version = null as string | null } = {},
): Samples | null {
  return together(from.samples(metric, { from: begin, to: end, seenAt: START }, resource, version));
}

const LAST_HOURS = [START - 6 * HOUR, START - HOUR] as const;

test("the past has as many calls as was said, whatever the rate, for 7 days and no longer", () => {
  for (const callsPerMinute of [0.5, 40, 800, 100_000]) {
    const made = traffic({ callsPerMinute, history: 0 });
    const { sum = 0 } = read(made, "Invocations", [START - 8 * DAY, START]) ?? {};
    const expected = (callsPerMinute * 7 * DAY) / MINUTE;
    assert.equal(read(made, "Invocations", [START - 2 * MINUTE, START]), null, "not to be seen yet");
    assert.ok(Math.abs(sum - expected) < 5 * Math.sqrt(expected) + 2 * callsPerMinute, `${sum} of ${expected}`);
  }
  const longer = traffic({ past: 14 * DAY, callsPerMinute: 1 });
  assert.notEqual(read(longer, "Invocations", [START - 13 * DAY, START - 12 * DAY]), null);
  assert.equal(read(traffic({ past: 0 }), "Invocations", [START - DAY, UNTIL]), null);
});

test("calls of the past come and go with the same weather", () => {
  const byHour = traffic({ callsPerMinute: (at) => (Math.floor(at / HOUR) % 2 === 0 ? 100 : 0), ...ROUGH });
  const hour = (begin: Instant) => read(byHour, "Invocations", [begin, begin + HOUR]);
  const calls = Array.from({ length: 24 }, (_, index) => hour(START - (index + 2) * HOUR)?.sum ?? 0);
  assert.equal(calls.filter((sum) => sum === 0).length, 12);
  assert.ok(
    calls.every((sum) => sum === 0 || sum > 2_000),
    String(calls),
  );
  const errors = (options: Setting) => {
    const samples = read(traffic({ callsPerMinute: 1_000, errorRate: 0, ...options }), "Errors", LAST_HOURS);
    return samples === null ? Number.NaN : samples.sum / samples.count;
  };
  assert.equal(errors({}), 0);
  assert.ok(errors({ bursts: { startsPerMinute: 0.2, meanLength: 3 * MINUTE } }) > 0.02);
});

test("calls of the past fail, and are throttled, as often as was said", () => {
  const made = traffic({
    callsPerMinute: 1_000,
    errorRate: 0.04,
    throttled: (at) => (at < START - 3 * HOUR ? 0.2 : 0),
  });
  const share = (metric: "Errors" | "Throttles", begin: Instant, end: Instant) => {
    const { sum, count } = read(made, metric, [begin, end]) ?? { sum: Number.NaN, count: 1 };
    return sum / count;
  };
  assert.ok(Math.abs(share("Errors", ...LAST_HOURS) - 0.04) < 0.003);
  assert.ok(Math.abs(share("Throttles", START - 6 * HOUR, START - 3 * HOUR) - 0.2) < 0.01);
  assert.equal(share("Throttles", START - 3 * HOUR, START - HOUR), 0);
  const slow = read(traffic({ latency: 3_000, timeout: 3_000 }), "Errors", LAST_HOURS);
  assert.ok(Math.abs((slow?.sum ?? 0) / (slow?.count ?? 1) - 0.5) < 0.02, "what takes too long has failed");
  const failedInits = traffic({ initFailureRate: 0.8 });
  const errors = read(failedInits, "Errors", LAST_HOURS)?.sum ?? 0;
  assert.ok(errors > 3 * (read(failedInits, "Invocations", LAST_HOURS)?.sum ?? 0));
});

test("calls of the past take as long as those of today, with few calls too, of which more are cold", () => {
  for (const callsPerMinute of [0.5, 800]) {
    const made = traffic({ callsPerMinute, history: 5 * HOUR });
    const [then, today] = [
      read(made, "Duration", [START - 5 * DAY, START - DAY]),
      read(made, "Duration", [START - 5 * HOUR, START - HOUR]),
    ];
    assert.ok(then !== null && today !== null);
    const tolerance = callsPerMinute < 1 ? 0.35 : 0.05;
    for (const statistic of ["Average", "p50", "p90", "p99"]) {
      const ratio = statisticOf(then, statistic) / statisticOf(today, statistic);
      assert.ok(Math.abs(ratio - 1) < tolerance, `${callsPerMinute} a minute, ${statistic}: ${ratio}`);
    }
    assert.ok(then.minimum <= (then.sorted()[0] ?? 0) && then.maximum >= statisticOf(then, "p99"));
  }
});

test("as many calls of the past are under way at once as of those of today", () => {
  const made = traffic({ callsPerMinute: 800, latency: 1_000, history: 2 * HOUR });
  const average = (begin: Instant) => {
    const samples = read(made, "ConcurrentExecutions", [begin, begin + HOUR]);
    return samples === null ? Number.NaN : statisticOf(samples, "Average");
  };
  assert.ok(Math.abs(average(START - 5 * HOUR) / average(START - 2 * HOUR) - 1) < 0.1);
});

test("an hour is what its minutes are, whichever is read first", () => {
  const [hours, minutes] = [traffic({ ...ROUGH, seed: 3 }), traffic({ ...ROUGH, seed: 3 })];
  const begin = START - 5 * HOUR;
  for (const metric of ["Invocations", "Errors", "Duration", "ConcurrentExecutions"] as const) {
    const whole = read(hours, metric, [begin, begin + HOUR]);
    const parts = Array.from({ length: 60 }, (_, index) =>
      read(minutes, metric, [begin + index * MINUTE, begin + (index + 1) * MINUTE]),
    ).filter((part) => part !== null);
    assert.equal(
      whole?.count,
      parts.reduce((total, { count }) => total + count, 0),
    );
    const sum = parts.reduce((total, part) => total + part.sum, 0);
    assert.ok(Math.abs((whole?.sum ?? 0) - sum) < 1e-6 * sum, metric);
    assert.equal(whole?.maximum, Math.max(...parts.map(({ maximum }) => maximum)));
  }
});

test("the past follows from the seed alone, whatever is read before", () => {
  const figures = (seed: number, looksAround: boolean) => {
    const made = traffic({ seed, ...ROUGH });
    if (looksAround) read(made, "Duration", [START - DAY, START - HOUR], { resource: null });
    const samples = read(made, "Duration", LAST_HOURS);
    return samples === null ? null : ["Sum", "SampleCount", "p50", "p99"].map((name) => statisticOf(samples, name));
  };
  assert.deepEqual(figures(1, false), figures(1, true));
  assert.notDeepEqual(figures(1, false), figures(2, false));
});

test("the series of the past agree: by function, by alias, by version, and what goes past the alias", () => {
  const made = traffic({ throughAlias: 0.7 });
  for (const metric of ["Invocations", "Errors", "Duration"] as const) {
    const of = (resource: string | null, version: string | null = null) =>
      read(made, metric, LAST_HOURS, { resource, version });
    const [all, alias, direct, version] = [of(null), of("checkout:live"), of("checkout"), of("checkout:live", "1")];
    assert.equal(all?.count, (alias?.count ?? 0) + (direct?.count ?? 0));
    assert.deepEqual([version?.count, version?.sum], [alias?.count, alias?.sum]);
    assert.ok(Math.abs((alias?.count ?? 0) / (all?.count ?? 1) - 0.7) < 0.02);
    assert.equal(of("checkout:live", "2"), null);
    assert.equal(of("checkout", "$LATEST"), null);
  }
  for (const versionSeries of ["while-weighted", "never"] as const) {
    assert.equal(read(traffic({ versionSeries }), "Invocations", LAST_HOURS, { version: "1" }), null);
  }
});

test("the past stays as it was, whatever is changed later, and doesn't show in what is told call by call", async (t) => {
  const world = await open();
  t.after(() => world.close());
  const checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release() });
  const [now, failures] = [world.clock.now(), () => read(checkout.traffic, "Errors", [START - DAY, START - HOUR])?.sum];
  assert.equal(now, START);
  await world.clock.advance(MINUTE);
  checkout.behave("1", { errorRate: 1 });
  checkout.updateAlias("live", { version: checkout.release({ errorRate: 1 }) });
  await world.clock.advance(MINUTE);
  assert.ok(Number(failures()) < 5_000, `${failures()}`);
  assert.ok(checkout.tally("1").calls < 20_000);
});

test("parts are weighed by their calls when few values stand for many", () => {
  const even = (count: number, low: number, high: number) =>
    drawn(count, new Random(count), (chance) => low + (high - low) * chance);
  // 9 of 10 calls take 0 to 1, the others 10 to 11; as lists, both are equally long.
  const both = together([even(90_000, 0, 1), even(10_000, 10, 11)]);
  assert.ok(both !== null);
  assert.deepEqual([both.count, Math.round(both.sum / 1_000)], [100_000, 150]);
  assert.ok(both.sorted().length <= 400);
  assert.ok(Math.abs(statisticOf(both, "p45") - 0.5) < 0.02);
  assert.ok(Math.abs(statisticOf(both, "p95") - 10.5) < 0.05);
  assert.ok(Math.abs(statisticOf(both, "PR(:5)") - 90) < 0.5);
  assert.equal(statisticOf(both, "p100"), both.maximum);
  // Lists that are whole stay whole, and a part of many beside them weighs what it has.
  const few = samplesOf(Float64Array.from({ length: 1_000 }, () => 100));
  assert.equal(together([few, few])?.sorted().length, 2_000);
  const mixed = together([few, even(99_000, 0, 1)]);
  assert.ok(mixed !== null && Math.abs(statisticOf(mixed, "PR(:50)") - 99) < 0.3);
});

test("a week of hours of a busy function is read in little time and memory", async (t) => {
  const world = await open();
  t.after(() => world.close());
  const busy = world.simulator.account.addFunction({
    name: "busy",
    traffic: { callsPerMinute: 10_000, history: 0, throughAlias: 0.8, ...ROUGH },
  });
  busy.createAlias("live", { version: busy.release() });
  const { metrics } = world.simulator.cloudwatch;
  metrics.catchUp(START);
  const before = performance.now();
  for (const [name, statistic, version] of [
    ["Invocations", "Sum"],
    ["Errors", "Sum"],
    ["Throttles", "Sum"],
    ["Duration", "p50"],
    ["Duration", "p99", { ExecutedVersion: "1" }],
    ["Duration", "PR(:200)"],
  ] as const) {
    const metric = {
      namespace: "AWS/Lambda",
      name,
      dimensions: { FunctionName: "busy", Resource: "busy:live", ...version },
    };
    for (let hour = START - 168 * HOUR; hour < START; hour += HOUR) {
      const samples = metrics.samples(metric, hour, hour + HOUR, START + HOUR);
      assert.ok(samples !== null && Number.isFinite(statisticOf(samples, statistic)));
      assert.ok(name !== "Duration" || samples.sorted().length <= 400);
    }
  }
  // Several times what it takes, so that a slow machine doesn't matter.
  assert.ok(performance.now() - before < 1_500, `${performance.now() - before} ms`);
});
