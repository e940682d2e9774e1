import { type Alias, type Run, sameRun, type Target, type Version } from "../release/alias.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { type Duration, formatInstant, HOUR, type Instant, MINUTE } from "../release/time.ts";
import { LONGEST_MOVE, moving } from "./serving.ts";
import type { World } from "./world.ts";

/** A release that stands on an alias and has not ended by itself, with the way back to its baseline. */
export interface Unfinished {
  readonly run: Run;
  readonly fleet: string | null;
  readonly from: Version;
  readonly to: Version;
  /** Where it stands, for people: `25 % of version 42`. */
  readonly standing: string;
}

/** Who, if anybody, holds an alias at the moment. */
export type Claim =
  | { readonly kind: "free" }
  /** A release left it unfinished, and its run is over. */
  | { readonly kind: "orphaned"; readonly release: Unfinished; readonly why: string }
  /** A release is at it, or may be. */
  | { readonly kind: "live"; readonly release: Unfinished; readonly doubt: Doubt | null }
  /** Lambda itself has yet to move its calls to where it points. */
  | { readonly kind: "moving"; readonly why: string }
  /** It carries weights that no record explains. */
  | { readonly kind: "foreign" };

/** Why nobody can tell whether a release is alive: GitHub could not be asked, or only tells of the whole run, which this is. */
export type Doubt = "unasked" | "own run";

/** True where weights stand that nobody is known to watch over. */
export function isUnwatched(claim: Claim): boolean {
  return claim.kind === "foreign" || (claim.kind === "live" && claim.doubt !== null);
}

/** The clocks of two runners may be so far apart. */
const SKEW = 3 * MINUTE;

/** Tells whether an alias is free to be released to. */
export async function claimOn(target: Target, alias: Alias, { run, runs, clock, functions }: World): Promise<Claim> {
  const record = recordOf(alias);
  const release = record === null ? null : unfinished(record);
  // By Lambda's own clock: by a wrong one a release that is alive would be overdue, and one that has ended not over.
  const now = clock.now() - functions.clockAhead();
  if (record === null || release === null) return unclaimed(target, alias);

  const orphaned = (why: string): Claim => ({ kind: "orphaned", release, why });
  const isEarlier = record.run.id === run.id && record.run.attempt < run.attempt;
  // A run may go on with other jobs, though the one that released has been lost.
  if (isOverdue(record, now)) return orphaned(`its plan should have been over at ${formatInstant(record.until)}`);
  if (isOver(record, sameRun(record.run, run) ? now : now - longestDelay(record))) return unclaimed(target, alias);
  const state = isEarlier ? "ended" : sameRun(record.run, run) ? "live" : await runs.state(record.run);
  switch (state) {
    case "live":
      return { kind: "live", release, doubt: sameRun(record.run, run) ? "own run" : null };
    case "ended":
      // So late in its final bake, by its own clock it may have ended well.
      if (isOver(record, now + SKEW)) return unclaimed(target, alias);
      return orphaned(isEarlier ? "an earlier attempt of this run" : `run ${record.run.id} has ended`);
    case "unknown":
      return isOver(record, now) ? unclaimed(target, alias) : { kind: "live", release, doubt: "unasked" };
  }
}

/** True for a canary that stands for longer than any release would: the rest of its plan again, and an hour. */
function isOverdue(record: Record, now: Instant): record is Extract<Record, { state: "canary" }> {
  return record.state === "canary" && now > record.until + (record.until - record.at) + HOUR;
}

/**
 * By how much a final bake may outlast its record, which can't know: until the promotion has arrived, and while it is held
 * or can't be read. Only a run that is alive has that time.
 */
function longestDelay(record: Record): Duration {
  return record.state === "promoted" && record.until !== null ? record.until - record.at + LONGEST_MOVE : 0;
}

/** True for a promotion whose final bake is over, or that had none: its run may go on with other jobs. */
function isOver(record: Record, now: Instant): boolean {
  return record.state === "promoted" && now >= (record.until ?? 0);
}

function unclaimed(target: Target, alias: Alias): Claim {
  const why = moving(target, alias);
  if (why !== null) return { kind: "moving", why };
  return { kind: alias.routing.additional === null ? "free" : "foreign" };
}

/** A fleet of which something shows that it was cut short. */
interface CutShort {
  readonly fleet: string;
  /** Promotions from before then were part of it. */
  readonly at: Instant;
  readonly why: string;
}

/**
 * Members that their release had promoted already, while it left others of its fleet behind, are orphaned too: all or
 * none. So they are where another member is orphaned, or went back after they were promoted.
 */
export function withFleetmates<T extends { readonly alias: Alias | null; readonly claim: Claim }>(
  all: readonly T[],
): readonly T[] {
  const cutShort = all.flatMap((each) => cutShortBy(each) ?? []);
  return all.map((each) => ({ ...each, claim: claimOnFleetmate(each, cutShort) }));
}

function cutShortBy({ alias, claim }: { readonly alias: Alias | null; readonly claim: Claim }): CutShort | null {
  if (claim.kind === "orphaned") {
    const { fleet, run } = claim.release;
    const why = `run ${run.id} has ended before all of its fleet were promoted`;
    return fleet === null ? null : { fleet, at: Number.POSITIVE_INFINITY, why };
  }
  const record = alias === null ? null : recordOf(alias);
  if (record?.state !== "rolled-back" || record.fleet === undefined) return null;
  return { fleet: record.fleet, at: record.at, why: "others of its fleet went back after it was promoted" };
}

function claimOnFleetmate(
  { alias, claim }: { readonly alias: Alias | null; readonly claim: Claim },
  cutShort: readonly CutShort[],
): Claim {
  if (alias === null || (claim.kind !== "free" && claim.kind !== "moving")) return claim;
  const record = recordOf(alias);
  const release = record?.state === "promoted" ? unfinished(record) : null;
  const sign = cutShort.find(({ fleet, at }) => fleet === release?.fleet && (record?.at ?? 0) <= at);
  return release === null || sign === undefined ? claim : { kind: "orphaned", release, why: sign.why };
}

/** The record of an alias that is just as that says. */
export function recordOf(alias: Alias): Record | null {
  const record = readRecord(alias.description);
  return record !== null && isAsLeftBy(record.run, alias) ? record : null;
}

/** A release that a record tells of, with its way back: what was rolled back has none, nor what was only created. */
export function unfinished(record: Record): Unfinished | null {
  switch (record.state) {
    case "canary": {
      const { run, fleet = null, canary: from, baseline: to, weight } = record;
      return { run, fleet, from, to, standing: `${weight} % of version ${from}` };
    }
    case "promoted": {
      const { run, fleet = null, version: from, before: to } = record;
      return from === to ? null : { run, fleet, from, to, standing: `version ${from}, promoted but not done` };
    }
    case "rolled-back":
      return null;
  }
}
