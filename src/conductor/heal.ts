import { type Alias, nameOf, type Run, sameRun, type Target, type Version } from "../release/alias.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { formatInstant, HOUR, type Instant } from "../release/time.ts";
import type { Ending } from "./fleet.ts";
import { PERSISTENT, type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

/** A release that stands on an alias and has not ended by itself, with the way back to its baseline. */
export interface Unfinished {
  readonly run: Run;
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
  /** It carries weights that no record explains. */
  | { readonly kind: "foreign" };

/** Tells whether an alias is free to be released to. */
export async function claimOn(alias: Alias, { run, runs, clock }: World): Promise<Claim> {
  const record = recordOf(alias);
  const now = clock.now();
  const release = record === null ? null : unfinished(record, now);
  if (record === null || release === null) return { kind: alias.routing.additional === null ? "free" : "foreign" };

  const orphaned = (why: string): Claim => ({ kind: "orphaned", release, why });
  if (record.run.id === run.id && record.run.attempt < run.attempt) return orphaned("an earlier attempt of this run");
  // A release may be held longer than planned, but not for more than its plan's length again and an hour.
  if (record.state === "canary" && now > record.until + (record.until - record.at) + HOUR) {
    return orphaned(`its plan should have been over at ${formatInstant(record.until)}`);
  }
  const state = sameRun(record.run, run) ? "live" : await runs.state(record.run);
  if (state === "ended") return orphaned(`run ${record.run.id} has ended`);
  return { kind: "live", release, isSure: state === "live" };
}

/**
 * A member that its release had promoted already, when that release was cut short and left others of its fleet behind:
 * all or none, so it goes back too.
 */
export function claimOnFleetmate(alias: Alias, cutShort: readonly Run[]): Claim {
  const record = recordOf(alias);
  const run = record === null ? undefined : cutShort.find((each) => sameRun(each, record.run));
  const release = record === null || run === undefined ? null : promotedBefore(record);
  if (run === undefined || release === null) return { kind: "free" };
  return { kind: "orphaned", release, why: `run ${run.id} has ended before all of its fleet were promoted` };
}

/** Puts an alias that a release left behind back on its baseline. */
export function heal(world: World, target: Target, alias: Alias, { from, to }: Unfinished): Promise<Steered> {
  const { run, clock } = world;
  return steer(
    world,
    target,
    alias,
    { state: "rolled-back", from, to, at: clock.now(), run },
    { attempts: PERSISTENT },
  );
}

/**
 * Heals what a killed run left: each alias that is still just as this very run left it, in mid-release; and if there is
 * one, those too that were promoted already. An alias that anybody else has touched since is left alone.
 *
 * @param known what the run knew before it was killed, for the case that Lambda can't be asked
 * @returns how the release ended so, or null when there was nothing to heal
 */
export async function healAfterKill(
  world: World,
  targets: readonly Target[],
  known: ReadonlyMap<string, Version>,
): Promise<Ending | null> {
  const { run, clock, journal } = world;
  const found = await Promise.all(targets.map((target) => look(world, target)));
  const own = (each: Found): Record | null =>
    each.alias !== null && isAsLeftBy(run, each.alias) ? readRecord(each.alias.description) : null;
  const isCutShort = found.some((each) => own(each)?.state === "canary");

  const healed = await Promise.all(
    found.map(async (each) => {
      if (each.problem !== null) return unseen(world, each.target, each.problem, known);
      const record = own(each);
      const release =
        record === null ? null : (unfinished(record, clock.now()) ?? (isCutShort ? promotedBefore(record) : null));
      if (each.alias !== null && release !== null) return healOne(world, each.target, each.alias, release);
      journal.write({ kind: "noted", text: `${nameOf(each.target)}: this run left nothing to heal` });
      return null;
    }),
  );
  return endingOf(healed.filter((each) => each !== null));
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

interface Healed {
  readonly outcome: "failed" | "superseded" | "rolled-back";
  readonly target: Target;
}

function endingOf(healed: readonly Healed[]): Ending | null {
  const told = {
    failed: "could not be put back on the baseline: run the command given now",
    superseded: "was changed by someone else in the meantime, and was left alone",
    "rolled-back": "is back on the baseline",
  } as const;
  const outcomes = (["failed", "superseded", "rolled-back"] as const).filter((outcome) =>
    healed.some((each) => each.outcome === outcome),
  );
  const [outcome] = outcomes;
  if (outcome === undefined) return null;
  const sentences = outcomes.map((each) => {
    const names = healed.filter((one) => one.outcome === each).map(({ target }) => nameOf(target));
    return `${names.join(", ")} ${told[each]}`;
  });
  return { outcome, reason: `the step was killed in mid-release; ${sentences.join("; ")}`, verified: false };
}

async function healOne(world: World, target: Target, alias: Alias, release: Unfinished): Promise<Healed> {
  const { journal, region } = world;
  journal.write({ kind: "prepared", changes: [{ target, baseline: release.to, canary: release.from }] });
  const result = await heal(world, target, alias, release);
  switch (result.kind) {
    case "done":
      journal.write({ kind: "serving", target, routing: result.alias.routing });
      return { outcome: "rolled-back", target };
    case "superseded":
      return { outcome: "superseded", target };
    case "failed":
    case "aborted": {
      const reason = result.kind === "failed" ? messageOf(result.error) : "the healing was cancelled";
      journal.write({ kind: "stranded", target, reason, command: healCommand(target, release.to, region) });
      return { outcome: "failed", target };
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
  const reason = `how the killed step left it could not be seen: ${problem}`;
  journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  return { outcome: "failed", target } as const;
}

/** The record of an alias that is just as that says. */
function recordOf(alias: Alias): Record | null {
  const record = readRecord(alias.description);
  return record !== null && isAsLeftBy(record.run, alias) ? record : null;
}

/** What a record tells of a release that has not ended; null when it has. A final bake still counts as under way. */
function unfinished(record: Record, now: Instant): Unfinished | null {
  switch (record.state) {
    case "canary": {
      const { run, canary: from, baseline: to, weight } = record;
      return { run, from, to, standing: `${weight} % of version ${from}` };
    }
    case "promoted":
      return record.until !== null && now < record.until ? promotedBefore(record) : null;
    case "rolled-back":
      return null;
  }
}

function promotedBefore(record: Record): Unfinished | null {
  if (record.state !== "promoted" || record.before === record.version) return null;
  const { run, version: from, before: to } = record;
  return { run, from, to, standing: `version ${from}, promoted but not done` };
}
