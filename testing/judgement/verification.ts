import type { Counts } from "../../src/analysis/counts.ts";
import { SLOW } from "../../src/analysis/method.ts";
import { usualCounts } from "../../src/analysis/usual.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { NORMAL, type Tolerance } from "../../src/guards/guard.ts";
import { Random } from "../simulator/random.ts";
import { quantile, SHAPES, type Shape, shareOver } from "./durations.ts";
import {
  BAKE,
  byTheMinute,
  type Conditions,
  drawCounts,
  drawGust,
  drawTroubles,
  everyFifteenSeconds,
} from "./environments.ts";
import { ALLOWED, PERCENTILE } from "./latency.ts";

/** What happens to both versions during a release. */
export type Environment =
  | "steady"
  /** Traffic grows to six times what it was. */
  | "traffic grows"
  /** The baseline's rate falls, or rises, to a quarter or to four times of what it was. */
  | "rate falls"
  | "rate rises"
  /** The baseline's rate swings between a third and three times its mean, in 6 to 40 minutes. */
  | "rate swings"
  /** Bursts of failures that hit both versions, as in rough traffic; else steady. */
  | "bursts"
  /** Bursts, and traffic that comes in gusts. */
  | "rough";

export const BURSTY: readonly Environment[] = ["bursts", "rough"];

export interface VerificationCell {
  /** On errors, or on the p90 of durations of this shape, by counts of slow calls. */
  readonly guard: "errors" | Shape;
  readonly environment: Environment;
  readonly polls: "by the minute" | "every 15 s";
  readonly callsPerMinute: number;
  /** The share of the baseline's calls that fail, or are slow. */
  readonly baseline: number;
  /** At its tolerance in each minute; or while it is calm, and in a burst it suffers as the baseline does. */
  readonly canary: "identical" | "at its tolerance" | "at its tolerance while calm";
}

export const STEPS = [
  { weight: 5, bake: 5 * MINUTE },
  { weight: 25, bake: 5 * MINUTE },
  { weight: 50, bake: 5 * MINUTE },
];
/** The minutes of the default plan, and how many more its last step may wait. */
export const PLANNED = STEPS.reduce((sum, { bake }) => sum + bake, 0) / MINUTE;
export const HELD = (STEPS.at(-1)?.bake ?? 0) / MINUTE;

/** The guard's tolerance, and the rate of a canary that is as good as a baseline with this rate. */
export function guardOf({ guard }: Pick<VerificationCell, "guard">): {
  readonly tolerance: Tolerance;
  readonly asGood: (baseline: number) => number;
} {
  if (guard === "errors") return { tolerance: NORMAL, asGood: (baseline) => baseline };
  const durations = SHAPES[guard];
  // Its calls are compared with a higher bound, and the baseline's rate doesn't change.
  const slow = shareOver(durations, ALLOWED * quantile(durations, PERCENTILE / 100));
  return { tolerance: SLOW, asGood: () => slow };
}

/** The oracle needs a rate that doesn't change. */
export function knowsAll({ environment, canary, polls }: VerificationCell): boolean {
  return environment === "steady" && canary === "identical" && polls === "by the minute";
}

/** What can be seen of a release by the default plan and of the hour before it. */
export function drawRelease(cell: VerificationCell, run: number) {
  const random = new Random("verification", JSON.stringify(cell), run);
  const conditions = drawConditions(cell, random);
  const bake = { "by the minute": byTheMinute, "every 15 s": everyFifteenSeconds }[cell.polls](conditions, random);
  // The last minute counts in favour only when no call of it can be under way any more.
  const last = bake.looks.slice(-1).map(({ at, minutes }) => ({ at: at + MINUTE, minutes }));
  return { ...bake, looks: [...bake.looks, ...last], usual: drawHour(cell, random) };
}

/** The hour before is calm where only the rate changes in the release; bursts come at any time. */
export function drawHour(cell: VerificationCell, random: Random): Counts {
  const troubles = BURSTY.includes(cell.environment) ? drawTroubles(random) : [];
  const [calls, failures] = [new Map<number, number>(), new Map<number, number>()];
  const start = rateAt(cell.environment, 0, 0, 0, 20);
  for (let minute = 0; minute < BAKE; minute++) {
    const rate = worsened(cell.baseline * start, troubles[minute] ?? 0);
    const counts = drawCounts({ calls: cell.callsPerMinute, rate }, random);
    calls.set(minute, counts.calls);
    failures.set(minute, counts.failures);
  }
  return usualCounts(calls, failures);
}

function drawConditions(cell: VerificationCell, random: Random): readonly Conditions[] {
  return drawMinutes(cell, PLANNED, HELD, random).map(({ calls, canary, baseline }, minute) => {
    const share = shareAt(minute);
    return { canary: { calls: calls * share, rate: canary }, baseline: { calls: calls * (1 - share), rate: baseline } };
  });
}

/** A minute of a release, whatever the canary's share of it: all calls, and how often each version's fail. */
export interface AnyMinute {
  readonly calls: number;
  readonly canary: number;
  readonly baseline: number;
}

/** @param planned the minutes of the plan; `held` are those that its last step may wait */
export function drawMinutes(
  cell: VerificationCell,
  planned: number,
  held: number,
  random: Random,
): readonly AnyMinute[] {
  const { environment, callsPerMinute } = cell;
  const troubles = BURSTY.includes(environment) ? drawTroubles(random) : [];
  const [phase, period] = [2 * Math.PI * random.uniform(), 6 + 34 * random.uniform()];
  return Array.from({ length: planned + held }, (_, minute): AnyMinute => {
    const calls = callsPerMinute * trafficAt(environment, minute, minute / planned, phase, random);
    const usual = cell.baseline * rateAt(environment, minute, minute / (planned + held), phase, period);
    const trouble = troubles[minute] ?? 0;
    const baseline = worsened(usual, trouble);
    return { calls, canary: canaryRate(cell, usual, baseline, trouble), baseline };
  });
}

/** As many times as at the beginning, or on average. `along` is 1 at the end of the plan. */
function trafficAt(environment: Environment, minute: number, along: number, phase: number, random: Random): number {
  if (environment === "traffic grows") return 0.3 + 1.4 * along;
  return environment === "rough" ? drawGust(minute, phase, random) : 1;
}

function rateAt(environment: Environment, minute: number, along: number, phase: number, period: number): number {
  switch (environment) {
    case "rate falls":
      return 2 * 4 ** -along;
    case "rate rises":
      return 0.5 * 4 ** along;
    case "rate swings":
      return 3 ** Math.sin(phase + (2 * Math.PI * minute) / period);
    default:
      return 1;
  }
}

function shareAt(minute: number): number {
  let end = 0;
  for (const { weight, bake } of STEPS) {
    end += bake / MINUTE;
    if (minute < end) return weight / 100;
  }
  return (STEPS.at(-1)?.weight ?? 0) / 100;
}

function worsened(rate: number, trouble: number): number {
  return 1 - (1 - rate) * (1 - trouble);
}

function canaryRate(cell: VerificationCell, usual: number, besides: number, trouble: number): number {
  const { tolerance, asGood } = guardOf(cell);
  const allowed = (rate: number) => Math.min(1, tolerance.ratio * rate + tolerance.margin);
  switch (cell.canary) {
    case "identical":
      return asGood(besides);
    case "at its tolerance":
      return allowed(besides);
    case "at its tolerance while calm":
      return worsened(allowed(usual), trouble);
  }
}
