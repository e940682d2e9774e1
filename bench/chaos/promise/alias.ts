import type { Play } from "../play.ts";
import type { Played } from "../theatre.ts";
import { describe, HOME, isOpen, isWhole } from "./states.ts";
import { tellsCommand, versionOf } from "./told.ts";

/** An alias that nobody else touched ends wholly on a version, and on the right one; nobody leaves it open silently. */
export function missesOfAlias(play: Play, target: string): readonly string[] {
  const { theatre, runs, cell } = play;
  const final = theatre.state(target);
  if (final === null) return [`${target} is gone`];
  if (!isWhole(final)) return [`${target} is left between two versions: ${describe(final)}`];
  const misses: string[] = [];
  for (const run of cell.site.story.isAfterRun === true ? [] : runs.slice(0, -1)) {
    const left = run.left.get(target) ?? null;
    if (run.signal !== null || !isOpen(left)) continue;
    if (!tellsCommand(run, target)) misses.push(`${run.actor} left ${target} at ${describe(left)} without a word`);
    if (run.exitCode === 0) misses.push(`${run.actor} left ${target} open, and ended with exit code 0`);
  }
  const expected = versionsExpected(play, runs.at(-1), target);
  if (!expected.includes(final.version)) {
    misses.push(`${target} serves ${final.version}, not ${expected.join(" or ")}`);
  }
  return misses;
}

/** What the alias may serve in the end. */
function versionsExpected({ cell }: Play, last: Played | undefined, target: string): readonly string[] {
  if (last === undefined) return [];
  const { task, canary } = cell.site.story;
  const either = [HOME, canary];
  if (last.actor !== "next" && last.signal !== null) {
    // Killed when it had nothing more to do, or with nobody left to heal: either end is whole.
    const isEitherEnd = cell.fault.isLost === true || last.state["main"] === "ended" || task !== "deploy";
    return isEitherEnd ? either : [HOME];
  }
  switch (last.outputs["outcome"]) {
    case "promoted":
    case "created":
      return [versionOf(last, target)];
    case "failed":
      // What was not begun stays: of a rollback, the version that it was to go back from. What could not be done is
      // told, with the command that does it.
      return task === "rollback" || tellsCommand(last, target) ? either : [HOME];
    case undefined:
      return task === "post" ? either : [HOME];
    default:
      return [HOME];
  }
}
