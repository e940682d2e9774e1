import { type Alias, nameOf, type Run, sameRun, type Target, type Version } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { type Duration, formatInstant, HOUR, type Instant, MINUTE } from "../release/time.ts";
import type { Ending } from "./fleet.ts";
import { LONGEST_MOVE, moving, tellServing } from "./serving.ts";
import { PERSISTENT, type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

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
  /** A release is at it, or may be: `isSure` is false when GitHub could not be asked. */
  | { readonly kind: "live"; readonly release: Unfinished; readonly isSure: boolean }
  /** Lambda itself has yet to move its calls to where it points. */
  | { readonly kind: "moving"; readonly why: string }
  /** It carries weights that no record explains. */
  | { readonly kind: "foreign" };

/** The clocks of two runners may be so far apart. */
const SKEW = 3 * MINUTE;

/** Tells whether an alias is free to be released to. */
export async function claimOn(target: Target, alias: Alias, { run, runs, clock }: World): Promise<Claim> {
  const record = recordOf(alias);
  const release = record === null ? null : unfinished(record);
  const now = clock.now();
  if (record === null || release === null) return unclaimed(target, alias);

  const orphaned = (why: string): Claim => ({ kind: "orphaned", release, why });
  const isEarlier = record.run.id === run.id && record.run.attempt < run.attempt;
  // A run may go on with other jobs, though the one that released has been lost.
  if (isOverdue(record, now)) return orphaned(`its plan should have been over at ${formatInstant(record.until)}`);
  if (isOver(record, sameRun(record.run, run) ? now : now - longestDelay(record))) return unclaimed(target, alias);
  const state = isEarlier ? "ended" : sameRun(record.run, run) ? "live" : await runs.state(record.run);
  switch (state) {
    case "live":
      return { kind: "live", release, isSure: true };
    case "ended":
      // So late in its final bake, by its own clock it may have ended well.
      if (isOver(record, now + SKEW)) return unclaimed(target, alias);
      return orphaned(isEarlier ? "an earlier attempt of this run" : `run ${record.run.id} has ended`);
    case "unknown":
      return isOver(record, now) ? unclaimed(target, alias) : { kind: "live", release, isSure: false };
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

/** Puts an alias that a release left behind back on its baseline. */
export function heal(world: World, target: Target, alias: Alias, { from, to, fleet }: Unfinished): Promise<Steered> {
  const { run, clock } = world;
  const stamp = { at: clock.now(), run, ...(fleet === null ? {} : { fleet }) };
  return steer(world, target, alias, { state: "rolled-back", from, to, ...stamp }, { attempts: PERSISTENT });
}

/** What main leaves for the post step of the same action to look after. */
export interface Handover {
  /** What each alias served, by its name, before main shifted anything. */
  readonly baselines: ReadonlyMap<string, Version>;
  /**
   * When main had failed, and said so; null when it was killed. What this run wrote later is another step's, such as a
   * second try of the release.
   */
  readonly failedAt: Instant | null;
}

/**
 * Heals what a main left that was killed or failed while it shifted: each alias that is still just as this very run left
 * it, promoted ones too, since a release whose end nobody saw has not ended well. An alias that anybody else has touched
 * since is left alone.
 *
 * @returns how the release ended so; null when main had told its end, and there was nothing to heal
 */
export async function healAfterMain(
  world: World,
  targets: readonly Target[],
  handover: Handover,
): Promise<Ending | null> {
  const found = await Promise.all(targets.map((target) => look(world, target)));
  const healed = await Promise.all(
    found.map(async ({ target, alias, problem }): Promise<Aftermath | null> => {
      if (problem !== null) return unseen(world, target, problem, handover.baselines);
      const left = alias === null ? null : leftOn(alias, world, handover.failedAt);
      if (alias !== null && left !== null) return healOne(world, target, alias, left);
      return handover.failedAt === null ? stateOf(world, target, alias, handover) : null;
    }),
  );
  return endingOf(healed.filter((each) => each !== null));
}

/** What this run left unfinished on an alias, which is still just so; what it wrote after main's end is another step's. */
function leftOn(alias: Alias, { run }: World, mainFailedAt: Instant | null): Unfinished | null {
  const record = isAsLeftBy(run, alias) ? readRecord(alias.description) : null;
  if (record === null || (mainFailedAt !== null && record.at > mainFailedAt)) return null;
  return unfinished(record);
}

/** Of an alias that needs no healing, what has become of the release of a main that was killed. */
function stateOf(world: World, target: Target, alias: Alias | null, { baselines }: Handover): Aftermath | null {
  const baseline = baselines.get(nameOf(target));
  if (baseline === undefined) return null;
  if (alias === null) return { outcome: "superseded", target, standing: "" };
  tellServing(world, target, alias);
  const record = recordOf(alias);
  if (record !== null && sameRun(record.run, world.run)) {
    return record.state === "rolled-back" ? { outcome: "rolled-back", target, standing: "" } : null;
  }
  const isUntouched = alias.routing.additional === null && alias.routing.primary === baseline;
  return { outcome: isUntouched ? "untouched" : "superseded", target, standing: "" };
}

interface Found {
  readonly target: Target;
  readonly alias: Alias | null;
  /** Why it could not be read. */
  readonly problem: string | null;
}

async function look({ traffic }: World, target: Target): Promise<Found> {
  try {
    return { target, alias: await traffic.read(target), problem: null };
  } catch (error) {
    return { target, alias: null, problem: messageOf(error) };
  }
}

/** How the healing of an alias went. */
export interface Healed {
  readonly outcome: "failed" | "superseded" | "rolled-back";
  readonly target: Target;
  /** Where the release stood on it, for people; "" where that isn't known. */
  readonly standing: string;
}

/** What has become of an alias of a main that did not end well; "untouched" where it serves what it did before. */
interface Aftermath extends Omit<Healed, "outcome"> {
  readonly outcome: Healed["outcome"] | "untouched";
}

const TOLD = {
  failed: "could not be put back on the baseline: run the command given now",
  superseded: "was changed by someone else in the meantime, and was left alone",
  "rolled-back": "is back on the baseline",
  untouched: "serves the baseline",
} as const;

function endingOf(healed: readonly Aftermath[]): Ending | null {
  const outcomes = (["failed", "superseded", "rolled-back", "untouched"] as const).filter((outcome) =>
    healed.some((each) => each.outcome === outcome),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) return null;
  const sentences = outcomes.map((each) => {
    const names = healed.filter((one) => one.outcome === each).map(({ target }) => nameOf(target));
    return `${names.join(", ")} ${TOLD[each]}`;
  });
  const places = [...new Set(healed.flatMap(({ standing }) => (standing === "" ? [] : [standing])))];
  const at = places.length === 0 ? "" : `, at ${formatList(places)}`;
  const reason = `the step was killed, or failed, in mid-release${at}; ${sentences.join("; ")}`;
  return { outcome: outcome === "untouched" ? "failed" : outcome, reason, verified: false };
}

/** Heals an alias, and tells how that ended; the command for it where it could not be done. */
export async function healOne(world: World, target: Target, alias: Alias, release: Unfinished): Promise<Healed> {
  const { journal, region } = world;
  journal.write({ kind: "prepared", changes: [{ target, baseline: release.to, canary: release.from }] });
  const result = await heal(world, target, alias, release);
  switch (result.kind) {
    case "done":
      tellServing(world, target, result.alias);
      return { outcome: "rolled-back", target, standing: release.standing };
    case "superseded": {
      // A last write of main may have landed only now.
      const late = result.by === null ? null : leftOn(result.by, world, null);
      if (result.by !== null && late !== null) return healOne(world, target, result.by, late);
      return { outcome: "superseded", target, standing: release.standing };
    }
    case "failed":
    case "aborted": {
      const reason = result.kind === "failed" ? messageOf(result.error) : "the healing was cancelled";
      journal.write({ kind: "stranded", target, reason, command: healCommand(target, release.to, region) });
      return { outcome: "failed", target, standing: release.standing };
    }
  }
}

/** Nobody knows how the alias was left: if it was being released, the command that heals it is told. */
function unseen({ journal, region }: World, target: Target, problem: string, known: ReadonlyMap<string, Version>) {
  const baseline = known.get(nameOf(target));
  if (baseline === undefined) {
    journal.write({ kind: "warned", text: `whether ${nameOf(target)} needs healing could not be seen: ${problem}` });
    return null;
  }
  const reason = `how the step left it could not be seen: ${problem}`;
  journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  return { outcome: "failed", target, standing: "" } as const;
}

/** The record of an alias that is just as that says. */
function recordOf(alias: Alias): Record | null {
  const record = readRecord(alias.description);
  return record !== null && isAsLeftBy(record.run, alias) ? record : null;
}

/** A release that a record tells of, with its way back: what was rolled back has none, nor what was only created. */
function unfinished(record: Record): Unfinished | null {
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
