import { type Alias, describeRouting, nameOf, type Target } from "../release/alias.ts";
import { checkAccount, checkAccounts } from "./account.ts";
import { type Claim, claimOn, isUnwatched, withFleetmates } from "./claim.ts";
import type { Ending } from "./fleet.ts";
import { type Healed, healOne, worstFirst } from "./heal.ts";
import type { FunctionReference, Order } from "./order.ts";
import { tellServing } from "./serving.ts";
import { messageOf, ReleaseError, type World } from "./world.ts";

/** What was found of one alias. */
interface Seen {
  readonly alias: Alias | null;
  readonly claim: Claim;
  readonly name: string;
  readonly target: Target;
  /** Why it could not be looked at. */
  readonly problem: string | null;
}

/**
 * Puts back what ended releases left between two versions, for whoever asks from outside of them: a schedule, or a person.
 * A release that is alive, or may be, is left alone, and so is what no release explains.
 */
export async function watchOver(
  { functions, alias }: Pick<Order, "functions" | "alias">,
  world: World,
): Promise<Ending> {
  const { journal } = world;
  await checkAccounts(functions, world);
  journal.write({ kind: "chapter", title: "Look" });
  const seen = withFleetmates(await Promise.all(functions.map((reference) => look(reference, alias, world))));
  const told: string[] = [];
  const healed: Healed[] = [];
  for (const each of seen) {
    const { target, claim } = each;
    if (each.problem === null && each.alias !== null && claim.kind === "orphaned") {
      world.abort.throwIfAborted();
      const result = await healOne(world, target, each.alias, claim.release);
      healed.push(result);
      told.push(`${each.name} was left at ${claim.release.standing} (${claim.why}): ${ENDS[result.outcome]}`);
    } else {
      const text = standing(each);
      told.push(text);
      if (each.alias !== null) tellServing(world, target, each.alias);
      if (isUnwatched(claim)) journal.write({ kind: "warned", text });
    }
  }
  for (const text of told) journal.write({ kind: "noted", text });
  const problems = seen.filter(({ problem }) => problem !== null);
  const outcome = problems.length > 0 ? "failed" : (worstFirst(healed)[0] ?? "unchanged");
  return { outcome, reason: told.join("; "), verified: false };
}

const ENDS: Readonly<Record<Healed["outcome"], string>> = {
  "rolled-back": "all its traffic is on the baseline again",
  superseded: "someone else changed it at the same moment, and it was left alone",
  failed: "it could not be put back, run the command given",
};

async function look(reference: FunctionReference, aliasName: string, world: World): Promise<Seen> {
  const target: Target = { function: reference.name, alias: aliasName };
  const name = nameOf(target);
  try {
    const [alias, configuration] = await Promise.all([
      world.traffic.read(target),
      // The alias of another account's function of this name is none of ours to put back.
      reference.account === null ? null : world.functions.configuration(reference.name, "$LATEST"),
    ]);
    if (configuration !== null) checkAccount(reference, configuration);
    // Whoever watches over nothing has to know.
    if (alias === null) throw new ReleaseError("it doesn't exist: check the names and the Region");
    return { target, name, alias, claim: await claimOn(target, alias, world), problem: null };
  } catch (error) {
    return { target, name, alias: null, claim: { kind: "free" }, problem: messageOf(error) };
  }
}

function standing({ name, alias, claim, problem }: Seen): string {
  if (alias === null) return `${name} could not be looked at: ${problem}`;
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
      return `${serves}, and no release says why: left alone`;
  }
}

function live(name: string, { release, doubt }: Extract<Claim, { kind: "live" }>): string {
  const stands = `${name} stands at ${release.standing} by`;
  switch (doubt) {
    case null:
      return `${name} is being released by run ${release.run.id} (${release.standing}): left alone`;
    case "own run":
      return (
        `${stands} this very run, which is alive: left alone. If the job that released it was killed, take it back ` +
        "with `command: rollback`"
      );
    case "unasked":
      return (
        `${stands} run ${release.run.id}, and whether that is alive could not be asked: GitHub didn't tell, or the job ` +
        "lacks `permissions: actions: read`; left alone until its plan is over by far"
      );
  }
}
