import type { Member, Usual } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import type { Reading } from "../domain/ports.ts";
import { type Instant, MINUTE } from "../domain/time.ts";
import type { Tolerance } from "../guards/guard.ts";
import { type Scope, SIGNALS } from "../guards/signals.ts";
import { type Evidence, type MinuteCounts, rate, seal, type Weighed, weigh } from "./counts.ts";
import type { Provisional, Risks } from "./e-process.ts";
import { couldShow, fewestMinutes } from "./fewest.ts";
import { type Counted, isOffItsBound, type Method, type Test, unitOf } from "./method.ts";
import { hasSamplesOfCalls, pointsOf } from "./readings.ts";
import type { Measurement } from "./reason.ts";
import { type Pair, sealPairs, weighPairs } from "./sign-flip.ts";
import { lookAtLevel } from "./threshold.ts";
import type { Figures, Verdict } from "./verdict.ts";

/** What all judgements of a release depend on. */
export interface Terms {
  readonly risks: Risks;
  /** The canary's share of the traffic. */
  readonly share: number;
}

/** What was read of both sides, in the order of their series. */
export interface Sides {
  readonly canary: readonly Reading[];
  readonly baseline: readonly Reading[];
}

interface Judgement {
  readonly method: Method;
  readonly verdict: Verdict;
  readonly measurement: Measurement;
  readonly figures: Figures;
  /** The unsealed minutes that count in the canary's favour, too; of those with calls of all that is looked at. */
  readonly minutes: readonly Instant[];
}

/** What a judgement depends on, besides the method and the readings. */
export type Moment = Terms & {
  readonly at: Instant;
  readonly sealedBefore: Instant;
  readonly provisional: (tolerance: Tolerance) => Provisional;
  /** Whose figures these are. */
  readonly scope: Scope;
  /** What is allowed instead of the guard's own limit; null for that. */
  readonly limit: number | null;
  readonly usual: Usual;
  /** The alias's usual calls per minute at this hour. */
  readonly usualRate: number;
};

/**
 * Which minutes count before they are sealed. A call shows only when it has finished.
 *
 * In a comparison all minutes count: both sides lack the same calls. Against a number, a minute counts once the calls
 * that usually take long are over; before, only those that fail at once would show. In the canary's favour, a minute
 * counts once no call can be under way any more.
 */
export function provisionalAt(
  at: Instant,
  { timeout, usual }: Pick<Member, "timeout" | "usual">,
): (tolerance: Tolerance) => Provisional {
  const complete = at - MINUTE - METRIC_DELAY;
  const usually = Math.min(timeout, SLOW_CALLS * (usual.latency["p90"] ?? timeout));
  return ({ ratio }) => ({
    against: ratio > 0 ? Number.POSITIVE_INFINITY : complete - usually + 1,
    inFavour: complete - timeout + 1,
  });
}

/** Nearly all calls are over after this many times their p90. */
const SLOW_CALLS = 4;

/** Adds the new minutes to what a method knows, and judges by all of it. */
export function judge(method: Method, read: Sides, moment: Moment): Judgement {
  switch (method.kind) {
    case "counts":
      return judgeCounts(method, read, moment);
    case "sign-flip":
      return judgePairs(method, read, moment);
    case "level":
      return judgeLevel(method, read, moment);
  }
}

/** With this many calls, there is no need to check whether they could show anything. */
const FEW = 200;

