import { nameOf, type Percent, type Target, type Version } from "./alias.ts";
import { formatCount, formatShare } from "./figures.ts";
import type { Member } from "./member.ts";
import { ARRIVAL } from "./plan.ts";
import type { LambdaSeries } from "./ports.ts";
import { pointsOf } from "./readings.ts";
import { type Duration, firstWholeMinute, formatDuration, type Instant, MINUTE, minuteOf } from "./time.ts";
import type { Analysis, Observation, Verdict } from "./verdict.ts";

/** Whether traffic reaches the canary, counted over the whole minutes of each step. */
export interface Sighting {
  readonly member: Member;
  /** One for each weight so far; the current one is the last. */
  readonly spans: readonly Span[];
  /** The first minute whose count may still grow. */
  readonly from: Instant;
  /** The end of the last minute with a call of the function; before the first call, the start of the sighting. */
  readonly heardUntil: Instant;
  /** The canary's calls in the current step, as far as they show. */
  readonly ofStep: number;
  /** Whether the warning about the canary's share was given already. */
  readonly isOddTold: boolean;
}

/** The whole minutes in which the canary had one weight. */
interface Span {
  readonly from: Instant;
  /** Null for the current one. */
  readonly to: Instant | null;
  readonly weight: Percent;
  readonly calls: Calls;
}

/** Calls of the whole function, of the alias, and of the canary. */
interface Calls {
  readonly ofFunction: number;
  readonly ofAlias: number;
  readonly ofCanary: number;
}

const NO_CALLS: Calls = { ofFunction: 0, ofAlias: 0, ofCanary: 0 };

/** The rule that the canary's calls must be visible. */
export const TRAFFIC = "traffic";
/**
 * If this many canary calls are expected and none shows, the metrics don't see the canary: the chance of that is e^-20.
 */
const SURELY_SOME = 20;
/** A shorter silence is never taken for late figures. */
const SILENCE: Duration = 2 * MINUTE;
/** A silence isn't chance if this many calls are usual in its time. The number is high because traffic varies. */
const MANY = 50;
/** With more minutes with calls than this, the longest pause between them tells what is usual. */
const ENOUGH = 10;

/**
 * The sighting from a shift on. The counts of earlier steps are kept, since long calls show late. After the promotion
 * they don't count any more: the alias's own calls are then the canary's.
 */
export function sightingFrom(member: Member, before: Sighting | undefined, at: Instant, weight: Percent): Sighting {
  const from = firstWholeMinute(at);
  const fresh = { ofStep: 0, isOddTold: false };
  const span: Span = { from, to: null, weight, calls: NO_CALLS };
  if (before === undefined) return { member, spans: [span], from, heardUntil: from, ...fresh };
  // A silence continues into the next step.
  if (weight === 100) {
    return { member, spans: [span], from, heardUntil: from - (before.from - before.heardUntil), ...fresh };
  }
  const ended = before.spans.map((each) => ({ ...each, to: each.to ?? minuteOf(at) }));
  return { ...before, spans: [...ended, span], ...fresh };
}

/** The calls of a version through the alias, of the alias, or of the whole function. */
export function callsSeries(target: Target, of: Version | "alias" | "function"): LambdaSeries {
  return { kind: "lambda", target, metric: "Invocations", statistic: "Sum", of };
}

/**
 * The calls of the function, of its alias, and of the canary.
 *
 * @param isPromoted after the promotion the alias's calls are the canary's
 */
export function sightSeries({ target, canary }: Member, isPromoted: boolean): readonly LambdaSeries[] {
  const serving = isPromoted ? "alias" : canary;
  return [callsSeries(target, "function"), callsSeries(target, "alias"), callsSeries(target, serving)];
}

/** The result of a look at the traffic: a verdict if the canary can't be seen, a warning if its share is odd. */
interface Sighted {
  readonly sighting: Sighting;
  readonly analysis: Analysis | null;
  readonly warning: string | null;
}

/**
 * Judges whether the canary can be seen. It can't if calls must have reached it and none shows, or if callers bypass
 * the alias.
 */
export function judgeSight(sighting: Sighting, isPromoted: boolean, { at, reading }: Observation): Sighted {
  const { member } = sighting;
  const readings = sightSeries(member, isPromoted).map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) {
    return { sighting, analysis: traffic(member, "error", unreadable.reason), warning: null };
  }
  const [ofFunction, ofAlias, ofCanary] = readings.map(pointsOf);
  const callsIn = (minute: Instant): Calls => ({
    ofFunction: ofFunction?.get(minute) ?? 0,
    ofAlias: ofAlias?.get(minute) ?? 0,
    ofCanary: ofCanary?.get(minute) ?? 0,
  });
  // A call shows only when it has finished, so long calls show late.
  const arrived = at - MINUTE - ARRIVAL;
  const complete = arrived - member.timeout;
  const latest = countedUpTo(sighting, arrived, callsIn);
  const sealed = countedUpTo(sighting, complete, callsIn);
  // Calls that show already count, even if their minute isn't complete.
  /* c8 ignore next -- for the types only: a sighting always has a span */
  const ofStep = countedUpTo(sighting, at, callsIn).spans.at(-1)?.calls.ofCanary ?? 0;
  const analysis =
    blindness(member, sealed.spans, "fail") ?? blindness(member, latest.spans, "error") ?? silence(member, sealed);
  const warning = analysis === null && !sighting.isOddTold ? oddShare(member, latest.spans.at(-1)) : null;
  return { sighting: { ...sealed, ofStep, isOddTold: sighting.isOddTold || warning !== null }, analysis, warning };
}

