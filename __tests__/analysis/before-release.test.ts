import assert from "node:assert/strict";
import {
  judgeBefore,
  type ReadRange,
  seriesBefore,
  withFixedLimit,
  withLimits,
} from "../../src/analysis/before-release.ts";
import { risksOfEach } from "../../src/analysis/e-process.ts";
import { newAnalysis } from "../../src/analysis/state.ts";
import { statisticOf } from "../../src/aws/cloudwatch-names.ts";
import type { Series } from "../../src/domain/ports.ts";
import { HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import { guardsOf, memberOf } from "../../testing/fakes/terms.ts";

const NOW = Date.UTC(2026, 10, 21, 14);
const usual = { latency: { p90: 180 }, countsByDuration: true, hasErrorSamples: false, rates: {} };
const member = memberOf("checkout", { usual });

function fixed(text: string) {
  const [guard] = withFixedLimit(guardsOf(text));
  assert(guard !== undefined);
  return guard;
}

function keyOf(series: Series): string {
  return series.kind === "lambda"
    ? `${series.of} ${series.metric} ${statisticOf(series)}`
    : `${series.name} ${Object.values(series.dimensions)}`;
}

/** The last hour, with a figure for each of its minutes by series. */
function hour(told: Readonly<Record<string, (minute: number) => number>>, from: Instant = NOW - HOUR): ReadRange {
  const reading = (series: Series) => {
    const figure = told[keyOf(series)];
    const minutes = figure === undefined ? [] : Array.from({ length: 60 }, (_, index) => index);
    const points = minutes.map((index): [Instant, number] => [from + index * MINUTE, figure?.(index) ?? 0]);
    return { kind: "points" as const, points: new Map(points) };
  };
  return { from, to: from + HOUR, reading };
}

function throttling(share: (minute: number) => number, from?: Instant): ReadRange {
  const calls = (minute: number) => Math.round(800 * (1 - share(minute)));
  const throttles = (minute: number) => Math.round(800 * share(minute));
  return hour({ "alias Invocations Sum": calls, "alias Throttles Sum": throttles }, from);
}

function limitFor(text: string, ...pasts: readonly ReadRange[]) {
  return judgeBefore(fixed(text), member, pasts, risksOfEach(1))?.limit;
}

test("only guards with a fixed limit are judged before a release", () => {
  const all = "error-rate <= baseline\nerror-rate < 1%\nalarm a\niterator-age < 30s\nmetric A/B {} Sum < 5\np90 < 1s";
  const kept = ["error-rate < 1%", "iterator-age < 30s", "metric A/B {} Sum < 5", "p90 < 1s"];
  expect(withFixedLimit(guardsOf(all)).map(({ text }) => text)).toStrictEqual(kept);
});

test("they are judged by the alias, and a metric by version by the baseline's", () => {
  const asked = (text: string) => seriesBefore(fixed(text), member).map(keyOf);
  expect(asked("error-rate < 1%")).toStrictEqual([
    "alias Invocations Sum",
    "alias Errors Sum",
    "alias Errors SampleCount",
  ]);
  expect(asked("dead-letter-errors < 1%")).toStrictEqual(["function Invocations Sum", "function DeadLetterErrors Sum"]);
  expect(asked("metric A/B {V=$version} Sum < 5")).toStrictEqual(["B 41"]);
});

test("the limit of what all share is doubled until the time before keeps it", () => {
  expect(
    limitFor(
      "throttles < 1%",
      throttling(() => 0.005),
    ),
  ).toBeUndefined();
  expect(
    limitFor(
      "throttles < 1%",
      throttling(() => 0.016),
    ),
  ).toBe(0.02);
  expect(
    limitFor(
      "throttles < 1%",
      throttling(() => 0.03),
    ),
  ).toBe(0.04);
  expect(
    limitFor(
      "throttles < 30%",
      throttling(() => 0.9),
    ),
  ).toBe(1);
});

test("bursts count as they would in the release, even where the hour as a whole is within the limit", () => {
  const bursts = throttling((minute) => (minute >= 30 && minute < 33 ? 0.15 : 0));
  expect(limitFor("throttles < 1%", bursts)).toBe(0.16);
});

test("each time range counts, and the result says whether it was the latest one", () => {
  const [fine, bad] = [throttling(() => 0), throttling(() => 0.03, NOW - 24 * HOUR)];
  const broken = judgeBefore(fixed("throttles < 1%"), member, [fine, bad], risksOfEach(1));
  expect(broken).toMatchObject({ limit: 0.04, isLatest: false });
  expect(judgeBefore(fixed("throttles < 1%"), member, [bad], risksOfEach(1))?.isLatest).toBe(true);
});

test("a guard on the canary's own figures keeps its limit, and what it would have said is told", () => {
  const errors = hour({ "alias Invocations Sum": () => 800, "alias Errors Sum": () => 24 });
  const broken = judgeBefore(fixed("error-rate < 1%"), member, [errors], risksOfEach(1));
  expect(broken).toMatchObject({ limit: null, analysis: { verdict: "fail" } });
});

test("a level over its limit is told, and keeps its limit", () => {
  const ages = hour({ "function IteratorAge Maximum": () => 185_000 });
  const broken = judgeBefore(fixed("iterator-age < 30s"), member, [ages], risksOfEach(1));
  expect(broken).toMatchObject({ limit: null, analysis: { verdict: "fail" } });
});

test("a level that is fine again isn't told: it counts from the start", () => {
  const ages = hour({ "function IteratorAge Maximum": (minute) => (minute < 50 ? 185_000 : 1_000) });
  expect(judgeBefore(fixed("iterator-age < 30s"), member, [ages], risksOfEach(1))).toBeNull();
});

test("a function URL counts as shared, by its requests and by its latency: its versions may not be told apart", () => {
  const answers = hour({ "alias UrlRequestCount Sum": () => 100, "alias Url5xxCount Sum": () => 3 });
  expect(limitFor("url-5xx < 1%", answers)).toBe(0.04);
  const latency = { "alias UrlRequestLatency Average": () => 700, "alias UrlRequestLatency SampleCount": () => 100 };
  expect(limitFor("url-latency < 500ms", hour(latency))).toBe(1_000);
});

test("the limits are those of a release's guards, for each function its own", () => {
  const broken = judgeBefore(fixed("throttles < 1%"), member, [throttling(() => 0.03)], risksOfEach(1));
  assert(broken !== null);
  const other = { ...member, target: { function: "refund", alias: "live" } };
  const guards = guardsOf("throttles < 1%\nthrottles < 2%");
  const { watches } = withLimits(newAnalysis([member, other], guards, [], NOW), [broken]);
  expect(watches.map(({ limit }) => limit)).toStrictEqual([0.04, null, null, null]);
});
