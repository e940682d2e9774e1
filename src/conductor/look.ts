import { type Alias, isNumbered, nameOf, type Target } from "../release/alias.ts";
import { alarmsOf, type Guard } from "../release/guard.ts";
import type { AlarmState, Configuration } from "../release/ports.ts";
import { isDescriptionTooLong, LONGEST_OWN_TEXT, ownText } from "../release/record.ts";
import { formatDuration, MINUTE } from "../release/time.ts";
import { type Claim, claimOn, isUnwatched, withFleetmates } from "./claim.ts";
import type { DeployOrder, FunctionReference, Order } from "./order.ts";
import { tellServing } from "./serving.ts";
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

interface Unwatched {
  readonly target: Target;
  readonly alias: Alias;
}

/** What is wrong with the aliases and alarms, each as a sentence. */
interface Findings extends Found {
  readonly problems: readonly string[];
  /** Who holds an alias at the moment: it passes by itself. */
  readonly busy: readonly string[];
  /** Aliases between two versions of which nobody knows that anybody watches. */
  readonly unwatched: readonly Unwatched[];
}

/**
 * Reads every function, alias and alarm, and writes nothing. Where another release holds an alias, it looks again until
 * that is over, for as long as the order waits.
 *
 * @throws ReleaseError with everything that is wrong, all of it in one go
 */
export async function lookAround(order: DeployOrder, world: World): Promise<Found> {
  const { clock, journal, abort } = world;
  const start = clock.now();
  for (let told = Number.NEGATIVE_INFINITY; ; ) {
    const { problems, busy, unwatched, ...found } = await findAll(order, world);
    const now = clock.now();
    const isPatient = problems.length === 0 && now - start < order.waitForRelease;
    if (problems.length > 0 || (busy.length > 0 && !isPatient)) {
      for (const { target, alias } of unwatched) tellServing(world, target, alias);
      throw new ReleaseError([...problems, ...busy].join("; "));
    }
    if (busy.length === 0) return found;
    if (now - told >= MINUTE) {
      told = now;
      const until = formatDuration(order.waitForRelease);
      journal.write({
        kind: "noted",
        text: `${busy.join("; ")}; waiting for up to ${until} (${formatDuration(now - start)} so far)`,
      });
    }
    await clock.sleep(order.pollInterval, abort);
    abort.throwIfAborted();
  }
}

/** Reads every function, alias and alarm, and tells everything that is wrong with them. */
export async function findAll(order: Order, world: World): Promise<Findings> {
  const problems: string[] = [];
  const busy: string[] = [];
  const unwatched: Unwatched[] = [];
  const [candidates, states] = await Promise.all([
    Promise.all(
      order.functions.map(async (reference) => {
        const own = await candidate(reference, order, world);
        problems.push(...own.problems);
        busy.push(...own.busy);
        unwatched.push(...own.unwatched);
        return own.candidate;
      }),
    ),
    alarmStates(order.guards, world, problems),
  ]);
  const armed = [...states].flatMap(([name, state]) => (state === "alarm" ? [] : [name]));
  return { candidates: withFleetmates(candidates.filter((each) => each !== null)), armed, problems, busy, unwatched };
}

/** Tells what of a function no rollback can take back. */
export function noteDurable(candidates: readonly Candidate[], { journal }: World): void {
  for (const { target, configuration } of candidates) {
    if (!configuration.isDurable) continue;
    const what = "its executions stay on the version that they began on, and a rollback doesn't move them";
    journal.write({ kind: "noted", text: `${target.function} is a durable function: ${what}` });
  }
}

interface CandidateFound {
  readonly candidate: Candidate | null;
  readonly problems: readonly string[];
  readonly busy: readonly string[];
  readonly unwatched: readonly Unwatched[];
}

