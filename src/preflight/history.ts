import { bySeries, hasSamplesOfCalls, pointsOf } from "../analysis/readings.ts";
import { shareUpTo } from "../analysis/series.ts";
import { longestSilence } from "../analysis/silence.ts";
import { callsSeries } from "../analysis/traffic-check.ts";
import { usualCounts } from "../analysis/usual.ts";
import type { Target } from "../domain/alias.ts";
import { type Member, NOTHING_USUAL, type Usual } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import type { Reading, Series, Statistic } from "../domain/ports.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, minuteOf } from "../domain/time.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import type { Prospect } from "../forecast/forecast.ts";
import {
  expectedCalls,
  isNewToCallers,
  type RecentRate,
  recentRate,
  type Week,
  weekOf,
} from "../forecast/traffic-profile.ts";
import type { Guard } from "../guards/guard.ts";
import { SIGNALS } from "../guards/signals.ts";
import type { Candidate } from "./candidate.ts";

/** A function's traffic before anything is shifted, from CloudWatch. */
export interface History {
  /** The longest time without a call in the last hour; null if there were too few calls to tell. */
  readonly longestSilence: Duration | null;
  readonly usual: Usual;
  readonly week: Week;
}

/**
 * A function on its way between two versions, with the traffic that its alias usually has.
 *
 * @param history undefined if nothing was read
 * @param now null for a time that is over: its figures are all there, so no traffic is missed
 */
export function memberOf(
  versions: Pick<Member, "target" | "baseline" | "canary" | "timeout">,
  history: History | undefined,
  now: Instant | null,
): Member {
  const { longestSilence = null, usual = NOTHING_USUAL, week } = history ?? {};
  if (now === null) return { ...versions, usual, longestSilence: null, usualRate: 0, isCalled: true };
  const usualRate = week === undefined ? 0 : (expectedCalls(week, now, HOUR) * MINUTE) / HOUR;
  return { ...versions, usual, longestSilence, usualRate, isCalled: (week?.calls ?? 0) > 0 };
}

/** What a forecast for these functions goes by. */
export function prospectsOf(
  candidates: readonly Pick<Candidate, "target" | "configuration">[],
  histories: ReadonlyMap<string, History>,
): readonly Prospect[] {
  return candidates.flatMap(({ target: { function: name }, configuration: { timeout } }): Prospect[] => {
    const history = histories.get(name);
    return history === undefined ? [] : [{ function: name, week: history.week, usual: history.usual, timeout }];
  });
}

/** How far back hours count as recent for the usual duration of calls. */
const RECENT: Duration = DAY;
/** How many of the latest recent hours with calls are used for it. */
const FEW_HOURS = 3;

/**
 * Reads the last hour by minute and the last week by hour, and returns them by function name. Where an alias is new to
 * its callers, its calls are read by minute, too.
 *
 * @param now the end of that hour and week
 *
 * @throws ReleaseError if CloudWatch can't be read
 */
export async function readHistory(
  targets: readonly Target[],
  guards: readonly Guard[],
  { metrics, clock }: Pick<Ports, "metrics" | "clock">,
  now: Instant = clock.now(),
): Promise<ReadonlyMap<string, History>> {
  const minute = minuteOf(now);
  const hour = Math.floor(now / HOUR) * HOUR;
  const statistics = [...new Set<Statistic>(["p50", "p90", ...percentilesOf(guards)])];
  const calls = (target: Target) => callsSeries(target, "alias");
  const errors = (target: Target) => aliasSeries(target, "Errors", "sum");
  const errorSamples = (target: Target) => aliasSeries(target, "Errors", "samples");
  const duration = (target: Target, statistic: Statistic) => aliasSeries(target, "Duration", statistic);
  const ofFunction = (target: Target) => callsSeries(target, "function");
  const hourly = targets.flatMap((target) => [
    ...[calls, errors, errorSamples].map((each) => each(target)),
    ...statistics.map((statistic) => duration(target, statistic)),
  ]);
  const counted = countedBy(guards);
  const rated = (target: Target) =>
    counted.flatMap(({ calls, metric }) => [calls, metric].map((each) => aliasSeries(target, each, "sum")));
  const minutely = targets.flatMap((target) => [ofFunction(target), ...rated(target)]);
  const [byMinute, byHour] = await Promise.all([
    metrics.read(minutely, minute - HOUR, minute),
    metrics.read(hourly, hour - 7 * DAY, hour + HOUR, HOUR),
  ]);
  throwUnreadable([...byMinute, ...byHour]);
  const perMinute = pointsBySeries(minutely, byMinute);
  const perHour = pointsBySeries(hourly, byHour);

  const recent = await recentRates(
    targets.filter((target) => isNewToCallers(perHour(calls(target)), hour)),
    metrics,
    now,
  );
  const histories = targets.map((target) => {
    const latency = Object.fromEntries(
      statistics.flatMap((statistic) => {
        const usual = usualOf(perHour(duration(target, statistic)), now);
        return usual === null ? [] : [[statistic, usual] as const];
      }),
    );
    const failed = perHour(errors(target));
    const week = weekOf(perHour(calls(target)), failed, latency, hour, recent.get(target) ?? null);
    const hasErrorSamples = hasSamplesOfCalls(failed, perHour(errorSamples(target)));
    const silence = longestSilence(perMinute(ofFunction(target)), minute - HOUR);
    const rates = Object.fromEntries(
      counted.map(({ signal, calls, metric }) => {
        const byMinuteOf = (counts: string) => perMinute(aliasSeries(target, counts, "sum"));
        return [signal, usualCounts(byMinuteOf(calls), byMinuteOf(metric))] as const;
      }),
    );
    return { target, longestSilence: silence, latency, hasErrorSamples, rates, week };
  });
  const countsByDuration = await probe(histories, guards, hour, metrics);
  return new Map(
    histories.map(({ target, latency, hasErrorSamples, rates, ...rest }) => [
      target.function,
      { ...rest, usual: { latency, countsByDuration, hasErrorSamples, rates } },
    ]),
  );
}

