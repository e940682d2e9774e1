import { wanted } from "../analysis/analyse.ts";
import { bySeries } from "../analysis/readings.ts";
import type { Observation } from "../analysis/verdict.ts";
import { type Alias, sameSetting, type Target } from "../domain/alias.ts";
import { ServiceError } from "../domain/ports.ts";
import { MINUTE, minuteOf } from "../domain/time.ts";
import { alarmsOf } from "../guards/guard.ts";
import type { Ending } from "../release/events.ts";
import type { AliasReading, FleetMember, PendingWrite, WriteResult } from "../release/fleet.ts";
import type { Effect, News, Progress } from "../release/progress.ts";
import { type Reason, said } from "../release/reason.ts";
import { contextOf, type Release } from "../release/release.ts";
import { tick } from "../release/tick.ts";
import { describeCallers } from "./callers.ts";
import { credentialExpiry } from "./credential-expiry.ts";
import { messageOf, type Ports } from "./ports.ts";
import { unlessAborted } from "./wait.ts";
import { PERSISTENT, writeAlias } from "./write-alias.ts";

/** Whatever takes a release from its start to its end, tick by tick. */
export type Engine = (start: Progress, ports: Ports) => Promise<Ending>;

/** Runs a release to its end in this process. An unexpected error rolls it back. */
export const runRelease: Engine = async (start, ports) => {
  let progress = start;
  let news: News = { kind: "begun", at: ports.clock.now() };
  for (;;) {
    try {
      const ticked = tick(progress, news);
      progress = ticked.progress;
      const next = await carryOut(ticked.effects, progress, ports);
      if (progress.phase.kind === "ended") return progress.phase.ending;
      news = next;
    } catch (error) {
      // What goes wrong while a release is taken back can't be taken back.
      if (news.kind === "failed" || progress.phase.kind === "rolling-back") throw error;
      news = failed(error, ports);
    }
  }
};

export function failed(error: unknown, { clock }: Ports): News {
  return { kind: "failed", at: clock.now(), message: messageOf(error) };
}

/** Carries out effects in their order. @returns what has come of them: `begun` if there is nothing to learn */
export async function carryOut(effects: readonly Effect[], progress: Progress, ports: Ports): Promise<News> {
  const { clock, journal, abort } = ports;
  let news: Promise<News> | null = null;
  for (const effect of effects) {
    switch (effect.kind) {
      case "tell":
        journal.write(effect.happening);
        break;
      case "wait":
        await clock.sleep(effect.for, abort);
        break;
      case "look":
        news = look(effect.at, progress, ports);
        break;
      case "write":
        news = writeAll(effect, ports);
        break;
      case "ask-callers":
        news = askCallers(effect.target, ports);
        break;
    }
  }
  return news ?? { kind: "begun", at: clock.now() };
}

async function askCallers(target: Target, ports: Ports): Promise<News> {
  const { text } = await describeCallers(target, ports);
  return { kind: "callers", text, at: ports.clock.now() };
}

/** Reads aliases, metrics and alarms at the same time. A cancellation cuts the reading short. */
async function look(
  at: Extract<Effect, { kind: "look" }>["at"],
  { fleet, release, poll }: Progress,
  ports: Ports,
): Promise<News> {
  const { clock, abort } = ports;
  const nothing = { kind: "looked", expiring: null, aliases: null, observation: null } as const;
  const stopped = (): News => ({ ...nothing, at: clock.now(), aborted: cancellation(abort) });
  if (abort.aborted) return stopped();
  const expiring = await credentialExpiry(ports, poll);
  if (at === "credentials") return { ...nothing, at: clock.now(), aborted: null, expiring };
  const reading = Promise.all([
    Promise.all(fleet.map((member) => readMember(member, ports))),
    at === "everything" ? observe(release, ports) : null,
  ]);
  const seen = await unlessAborted(abort, reading);
  // After a cancellation, an alias may already be as our own rollback makes it.
  if (seen === null || abort.aborted) return stopped();
  const [aliases, observation] = seen;
  return { kind: "looked", at: clock.now(), aborted: null, expiring, aliases, observation };
}

async function readMember({ member, alias: held }: FleetMember, { traffic, abort }: Ports): Promise<AliasReading> {
  const isOurs = (found: Alias | null) => found !== null && sameSetting(found, held);
  try {
    const alias = await traffic.read(member.target, abort);
    // Someone else's change counts only when read twice: if we gave way by mistake, nobody would watch the canary.
    return { kind: "read", alias: isOurs(alias) ? alias : await traffic.read(member.target, abort) };
  } catch (error) {
    const isExpired = error instanceof ServiceError && error.fault === "expired";
    return { kind: "unreadable", reason: messageOf(error), isExpired };
  }
}

async function observe(release: Release, { metrics, clock }: Ports): Promise<Observation> {
  const { series, from } = wanted(release.analysis, contextOf(release));
  const names = alarmsOf(release.guards);
  // Right after a shift, the first minute to be judged may not have begun.
  const to = Math.max(from, minuteOf(clock.now())) + MINUTE;
  const [readings, alarms] = await Promise.all([
    metrics.read(series, from, to, MINUTE, true),
    names.length === 0 ? new Map() : metrics.alarms(names).catch((error) => ({ unreadable: messageOf(error) })),
  ]);
  return { at: clock.now(), reading: bySeries(series, readings), alarms };
}

function cancellation({ reason }: AbortSignal): Reason {
  return said(String(reason));
}

/** Writes to all aliases at once. A cancellation ends the waiting, unless it is a rollback. */
async function writeAll({ writes, isRollback }: Extract<Effect, { kind: "write" }>, ports: Ports): Promise<News> {
  const { abort, clock, handover } = ports;
  if (!isRollback) handover.sending(writes.map(({ before, record }) => ({ target: before.member.target, record })));
  // Noted at once, not after the last of them: on a cancellation in between, one call rolls this one back.
  const results: WriteResult[] = writes.map(() => ({ kind: "aborted" }));
  const how = isRollback ? { attempts: PERSISTENT } : { signal: abort };
  const writing = Promise.all(
    writes.map(async (each, place) => {
      results[place] = await write(each, how, ports);
    }),
  );
  const isCutShort = (isRollback ? await writing : await unlessAborted(abort, writing)) === null;
  return { kind: "written", at: clock.now(), aborted: isCutShort ? cancellation(abort) : null, results: [...results] };
}

function write(
  { before, record }: PendingWrite,
  how: { readonly signal?: AbortSignal; readonly attempts?: number },
  ports: Ports,
): Promise<WriteResult> {
  const { member, alias, certainty } = before;
  const sent = certainty.kind === "uncertain" ? certainty.sent : null;
  return writeAlias(ports, member.target, alias, record, { ...how, sent });
}
