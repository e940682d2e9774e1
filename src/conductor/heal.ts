import { type Alias, nameOf, type Target, type Version } from "../release/alias.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { formatInstant, HOUR, type Instant } from "../release/time.ts";
import type { Ending } from "./fleet.ts";
import { type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

/** Who, if anybody, holds an alias at the moment. */
export type Claim =
  | { readonly kind: "free" }
  /** A release left it between two versions, and its run is over. */
  | { readonly kind: "orphaned"; readonly record: CanaryRecord; readonly why: string }
  | { readonly kind: "live"; readonly record: CanaryRecord }
  /** It carries weights that no record explains. */
  | { readonly kind: "foreign" };

type CanaryRecord = Extract<Record, { state: "canary" }>;

/** Tells whether an alias is free to be released to. */
export async function claimOn(alias: Alias, { run, runs, clock }: World): Promise<Claim> {
  if (alias.routing.additional === null) return { kind: "free" };
  const record = readRecord(alias.description);
  if (record === null || record.state !== "canary" || !isAsLeftBy(record.run, alias)) return { kind: "foreign" };

  const orphaned = (why: string): Claim => ({ kind: "orphaned", record, why });
  if (record.run.id === run.id && record.run.attempt < run.attempt) return orphaned("an earlier attempt of this run");
  const now = clock.now();
  // A release may be held longer than planned, but not for more than its plan's length again and an hour.
  if (now > record.until + (record.until - record.at) + HOUR) {
    return orphaned(`its plan should have been over at ${formatInstant(record.until)}`);
  }
  if (record.run.id !== run.id && (await runs.state(record.run)) === "ended") {
    return orphaned(`run ${record.run.id} has ended`);
  }
  return { kind: "live", record };
}

/** Puts an alias that a release left behind back on its baseline. */
export function heal(world: World, target: Target, alias: Alias, record: CanaryRecord): Promise<Steered> {
  const { run, clock } = world;
  const { canary: from, baseline: to } = record;
  return steer(world, target, alias, { state: "rolled-back", from, to, at: clock.now(), run });
}

/**
 * Heals what a killed run left: each alias that is still just as this very run left it, in mid-release.
 * An alias that anybody else has touched since is left alone.
 *
 * @returns how the release ended so, or null when there was nothing to heal
 */
export async function healAfterKill(world: World, targets: readonly Target[]): Promise<Ending | null> {
  const results = await Promise.all(targets.map((target) => healOneAfterKill(world, target)));
  const healed = results.filter((result) => result !== null);
  const outcome = (["failed", "superseded", "rolled-back"] as const).find((each) =>
    healed.some((result) => result.outcome === each),
  );
  if (outcome === undefined) return null;
  return { outcome, reason: healed.map(({ sentence }) => sentence).join("; "), verified: false };
}

interface Healed {
  readonly outcome: "failed" | "superseded" | "rolled-back";
  readonly sentence: string;
}

async function healOneAfterKill(world: World, target: Target): Promise<Healed | null> {
  const { journal, traffic, run, clock, region } = world;
  const name = nameOf(target);
  const read = await traffic.read(target).catch((error: unknown) => ({ unread: messageOf(error) }));
  if (read !== null && "unread" in read) {
    return { outcome: "failed", sentence: `whether ${name} was left in mid-release could not be seen: ${read.unread}` };
  }
  const alias = read;
  const record = alias === null || !isAsLeftBy(run, alias) ? null : readRecord(alias.description);
  const back = record === null ? null : wayBack(record, clock.now());
  if (alias === null || back === null) {
    journal.write({ kind: "noted", text: `${name}: this run left nothing to heal` });
    return null;
  }
  journal.write({ kind: "prepared", changes: [{ target, baseline: back.to, canary: back.from }] });
  const result = await steer(world, target, alias, { state: "rolled-back", ...back, at: clock.now(), run });
  switch (result.kind) {
    case "done":
      journal.write({ kind: "serving", target, routing: result.alias.routing });
      return {
        outcome: "rolled-back",
        sentence: `the step was killed in mid-release; ${name} serves ${back.to} again`,
      };
    case "superseded":
      return { outcome: "superseded", sentence: `${name} was changed by someone else meanwhile and was left alone` };
    case "failed":
    case "aborted": {
      const reason = result.kind === "failed" ? messageOf(result.error) : "the healing was cancelled";
      journal.write({ kind: "stranded", target, reason, command: healCommand(target, back.to, region) });
      return {
        outcome: "failed",
        sentence: `${name} was left in mid-release and could not be healed. Run the command given for it now`,
      };
    }
  }
}

/** Where a record's release would be rolled back to; null when it had ended. A final bake still counts as under way. */
function wayBack(record: Record, now: Instant): { readonly from: Version; readonly to: Version } | null {
  switch (record.state) {
    case "canary":
      return { from: record.canary, to: record.baseline };
    case "promoted":
      return record.until !== null && now < record.until ? { from: record.version, to: record.before } : null;
    case "rolled-back":
      return null;
  }
}
