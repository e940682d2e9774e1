import {
  type Alias,
  describeRouting,
  nameOf,
  type Routing,
  sameRouting,
  type Target,
  type Version,
} from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import { isAsLeftBy, type Record, readRecord, recordedRouting, writeRecord } from "../release/record.ts";
import { SECOND } from "../release/time.ts";
import type { Ending } from "./fleet.ts";
import { checkAccount } from "./look.ts";
import type { FunctionReference, Order } from "./order.ts";
import { moving, tellServing } from "./serving.ts";
import { passes } from "./steer.ts";
import { healCommand, messageOf, ReleaseError, type World } from "./world.ts";

const ATTEMPTS = 8;

export type RollbackOrder = Pick<Order, "functions" | "alias" | "version">;

/**
 * The rollback that a person asks for. It needs nothing but Lambda, and wins against a running release: that one
 * notices by the alias's revision, and gives way.
 */
export async function rollBack({ functions, alias, version }: RollbackOrder, world: World): Promise<Ending> {
  const results = await Promise.allSettled(functions.map((each) => rollBackOne(each, alias, version, world)));
  const problems = results.flatMap((result) => (result.status === "rejected" ? [messageOf(result.reason)] : []));
  if (problems.length > 0) return { outcome: "failed", reason: problems.join("; "), verified: false };
  const done = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const outcome = done.every(({ changed }) => !changed) ? "unchanged" : "rolled-back";
  return { outcome, reason: formatList(done.map(({ sentence }) => sentence)), verified: false };
}

interface Done {
  readonly changed: boolean;
  readonly sentence: string;
}

async function rollBackOne(
  reference: FunctionReference,
  aliasName: string,
  version: Version | null,
  world: World,
): Promise<Done> {
  const target: Target = { function: reference.name, alias: aliasName };
  const { traffic, clock, journal, run, region } = world;
  const name = nameOf(target);
  let to = version;
  for (let attempt = 1; ; attempt++) {
    try {
      const alias = await traffic.read(target);
      if (alias === null) throw new ReleaseError(`${name} doesn't exist: check the names and the Region`);
      if (attempt === 1) await checkRequest(reference, alias, version, world);
      // Asked twice, or after a lost answer: a second rollback must not go one version further down.
      if (version === null && isRolledBack(alias)) {
        const done = settled(target, alias, attempt > 1, world);
        const further = 'it was rolled back to it before. To go further back, name a version with the input "version"';
        return done.changed ? done : { ...done, sentence: `${done.sentence}: ${further}` };
      }
      const goal = await destination(target, alias, version, world);
      to = goal.version;
      const record: Record = { state: "rolled-back", from: goal.from, to, at: clock.now(), run };
      const routing: Routing = recordedRouting(record);
      if (sameRouting(alias.routing, routing) && goal.from !== alias.movingFrom)
        return settled(target, alias, attempt > 1, world);
      await traffic.write(target, routing, writeRecord(alias.description, record), alias.revision);
      journal.write({ kind: "prepared", changes: [{ target, baseline: to, canary: goal.from }] });
      journal.write({ kind: "turned-back", reason: `${name} goes back from ${goal.from} to ${to}: ${goal.why}` });
      const found = await traffic.read(target);
      if (found === null) throw new ReleaseError(`${name} was rolled back, and then deleted by someone else`);
      return settled(target, found, true, world);
    } catch (error) {
      // A conflict is the running release making its next move: read again, and win.
      if (passes(error) && attempt < ATTEMPTS) {
        await clock.sleep(Math.min(attempt, 4) * SECOND);
        continue;
      }
      if (to !== null && !(error instanceof ReleaseError)) {
        journal.write({ kind: "stranded", target, reason: messageOf(error), command: healCommand(target, to, region) });
      }
      throw error;
    }
  }
}

/** What was named must be there, and must be meant. @throws ReleaseError */
async function checkRequest(
  { name, account }: FunctionReference,
  { routing }: Alias,
  version: Version | null,
  { functions }: World,
): Promise<void> {
  if (version !== null && version === routing.additional?.version) {
    const what = `version ${version} of ${name} is the canary that is being released: a rollback to it would promote it`;
    throw new ReleaseError(`${what}. Leave out the input "version" to take the release back`);
  }
  // Without these inputs nothing but the alias is read, and the first write is sooner.
  if (version === null && account === null) return;
  const configuration = await functions.configuration(name, version ?? "$LATEST");
  if (configuration === null) throw new ReleaseError(`there is no version ${version ?? "$LATEST"} of ${name}`);
  checkAccount({ name, account }, configuration);
}

function isRolledBack(alias: Alias): boolean {
  const record = readRecord(alias.description);
  return record?.state === "rolled-back" && isAsLeftBy(record.run, alias);
}

function settled(target: Target, alias: Alias, changed: boolean, world: World): Done {
  tellServing(world, target, alias);
  const serves = `${nameOf(target)} serves ${describeRouting(alias.routing)} ${changed ? "again" : "already"}`;
  const yet = moving(target, alias);
  return { changed, sentence: yet === null ? serves : `${serves}, but ${yet}` };
}

interface Destination {
  readonly from: Version;
  readonly version: Version;
  readonly why: string;
}

/**
 * Where an alias goes back to: what was asked for, else off the canary, else what its record says was before, else what
 * Lambda itself is still moving its calls from.
 */
async function destination(
  { function: name, alias: aliasName }: Target,
  { routing, description, movingFrom }: Alias,
  asked: Version | null,
  { functions }: World,
): Promise<Destination> {
  const { primary, additional } = routing;
  const from = additional?.version ?? primary;
  if (asked !== null) return { from, version: asked, why: "it was asked for" };
  if (additional !== null) return { from, version: primary, why: "a release was in flight" };
  const record = readRecord(description);
  if (record?.state === "promoted" && record.version === primary && record.before !== primary) {
    return { from, version: record.before, why: `that was served before run ${record.run.id} promoted ${primary}` };
  }
  if (movingFrom !== null) {
    // Lambda is on its way from a lower version to a newer one; or on its way back already, and then it shall get there.
    const why = `Lambda was still moving the calls from ${movingFrom} to ${primary}`;
    return Number(movingFrom) < Number(primary)
      ? { from: primary, version: movingFrom, why }
      : { from: movingFrom, version: primary, why };
  }
  const lower = (await functions.versions(name)).filter((each) => Number(each) < Number(primary)).at(-1);
  if (lower === undefined) {
    const what = `${name}:${aliasName} serves ${primary}, and there is no lower version to go back to`;
    throw new ReleaseError(`${what}: name one with the input "version"`);
  }
  return {
    from,
    version: lower,
    why: `no record says what was served before, so it is the highest version below ${primary}`,
  };
}
