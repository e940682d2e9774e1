import { nameOf, type Target, type Version } from "../release/alias.ts";
import { analyse, wanted } from "../release/analysis.ts";
import { formatCount, formatShare } from "../release/figures.ts";
import { isComparing } from "../release/guard.ts";
import type { Replayed } from "../release/journal.ts";
import type { Member } from "../release/member.ts";
import { because } from "../release/patience.ts";
import { ARRIVAL } from "../release/plan.ts";
import type { Reading, Series } from "../release/ports.ts";
import { newRelease, type Release, shifted } from "../release/release.ts";
import { callsSeries } from "../release/sight.ts";
import { DAY, type Duration, formatDuration, formatInstant, HOUR, type Instant, MINUTE } from "../release/time.ts";
import { type Analysis, pointsOf } from "../release/verdict.ts";
import { unlessAborted } from "./abort.ts";
import type { Ending } from "./fleet.ts";
import { type History, readHistory } from "./history.ts";
import type { DeployOrder } from "./order.ts";
import { ReleaseError, type World } from "./world.ts";

/** A stretch of the past over which the guards are to be held. */
export type ReplayOrder = Pick<DeployOrder, "functions" | "alias" | "version" | "guards"> & {
  readonly from: Instant;
  readonly to: Instant;
};

/** CloudWatch keeps figures of a minute for 15 days, and of five minutes for 63. */
const BY_MINUTE: Duration = 15 * DAY;
const BY_FIVE_MINUTES: Duration = 63 * DAY;
/** What is read before the stretch, to tell what was so already. */
const BEFORE: Duration = 15 * MINUTE;
/** Of a function's versions, so many of the newest are looked for. */
const NEWEST = 300;

/** Holds the guards over past figures, as if a release had been baking then; changes nothing. */
export async function replay(order: ReplayOrder, world: World): Promise<Ending> {
  const { abort, journal } = world;
  const { from, to } = order;
  const period = periodOf(from, world.clock.now());
  journal.write({ kind: "chapter", title: "Look" });
  const replayed = await unlessAborted(abort, replayAll(order, period, world));
  if (replayed === null) return { outcome: "failed", reason: String(abort.reason), verified: false };
  journal.write({ kind: "replayed", from, to, rows: replayed });

  const fired = replayed.filter(({ firedAt }) => firedAt !== null).sort((a, b) => (a.firedAt ?? 0) - (b.firedAt ?? 0));
  const [first] = fired;
  const length = formatDuration(to - from);
  if (first === undefined || first.firedAt === null) {
    return { outcome: "replayed", reason: `no guard would have fired in these ${length}`, verified: false };
  }
  const after = formatDuration(first.firedAt - from);
  const when = `would have rolled back at ${formatInstant(first.firedAt)}, ${after} after the beginning`;
  return { outcome: "replayed", reason: `${when}: ${because(first.analysis)}`, verified: false };
}

function periodOf(from: Instant, now: Instant): Duration {
  if (now - from <= BY_MINUTE) return MINUTE;
  if (now - from <= BY_FIVE_MINUTES) return 5 * MINUTE;
  throw new ReleaseError(
    "CloudWatch keeps figures of five minutes for 63 days: give a later beginning with the input from",
  );
}

async function replayAll(order: ReplayOrder, period: Duration, world: World): Promise<readonly Replayed[]> {
  const { functions, alias, guards, from } = order;
  const { journal } = world;
  for (const guard of guards) {
    if (guard.kind === "alarm")
      journal.write({
        kind: "noted",
        text: `${guard.text} can't be replayed: CloudWatch tells only how it stands now`,
      });
  }
  if (period > MINUTE) {
    journal.write({ kind: "noted", text: "so long ago CloudWatch tells by five minutes only: all is judged by those" });
  }
  const targets = functions.map(({ name }): Target => ({ function: name, alias }));
  const histories = await readHistory(targets, guards, world, from);
  const members = await Promise.all(
    targets.map((target) => memberOf(target, order, histories.get(target.function), world)),
  );
  const rows = await Promise.all(members.map(({ member, share }) => replayOne(order, member, share, period, world)));
  return rows.flat();
}

interface Served {
  readonly member: Member;
  /** The canary's share of the calls. */
  readonly share: number;
}

