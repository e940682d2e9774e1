import assert from "node:assert/strict";
import { type Counted, isOffItsBound, type Method, methodFor, scopeOf, unitOf } from "../../src/analysis/method.ts";
import { type Side, seriesOf } from "../../src/analysis/series.ts";
import { statisticOf } from "../../src/aws/cloudwatch-names.ts";
import type { Usual } from "../../src/domain/member.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { SIGNALS } from "../../src/guards/signals.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";

const target = { function: "checkout", alias: "live" };
const SINCE = 100 * MINUTE;

const KNOWN: Usual = { latency: { p50: 100, p90: 180 }, countsByDuration: true, hasErrorSamples: true, rates: {} };
const NO_RANKS: Usual = { ...KNOWN, countsByDuration: false, hasErrorSamples: true, rates: {} };
const UNKNOWN: Usual = { latency: {}, countsByDuration: true, hasErrorSamples: true, rates: {} };

function methodOf(text: string, usual = KNOWN): Method {
  const [guard] = guardsOf(text);
  assert(guard !== undefined && guard.kind !== "alarm", text);
  return methodFor(guard, usual, SINCE);
}

/** How a guard is judged, without the evidence: there is none yet. */
function judgedBy(text: string, usual?: Usual): unknown {
  const method = methodOf(text, usual);
  switch (method.kind) {
    case "counts":
      return [method.counted, method.tolerance];
    case "sign-flip":
      return [method.measured, method.tolerance];
    case "level":
      return [method.measured, method.limit];
  }
}

test.each(Object.entries({ KNOWN, NO_RANKS, UNKNOWN }))(
  "calls that something happened to are counted, whatever is known of the latency: %s",
  (_name, usual) => {
    expect(judgedBy("error-rate <= baseline * 2 + 1%", usual)).toStrictEqual([
      { kind: "events", signal: "error-rate" },
      { ratio: 2, margin: 0.01 },
    ]);
    expect(judgedBy("throttles < 1%", usual)).toStrictEqual([
      { kind: "events", signal: "throttles" },
      { ratio: 0, margin: 0.01 },
    ]);
  },
);

test("a percentile against the baseline counts the canary's calls over k times the bound over which the baseline's count", () => {
  const [counted] = judgedBy("p90 <= baseline * 1.5 + 20ms") as [unknown];
  expect(counted).toStrictEqual({ kind: "slow", canary: 1.5 * 180 + 20, baseline: 180, tail: 0.1 });
  // Then the tolerance is one of shares, and the same for any k.
  expect(judgedBy("p50 <= baseline * 3")).toStrictEqual([
    { kind: "slow", canary: 300, baseline: 100, tail: 0.5 },
    { ratio: 1, margin: 0.005 },
  ]);
});

test.each([
  ["p50", 0.5],
  ["p90", 0.1],
  ["p99", 0.01],
  ["p99.9", 0.001],
])(
  "an absolute percentile allows the share of calls that lies above it, and needs no usual latency: %s",
  (percentile, share) => {
    const [counted, tolerance] = judgedBy(`${percentile} < 1.5s`, UNKNOWN) as [
      unknown,
      { ratio: number; margin: number },
    ];
    expect(counted).toStrictEqual({ kind: "slow", canary: 1_500, baseline: null, tail: share });
    expect(tolerance.ratio).toBe(0);
    expect(Math.abs(tolerance.margin - share)).toBeLessThan(1e-12);
  },
);

test.each([
  ["p90 <= baseline * 1.2", "no ranks", NO_RANKS],
  ["p90 <= baseline * 1.2", "nothing usual", UNKNOWN],
  // Knowing another usual percentile doesn't help with this one.
  ["p75 <= baseline * 1.2", "p50 and p90 usual", KNOWN],
  ["p90 < 800ms", "no ranks", NO_RANKS],
])(
  "where calls can't be counted by duration, or nothing is usual, a percentile is compared minute by minute: %s, %s",
  (text, _known, usual) => {
    expect(methodOf(text, usual).kind).toBe("sign-flip");
  },
);

test("a percentile that is compared minute by minute keeps its guard's tolerance", () => {
  const [, tolerance] = judgedBy("p90 <= baseline * 1.2 + 5ms", NO_RANKS) as [unknown, unknown];
  expect(tolerance).toStrictEqual({ ratio: 1.2, margin: 5 });
});

test.each([
  ["p50", 10],
  ["p75", 20],
  ["p10", 50],
  ["p90", 50],
  ["p99", 500],
])(
  "a minute's percentile is compared when at least five calls are to be expected on either side of it: %s, from %i calls on",
  (percentile, fewest) => {
    const method = methodOf(`${percentile} <= baseline * 1.2`, NO_RANKS);
    assert(method.kind === "sign-flip" && method.measured.kind === "duration");
    // Rounding may ask for one call more.
    expect([fewest, fewest + 1]).toContain(method.measured.fewest);
    expect(method.measured.statistic).toBe(percentile);
  },
);

