import type { Call } from "../../simulator/transcript.ts";
import { type Duration, SECOND } from "../../src/release/time.ts";
import type { Play } from "./play.ts";
import { type Site, type Write, writesOf } from "./sites.ts";
import type { Story } from "./stories.ts";
import type { Change, Played, State } from "./theatre.ts";

/** The version that all stories start from, or go back to. */
const HOME = "3";

/** What a story publishes; or goes back from. */
function canaryOf({ name }: Story): string {
  return name === "heal by next deploy" ? "5" : "4";
}

/**
 * The promise, held over one play: the alias is whole, or superseded and untouched; no write goes without RevisionId, and
 * none after a supersede; exit code, outcome and message fit what is so; the message says what to do.
 *
 * @returns what was not kept, a sentence each
 */
export function findMisses(play: Play): readonly string[] {
  const { runs, strike } = play;
  // Of a fleet, who asks how often depends on who came first: told apart, and counted.
  if (strike.at === null) return [];
  return [
    ...runs.flatMap((run) => missesOfProcess(run)),
    ...targetsOf(play).flatMap((target) => missesOfAlias(play, target)),
    ...runs.flatMap((run) => missesOfWord(play, run)),
    ...writesWithoutRevision(play),
    ...missesOfReporting(play),
  ];
}

function targetsOf({ cell }: Play): readonly string[] {
  return cell.site.story.functions.map((name) => `${name}:live`);
}

// --------------------------------------------------------------------------------------------------- The process

/** A person's words, not those of a program that fell. */
const FALLEN = /^\s+at .*:\d+:\d+\)?$|unhandled|uncaught|\[object Object\]|\bundefined\b|\bNaN\b/im;

function missesOfProcess({ actor, exitCode, signal, isStuck, log }: Played): readonly string[] {
  const misses: string[] = [];
  if (isStuck) misses.push(`${actor} never ended`);
  if (signal === null && exitCode !== 0 && exitCode !== 1) misses.push(`${actor} ended with exit code ${exitCode}`);
  const fallen = log.find(({ text }) => FALLEN.test(text));
  if (fallen !== undefined) misses.push(`${actor} printed "${fallen.text.slice(0, 160)}"`);
  return misses;
}

// ----------------------------------------------------------------------------------------------------- The alias

function missesOfAlias(play: Play, target: string): readonly string[] {
  const { theatre, runs } = play;
  const final = theatre.state(target);
  const hand = lastHand(play, target);
  if (hand !== null) return missesAfterHand(play, target, hand, final);

  if (final === null) return [`${target} is gone`];
  if (final.additional !== null) return [`${target} is left between two versions: ${describe(final)}`];
  const last = runs.at(-1);
  const misses: string[] = [];
  // Where a process that could told that all is well, or put nothing right, nothing must be left for others to heal.
  for (const run of runs.slice(0, -1)) {
    if (run.signal !== null || !isOpen(run.left.get(target) ?? null) || isOfEarlierRun(play)) continue;
    if (!tellsCommand(run, target))
      misses.push(`${run.actor} left ${target} at ${describe(run.left.get(target) ?? null)} without a word`);
    if (run.exitCode === 0) misses.push(`${run.actor} left ${target} open, and ended with exit code 0`);
  }
  const expected = versionsExpected(play, last, target);
  if (!expected.includes(final.version)) {
    misses.push(`${target} serves ${final.version}, not ${expected.join(" or ")}`);
  }
  return misses;
}

