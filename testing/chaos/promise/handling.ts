import { readRecord } from "../../../src/domain/alias-record.ts";
import { type AliasWrite, describe, isOpen, type Observed, type ObservedProcess, SOMEBODY } from "./observed.ts";

/** A write, its place among all of them, and the one before it on the same alias. */
export interface PlacedWrite extends AliasWrite {
  readonly place: number;
  readonly before: PlacedWrite | null;
}

/** Versions that an alias may be on. Null stands for any: no change tells. */
type Versions = readonly (string | null)[];

/** What a process had to do with an alias. */
export class Handling {
  readonly process: ObservedProcess;
  readonly target: string;
  /** All changes of the alias. */
  readonly all: readonly PlacedWrite[];
  /** What it wrote; for a post step, also what its main wrote. */
  readonly own: readonly PlacedWrite[];
  /** What it was shown. */
  readonly seen: PlacedWrite[] = [];
  /** The versions that it tried to set, each with what its last read had shown. */
  readonly tried: { readonly version: string; readonly after: PlacedWrite | null }[] = [];
  /** What it had seen last when it set out to write. */
  readonly start: PlacedWrite | null;

  constructor(process: ObservedProcess, target: string, all: readonly PlacedWrite[]) {
    this.process = process;
    this.target = target;
    this.all = all;
    this.own = all.filter(({ by }) => by === process.name || by === process.main);
    let [start, after]: [PlacedWrite | null, PlacedWrite | null] = [null, null];
    for (const call of process.calls.filter((each) => each.target === target)) {
      if ("write" in call) this.tried.push({ version: call.write, after });
      else after = all.findLast(({ revision }) => revision === call.read) ?? null;
      if ("read" in call && after !== null) this.seen.push(after);
      if (this.tried.length === 0) start = this.seen.at(-1) ?? null;
    }
    this.start = start;
  }

  get name(): string {
    return this.process.name;
  }

  /** Without what a post step's main wrote. */
  get written(): readonly PlacedWrite[] {
    return this.own.filter(({ by }) => by === this.name);
  }

  /** Whether somebody else wrote after it, or its main, had begun. */
  get isBeside(): boolean {
    const { main, role } = this.process;
    const began = this.own[0]?.place ?? (role === "post" ? 0 : (this.seen[0]?.place ?? Number.POSITIVE_INFINITY));
    return this.all.some(({ by, place }) => ![this.name, main, "scene"].includes(by) && place > began);
  }

  get baselines(): Versions {
    const { own, start, seen } = this;
    if (this.process.role === "rollback") {
      // Without a record, it can only go to the next lower version, even if that never served.
      const found = [start, own.at(-1)?.before, seen.at(-1)].flatMap((change) => change ?? []);
      return found.map((change) => (change.by === SOMEBODY ? null : servedBefore(change)));
    }
    // Of the versions before and after its first write, the lower one is where it came from.
    const around = [own[0]?.before?.state, own[0]?.state].flatMap((state) => (state ? [Number(state.version)] : []));
    return [around.length === 0 ? null : String(Math.min(...around))];
  }

  /** The versions of which it says that the alias is on one; null if it says nothing. */
  get claim(): Versions | null {
    const { role, outcome, versions } = this.process;
    if (outcome === "promoted" || outcome === "created") return [versions[this.target] ?? ""];
    return outcome === "rolled-back" || (outcome === "unchanged" && role === "rollback") ? this.baselines : null;
  }

  /** Whether a change bears out what it says; one of its own by its record, too. */
  isAsSaid(change: PlacedWrite): boolean {
    const { outcome } = this.process;
    const state = outcome === "created" ? "promoted" : outcome;
    const isRecorded = readRecord(change.state?.description ?? "")?.state === state;
    return isWholeOn(change, this.claim ?? []) && (isRecorded || !this.own.includes(change));
  }

  /** Whether it prints the command that puts the alias back. */
  get tellsCommand(): boolean {
    const command = `--function-name ${this.target.replace(":", " --name ")} --function-version `;
    const commands = this.baselines.map((version) => (version === null ? command : `${command}${version} `));
    return commands.some((each) => this.process.words.includes(each));
  }

  /** True if writing over a change means to overwrite somebody else's. A rollback, which was asked for, may. */
  isTheirs(change: PlacedWrite | null): boolean {
    const { start, own, process } = this;
    if (change === null || process.role === "rollback" || own.includes(change)) return false;
    const all = ({ state }: PlacedWrite) => `${describe(state)} ${state?.description}`;
    const isKnown = start !== null && (change.place <= start.place || all(change) === all(start));
    return process.role === "post" || !isKnown || (change.by === SOMEBODY && isOpen(change.state));
  }

  /** Only a release shifts and promotes. Everybody else only goes back. */
  mayMake({ state: to, before }: PlacedWrite): boolean {
    const from = before?.state;
    if (!to || !before || !from) return true;
    const { role } = this.process;
    const canary = from.additional?.version;
    const goesOn = role === "release" && (!canary || this.own.some((change) => change === holderOf(before)));
    if (to.additional) return goesOn && to.version === from.version && (!canary || to.additional.version === canary);
    if (role === "rollback" || to.version === servedBefore(before)) return true;
    if (canary) return goesOn && to.version === canary;
    return to.version === from.version || (goesOn && Number(to.version) > Number(from.version));
  }
}

/** One for each process and alias. */
export function handlingsOf({ writes, processes }: Observed): readonly Handling[] {
  const changes: PlacedWrite[] = [];
  for (const [place, write] of writes.entries()) {
    changes.push({ ...write, place, before: changes.findLast(({ target }) => target === write.target) ?? null });
  }
  const byAlias = [...Map.groupBy(changes, ({ target }) => target)];
  return processes.flatMap((process) => byAlias.map(([target, all]) => new Handling(process, target, all)));
}

export function isAmong(version: string, versions: Versions): boolean {
  return versions.includes(null) || versions.includes(version);
}

export function isWholeOn({ state }: PlacedWrite, versions: Versions): boolean {
  return state !== null && !isOpen(state) && isAmong(state.version, versions);
}

/** The version that served before what an alias serves; null if no change tells. After a rollback, it stays there. */
export function servedBefore({ by, state, before }: PlacedWrite): string | null {
  if (state === null || isOpen(state)) return state?.version ?? null;
  let earlier = before;
  while (earlier !== null && describe(earlier.state) === state.version) earlier = earlier.before;
  if (!earlier?.state) return null;
  if (Number(earlier.state.version) < Number(state.version)) return earlier.state.version;
  return by === SOMEBODY ? null : state.version;
}

/** The change that decides whose traffic it is: an external edit of the text doesn't, while there is a way back. */
export function holderOf(change: PlacedWrite | null): PlacedWrite | null {
  if (change === null || change.by !== SOMEBODY || change.before === null) return change;
  const holder = holderOf(change.before);
  if (holder === null || describe(change.state) !== describe(holder.state)) return change;
  return isOpen(holder.state) || ![null, holder.state?.version].includes(servedBefore(holder)) ? holder : change;
}
