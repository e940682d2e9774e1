import type { Counts, MinuteCounts } from "../../src/analysis/counts.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { NORMAL } from "../../src/guards/guard.ts";
import { Random } from "../simulator/random.ts";
import { ROUGH } from "../simulator/weather.ts";
import { poisson } from "./draws.ts";

/** Minutes that a bake takes. */
export const BAKE = 60;
/** CloudWatch shows a minute two minutes after its end. */
export const LAG = 2;

/** A cell of the tables: the traffic, the canary's weight, and how good both versions are. */
export interface Cell {
  readonly weather: "calm" | "rough";
  /** Ramped: 5, 25 and 50 % for 20 minutes each. */
  readonly weight: number | "ramped";
  /**
   * Polled each minute, seeing finished minutes; or every 15 seconds, seeing minutes that still grow, some of them
   * late.
   */
  readonly polls: "by the minute" | "every 15 s";
  readonly callsPerMinute: number;
  readonly baseline: number;
  /** The canary's failure rate, or how it follows from the baseline's. */
  readonly canary: number | "identical" | "at its tolerance";
}

/** What CloudWatch shows at an instant: the minutes in order, from the start of the bake. */
export interface Look {
  readonly at: Instant;
  readonly minutes: readonly MinuteCounts[];
}

/** One bake: what a release can see of it, and how many canary calls have failed by a given time. */
export interface Bake {
  readonly looks: readonly Look[];
  failedBy(at: Instant): number;
}

/** What the counts of a minute are drawn from. */
export interface Conditions {
  readonly canary: Expected;
  readonly baseline: Expected;
}

export interface Expected {
  readonly calls: number;
  readonly rate: number;
}

export function drawBake(cell: Cell, run: number): Bake {
  const random = new Random("judgement", JSON.stringify(cell), run);
  const conditions = drawConditions(cell, random);
  switch (cell.polls) {
    case "by the minute":
      return byTheMinute(conditions, random);
    case "every 15 s":
      return everyFifteenSeconds(conditions, random);
  }
}

function drawConditions({ weather, weight, callsPerMinute, baseline, canary, polls }: Cell, random: Random) {
  const troubles = weather === "rough" ? drawTroubles(random) : null;
  const phase = 2 * Math.PI * random.uniform();
  // With 15-second polls, the shift can come at any second of the first minute; only the rest of that minute counts.
  const firstMinute = polls === "every 15 s" ? random.uniform() : 1;
  return Array.from({ length: BAKE }, (_, minute): Conditions => {
    const rate = callsPerMinute * (weather === "rough" ? drawGust(minute, phase, random) : 1);
    const held = weight === "ramped" ? rampedWeight(minute) : weight;
    const share = minute === 0 ? held * firstMinute : held;
    const withTrouble = (p: number) => 1 - (1 - p) * (1 - (troubles?.[minute] ?? 0));
    const pBaseline = withTrouble(baseline);
    return {
      canary: { calls: rate * share, rate: canaryRate(canary, pBaseline, withTrouble) },
      baseline: { calls: rate * (1 - share), rate: pBaseline },
    };
  });
}

function canaryRate(canary: Cell["canary"], baseline: number, withTrouble: (p: number) => number): number {
  switch (canary) {
    case "identical":
      return baseline;
    case "at its tolerance":
      return Math.min(1, NORMAL.ratio * baseline + NORMAL.margin);
    default:
      return withTrouble(canary);
  }
}

export function rampedWeight(minute: number): number {
  return minute < 20 ? 0.05 : minute < 40 ? 0.25 : 0.5;
}

export function drawGust(minute: number, phase: number, random: Random): number {
  const { amplitude, period } = ROUGH.wave ?? { amplitude: 0, period: MINUTE };
  const { shape } = ROUGH.jitter ?? { shape: 1 };
  const tide = 1 + amplitude * Math.sin(phase + (2 * Math.PI * minute * MINUTE) / period);
  return (tide * random.gamma(shape)) / shape;
}

/** The additional chance of failure by minute, averaged over the minute. With several bursts, the worst counts. */
export function drawTroubles(random: Random): readonly number[] {
  const { startsPerMinute, meanLength } = ROUGH.bursts ?? { startsPerMinute: 0, meanLength: 0 };
  const before = Math.ceil((8 * meanLength) / MINUTE);
  const bursts: { readonly start: number; readonly end: number; readonly failures: number }[] = [];
  for (let start = -before; start < BAKE; start++) {
    if (random.uniform() >= startsPerMinute) continue;
    bursts.push({ start, end: start + random.exponential(meanLength / MINUTE), failures: random.beta(1, 4) });
  }
  bursts.sort((a, b) => b.failures - a.failures);
  return Array.from({ length: BAKE }, (_, minute) => {
    let [covered, trouble] = [0, 0];
    for (const { start, end, failures } of bursts) {
      const reach = start <= minute ? Math.min(1, end - minute) : 0;
      if (reach <= covered) continue;
      trouble += (reach - covered) * failures;
      covered = reach;
    }
    return trouble;
  });
}

