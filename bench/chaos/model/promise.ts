import { sameRun } from "../../../src/release/alias.ts";
import { isAsLeftBy, readRecord } from "../../../src/release/record.ts";
import type { Process, Written } from "./process.ts";
import type { Played } from "./schedule.ts";

/**
 * The promise, held over a schedule: the alias is whole in the end; nobody writes over what somebody else has made of it
 * but for a rollback, which is asked for, and whoever heals the dead; and what each process says is so.
 */
export function missesOf({ written, processes, hasEnded }: Played): readonly string[] {
  if (!hasEnded) return ["the schedule never ends"];
  const misses: string[] = [];
  const last = written.at(-1);
  if (last?.alias.routing.additional && !isForeign(last, processes))
    misses.push("the alias is left between two versions");
  for (const process of processes) {
    if (process.isKilled) continue;
    if (!process.hasEnded) misses.push(`${process.name} never ends`);
    if (process.error !== null) misses.push(...missesOfError(process));
  }
  for (const [index, write] of written.entries()) {
    const before = lastHolder(written.slice(0, index));
    const process = processes.find(({ name }) => name === write.by);
    if (before !== undefined && process !== undefined)
      misses.push(...missesOfWrite(process, write, before, written.slice(0, index), processes));
  }
  return [...misses, ...processes.flatMap((process) => missesOfWord(process, written))];
}

/** Another hand took the record away, after the release had been killed: nobody knows whose the weights are, and says so. */
function isForeign({ by }: Written, processes: readonly Process[]): boolean {
  const next = processes.find(({ role }) => role === "next");
  return by === "editor" && next?.error instanceof Error && /no release says why/.test(next.error.message);
}

/** A deploy or rollback that stops before it has written tells why by throwing; main makes an ending of it. */
function missesOfError({ name, error }: Process): readonly string[] {
  const isTold = error instanceof Error && (error.name === "ReleaseError" || error.name === "ServiceError");
  return isTold || typeof error === "string"
    ? []
    : [`${name} fell: ${error instanceof Error ? error.stack : String(error)}`];
}

function missesOfWrite(
  process: Process,
  { by, alias }: Written,
  before: Written,
  earlier: readonly Written[],
  processes: readonly Process[],
): readonly string[] {
  const { routing } = before.alias;
  const isShift = alias.routing.additional !== null;
  if (isShift && alias.routing.primary !== wholeBefore(earlier))
    return [`${by} shifts off ${alias.routing.primary}, which wasn't served`];
  switch (process.role) {
    case "rollback":
      return isShift ? [`${by} shifts`] : [];
    case "post":
      return before.by === by || before.by === by.replace("post of ", "") ? [] : [`${by} writes over ${before.by}`];
    case "release":
    case "next": {
      if (before.by === by) return [];
      if (earlier.some((each) => each.by === by)) return [`${by} writes over ${before.by}`];
      const record = readRecord(before.alias.description);
      const owner =
        record === null || !isAsLeftBy(record.run, before.alias)
          ? undefined
          : processes.find(({ run, role }) => sameRun(run, record.run) && role !== "post");
      const isAlive = owner !== undefined && owner.writtenByEnd > earlier.length;
      if (routing.additional !== null && isAlive) return [`${by} takes the alias from ${owner.name}, which is alive`];
      return routing.additional !== null && isShift ? [`${by} shifts where ${before.by} had left weights`] : [];
    }
  }
}

/** The write that decides whose the traffic is: who only edits the text doesn't take it. */
function lastHolder(earlier: readonly Written[]): Written | undefined {
  const last = earlier.at(-1);
  const before = earlier.at(-2);
  if (last === undefined || before === undefined || last.by !== "editor") return last;
  const holder = lastHolder(earlier.slice(0, -1));
  return holder === undefined ? last : { ...holder, alias: last.alias };
}

/** What served all traffic last. */
function wholeBefore(earlier: readonly Written[]): string | undefined {
  return earlier.findLast(({ alias }) => alias.routing.additional === null)?.alias.routing.primary;
}

function missesOfWord(process: Process, written: readonly Written[]): readonly string[] {
  const { name, role, ending } = process;
  if (ending === null) return [];
  if (role === "rollback") return missesOfRollback(process, written);
  // Post also tells what its main did last.
  const own = written.filter(({ by }) => by === name || (role === "post" && by === name.replace("post of ", "")));
  const last = own.at(-1);
  const serves = last?.alias.routing;
  const isWhole = serves !== undefined && serves.additional === null;
  const record = last === undefined ? null : readRecord(last.alias.description);
  switch (ending.outcome) {
    case "promoted":
      return isWhole && record?.state === "promoted"
        ? []
        : [`${name} says promoted, and its last write is no promotion`];
    case "rolled-back":
      return isWhole && record?.state === "rolled-back"
        ? []
        : [`${name} says rolled back, and its last write is no rollback`];
    case "superseded": {
      const foreign = written.slice(written.findIndex(({ by }) => by === name) + 1).some(({ by }) => by !== name);
      return foreign || role === "post" ? [] : [`${name} says superseded, and nobody wrote after it`];
    }
    case "failed": {
      const stood = written.slice(0, process.writtenByEnd).at(-1);
      const isOwn = stood !== undefined && own.includes(stood);
      return !isOwn || stood.alias.routing.additional === null || tellsCommand(ending.reason)
        ? []
        : [`${name} failed, left its weights, and says nothing of it`];
    }
    default:
      return [];
  }
}

function tellsCommand(reason: string): boolean {
  return /run the command given/.test(reason);
}

/** A rollback may find that somebody else has just done it; but it goes no further down than it set out to. */
function missesOfRollback(
  { name, ending, meant, writtenByEnd }: Process,
  written: readonly Written[],
): readonly string[] {
  const [first] = meant;
  const last = meant.at(-1);
  const misses: string[] = [];
  if (first !== undefined && last !== undefined && Number(last) < Number(first)) {
    misses.push(`${name} set out for ${first}, met another hand, and went on down to ${last}`);
  }
  // What it read last may have been shifted by a new release before its end.
  const found = written.slice(Math.max(0, writtenByEnd - 2), writtenByEnd);
  if (ending?.outcome === "rolled-back" && found.every(({ alias }) => alias.routing.additional !== null)) {
    misses.push(`${name} says rolled back, and the alias has weights`);
  }
  return misses;
}
