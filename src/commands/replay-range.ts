import { pointsOf } from "../analysis/readings.ts";
import { callsSeries } from "../analysis/traffic-check.ts";
import { nameOf, type Target, type Version } from "../domain/alias.ts";
import { formatCount, formatShare } from "../domain/format.ts";
import type { Member } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import type { Configuration } from "../domain/ports.ts";
import type { TimeRange } from "../domain/replay-window.ts";
import { DAY, type Duration, formatInstant, HOUR, type Instant, MINUTE } from "../domain/time.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import { type Guard, isComparing } from "../guards/guard.ts";
import { type History, memberOf, throwUnreadable } from "../preflight/history.ts";

/** Guards to try on a part of the past. */
export interface ReplayInputs {
  /** The version to judge; null for the newest that had calls. */
  readonly version: Version | null;
  readonly window: TimeRange;
  readonly guards: readonly Guard[];
}

/** The part of a time range that CloudWatch has figures for, and their period. */
export interface ReplayRange extends TimeRange {
  readonly period: Duration;
}

/**
 * CloudWatch keeps one-minute figures for 15 days, and five-minute figures for 63:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html.
 */
const BY_MINUTE: Duration = 15 * DAY;
const BY_FIVE_MINUTES: Duration = 63 * DAY;
/** Only so many of a function's newest versions are looked for. */
const NEWEST = 300;

/** @throws ReleaseError if CloudWatch has no figures for any of it */
export function replayRangeOf({ from, to }: TimeRange, now: Instant): ReplayRange {
  const period = periodOf(from, now);
  const first = Math.ceil(from / period) * period;
  const end = Math.floor(Math.min(to, now - METRIC_DELAY) / period) * period;
  if (first < end) return { from: first, to: end, period };
  if (from >= now) throw new ReleaseError("the input from is in the future: check the times, which are UTC");
  if (to > now - METRIC_DELAY) {
    const after = formatInstant(first + period + METRIC_DELAY);
    throw new ReleaseError(`CloudWatch has no figures for this time yet: run it again at ${after}`);
  }
  throw new ReleaseError("CloudWatch has only five-minute figures for times this old: give a longer time");
}

function periodOf(from: Instant, now: Instant): Duration {
  if (now - from <= BY_MINUTE) return MINUTE;
  if (now - from <= BY_FIVE_MINUTES) return 5 * MINUTE;
  throw new ReleaseError("CloudWatch keeps five-minute figures for 63 days: give a later time in the input from");
}

/** Which versions served in a time range. */
export interface Served {
  readonly member: Member;
  /** The canary's share of the calls. */
  readonly share: number;
  /** The first period in which the canary had calls. */
  readonly since: Instant;
  /** Whether another version had calls at the same time. */
  readonly isBeside: boolean;
}

/** What is known about a function besides its calls. */
interface Known {
  readonly latest: Configuration | undefined;
  readonly history: History | undefined;
}

/**
 * Which versions served then. Of those with calls, the newest is the canary, the busiest of the others the baseline.
 * @throws ReleaseError if none had calls, or if the version that was asked for had none
 */
export async function servedThen(
  target: Target,
  { version, guards }: Pick<ReplayInputs, "version" | "guards">,
  { from, to, period }: ReplayRange,
  { latest, history }: Known,
  ports: Ports,
): Promise<Served> {
  const { functions, journal } = ports;
  const versions = (await functions.versions(target.function)).slice(-NEWEST);
  const asked = version === null || versions.includes(version) ? versions : [...versions, version];
  // By the hour first: of hundreds of versions only a few had calls, and only those are worth reading by the minute.
  const some = await callsBy(target, asked, { from: Math.floor(from / HOUR) * HOUR, to, period: HOUR }, ports);
  const calls = await callsBy(target, [...some.keys()], { from, to, period }, ports);
  const called = [...calls.keys()];
  const canary = version ?? called.at(-1);
  const ofCanary = canary === undefined ? undefined : calls.get(canary);
  if (canary === undefined || ofCanary === undefined) {
    throw new ReleaseError(await whyNoCalls(target, version, called, { from, to, period }, ports));
  }

  const since = Math.min(...ofCanary.keys());
  const sum = (each: Version) =>
    [...(calls.get(each) ?? [])].reduce((all, [at, count]) => (at < since ? all : all + count), 0);
  const baseline = called.filter((each) => each !== canary && sum(each) > 0).sort((a, b) => sum(b) - sum(a))[0];
  const share = sum(canary) / (sum(canary) + (baseline === undefined ? 0 : sum(baseline)));
  const beside = baseline === undefined ? "" : ` beside version ${baseline}`;
  const text = `${nameOf(target)}: version ${canary} as the canary, with ${formatCount(sum(canary))} calls (${formatShare(share)})${beside}`;
  journal.write({ kind: "noted", text });
  if (since > from) {
    const first = `version ${canary} had its first call at ${timeOf(since, from)}; judged from then on`;
    journal.write({ kind: "noted", text: `${nameOf(target)}: ${first}` });
  }
  if (baseline === undefined && guards.some(isComparing)) {
    const alone = `${nameOf(target)}: no other version had calls then, so the guards that compare are not judged`;
    journal.write({ kind: "warned", text: alone });
  }
  const serving = baseline === undefined ? [canary] : [canary, baseline];
  const configurations = await Promise.all(serving.map((each) => functions.configuration(target.function, each)));
  // For a version that is gone by now, the function's current timeout is the best guess.
  const timeout = Math.max(...configurations.map((each) => (each ?? latest)?.timeout ?? 0));
  const found = memberOf({ target, baseline: baseline ?? canary, canary, timeout }, history, since);
  // As many as each figure stands for.
  const member = { ...found, usualRate: (found.usualRate * period) / MINUTE };
  return { member, share, since, isBeside: baseline !== undefined };
}

/** The calls of the versions that had any, by the start of their period. */
async function callsBy(
  target: Target,
  versions: readonly Version[],
  { from, to, period }: ReplayRange,
  { metrics }: Ports,
): Promise<ReadonlyMap<Version, ReadonlyMap<Instant, number>>> {
  const series = versions.map((each) => callsSeries(target, each));
  const readings = await metrics.read(series, from, to, period);
  throwUnreadable(readings);
  return new Map(
    versions.flatMap((each, index) => {
      const points = [...pointsOf(readings[index])].filter(([, count]) => count > 0);
      return points.length === 0 ? [] : [[each, new Map(points)] as const];
    }),
  );
}

async function whyNoCalls(
  target: Target,
  version: Version | null,
  called: readonly Version[],
  { from, to }: ReplayRange,
  { functions }: Ports,
): Promise<string> {
  const name = target.function;
  if (version !== null && (await functions.configuration(name, version)) === null) {
    return `there is no version ${version} of ${name}`;
  }
  const then = `between ${formatInstant(from)} and ${formatInstant(to)}`;
  return version === null || called.length === 0
    ? `no version had calls through ${nameOf(target)} ${then}: check the times, which are UTC`
    : `version ${version} had no calls ${then}; these versions did: ${called.join(", ")}`;
}

/** `09:04`, with the date if it isn't that of the beginning. */
function timeOf(at: Instant, beginning: Instant): string {
  const [day, time] = formatInstant(at).slice(0, 16).split("T");
  return formatInstant(beginning).startsWith(day ?? "") ? `${time}` : `${day} ${time}`;
}
