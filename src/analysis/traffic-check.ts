import type { Percent, Target, Version } from "../domain/alias.ts";
import type { Member } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import type { LambdaSeries } from "../domain/ports.ts";
import { firstWholeMinute, type Instant, MINUTE, minuteOf } from "../domain/time.ts";
import { sealingAge } from "./counts.ts";
import { pointsOf } from "./readings.ts";
import type { Late, OddShare, VerdictReason } from "./reason.ts";
import { silence } from "./silence.ts";
import type { Analysis, Observation, Verdict } from "./verdict.ts";

/** Whether traffic reaches the canary, counted over the whole minutes of each step. */
export interface TrafficCheck {
  readonly member: Member;
  /**
   * One for each weight so far, and for each minute in which that changed; the current one is the last. Only sealed
   * minutes are counted.
   */
  readonly spans: readonly Span[];
  /** The first minute whose count may still grow. */
  readonly from: Instant;
  /** The end of the last sealed minute with a call of the function; before the first call, the start of the check. */
  readonly heardUntil: Instant;
  /** The canary's calls in the current step, as far as they show. */
  readonly ofStep: number;
  /** Until when everything was shown that must be there; null if figures that must come are late. */
  readonly late: Late | null;
  /** True if the function's calls have stopped, or CloudWatch has stopped showing them. */
  readonly isSilent: boolean;
}

/** The whole minutes in which the canary had one weight, or a minute in which that changed. */
interface Span {
  readonly from: Instant;
  /** Null for the current one. */
  readonly to: Instant | null;
  /** The lowest that it had. */
  readonly weight: Percent;
  readonly isMixed: boolean;
  readonly calls: Calls;
  /** Whether the warning about the canary's share was given already. */
  readonly isOddTold: boolean;
}

/** Calls of the whole function, of the function without an alias or version, of the alias, and of the canary. */
interface Calls {
  readonly ofFunction: number;
  readonly unqualified: number;
  readonly ofAlias: number;
  readonly ofCanary: number;
}

const NO_CALLS: Calls = { ofFunction: 0, unqualified: 0, ofAlias: 0, ofCanary: 0 };

/**
 * If this many canary calls are expected and none shows, the metrics don't see the canary: the chance of that is e^-20.
 */
const SURELY_SOME = 20;

/**
 * The traffic check from a shift on. The counts of earlier steps are kept, since long calls show late. After the promotion
 * they don't count any more: the alias's own calls are then the canary's.
 */
export function trafficCheckFrom(
  member: Member,
  before: TrafficCheck | undefined,
  at: Instant,
  weight: Percent,
): TrafficCheck {
  const from = firstWholeMinute(at);
  const fresh = { ofStep: 0, late: null, isSilent: false };
  const span: Span = { from, to: null, weight, isMixed: false, calls: NO_CALLS, isOddTold: false };
  if (before === undefined) return { member, spans: [span], from, heardUntil: from, ...fresh };
  // A silence continues into the next step.
  if (weight === 100) {
    return { member, spans: [span], from, heardUntil: from - (before.from - before.heardUntil), ...fresh };
  }
  const minute = minuteOf(at);
  const ended = before.spans.map((each) => ({ ...each, to: each.to ?? minute })).filter(isSpan);
  const isKnown = minute === from || ended.some((each) => each.to > minute);
  return { ...before, spans: [...ended, ...(isKnown ? [] : [mixedSpan(before, minute)]), span], ...fresh };
}

/** Two shifts in one minute leave no time in between. */
function isSpan({ from, to }: { readonly from: Instant; readonly to: Instant }): boolean {
  return from < to;
}

/**
 * A minute in which the weight rose. Steps of a minute have no others, so it must count: at the lower weight, since that
 * many of its calls reached the canary at least.
 */
function mixedSpan({ spans }: TrafficCheck, minute: Instant): Span {
  /* c8 ignore next -- for the types only: a traffic check always has a span */
  const weight = spans.at(-1)?.weight ?? 0;
  return { from: minute, to: minute + MINUTE, weight, isMixed: true, calls: NO_CALLS, isOddTold: false };
}