/** Adds the minutes up to `upTo` to the spans that they are in. A minute in which the weight changed is in none. */
function countedUpTo(sighting: Sighting, upTo: Instant, callsIn: (minute: Instant) => Calls): Sighting {
  let { spans, from, heardUntil } = sighting;
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
  return { ...sighting, spans, from, heardUntil };
}

function plus(a: Calls, b: Calls): Calls {
  return {
    ofFunction: a.ofFunction + b.ofFunction,
    ofAlias: a.ofAlias + b.ofAlias,
    ofCanary: a.ofCanary + b.ofCanary,
  };
}

/** Checks the current step, which tells sooner, and all steps together, in case each had few calls. */
function blindness(member: Member, spans: readonly Span[], verdict: "fail" | "error"): Analysis | null {
  const expected = ({ weight, calls }: Span, of: keyof Calls) => (calls[of] * weight) / 100;
  const latest = spans.slice(-1);
  for (const some of [latest, spans]) {
    const calls = some.reduce((sum, span) => plus(sum, span.calls), NO_CALLS);
    const throughFunction = some.reduce((sum, span) => sum + expected(span, "ofFunction"), 0);
    const throughAlias = some.reduce((sum, span) => sum + expected(span, "ofAlias"), 0);
    if (calls.ofAlias === 0 && throughFunction >= SURELY_SOME && !member.isCalled) {
      return traffic(member, verdict, bypassed(member, calls));
    }
    if (calls.ofCanary === 0 && throughAlias >= SURELY_SOME) {
      return traffic(member, verdict, unseen(member, calls, throughAlias, verdict));
    }
  }
  return null;
}

function bypassed({ target }: Member, { ofFunction }: Calls): string {
  return (
    `${target.function} had ${formatCount(ofFunction)} calls, none of them through the alias ${target.alias}: ` +
    "its callers bypass the alias, so the release can't control or see the canary's traffic"
  );
}

function unseen({ target, canary }: Member, { ofAlias }: Calls, expected: number, verdict: "fail" | "error"): string {
  const must =
    `the alias ${target.alias} had ${formatCount(ofAlias)} calls, about ${formatCount(Math.round(expected))} ` +
    `of which must have reached version ${canary}, but CloudWatch shows none of them`;
  return verdict === "fail" ? `${must}: the canary can't be seen` : `${must} yet: they hang, or can't be seen`;
}

/** Lambda splits at random, call by call. A share that is more than five standard deviations off has another cause. */
function oddShare({ target, canary }: Member, span: Span | undefined): string | null {
  if (span === undefined || span.weight >= 100) return null;
  const { ofAlias, ofCanary } = span.calls;
  const share = span.weight / 100;
  const expected = ofAlias * share;
  if (Math.abs(ofCanary - expected) <= 5 * Math.sqrt(expected * (1 - share))) return null;
  return (
    `${nameOf(target)}: version ${canary} had ${formatCount(ofCanary)} of ${formatCount(ofAlias)} calls, but at ` +
    `${formatShare(share)} it should be about ${formatCount(Math.round(expected))}. Likely causes: an event source that sends ` +
    "few, large batches, an alias update that hasn't reached all of Lambda yet, or calls that hang and show only when they time out"
  );
}

/** If a function that was never silent for long now is, its figures are late, or its traffic has stopped. */
function silence(member: Member, { from, heardUntil }: Sighting): Analysis | null {
  const { longestSilence, usualRate, target } = member;
  const lasts = from - heardUntil;
  const expected = (usualRate * lasts) / MINUTE;
  const how = `CloudWatch has shown no calls of ${target.function} for ${formatDuration(lasts)}`;
  const because = "the figures are late, or the traffic has stopped";
  if (longestSilence !== null && lasts >= 2 * longestSilence + SILENCE) {
    const before = `in the hour before the release they never paused for more than ${formatDuration(longestSilence)}`;
    return traffic(member, "error", `${how}, but ${before}: ${because}`);
  }
  if (lasts > 0 && expected >= MANY) {
    const usual = `the alias usually has about ${formatCount(Math.round(expected))} calls in that time at this hour`;
    return traffic(member, "error", `${how}, but ${usual}: ${because}`);
  }
  return null;
}

/**
 * The longest pause between calls, from an instant on and up to the last call; null if there are too few calls to tell.
 * Calls after the last one may still be to come.
 *
 * @param calls by minute
 */
export function longestSilence(calls: ReadonlyMap<Instant, number>, from: Instant): Duration | null {
  const minutes = [...calls].flatMap(([minute, count]) => (count > 0 ? [minute] : [])).sort((a, b) => a - b);
  if (minutes.length <= ENOUGH) return null;
  let [longest, end] = [0, from];
  for (const minute of minutes) {
    longest = Math.max(longest, minute - end);
    end = minute + MINUTE;
  }
  return longest;
}

function traffic({ target }: Member, verdict: Verdict, reason: string): Analysis {
  return { rule: TRAFFIC, target, verdict, reason, figures: null };
}