/** Failures and successes are independent Poisson counts, so that both versions' calls are one Poisson stream. */
export function drawCounts({ calls, rate }: Expected, random: Random): Counts {
  const failures = poisson(random, calls * rate);
  return { calls: failures + poisson(random, calls * (1 - rate)), failures };
}

export function byTheMinute(conditions: readonly Conditions[], random: Random): Bake {
  const minutes = conditions.map(
    ({ canary, baseline }, index): MinuteCounts => ({
      minute: index * MINUTE,
      canary: drawCounts(canary, random),
      baseline: drawCounts(baseline, random),
    }),
  );
  const looks = minutes
    .slice(0, BAKE - LAG)
    .map((_, index): Look => ({ at: (index + 1 + LAG) * MINUTE, minutes: minutes.slice(0, index + 1) }));
  return { looks, failedBy: (at) => failedBefore(minutes, at) };
}

function failedBefore(minutes: readonly MinuteCounts[], at: Instant): number {
  return minutes.reduce((sum, { minute, canary }) => (minute < at ? sum + canary.failures : sum), 0);
}

const POLL: Duration = 15 * SECOND;
/** A minute is complete this long after it began, as sealing assumes. */
const COMPLETE: Duration = 5 * MINUTE;
const PARTS = COMPLETE / POLL;
/**
 * The calls of a minute show 45 to 110 seconds after they happened. A few straggle, and some whole minutes are late.
 */
const SOONEST = 45;
const LATEST = 110;
const STRAGGLING = 0.02;
const LATE_MINUTES = 0.1;
const LATE_BY = 60;

export function everyFifteenSeconds(conditions: readonly Conditions[], random: Random): Bake {
  const grown = conditions.map(({ canary, baseline }, index) => {
    // Each version's series arrives in its own time.
    const parts = { canary: drawParts(canary, random), baseline: drawParts(baseline, random) };
    return Array.from({ length: PARTS + 1 }, (_, part): MinuteCounts => {
      const upTo = (all: readonly Counts[]) => all[part] ?? { calls: 0, failures: 0 };
      return { minute: index * MINUTE, canary: upTo(parts.canary), baseline: upTo(parts.baseline) };
    });
  });
  const polls = (BAKE * MINUTE) / POLL;
  const looks = Array.from({ length: polls }, (_, poll): Look => {
    const at = (poll + 1) * POLL;
    const minutes = grown.flatMap((parts, index): MinuteCounts[] => {
      const age = at - index * MINUTE;
      const part = age < 0 ? undefined : parts[Math.min(PARTS, age / POLL)];
      return part === undefined || part.canary.calls + part.baseline.calls === 0 ? [] : [part];
    });
    return { at, minutes };
  });
  const all = grown.flatMap((parts) => parts.slice(-1));
  return { looks, failedBy: (at) => failedBefore(all, at) };
}

/** What is known about a minute after each poll, from its start until it is complete. */
function drawParts({ calls, rate }: Expected, random: Random): readonly Counts[] {
  const late = random.uniform() < LATE_MINUTES ? LATE_BY * random.uniform() : 0;
  const known: Counts[] = [{ calls: 0, failures: 0 }];
  let before = 0;
  for (let part = 1; part <= PARTS; part++) {
    const arrived = arrivedAfter((part * POLL) / SECOND, late);
    const more = drawCounts({ calls: calls * (arrived - before), rate }, random);
    const so = known[part - 1] ?? more;
    known.push({ calls: so.calls + more.calls, failures: so.failures + more.failures });
    before = arrived;
  }
  return known;
}

/** The share of a minute's calls that has arrived this many seconds after the minute began. */
function arrivedAfter(seconds: number, late: number): number {
  const ramp = (x: number) => Math.max(0, x) ** 2 / 2;
  const t = seconds - late;
  const prompt =
    (ramp(t - SOONEST) - ramp(t - SOONEST - 60) - ramp(t - LATEST) + ramp(t - LATEST - 60)) / (60 * (LATEST - SOONEST));
  const complete = COMPLETE / SECOND;
  const straggled = Math.min(1, Math.max(0, (seconds - LATEST - 60) / (complete - LATEST - 60)));
  return (1 - STRAGGLING) * Math.min(1, prompt) + STRAGGLING * straggled;
}
