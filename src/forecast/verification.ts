import { type Counts, rate, type Stratum, sealingAge } from "../analysis/counts.ts";
import { testsOf } from "../analysis/method.ts";
import type { Percent } from "../domain/alias.ts";
import type { Usual } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../domain/time.ts";
import { type Guard, isComparing, type Tolerance } from "../guards/guard.ts";
import { durationsOf, shareOver } from "./durations.ts";
import {
  type Calls,
  type Growing,
  type Growth,
  growingFrom,
  growthOfCounts,
  growthOfPairs,
  isShown,
  type Rates,
} from "./growth.ts";
import { Z90 } from "./power.ts";
import { expectedCalls, type Week } from "./traffic-profile.ts";

/** From when on a version that is as good as its baseline is shown to be good, with 90 % probability. */
export type VerifiesFrom =
  /** So long after the first shift, in this step, counted from 0. `isHeld`: that step has to wait for it after its bake. */
  | { readonly kind: "after"; readonly time: Duration; readonly step: number; readonly isHeld: boolean }
  /** Not within this plan. More time would do, and so would more calls; null if it wouldn't by itself. */
  | { readonly kind: "beyond"; readonly time: Duration | null; readonly callsPerMinute: number | null }
  /** No guard compares. */
  | { readonly kind: "uncompared" }
  /** It can't be told of this guard. */
  | { readonly kind: "unknown"; readonly guard: string };

/** What is known of a function before its release. */
export interface Known {
  readonly week: Week;
  readonly usual: Usual;
  /** The canary's time-out. */
  readonly timeout: Duration;
}

/** A step as it is expected to go. */
export interface ExpectedStep {
  readonly weight: Percent;
  /** How long it takes at least. */
  readonly lasts: Duration;
  /** How much longer it is expected to wait for data. */
  readonly hold: Duration;
}

/** Nobody waits longer than this for evidence. */
const LONGEST: Duration = DAY;

/**
 * Forecasts by when all guards that compare will have shown that a good canary is good.
 *
 * @param mayHold how much longer the last step may wait for that
 * @param from the first shift
 */
export function verifiesFrom(
  known: Known,
  steps: readonly ExpectedStep[],
  mayHold: Duration,
  guards: readonly Guard[],
  from: Instant,
): VerifiesFrom {
  const comparing = guards.filter(isComparing);
  if (comparing.length === 0) return { kind: "uncompared" };
  const courses: Course[] = [];
  for (const guard of comparing) {
    const course = courseOf(guard, known);
    if (course === null) return { kind: "unknown", guard: guard.text };
    courses.push(course);
  }
  const shownBy = (week: Week, ends: readonly Duration[], within: Duration): Duration | null => {
    const callsIn = (time: Duration): Calls => {
      const { weight } = steps[runningAt(time, ends)] ?? { weight: 0 };
      const calls = expectedCalls(week, from + time, MINUTE);
      return { canary: (calls * weight) / 100, baseline: calls * (1 - weight / 100) };
    };
    return latest(courses.map((course) => shownAfter(course, callsIn, within)));
  };
  // The last step's hold comes on top of its end.
  const ends = endsOf(steps.map(({ lasts, hold }, index) => lasts + (index < steps.length - 1 ? hold : 0)));
  const end = ends.at(-1) ?? 0;
  const time = shownBy(known.week, ends, Math.max(end + mayHold, LONGEST));
  if (time !== null && time <= end + mayHold) {
    return { kind: "after", time, step: runningAt(time - 1, ends), isHeld: time > end };
  }
  // With enough calls, no step has to wait for data.
  const planned = endsOf(steps.map(({ lasts }) => lasts));
  const within = (planned.at(-1) ?? 0) + mayHold;
  const isEnough = (calls: number) => shownBy(steadyWeek(known.week, calls), planned, within) !== null;
  return { kind: "beyond", time, callsPerMinute: fewest(isEnough) };
}

function endsOf(durations: readonly Duration[]): readonly Duration[] {
  let end = 0;
  return durations.map((each) => {
    end += each;
    return end;
  });
}

/** The step that runs so long after the first shift; the last one goes on. */
function runningAt(time: Duration, ends: readonly Duration[]): number {
  const step = ends.findIndex((end) => time < end);
  return step < 0 ? ends.length - 1 : step;
}

function steadyWeek(week: Week, callsPerMinute: number): Week {
  return { ...week, callsByHour: week.callsByHour.map(() => (callsPerMinute * HOUR) / MINUTE) };
}

const MOST_CALLS = 1e7;

/** The fewest calls a minute that will do, with two digits; null if even very many won't. */
function fewest(isEnough: (callsPerMinute: number) => boolean): number | null {
  if (!isEnough(MOST_CALLS)) return null;
  let [low, high] = [0.1, MOST_CALLS];
  while (high / low > 1.01) {
    const middle = Math.sqrt(low * high);
    if (isEnough(middle)) high = middle;
    else low = middle;
  }
  const digit = 10 ** (Math.floor(Math.log10(high)) - 1);
  return Math.ceil(high / digit) * digit;
}

const NO_CALLS: Counts = { calls: 0, failures: 0 };

/** How the evidence of a comparison is expected to grow. */
interface Course {
  /** How long after its end a minute counts. */
  readonly lag: Duration;
  readonly begin: Growing;
  readonly grow: Growth;
}

