import { readState } from "../../../src/action/state.ts";
import type { Play } from "../play.ts";
import type { Played } from "../testbed.ts";
import { describe, HOME, isOpen, isWhole } from "./states.ts";
import { tellsCommand, versionOf } from "./told.ts";

/**
 * An alias that nobody else touched ends whole, on the right version. Nobody leaves it between two versions without
 * saying so.
 */
export function missesOfAlias(play: Play, target: string): readonly string[] {
  const { testbed, runs, chaosCase } = play;
  const final = testbed.state(target);
  if (final === null) return [`${target} is gone`];
  if (!isWhole(final)) return [`${target} is left between two versions: ${describe(final)}`];
  const misses: string[] = [];
  for (const run of chaosCase.site.story.isAfterRun === true ? [] : runs.slice(0, -1)) {
    const left = run.left.get(target) ?? null;
    if (run.signal !== null || !isOpen(left)) continue;
    if (!tellsCommand(run, target)) misses.push(`${run.actor} left ${target} at ${describe(left)} without saying so`);
    if (run.exitCode === 0) misses.push(`${run.actor} left ${target} between two versions and ended with exit code 0`);
  }
  const expected = versionsExpected(play, runs.at(-1), target);
  if (!expected.includes(final.version)) {
    misses.push(`${target} serves ${final.version}, not ${expected.join(" or ")}`);
  }
  return misses;
}

/** The versions that the alias may serve in the end. */
function versionsExpected({ chaosCase }: Play, last: Played | undefined, target: string): readonly string[] {
  if (last === undefined) return [];
  const { task, canary } = chaosCase.site.story;
  const either = [HOME, canary];
  if (last.actor !== "next" && last.signal !== null) {
    // It was killed when it had nothing left to do, or nobody was left to heal. Either version is fine.
    const isEitherEnd =
      chaosCase.fault.isLost === true || readState(last.state)?.kind === "finished" || task !== "deploy";
    return isEitherEnd ? either : [HOME];
  }
  switch (last.outputs["outcome"]) {
    case "promoted":
    case "created":
      return [versionOf(last, target)];
    case "failed":
      // What wasn't started stays: for a rollback, the version to go back from. What couldn't be done is reported, with
      // the command that does it.
      return task === "rollback" || tellsCommand(last, target) ? either : [HOME];
    case undefined:
      return task === "post" ? either : [HOME];
    default:
      return [HOME];
  }
}
