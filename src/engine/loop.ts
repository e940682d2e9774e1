import { analyse, isOfComparison, isVerified, wanted } from "../analysis/analyse.ts";
import { bySeries } from "../analysis/readings.ts";
import { TRAFFIC } from "../analysis/traffic-check.ts";
import type { Analysis, Observation } from "../analysis/verdict.ts";
import { formatList } from "../domain/format.ts";
import { type Duration, formatDuration, type Instant, MINUTE, minuteOf, SECOND, soFar } from "../domain/time.ts";
import { alarmsOf, type Guard } from "../guards/guard.ts";
import { afterLook, decide, type Look } from "../release/decide.ts";
import { describeAnalysis } from "../release/hold.ts";
import {
  canaryRecord,
  contextOf,
  endOfStage,
  promoted,
  promotionRecord,
  type Release,
  shifted,
} from "../release/release.ts";
import { describeCallers } from "./callers.ts";
import { credentialExpiry } from "./credential-expiry.ts";
import { type Ending, Fleet, type HeldAlias, type Problem } from "./fleet.ts";
import { messageOf, type Ports } from "./ports.ts";
import { LONGEST_MOVE } from "./serving.ts";
import { unlessAborted } from "./wait.ts";

/** Runs a release to its end: promoted or rolled back. Never throws: an unexpected error rolls it back, too. */
export async function conduct(
  start: Release,
  heldAliases: readonly HeldAlias[],
  poll: Duration,
  ports: Ports,
): Promise<Ending> {
  const fleet = new Fleet(heldAliases, ports);
  try {
    return await walk(start, fleet, poll, ports);
  } catch (error) {
    return fleet.takeBack(start, {
      kind: "rollback",
      reason: `the action hit an unexpected error: ${messageOf(error)}`,
    });
  }
}

/** The loop: look, judge, move. */
async function walk(start: Release, fleet: Fleet, poll: Duration, ports: Ports): Promise<Ending> {
  const { clock, journal, abort } = ports;
  let release = start;
  let verified = false;
  let compared: readonly Analysis[] = [];
  let isHeld = false;
  for (;;) {
    const look = await lookAt(release, fleet, poll, ports);
    release = afterLook(look.release, look);
    if (look.analyses.length > 0) {
      if (release.stage.kind === "baking") {
        verified = isVerified(release.guards, look.analyses);
        compared = look.analyses.filter(({ rule }) => isOfComparison(release.guards, rule));
      }
      journal.write({ kind: "judged", analyses: look.analyses, verified });
    }
    for (const text of look.warnings) journal.write({ kind: "warned", text });
    const move = decide(release, look);
    switch (move.kind) {
      case "wait": {
        if (move.lacks !== null && !isHeld) journal.write({ kind: "held", until: move.until, lacks: move.lacks });
        isHeld = move.lacks !== null;
        const left = move.until - clock.now();
        await clock.sleep(left > 0 ? Math.min(poll, Math.max(left, SECOND)) : poll, abort);
        break;
      }
      case "shift": {
        const problem = await fleet.writeAlias((member) => canaryRecord(release, member, move.step, clock.now()));
        if (problem !== null) return fleet.takeBack(release, problem);
        release = shifted(release, move.step, clock.now());
        journal.write({ kind: "shifted", step: move.step, until: endOfStage(release) });
        break;
      }
      case "promote": {
        // Until every promotion is confirmed, a failure or a cancellation rolls all of them back: all or none.
        const problem =
          (await fleet.writeAlias((member) => promotionRecord(release, member, clock.now()))) ??
          (await arrival(fleet, poll, ports));
        if (problem !== null) return fleet.takeBack(release, problem);
        release = promoted(release, clock.now());
        const until = release.plan.finalBake > 0 ? endOfStage(release) : null;
        journal.write({ kind: "promoted", until });
        fleet.tellServing();
        if (until === null) return promotion(release, verified, compared);
        break;
      }
      case "roll-back": {
        const ending = await fleet.takeBack(release, { kind: "rollback", reason: move.reason });
        return withCallers(ending, look, ports);
      }
      case "give-way":
        return fleet.takeBack(release, { kind: "superseded", reason: move.reason });
      case "finish":
        return promotion(release, verified, compared);
    }
  }
}

/** After a rollback because no traffic could be seen: adds who calls the function, and how. */
async function withCallers(ending: Ending, { analyses }: Look, ports: Ports): Promise<Ending> {
  const blind = analyses.flatMap(({ rule, verdict, target }) =>
    rule === TRAFFIC && verdict === "error" && target !== null ? [target] : [],
  );
  const [first] = blind;
  if (first === undefined || ending.outcome === "failed") return ending;
  return { ...ending, reason: `${ending.reason}. What to look at: ${await describeCallers(first, ports)}` };
}