/** The calls of a version through the alias, of the alias, of the whole function, or of the function by its bare name. */
export function callsSeries(target: Target, of: Version | "alias" | "function" | "unqualified"): LambdaSeries {
  return { kind: "lambda", target, metric: "Invocations", statistic: "sum", of };
}

/**
 * The calls of the function, of its bare name, of its alias, and of the canary.
 *
 * @param isPromoted after the promotion the alias's calls are the canary's
 */
export function trafficSeries({ target, canary }: Member, isPromoted: boolean): readonly LambdaSeries[] {
  const serving = isPromoted ? "alias" : canary;
  return (["function", "unqualified", "alias", serving] as const).map((of) => callsSeries(target, of));
}

/** The result of a look at the traffic: a verdict if the canary can't be seen, a warning if its share is odd. */
interface CheckedTraffic {
  readonly trafficCheck: TrafficCheck;
  readonly analysis: Analysis | null;
  readonly warning: OddShare | null;
}

/**
 * Judges whether the canary can be seen. Figures that are late are waited for, and are never held against the canary:
 * only sealed minutes tell that it can't be seen, that callers bypass the alias, or that the calls have stopped.
 */
export function checkTraffic(
  trafficCheck: TrafficCheck,
  isPromoted: boolean,
  { at, reading }: Observation,
): CheckedTraffic {
  const { member } = trafficCheck;
  const readings = trafficSeries(member, isPromoted).map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) {
    return {
      trafficCheck,
      analysis: traffic(member, "error", { kind: "unreadable", error: unreadable.reason }),
      warning: null,
    };
  }
  const [ofFunction, unqualified, ofAlias, ofCanary] = readings.map(pointsOf);
  const callsIn = (minute: Instant): Calls => ({
    ofFunction: ofFunction?.get(minute) ?? 0,
    unqualified: unqualified?.get(minute) ?? 0,
    ofAlias: ofAlias?.get(minute) ?? 0,
    ofCanary: ofCanary?.get(minute) ?? 0,
  });
  const sealedBefore = minuteOf(at - sealingAge(member.timeout));
  const sealed = countedUpTo(trafficCheck, sealedBefore - MINUTE, callsIn);
  // Calls that show already count, even if their minute isn't complete.
  const latest = countedUpTo(trafficCheck, at, callsIn);
  const arrived = minuteOf(at - METRIC_DELAY);
  const isLong = silence(member, latest.heardUntil, sealedBefore);
  const late = isLong === null ? lateness(latest, arrived, callsIn) : null;
  const analysis =
    blindness(member, sealed.spans) ?? (isLong === null ? null : traffic(member, "inconclusive", isLong));
  const odd =
    analysis === null ? sealed.spans.find((span) => !span.isOddTold && oddShare(member, span) !== null) : undefined;
  return {
    trafficCheck: {
      ...sealed,
      spans: sealed.spans.map((span) => (span === odd ? { ...span, isOddTold: true } : span)),
      /* c8 ignore next -- for the types only: a traffic check always has a span */
      ofStep: latest.spans.at(-1)?.calls.ofCanary ?? 0,
      late: late === null || late.shownUntil < sealedBefore ? null : late,
      isSilent: isLong !== null,
    },
    analysis,
    warning: odd === undefined ? null : oddShare(member, odd),
  };
}

/** Adds the minutes up to `upTo` to the spans that they are in. A minute in which the weight changed is in none. */
function countedUpTo(trafficCheck: TrafficCheck, upTo: Instant, callsIn: (minute: Instant) => Calls): TrafficCheck {
  let { spans, from, heardUntil } = trafficCheck;
  for (; from <= upTo; from += MINUTE) {
    const minute = from;
    const calls = callsIn(minute);
    if (calls.ofFunction > 0) heardUntil = minute + MINUTE;
    spans = spans.map((span) =>
      minute >= span.from && minute < (span.to ?? Number.POSITIVE_INFINITY)
        ? { ...span, calls: plus(span.calls, calls) }
        : span,
    );
  }
  return { ...trafficCheck, spans, from, heardUntil };
}

