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
  /** One for each weight so far, the one at hand last. */
  readonly spans: readonly Span[];
  /** The first minute whose calls may still show. */
  readonly from: Instant;
  /** The end of the last minute in which the function had a call; of the time before the release, where it had none. */
  readonly heardUntil: Instant;
  /** The canary's calls of the step at hand, as far as they show. */
  readonly ofStep: number;
  /** Whether it was said already that the canary's share isn't what was asked for. */
  readonly isOddTold: boolean;
}

/** The whole minutes that the canary had one weight. */
interface Span {
  readonly from: Instant;
  /** Null for the one at hand. */
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
/** The canary's expected calls from which on none at all means that the metrics don't see it: P(none) is e^-20. */
const SURELY_SOME = 20;
/** A silence of less is never taken for late figures. */
const SILENCE: Duration = 2 * MINUTE;
/** The calls that are usual in a time in which none is heard, from which on that is no chance; traffic varies. */
const MANY = 50;
/** From so many pauses on, the longest of them tells what is usual. */
const ENOUGH = 10;

/**
 * The sighting from a shift on. What was counted of the steps before stays: of a function whose calls take long, they
 * show only later. After the promotion nothing of it counts any more, for the alias's own calls are the canary's.
 */
export function sightingFrom(member: Member, before: Sighting | undefined, at: Instant, weight: Percent): Sighting {
  const from = firstWholeMinute(at);
  const fresh = { ofStep: 0, isOddTold: false };
  const span: Span = { from, to: null, weight, calls: NO_CALLS };
  if (before === undefined) return { member, spans: [span], from, heardUntil: from, ...fresh };
  // A silence goes on over the steps.
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
 * @param isPromoted from then on the alias's calls are the canary's
 */
export function sightSeries({ target, canary }: Member, isPromoted: boolean): readonly LambdaSeries[] {
  const serving = isPromoted ? "alias" : canary;
  return [callsSeries(target, "function"), callsSeries(target, "alias"), callsSeries(target, serving)];
}

/** What a look at the traffic brought: a verdict where the canary can't be seen, a warning where its share is odd. */
interface Sighted {
  readonly sighting: Sighting;
  readonly analysis: Analysis | null;
  readonly warning: string | null;
}

/** The canary is blind to us when calls must have reached it and none is seen, or when callers pass the alias by. */
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
  // A call is told of when it has finished: of a function that runs for long, later.
  const arrived = at - MINUTE - ARRIVAL;
  const complete = arrived - member.timeout;
  const latest = countedUpTo(sighting, arrived, callsIn);
  const sealed = countedUpTo(sighting, complete, callsIn);
  // Calls that show already are calls, whatever else of their minute is still to come.
  const ofStep = countedUpTo(sighting, at, callsIn).spans.at(-1)?.calls.ofCanary ?? 0;
  const analysis =
    blindness(member, sealed.spans, "fail") ?? blindness(member, latest.spans, "error") ?? silence(member, sealed);
  const warning = analysis === null && !sighting.isOddTold ? oddShare(member, latest.spans.at(-1)) : null;
  return { sighting: { ...sealed, ofStep, isOddTold: sighting.isOddTold || warning !== null }, analysis, warning };
}

/** Counts the minutes up to one into the spans in which they lie; a minute in which the weight changed lies in none. */
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

/** Of the step at hand, and of all steps together: the one tells it sooner, the other where little of each has shown. */
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
    "its callers use another qualifier, so the alias neither limits nor shows the canary"
  );
}

function unseen({ target, canary }: Member, { ofAlias }: Calls, expected: number, verdict: "fail" | "error"): string {
  const must =
    `the alias ${target.alias} had ${formatCount(ofAlias)} calls, of which about ${formatCount(Math.round(expected))} ` +
    `must have reached version ${canary}, but CloudWatch shows none of them`;
  return verdict === "fail" ? `${must}: the canary can't be seen` : `${must} yet: they hang, or can't be seen`;
}

/** Lambda splits by chance, call by call: a share that is off by more than five standard deviations has another cause. */
function oddShare({ target, canary }: Member, span: Span | undefined): string | null {
  if (span === undefined || span.weight >= 100) return null;
  const { ofAlias, ofCanary } = span.calls;
  const share = span.weight / 100;
  const expected = ofAlias * share;
  if (Math.abs(ofCanary - expected) <= 5 * Math.sqrt(expected * (1 - share))) return null;
  return (
    `${nameOf(target)}: version ${canary} had ${formatCount(ofCanary)} of ${formatCount(ofAlias)} calls, where ` +
    `${formatShare(share)} would be about ${formatCount(Math.round(expected))}. The likely causes: an event source that hands ` +
    "over few and large batches, an alias update that isn't everywhere yet, or calls that hang and will show when they time out"
  );
}

/** A function that was never silent for long and now is: its figures are late, or its traffic has stopped. */
function silence(member: Member, { from, heardUntil }: Sighting): Analysis | null {
  const { longestSilence, usualRate, target } = member;
  const lasts = from - heardUntil;
  const expected = (usualRate * lasts) / MINUTE;
  const how = `CloudWatch has shown no call of ${target.function} for ${formatDuration(lasts)}`;
  const because = "its figures are late, or its traffic has stopped";
  if (longestSilence !== null && lasts >= 2 * longestSilence + SILENCE) {
    const before = `in the hour before the release it was never silent for more than ${formatDuration(longestSilence)}`;
    return traffic(member, "error", `${how}, and ${before}: ${because}`);
  }
  if (lasts > 0 && expected >= MANY) {
    const usual = `at this time of the day the alias usually has about ${formatCount(Math.round(expected))} calls in that time`;
    return traffic(member, "error", `${how}, and ${usual}: ${because}`);
  }
  return null;
}

/**
 * How long the calls of a function ever paused from an instant on, the time before the first of them included; null when
 * they are too few to tell. What is after the last of them may still be to come.
 *
 * @param calls by minute
 */
export function longestSilence(calls: ReadonlyMap<Instant, number>, from: Instant): Duration | null {
  const minutes = [...calls].flatMap(([minute, count]) => (count > 0 ? [minute] : [])).sort((a, b) => a - b);
  if (minutes.length <= ENOUGH) return null;
  const ends = [from, ...minutes.map((minute) => minute + MINUTE)];
  return Math.max(...minutes.map((minute, index) => minute - (ends[index] ?? minute)));
}

function traffic({ target }: Member, verdict: Verdict, reason: string): Analysis {
  return { rule: TRAFFIC, target, verdict, reason, figures: null };
}