async function candidate(reference: FunctionReference, order: Order, world: World): Promise<CandidateFound> {
  const target: Target = { function: reference.name, alias: order.alias };
  const problems: string[] = [];
  const busy: string[] = [];
  const only = (problem: string): CandidateFound => ({ candidate: null, problems: [problem], busy: [], unwatched: [] });
  try {
    const [configuration, alias] = await Promise.all([
      world.functions.configuration(reference.name, order.version ?? "$LATEST"),
      world.traffic.read(target),
    ]);
    if (configuration === null) return only(missing(reference, order, world));
    checkAccount(reference, configuration);
    if (alias === null) {
      return { candidate: { target, configuration, alias, claim: { kind: "free" } }, problems, busy, unwatched: [] };
    }

    const [claim, baseline] = await Promise.all([claimOn(target, alias, world), baselineOf(target, alias, world)]);
    const name = nameOf(target);
    if (claim.kind === "live") {
      const { run, standing } = claim.release;
      busy.push(
        claim.isSure
          ? `${name} is being released by run ${run.id} right now (${standing}): wait until it has ended (wait-for-release), or roll it back`
          : `${name} stands at ${standing} by run ${run.id}, and whether that run is still alive could not be asked: ` +
              "give the job `permissions: actions: read`, or roll the alias back",
      );
    }
    if (claim.kind === "moving") busy.push(`${claim.why}: deploy again when it is done, or roll the alias back`);
    if (claim.kind === "foreign") {
      problems.push(
        `${name} sends ${alias.routing.additional?.weight} % of its traffic to version ${alias.routing.additional?.version}, ` +
          "and no release says why: somebody else is shifting it. It was not touched; remove the weights when they are done",
      );
    }
    if (!isNumbered(alias.routing.primary)) {
      problems.push(
        `${name} points to ${alias.routing.primary}, which changes under a release: publish a version with a number and ` +
          "point it there first",
      );
    } else if (baseline === null) {
      problems.push(
        `${name} serves version ${alias.routing.primary}, which doesn't exist: point it to a version that does`,
      );
    } else {
      for (const difference of differences(configuration, baseline)) {
        problems.push(`${name}: Lambda can't split traffic between versions with different ${difference}`);
      }
    }
    if (isDescriptionTooLong(alias.description)) {
      problems.push(
        `${name} has a description of ${ownText(alias.description).length} characters; the release keeps its record ` +
          `behind it and needs it to be at most ${LONGEST_OWN_TEXT}: shorten it`,
      );
    }
    const isFit = problems.length + busy.length === 0;
    // A minute's figures grow until the calls of both versions have ended.
    const timeout = Math.max(configuration.timeout, baseline?.timeout ?? 0);
    const fit = { target, configuration: { ...configuration, timeout }, alias, claim };
    return { candidate: isFit ? fit : null, problems, busy, unwatched: isUnwatched(claim) ? [{ target, alias }] : [] };
  } catch (error) {
    return only(messageOf(error));
  }
}

async function baselineOf({ function: name }: Target, { routing }: Alias, { functions }: World) {
  return isNumbered(routing.primary) ? functions.configuration(name, routing.primary) : null;
}

/**
 * An ARN may name another account than the credentials': then Lambda isn't asked anything. Where nobody can tell whose the
 * credentials are, the functions' own ARNs do, by `checkAccount`.
 *
 * @throws ReleaseError
 */
export async function checkAccounts(functions: readonly FunctionReference[], { credentials }: World): Promise<void> {
  const named = functions.filter(({ account }) => account !== null);
  const own = named.length === 0 ? null : await credentials.account();
  for (const { name, account } of own === null ? [] : named) checkSame(name, account, own);
}

/** The function that was found may be another account's than the one that was named. @throws ReleaseError */
export function checkAccount({ name, account }: FunctionReference, { arn }: Configuration): void {
  checkSame(name, account, arn.split(":")[4] ?? "");
}

function checkSame(name: string, account: string | null, own: string | null): void {
  if (account === null || account === own) return;
  const what = `${name} was given in account ${account}, but the credentials are for another, ${own}`;
  throw new ReleaseError(
    `${what}: use credentials of the account that the input function names, or name the right one`,
  );
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
