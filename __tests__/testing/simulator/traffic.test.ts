import { type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { FINE } from "../../../testing/simulator/behaviour.ts";
import { STEADY, Traffic, type TrafficOptions } from "../../../testing/simulator/traffic.ts";
import { ROUGH } from "../../../testing/simulator/weather.ts";

const START: Instant = Date.UTC(2026, 0, 5, 9);
const HOUR_LATER = START + 60 * MINUTE;

interface Setting extends Partial<TrafficOptions> {
  readonly seed?: number;
  readonly weight?: number;
  readonly errorRate?: number;
  readonly latency?: number;
  readonly timeout?: number;
}

/** Traffic on version 1 with version 2 beside it, from START on. */
function traffic({ seed = 1, weight = 0, errorRate, latency, timeout = 3_000, ...options }: Setting = {}): Traffic {
  const second = { ...FINE, errorRate: errorRate ?? FINE.errorRate, latency: latency ?? FINE.latency };
  const destination = {
    name: "checkout",
    route: (_alias: string, _at: Instant, chance: number) => ({
      version: chance < weight ? "2" : "1",
      isWeighted: weight > 0,
    }),
    behaviour: (version: string) => (version === "2" ? second : FINE),
    timeout: () => timeout,
  };
  return new Traffic(destination, seed, START, { ...STEADY, history: 0, ...options });
}

/** A figure of one minute, as it is seen at an instant. */
function seen(from: Traffic, metric: "Invocations" | "Errors", minute: Instant, at: Instant): number | undefined {
  from.catchUp(at);
  const [series] = from.minute(minute, "checkout:live", "1");
  return series?.samples(metric, at)?.sum;
}

test("the same seed gives the same traffic, another seed another", () => {
  const figures = (seed: number) => {
    const made = traffic({ seed, weight: 0.1, ...ROUGH });
    return Array.from({ length: 30 }, (_, minute) =>
      seen(made, "Errors", START + minute * MINUTE, START + (minute + 5) * MINUTE),
    );
  };
  expect(figures(1)).toStrictEqual(figures(1));
  expect(figures(1)).not.toStrictEqual(figures(2));
});

test("it makes no difference when, and how often, anybody looks", () => {
  const [often, once] = [traffic({ weight: 0.1, ...ROUGH }), traffic({ weight: 0.1, ...ROUGH })];
  for (let at = START; at <= HOUR_LATER; at += 777) often.catchUp(at);
  once.catchUp(HOUR_LATER);
  for (let minute = START; minute < HOUR_LATER; minute += MINUTE) {
    for (const version of ["1", "2"]) {
      const figures = (made: Traffic) => {
        const samples = made.minute(minute, "checkout:live", version)[0]?.samples("Duration", HOUR_LATER);
        return { minute, version, count: samples?.count, sum: samples?.sum };
      };
      expect(figures(often)).toStrictEqual(figures(once));
    }
  }
});

test("what happens later in a second isn't known before", () => {
  const made = traffic({ callsPerMinute: 60_000 });
  made.catchUp(START + 499);
  const { calls } = made.tally("1");
  // This second has about 1,000.
  expect(calls).toBeGreaterThan(400);
  expect(calls).toBeLessThan(600);
});

test("the calls are as many as was said, and are split by the weight", () => {
  const made = traffic({ callsPerMinute: 1_000, weight: 0.1 });
  made.catchUp(HOUR_LATER);
  const [first, second] = [made.tally("1").calls, made.tally("2").calls];
  expect(Math.abs(first + second - 60_000)).toBeLessThan(5 * Math.sqrt(60_000));
  expect(Math.abs(second - 6_000)).toBeLessThan(5 * Math.sqrt(60_000 * 0.1 * 0.9));
});

test("each version fails as often as was said", () => {
  const made = traffic({ callsPerMinute: 1_000, weight: 0.5, errorRate: 0.04 });
  made.catchUp(HOUR_LATER);
  const { calls, failures } = made.tally("2");
  expect(Math.abs(failures - calls * 0.04)).toBeLessThan(5 * Math.sqrt(calls * 0.04));
  expect(made.tally("1").failures).toBeLessThan(calls * 0.005);
});

test("a minute's figures come late and grow", () => {
  const made = traffic({ callsPerMinute: 600 });
  const at = (seconds: number) => seen(made, "Invocations", START, START + seconds * SECOND);
  expect(at(44)).toBeUndefined();
  const figures = [80, 100, 120, 140, 175].map((seconds) => at(seconds) ?? Number.NaN);
  const notGrown = figures.filter((figure, index) => index > 0 && !(figure > (figures[index - 1] ?? Number.NaN)));
  expect({ figures, notGrown }).toStrictEqual({ figures, notGrown: [] });
  expect(at(175)).toBe(at(3_600));
});

test("a call counts for the minute in which it began, and shows after its end", () => {
  const made = traffic({ callsPerMinute: 60, weight: 1, latency: 60 * MINUTE, timeout: 300 * SECOND });
  made.catchUp(HOUR_LATER);
  const [series] = made.minute(START, "checkout:live", "2");
  expect(series?.samples("Invocations", START + 5 * MINUTE)).toBeNull();
  expect(Number(series?.samples("Invocations", START + 9 * MINUTE)?.sum)).toBeGreaterThan(30);
  // Calls that take too long have failed.
  expect(series?.failures).toBe(series?.calls);
});

test("troubles hit both versions alike", () => {
  const made = traffic({
    callsPerMinute: 2_000,
    weight: 0.5,
    bursts: { startsPerMinute: 0.2, meanLength: 3 * MINUTE },
  });
  made.catchUp(HOUR_LATER);
  const [first, second] = [made.tally("1"), made.tally("2")];
  const rate = first.failures / first.calls;
  expect(rate).toBeGreaterThan(0.02);
  expect(Math.abs(second.failures / second.calls - rate)).toBeLessThan(rate / 5);
});

test("a version with few calls has more cold starts", () => {
  const made = traffic({ callsPerMinute: 1_000, weight: 0.02, latency: 120 });
  made.catchUp(HOUR_LATER);
  const slow = (version: string) => {
    let [all, cold] = [0, 0];
    for (let minute = START; minute < HOUR_LATER; minute += MINUTE) {
      const durations = made.minute(minute, "checkout:live", version)[0]?.samples("Duration", HOUR_LATER + MINUTE);
      for (const duration of durations?.sorted() ?? []) {
        all += 1;
        if (duration > FINE.coldStart + 30) cold += 1;
      }
    }
    return cold / all;
  };
  expect(slow("2")).toBeGreaterThan(2 * slow("1"));
});

test("throttled calls are neither invocations nor errors", () => {
  const made = traffic({ callsPerMinute: 6_000, throttled: 0.25 });
  made.catchUp(START + 5 * MINUTE);
  const [series] = made.minute(START, "checkout:live", "1");
  const [throttles, invocations] = (["Throttles", "Invocations"] as const).map(
    (metric) => series?.samples(metric, START + 5 * MINUTE)?.sum ?? 0,
  );
  const share = Number(throttles) / (Number(throttles) + Number(invocations));
  expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
});

test("10,000 calls a minute for an hour are made up in a few seconds", () => {
  const made = traffic({ callsPerMinute: 10_000, weight: 0.1 });
  const before = performance.now();
  made.catchUp(HOUR_LATER);
  // Several times as long as it takes, so that a slow machine doesn't matter but a quadratic slip does.
  expect(performance.now() - before).toBeLessThan(10_000);
});
