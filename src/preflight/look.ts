import { type Alias, describeRouting, type FunctionReference, nameOf, sameSetting } from "../domain/alias.ts";
import { formatSkew } from "../domain/format.ts";
import type { AlarmState } from "../domain/ports.ts";
import { type Duration, formatDuration, type Instant, MINUTE, SECOND } from "../domain/time.ts";
import { isUnwatched, withFleetmates } from "../engine/ownership.ts";
import { messageOf, type Ports, ReleaseError } from "../engine/ports.ts";
import { STALE } from "../engine/read-alias.ts";
import { type Wait, waitFor } from "../engine/wait.ts";
import { alarmsOf, type Guard } from "../guards/guard.ts";
import { tellServing } from "../release/serving.ts";
import {
  type Candidate,
  type CandidateRequest,
  type ClaimedAlias,
  inspect,
  isOrphan,
  type Orphan,
} from "./candidate.ts";

/** The pause before everything is looked at again. */
const AGAIN = 5 * SECOND;

/** What is to be released, and by which guards it is judged. */
interface FleetRequest extends CandidateRequest {
  readonly functions: readonly FunctionReference[];
  readonly guards: readonly Guard[];
}

/** The same, where another release that is using an alias is waited for. */
interface WaitingRequest extends FleetRequest {
  readonly waitForRelease: Duration;
  /** How often to look. */
  readonly pollInterval: Duration;
}

/** What was found before anything is written. */
export interface Surroundings {
  readonly candidates: readonly Candidate[];
  /** The guards' alarms that weren't in ALARM at the start. */
  readonly armed: readonly string[];
  /** Those that were. */
  readonly inAlarm: readonly string[];
}

/** What is wrong with the aliases and alarms, each as a sentence. */
interface Findings extends Surroundings {
  readonly problems: readonly string[];
  /** Which aliases are in use at the moment. It passes by itself. */
  readonly busy: readonly string[];
  /** Every alias that could be read, whatever else is wrong. */
  readonly claimed: readonly ClaimedAlias[];
}

/**
 * Looks at every function, alias and alarm. What ended releases left behind is put back first, whatever else is wrong:
 * that needs nothing but Lambda. If another release is using an alias, looks again until it is over, for as long as the
 * order says to wait.
 *
 * @param putBack heals an alias and returns it as it is then, or throws
 * @throws ReleaseError with everything that is wrong, all at once
 */
export async function inspectFleet(
  order: WaitingRequest,
  ports: Ports,
  putBack: (orphan: Orphan) => Promise<Alias>,
): Promise<Surroundings> {
  const { clock, abort } = ports;
  let start: Instant | null = null;
  let healed: ReadonlyMap<string, Alias> = new Map();
  let busy: readonly string[] = [];
  let claimed: readonly ClaimedAlias[] = [];
  const refuse = (problems: readonly string[]): never => {
    for (const { target, alias, claim } of claimed) if (isUnwatched(claim)) tellServing(ports, target, alias);
    throw new ReleaseError([...problems, ...busy].join("; "));
  };
  const look = async (): Promise<Surroundings | null> => {
    for (;;) {
      const found = await findAll(order, ports);
      ({ busy, claimed } = found);
      // Not before Lambda's first answer, which sets the clock.
      start ??= clock.now();
      const externalChanges = [...healed].flatMap(([name, left]) =>
        externalChangeTo(name, left, found.candidates, claimed),
      );
      const orphans = externalChanges.length > 0 ? [] : claimed.filter(isOrphan);
      healed = new Map(
        await Promise.all(orphans.map(async (orphan) => [nameOf(orphan.target), await putBack(orphan)] as const)),
      );
      if (orphans.length > 0) continue;
      const problems = [...externalChanges, ...found.problems];
      // Nothing is refused for a stale read. What was put back is read afresh: that is certain.
      const mayBeStale = externalChanges.length === 0 && clock.now() - start < STALE;
      if (problems.length + busy.length === 0) return found;
      if (!mayBeStale) return problems.length === 0 ? null : refuse(problems);
      await clock.sleep(AGAIN, abort);
      abort.throwIfAborted();
    }
  };

  const found = await look();
  if (found !== null) return found;
  const wait: Wait = {
    limit: order.waitForRelease,
    pause: order.pollInterval,
    size: order.functions.length,
    since: start ?? clock.now(),
    told: (sofar) => `${busy.join("; ")}; waiting for up to ${formatDuration(order.waitForRelease)}${sofar}`,
  };
  const waited = await waitFor(ports, wait, look);
  switch (waited.kind) {
    case "over":
      return waited.answer;
    case "late":
      return refuse([]);
    case "aborted":
      throw abort.reason;
  }
}

/** Who changed an alias right after it was put back: they are using it now. Empty for an alias that can't be read. */
function externalChangeTo(
  name: string,
  left: Alias,
  candidates: readonly Candidate[],
  claimed: readonly ClaimedAlias[],
): readonly string[] {
  const now = [...claimed, ...candidates].find(({ target }) => nameOf(target) === name)?.alias;
  if (now === undefined || (now !== null && sameSetting(now, left))) return [];
  const serves = now === null ? "and is gone" : `and serves ${describeRouting(now.routing)}`;
  return [`${name} was put back, then changed by someone else, ${serves}: find out who before you deploy again`];
}

/** Reads every function, alias and alarm, and lists everything that is wrong with them. */
export async function findAll(order: FleetRequest, ports: Ports): Promise<Findings> {
  const problems: string[] = [];
  const [found, states] = await Promise.all([
    Promise.all(order.functions.map((reference) => inspect(reference, order, ports))),
    alarmStates(order.guards, ports, problems),
  ]);
  return {
    candidates: found.flatMap((each) => each.candidate ?? []),
    armed: [...states].flatMap(([name, state]) => (state === "alarm" ? [] : [name])),
    inAlarm: [...states].flatMap(([name, state]) => (state === "alarm" ? [name] : [])),
    problems: [...problems, ...found.flatMap((each) => each.problems), ...clockProblems(ports)],
    busy: found.flatMap((each) => each.busy),
    claimed: withFleetmates(found.flatMap(({ claimed }) => claimed ?? [])),
  };
}

/**
 * How far this machine's clock may be off. From there on AWS refuses its signatures
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html), and nobody knows what else fails.
 */
const MOST_SKEW = 5 * MINUTE;

function clockProblems({ functions }: Ports): readonly string[] {
  const ahead = functions.clockAhead();
  if (Math.abs(ahead) <= MOST_SKEW) return [];
  return [`the clock of this runner is ${formatSkew(ahead)}, too far for a release: set it right and run this again`];
}

/** Notes what a rollback can't undo. */
export function noteDurable(candidates: readonly Candidate[], { journal }: Ports): void {
  for (const { target, configuration } of candidates) {
    if (!configuration.isDurable) continue;
    const what = "its executions stay on the version they started on, and a rollback doesn't move them";
    journal.write({ kind: "noted", text: `${target.function} is a durable function: ${what}` });
  }
}

async function alarmStates(
  guards: readonly Guard[],
  { metrics }: Ports,
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
