import { analyse, wanted } from "../analysis/analyse.ts";
import { withLimits } from "../analysis/before-release.ts";
import { bySeries, pointsOf } from "../analysis/readings.ts";
import { showsNothing } from "../analysis/replay-result.ts";
import { type Context, newAnalysis, risksOf, startingAt } from "../analysis/state.ts";
import type { FunctionReference, Target } from "../domain/alias.ts";
import { together } from "../domain/input.ts";
import type { Member } from "../domain/member.ts";
import { METRIC_DELAY } from "../domain/plan.ts";
import type { Configuration, Reading, Series } from "../domain/ports.ts";
import { parseReplayWindow } from "../domain/replay-window.ts";
import { type Duration, formatInstant, type Instant, MINUTE, SECOND } from "../domain/time.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import { unlessAborted } from "../engine/wait.ts";
import { parseGuards } from "../guards/grammar.ts";
import { type Guard, isComparing, type MeasuredGuard } from "../guards/guard.ts";
import { checkAccount, checkAccounts } from "../preflight/account.ts";
import { brokenBefore } from "../preflight/before-release.ts";
import { readHistory, throwUnreadable } from "../preflight/history.ts";
import type { Ending, Replayed } from "../release/events.ts";
import { type Reason, said } from "../release/reason.ts";
import { type Command, NOTHING_SHOWN, type Order } from "./command.ts";
import { readVersion } from "./inputs.ts";
import { type ReplayInputs, type ReplayRange, replayRangeOf, type Served, servedThen } from "./replay-range.ts";

type ReplayOrder = Order & ReplayInputs;

export const replay: Command<ReplayInputs> = {
  name: "replay",
  traits: { doing: "replaying the past of", moves: "nothing", aRollbackIs: "a failure" },
  comments: "never",
  needsMergedCode: false,
  parse: (read, functions) =>
    together<ReplayInputs>({
      version: readVersion(read, functions),
      window: parseReplayWindow(read("from"), read("to")),
      guards: parseGuards(read("guards")),
    }),
  shows: () => NOTHING_SHOWN,
  run: judgePast,
  isSuccess: (outcome) => outcome === "replayed",
};

/** Judges past figures by the guards, as if a release had been baking then. Changes nothing. */
async function judgePast(order: ReplayOrder, ports: Ports): Promise<Ending> {
  const { abort, journal } = ports;
  if (order.guards.every(({ kind }) => kind === "alarm")) {
    const why =
      order.guards.length === 0 ? "there is no guard" : "alarms can't be replayed, and there is no other guard";
    throw new ReleaseError(`there is nothing to replay: ${why}`);
  }
  await checkAccounts(order.functions, ports);
  journal.write({ kind: "chapter", title: "Look" });
  const replayed = await unlessAborted(abort, replayAll(order, ports));
  if (replayed === null) return { outcome: "failed", reason: said(String(abort.reason)), verified: false };
  const { range, members } = replayed;
  const { from, to } = range;
  journal.write({ kind: "replayed", from, to, rows: members.flatMap(({ rows }) => rows) });
  return { outcome: "replayed", reason: conclusion(members, range), verified: false };
}

function conclusion(replayed: readonly ReplayedMember[], { from, to }: ReplayRange): Reason {
  const rows = replayed.flatMap(({ served, rows: own }) => own.map((row) => ({ served, ...row })));
  const [first] = rows
    .flatMap(({ firedAt, ...row }) => (firedAt === null ? [] : [{ firedAt, ...row }]))
    .sort((a, b) => a.firedAt - b.firedAt);
  if (first !== undefined) {
    const { served, firedAt, analysis } = first;
    const { since, member } = served;
    const start = since === from ? "the beginning" : member.canary;
    return { kind: "would-have-failed", at: firedAt, lasted: firedAt - since, since: start, analysis };
  }
  const mute = rows.map(({ analysis }) => analysis).filter(showsNothing);
  return { kind: "would-have-held", length: to - from, guards: rows.length, mute };
}

/** A member, and what its guards would have said. */
interface ReplayedMember {
  readonly served: Served;
  readonly rows: readonly Replayed[];
}

interface ReplayedRange {
  readonly range: ReplayRange;
  readonly members: readonly ReplayedMember[];
}