test("the mean duration is compared minute by minute, by no fewer than twenty calls", () => {
  const [measured, tolerance] = judgedBy("duration <= baseline * 1.2 + 10ms") as [Record<string, unknown>, unknown];
  expect(methodOf("duration <= baseline").kind).toBe("sign-flip");
  expect([measured["statistic"], measured["fewest"]]).toStrictEqual(["average", 20]);
  expect(tolerance).toStrictEqual({ ratio: 1.2, margin: 10 });
});

test("the baseline is off its bound when fewer than a fifth of the usual share of its calls are slow", () => {
  const counted: Counted = { kind: "slow", canary: 270, baseline: 180, tail: 0.1 };
  const isOff = (failures: number, calls = 100, of: Counted = counted) => isOffItsBound(of, { calls, failures });
  expect([isOff(1), isOff(2), isOff(50)]).toStrictEqual([true, false, false]);
  expect(isOff(0, 0)).toBe(false);
  expect(isOff(1, 100, { ...counted, baseline: null })).toBe(false);
  expect(isOff(1, 100, { kind: "events", signal: "error-rate" })).toBe(false);
});

test("what may not be over a bound for long is a level, in the unit of its figures", () => {
  expect(judgedBy("iterator-age < 30s for 5m")).toStrictEqual([
    { kind: "level", signal: "iterator-age" },
    { limit: 30_000, hold: 5 * MINUTE, period: MINUTE },
  ]);
  const own = methodOf("metric Shop/Refused {} Sum <= 3 for 2m");
  expect(own.kind).toBe("level");
  expect(own).toHaveProperty("limit", { limit: 3, hold: 2 * MINUTE, period: MINUTE });
});

test("a metric of one's own against the baseline's is compared minute by minute", () => {
  const method = methodOf("metric Shop/T {V=$version} p90 <= baseline * 1.2 + 5");
  expect(method).toMatchObject({ kind: "sign-flip", measured: { kind: "own" } });
  expect(method).toHaveProperty("tolerance", { ratio: 1.2, margin: 5 });
});

test.each([
  ["error-rate <= 1%", "evidence.from"],
  ["duration <= baseline", "evidence.from"],
  ["p90 <= baseline", "evidence.from"],
  ["concurrency < 800", "state.since"],
])("every method begins with the first minute of the release: %s", (text, first) => {
  expect(methodOf(text)).toHaveProperty(first, SINCE);
});

test("one guard's own period is that of its figures", () => {
  const [guard] = guardsOf("iterator-age < 30s for 10m");
  assert(guard?.kind === "level");
  expect(methodFor(guard, KNOWN, SINCE, 5 * MINUTE)).toHaveProperty("limit.period", 5 * MINUTE);
});

/** `Errors Sum of 42`, for each series of a version. */
function asked(text: string, side: Side, of: string, usual = KNOWN): readonly string[] {
  return seriesOf(methodOf(text, usual), side, target, side === "canary" ? "42" : "41", of).map((series) => {
    if (series.kind === "lambda") {
      expect(series.target).toStrictEqual(target);
      return `${series.metric} ${statisticOf(series)} of ${series.of}`;
    }
    const dimensions = Object.entries(series.dimensions).map(([name, value]) => `${name}=${value}`);
    return `${series.namespace}/${series.name} {${dimensions.join(", ")}} ${series.statistic}`;
  });
}

