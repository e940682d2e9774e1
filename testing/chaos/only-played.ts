import { readState } from "../../src/action/state.ts";
import { SECOND } from "../../src/domain/time.ts";
import { STALE } from "../../src/engine/read-alias.ts";
import type { Play } from "./play.ts";
import { isOpen } from "./promise/observed.ts";
import { type Write, writesOf } from "./sites.ts";
import { type Played, Testbed } from "./testbed.ts";

/** What only a play shows: requests, exit codes, annotations and outputs, and when things happened. */
export function missesOnlyPlayed(play: Play): readonly string[] {
  const { chaosCase, testbed, runs } = play;
  const { story } = chaosCase.site;
  return [
    ...runs.filter(({ signal }) => signal === null).flatMap((run) => missesOfEnd(play, run)),
    ...runs
      .filter(({ actor, signal, state }) => actor === "main" && signal !== null && readState(state) === null)
      .filter(() => story.task === "deploy" && testbed.changes.some(({ by, state }) => by === "main" && isOpen(state)))
      .map(() => "main was killed after a shift, and had saved nothing for post"),
    ...testbed.simulator.calls
      .filter(({ operation }) => operation === "UpdateAlias")
      .filter(({ request }) => !/"RevisionId":"[^"]+"/.test(request.body.toString("utf8")))
      .map(({ number }) => `call ${number}, UpdateAlias, names no revision`),
    ...missesOfReporting(play),
  ];
}

const ADVICE =
  /run the command|deploy again|run the workflow again|find out who|roll(?:ed)? .*back by hand|grant |give the job|check |wait until|point it|shorten|remove the weights|name (?:one|a version)|Look at/i;

/** The exit code is that of the outcome. A failure says why, and what to do, where people see it. */
function missesOfEnd({ chaosCase }: Play, { actor, exitCode, outputs, annotations }: Played): readonly string[] {
  const { outcome, reason } = outputs;
  const { task } = chaosCase.site.story;
  const isGood = /^(promoted|unchanged|created)$/.test(outcome ?? "");
  const isAim = outcome === "rolled-back" && (task === "rollback" || task === "heal");
  const code = isGood || (actor === "post" ? outcome !== "failed" : isAim) ? 0 : 1;
  const misses = exitCode === code ? [] : [`${actor} ended ${outcome} with exit code ${exitCode}`];
  if (code === 0) return misses;
  const errors = annotations.filter(({ kind }) => kind === "error").map(({ text }) => text);
  if (chaosCase.fault.isDeaf !== true && !errors.some((text) => ADVICE.test(text)))
    misses.push(`${actor} ended ${outcome}, and no error that people see says what to do: ${errors.join("\n")}`);
  if (!reason) misses.push(`${actor} gives no reason`);
  return misses;
}

/** Reporting can't fail, delay or change a release. */
function missesOfReporting({ chaosCase, testbed, runs }: Play): readonly string[] {
  const [run] = runs;
  const { isAfterRun, task, functions } = chaosCase.site.story;
  // Whoever heals what another run left has to ask GitHub whether that run is over. A rollback doesn't.
  const isNeeded = isAfterRun === true && task !== "rollback";
  if (chaosCase.fault.isHarmless !== true || run === undefined || isNeeded) return [];
  const misses: string[] = [];
  // Calls are paced: which member of a fleet waits for the next second depends on who came first. In rough weather,
  // whether a read is stale depends on its instant: what comes later may be read again for a while.
  const leeway = (functions.length > 1 ? 2 * SECOND : 0) + (Testbed.conduct === "rough" ? STALE : 0);
  const writes = writesOf(testbed, run.actor);
  const meant = chaosCase.recording.writes;
  const isAsMeant = (write: Write, place: number) =>
    write.what === meant[place]?.what && Math.abs(write.at - meant[place].at) <= leeway;
  if (writes.length !== meant.length || !writes.every(isAsMeant))
    misses.push("GitHub's trouble changed or delayed the release");
  if (run.exitCode !== 0) misses.push(`GitHub's trouble made ${run.actor} end with exit code ${run.exitCode}`);
  const warnings = run.annotations.filter(({ text }) => /comment could not be written/.test(text));
  if (warnings.length > 1) misses.push(`GitHub's trouble is reported ${warnings.length} times`);
  return misses;
}
