import {
  type Alias,
  type FunctionReference,
  nameOf,
  type Routing,
  sameRouting,
  type Target,
  type Version,
} from "../domain/alias.ts";
import { type AliasRecord, readRecord, recordedRouting, recordOf } from "../domain/alias-record.ts";
import { healCommand } from "../domain/heal-command.ts";
import { together } from "../domain/input.ts";
import { type Instant, SECOND } from "../domain/time.ts";
import { messageOf, type Ports, ReleaseError } from "../engine/ports.ts";
import { readAgain } from "../engine/read-alias.ts";
import { arrived, PERSISTENT, passes, sendRecord } from "../engine/write-alias.ts";
import { checkAccount } from "../preflight/account.ts";
import type { Ending, Outcome } from "../release/events.ts";
import { type Reason, said, type Why } from "../release/reason.ts";
import { tellServing } from "../release/serving.ts";
import { type Command, NOTHING_SHOWN, type Order } from "./command.ts";
import { readVersion } from "./inputs.ts";

/** Used in the command when the alias could not be read: whoever runs it has to fill in the number. */
const UNKNOWN_VERSION = "VERSION";

interface RollbackInputs {
  /** Where to go back to; null for the version that served before. */
  readonly version: Version | null;
}

export const rollback: Command<RollbackInputs> = {
  name: "rollback",
  traits: { doing: "rolling back", moves: "back", aRollbackIs: "the aim" },
  comments: "live",
  needsMergedCode: false,
  parse: (read, functions) => together<RollbackInputs>({ version: readVersion(read, functions) }),
  shows: () => NOTHING_SHOWN,
  run: rollBack,
  isSuccess: (outcome) => outcome === "rolled-back" || outcome === "unchanged",
};

/**
 * The rollback that a person asks for. It needs nothing but Lambda, and wins against a running release, which sees that
 * the alias has a new revision and gives way.
 */
async function rollBack({ functions, alias, version }: Order & RollbackInputs, ports: Ports): Promise<Ending> {
  const results = await Promise.allSettled(functions.map((each) => rollBackOne(each, alias, version, ports)));
  const problems = results.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
  const ends = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const reasons = (...kinds: End["kind"][]) =>
    ends.flatMap(({ kind, reason }) => (kinds.includes(kind) ? [reason] : []));
  const end = (outcome: Outcome, kind: "all" | "list", why: readonly Reason[]): Ending => {
    return { outcome, reason: { kind, reasons: why }, verified: false };
  };
  const externalChanges = reasons("superseded");
  if (problems.length > 0) return end("failed", "all", [...problems.map(said), ...externalChanges]);
  if (externalChanges.length > 0) return end("superseded", "all", [...externalChanges, ...reasons("changed")]);
  return end(reasons("changed").length > 0 ? "rolled-back" : "unchanged", "list", reasons("changed", "unchanged"));
}

/** How it ended for one function; "superseded" if someone else moved the alias elsewhere in the meantime. */
interface End {
  readonly kind: "changed" | "unchanged" | "superseded";
  readonly reason: Reason;
}

async function rollBackOne(
  reference: FunctionReference,
  aliasName: string,
  version: Version | null,
  ports: Ports,
): Promise<End> {
  const target: Target = { function: reference.name, alias: aliasName };
  const { traffic, clock, journal, run, region } = ports;
  const name = nameOf(target);
  const start = clock.now();
  let course: Course | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      const read = () => traffic.read(target);
      // A stale read must not be the reason to say that there is nothing to do.
      const isDone = (found: Alias | null) => attempt === 1 && found !== null && isThere(found, version);
      const alias = await readAgain(clock, read, isDone);
      if (alias === null) throw new ReleaseError(`${name} doesn't exist: check the names and the Region`);
      if (attempt === 1) await checkRequest(reference, alias, version, ports);
      // When asked twice, or after a lost answer: a second rollback must not go back one more version.
      if (version === null && isRolledBack(alias)) {
        return settled(target, await arrived(ports, target, alias), attempt > 1 ? "now" : "earlier", ports);
      }
      if (isOlder(alias, start)) course = null;
      course ??= { start: alias.routing, goal: await destination(target, alias, version, ports) };
      if (version === null && isOffCourse(alias, course)) return superseded(target, alias, course, ports);
      const { goal } = course;
      const to = goal.version;
      const from = alias.routing.additional?.version ?? goal.from;
      const record: AliasRecord = { state: "rolled-back", from, to, at: clock.now(), run };
      const routing: Routing = recordedRouting(record);
      if (sameRouting(alias.routing, routing) && goal.from !== alias.movingFrom)
        return settled(target, alias, attempt > 1 ? "now" : "already", ports);
      await sendRecord(traffic, target, alias, record);
      journal.write({ kind: "prepared", changes: [{ target, baseline: to, canary: from }] });
      journal.write({ kind: "turned-back", reason: { kind: "goes-back", target, from, to, why: goal.why } });
      const found = await traffic.read(target);
      if (found === null) throw new ReleaseError(`${name} was rolled back, and then deleted by someone else`);
      // If someone else has changed it since, don't touch it again.
      const isOurs = sameRouting(found.routing, routing);
      return settled(target, isOurs ? await arrived(ports, target, found) : found, "now", ports);
    } catch (error) {
      // A conflict means that the running release has just made its next move: read again, and win.
      if (passes(error) && attempt < PERSISTENT) {
        await clock.sleep(Math.min(attempt, 4) * SECOND);
        continue;
      }
      if (!(error instanceof ReleaseError)) {
        const to = version ?? course?.goal.version ?? UNKNOWN_VERSION;
        const reason = said(messageOf(error));
        journal.write({ kind: "stranded", target, reason, command: healCommand(target, to, region), weight: null });
      }
      throw error;
    }
  }
}

