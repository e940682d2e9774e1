import { nameOf, type Target, type Version } from "../release/alias.ts";
import { analyse, wanted } from "../release/analysis.ts";
import { formatCount, formatShare } from "../release/figures.ts";
import { type Guard, isComparing } from "../release/guard.ts";
import { isMute } from "../release/hindsight.ts";
import type { Replayed } from "../release/journal.ts";
import type { Member } from "../release/member.ts";
import { because } from "../release/patience.ts";
import { ARRIVAL } from "../release/plan.ts";
import type { Configuration, Reading, Series } from "../release/ports.ts";
import { bySeries, pointsOf } from "../release/readings.ts";
import { newRelease, type Release, shifted } from "../release/release.ts";
import { callsSeries } from "../release/sight.ts";
import { DAY, type Duration, formatDuration, formatInstant, HOUR, type Instant, MINUTE } from "../release/time.ts";
import { unlessAborted } from "./abort.ts";
import type { Ending } from "./fleet.ts";
import { type History, readHistory } from "./history.ts";
import { checkAccount, checkAccounts } from "./look.ts";
import type { DeployOrder, FunctionReference } from "./order.ts";
import { ReleaseError, type World } from "./world.ts";

/** A stretch of the past over which the guards are to be held. */
export type ReplayOrder = Pick<DeployOrder, "functions" | "alias" | "version" | "guards"> & {
  readonly from: Instant;
  readonly to: Instant;
};

/** What of the stretch CloudWatch can tell, and by which periods. */
interface Stretch {
  readonly from: Instant;
  /** Not included. */
  readonly to: Instant;
  readonly period: Duration;
}

/** CloudWatch keeps figures of a minute for 15 days, and of five minutes for 63. */
const BY_MINUTE: Duration = 15 * DAY;
const BY_FIVE_MINUTES: Duration = 63 * DAY;
/** What is read before the stretch, to tell what was so already. */
const BEFORE: Duration = 15 * MINUTE;
/** Of a function's versions, so many of the newest are looked for. */
const NEWEST = 300;
const NOT_JUDGED = "not judged: no other version had calls";

/** Holds the guards over past figures, as if a release had been baking then; changes nothing. */
export async function replay(order: ReplayOrder, world: World): Promise<Ending> {
  const { abort, journal, clock } = world;
  if (order.guards.every(({ kind }) => kind === "alarm")) {
    const why =
      order.guards.length === 0 ? "there is no guard" : "alarms can't be replayed, and there is no other guard";
    throw new ReleaseError(`there is nothing to replay: ${why}`);
  }
  const stretch = stretchOf(order, clock.now());
  const { from, to } = stretch;
  await checkAccounts(order.functions, world);
  journal.write({ kind: "chapter", title: "Look" });
  const replayed = await unlessAborted(abort, replayAll(order, stretch, world));
  if (replayed === null) return { outcome: "failed", reason: String(abort.reason), verified: false };
  journal.write({ kind: "replayed", from, to, rows: replayed.flatMap(({ rows }) => rows) });
  return { outcome: "replayed", reason: conclusion(replayed, stretch), verified: false };
}