/** What the alias may serve in the end. */
function versionsExpected({ cell }: Play, last: Played | undefined, target: string): readonly string[] {
  if (last === undefined) return [];
  const { fault, site } = cell;
  const { task } = site.story;
  const either = [HOME, canaryOf(site.story)];
  if (last.actor === "next" || last.signal === null) {
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
  // Killed when it had nothing more to do, or with nobody left to heal: either end is whole.
  const isEitherEnd = fault.isLost === true || last.state["main"] === "ended" || task !== "deploy";
  return isEitherEnd ? either : [HOME];
}

function versionOf(run: Played | undefined, target: string): string {
  const told = run?.outputs["version"] ?? "";
  if (!told.startsWith("{")) return told;
  return (JSON.parse(told) as Record<string, string>)[target.split(":")[0] ?? ""] ?? "";
}

/** The canary of a run before that one: its own healing isn't this one's to do in time. */
function isOfEarlierRun({ cell }: Play): boolean {
  const { task, name } = cell.site.story;
  return task === "rollback" || task === "heal" || name === "heal by next deploy";
}

function isOpen(state: State | null): boolean {
  return state !== null && state.additional !== null;
}

// ---------------------------------------------------------------------------------------------- Another hand's work

function lastHand({ theatre }: Play, target: string): Change | null {
  return theatre.changes.findLast((change) => change.by === "hand" && change.target === target) ?? null;
}

function missesAfterHand(play: Play, target: string, hand: Change, final: State | null): readonly string[] {
  const { theatre, cell } = play;
  const writes = theatre.changes.slice(theatre.changes.indexOf(hand) + 1).filter((change) => change.target === target);
  if (writes.length === 0) return callsAfterSupersede(play, target, hand);

  const isWhole = final !== null && final.additional === null;
  if (isTextOnly(play, hand)) {
    if (!isWhole) return [`${target} is left between two versions: ${describe(final)}`];
    const text = hand.state?.description ?? "";
    return final.description.startsWith(text) ? [] : [`the text that another hand gave ${target} is gone`];
  }
  if (isFirstReadAfter(play, target, hand)) {
    return isWhole ? [] : [`${target} is left between two versions: ${describe(final)}`];
  }
  if (cell.site.story.task === "rollback") {
    if (!isWhole) return [`${target} is left between two versions: ${describe(final)}`];
    const goals = [HOME, hand.state?.version ?? HOME];
    return goals.includes(final.version)
      ? []
      : [
          `${target} was to go back to ${HOME}, another hand put it on ${hand.state?.version}, and it went on to ${final.version}`,
        ];
  }
  return [
    `another hand's change of ${target} was written over: ${describe(hand.state)} became ${describe(writes[0]?.state ?? null)}`,
  ];
}

/** True when the traffic goes where it went before: the release takes it back from under the new text, and keeps that. */
function isTextOnly({ theatre }: Play, hand: Change): boolean {
  const before = theatre.changes
    .slice(0, theatre.changes.indexOf(hand))
    .findLast(({ target }) => target === hand.target);
  if (hand.state === null || !before?.state) return false;
  return describeShort(before.state) === describeShort(hand.state);
}

/** True when the struck process knew nothing of the alias before. */
function isFirstReadAfter({ theatre, runs }: Play, target: string, hand: Change): boolean {
  const [from = 0] = runs[0]?.calls ?? [];
  const earlier = theatre.simulator.calls.slice(from, hand.calls);
  // The very call by which the hand came is answered after it, if it came before the call was carried out.
  const [struck] = earlier.slice(-1);
  const known = earlier.filter((call) => call.operation === "GetAlias" && call.target === target);
  const [first] = known;
  return first === undefined || (known.length === 1 && first === struck && seesHand(first, hand));
}

function seesHand({ answer }: Call, { state }: Change): boolean {
  return state === null ? answer.startsWith("404") : answer.startsWith(`200 ${describeShort(state)} rev`);
}

/** Once the process has read what another hand made of the alias, it writes to it no more. */
function callsAfterSupersede(play: Play, target: string, hand: Change): readonly string[] {
  const { theatre, cell, runs } = play;
  if (isTextOnly(play, hand) || cell.site.story.task === "rollback") return [];
  return runs.flatMap(({ calls: [from, to], actor }) => {
    const after = theatre.simulator.calls
      .slice(Math.max(from, hand.calls), to)
      .filter((call) => call.target === target);
    const read = after.findIndex((call) => call.operation === "GetAlias" && seesHand(call, hand));
    if (read < 0 || isFirstReadAfter(play, target, hand)) return [];
    const write = after.slice(read + 1).find((call) => call.operation === "UpdateAlias");
    return write === undefined
      ? []
      : [`${actor} wrote to ${target} once more, though it had read that another hand holds it`];
  });
}

// ------------------------------------------------------------------------------------------------------- Its word

const ADVICE =
  /run the command|deploy again|run the workflow again|find out who|roll(?:ed)? .*back by hand|grant |give the job|check |wait until|point it|shorten|remove the weights|name (?:one|a version)|Look at/i;

function missesOfWord(play: Play, run: Played): readonly string[] {
  if (run.signal !== null) return [];
  const { actor, outputs, exitCode, annotations, log } = run;
  const outcome = outputs["outcome"];
  const { task } = play.cell.site.story;
  if (outcome === undefined) {
    if (actor !== "post") return [`${actor} ended without an outcome`];
    return exitCode === 0 ? [] : [`${actor} ended with exit code ${exitCode} and no outcome`];
  }
  const misses: string[] = [];
  const isGood =
    /^(promoted|unchanged|created)$/.test(outcome) ||
    (outcome === "rolled-back" && (task === "rollback" || task === "heal" || actor === "post"));
  const code = isGood || (actor === "post" && outcome !== "failed") ? 0 : 1;
  if (exitCode !== code) misses.push(`${actor} ended ${outcome}, with exit code ${exitCode}`);

  const errors = annotations.filter(({ kind }) => kind === "error");
  if (code === 1) {
    const said = errors.map(({ text }) => text).join("\n");
    const isHeard = play.cell.fault.isDeaf !== true;
    if (isHeard && errors.length === 0) misses.push(`${actor} ended ${outcome} without an error that people see`);
    else if (isHeard && !ADVICE.test(said)) misses.push(`${actor} doesn't say what to do: ${said.slice(0, 300)}`);
    if ((outputs["reason"] ?? "") === "") misses.push(`${actor} gives no reason`);
  }
  const told = log.map(({ text }) => text).join("\n");
  for (const target of targetsOf(play)) {
    const left = run.left.get(target) ?? null;
    const isTheirs = lastHand(play, target) !== null;
    if (outcome === "superseded" && play.cell.fault.isHand !== true) misses.push("superseded, and by nobody");
    if (isTheirs) {
      const hand = lastHand(play, target);
      const isUnknown = hand !== null && !wasSeen(play, run, target, hand);
      // Post speaks of what it healed only.
      const isClaim = outcome === "promoted" || (outcome === "rolled-back" && actor !== "post");
      const serves = outcome === "promoted" ? versionOf(run, target) : HOME;
      const isSo = left !== null && left.additional === null && left.version === serves;
      if (isClaim && !isSo && !isUnknown && task !== "rollback")
        misses.push(`${actor} says ${outcome}, but ${target} is ${describe(left)}`);
      continue;
    }
    const isWhole = left !== null && left.additional === null;
    if (outcome === "promoted" && !(isWhole && left.version === versionOf(run, target))) {
      misses.push(`${actor} says promoted, but ${target} is ${describe(left)}`);
    }
    if (outcome === "rolled-back" && !(isWhole && left.version === HOME)) {
      misses.push(`${actor} says rolled back, but ${target} is ${describe(left)}`);
    }
    if (
      outcome === "failed" &&
      !isOfEarlierRun(play) &&
      !(isWhole && left.version === HOME) &&
      !told.includes(commandFor(target))
    ) {
      misses.push(`${actor} failed, left ${target} at ${describe(left)}, and gives no command for it`);
    }
  }
  return misses;
}

/** Whether a process had any answer about an alias after another hand's change. */
function wasSeen({ theatre }: Play, { calls: [from, to] }: Played, target: string, hand: Change): boolean {
  return theatre.simulator.calls
    .slice(Math.max(from, hand.calls), to)
    .some((call) => call.target === target && /^(GetAlias|UpdateAlias)$/.test(call.operation));
}

function tellsCommand({ log }: Played, target: string): boolean {
  return log.some(({ text }) => text.includes(commandFor(target)));
}

function commandFor(target: string): string {
  const [name, alias] = target.split(":");
  return `--function-name ${name} --name ${alias} --function-version ${HOME} `;
}

// -------------------------------------------------------------------------------------------------------- The rest

function writesWithoutRevision({ theatre }: Play): readonly string[] {
  const without = theatre.simulator.calls.filter(
    ({ operation, request }) =>
      operation === "UpdateAlias" && !/"RevisionId":"[^"]+"/.test(request.body.toString("utf8")),
  );
  return without.map(({ number }) => `call ${number}, UpdateAlias, names no revision`);
}

