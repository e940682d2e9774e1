import { type Alias, describeRouting, type FunctionReference, nameOf, type Target } from "../domain/alias.ts";
import { type Healed, healOne, worstFirst } from "../engine/heal.ts";
import { type Claim, claimOn, isUnwatched, withFleetmates } from "../engine/ownership.ts";
import { messageOf, type Ports, ReleaseError } from "../engine/ports.ts";
import { checkAccount, checkAccounts } from "../preflight/account.ts";
import type { ClaimedAlias } from "../preflight/candidate.ts";
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

/** An alias that could not be checked, and why. */
interface Unseen {
  readonly target: Target;
  readonly alias: null;
  readonly claim: Claim;
  readonly problem: string;
}

/** What came of one alias. */
interface End {
  /** Null if there was nothing to heal. */
  readonly outcome: Healed["outcome"] | null;
  readonly text: string;
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
  // All at once: while Lambda throttles, each may take minutes.
  const ends = await Promise.all(seen.map((each) => endOf(each, ports)));
  for (const { text } of ends) journal.write({ kind: "noted", text });
  const [outcome = "unchanged"] = worstFirst(ends.flatMap(({ outcome }) => (outcome === null ? [] : [{ outcome }])));
  return { outcome, reason: { kind: "all", reasons: ends.map(({ text }) => said(text)) }, verified: false };
}

async function endOf(seen: ClaimedAlias | Unseen, ports: Ports): Promise<End> {
  const { target, alias, claim } = seen;
  const name = nameOf(target);
  if (alias === null) return { outcome: "failed", text: `${name} could not be checked: ${seen.problem}` };
  if (claim.kind === "orphaned") {
    const left = `${name} was left at ${claim.release.reached} (${claim.why})`;
    if (ports.abort.aborted) {
      tellServing(ports, target, alias);
      return { outcome: "failed", text: `${left}: ${messageOf(ports.abort.reason)}` };
    }
    // Once begun, it isn't given up.
    const { outcome } = await healOne(ports, target, alias, claim.release);
    return { outcome, text: `${left}: ${ENDS[outcome]}` };
  }
  const text = sentenceOf(target, alias, claim);
  tellServing(ports, target, alias);
  if (isUnwatched(claim)) ports.journal.write({ kind: "warned", text });
  return { outcome: null, text };
}

const ENDS: Readonly<Record<Healed["outcome"], string>> = {
  "rolled-back": "all its traffic is back on the baseline",
  superseded: "someone else changed it at the same time, and it was left alone",
  failed: "it could not be put back, run the command given for it now",
};

async function look(reference: FunctionReference, aliasName: string, ports: Ports): Promise<ClaimedAlias | Unseen> {
  const target: Target = { function: reference.name, alias: aliasName };
  try {
    const [alias, configuration] = await Promise.all([
      ports.traffic.read(target),
      // A function of the same name in another account isn't ours to put back.
      reference.account === null ? null : ports.functions.configuration(reference.name, "$LATEST"),
    ]);
    if (configuration !== null) checkAccount(reference, configuration);
    // A failure, since a watchdog that watches nothing must be noticed.
    if (alias === null) throw new ReleaseError("it doesn't exist: check the names and the Region");
    return { target, alias, claim: await claimOn(target, alias, ports) };
  } catch (error) {
    return { target, alias: null, claim: { kind: "free" }, problem: messageOf(error) };
  }
}

function sentenceOf(target: Target, { routing }: Alias, claim: Exclude<Claim, { kind: "orphaned" }>): string {
  const name = nameOf(target);
  const serves = `${name} serves ${describeRouting(routing)}`;
  switch (claim.kind) {
    case "free":
      return `${serves}, and nothing was left behind`;
    case "live":
      return live(name, claim);
    case "moving":
      return `${claim.why}: left alone`;
    case "foreign":
      return `${serves}, and no release record explains that: left alone`;
  }
}

function live(name: string, { release, doubt }: Extract<Claim, { kind: "live" }>): string {
  const stands = `${name} is at ${release.reached}, set by`;
  switch (doubt) {
    case null:
      return `${name} is being released by run ${release.run.id} (${release.reached}): left alone`;
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
