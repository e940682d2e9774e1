import assert from "node:assert/strict";
import { HOUR, type Instant, MINUTE } from "../../../src/domain/time.ts";
import { FINE } from "../../../testing/simulator/behaviour.ts";
import { statisticOf } from "../../../testing/simulator/cloudwatch/metrics.ts";
import type { CallMetric } from "../../../testing/simulator/minute-series.ts";
import { Random } from "../../../testing/simulator/random.ts";
import { drawn, type Samples, samplesOf, together } from "../../../testing/simulator/samples.ts";
import { STEADY, Traffic, type TrafficOptions } from "../../../testing/simulator/traffic.ts";
import { ROUGH } from "../../../testing/simulator/weather.ts";
import { open, type World } from "./clients.ts";

const START: Instant = Date.UTC(2026, 0, 5, 9);
/** Here the past ends and single calls are simulated. */
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

let world: World | undefined;

afterEach(async () => {
  await world?.close();
  world = undefined;
});

const LAST_HOURS = [START - 6 * HOUR, START - HOUR] as const;

test.each([0.5, 40, 800, 100_000])(
  "the past has as many calls as was said, whatever the rate, for 7 days and no longer: %d a minute",
  (callsPerMinute) => {
    const made = traffic({ callsPerMinute, history: 0 });
    const { sum = 0 } = read(made, "Invocations", [START - 8 * DAY, START]) ?? {};
    const expected = (callsPerMinute * 7 * DAY) / MINUTE;
    // The last two minutes can't be seen yet.
    expect(read(made, "Invocations", [START - 2 * MINUTE, START])).toBeNull();
    expect(Math.abs(sum - expected)).toBeLessThan(5 * Math.sqrt(expected) + 2 * callsPerMinute);
  },
);

test("the past is as long as was said", () => {
  const longer = traffic({ past: 14 * DAY, callsPerMinute: 1 });
  expect(read(longer, "Invocations", [START - 13 * DAY, START - 12 * DAY])).not.toBeNull();
  expect(read(traffic({ past: 0 }), "Invocations", [START - DAY, UNTIL])).toBeNull();
});

test("calls of the past come and go with the same weather", () => {
  const byHour = traffic({ callsPerMinute: (at) => (Math.floor(at / HOUR) % 2 === 0 ? 100 : 0), ...ROUGH });
  const hour = (begin: Instant) => read(byHour, "Invocations", [begin, begin + HOUR]);
  const calls = Array.from({ length: 24 }, (_, index) => hour(START - (index + 2) * HOUR)?.sum ?? 0);
  expect(calls.filter((sum) => sum === 0)).toHaveLength(12);
  expect(calls.filter((sum) => sum !== 0 && !(sum > 2_000))).toStrictEqual([]);
  const errors = (options: Setting) => {
    const samples = read(traffic({ callsPerMinute: 1_000, errorRate: 0, ...options }), "Errors", LAST_HOURS);
    return samples === null ? Number.NaN : samples.sum / samples.count;
  };
  expect(errors({})).toBe(0);
  expect(errors({ bursts: { startsPerMinute: 0.2, meanLength: 3 * MINUTE } })).toBeGreaterThan(0.02);
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
  expect(Math.abs(share("Errors", ...LAST_HOURS) - 0.04)).toBeLessThan(0.003);
  expect(Math.abs(share("Throttles", START - 6 * HOUR, START - 3 * HOUR) - 0.2)).toBeLessThan(0.01);
  expect(share("Throttles", START - 3 * HOUR, START - HOUR)).toBe(0);
  const slow = read(traffic({ latency: 3_000, timeout: 3_000 }), "Errors", LAST_HOURS);
  // Calls that take too long have failed.
  expect(Math.abs((slow?.sum ?? 0) / (slow?.count ?? 1) - 0.5)).toBeLessThan(0.02);
  const failedInits = traffic({ initFailureRate: 0.8 });
  const errors = read(failedInits, "Errors", LAST_HOURS)?.sum ?? 0;
  expect(errors).toBeGreaterThan(3 * (read(failedInits, "Invocations", LAST_HOURS)?.sum ?? 0));
});

test.each([
  [0.5, 0.35],
  [800, 0.05],
])(
  "calls of the past take as long as those of today, with few calls too, of which more are cold: %d a minute",
  (callsPerMinute, tolerance) => {
    const made = traffic({ callsPerMinute, history: 5 * HOUR });
    const [then, today] = [
      read(made, "Duration", [START - 5 * DAY, START - DAY]),
      read(made, "Duration", [START - 5 * HOUR, START - HOUR]),
    ];
    assert(then !== null && today !== null);
    const ratios = ["Average", "p50", "p90", "p99"].map((statistic) => ({
      statistic,
      ratio: statisticOf(then, statistic) / statisticOf(today, statistic),
    }));
    expect(ratios.filter(({ ratio }) => !(Math.abs(ratio - 1) < tolerance))).toStrictEqual([]);
    expect(then.minimum).toBeLessThanOrEqual(then.sorted()[0] ?? 0);
    expect(then.maximum).toBeGreaterThanOrEqual(statisticOf(then, "p99"));
  },
);

test("as many calls of the past are under way at once as of those of today", () => {
  const made = traffic({ callsPerMinute: 800, latency: 1_000, history: 2 * HOUR });
  const average = (begin: Instant) => {
    const samples = read(made, "ConcurrentExecutions", [begin, begin + HOUR]);
    return samples === null ? Number.NaN : statisticOf(samples, "Average");
  };
  expect(Math.abs(average(START - 5 * HOUR) / average(START - 2 * HOUR) - 1)).toBeLessThan(0.1);
});

