import { analyse, isVerified, wanted } from "../release/analysis.ts";
import { afterLook, decide, type Look } from "../release/decide.ts";
import { formatList } from "../release/figures.ts";
import type { Reading, Series } from "../release/ports.ts";
import { canaryRecord, endOfStage, promoted, promotionRecord, type Release, shifted } from "../release/release.ts";
import { type Duration, MINUTE, minuteOf, SECOND } from "../release/time.ts";
import type { Observation } from "../release/verdict.ts";
import { unlessAborted } from "./abort.ts";
import { type Ending, Fleet, type Holding } from "./fleet.ts";
import { messageOf, type World } from "./world.ts";

/** The loop: look, judge, move; until the release is promoted or taken back. Never throws for a fault of a service. */
export async function conduct(
  start: Release,
  holdings: readonly Holding[],
  poll: Duration,
  world: World,
): Promise<Ending> {
  const { clock, journal, abort } = world;
  const fleet = new Fleet(holdings, world);
  let release = start;
  let verified = false;
  for (;;) {
    const look = await lookAt(release, fleet, world);
    release = afterLook(look.release, look);
    if (look.analyses.length > 0) {
      if (release.stage.kind === "baking") verified = isVerified(release, look.analyses);
      journal.write({ kind: "judged", analyses: look.analyses, verified });
    }
    const move = decide(release, look);
    switch (move.kind) {
      case "wait": {
        const left = move.until - clock.now();
        await clock.sleep(left > 0 ? Math.min(poll, Math.max(left, SECOND)) : poll, abort);
        break;
      }
      case "shift": {
        const problem = await fleet.steer((member) => canaryRecord(release, member, move.step, clock.now()));
        if (problem !== null) return fleet.takeBack(release, problem);
        release = shifted(release, move.step, clock.now());
        journal.write({ kind: "shifted", step: move.step, until: endOfStage(release) });
        break;
      }
      case "promote": {
        // Until every promotion is confirmed, a failure or a cancellation takes all of them back: all or none.
        const problem = await fleet.steer((member) => promotionRecord(release, member, clock.now()));
        if (problem !== null) return fleet.takeBack(release, problem);
        release = promoted(release, clock.now());
        const until = release.plan.finalBake > 0 ? endOfStage(release) : null;
        journal.write({ kind: "promoted", until });
        fleet.tellServing();
        if (until === null) return promotion(release, verified);
        break;
      }
      case "roll-back":
        return fleet.takeBack(release, { kind: "rollback", reason: move.reason });
      case "give-way":
        return fleet.takeBack(release, { kind: "superseded", reason: move.reason });
      case "finish":
        return promotion(release, verified);
    }
  }
}

const NOTHING_SHOWN = "no guard failed, but no comparison showed that the canary is as good as the baseline";

function promotion({ members, guards }: Release, verified: boolean): Ending {
  const what = formatList(members.map(({ target, canary }) => `${target.function} ${canary}`));
  const unverified = guards.length === 0 ? "there was no guard, so nothing was judged" : NOTHING_SHOWN;
  const shown = verified
    ? "every comparison with the baseline was shown to be within its tolerance"
    : `unverified: ${unverified}`;
  const serve = members.length === 1 ? "serves" : "serve";
  return { outcome: "promoted", reason: `${what} ${serve} all traffic; ${shown}`, verified };
}

type LookWithRelease = Look & { readonly release: Release };

/** Reads aliases, metrics and alarms together, and judges them. A cancellation cuts the reading short. */
async function lookAt(release: Release, fleet: Fleet, world: World): Promise<LookWithRelease> {
  const { clock, abort } = world;
  const nothing = { release, intrusions: [], analyses: [] };
  const stopped = () => ({ ...nothing, at: clock.now(), aborted: String(abort.reason) });
  if (abort.aborted) return stopped();
  if (release.stage.kind === "ready") return { ...nothing, at: clock.now(), aborted: null };

  const seen = await unlessAborted(abort, Promise.all([fleet.standing(), observe(release, world)]));
  if (seen === null) return stopped();
  const [standing, observation] = seen;
  const judged = analyse(release, observation);
  return {
    release: judged.release,
    at: observation.at,
    aborted: null,
    intrusions: standing.intrusions,
    analyses: [...judged.analyses, ...standing.analyses],
  };
}

async function observe(release: Release, { metrics, clock }: World): Promise<Observation> {
  const { series, from } = wanted(release);
  const names = release.guards.flatMap((guard) => (guard.kind === "alarm" ? [guard.alarm] : []));
  // Right after a shift, the first minute of interest may not have begun.
  const to = Math.max(from, minuteOf(clock.now())) + MINUTE;
  const [readings, alarms] = await Promise.all([
    metrics.read(series, from, to),
    names.length === 0 ? new Map() : metrics.alarms(names).catch((error) => ({ unreadable: messageOf(error) })),
  ]);
  const byKey = new Map(series.map((each, index) => [JSON.stringify(each), readings[index]]));
  const reading = (each: Series): Reading =>
    byKey.get(JSON.stringify(each)) ?? { kind: "unreadable", reason: "the series was not asked for" };
  return { at: clock.now(), reading, alarms };
}