/** How a comparison is expected to go; null if what it takes is known only in the release. */
function courseOf(guard: Guard, { week, usual, timeout }: Known): Course | null {
  const [test] = testsOf([guard], usual, 0);
  /* c8 ignore next -- for the types only: what compares is a test */
  if (test === undefined) return null;
  const durations = durationsOf(week.latency);
  // A minute counts once none of its calls can be under way any more.
  const lag = METRIC_DELAY + timeout;
  if (test.kind === "counts") {
    const { counted, tolerance, evidence } = test;
    const begin = growingFrom(0, evidence.usual, Z90);
    if (counted.kind === "slow") {
      if (durations === null || counted.baseline === null) return null;
      const over = { canary: shareOver(counted.canary, durations), baseline: shareOver(counted.baseline, durations) };
      return { lag, begin, grow: growthOfCounts(tolerance, over) };
    }
    // Whether CloudWatch tells the versions apart by the requests to their URL shows only in the release.
    if (counted.signal !== "error-rate" || week.calls === 0) return null;
    const now = likelyRate(usual.rates[counted.signal] ?? NO_CALLS, rate(week));
    const failing = { canary: now, baseline: now };
    // Where calls and errors can be late apart, only sealed minutes count.
    const late = usual.hasErrorSamples ? lag : sealingAge(timeout);
    return { lag: late, begin, grow: growthOfCounts(tolerance, failing) };
  }
  if (test.measured.kind !== "duration" || test.measured.metric !== "Duration" || durations === null) return null;
  return { lag, begin: growingFrom(0, null, Z90), grow: growthOfPairs(test.tolerance, test.measured, durations) };
}

/** A minute of the release and one of CloudWatch rarely begin together. */
const APART: Duration = MINUTE / 2;

/** How long after the first shift a good canary is shown to be good with 90 % probability; null if not by `end`. */
function shownAfter({ lag, begin, grow }: Course, callsIn: (time: Duration) => Calls, end: Duration): Duration | null {
  const first = Math.ceil((MINUTE + APART + lag) / MINUTE) * MINUTE;
  let so = begin;
  for (let time = first; time <= end; time += MINUTE) {
    so = grow(so, callsIn(time - first));
    if (isShown(so)) return time;
  }
  return null;
}

/** What a comparison has shown so far while the release runs. */
export type Standing = {
  /** The evidence in the canary's favour: at 1 it is shown to be good. */
  readonly good: number;
} & (
  | {
      readonly kind: "counts";
      readonly tolerance: Tolerance;
      readonly usual: Counts | null;
      readonly seen: Stratum;
    }
  /** The sign-flip test, and how many minutes it has seen. */
  | { readonly kind: "pairs"; readonly minutes: number }
);

/**
 * About how many more minutes it takes until all comparisons have shown that the canary is good, if it goes on as it has
 * so far. It may as well be fewer as more. Null if it isn't within so many minutes.
 *
 * @param callsIn the calls of a minute, counted from now
 */
export function minutesUntilShown(
  standings: readonly Standing[],
  callsIn: (minute: number) => Calls,
  within: number,
): number | null {
  return latest(standings.map((standing) => minutesLeft(standing, callsIn, within)));
}

/** The farther ahead, the coarser: so many parts of the time so far at once. */
const PARTS = 10;

function minutesLeft(standing: Standing, callsIn: (minute: number) => Calls, within: number): number | null {
  const { good } = standing;
  if (good >= 1) return 0;
  if (standing.kind === "pairs") {
    const all = good <= 0 ? Number.POSITIVE_INFINITY : standing.minutes / good;
    const left = Math.max(1, Math.round(all - standing.minutes));
    return left <= within ? left : null;
  }
  const grow = growthOfCounts(standing.tolerance, likelyRates(standing.seen, standing.usual));
  let so = growingFrom(good, standing.usual, 0);
  for (let minutes = 0; minutes < within; ) {
    const many = Math.max(1, Math.floor(minutes / PARTS));
    minutes += many;
    const { canary, baseline } = callsIn(minutes);
    so = grow(so, { canary: many * canary, baseline: many * baseline });
    if (isShown(so)) return minutes;
  }
  return null;
}

/**
 * The canary is taken to be like the baseline until the baseline would have had a failure in as many calls. What both had
 * in a burst isn't expected again.
 */
function likelyRates({ canary, baseline }: Stratum, usual: Counts | null): Rates {
  const rateOf = ({ calls, failures }: Counts) => (failures + 0.5) / (calls + 50);
  const beside = rateOf(baseline);
  const asBad = (canary.failures + 1) / (canary.calls * beside + 1);
  const expected = usual === null || usual.calls === 0 ? beside : Math.min(beside, rateOf(usual));
  return { canary: expected * asBad, baseline: expected };
}

/** The rate behind some counts. It is taken to be the expected one until so many calls would have had a failure. */
function likelyRate({ calls, failures }: Counts, expected: number): number {
  return expected === 0 ? rate({ calls, failures }) : (failures + 1) / (calls + 1 / expected);
}

/** The latest of some times; null if one of them never comes. */
function latest(times: readonly (number | null)[]): number | null {
  return times.reduce((a, b) => (a === null || b === null ? null : Math.max(a, b)), 0);
}