/**
 * Waits until the calls of all aliases reach the canaries. If an alias has provisioned concurrency, Lambda sends them
 * to the baseline until the canary has it too.
 *
 * @returns what went wrong meanwhile, or null
 */
async function arrival(fleet: Fleet, poll: Duration, ports: Ports): Promise<Problem | null> {
  const { clock, journal, abort } = ports;
  const start = clock.now();
  for (let said: Instant | null = null; ; ) {
    const moving = fleet.moving();
    if (moving.length === 0) return null;
    if (abort.aborted) return { kind: "rollback", reason: String(abort.reason) };
    const now = clock.now();
    if (now - start >= LONGEST_MOVE) {
      const waited = formatDuration(now - start);
      return { kind: "rollback", reason: `the promotion had not taken effect after ${waited}: ${moving.join("; ")}` };
    }
    if (said === null || now - said >= MINUTE) {
      journal.write({
        kind: "noted",
        text: `waiting for the promotion to take effect${soFar(now - start)}: ${moving.join("; ")}`,
      });
      said = now;
    }
    await clock.sleep(poll, abort);
    const aliasStatus = await unlessAborted(abort, fleet.aliasStatus());
    const { externalChanges = [], expired = null } = aliasStatus ?? {};
    if (externalChanges.length > 0) return { kind: "superseded", reason: externalChanges.join("; ") };
    const reason = expired ?? (await credentialExpiry(ports, poll));
    if (reason !== null) return { kind: "rollback", reason };
  }
}

/** Nobody reads more sentences than these. */
const FEW = 3;

/** @param compared the last judgements before the promotion, of the guards that compare */
function promotion({ members, guards }: Release, verified: boolean, compared: readonly Analysis[]): Ending {
  const what = formatList(members.map(({ target, canary }) => `${target.function} ${canary}`));
  const serve = members.length === 1 ? "serves" : "serve";
  const shown = verified
    ? "every comparison with the baseline was shown to be within its tolerance"
    : `unverified: ${whyUnverified(guards, compared)}`;
  return { outcome: "promoted", reason: `${what} ${serve} all traffic; ${shown}`, verified };
}

function whyUnverified(guards: readonly Guard[], compared: readonly Analysis[]): string {
  if (guards.length === 0) return "there was no guard, so nothing was judged";
  const open = compared.filter(({ verdict }) => verdict !== "pass");
  if (open.length === 0) return "no guard failed, and none compares the canary with the baseline";
  const more = open.length > FEW ? `; and ${open.length - FEW} more` : "";
  return `no guard failed, but the canary was not shown to be as good as the baseline: ${open.slice(0, FEW).map(describeAnalysis).join("; ")}${more}`;
}

type LookWithRelease = Look & { readonly release: Release; readonly warnings: readonly string[] };

/** Reads aliases, metrics and alarms at the same time, and judges them. A cancellation cuts the reading short. */
async function lookAt(release: Release, fleet: Fleet, poll: Duration, ports: Ports): Promise<LookWithRelease> {
  const { clock, abort } = ports;
  const nothing = { release, externalChanges: [], analyses: [], warnings: [] };
  const stopped = () => ({ ...nothing, at: clock.now(), aborted: String(abort.reason) });
  if (abort.aborted) return stopped();
  const expiry = await credentialExpiry(ports, poll);
  if (release.stage.kind === "ready") return { ...nothing, at: clock.now(), aborted: expiry };

  const seen = await unlessAborted(abort, Promise.all([fleet.aliasStatus(), observe(release, ports)]));
  if (seen === null) return stopped();
  const [aliasStatus, observation] = seen;
  const judged = analyse(release.analysis, observation, contextOf(release));
  return {
    release: { ...release, analysis: judged.state },
    at: observation.at,
    aborted: aliasStatus.expired ?? expiry,
    externalChanges: aliasStatus.externalChanges,
    analyses: [...judged.analyses, ...aliasStatus.analyses],
    warnings: judged.warnings,
  };
}

async function observe(release: Release, { metrics, clock }: Ports): Promise<Observation> {
  const { series, from } = wanted(release.analysis, contextOf(release));
  const names = alarmsOf(release.guards);
  // Right after a shift, the first minute to be judged may not have begun.
  const to = Math.max(from, minuteOf(clock.now())) + MINUTE;
  const [readings, alarms] = await Promise.all([
    metrics.read(series, from, to, MINUTE, true),
    names.length === 0 ? new Map() : metrics.alarms(names).catch((error) => ({ unreadable: messageOf(error) })),
  ]);
  return { at: clock.now(), reading: bySeries(series, readings), alarms };
}
