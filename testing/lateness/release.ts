import { wanted } from "../../src/analysis/analyse.ts";
import { bySeries, pointsOf } from "../../src/analysis/readings.ts";
import { longestSilence } from "../../src/analysis/silence.ts";
import { callsSeries } from "../../src/analysis/traffic-check.ts";
import { metricOf, statisticOf as statisticName } from "../../src/aws/cloudwatch-names.ts";
import type { Routing } from "../../src/domain/alias.ts";
import type { Member } from "../../src/domain/member.ts";
import type { Reading, Series } from "../../src/domain/ports.ts";
import { type Duration, HOUR, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import { contextOf, newRelease, type Release } from "../../src/release/release.ts";
import { reasonSentence } from "../../src/report/sentences.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, memberOf, planOf, termsOf } from "../fakes/terms.ts";
import { playOffline } from "../offline.ts";
import { Metrics, statisticOf } from "../simulator/cloudwatch/metrics.ts";
import { Account } from "../simulator/lambda/account.ts";
import type { SimulatedTime } from "../simulator/time.ts";
import { ROUGH } from "../simulator/weather.ts";
import { type Kind, latenessOf } from "./kinds.ts";

/** One release to play: in this lateness, with a canary that fails this often. */
export interface Setting {
  readonly kind: Kind;
  readonly weather: "calm" | "rough";
  /** The canary's failure rate, from 0 to 1. */
  readonly failing: number;
}

export interface Outcome {
  readonly end: "promoted" | "verified" | "rolled back";
  /** From the first shift to the end. */
  readonly lasted: Duration;
  readonly reason: string;
}

const START: Instant = Date.parse("2026-11-21T09:00:30Z");
const POLL: Duration = 20 * SECOND;
const CALLS_PER_MINUTE = 800;
const TARGET = { function: "checkout", alias: "live" };
const PLAN = planOf("5% for 5m, 25% for 5m, 50% for 5m");
const GUARDS = guardsOf("error-rate <= baseline * 1.5 + 0.5%\np90 <= baseline * 1.5");
/** How often the baseline fails, and so a canary that is as good. */
export const USUALLY_FAILING = 0.005;

/** Plays a release with the action's own judgement and decisions on the simulator's figures, without any process. */
export function playRelease({ kind, weather, failing }: Setting, seed: number): Outcome {
  const time = new HandMovedTime(START);
  const account = new Account(time, seed, "eu-central-1", 0);
  const checkout = account.addFunction({
    name: TARGET.function,
    behaviour: { errorRate: USUALLY_FAILING },
    traffic: { callsPerMinute: CALLS_PER_MINUTE, history: HOUR, past: 0, ...(weather === "rough" ? ROUGH : {}) },
  });
  checkout.createAlias(TARGET.alias, { version: checkout.release() });
  checkout.stage({ errorRate: failing });
  checkout.release();
  const metrics = new Metrics(account.functions);
  metrics.lateness = latenessOf(kind, seed);
  const read = (series: Series, from: Instant, to: Instant) => readingOf(metrics, series, from, to, time.now());

  metrics.catchUp(time.now());
  const route = ({ primary, additional }: Routing) => {
    const weights = additional && { version: additional.version, weight: additional.weight / 100 };
    checkout.updateAlias(TARGET.alias, { version: primary, additional: weights });
  };
  const observe = (release: Release) => {
    metrics.catchUp(time.now());
    const at = time.now();
    const { series, from } = wanted(release.analysis, contextOf(release));
    const readings = series.map((each) => read(each, from, minuteOf(at) + MINUTE));
    return { at, reading: bySeries(series, readings), alarms: new Map() };
  };
  const world = { now: () => time.now(), pass: (by: Duration) => time.move(by), observe, route };
  const members = [memberFrom(read, time.now())];
  const terms = termsOf({ members, plan: PLAN, guards: GUARDS, holdLimits: DEFAULT_HOLD_LIMITS });
  const start = newRelease(terms, [], time.now());
  const { outcome, verified, reason } = playOffline(start, world, POLL);
  const lasted = time.now() - START;
  if (outcome === "promoted") return { end: verified ? "verified" : "promoted", lasted, reason: "" };
  return { end: "rolled back", lasted, reason: reasonSentence(reason) };
}

class HandMovedTime implements SimulatedTime {
  #now: Instant;

  constructor(start: Instant) {
    this.#now = start;
  }

  now(): Instant {
    return this.#now;
  }

  at(): void {}

  letTimePass(): () => void {
    return () => {};
  }

  move(by: Duration): void {
    this.#now += by;
  }
}

/** What a release knows of its function before the first shift. */
function memberFrom(read: (series: Series, from: Instant, to: Instant) => Reading, now: Instant): Member {
  const minute = minuteOf(now);
  const calls = pointsOf(read(callsSeries(TARGET, "function"), minute - HOUR, minute));
  return memberOf(TARGET.function, {
    baseline: "1",
    canary: "2",
    longestSilence: longestSilence(calls, minute - HOUR),
    usualRate: CALLS_PER_MINUTE,
    usual: { latency: { p50: 120, p90: 200 }, countsByDuration: true, hasErrorSamples: true, rates: {} },
  });
}

function readingOf(metrics: Metrics, series: Series, from: Instant, to: Instant, now: Instant): Reading {
  const { Namespace = "", MetricName = "", Dimensions = [] } = metricOf(series);
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]));
  const points = new Map<Instant, number>();
  for (let minute = from; minute < to; minute += MINUTE) {
    const samples = metrics.samples(
      { namespace: Namespace, name: MetricName, dimensions },
      minute,
      minute + MINUTE,
      now,
    );
    if (samples !== null) points.set(minute, statisticOf(samples, statisticName(series)));
  }
  return { kind: "points", points };
}
