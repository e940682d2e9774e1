import { sameRun } from "../../../src/domain/alias.ts";
import { isAsLeftBy, readRecord } from "../../../src/domain/alias-record.ts";
import { reasonSentence } from "../../../src/report/sentences.ts";
import type { Process, Written } from "./process.ts";
import type { Played } from "./schedule.ts";

/**
 * Checks the promise over a schedule: the alias ends whole; nobody overwrites somebody else's change, except a
 * rollback, which was asked for, and whoever heals a dead release; and what each process says is true.
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

/**
 * After the release was killed, somebody removed its record. Then nobody can know whose weights these are, and the next
 * deploy says so.
 */
function isForeign({ by }: Written, processes: readonly Process[]): boolean {
  const next = processes.find(({ role }) => role === "next");
  return by === "editor" && next?.error instanceof Error && /no release record explains that/.test(next.error.message);
}

/**
 * A deploy or rollback that stops before it has written throws an error that says why. Main makes an ending from it.
 */
function missesOfError({ name, error }: Process): readonly string[] {
  const isTold = error instanceof Error && (error.name === "ReleaseError" || error.name === "ServiceError");
  return isTold || typeof error === "string"
    ? []
    : [`${name} crashed: ${error instanceof Error ? error.stack : String(error)}`];
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
    return [`${by} shifts from ${alias.routing.primary}, which didn't serve the traffic`];
  switch (process.role) {
    case "rollback":
      return isShift ? [`${by} shifts`] : [];
    case "post":
      return before.by === by || before.by === by.replace("post of ", "") ? [] : [`${by} overwrites ${before.by}`];
    case "release":
    case "next": {
      if (before.by === by) return [];
      if (earlier.some((each) => each.by === by)) return [`${by} overwrites ${before.by}`];
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

/** The write that decides who owns the traffic. An edit of the text alone doesn't change the owner. */
function lastHolder(earlier: readonly Written[]): Written | undefined {
  const last = earlier.at(-1);
  const before = earlier.at(-2);
  if (last === undefined || before === undefined || last.by !== "editor") return last;
  const holder = lastHolder(earlier.slice(0, -1));
  return holder === undefined ? last : { ...holder, alias: last.alias };
}

/** The version that last served all traffic. */
function wholeBefore(earlier: readonly Written[]): string | undefined {
  return earlier.findLast(({ alias }) => alias.routing.additional === null)?.alias.routing.primary;
}

function missesOfWord(process: Process, written: readonly Written[]): readonly string[] {
  const { name, role, ending } = process;
  if (ending === null) return [];
  if (role === "rollback") return missesOfRollback(process, written);
  // Post also reports what its main did last.
  const own = written.filter(({ by }) => by === name || (role === "post" && by === name.replace("post of ", "")));
  const last = own.at(-1);
  const serves = last?.alias.routing;
  const isWhole = serves !== undefined && serves.additional === null;
  const record = last === undefined ? null : readRecord(last.alias.description);
  switch (ending.outcome) {
    case "promoted":
      return isWhole && record?.state === "promoted"
        ? []
        : [`${name} says promoted, but its last write isn't a promotion`];
    case "rolled-back":
      return isWhole && record?.state === "rolled-back"
        ? []
        : [`${name} says rolled back, but its last write isn't a rollback`];
    case "superseded": {
      const foreign = written.slice(written.findIndex(({ by }) => by === name) + 1).some(({ by }) => by !== name);
      return foreign || role === "post" ? [] : [`${name} says superseded, but nobody wrote after it`];
    }
    case "failed": {
      const stood = written.slice(0, process.writtenByEnd).at(-1);
      const isOwn = stood !== undefined && own.includes(stood);
      return !isOwn ||
        stood.alias.routing.additional === null ||
        /run the command given/.test(reasonSentence(ending.reason))
        ? []
        : [`${name} failed and left its weights, but doesn't say so`];
    }
    default:
      return [];
  }
}

/** A rollback may find that somebody else has just rolled back. But it must not go further back than it set out to. */
function missesOfRollback(
  { name, ending, meant, writtenByEnd }: Process,
  written: readonly Written[],
): readonly string[] {
  const [first] = meant;
  const last = meant.at(-1);
  const misses: string[] = [];
  if (first !== undefined && last !== undefined && Number(last) < Number(first)) {
    misses.push(`${name} aimed for ${first}, met someone else's change, and went down to ${last}`);
  }
  // A new release may have shifted before the rollback ended, so look at the last two writes.
  const found = written.slice(Math.max(0, writtenByEnd - 2), writtenByEnd);
  if (ending?.outcome === "rolled-back" && found.every(({ alias }) => alias.routing.additional !== null)) {
    misses.push(`${name} says rolled back, but the alias has weights`);
  }
  return misses;
}