test.each(["Invocations", "Errors", "Duration", "ConcurrentExecutions"] as const)(
  "an hour is what its minutes are, whichever is read first: %s",
  (metric) => {
    const [hours, minutes] = [traffic({ ...ROUGH, seed: 3 }), traffic({ ...ROUGH, seed: 3 })];
    const begin = START - 5 * HOUR;
    const whole = read(hours, metric, [begin, begin + HOUR]);
    const parts = Array.from({ length: 60 }, (_, index) =>
      read(minutes, metric, [begin + index * MINUTE, begin + (index + 1) * MINUTE]),
    ).filter((part) => part !== null);
    expect(whole?.count).toBe(parts.reduce((total, { count }) => total + count, 0));
    const sum = parts.reduce((total, part) => total + part.sum, 0);
    expect(Math.abs((whole?.sum ?? 0) - sum)).toBeLessThan(1e-6 * sum);
    expect(whole?.maximum).toBe(Math.max(...parts.map(({ maximum }) => maximum)));
  },
);

test("the past follows from the seed alone, whatever is read before", () => {
  const figures = (seed: number, looksAround: boolean) => {
    const made = traffic({ seed, ...ROUGH });
    if (looksAround) read(made, "Duration", [START - DAY, START - HOUR], { resource: null });
    const samples = read(made, "Duration", LAST_HOURS);
    return samples === null ? null : ["Sum", "SampleCount", "p50", "p99"].map((name) => statisticOf(samples, name));
  };
  expect(figures(1, false)).toStrictEqual(figures(1, true));
  expect(figures(1, false)).not.toStrictEqual(figures(2, false));
});

test.each(["Invocations", "Errors", "Duration"] as const)(
  "the series of the past agree: by function, by alias, by version, and what goes past the alias: %s",
  (metric) => {
    const made = traffic({ throughAlias: 0.7 });
    const of = (resource: string | null, version: string | null = null) =>
      read(made, metric, LAST_HOURS, { resource, version });
    const [all, alias, direct, version] = [of(null), of("checkout:live"), of("checkout"), of("checkout:live", "1")];
    expect(all?.count).toBe((alias?.count ?? 0) + (direct?.count ?? 0));
    expect([version?.count, version?.sum]).toStrictEqual([alias?.count, alias?.sum]);
    expect(Math.abs((alias?.count ?? 0) / (all?.count ?? 1) - 0.7)).toBeLessThan(0.02);
    expect(of("checkout:live", "2")).toBeNull();
    expect(of("checkout", "$LATEST")).toBeNull();
  },
);

test.each(["while-weighted", "never"] as const)(
  "the past has no series by version where those are told %s",
  (versionSeries) => {
    expect(read(traffic({ versionSeries }), "Invocations", LAST_HOURS, { version: "1" })).toBeNull();
  },
);

test("the past stays as it was, whatever is changed later, and doesn't show in what is told call by call", async () => {
  world = await open();
  const checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release() });
  const [now, failures] = [world.clock.now(), () => read(checkout.traffic, "Errors", [START - DAY, START - HOUR])?.sum];
  expect(now).toBe(START);
  await world.clock.advance(MINUTE);
  checkout.behave("1", { errorRate: 1 });
  checkout.updateAlias("live", { version: checkout.release({ errorRate: 1 }) });
  await world.clock.advance(MINUTE);
  expect(failures()).toBeLessThan(5_000);
  expect(checkout.tally("1").calls).toBeLessThan(20_000);
});

test("parts are weighed by their calls when few values stand for many", () => {
  const even = (count: number, low: number, high: number) =>
    drawn(count, new Random(count), (chance) => low + (high - low) * chance);
  // 9 of 10 calls take 0 to 1, the others 10 to 11. As lists, both are equally long.
  const both = together([even(90_000, 0, 1), even(10_000, 10, 11)]);
  assert(both !== null);
  expect([both.count, Math.round(both.sum / 1_000)]).toStrictEqual([100_000, 150]);
  expect(both.sorted().length).toBeLessThanOrEqual(400);
  expect(Math.abs(statisticOf(both, "p45") - 0.5)).toBeLessThan(0.02);
  expect(Math.abs(statisticOf(both, "p95") - 10.5)).toBeLessThan(0.05);
  expect(Math.abs(statisticOf(both, "PR(:5)") - 90)).toBeLessThan(0.5);
  expect(statisticOf(both, "p100")).toBe(both.maximum);
  // Short lists stay complete, even next to a part that stands for many calls.
  const few = samplesOf(Float64Array.from({ length: 1_000 }, () => 100));
  expect(together([few, few])?.sorted()).toHaveLength(2_000);
  const mixed = together([few, even(99_000, 0, 1)]);
  assert(mixed !== null);
  expect(Math.abs(statisticOf(mixed, "PR(:50)") - 99)).toBeLessThan(0.3);
});

test("a week of hours of a busy function is read in little time and memory", async () => {
  world = await open();
  const busy = world.simulator.account.addFunction({
    name: "busy",
    traffic: { callsPerMinute: 10_000, history: 0, throughAlias: 0.8, ...ROUGH },
  });
  busy.createAlias("live", { version: busy.release() });
  const { metrics } = world.simulator.cloudwatch;
  metrics.catchUp(START);
  const figures: number[] = [];
  const lengths: number[] = [];
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
      assert(samples !== null);
      figures.push(statisticOf(samples, statistic));
      if (name === "Duration") lengths.push(samples.sorted().length);
    }
  }
  // Several times as long as it takes, so that a slow machine doesn't matter.
  expect(performance.now() - before).toBeLessThan(1_500);
  expect(figures.filter((figure) => !Number.isFinite(figure))).toStrictEqual([]);
  expect(Math.max(...lengths)).toBeLessThanOrEqual(400);
});
