import { type Duration, SECOND } from "../../../src/domain/time.ts";
import { STALE } from "../../../src/engine/read-alias.ts";
import type { Play } from "../play.ts";
import { type Site, type Write, writesOf } from "../sites.ts";
import { Testbed } from "../testbed.ts";

/** In rough weather, whether a read is stale depends on its instant: what comes later may be read again for a while. */
function inStaleReads(): Duration {
  return Testbed.conduct === "rough" ? STALE : 0;
}

/** Reporting can't fail, delay or change a release. */
export function missesOfReporting({ chaosCase, testbed, runs }: Play): readonly string[] {
  const [run] = runs;
  if (chaosCase.fault.isHarmless !== true || run === undefined || isNeeded(chaosCase.site)) return [];
  const misses: string[] = [];
  const writes = writesOf(testbed, run.actor);
  const meant = chaosCase.recording.writes;
  const isAsMeant = (write: Write, place: number) =>
    write.what === meant[place]?.what &&
    Math.abs(write.at - meant[place].at) <= leewayOf(chaosCase.site) + inStaleReads();
  if (writes.length !== meant.length || !writes.every(isAsMeant))
    misses.push("GitHub's trouble changed or delayed the release");
  if (run.exitCode !== 0) misses.push(`GitHub's trouble made ${run.actor} end with exit code ${run.exitCode}`);
  const warnings = run.annotations.filter(({ text }) => /comment could not be written/.test(text));
  if (warnings.length > 1) misses.push(`GitHub's trouble is reported ${warnings.length} times`);
  return misses;
}

/** Calls are paced. Which member of a fleet has to wait for the next second depends on who came first. */
function leewayOf({ story }: Site): Duration {
  return story.functions.length > 1 ? 2 * SECOND : 0;
}

/** Whoever heals what another run left has to ask GitHub whether that run is over. A rollback doesn't. */
function isNeeded({ story }: Site): boolean {
  return story.isAfterRun === true && story.task !== "rollback";
}
