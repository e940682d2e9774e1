import { type Alias, describeMove, type Run, sameRun, type Target, type Version } from "../domain/alias.ts";
import { type AliasRecord, recordOf } from "../domain/alias-record.ts";
import { type Duration, formatInstant, HOUR, type Instant, MINUTE } from "../domain/time.ts";
import { LONGEST_MOVE } from "../release/serving.ts";
import { messageOf, type Ports } from "./ports.ts";

/** A release that an alias's record shows as not ended, with the version to go back to. */
export interface Unfinished {
  readonly run: Run;
  readonly fleet: string | null;
  readonly from: Version;
  readonly to: Version;
  /** How far it got, for people: `25 % of version 42`. */
  readonly reached: string;
}

/** Who, if anyone, is using an alias at the moment. */
export type Claim =
  | { readonly kind: "free" }
  /** A release left it unfinished, and its run is over. */
  | { readonly kind: "orphaned"; readonly release: Unfinished; readonly why: string }
  /** A release is using it, or may be. */
  | { readonly kind: "live"; readonly release: Unfinished; readonly doubt: Doubt | null }
  /** Lambda hasn't moved its calls yet to the version it points to. */
  | { readonly kind: "moving"; readonly why: string }
  /** It has weights that no record explains. */
  | { readonly kind: "foreign" };

/** Why it is unknown whether a release is still going. */
export type Doubt =
  /** GitHub could not be asked. The problem says why not, and what is missing. */
  | { readonly kind: "unasked"; readonly problem: string }
  /** The release is part of this very run, and GitHub only knows about runs as a whole. */
  | { readonly kind: "own run" };

/** True if a release or weights are on an alias, and nobody is known to be watching them. */
export function isUnwatched(claim: Claim): boolean {
  return claim.kind === "foreign" || (claim.kind === "live" && claim.doubt !== null);
}

/** How far apart the clocks of two runners may be. */
const SKEW = 3 * MINUTE;

/** Whether an alias is free to be released to. */
export async function claimOn(target: Target, alias: Alias, { run, runs, clock }: Ports): Promise<Claim> {
  const record = recordOf(alias);
  const release = record === null ? null : unfinished(record);
  const now = clock.now();
  if (record === null || release === null) return unclaimed(target, alias);

  const orphaned = (why: string): Claim => ({ kind: "orphaned", release, why });
  const isEarlier = record.run.id === run.id && record.run.attempt < run.attempt;
  // The run may go on with other jobs after the one that released was lost.
  if (isOverdue(record, now)) return orphaned(`its plan should have ended by ${formatInstant(record.until)}`);
  const isOwn = sameRun(record.run, run);
  if (isOver(record, isOwn ? now : now - longestDelay(record))) return unclaimed(target, alias);
  const state = isEarlier ? "ended" : isOwn ? "live" : await runs.state(record.run).catch(unasked);
  switch (state) {
    case "live":
      return { kind: "live", release, doubt: isOwn ? { kind: "own run" } : null };
    case "ended":
      // This close to the end of its final bake, it may have ended well by its own clock.
      if (isOver(record, now + SKEW)) return unclaimed(target, alias);
      return orphaned(isEarlier ? "an earlier attempt of this run" : `run ${record.run.id} has ended`);
    default:
      return isOver(record, now) ? unclaimed(target, alias) : { kind: "live", release, doubt: state };
  }
}

function unasked(error: unknown): Doubt {
  return { kind: "unasked", problem: messageOf(error) };
}

/** True if a canary is long past the end of its plan: by as much time again as was left of it, plus an hour. */
function isOverdue(record: AliasRecord, now: Instant): record is Extract<AliasRecord, { state: "canary" }> {
  return record.state === "canary" && now > record.until + (record.until - record.at) + HOUR;
}

/**
 * How much longer a final bake may take than its record says. The record can't know how long the promotion takes to
 * take effect, or how long the bake is held or can't be read. Only a run that is still going gets this time.
 */
function longestDelay(record: AliasRecord): Duration {
  return record.state === "promoted" && record.until !== null ? record.until - record.at + LONGEST_MOVE : 0;
}

/** True for a promotion whose final bake is over, or that had none. Its run may go on with other jobs. */
function isOver(record: AliasRecord, now: Instant): boolean {
  return record.state === "promoted" && now >= (record.until ?? 0);
}

function unclaimed(target: Target, alias: Alias): Claim {
  const { routing, movingFrom } = alias;
  if (movingFrom !== null) return { kind: "moving", why: describeMove(target, movingFrom, routing.primary) };
  return { kind: routing.additional === null ? "free" : "foreign" };
}

/** A fleet whose release is known to have been cut short. */
interface CutShort {
  readonly fleet: string;
  /** Promotions up to this time were part of it. */
  readonly at: Instant;
  readonly why: string;
}

/**
 * A fleet is promoted as a whole or not at all. So a promoted member counts as orphaned too, if another member of its
 * fleet is orphaned, or was rolled back after the promotion.
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
    const why = `run ${run.id} ended before its whole fleet was promoted`;
    return fleet === null ? null : { fleet, at: Number.POSITIVE_INFINITY, why };
  }
  const record = alias === null ? null : recordOf(alias);
  if (record?.state !== "rolled-back" || record.fleet === undefined) return null;
  return { fleet: record.fleet, at: record.at, why: "others in its fleet were rolled back after it was promoted" };
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

/** The release that a record shows as not ended; null if it was rolled back, or the alias was only created. */
export function unfinished(record: AliasRecord): Unfinished | null {
  switch (record.state) {
    case "canary": {
      const { run, fleet = null, canary: from, baseline: to, weight } = record;
      return { run, fleet, from, to, reached: `${weight} % of version ${from}` };
    }
    case "promoted": {
      const { run, fleet = null, version: from, before: to } = record;
      return from === to ? null : { run, fleet, from, to, reached: `version ${from}, promoted but not finished` };
    }
    case "rolled-back":
      return null;
  }
}
