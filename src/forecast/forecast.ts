import { rate } from "../analysis/counts.ts";
import { risksOfEach } from "../analysis/e-process.ts";
import { beside } from "../analysis/fewest.ts";
import { type Counted, type Measured, type Test, testsOf } from "../analysis/method.ts";
import type { Percent } from "../domain/alias.ts";
import { endOfBake, type Plan } from "../domain/plan.ts";
import type { Duration, Instant } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";

import { type Durations, durationsOf, noiseOf, relative, shareOver, tailAt } from "./durations.ts";
import { normalQuantile } from "./normal.ts";
import { minutesToFind, type Scene, sceneOf, smallestFound } from "./power.ts";
import { callsPerMinute, type Week } from "./traffic-profile.ts";
import { type Known, type VerifiesFrom, verifiesFrom } from "./verification.ts";

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
  readonly verifies: VerifiesFrom;
}

/** What a forecast needs to know. */
export interface Prospect extends Known {
  readonly function: string;
}

/**
 * @param functions how many functions share the chance of a false alarm
 * @param maxHold how much longer than its bake a step may wait for data; null for as long as the bake again
 */
export function forecast(
  prospect: Prospect,
  plan: Plan,
  guards: readonly Guard[],
  functions: number,
  now: Instant,
  maxHold: Duration | null,
): Forecast {
  const { function: name, week, usual } = prospect;
  const methods = testsOf(guards, usual, now);
  const { alpha } = risksOfEach(methods.length * functions);
  const { calls, failures, latency } = week;
  let at = now;
  const steps = plan.steps.map((step) => {
    const lasts = endOfBake(at, step.bake) - at;
    const seenIn = (time: Duration, hold: Duration): StepForecast => {
      const scene = sceneOf(week, at, time, step.weight, alpha);
      const [errors, slowdown] = [errorsFound(methods, scene, week), slowdownFound(methods, scene, week)];
      return { ...step, hold, calls: scene.calls, errors, slowdown };
    };
    const hold = maxHold ?? step.bake;
    const planned = seenIn(lasts, 0);
    const foreseen = hold > 0 && isBlind(planned) ? seenIn(lasts + hold, hold) : planned;
    at += lasts + foreseen.hold;
    return { ...foreseen, lasts };
  });
  const errorRate = calls === 0 && failures === 0 ? null : rate(week);
  const { callsByHour, recent } = week;
  const mayHold = maxHold ?? plan.steps.at(-1)?.bake ?? 0;
  return {
    function: name,
    perMinute: callsPerMinute(week),
    callsByHour,
    recent,
    errorRate,
    latency,
    steps: steps.map(({ lasts: _, ...step }) => step),
    verifies: verifiesFrom(prospect, steps, mayHold, guards, now),
  };
}

function errorsFound(methods: readonly Test[], scene: Scene, week: Week): Findable {
  const found = methods.flatMap((method): Findable[] => {
    if (method.kind !== "counts" || method.counted.kind !== "events" || method.counted.signal !== "error-rate")
      return [];
    return [smallestFound(rate(week), method.tolerance, scene) ?? "blind"];
  });
  return best(found);
}

function slowdownFound(methods: readonly Test[], scene: Scene, { latency }: Week): Findable {
  const durations = durationsOf(latency);
  return best(
    methods.flatMap((method): Findable[] => {
      if (method.kind === "sign-flip") {
        const { measured } = method;
        return measured.kind === "duration" && measured.metric === "Duration"
          ? [slowdownByPairs(method, measured, scene, durations)]
          : [];
      }
      return method.counted.kind === "slow" ? [slowdownByCounts(method, method.counted, scene, durations)] : [];
    }),
  );
}

function best(found: readonly Findable[]): Findable {
  const numbers = found.filter((each) => typeof each === "number");
  if (numbers.length > 0) return Math.min(...numbers);
  return found.length === 0 ? "unwatched" : "blind";
}

/** A canary that is s times as slow goes over a bound as often as the baseline goes over the bound divided by s. */
function slowdownByCounts(
  { tolerance }: Extract<Test, { kind: "counts" }>,
  counted: Extract<Counted, { kind: "slow" }>,
  scene: Scene,
  durations: Durations | null,
): Findable {
  if (durations === null) return "blind";
  const usual = counted.baseline === null ? 0 : shareOver(counted.baseline, durations);
  const found = smallestFound(usual, tolerance, scene);
  return found === null || found >= 1
    ? "blind"
    : Math.exp(durations.spread * (tailAt(counted.canary, durations) - normalQuantile(1 - found)));
}

function slowdownByPairs(
  { tolerance }: Extract<Test, { kind: "sign-flip" }>,
  { statistic, fewest }: Extract<Measured, { kind: "duration" }>,
  { calls, minutes, share, alpha }: Scene,
  durations: Durations | null,
): Findable {
  const ofCanary = calls / minutes;
  if (durations === null || ofCanary < fewest) return "blind";
  const isComparing = tolerance.ratio > 0;
  const noise = noiseOf(durations, statistic, ofCanary, isComparing ? ofCanary * beside(share) : null);
  // Against a number, the usual latency takes the baseline's place.
  const allowed = tolerance.ratio + tolerance.margin / durations.median;
  let [low, high] = [allowed, allowed * 50];
  if (minutesToFind(relative(high, allowed), noise, alpha) > minutes) return "blind";
  while (high / low > 1.001) {
    const middle = Math.sqrt(low * high);
    if (minutesToFind(relative(middle, allowed), noise, alpha) > minutes) low = middle;
    else high = middle;
  }
  return high;
}