function judgeCounts(
  method: Extract<Method, { kind: "counts" }>,
  read: Sides,
  { risks, share, sealedBefore, provisional, scope, limit, usual, usualRate }: Moment,
): Judgement {
  const { counted } = method;
  // Of the function as a whole only its alias's calls are known.
  const usualCalls = scope === "version" ? usualRate * share : scope === "alias" ? usualRate : 0;
  const tolerance = toleranceOf(method, limit);
  const isPaired = haveSamplesOfAll(counted, read, usual);
  const minutes = minuteCounts(counted, read, isPaired);
  const evidence = seal(method.evidence, minutes, sealedBefore, tolerance, risks);
  const { bad, good, seen } = isPaired
    ? weigh(evidence, minutes, tolerance, risks, provisional(tolerance))
    : weighApart(evidence, minutes, tolerance, risks, sealedBefore, provisional(tolerance).against, usualCalls);
  const inFavour = isPaired ? provisional(tolerance).inFavour : sealedBefore;
  const isStale = isOffItsBound(counted, seen.baseline);
  const verdict = isStale && bad < 1 ? "inconclusive" : shown(bad, good);
  const calls = Math.max(seen.canary.calls, seen.canary.failures);
  const figures: Figures = {
    scope,
    unit: "share",
    slow: counted.kind === "slow" ? { canary: counted.canary, baseline: counted.baseline } : null,
    canary: seen.canary,
    baseline: tolerance.ratio > 0 ? seen.baseline : null,
    allowed: tolerance.ratio * rate(seen.baseline) + tolerance.margin,
    evidence: evidenceOf(bad, isStale ? 0 : good),
    underpowered: verdict === "inconclusive" && calls < FEW && !couldShow(calls, tolerance, share, risks.alpha),
  };
  return {
    method: { ...method, evidence },
    verdict,
    measurement: { kind: "counts", counted },
    figures,
    minutes: minutes.filter((each) => each.minute < inFavour && hasCalls(each, tolerance)).map(({ minute }) => minute),
  };
}

function hasCalls({ canary, baseline }: MinuteCounts, { ratio }: Tolerance): boolean {
  return canary.calls > 0 && (ratio === 0 || baseline.calls > 0);
}

/**
 * Weighs calls and events that come from two series, either of which may be late. Only sealed minutes count, with one
 * exception: against a number, minutes count before that as if they had had their usual calls at least.
 */
function weighApart(
  evidence: Evidence,
  minutes: readonly MinuteCounts[],
  tolerance: Tolerance,
  risks: Risks,
  sealedBefore: Instant,
  against: Instant,
  usualCalls: number,
): Weighed {
  const sealed = weigh(evidence, minutes, tolerance, risks, { against: sealedBefore, inFavour: sealedBefore });
  if (tolerance.ratio > 0 || usualCalls === 0) return sealed;
  const atLeast = minutes.map((each) => ({
    ...each,
    canary: { ...each.canary, calls: Math.max(each.canary.calls, usualCalls) },
  }));
  const { bad } = weigh(evidence, atLeast, tolerance, risks, { against, inFavour: sealedBefore });
  if (bad < 1) return sealed;
  const { seen } = weigh(evidence, minutes, tolerance, risks, { against, inFavour: sealedBefore });
  return { ...sealed, bad, seen };
}

/** Where the time before the release was over the guard's own limit, that isn't blamed on the canary. */
function toleranceOf({ tolerance }: Test, limit: number | null): Tolerance {
  return limit === null ? tolerance : { ratio: 0, margin: limit };
}

/**
 * True if the events' own samples tell how many calls there were. In case AWS leaves out the zeros, that must have been
 * seen.
 */
function haveSamplesOfAll(counted: Counted, { canary, baseline }: Sides, usual: Usual): boolean {
  if (counted.kind === "slow") return true;
  if (!SIGNALS[counted.signal].hasSampleOfEachCall) return false;
  if (usual.hasErrorSamples) return true;
  return [canary, baseline].some((side) => {
    const [, events, samples] = side;
    return hasSamplesOfCalls(pointsOf(events), pointsOf(samples));
  });
}

/**
 * Counts by minute, for the minutes with any calls. Only there does a missing point mean zero.
 *
 * @param isPaired whether the events' own samples are the calls
 */
function minuteCounts(counted: Counted, { canary, baseline }: Sides, isPaired: boolean): readonly MinuteCounts[] {
  const [calls, events, samples] = canary.map(pointsOf);
  const [baseCalls, baseEvents, baseSamples] = baseline.map(pointsOf);
  const minutes = minutesOf(calls, events, baseCalls);
  const of = (all: Points, happened: Points, sampled: Points, minute: Instant) => {
    const n = all?.get(minute) ?? 0;
    const told = happened?.get(minute);
    if (isPaired && counted.kind === "events") return { calls: sampled?.get(minute) ?? 0, failures: told ?? 0 };
    switch (counted.kind) {
      case "slow":
        // Without its percentile rank, nothing is known about a minute's calls.
        return told === undefined
          ? { calls: 0, failures: 0 }
          : { calls: n, failures: Math.round(n * (1 - told / 100)) };
      case "events": {
        const others = SIGNALS[counted.signal].isBesideCalls ? (told ?? 0) : 0;
        return { calls: n + others, failures: told ?? 0 };
      }
    }
  };
  return minutes.map((minute) => ({
    minute,
    canary: of(calls, events, samples, minute),
    baseline: of(baseCalls, baseEvents, baseSamples, minute),
  }));
}

