import {
  type Broken,
  isShared,
  judgeBefore,
  type ReadRange,
  seriesBefore,
  withFixedLimit,
} from "../analysis/before-release.ts";
import { rate } from "../analysis/counts.ts";
import { risksOfEach } from "../analysis/e-process.ts";
import { testsOf } from "../analysis/method.ts";
import { bySeries, distinct } from "../analysis/readings.ts";
import type { Figures } from "../analysis/verdict.ts";
import { formatCount, formatMeasure, formatShare } from "../domain/format.ts";
import type { Member } from "../domain/member.ts";
import type { TimeRange } from "../domain/replay-window.ts";
import { DAY, type Duration, HOUR, type Instant, MINUTE, minuteOf } from "../domain/time.ts";
import type { Ports } from "../engine/ports.ts";
import { type Guard, isOfUrl, type MeasuredGuard } from "../guards/guard.ts";
import { SIGNALS } from "../guards/signals.ts";
import type { Notice } from "../release/reason.ts";
import { longestRelease, type Paced, type Release } from "../release/release.ts";
import type { Candidate } from "./candidate.ts";
import { type History, memberOf } from "./history.ts";

type BeforeTerms = Paced & Pick<Release, "guards">;

/** A guard with a fixed limit, and the function that it is about as it was before the release. */
interface Case {
  readonly guard: MeasuredGuard;
  readonly member: Member;
  readonly history: History;
}

/**
 * Judges the hour before the release by the guards with a fixed limit; where all versions share the figure, also the
 * same hours of the day before. Warns of each guard that would have failed, and of each that the last week breaks.
 *
 * @returns those that would have failed
 */
export async function lookBefore(
  order: BeforeTerms,
  candidates: readonly Candidate[],
  histories: ReadonlyMap<string, History>,
  ports: Pick<Ports, "metrics" | "clock" | "journal">,
): Promise<readonly Broken[]> {
  const guards = withFixedLimit(order.guards);
  const cases = candidates.flatMap(({ target, alias, configuration }): Case[] => {
    const history = histories.get(target.function);
    if (alias === null || history === undefined) return [];
    const { primary } = alias.routing;
    // The baseline in the canary's place: a canary as good as the baseline would do the same.
    const versions = { target, baseline: primary, canary: primary, timeout: configuration.timeout };
    const member = memberOf(versions, history, null);
    return guards.map((guard) => ({ guard, member, history }));
  });
  if (cases.length === 0) return [];
  const lasts = longestRelease(order);
  const pastsOf = await readPasts(cases, { start: minuteOf(ports.clock.now()), lasts }, ports);
  return cases.flatMap((each): Broken[] => {
    const { guard, member, history } = each;
    const risks = risksOfEach(testsOf(order.guards, member.usual, 0).length * histories.size);
    const broken = judgeBefore(guard, member, pastsOf(each), risks);
    const text = broken === null ? brokenByWeek(guard, member, history) : toldOf(broken);
    if (text !== null) ports.journal.write({ kind: "warned", text });
    return broken === null ? [] : [broken];
  });
}

/**
 * The guards on what all versions share that a release at another time would have found broken, with what it would have
 * allowed instead. Tells nobody.
 *
 * @param member with the baseline that it had then
 * @param size how many functions would have been released together
 */
export async function brokenBefore(
  guards: readonly Guard[],
  member: Member,
  size: number,
  time: ReleaseTime,
  ports: Pick<Ports, "metrics">,
): Promise<readonly Broken[]> {
  const before = { ...member, canary: member.baseline, usualRate: 0 };
  const shared = withFixedLimit(guards).filter((guard) => isShared(guard, before));
  if (shared.length === 0) return [];
  const cases = shared.map((guard) => ({ guard, member: before }));
  const pastsOf = await readPasts(cases, time, ports);
  const risks = risksOfEach(testsOf(guards, member.usual, 0).length * size);
  return cases.flatMap((each) => judgeBefore(each.guard, each.member, pastsOf(each), risks) ?? []);
}

/** When a release begins, how long it may take, and the time that each figure stands for; a minute unless given. */
interface ReleaseTime {
  readonly start: Instant;
  readonly lasts: Duration;
  readonly period?: Duration;
}

