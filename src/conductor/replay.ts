import type { Target } from "../release/alias.ts";
import { analyse, wanted } from "../release/analysis.ts";
import { type Guard, isComparing } from "../release/guard.ts";
import { isMute } from "../release/hindsight.ts";
import type { Replayed } from "../release/journal.ts";
import { because } from "../release/patience.ts";
import { ARRIVAL } from "../release/plan.ts";
import type { Configuration, Reading, Series } from "../release/ports.ts";
import { bySeries, pointsOf } from "../release/readings.ts";
import { newRelease, type Release, shifted } from "../release/release.ts";
import { type Duration, formatDuration, formatInstant, type Instant, MINUTE } from "../release/time.ts";
import { unlessAborted } from "./abort.ts";
import { checkAccount, checkAccounts } from "./account.ts";
import type { Ending } from "./fleet.ts";
import { readHistory } from "./history.ts";
import type { FunctionReference, ReplayOrder } from "./order.ts";
import { type Coverage, coverageOf, type Served, servedThen, throwUnreadable } from "./past.ts";
import { ReleaseError, type World } from "./world.ts";

const NOT_JUDGED = "not judged: no other version had calls";

/** Judges past figures by the guards, as if a release had been baking then. Changes nothing. */
export async function replay(order: ReplayOrder, world: World): Promise<Ending> {
  const { abort, journal } = world;
  if (order.guards.every(({ kind }) => kind === "alarm")) {
    const why =
      order.guards.length === 0 ? "there is no guard" : "alarms can't be replayed, and there is no other guard";
    throw new ReleaseError(`there is nothing to replay: ${why}`);
  }
  await checkAccounts(order.functions, world);
  journal.write({ kind: "chapter", title: "Look" });
  const replayed = await unlessAborted(abort, replayAll(order, world));
  if (replayed === null) return { outcome: "failed", reason: String(abort.reason), verified: false };
  const { coverage, members } = replayed;
  const { from, to } = coverage;
  journal.write({ kind: "replayed", from, to, rows: members.flatMap(({ rows }) => rows) });
  return { outcome: "replayed", reason: conclusion(members, coverage), verified: false };
}

function conclusion(replayed: readonly ReplayedMember[], { from, to }: Coverage): string {
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

/** A member, and what its guards would have said. */
interface ReplayedMember {
  readonly served: Served;
  readonly rows: readonly Replayed[];
}

interface ReplayedStretch {
  readonly coverage: Coverage;
  readonly members: readonly ReplayedMember[];
}

async function replayAll(order: ReplayOrder, world: World): Promise<ReplayedStretch> {
  const { functions, alias, guards } = order;
  const { journal, clock } = world;
  const targets = functions.map(({ name }): Target => ({ function: name, alias }));
  // First, since Lambda's answers set the clock.
  const latest = await Promise.all(functions.map((reference) => configurationOf(reference, alias, world)));
  const coverage = coverageOf(order, clock.now());
  for (const guard of guards) {
    if (guard.kind === "alarm")
      journal.write({
        kind: "noted",
        text: `${guard.text} can't be replayed: CloudWatch only gives an alarm's current state`,
      });
  }
  if (coverage.period > MINUTE) {
    journal.write({
      kind: "noted",
      text: "CloudWatch has only five-minute figures for times this old: judged by those",
    });
  }
  if (order.to - coverage.to >= coverage.period) {
    const text = `CloudWatch has no later figures yet: judged until ${formatInstant(coverage.to)}`;
    journal.write({ kind: "noted", text });
  }
  const histories = await readHistory(targets, guards, world, coverage.from);
  const all = await Promise.all(
    targets.map((target, place) =>
      servedThen(target, order, coverage, { latest: latest[place], history: histories.get(target.function) }, world),
    ),
  );
  const members = await Promise.all(
    all.map(async (served) => ({ served, rows: await replayOne(guards, served, coverage, world) })),
  );
  return { coverage, members };
}

/** @throws ReleaseError if there is no such function, or it has no such alias */
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

/** Judges, period by period, what a release could have seen at that time. */
async function replayOne(
  guards: readonly Guard[],
  { member, share, since, isBeside }: Served,
  { to, period }: Coverage,
  { run, metrics }: World,
): Promise<readonly Replayed[]> {
  const plan = {
    steps: [{ weight: Math.max(1, Math.min(99, Math.round(share * 100))), bake: to - since }],
    finalBake: 0,
  };
  const patience = { minInvocations: 0, maxHold: 0, maxUnreadable: to - since };
  const measured = guards.filter(({ kind }) => kind !== "alarm");
  const terms = { run, members: [member], plan, guards: measured, whenInconclusive: "proceed", patience } as const;
  // No watch for missing traffic: calls are known to have reached the canary.
  let release: Release = { ...shifted(newRelease(terms, [], since, period), 0, since), sightings: [] };
  const { series, from: first } = wanted(release);
  const readings = await metrics.read(series, first, to, period);
  throwUnreadable(readings);
  const whole = bySeries(series, readings);

  // A guard that can't be judged still gets its share of the chance of error, as it does in a release.
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
      // What it said when it fired stays: the release would have ended with a rollback then.
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