/** Which versions served then: of those that had calls the newest is the canary, and of the others the busiest the baseline. */
async function memberOf(
  target: Target,
  { version, guards, from, to }: ReplayOrder,
  history: History | undefined,
  { functions, metrics, journal }: World,
): Promise<Served> {
  const versions = (await functions.versions(target.function)).slice(-NEWEST);
  const asked = version === null || versions.includes(version) ? versions : [...versions, version];
  const start = Math.floor(from / HOUR) * HOUR;
  const readings = await metrics.read(
    asked.map((each) => callsSeries(target, each)),
    start,
    to,
    HOUR,
  );
  const unreadable = readings.find((reading) => reading.kind === "unreadable");
  if (unreadable !== undefined) throw new ReleaseError(unreadable.reason);
  const calls = new Map(
    asked.map((each, index) => [each, [...pointsOf(readings[index]).values()].reduce((a, b) => a + b, 0)] as const),
  );
  const called = asked.filter((each) => (calls.get(each) ?? 0) > 0);
  const canary: Version | undefined = version ?? called.at(-1);
  if (canary === undefined) {
    throw new ReleaseError(
      `${nameOf(target)} had no calls by version between ${formatInstant(from)} and ${formatInstant(to)}: check the times, which are UTC`,
    );
  }
  const baseline = called
    .filter((each) => each !== canary)
    .sort((a, b) => (calls.get(b) ?? 0) - (calls.get(a) ?? 0))[0];
  const ofCanary = calls.get(canary) ?? 0;
  const share = ofCanary / Math.max(1, ofCanary + (baseline === undefined ? 0 : (calls.get(baseline) ?? 0)));
  const beside = baseline === undefined ? "" : ` beside version ${baseline}`;
  const text = `${nameOf(target)}: version ${canary} as the canary, with ${formatCount(ofCanary)} calls (${formatShare(share)})${beside}`;
  journal.write({ kind: "noted", text });
  if (baseline === undefined && guards.some(isComparing)) {
    const alone = `${nameOf(target)}: no other version had calls then, so the guards that compare have nothing to compare with`;
    journal.write({ kind: "warned", text: alone });
  }
  const configuration = await functions.configuration(target.function, canary);
  const member: Member = {
    target,
    baseline: baseline ?? canary,
    canary,
    timeout: configuration?.timeout ?? 0,
    longestSilence: history?.longestSilence ?? null,
    isCalled: true,
    usual: history?.usual ?? { latency: {}, countsByDuration: false },
  };
  return { member, share };
}

/** Judges period by period what could be seen by then, as a release does. */
async function replayOne(
  { guards, from, to }: ReplayOrder,
  member: Member,
  share: number,
  period: Duration,
  world: World,
): Promise<readonly Replayed[]> {
  const plan = {
    steps: [{ weight: Math.max(1, Math.min(99, Math.round(share * 100))), bake: to - from }],
    finalBake: 0,
  };
  const patience = { minInvocations: 0, maxHold: 0, maxUnreadable: to - from };
  const terms = { run: world.run, members: [member], plan, guards, whenInconclusive: "proceed", patience } as const;
  let release: Release = shifted(newRelease(terms, [], from, period), 0, from);
  const { series } = wanted(release);
  const readings = await world.metrics.read(series, from - BEFORE, to, period);
  const byKey = new Map(series.map((each, index) => [JSON.stringify(each), readings[index]]));

  const rows = new Map<string, Replayed>();
  for (let at = from + period + ARRIVAL; at <= to + ARRIVAL; at += period) {
    const seenBy = (each: Series): Reading => upTo(byKey.get(JSON.stringify(each)), at - ARRIVAL - period);
    const judged = analyse(release, { at, reading: seenBy, alarms: new Map() });
    release = judged.release;
    for (const analysis of judged.analyses.filter(isReplayable)) {
      const before = rows.get(analysis.rule);
      const firedAt = before?.firedAt ?? (analysis.verdict === "fail" ? at : null);
      // What it said when it fired stays: all traffic would have been back then.
      rows.set(analysis.rule, before !== undefined && before.firedAt !== null ? before : { firedAt, analysis });
    }
  }
  return [...rows.values()];

  function isReplayable({ rule }: Analysis): boolean {
    return !guards.some((guard) => guard.kind === "alarm" && guard.text === rule);
  }
}

function upTo(reading: Reading | undefined, last: Instant): Reading {
  if (reading === undefined) return { kind: "unreadable", reason: "the series was not asked for" };
  if (reading.kind === "unreadable") return reading;
  return { kind: "points", points: new Map([...reading.points].filter(([at]) => at <= last)) };
}