async function replayAll(order: ReplayOrder, ports: Ports): Promise<ReplayedRange> {
  const { functions, alias, guards } = order;
  const { journal, clock } = ports;
  const targets = functions.map(({ name }): Target => ({ function: name, alias }));
  // First, since Lambda's answers set the clock.
  const latest = await Promise.all(functions.map((reference) => configurationOf(reference, alias, ports)));
  const range = replayRangeOf(order.window, clock.now());
  for (const guard of guards) {
    if (guard.kind === "alarm")
      journal.write({
        kind: "noted",
        text: `${guard.text} can't be replayed: CloudWatch only gives an alarm's current state`,
      });
  }
  if (range.period > MINUTE) {
    journal.write({
      kind: "noted",
      text: "CloudWatch has only five-minute figures for times this old: judged by those",
    });
  }
  if (order.window.to - range.to >= range.period) {
    const text = `CloudWatch has no later figures yet: judged until ${formatInstant(range.to)}`;
    journal.write({ kind: "noted", text });
  }
  const histories = await readHistory(targets, guards, ports, range.from);
  const all = await Promise.all(
    targets.map((target, place) =>
      servedThen(target, order, range, { latest: latest[place], history: histories.get(target.function) }, ports),
    ),
  );
  const members = await Promise.all(
    all.map(async (served) => {
      const fleet = { guards: measuredIn(guards), members: all.map(({ member }) => member) };
      return { served, rows: await replayOne(fleet, served, range, ports) };
    }),
  );
  return { range, members };
}

/** @throws ReleaseError if there is no such function, or it has no such alias */
async function configurationOf(
  reference: FunctionReference,
  alias: string,
  { functions, traffic, region, abort }: Ports,
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

function measuredIn(guards: readonly Guard[]): readonly MeasuredGuard[] {
  return guards.filter((guard) => guard.kind !== "alarm");
}

/** A release looks this often, unless it is told otherwise. */
const LOOKS: Duration = 20 * SECOND;

/** All functions that would have been released together, and by which guards. */
interface ReplayedFleet {
  readonly guards: readonly MeasuredGuard[];
  readonly members: readonly Member[];
}

/**
 * Judges, look by look, what a release could have seen at that time. Figures are taken to show as they usually do at the
 * latest, and only whole periods: what a release sees of a minute before that isn't known any more.
 */
async function replayOne(
  { guards, members }: ReplayedFleet,
  { member, share, since, isBeside }: Served,
  { to, period }: ReplayRange,
  { metrics }: Ports,
): Promise<readonly Replayed[]> {
  const weight = Math.max(1, Math.min(99, Math.round(share * 100)));
  const context: Context = { guards, weight, promotedAt: null };
  const time = { start: since, lasts: to - since, period };
  const broken = await brokenBefore(guards, member, members.length, time, { metrics });
  // The shift came some time in the canary's first minute. No check for missing traffic: calls are known to have reached
  // the canary.
  let state = withLimits(startingAt(newAnalysis([member], guards, [], since, period), since + 1), broken);
  const risks = risksOf(newAnalysis(members, guards, [], since, period));
  const { series, from: first } = wanted(state, context);
  const readings = await metrics.read(series, first, to, period);
  throwUnreadable(readings);
  const whole = bySeries(series, readings);

  // A guard that can't be judged still gets its share of the chance of error, as it does in a release.
  const unjudged = new Set(isBeside ? [] : guards.filter(isComparing).map(({ place }) => place));
  const rows = new Map<number, Replayed>();
  // One look more: against a number, a minute counts a little after it has shown.
  for (let at = since + period + METRIC_DELAY; at <= to + METRIC_DELAY + LOOKS; at += LOOKS) {
    const { from } = wanted(state, context);
    const reading = (each: Series): Reading => {
      return { kind: "points", points: between(pointsOf(whole(each)), from, at - METRIC_DELAY, period) };
    };
    const judged = analyse(state, { at, reading, alarms: new Map() }, context, risks);
    state = judged.state;
    for (const analysis of judged.analyses) {
      const place = analysis.guard?.place ?? 0;
      const before = rows.get(place) ?? null;
      // What it said when it fired stays: the release would have ended with a rollback then.
      if (before !== null && before.firedAt !== null) continue;
      rows.set(
        place,
        unjudged.has(place)
          ? {
              firedAt: null,
              analysis: { ...analysis, verdict: "inconclusive", reason: { kind: "not-judged" }, figures: null },
            }
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
