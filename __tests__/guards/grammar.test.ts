import { formatMistake } from "../../src/domain/mistake.ts";
import { parseGuards } from "../../src/guards/grammar.ts";

/** The guards without their own texts, or what is wrong with them. */
function readAs(text: string): unknown {
  const parsed = parseGuards(text);
  if (!parsed.ok) return parsed.mistakes.map(formatMistake).join("\n");
  return parsed.value.map(({ text: _, place: __, ...guard }) => {
    switch (guard.kind) {
      case "alarm":
        return guard.alarm;
      case "counts":
        return guard.signal === "error-rate" ? guard.tolerance : guard;
      default:
        return guard;
    }
  });
}

const GUARDS: Record<string, unknown> = {
  "error-rate <= baseline * 1.5 + 0.5%": [{ ratio: 1.5, margin: 0.005 }],
  "error-rate<=baseline*2+1%": [{ ratio: 2, margin: 0.01 }],
  "error-rate <= baseline": [{ ratio: 1.5, margin: 0.005 }],
  "error-rate <= baseline + 0.1%": [{ ratio: 1, margin: 0.001 }],
  "error-rate < baseline * 1.25": [{ ratio: 1.25, margin: 0 }],
  "error-rate <= 1%": [{ ratio: 0, margin: 0.01 }],
  "error-rate < 2.5 %": [{ ratio: 0, margin: 0.025 }],
  "# two of them\nerror-rate <= 1%\n\nalarm checkout 5xx / all": [{ ratio: 0, margin: 0.01 }, "checkout 5xx / all"],
  'alarm "checkout #5xx" # of the shop': ["checkout #5xx"],
  'alarm " padded "': [" padded "],
  'alarm ""quoted""': ['"quoted"'],
  'alarm 5" # an inch is no quote': ['5"'],
  [`alarm ${"a".repeat(255)}`]: ["a".repeat(255)],
  "": [],
  "p90 <= baseline * 1.2": [{ kind: "percentile", percentile: 90, tolerance: { ratio: 1.2, margin: 0 } }],
  "p50 <= baseline": [{ kind: "percentile", percentile: 50, tolerance: { ratio: 1.2, margin: 0 } }],
  "p99.9 < 1.5s": [{ kind: "percentile", percentile: 99.9, tolerance: { ratio: 0, margin: 1500 } }],
  "p95 <= baseline * 1.1 + 50ms": [{ kind: "percentile", percentile: 95, tolerance: { ratio: 1.1, margin: 50 } }],
  "duration < 300 ms": [{ kind: "mean", signal: "duration", tolerance: { ratio: 0, margin: 300 } }],
  "url-5xx < 1%": [{ kind: "counts", signal: "url-5xx", tolerance: { ratio: 0, margin: 0.01 } }],
  "url-4xx <= baseline": [{ kind: "counts", signal: "url-4xx", tolerance: { ratio: 1.5, margin: 0.005 } }],
  "url-latency <= baseline": [{ kind: "mean", signal: "url-latency", tolerance: { ratio: 1.2, margin: 0 } }],
  "throttles < 1%": [{ kind: "counts", signal: "throttles", tolerance: { ratio: 0, margin: 0.01 } }],
  "async-events-dropped <= 0.1%": [
    { kind: "counts", signal: "async-events-dropped", tolerance: { ratio: 0, margin: 0.001 } },
  ],
  "iterator-age < 30s for 5m": [{ kind: "level", signal: "iterator-age", limit: 30_000, hold: 300_000 }],
  "async-event-age <= 2m": [{ kind: "level", signal: "async-event-age", limit: 120_000, hold: 180_000 }],
  "concurrency < 800 for 3m": [{ kind: "level", signal: "concurrency", limit: 800, hold: 180_000 }],
  "metric AWS/SQS/ApproximateAgeOfOldestMessage {QueueName=orders} Maximum < 300 for 10m": [
    {
      kind: "metric",
      metric: {
        namespace: "AWS/SQS",
        name: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "orders" },
        statistic: "Maximum",
      },
      tolerance: { ratio: 0, margin: 300 },
      hold: 600_000,
    },
  ],
  "metric Shop/CheckoutTime {Service=checkout, Version=$version} p90 <= baseline * 1.2 + 5": [
    {
      kind: "metric",
      metric: {
        namespace: "Shop",
        name: "CheckoutTime",
        dimensions: { Service: "checkout", Version: "$version" },
        statistic: "p90",
      },
      tolerance: { ratio: 1.2, margin: 5 },
      hold: null,
    },
  ],
  "metric Shop/Refused {} Sum <= 0": [
    {
      kind: "metric",
      metric: { namespace: "Shop", name: "Refused", dimensions: {}, statistic: "Sum" },
      tolerance: { ratio: 0, margin: 0 },
      hold: 180_000,
    },
  ],
};