/** Nothing in reporting can fail, delay or change a release. */
function missesOfReporting(play: Play): readonly string[] {
  const { cell, theatre, runs } = play;
  const [run] = runs;
  if (cell.fault.isHarmless !== true || run === undefined || isNeeded(cell.site)) return [];
  const misses: string[] = [];
  const writes = writesOf(theatre, run.actor);
  const meant = cell.recording.writes;
  const isAsMeant = (write: Write, place: number) =>
    write.what === meant[place]?.what && Math.abs(write.at - meant[place].at) <= leewayOf(cell.site);
  if (writes.length !== meant.length || !writes.every(isAsMeant))
    misses.push("GitHub's trouble changed, or delayed, the release");
  if (run.exitCode !== 0) misses.push(`GitHub's trouble made ${run.actor} end with exit code ${run.exitCode}`);
  const warnings = run.annotations.filter(({ text }) => /comment could not be written/.test(text));
  if (warnings.length > 1) misses.push(`GitHub's trouble is told ${warnings.length} times`);
  return misses;
}

/** Calls are paced: which member of a fleet has to wait for the next second depends on who came first. */
function leewayOf({ story }: Site): Duration {
  return story.functions.length > 1 ? 2 * SECOND : 0;
}

/** To heal what another run left, one has to know whether that is over. */
function isNeeded({ story }: Site): boolean {
  return story.name === "heal by next deploy" || story.task === "heal";
}

function describe(state: State | null): string {
  return state === null ? "gone" : describeShort(state);
}

function describeShort({ version, additional }: State): string {
  if (additional === null) return version;
  return `${version} + ${additional.version}@${Math.round(additional.weight * 10_000) / 100}%`;
}
