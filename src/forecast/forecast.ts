import { rate } from "../analysis/counts.ts";
import { risksOfEach } from "../analysis/e-process.ts";
import { beside } from "../analysis/fewest.ts";
import { type Counted, type Measured, type Test, testsOf } from "../analysis/method.ts";
import type { Percent } from "../domain/alias.ts";
import type { Usual } from "../domain/member.ts";
import { endOfStep, METRIC_DELAY, type Patience, type Plan, runsAhead } from "../domain/plan.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";

import { normalCdf, normalQuantile } from "./normal.ts";
import { minutesToFind, type Scene, sceneOf, smallestFound } from "./power.ts";
import { callsPerMinute, type Week } from "./traffic-profile.ts";

/** What a step of the plan is expected to see, judging by last week's traffic. */
export interface StepForecast {
  readonly weight: Percent;
  readonly bake: Duration;
  /** How much longer it is expected to wait for data, because its bake alone could show nothing; 0 if it needn't. */
  readonly hold: Duration;
  /** The canary's calls that are expected to show before the bake and the hold are over. */
  readonly calls: number;
  readonly errors: Findable;
  readonly slowdown: Findable;
}

/**
 * The smallest problem that a step finds with 90 % probability: a share of failing calls from 0 to 1, or how many times
 * as slow.
 * "blind": this step alone couldn't show even the worst. "unwatched": no guard looks for it.
 */
export type Findable = number | "blind" | "unwatched";

/** True for a step that could show nothing of what the guards look for. */
export function isBlind({ errors, slowdown }: StepForecast): boolean {
  const watched = [errors, slowdown].filter((each) => each !== "unwatched");
  return watched.length > 0 && watched.every((each) => each === "blind");
}

/** What a plan is expected to see of one function. */
export interface Forecast {
  readonly function: string;
  readonly perMinute: { readonly least: number; readonly most: number };
  /** The alias's calls by hour of the day, in UTC, 24 of them. */
  readonly callsByHour: Week["callsByHour"];
  /** Not null if the rate comes from minutes, since the alias is new to its callers. */
  readonly recent: Week["recent"];
  /** The share of the alias's calls that failed in the last week; null without calls. */
  readonly errorRate: number | null;
  readonly latency: Week["latency"];
  readonly steps: readonly StepForecast[];
}

/** What a forecast needs to know. */
export interface Prospect {
  readonly function: string;
  readonly week: Week;
  readonly usual: Usual;
}

/**
 * @param functions how many functions share the chance of a false alarm
 */
export function forecast(
  { function: name, week, usual }: Prospect,
  plan: Plan,
  guards: readonly Guard[],
  functions: number,
  now: Instant,
  patience: Patience,
): Forecast {
  const methods = testsOf(guards, usual, now);
  const { alpha } = risksOfEach(methods.length * functions);
  const { calls, failures, latency } = week;
  let at = now;
  const steps = plan.steps.map((step, place): StepForecast => {
    const lasts = endOfStep(plan, place, at, patience) - at;
    const isAhead = runsAhead(plan, place, patience);
    const seenIn = (time: Duration, hold: Duration): StepForecast => {
      const scene = sceneOf(week, at, time, step.weight, alpha);
      const [errors, slowdown] = [errorsFound(methods, scene, week), slowdownFound(methods, scene, week)];
      return { ...step, hold, calls: scene.calls, errors, slowdown };
    };
    const hold = isAhead ? 0 : (patience.maxHold ?? step.bake);
    // The calls of a step that runs ahead of its figures show later, and count then.
    const planned = seenIn(isAhead ? lasts + METRIC_DELAY : lasts, 0);
    const foreseen = hold > 0 && isBlind(planned) ? seenIn(lasts + hold, hold) : planned;
    at += lasts + foreseen.hold;
    return foreseen;
  });
  const errorRate = calls === 0 && failures === 0 ? null : rate(week);
  const { callsByHour, recent } = week;
  return { function: name, perMinute: callsPerMinute(week), callsByHour, recent, errorRate, latency, steps };
}

function errorsFound(methods: readonly Test[], scene: Scene, week: Week): Findable {
  const found = methods.flatMap((method): Findable[] => {
    if (method.kind !== "counts" || method.counted.kind !== "events" || method.counted.signal !== "error-rate")
      return [];
    return [smallestFound(rate(week), method.tolerance, scene) ?? "blind"];
  });
  return best(found);
}

function slowdownFound(methods: readonly Test[], scene: Scene, week: Week): Findable {
  const spread = spreadOf(week);
  return best(
    methods.flatMap((method): Findable[] => {
      if (method.kind === "sign-flip") {
        const { measured } = method;
        return measured.kind === "duration" && measured.metric === "Duration"
          ? [slowdownByPairs(method, measured, scene, week, spread)]
          : [];
      }
      return method.counted.kind === "slow" ? [slowdownByCounts(method, method.counted, scene, week, spread)] : [];
    }),
  );
}

function best(found: readonly Findable[]): Findable {
  const numbers = found.filter((each) => typeof each === "number");
  if (numbers.length > 0) return Math.min(...numbers);
  return found.length === 0 ? "unwatched" : "blind";
}

/** The standard deviation of the durations' logarithm, from p50 and p90: durations are taken to be lognormal. */
function spreadOf({ latency: { p50, p90 } }: Week): number {
  const usual = 0.5;
  return p50 === undefined || p90 === undefined || p90 <= p50 ? usual : Math.log(p90 / p50) / normalQuantile(0.9);
}

/** A canary that is s times as slow goes over a bound as often as the baseline goes over the bound divided by s. */
function slowdownByCounts(
  { tolerance }: Extract<Test, { kind: "counts" }>,
  counted: Extract<Counted, { kind: "slow" }>,
  scene: Scene,
  { latency: { p50 } }: Week,
  spread: number,
): Findable {
  if (p50 === undefined) return "blind";
  const tailAt = (bound: Duration) => Math.log(bound / p50) / spread;
  const usual = counted.baseline === null ? 0 : 1 - normalCdf(tailAt(counted.baseline));
  const found = smallestFound(usual, tolerance, scene);
  return found === null || found >= 1
    ? "blind"
    : Math.exp(spread * (tailAt(counted.canary) - normalQuantile(1 - found)));
}

/** The more calls a minute's figure is made of, the less it varies. */
function slowdownByPairs(
  { tolerance }: Extract<Test, { kind: "sign-flip" }>,
  { fewest }: Extract<Measured, { kind: "duration" }>,
  { calls, minutes, share, alpha }: Scene,
  { latency: { p50 } }: Week,
  spread: number,
): Findable {
  const ofCanary = calls / minutes;
  if (p50 === undefined || ofCanary < fewest) return "blind";
  const ofBaseline = ofCanary * beside(share);
  const isComparing = tolerance.ratio > 0;
  const noise = Math.sqrt((Math.exp(spread ** 2) - 1) * (1 / ofCanary + (isComparing ? 1 / ofBaseline : 0)));
  // Against a number, the usual latency takes the baseline's place.
  const allowed = (tolerance.ratio * p50 + tolerance.margin) / p50;
  let [low, high] = [allowed, allowed * 50];
  if (minutesToFind(relative(high, allowed), noise, alpha) > minutes) return "blind";
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (minutesToFind(relative(middle, allowed), noise, alpha) > minutes) low = middle;
    else high = middle;
  }
  return high;
}

function relative(slowdown: number, allowed: number): number {
  return (2 * (slowdown - allowed)) / (slowdown + allowed);
}