function stretchOf({ from, to }: ReplayOrder, now: Instant): Stretch {
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

function conclusion(replayed: readonly ReplayedMember[], { from, to }: Stretch): string {
  const rows = replayed.flatMap(({ served, rows: own }) => own.map((row) => ({ served, ...row })));
  const [first] = rows
    .flatMap(({ firedAt, ...row }) => (firedAt === null ? [] : [{ firedAt, ...row }]))
    .sort((a, b) => a.firedAt - b.firedAt);
  if (first !== undefined) {
    const { served, firedAt, analysis } = first;
    const { since, member } = served;
    const start = since === from ? "the beginning" : `the first call of version ${member.canary}`;
    const when = `${formatInstant(firedAt)}, ${formatDuration(firedAt - since)} after ${start}`;
    return `the release would have been rolled back at ${when}: ${because(analysis)}`;
  }
  const length = formatDuration(to - from);
  const mute = rows.filter(({ analysis }) => isMute(analysis));
  const [silent] = mute;
  if (silent !== undefined && mute.length === rows.length) {
    return `no guard could have shown anything in this stretch of ${length}: ${because(silent.analysis)}`;
  }
  const but = silent === undefined ? "" : `; ${mute.length} of ${rows.length} guards could have shown nothing`;
  return `no guard would have fired in this stretch of ${length}${but}`;
}

/** A member and what its guards would have said. */
interface ReplayedMember {
  readonly served: Served;
  readonly rows: readonly Replayed[];
}

async function replayAll(order: ReplayOrder, stretch: Stretch, world: World): Promise<readonly ReplayedMember[]> {
  const { functions, alias, guards } = order;
  const { journal } = world;
  for (const guard of guards) {
    if (guard.kind === "alarm")
      journal.write({
        kind: "noted",
        text: `${guard.text} can't be replayed: CloudWatch tells only how it stands now`,
      });
  }
  if (stretch.period > MINUTE) {
    journal.write({ kind: "noted", text: "so long ago CloudWatch tells by five minutes only: all is judged by those" });
  }
  if (order.to - stretch.to >= stretch.period) {
    const text = `later figures have had no time to arrive yet: judged until ${formatInstant(stretch.to)}`;
    journal.write({ kind: "noted", text });
  }
  const targets = functions.map(({ name }): Target => ({ function: name, alias }));
  const latest = await Promise.all(functions.map((reference) => configurationOf(reference, alias, world)));
  const histories = await readHistory(targets, guards, world, stretch.from);
  const members = await Promise.all(
    targets.map((target, place) =>
      servedThen(target, order, stretch, { latest: latest[place], history: histories.get(target.function) }, world),
    ),
  );
  return Promise.all(
    members.map(async (served) => ({ served, rows: await replayOne(guards, served, stretch, world) })),
  );
}

/** @throws ReleaseError where there is no such function, or none with the alias */
async function configurationOf(
  reference: FunctionReference,
  alias: string,
  { functions, traffic, region, abort }: World,
): Promise<Configuration> {
  const { name } = reference;
  const [latest, found] = await Promise.all([
    functions.configuration(name, "$LATEST"),
    traffic.read({ function: name, alias }, abort),
  ]);
  if (latest === null)
    throw new ReleaseError(`there is no function ${name} in ${region}: check the name and the Region`);
  checkAccount(reference, latest);
  if (found === null) throw new ReleaseError(`${name} has no alias ${alias}`);
  return latest;
}

interface Served {
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

/** Which versions served then: of those that had calls the newest is the canary, and of the others the busiest the baseline. */
async function servedThen(
  target: Target,
  { version, guards }: ReplayOrder,
  { from, to, period }: Stretch,
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
    usual: history?.usual ?? { latency: {}, countsByDuration: false },
  };
  return { member, share, since, isBeside: baseline !== undefined };
}

/** The calls of those versions that had any, by the beginning of their period. */
async function callsBy(
  target: Target,
  versions: readonly Version[],
  { from, to, period }: Stretch,
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
function throwUnreadable(readings: readonly Reading[]): void {
  const unreadable = readings.find((reading) => reading.kind === "unreadable");
  if (unreadable !== undefined) throw new ReleaseError(unreadable.reason);
}

async function whyNoCalls(
  target: Target,
  version: Version | null,
  called: readonly Version[],
  { from, to }: Stretch,
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

/** Judges period by period what could be seen by then, as a release does. */
async function replayOne(
  guards: readonly Guard[],
  { member, share, since, isBeside }: Served,
  { to, period }: Stretch,
  { run, metrics }: World,
): Promise<readonly Replayed[]> {
  const plan = {
    steps: [{ weight: Math.max(1, Math.min(99, Math.round(share * 100))), bake: to - since }],
    finalBake: 0,
  };
  const patience = { minInvocations: 0, maxHold: 0, maxUnreadable: to - since };
  const measured = guards.filter(({ kind }) => kind !== "alarm");
  const terms = { run, members: [member], plan, guards: measured, whenInconclusive: "proceed", patience } as const;
  // That calls reached the canary is known.
  let release: Release = { ...shifted(newRelease(terms, [], since, period), 0, since), sightings: [] };
  const { series } = wanted(release);
  const readings = await metrics.read(series, since - BEFORE, to, period);
  throwUnreadable(readings);
  const whole = bySeries(series, readings);

  // What can't be judged has its share of the chance of error all the same, as it has in a release.
  const unjudged = new Set(isBeside ? [] : measured.filter(isComparing).map(({ text }) => text));
  const rows = new Map<string, Replayed>();
  for (let at = since + period + ARRIVAL; at <= to + ARRIVAL; at += period) {
    const { from } = wanted(release);
    const reading = (each: Series): Reading => {
      return { kind: "points", points: between(pointsOf(whole(each)), from, at - ARRIVAL, period) };
    };
    const judged = analyse(release, { at, reading, alarms: new Map() });
    release = judged.release;
    for (const analysis of judged.analyses) {
      const before = rows.get(analysis.rule) ?? null;
      // What it said when it fired stays: all traffic would have been back then.
      if (before !== null && before.firedAt !== null) continue;
      rows.set(
        analysis.rule,
        unjudged.has(analysis.rule)
          ? { firedAt: null, analysis: { ...analysis, verdict: "inconclusive", reason: NOT_JUDGED, figures: null } }
          : { firedAt: analysis.verdict === "fail" ? at : null, analysis },
      );
    }
  }
  return [...rows.values()];
}

/** The points of the whole periods between two instants. */
function between(
  points: ReadonlyMap<Instant, number>,
  from: Instant,
  to: Instant,
  period: Duration,
): ReadonlyMap<Instant, number> {
  const found = new Map<Instant, number>();
  for (let at = Math.ceil(from / period) * period; at + period <= to; at += period) {
    const value = points.get(at);
    if (value !== undefined) found.set(at, value);
  }
  return found;
}