function plus(a: Calls, b: Calls): Calls {
  return {
    ofFunction: a.ofFunction + b.ofFunction,
    unqualified: a.unqualified + b.unqualified,
    ofAlias: a.ofAlias + b.ofAlias,
    ofCanary: a.ofCanary + b.ofCanary,
  };
}

/** Checks the current step, which tells sooner, and all steps together, in case each had few calls. */
function blindness(member: Member, spans: readonly Span[]): Analysis | null {
  for (const some of [spans.slice(-1), spans]) {
    if (isBypassed(member, some)) return traffic(member, "error", { kind: "bypassed", calls: sum(some).unqualified });
    const throughAlias = expected(some, "ofAlias");
    const { ofAlias, ofCanary } = sum(some);
    if (ofCanary === 0 && throughAlias >= SURELY_SOME) {
      return traffic(member, "error", { kind: "unseen", canary: member.canary, ofAlias, expected: throughAlias });
    }
  }
  return null;
}

/** True if callers use the function's bare name, and nobody has used the alias, not before the release either. */
function isBypassed({ isCalled }: Member, spans: readonly Span[]): boolean {
  return !isCalled && sum(spans).ofAlias === 0 && expected(spans, "unqualified") >= SURELY_SOME;
}

function sum(spans: readonly Span[]): Calls {
  return spans.reduce((total, { calls }) => plus(total, calls), NO_CALLS);
}

/** How many of these calls would have reached the canary by its weight. */
function expected(spans: readonly Span[], of: keyof Calls): number {
  return spans.reduce((total, { weight, calls }) => total + (calls[of] * weight) / 100, 0);
}

/**
 * Figures that must be there, but don't show yet: the function's calls, the alias's if nobody has called it before, or
 * the canary's while the alias's show.
 *
 * @param arrived the end of the last minute that usually shows
 */
function lateness(
  { member, heardUntil, spans }: TrafficCheck,
  arrived: Instant,
  callsIn: (minute: Instant) => Calls,
): Late | null {
  const lateSince = (shownUntil: Instant, of: Late["of"]): Late => ({
    kind: "late",
    target: member.target,
    of,
    shownUntil,
  });
  if (silence(member, heardUntil, arrived) !== null) return lateSince(heardUntil, "function");
  /* c8 ignore next 2 -- for the types only: a traffic check always has a span */
  const first = spans[0]?.from ?? arrived;
  const current = spans.at(-1)?.from ?? arrived;
  if (isBypassed(member, spans)) return lateSince(current, "alias");
  let [must, minute] = [0, arrived - MINUTE];
  for (; minute >= first && callsIn(minute).ofCanary === 0; minute -= MINUTE) {
    must += (callsIn(minute).ofAlias * weightIn(minute, spans)) / 100;
  }
  if (must < SURELY_SOME) return null;
  return lateSince(minute + MINUTE, member.canary);
}

function weightIn(minute: Instant, spans: readonly Span[]): Percent {
  return spans.find(({ from, to }) => from <= minute && minute < (to ?? Number.POSITIVE_INFINITY))?.weight ?? 0;
}

/** Lambda splits at random, call by call. A share that is more than five standard deviations off has another cause. */
function oddShare({ target, canary }: Member, { weight, isMixed, calls }: Span): OddShare | null {
  const { ofAlias, ofCanary } = calls;
  if (weight >= 100 || isMixed) return null;
  const share = weight / 100;
  const expected = ofAlias * share;
  if (Math.abs(ofCanary - expected) <= 5 * Math.sqrt(expected * (1 - share))) return null;
  return { kind: "odd-share", target, canary, share, ofAlias, ofCanary };
}

function traffic({ target }: Member, verdict: Verdict, reason: VerdictReason): Analysis {
  return { kind: "traffic", guard: null, target, verdict, reason, figures: null };
}
