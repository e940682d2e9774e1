import { type Alias, describeRouting, nameOf, sameSetting } from "../release/alias.ts";
import { alarmsOf, type Guard } from "../release/guard.ts";
import type { AlarmState } from "../release/ports.ts";
import { formatDuration, MINUTE, SECOND, soFar } from "../release/time.ts";
import { type Candidate, type Held, isOrphan, lookAt, type Orphan } from "./candidate.ts";
import { isUnwatched, withFleetmates } from "./claim.ts";
import type { DeployOrder, Order } from "./order.ts";
import { tellServing } from "./serving.ts";
import { messageOf, ReleaseError, type World } from "./world.ts";

/** All that was found before anything is written. */
export interface Found {
  readonly candidates: readonly Candidate[];
  /** The guards' alarms that weren't in ALARM at the start. */
  readonly armed: readonly string[];
}

/** What is wrong with the aliases and alarms, each as a sentence. */
interface Findings extends Found {
  readonly problems: readonly string[];
  /** Who holds an alias at the moment: it passes by itself. */
  readonly busy: readonly string[];
  /** Every alias that could be read, whatever is wrong beside. */
  readonly held: readonly Held[];
}

/**
 * Looks at every function, alias and alarm. What ended releases left behind is put back first, whatever is wrong beside:
 * that needs nothing but Lambda. Where another release holds an alias, it looks again until that is over, for as long as
 * the order waits.
 *
 * @param putBack heals an alias and gives it as it is then, or throws
 * @throws ReleaseError with everything that is wrong, all of it in one go
 */
export async function lookAround(
  order: DeployOrder,
  world: World,
  putBack: (orphan: Orphan) => Promise<Alias>,
): Promise<Found> {
  const { clock, journal, abort } = world;
  const start = clock.now();
  let healed: ReadonlyMap<string, Alias> = new Map();
  for (let told = Number.NEGATIVE_INFINITY; ; ) {
    const { held, busy, ...found } = await findAll(order, world);
    const intrusions = [...healed].flatMap(([name, left]) => intrusion(name, left, found.candidates, held));
    const orphans = intrusions.length > 0 ? [] : held.filter(isOrphan);
    healed = new Map(
      await Promise.all(orphans.map(async (orphan) => [nameOf(orphan.target), await putBack(orphan)] as const)),
    );
    if (orphans.length > 0) continue;
    const problems = [...intrusions, ...found.problems];
    const now = clock.now();
    const isPatient = problems.length === 0 && now - start < order.waitForRelease;
    if (problems.length > 0 || (busy.length > 0 && !isPatient)) {
      for (const { target, alias, claim } of held) if (isUnwatched(claim)) tellServing(world, target, alias);
      throw new ReleaseError([...problems, ...busy].join("; "));
    }
    if (busy.length === 0) return found;
    if (now - told >= MINUTE) {
      told = now;
      const until = formatDuration(order.waitForRelease);
      journal.write({
        kind: "noted",
        text: `${busy.join("; ")}; waiting for up to ${until}${soFar(now - start)}`,
      });
    }
    await clock.sleep(order.pollInterval, abort);
    abort.throwIfAborted();
  }
}

/** What others made of an alias right after it had been put back: they are at it now. One that can't be read tells nothing. */
function intrusion(
  name: string,
  left: Alias,
  candidates: readonly Candidate[],
  held: readonly Held[],
): readonly string[] {
  const now = [...held, ...candidates].find(({ target }) => nameOf(target) === name)?.alias;
  if (now === undefined || (now !== null && sameSetting(now, left))) return [];
  const serves = now === null ? "and is gone" : `and serves ${describeRouting(now.routing)}`;
  return [`${name} was put back, then changed by someone else, ${serves}: find out who, before you deploy again`];
}

/** Reads every function, alias and alarm, and tells everything that is wrong with them. */
export async function findAll(order: Order, world: World): Promise<Findings> {
  const problems: string[] = [];
  const [found, states] = await Promise.all([
    Promise.all(order.functions.map((reference) => lookAt(reference, order, world))),
    alarmStates(order.guards, world, problems),
  ]);
  return {
    candidates: found.flatMap((each) => each.candidate ?? []),
    armed: [...states].flatMap(([name, state]) => (state === "alarm" ? [] : [name])),
    problems: [...problems, ...found.flatMap((each) => each.problems), ...clockProblems(world)],
    busy: found.flatMap((each) => each.busy),
    held: withFleetmates(found.flatMap(({ held }) => held ?? [])),
  };
}

/** A minute of this clock must be one of CloudWatch's: by so much it may be off. */
const MOST_SKEW = 30 * SECOND;

function clockProblems({ functions }: World): readonly string[] {
  const ahead = functions.clockAhead();
  if (Math.abs(ahead) <= MOST_SKEW) return [];
  const off = `${formatDuration(Math.abs(ahead))} ${ahead > 0 ? "ahead of" : "behind"} AWS's`;
  return [`the clock of this runner is ${off}, so that no minute could be judged: set it, and deploy again`];
}

/** Tells what of a function no rollback can take back. */
export function noteDurable(candidates: readonly Candidate[], { journal }: World): void {
  for (const { target, configuration } of candidates) {
    if (!configuration.isDurable) continue;
    const what = "its executions stay on the version that they began on, and a rollback doesn't move them";
    journal.write({ kind: "noted", text: `${target.function} is a durable function: ${what}` });
  }
}

async function alarmStates(
  guards: readonly Guard[],
  { metrics }: World,
  problems: string[],
): Promise<ReadonlyMap<string, AlarmState>> {
  const names = alarmsOf(guards);
  if (names.length === 0) return new Map();
  try {
    const states = await metrics.alarms(names);
    for (const name of names.filter((each) => !states.has(each))) {
      problems.push(`there is no alarm "${name}" in this account and Region: check the name in guards`);
    }
    return states;
  } catch (error) {
    problems.push(messageOf(error));
    return new Map();
  }
}
