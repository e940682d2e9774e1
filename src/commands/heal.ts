import { type Alias, describeRouting, type FunctionReference, nameOf, type Target } from "../domain/alias.ts";
import { ServiceError } from "../domain/ports.ts";
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
  let isAsked = false;
  const state: Ports["runs"]["state"] = (run) => {
    isAsked = true;
    return ports.runs.state(run);
  };
  const asking = { ...ports, runs: { state } };
  const seen = withFleetmates(await Promise.all(functions.map((reference) => look(reference, alias, asking))));
  // All at once: while Lambda throttles, each may take minutes.
  const all = await Promise.all(seen.map((each) => endOf(each, ports)));
  const lacks = isAsked ? null : await whatIsLacking(ports);
  const ends: readonly End[] = lacks === null ? all : [...all, { outcome: "failed", text: lacks }];
  for (const { text } of ends) journal.write({ kind: "noted", text });
  const [outcome = "unchanged"] = worstFirst(ends.flatMap(({ outcome }) => (outcome === null ? [] : [{ outcome }])));
  return { outcome, reason: { kind: "all", reasons: ends.map(({ text }) => said(text)) }, verified: false };
}

/**
 * What is missing to ask GitHub about runs; null if nothing is, or if that may pass by itself. It matters though nothing
 * was left: on the day on which something is, it is late to notice.
 */
async function whatIsLacking({ runs, run }: Ports): Promise<string | null> {
  try {
    await runs.state(run);
    return null;
  } catch (error) {
    const isDenied = error instanceof ServiceError && error.fault === "denied";
    return isDenied ? `it can't be seen whether a release is still going: ${error.message}` : null;
  }
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
  // A failure, since it may be that nobody watches the canary.
  if (claim.kind === "live" && claim.doubt?.kind === "unasked") return { outcome: "failed", text };
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
  switch (doubt?.kind) {
    case undefined:
      return `${name} is being released by run ${release.run.id} (${release.reached}): left alone`;
    case "own run":
      return (
        `${stands} this same run, which is still going: left alone. If the job that released it was killed, roll it ` +
        "back with `command: rollback`"
      );
    case "unasked":
      return (
        `${stands} run ${release.run.id}, and it is unknown whether that run is still going: ${doubt.problem}. It was ` +
        "left alone, until long after the end of its plan"
      );
  }
}