/** Checks that what was named exists, in the named account, and isn't the canary. @throws ReleaseError if not */
async function checkRequest(
  { name, account }: FunctionReference,
  { routing }: Alias,
  version: Version | null,
  { functions }: Ports,
): Promise<void> {
  if (version !== null && version === routing.additional?.version) {
    const what = `version ${version} of ${name} is the canary of a running release: a rollback to it would promote it`;
    throw new ReleaseError(`${what}. Leave out the input "version" to roll the release back`);
  }
  // Without these inputs only the alias is read, so the first write comes sooner.
  if (version === null && account === null) return;
  const configuration = await functions.configuration(name, version ?? "$LATEST");
  if (configuration === null) throw new ReleaseError(`there is no version ${version ?? "$LATEST"} of ${name}`);
  checkAccount({ name, account }, configuration);
}

/** True if there is nothing left to roll back. While Lambda still moves the calls, there is. */
function isThere(alias: Alias, version: Version | null): boolean {
  if (alias.movingFrom !== null) return false;
  if (version === null) return isRolledBack(alias);
  return sameRouting(alias.routing, { primary: version, additional: null });
}

/** True after a rollback by a run, or by hand, which leaves the release's record in place. */
function isRolledBack(alias: Alias): boolean {
  const record = readRecord(alias.description);
  switch (record?.state) {
    case "rolled-back":
      return recordOf(alias) !== null;
    case "canary":
      return alias.routing.additional === null && alias.routing.primary === record.baseline;
    case "promoted":
      return (
        alias.routing.additional === null && alias.routing.primary === record.before && record.before !== record.version
      );
    case undefined:
      return false;
  }
}

function settled(target: Target, alias: Alias, by: "already" | "now" | "earlier", ports: Ports): End {
  tellServing(ports, target, alias);
  const { routing, movingFrom } = alias;
  return { kind: by === "now" ? "changed" : "unchanged", reason: { kind: "settled", target, routing, movingFrom, by } };
}

/**
 * Where a rollback started and where it goes: decided once, so that a retry can't go back further than was asked for.
 */
interface Course {
  readonly start: Routing;
  readonly goal: Destination;
}

/** True if a release left the alias so before the rollback began: whatever else was read of it was stale. */
function isOlder(alias: Alias, start: Instant): boolean {
  const record = recordOf(alias);
  return record !== null && record.at < start;
}

/** True if someone else moved the alias: it is neither where we started, nor at the goal, nor as a release left it. */
function isOffCourse(alias: Alias, { start, goal }: Course): boolean {
  const { routing } = alias;
  return routing.primary !== goal.version && !sameRouting(routing, start) && recordOf(alias) === null;
}

function superseded(target: Target, alias: Alias, { goal }: Course, ports: Ports): End {
  tellServing(ports, target, alias);
  return { kind: "superseded", reason: { kind: "off-course", target, to: goal.version, routing: alias.routing } };
}

interface Destination {
  readonly from: Version;
  readonly version: Version;
  readonly why: Why;
}

/**
 * Where an alias goes back to: the version that was asked for. Else off the canary. Else to the version before, by its
 * record. Else to the version that Lambda is still moving the calls from. Else to the next lower version.
 */
async function destination(
  { function: name, alias: aliasName }: Target,
  { routing, description, movingFrom }: Alias,
  asked: Version | null,
  { functions }: Ports,
): Promise<Destination> {
  const { primary, additional } = routing;
  const from = additional?.version ?? primary;
  if (asked !== null) {
    return { from, version: asked, why: { kind: "asked", isNewer: Number(asked) > Number(from) } };
  }
  const record = readRecord(description);
  if (additional !== null) {
    const isKnown = record?.state === "canary" && record.canary === additional.version;
    const { version, weight } = additional;
    return {
      from,
      version: primary,
      why: isKnown ? { kind: "release-under-way" } : { kind: "had-weight", version, weight },
    };
  }
  if (record?.state === "canary" && record.canary === primary) {
    const why = { kind: "before-release", run: record.run.id, version: primary } as const;
    return { from, version: record.baseline, why };
  }
  if (record?.state === "promoted" && record.version === primary && record.before !== primary) {
    const why = { kind: "before-promotion", run: record.run.id, version: primary } as const;
    return { from, version: record.before, why };
  }
  if (movingFrom !== null) {
    // From lower to higher, it is a promotion: undo it. From higher to lower, it is a rollback: let it finish.
    const why = { kind: "still-moving", from: movingFrom, to: primary } as const;
    return Number(movingFrom) < Number(primary)
      ? { from: primary, version: movingFrom, why }
      : { from: movingFrom, version: primary, why };
  }
  const turnedDown = record?.state === "rolled-back" ? record.from : null;
  const lower = (await functions.versions(name))
    .filter((each) => Number(each) < Number(primary) && each !== turnedDown)
    .at(-1);
  if (lower === undefined) {
    const what = `${name}:${aliasName} serves ${primary}, and there is no lower version to go back to`;
    throw new ReleaseError(`${what}: name one in the input "version"`);
  }
  return { from, version: lower, why: { kind: "next-lower", below: primary } };
}
