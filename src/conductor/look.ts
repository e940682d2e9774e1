import { type Alias, nameOf, type Target } from "../release/alias.ts";
import type { Guard } from "../release/guard.ts";
import type { AlarmState, Configuration } from "../release/ports.ts";
import { isDescriptionTooLong, longestOwnText, ownText } from "../release/record.ts";
import { type Claim, claimOn, withFleetmates } from "./heal.ts";
import type { FunctionReference, Order } from "./order.ts";
import { messageOf, ReleaseError, type World } from "./world.ts";

/** A function as it was found, fit to be released. */
export interface Candidate {
  readonly target: Target;
  /** What is to be published, or the version that was asked for. */
  readonly configuration: Configuration;
  /** Null when it is to be created. */
  readonly alias: Alias | null;
  readonly claim: Claim;
}

/** All that was found before anything is written. */
export interface Found {
  readonly candidates: readonly Candidate[];
  /** The guards' alarms that weren't in ALARM at the start. */
  readonly armed: readonly string[];
}

/**
 * Reads every function, alias and alarm, and writes nothing.
 *
 * @throws ReleaseError with everything that is wrong, all of it in one go
 */
export async function lookAround(order: Order, world: World): Promise<Found> {
  const { problems, ...found } = await findAll(order, world);
  if (problems.length > 0) throw new ReleaseError(problems.join("; "));
  return found;
}

/** Reads every function, alias and alarm, and tells everything that is wrong with them. */
export async function findAll(order: Order, world: World): Promise<Found & { readonly problems: string[] }> {
  const problems: string[] = [];
  const [candidates, states] = await Promise.all([
    Promise.all(order.functions.map((reference) => candidate(reference, order, world, problems))),
    alarmStates(order.guards, world, problems),
  ]);
  const armed = [...states].flatMap(([name, state]) => (state === "alarm" ? [] : [name]));
  return { candidates: withFleetmates(candidates.filter((each) => each !== null)), armed, problems };
}

async function candidate(
  reference: FunctionReference,
  order: Order,
  world: World,
  problems: string[],
): Promise<Candidate | null> {
  const target: Target = { function: reference.name, alias: order.alias };
  const before = problems.length;
  const problem = (text: string) => {
    problems.push(text);
    return null;
  };
  try {
    const [configuration, alias] = await Promise.all([
      world.functions.configuration(reference.name, order.version ?? "$LATEST"),
      world.traffic.read(target),
    ]);
    if (configuration === null) return problem(missing(reference, order, world));
    checkAccount(reference, configuration);
    if (alias === null) return { target, configuration, alias, claim: { kind: "free" } };

    const [claim, baseline] = await Promise.all([claimOn(target, alias, world), baselineOf(target, alias, world)]);
    const name = nameOf(target);
    if (claim.kind === "live") {
      const { run, standing } = claim.release;
      problem(
        claim.isSure
          ? `${name} is being released by run ${run.id} right now (${standing}): wait until it has ended, or roll it back`
          : `${name} stands at ${standing} by run ${run.id}, and whether that run is still alive could not be asked: ` +
              "give the job `permissions: actions: read`, or roll the alias back",
      );
    }
    if (claim.kind === "moving") problem(`${claim.why}: deploy again when it is done, or roll the alias back`);
    if (claim.kind === "foreign") {
      problem(
        `${name} sends ${alias.routing.additional?.weight} % of its traffic to version ${alias.routing.additional?.version}, ` +
          "and no release says why: somebody else is shifting it. It was not touched; remove the weights when they are done",
      );
    }
    if (alias.routing.primary === "$LATEST") {
      problem(
        `${name} points to $LATEST, which can't share an alias's traffic: publish a version and point it there first`,
      );
    } else if (baseline === null) {
      problem(`${name} serves version ${alias.routing.primary}, which doesn't exist: point it to a version that does`);
    } else {
      for (const difference of differences(configuration, baseline)) {
        problem(`${name}: Lambda can't split traffic between versions with different ${difference}`);
      }
    }
    if (isDescriptionTooLong(alias.description)) {
      problem(
        `${name} has a description of ${ownText(alias.description).length} characters; the release keeps its record ` +
          `behind it and needs it to be at most ${longestOwnText}: shorten it`,
      );
    }
    return problems.length > before ? null : { target, configuration, alias, claim };
  } catch (error) {
    return problem(messageOf(error));
  }
}

async function baselineOf({ function: name }: Target, { routing }: Alias, { functions }: World) {
  return routing.primary === "$LATEST" ? null : functions.configuration(name, routing.primary);
}

/** An ARN may name another account than the credentials'. @throws ReleaseError */
export function checkAccount({ name, account }: FunctionReference, { arn }: Configuration): void {
  const own = arn.split(":")[4];
  if (account === null || account === own) return;
  const meant = `${name} was given in account ${account}`;
  throw new ReleaseError(`${meant}, but the credentials are for account ${own}: use credentials of ${account}`);
}

function missing({ name }: FunctionReference, { version }: Order, { region }: World): string {
  return version === null
    ? `there is no function ${name} in ${region}: check the name, the Region and the account of the credentials`
    : `there is no version ${version} of a function ${name} in ${region}: check both, and the Region`;
}

/** Lambda's own conditions for two versions to share an alias. */
function differences(canary: Configuration, baseline: Configuration): string[] {
  const unlike = (what: string, ours: string | null, theirs: string | null) =>
    ours === theirs ? [] : [`${what} (${theirs ?? "none"} now, ${ours ?? "none"} in the new one)`];
  return [
    ...unlike("execution roles", canary.role, baseline.role),
    ...unlike("dead-letter targets", canary.deadLetter, baseline.deadLetter),
  ];
}

async function alarmStates(
  guards: readonly Guard[],
  { metrics }: World,
  problems: string[],
): Promise<ReadonlyMap<string, AlarmState>> {
  const names = guards.flatMap((guard) => (guard.kind === "alarm" ? [guard.alarm] : []));
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