function judgePairs(
  method: Extract<Method, { kind: "sign-flip" }>,
  read: Sides,
  { risks, sealedBefore, provisional, scope, limit }: Moment,
): Judgement {
  const { measured } = method;
  const tolerance = toleranceOf(method, limit);
  const pairs = minutePairs(measured, tolerance, read);
  const evidence = sealPairs(method.evidence, pairs, sealedBefore, risks);
  const counting = provisional(tolerance);
  const { bad, good, seen } = weighPairs(evidence, pairs, risks, counting);
  const verdict = shown(bad, good);
  const { latest } = seen;
  const figures: Figures = {
    scope,
    unit: unitOf(measured),
    slow: null,
    canary: latest === null ? null : { value: latest.canary },
    baseline: latest === null || latest.baseline === null ? null : { value: latest.baseline },
    allowed: latest?.allowed ?? tolerance.margin,
    evidence: evidenceOf(bad, good),
    underpowered: verdict === "inconclusive" && seen.minutes < fewestMinutes(risks.alpha),
  };
  return {
    method: { ...method, evidence },
    verdict,
    measurement: { kind: "pairs", measured, seen },
    figures,
    minutes: pairs.map(({ minute }) => minute).filter((minute) => minute < counting.inFavour),
  };
}

/** The minutes in which both sides have a figure made of enough calls. */
function minutePairs(
  { fewest }: Extract<Method, { kind: "sign-flip" }>["measured"],
  tolerance: Tolerance,
  read: Sides,
): readonly Pair[] {
  const figuresOf = (readings: readonly Reading[]): Points => {
    const [figures, calls] = readings.map(pointsOf);
    const enough = [...(figures ?? [])].filter(([minute]) => calls === undefined || (calls.get(minute) ?? 0) >= fewest);
    return new Map(enough);
  };
  const [canary, baseline] = [figuresOf(read.canary), figuresOf(read.baseline)];
  return minutesOf(canary).flatMap((minute): Pair[] => {
    const figure = canary?.get(minute);
    const beside = baseline?.get(minute);
    if (figure === undefined || (beside === undefined && tolerance.ratio > 0)) return [];
    const allowed = tolerance.ratio * (beside ?? 0) + tolerance.margin;
    return [{ minute, canary: figure, baseline: beside ?? null, allowed }];
  });
}

function judgeLevel(method: Extract<Method, { kind: "level" }>, { canary }: Sides, { at, scope }: Moment): Judgement {
  const { measured, limit } = method;
  const { state, status } = lookAtLevel(method.state, pointsOf(canary[0]), limit, at);
  const verdicts = {
    "over-for-long": "fail",
    within: "pass",
    over: "inconclusive",
    unarmed: "inconclusive",
    unmeasured: "inconclusive",
  } as const;
  const figures: Figures = {
    scope,
    unit: unitOf(measured),
    slow: null,
    canary: status.latest === null ? null : { value: status.latest },
    baseline: null,
    allowed: limit.limit,
    evidence: null,
    underpowered: false,
  };
  const measurement = { kind: "level", measured, status, limit } as const;
  return { method: { ...method, state }, verdict: verdicts[status.kind], measurement, figures, minutes: [] };
}

function shown(bad: number, good: number): Verdict {
  return bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";
}

function evidenceOf(bad: number, good: number): number {
  return bad >= 1 ? 1 : Math.min(1, Math.max(-1, Math.max(0, bad) - Math.max(0, good)));
}

type Points = ReadonlyMap<Instant, number> | undefined;

/** The minutes of all the points given, in order of time. */
function minutesOf(...all: readonly Points[]): readonly Instant[] {
  const minutes = new Set(all.flatMap((points) => [...(points?.keys() ?? [])]));
  return [...minutes].sort((a, b) => a - b);
}
