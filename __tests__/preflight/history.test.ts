import { NOTHING_USUAL } from "../../src/domain/member.ts";
import type { LambdaSeries } from "../../src/domain/ports.ts";
import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { memberOf, prospectsOf, readHistory } from "../../src/preflight/history.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";

const TARGETS = ["checkout", "refund"].map((name) => ({ function: name, alias: "live" }));

test("of several functions and percentiles, each has its own figures", async () => {
  const ports = new FakePorts("41");
  const now = ports.clock.now();
  const hours = Array.from({ length: 7 * 24 }, (_, index) => now - (index + 1) * HOUR);
  const figure = ({ target, metric, statistic, of }: LambdaSeries): number => {
    const times = target.function === "refund" ? 10 : 1;
    const figures: Readonly<Record<string, number>> = {
      "Invocations sum alias": 100,
      "Errors sum alias": 2,
      "Errors samples alias": target.function === "refund" ? 100 : 0,
      "Duration p50 alias": 30,
      "Duration p90 alias": 50,
      "Duration p99 alias": 70,
    };
    return times * (figures[`${metric} ${statistic} ${of}`] ?? 0);
  };
  ports.reading = (series) => {
    if (series.of !== "function") return { kind: "points", points: new Map(hours.map((at) => [at, figure(series)])) };
    const every = series.target.function === "refund" ? 2 : 3;
    const minutes = Array.from({ length: Math.floor(60 / every) }, (_, index) => now - (index + 1) * every * MINUTE);
    return { kind: "points", points: new Map(minutes.map((at) => [at, 1])) };
  };

  const histories = await readHistory(TARGETS, guardsOf("p99 <= baseline * 1.2"), ports);
  const seen = [...histories].map(([name, { usual, week, longestSilence }]) => {
    const { latency, hasErrorSamples } = usual;
    return { name, latency, hasErrorSamples, calls: week.calls, failures: week.failures, longestSilence };
  });
  expect(seen).toStrictEqual([
    {
      ...{ name: "checkout", latency: { p50: 30, p90: 50, p99: 70 }, hasErrorSamples: false },
      ...{ calls: 16_800, failures: 336, longestSilence: 2 * MINUTE },
    },
    {
      ...{ name: "refund", latency: { p50: 300, p90: 500, p99: 700 }, hasErrorSamples: true },
      ...{ calls: 168_000, failures: 3_360, longestSilence: MINUTE },
    },
  ]);
});

test("what is usual of calls by version is read from the last hour, for the signals that guards are about", async () => {
  const ports = new FakePorts("41");
  const now = ports.clock.now();
  const byMinute: Readonly<Record<string, number>> = {
    Invocations: 100,
    Errors: 1,
    UrlRequestCount: 50,
    Url5xxCount: 2,
  };
  const minutes = Array.from({ length: 60 }, (_, minute) => now - (minute + 1) * MINUTE);
  ports.reading = ({ of, metric }) => {
    const figures = of === "alias" ? minutes.map((at) => [at, byMinute[metric] ?? 0] as const) : [];
    return { kind: "points", points: new Map(figures) };
  };
  const guards = guardsOf("error-rate <= baseline * 1.5\nerror-rate < 5%\nurl-5xx < 1%\nthrottles < 1%");
  const histories = await readHistory(TARGETS.slice(0, 1), guards, ports, now);
  expect(histories.get("checkout")?.usual.rates).toStrictEqual({
    "error-rate": { calls: 6_000, failures: 60 },
    "url-5xx": { calls: 3_000, failures: 120 },
  });
});

test("whatever can't be read is told, each reason once", async () => {
  const ports = new FakePorts("41");
  ports.reading = ({ of, metric }) => ({ kind: "unreadable", reason: of === "function" ? "no answer" : metric });
  await expect(readHistory(TARGETS, [], ports)).rejects.toThrow(/^no answer; Invocations; Errors; Duration$/);
});

const WEEK = { callsByHour: Array<number>(24).fill(6_000), recent: null, calls: 1_000_000, failures: 3, latency: {} };
const USUAL = { latency: { p50: 30 }, countsByDuration: true, hasErrorSamples: true, rates: {} };
const VERSIONS = { target: { function: "checkout", alias: "live" }, baseline: "41", canary: "42", timeout: 3 * SECOND };

test("a function of a release is missed where it is usually called; in the past, where all figures are there, it isn't", () => {
  const history = { longestSilence: MINUTE, usual: USUAL, week: WEEK };
  const now = new FakePorts().clock.now();
  expect(memberOf(VERSIONS, history, now)).toStrictEqual({
    ...VERSIONS,
    ...{ usual: USUAL, longestSilence: MINUTE, usualRate: 100, isCalled: true },
  });
  expect(memberOf(VERSIONS, { ...history, week: { ...WEEK, calls: 0 } }, now).isCalled).toBe(false);
  expect(memberOf(VERSIONS, history, null)).toStrictEqual({
    ...VERSIONS,
    ...{ usual: USUAL, longestSilence: null, usualRate: 0, isCalled: true },
  });
});

test("a forecast knows how long calls may run, and isn't made of what wasn't read", () => {
  const history = { longestSilence: MINUTE, usual: USUAL, week: WEEK };
  const { target } = VERSIONS;
  const other = { ...target, function: "refund" };
  const candidates = [target, other].map((each) => ({ target: each, configuration: { timeout: 7 * SECOND } }));
  expect(prospectsOf(candidates, new Map([["checkout", history]]))).toStrictEqual([
    { function: "checkout", week: WEEK, usual: USUAL, timeout: 7 * SECOND },
  ]);
});

test("of a function whose figures weren't read, nothing is expected", () => {
  expect(memberOf(VERSIONS, undefined, new FakePorts().clock.now())).toStrictEqual({
    ...VERSIONS,
    ...{ usual: NOTHING_USUAL, longestSilence: null, usualRate: 0, isCalled: false },
  });
});