/** Reads the time before the release. What can't be read tells nothing. */
async function readPasts<C extends Pick<Case, "guard" | "member">>(
  cases: readonly C[],
  { start, lasts, period = MINUTE }: ReleaseTime,
  { metrics }: Pick<Ports, "metrics">,
): Promise<(each: C) => readonly ReadRange[]> {
  const read = async (some: readonly C[], window: TimeRange): Promise<ReadRange> => {
    const series = distinct(some.flatMap(({ guard, member }) => seriesBefore(guard, member)));
    const readings = series.length === 0 ? [] : await metrics.read(series, window.from, window.to, period);
    return { ...window, reading: bySeries(series, readings) };
  };
  const yesterday = start - DAY;
  const isOfAll = ({ guard, member }: C) => isShared(guard, member);
  const [hour, sameHours] = await Promise.all([
    read(cases, { from: start - HOUR, to: start }),
    read(cases.filter(isOfAll), {
      from: yesterday,
      to: Math.min(start, yesterday + Math.ceil(lasts / MINUTE) * MINUTE),
    }),
  ]);
  return (each) => (isOfAll(each) ? [hour, sameHours] : [hour]);
}

function toldOf({ guard, member, analysis, isLatest, limit }: Broken): Notice {
  const { figures } = analysis;
  if (guard.kind === "level" || guard.kind === "metric" || figures === null) return { kind: "over-before", analysis };
  const when = isLatest ? "in the last hour" : "at this time yesterday";
  const seen = `${about(guard, member)}: ${seenOf(guard, figures)} ${when}`;
  if (limit === null || isOfUrl(guard)) return `${seen}: ${tooStrict(guard)}`;
  const counts = `it was so before the release, so only more than ${formatShare(limit)} counts against it`;
  return `${seen}: ${counts}. Find the cause, or raise the limit`;
}

type Comparable = Extract<MeasuredGuard, { kind: "counts" | "percentile" | "mean" }>;

/** `1,440 of 48,000 calls failed (3 %)`, or the latest figure. */
function seenOf(guard: Comparable, { canary, unit, slow }: Figures): string {
  if (canary === null || !("calls" in canary)) {
    return `${signalOf(guard)} was ${formatMeasure(canary?.value ?? 0, unit)}`;
  }
  const took = `took longer than ${formatMeasure(slow?.canary ?? 0, "ms")}`;
  const happened = guard.kind === "counts" ? SIGNALS[guard.signal].happened : took;
  return `${formatCount(canary.failures)} of ${formatCount(canary.calls)} calls ${happened} (${formatShare(rate(canary))})`;
}

/** With fewer failures than this in a week, their share says little. */
const FEW = 10;

/** What the week before says against a guard. */
function brokenByWeek(guard: MeasuredGuard, member: Member, { week, usual }: History): string | null {
  if (guard.kind === "percentile") {
    const latency = usual.latency[signalOf(guard)];
    if (latency === undefined || latency <= guard.tolerance.margin) return null;
    return `${about(guard, member)}: ${signalOf(guard)} is usually ${formatMeasure(latency, "ms")}: ${tooStrict(guard)}`;
  }
  if (guard.kind !== "counts" || guard.signal !== "error-rate") return null;
  const share = rate(week);
  if (week.failures < FEW || share <= guard.tolerance.margin) return null;
  return `${about(guard, member)}: ${formatShare(share)} of the calls failed in the last week: ${tooStrict(guard)}`;
}

function about({ text }: MeasuredGuard, { target }: Member): string {
  return `${text} (${target.function})`;
}

function signalOf(guard: Comparable): string {
  return guard.kind === "percentile" ? `p${guard.percentile}` : guard.signal;
}

function tooStrict(guard: Comparable): string {
  const compared = guard.kind === "counts" ? "baseline * 1.5 + 0.5%" : "baseline * 1.2";
  const instead = `${signalOf(guard)} <= ${compared}`;
  return `a canary as good as the baseline would be rolled back, too. Write "${instead}", or a higher limit`;
}