test.each(Object.entries(GUARDS))("the guards %j are read", (text, expected) =>
  expect(readAs(text)).toStrictEqual(expected),
);

test("each guard knows its place in the list", () => {
  const parsed = parseGuards("p90 < 1s\nalarm a\nerror-rate <= 1%");
  expect(parsed.ok && parsed.value.map(({ place }) => place)).toStrictEqual([0, 1, 2]);
});

/** One more than a metric can have. */
const DIMENSIONS = Array.from({ length: 31 }, (_, index) => `D${index}=1`).join(", ");

const MISTAKES: Record<string, string> = {
  "eror-rate <= 1%": `guards: "eror-rate" is not a signal
    eror-rate <= 1%
    ^^^^^^^^^ the signals are: error-rate, p50 … p99.9, duration, url-5xx, url-4xx, url-latency, throttles, dead-letter-errors, destination-failures, async-events-dropped, iterator-age, async-event-age, concurrency, metric, alarm`,
  "error-rate >= 1%": `guards: a guard can't use ">="
    error-rate >= 1%
               ^^ a guard says what is allowed: write "<="`,
  "error-rate <= 1": `guards: "1" is not a value for error-rate
    error-rate <= 1
                  ^ write it as "0.5%"`,
  "error-rate <= baseline * 1.5 + 50ms": `guards: "50ms" is not a value for error-rate
    error-rate <= baseline * 1.5 + 50ms
                                   ^^^^ write it as "0.5%"`,
  "error-rate <= baselin * 2": `guards: "baselin * 2" is not a limit
    error-rate <= baselin * 2
                  ^^^^^^^^^^^ for example: error-rate <= baseline * 1.5 + 0.5%`,
  "error-rate <= 0%": `guards: this limit allows no failures at all
    error-rate <= 0%
                  ^^ leave some room, as in "baseline * 1.5 + 0.5%" or "1%"`,
  "error-rate <= 100%": `guards: 100 % or more allows everything
    error-rate <= 100%
                  ^^^^ write it as "0.5%"`,
  "throttles <= baseline * 2": `guards: throttles is not measured per version
    throttles <= baseline * 2
                 ^^^^^^^^^^^^ compare it with a number: throttles < 1%`,
  "p00 < 1s": `guards: "p00" is not a signal
    p00 < 1s
    ^^^ the signals are: error-rate, p50 … p99.9, duration, url-5xx, url-4xx, url-latency, throttles, dead-letter-errors, destination-failures, async-events-dropped, iterator-age, async-event-age, concurrency, metric, alarm`,
  "p90 < 0ms": `guards: no call is that fast
    p90 < 0ms
          ^^^ for example: p90 <= baseline * 1.2`,
  "p90 <= baseline for 3m": `guards: "for 3m" can't be used with p90
    p90 <= baseline for 3m
                    ^^^^^^ leave it out: this guard is judged by all the data so far`,
  "iterator-age < 30s for ever": `guards: "ever" can't be used here
    iterator-age < 30s for ever
                           ^^^^ write it as "3m": from 1m to 1h`,
  "p90 < 5x": `guards: "5x" is not a value for p90
    p90 < 5x
          ^^ write it as "800ms"`,
  "error-rate <= .5%": `guards: ".5%" is not a value for error-rate
    error-rate <= .5%
                  ^^^ write it as "0.5%"`,
  "concurrency < 5%": `guards: "5%" is not a value for concurrency
    concurrency < 5%
                  ^^ write it as "800"`,
  "metric Refused {} Sum <= 3": `guards: "Refused" is not a metric
    metric Refused {} Sum <= 3
           ^^^^^^^ write it as Namespace/Name`,
  "metric Shop/Refused Sum <= 3": `guards: this is not a guard on a metric
    metric Shop/Refused Sum <= 3
    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ for example: metric Shop/CheckoutTime {Service=checkout, Version=$version} p90 <= baseline * 1.2`,
  "metric Shop/Refused {Service} Sum <= 3": `guards: "Service" is not a dimension
    metric Shop/Refused {Service} Sum <= 3
                         ^^^^^^^ write it as Name=value`,
  "metric Shop/Refused {Stage=$stage} Sum <= 3": `guards: "$stage" is not a placeholder
    metric Shop/Refused {Stage=$stage} Sum <= 3
                               ^^^^^^ use $version, $alias or $function`,
  "metric Shop/Refused {} Mean <= 3": `guards: "Mean" is not a statistic
    metric Shop/Refused {} Mean <= 3
                           ^^^^ write Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p90`,
  "metric Shop/Refused {} Average <= baseline": `guards: this metric is not measured per version
    metric Shop/Refused {} Average <= baseline
                                      ^^^^^^^^ add a dimension with $version, or compare it with a number`,
  "metric Shop/Refused {V=$version} Sum <= baseline": `guards: the Sum of a version grows with its share of the traffic, so it can't be compared
    metric Shop/Refused {V=$version} Sum <= baseline
                                     ^^^ compare an Average or a percentile`,
  "metric Shop/Time {V=$version} Maximum <= baseline": `guards: the Maximum of a version depends on how many calls it gets, so it can't be compared
    metric Shop/Time {V=$version} Maximum <= baseline
                                  ^^^^^^^ compare an Average or a percentile`,
  "metric Shop/Time {V=$version} p90 <= baseline for 3m": `guards: "for 3m" can't be used with this metric against the baseline
    metric Shop/Time {V=$version} p90 <= baseline for 3m
                                                  ^^^^^^ leave it out: this guard is judged by all the data so far`,
  "metric Shop/Refused {Stage=test, Stage=live} Sum <= 3": `guards: the dimension Stage is given twice
    metric Shop/Refused {Stage=test, Stage=live} Sum <= 3
                                     ^^^^^^^^^^ remove one of them`,
  [`metric Shop/Refused {${DIMENSIONS}} Sum <= 3`]: `guards: a metric has at most 30 dimensions
    metric Shop/Refused {${DIMENSIONS}} Sum <= 3
                         ${"^".repeat(DIMENSIONS.length)} give the dimensions of a single series`,
  "error-rate <=": `guards: this guard has no limit
    error-rate <=
    ^^^^^^^^^^^^^ for example: error-rate <= baseline * 1.5 + 0.5%`,
  "nothing burns": `guards: this is not a guard
    nothing burns
    ^^^^^^^^^^^^^ write "error-rate <= baseline * 1.5 + 0.5%" or "alarm NAME"`,
  [`alarm ${"a".repeat(256)}`]: `guards: this is not a valid alarm name
    alarm ${"a".repeat(256)}
          ${"^".repeat(256)} use 255 characters at most, on one line`,
  "metric :Shop/Time {Version=$version} p90 < 5": `guards: CloudWatch doesn't allow this name
    metric :Shop/Time {Version=$version} p90 < 5
           ^^^^^^^^^^ use ASCII only, 255 characters at most each, and no colon at the start`,
  "metric Shop/Zeit {Größe=1} p90 < 5": `guards: CloudWatch doesn't allow this dimension
    metric Shop/Zeit {Größe=1} p90 < 5
                      ^^^^^^^ use ASCII only, 255 characters at most for the name and no colon at its start, 1024 for the value`,
  "alarm a\nerror-rat <= 1%\nalarm a": `guards: "error-rat" is not a signal
    error-rat <= 1%
    ^^^^^^^^^ the signals are: error-rate, p50 … p99.9, duration, url-5xx, url-4xx, url-latency, throttles, dead-letter-errors, destination-failures, async-events-dropped, iterator-age, async-event-age, concurrency, metric, alarm
guards: this guard is given twice
    alarm a
    ^^^^^^^ remove one of them`,
};

test.each(Object.entries(MISTAKES))("the guards %j are refused with the spot and a remedy", (text, expected) =>
  expect(readAs(text)).toBe(expected),
);