/** For what is read only once: without it, nothing can be said. @throws ReleaseError if CloudWatch couldn't be read */
export function throwUnreadable(readings: readonly Reading[]): void {
  const problems = readings.flatMap((each) => (each.kind === "unreadable" ? [each.reason] : []));
  if (problems.length > 0) throw new ReleaseError([...new Set(problems)].join("; "));
}

/** The rates of aliases that are new to their callers, from the minutes since then. */
async function recentRates(
  targets: readonly Target[],
  metrics: Ports["metrics"],
  now: Instant,
): Promise<ReadonlyMap<Target, RecentRate>> {
  if (targets.length === 0) return new Map();
  const series = targets.map((target) => callsSeries(target, "alias"));
  const readings = await metrics.read(series, Math.floor(now / HOUR) * HOUR - HOUR, minuteOf(now));
  throwUnreadable(readings);
  const points = pointsBySeries(series, readings);
  const shownUntil = minuteOf(now - METRIC_DELAY);
  return new Map(targets.map((target) => [target, recentRate(points(callsSeries(target, "alias")), shownUntil)]));
}

type Points = ReadonlyMap<Instant, number>;

/** Finds the points of each of these series. */
function pointsBySeries(series: readonly Series[], readings: readonly Reading[]): (of: Series) => Points {
  const reading = bySeries(series, readings);
  return (of) => pointsOf(reading(of));
}

function percentilesOf(guards: readonly Guard[]): readonly Statistic[] {
  return guards.flatMap((guard) => (guard.kind === "percentile" ? [`p${guard.percentile}` as const] : []));
}

/** The signals of calls by version that these guards look at, and the metrics that count them. */
function countedBy(guards: readonly Guard[]) {
  const signals = guards.flatMap((guard) => (guard.kind === "counts" ? [guard.signal] : []));
  return [...new Set(signals)].flatMap((signal) => {
    const { calls, metric, scope } = SIGNALS[signal];
    return scope === "version" ? [{ signal, calls, metric }] : [];
  });
}

function aliasSeries(target: Target, metric: string, statistic: Statistic): Series {
  return { kind: "lambda", target, metric, statistic, of: "alias" };
}

/** The usual value of a percentile: the median of the latest hours. */
function usualOf(points: Points, now: Instant): Duration | null {
  const recent = [...points].filter(([at]) => at > now - RECENT - HOUR).sort(([a], [b]) => b - a);
  const values = recent.slice(0, FEW_HOURS).map(([, value]) => value);
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? null;
}

/**
 * Whether CloudWatch serves percentile ranks of Lambda's Duration, which is documented only indirectly. It is a call of
 * its own, since one statistic that CloudWatch refuses makes the whole call fail.
 */
async function probe(
  histories: readonly { readonly target: Target; readonly latency: Usual["latency"] }[],
  guards: readonly Guard[],
  hour: Instant,
  metrics: Ports["metrics"],
): Promise<boolean> {
  if (percentilesOf(guards).length === 0) return true;
  const known = histories.find(({ latency }) => latency["p50"] !== undefined);
  if (known === undefined) return false;
  const { target, latency } = known;
  const series = aliasSeries(target, "Duration", shareUpTo(latency["p50"] ?? 0));
  const [ranks] = await metrics.read([series], hour - RECENT, hour + HOUR, HOUR);
  return pointsOf(ranks).size > 0;
}

/** Notes for people on how guards on latency will be judged. */
export function notesOnLatency(guards: readonly Guard[], histories: ReadonlyMap<string, History>): readonly string[] {
  if (percentilesOf(guards).length === 0) return [];
  const all = [...histories];
  const without = all.filter(([, { usual }]) => Object.keys(usual.latency).length === 0).map(([name]) => name);
  const why = all.some(([, { usual }]) => usual.countsByDuration)
    ? []
    : ["CloudWatch returns no percentile ranks of Duration here"];
  return [
    ...why.map((reason) => `${reason}: percentiles are judged minute by minute, with the paired sign-flip test`),
    ...without.map((name) => `${name} had no calls in the last day, so it is unknown how long they usually take`),
  ];
}