const ASKED: readonly [guard: string, side: Side, of: string, usual: Usual, series: readonly string[]][] = [
  [
    "error-rate <= baseline",
    "canary",
    "42",
    KNOWN,
    ["Invocations Sum of 42", "Errors Sum of 42", "Errors SampleCount of 42"],
  ],
  [
    "error-rate <= baseline",
    "baseline",
    "41",
    KNOWN,
    ["Invocations Sum of 41", "Errors Sum of 41", "Errors SampleCount of 41"],
  ],
  [
    "error-rate <= 1%",
    "canary",
    "alias",
    KNOWN,
    ["Invocations Sum of alias", "Errors Sum of alias", "Errors SampleCount of alias"],
  ],
  ["url-5xx < 1%", "canary", "42", KNOWN, ["UrlRequestCount Sum of 42", "Url5xxCount Sum of 42"]],
  ["url-4xx <= baseline", "baseline", "41", KNOWN, ["UrlRequestCount Sum of 41", "Url4xxCount Sum of 41"]],
  [
    "url-latency < 1s",
    "canary",
    "alias",
    KNOWN,
    ["UrlRequestLatency Average of alias", "UrlRequestLatency SampleCount of alias"],
  ],
  ["throttles < 1%", "canary", "42", KNOWN, ["Invocations Sum of alias", "Throttles Sum of alias"]],
  [
    "dead-letter-errors < 1%",
    "canary",
    "42",
    KNOWN,
    ["Invocations Sum of function", "DeadLetterErrors Sum of function"],
  ],
  [
    "destination-failures < 1%",
    "canary",
    "42",
    KNOWN,
    ["Invocations Sum of function", "DestinationDeliveryFailures Sum of function"],
  ],
  [
    "async-events-dropped < 1%",
    "canary",
    "alias",
    KNOWN,
    ["Invocations Sum of function", "AsyncEventsDropped Sum of function"],
  ],
  ["p90 <= baseline * 1.5", "canary", "42", KNOWN, ["Duration SampleCount of 42", "Duration PR(:270) of 42"]],
  ["p90 <= baseline * 1.5", "baseline", "41", KNOWN, ["Duration SampleCount of 41", "Duration PR(:180) of 41"]],
  ["p90 < 800ms", "canary", "alias", KNOWN, ["Duration SampleCount of alias", "Duration PR(:800) of alias"]],
  ["p90 <= baseline * 1.5", "canary", "42", NO_RANKS, ["Duration p90 of 42", "Duration SampleCount of 42"]],
  ["p90 <= baseline * 1.5", "baseline", "41", NO_RANKS, ["Duration p90 of 41", "Duration SampleCount of 41"]],
  ["duration <= baseline", "baseline", "41", KNOWN, ["Duration Average of 41", "Duration SampleCount of 41"]],
  ["iterator-age < 30s", "canary", "42", KNOWN, ["IteratorAge Maximum of function"]],
  ["async-event-age < 60s", "canary", "alias", KNOWN, ["AsyncEventAge Maximum of function"]],
  ["concurrency < 800", "canary", "42", KNOWN, ["ConcurrentExecutions Maximum of function"]],
  [
    "metric Shop/T {F=$function, A=$alias, V=$version, R=$function:$version} p90 <= baseline",
    "canary",
    "42",
    KNOWN,
    [
      "Shop/T {F=checkout, A=live, V=42, R=checkout:42} p90",
      "Shop/T {F=checkout, A=live, V=42, R=checkout:42} SampleCount",
    ],
  ],
  [
    "metric Shop/T {V=$version} p90 <= baseline",
    "baseline",
    "41",
    KNOWN,
    ["Shop/T {V=41} p90", "Shop/T {V=41} SampleCount"],
  ],
  // The metric's name says which version, even if the alias's own series are read.
  ["metric Shop/T {V=$version} p90 < 5", "canary", "alias", KNOWN, ["Shop/T {V=42} p90"]],
];

for (const [guard, side, of, usual, series] of ASKED) {
  const how = usual.countsByDuration ? "" : ", without ranks,";
  test(`${guard}${how} asks for ${series.join(" and ")}`, () =>
    expect(asked(guard, side, of, usual)).toStrictEqual(series));
}

test("a bound is asked for with as many digits as CloudWatch takes", () => {
  const usual: Usual = { latency: { p90: 123.456789 }, countsByDuration: true, hasErrorSamples: true, rates: {} };
  expect(asked("p90 <= baseline * 1.1", "canary", "42", usual)).toStrictEqual([
    "Duration SampleCount of 42",
    "Duration PR(:135.8) of 42",
  ]);
  expect(asked("p90 <= baseline * 1.1", "baseline", "41", usual)[1]).toBe("Duration PR(:123.46) of 41");
});

test.each([
  ["error-rate <= baseline", "version"],
  ["p90 <= baseline", "version"],
  ["duration < 1s", "version"],
  ["throttles < 1%", "alias"],
  ["dead-letter-errors < 1%", "function"],
  ["async-events-dropped < 1%", "function"],
  ["iterator-age < 30s", "function"],
  ["concurrency < 800", "function"],
  ["metric Shop/T {V=$version} Average <= baseline", "version"],
  ["metric Shop/T {R=$function:$version} Sum < 5", "version"],
  ["metric Shop/T {F=$function} Sum < 5", "metric"],
])(
  "who is looked at is told: the version where Lambda tells it, else the alias, the function or the metric: %s, the %s",
  (guard, scope) => {
    expect(scopeOf(methodOf(guard))).toBe(scope);
  },
);

test("figures are in the unit that the guard's numbers are in", () => {
  const units = [
    "duration < 1s",
    "iterator-age < 30s",
    "async-event-age < 1m",
    "concurrency < 8",
    "metric A/B {} Sum < 5",
  ].map((guard) => {
    const method = methodOf(guard);
    return method.kind === "counts" ? "share" : unitOf(method.measured);
  });
  expect(units).toStrictEqual(["ms", "ms", "ms", "number", "number"]);
});

test("only throttles carry a note, since they aren't the version's doing", () => {
  const noted = Object.entries(SIGNALS).filter(([, row]) => row.kind === "counts" && row.note !== null);
  expect(noted.map(([signal]) => signal)).toStrictEqual(["throttles"]);
});
