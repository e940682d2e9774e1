import type { Play } from "../play.ts";
import type { Change, Played } from "../testbed.ts";
import { wasSeen } from "./external-edit.ts";
import { describe, HOME, isWhole, lastExternalEdit, targetsOf } from "./states.ts";
import { tellsCommand, versionOf } from "./told.ts";

/** Exit code, outcome and message are true. A killed process has said nothing. */
export function missesOfWord(play: Play, run: Played): readonly string[] {
  const { actor, signal, exitCode, outputs } = run;
  if (signal !== null) return [];
  const outcome = outputs["outcome"];
  if (outcome === undefined) {
    if (actor !== "post") return [`${actor} ended without an outcome`];
    return exitCode === 0 ? [] : [`${actor} ended with exit code ${exitCode} and no outcome`];
  }
  const code = codeFor(play, run, outcome);
  return [
    ...(exitCode === code ? [] : [`${actor} ended ${outcome} with exit code ${exitCode}`]),
    ...(outcome === "superseded" && play.chaosCase.fault.isExternalEdit !== true
      ? ["superseded, but nobody else wrote"]
      : []),
    ...(code === 1 ? missesOfAdvice(play, run, outcome) : []),
    ...targetsOf(play).flatMap((target) => {
      const edit = lastExternalEdit(play, target);
      return edit === null ? missesOfClaim(play, run, target) : missesOfClaimBeside(edit, play, run, target);
    }),
  ];
}

function codeFor({ chaosCase }: Play, { actor }: Played, outcome: string): 0 | 1 {
  const { task } = chaosCase.site.story;
  if (/^(promoted|unchanged|created)$/.test(outcome)) return 0;
  if (actor === "post") return outcome === "failed" ? 1 : 0;
  return outcome === "rolled-back" && (task === "rollback" || task === "heal") ? 0 : 1;
}

const ADVICE =
  /run the command|deploy again|run the workflow again|find out who|roll(?:ed)? .*back by hand|grant |give the job|check |wait until|point it|shorten|remove the weights|name (?:one|a version)|Look at/i;

/** A failure says why, and what to do, where people see it. */
function missesOfAdvice(
  { chaosCase }: Play,
  { actor, annotations, outputs }: Played,
  outcome: string,
): readonly string[] {
  const misses: string[] = [];
  const errors = annotations.filter(({ kind }) => kind === "error");
  const said = errors.map(({ text }) => text).join("\n");
  const isHeard = chaosCase.fault.isDeaf !== true;
  if (isHeard && errors.length === 0) misses.push(`${actor} ended ${outcome} without an error that people see`);
  else if (isHeard && !ADVICE.test(said)) misses.push(`${actor} doesn't say what to do: ${said.slice(0, 300)}`);
  if ((outputs["reason"] ?? "") === "") misses.push(`${actor} gives no reason`);
  return misses;
}

/** What it says about an alias that nobody else touched. */
function missesOfClaim({ chaosCase }: Play, run: Played, target: string): readonly string[] {
  const { actor, outputs } = run;
  const left = run.left.get(target) ?? null;
  switch (outputs["outcome"]) {
    case "promoted":
      return isWhole(left, versionOf(run, target))
        ? []
        : [`${actor} says promoted, but ${target} is ${describe(left)}`];
    case "rolled-back":
      return isWhole(left, HOME) ? [] : [`${actor} says rolled back, but ${target} is ${describe(left)}`];
    case "failed": {
      const isTold = chaosCase.site.story.isAfterRun === true || isWhole(left, HOME) || tellsCommand(run, target);
      return isTold ? [] : [`${actor} failed, left ${target} at ${describe(left)}, and gives no command for it`];
    }
    default:
      return [];
  }
}

/** What it says about an alias that somebody else touched. It need not know, but must not contradict what it saw. */
function missesOfClaimBeside(edit: Change, play: Play, run: Played, target: string): readonly string[] {
  const { actor, outputs } = run;
  const outcome = outputs["outcome"];
  // Post speaks only for what it healed.
  const isClaim = outcome === "promoted" || (outcome === "rolled-back" && actor !== "post");
  if (!isClaim || play.chaosCase.site.story.task === "rollback" || !wasSeen(play, run, target, edit)) return [];
  const left = run.left.get(target) ?? null;
  const serves = outcome === "promoted" ? versionOf(run, target) : HOME;
  return isWhole(left, serves) ? [] : [`${actor} says ${outcome}, but ${target} is ${describe(left)}`];
}
