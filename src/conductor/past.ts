import { nameOf, type Target, type Version } from "../release/alias.ts";
import { formatCount, formatShare } from "../release/figures.ts";
import { isComparing } from "../release/guard.ts";
import type { Member } from "../release/member.ts";
import { NOTHING_USUAL } from "../release/method.ts";
import { ARRIVAL } from "../release/plan.ts";
import type { Configuration, Reading } from "../release/ports.ts";
import { pointsOf } from "../release/readings.ts";
import { callsSeries } from "../release/sight.ts";
import type { Stretch } from "../release/stretch.ts";
import { DAY, type Duration, formatInstant, HOUR, type Instant, MINUTE } from "../release/time.ts";
import type { History } from "./history.ts";
import type { ReplayOrder } from "./order.ts";
import { ReleaseError, type World } from "./world.ts";

/** What of a stretch CloudWatch can tell, and by which periods. */
export interface Coverage extends Stretch {
  readonly period: Duration;
}

/** CloudWatch keeps figures of a minute for 15 days, and of five minutes for 63. */
const BY_MINUTE: Duration = 15 * DAY;
const BY_FIVE_MINUTES: Duration = 63 * DAY;
/** Of a function's versions, so many of the newest are looked for. */
const NEWEST = 300;

/** @throws ReleaseError where CloudWatch tells nothing of it */
export function coverageOf({ from, to }: Stretch, now: Instant): Coverage {
  const period = periodOf(from, now);
  const first = Math.ceil(from / period) * period;
  const end = Math.floor(Math.min(to, now - ARRIVAL) / period) * period;
  if (first < end) return { from: first, to: end, period };
  if (from >= now) throw new ReleaseError("the stretch lies in the future: check the times, which are UTC");
  if (to > now - ARRIVAL) {
    const after = formatInstant(first + period + ARRIVAL);
    throw new ReleaseError(`nothing of the stretch has had time to arrive in CloudWatch yet: run it again at ${after}`);
  }
  throw new ReleaseError("so long ago CloudWatch tells by five minutes only: give a longer stretch");
}

function periodOf(from: Instant, now: Instant): Duration {
  if (now - from <= BY_MINUTE) return MINUTE;
  if (now - from <= BY_FIVE_MINUTES) return 5 * MINUTE;
  throw new ReleaseError(
    "CloudWatch keeps figures of five minutes for 63 days: give a later beginning with the input from",
  );
}

/** Who served in a stretch. */
export interface Served {
  readonly member: Member;
  /** The canary's share of the calls. */
  readonly share: number;
  /** The first period in which the canary had calls. */
  readonly since: Instant;
  /** Whether another version had calls beside it. */
  readonly isBeside: boolean;
}

/** What is known of a function beside its calls. */
interface Known {
  readonly latest: Configuration | undefined;
  readonly history: History | undefined;
}

/**
 * Which versions served then: of those that had calls the newest is the canary, and of the others the busiest the baseline.
 * @throws ReleaseError where none had, or not the version that was asked for
 */
export async function servedThen(
  target: Target,
  { version, guards }: ReplayOrder,
  { from, to, period }: Coverage,
  { latest, history }: Known,
  world: World,
): Promise<Served> {
  const { functions, journal } = world;
  const versions = (await functions.versions(target.function)).slice(-NEWEST);
  const asked = version === null || versions.includes(version) ? versions : [...versions, version];
  // By the hour first: of hundreds of versions few had calls, and only theirs are worth the points of every minute.
  const some = await callsBy(target, asked, { from: Math.floor(from / HOUR) * HOUR, to, period: HOUR }, world);
  const calls = await callsBy(target, [...some.keys()], { from, to, period }, world);
  const called = [...calls.keys()];
  const canary = version ?? called.at(-1);
  const ofCanary = canary === undefined ? undefined : calls.get(canary);
  if (canary === undefined || ofCanary === undefined) {
    throw new ReleaseError(await whyNoCalls(target, version, called, { from, to, period }, world));
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
  const member: Member = {
    target,
    baseline: baseline ?? canary,
    canary,
    // Of a version that is gone by now, what the function has today is the best guess.
    timeout: Math.max(...configurations.map((each) => (each ?? latest)?.timeout ?? 0)),
    longestSilence: history?.longestSilence ?? null,
    usualRate: 0,
    isCalled: true,
    usual: history?.usual ?? NOTHING_USUAL,
  };
  return { member, share, since, isBeside: baseline !== undefined };
}

/** The calls of those versions that had any, by the beginning of their period. */
async function callsBy(
  target: Target,
  versions: readonly Version[],
  { from, to, period }: Coverage,
  { metrics }: World,
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

/** The reading is of one time: what can't be read says nothing of the past. @throws ReleaseError */
export function throwUnreadable(readings: readonly Reading[]): void {
  const unreadable = readings.find((reading) => reading.kind === "unreadable");
  if (unreadable !== undefined) throw new ReleaseError(unreadable.reason);
}

async function whyNoCalls(
  target: Target,
  version: Version | null,
  called: readonly Version[],
  { from, to }: Coverage,
  { functions }: World,
): Promise<string> {
  const name = target.function;
  if (version !== null && (await functions.configuration(name, version)) === null) {
    return `there is no version ${version} of ${name}`;
  }
  const then = `between ${formatInstant(from)} and ${formatInstant(to)}`;
  return version === null || called.length === 0
    ? `${nameOf(target)} had no calls by version ${then}: check the times, which are UTC`
    : `version ${version} had no calls ${then}; those that had: ${called.join(", ")}`;
}

/** `09:04`, with the day where that isn't the beginning's. */
function timeOf(at: Instant, beginning: Instant): string {
  const [day, time] = formatInstant(at).slice(0, 16).split("T");
  return formatInstant(beginning).startsWith(day ?? "") ? `${time}` : `${day} ${time}`;
}
