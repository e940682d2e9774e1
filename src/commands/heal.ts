import { type Alias, describeRouting, type FunctionReference, nameOf, type Target } from "../domain/alias.ts";
import { type Healed, healOne, worstFirst } from "../engine/heal.ts";
import { type Claim, claimOn, isUnwatched, withFleetmates } from "../engine/ownership.ts";
import { messageOf, type Ports, ReleaseError } from "../engine/ports.ts";
import { checkAccount, checkAccounts } from "../preflight/account.ts";
import type { Ending } from "../release/events.ts";
import { said } from "../release/reason.ts";
import { tellServing } from "../release/serving.ts";
import { type Command, NOTHING_SHOWN, type Order } from "./command.ts";

export const heal: Command = {
  name: "heal",
  traits: { doing: "looking for lost releases of", moves: "back", aRollbackIs: "a repair" },
  // Most often there is nothing to show before.
  comments: "at the end",
  needsMergedCode: false,
  parse: () => ({ ok: true, value: {} }),
  shows: () => NOTHING_SHOWN,
  run: healLeftovers,
  isSuccess: (outcome) => outcome === "rolled-back" || outcome === "unchanged",
};

/** What was found out about one alias. */
interface Seen {
  readonly alias: Alias | null;
  readonly claim: Claim;
  readonly name: string;
  readonly target: Target;
  /** Why it could not be checked. */
  readonly problem: string | null;
}

/**
 * Puts back the aliases that ended releases left between two versions. It is started from outside a release, by a
 * schedule or a person. A release that is still going, or may be, is left alone, and so are weights that no record
 * explains.
 */
async function healLeftovers({ functions, alias }: Order, ports: Ports): Promise<Ending> {
  const { journal } = ports;
  await checkAccounts(functions, ports);
  journal.write({ kind: "chapter", title: "Look" });
  const seen = withFleetmates(await Promise.all(functions.map((reference) => look(reference, alias, ports))));
  const told: string[] = [];
  const healed: Healed[] = [];
  for (const each of seen) {
    const { target, claim } = each;
    if (each.problem === null && each.alias !== null && claim.kind === "orphaned") {
      ports.abort.throwIfAborted();
      const result = await healOne(ports, target, each.alias, claim.release);
      healed.push(result);
      told.push(`${each.name} was left at ${claim.release.progress} (${claim.why}): ${ENDS[result.outcome]}`);
    } else {
      const text = progress(each);
      told.push(text);
      if (each.alias !== null) tellServing(ports, target, each.alias);
      if (isUnwatched(claim)) journal.write({ kind: "warned", text });
    }
  }
  for (const text of told) journal.write({ kind: "noted", text });
  const problems = seen.filter(({ problem }) => problem !== null);
  const outcome = problems.length > 0 ? "failed" : (worstFirst(healed)[0] ?? "unchanged");
  return { outcome, reason: { kind: "all", reasons: told.map(said) }, verified: false };
}

const ENDS: Readonly<Record<Healed["outcome"], string>> = {
  "rolled-back": "all its traffic is back on the baseline",
  superseded: "someone else changed it at the same time, and it was left alone",
  failed: "it could not be put back, run the command given for it now",
};

async function look(reference: FunctionReference, aliasName: string, ports: Ports): Promise<Seen> {
  const target: Target = { function: reference.name, alias: aliasName };
  const name = nameOf(target);
  try {
    const [alias, configuration] = await Promise.all([
      ports.traffic.read(target),
      // A function of the same name in another account isn't ours to put back.
      reference.account === null ? null : ports.functions.configuration(reference.name, "$LATEST"),
    ]);
    if (configuration !== null) checkAccount(reference, configuration);
    // A failure, since a watchdog that watches nothing must be noticed.
    if (alias === null) throw new ReleaseError("it doesn't exist: check the names and the Region");
    return { target, name, alias, claim: await claimOn(target, alias, ports), problem: null };
  } catch (error) {
    return { target, name, alias: null, claim: { kind: "free" }, problem: messageOf(error) };
  }
}

function progress({ name, alias, claim, problem }: Seen): string {
  if (alias === null) return `${name} could not be checked: ${problem}`;
  const serves = `${name} serves ${describeRouting(alias.routing)}`;
  switch (claim.kind) {
    case "free":
      return `${serves}, and nothing was left behind`;
    case "orphaned":
      return serves;
    case "live":
      return live(name, claim);
    case "moving":
      return `${claim.why}: left alone`;
    case "foreign":
      return `${serves}, and no release record explains that: left alone`;
  }
}

function live(name: string, { release, doubt }: Extract<Claim, { kind: "live" }>): string {
  const stands = `${name} is at ${release.progress}, set by`;
  switch (doubt) {
    case null:
      return `${name} is being released by run ${release.run.id} (${release.progress}): left alone`;
    case "own run":
      return (
        `${stands} this same run, which is still going: left alone. If the job that released it was killed, roll it ` +
        "back with `command: rollback`"
      );
    case "unasked":
      return (
        `${stands} run ${release.run.id}, and it is unknown whether that run is still going: GitHub didn't say, or the ` +
        "job lacks `permissions: actions: read`. Left alone until long after the end of its plan"
      );
  }
}
