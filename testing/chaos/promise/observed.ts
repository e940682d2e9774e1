/** All that the promise is checked by: what happened to the aliases, and what each process did, saw and said. */
export interface Observed {
  readonly writes: readonly AliasWrite[];
  readonly processes: readonly ObservedProcess[];
}

/** An alias: versions and weight, and its description. */
export interface State {
  readonly version: string;
  readonly additional: { readonly version: string; readonly weight: number } | null;
  readonly description: string;
}

/** Whoever makes an external edit. */
export const SOMEBODY = "somebody else";

/** A change of an alias that took effect. */
export interface AliasWrite {
  /** A process's name, `SOMEBODY`, or "scene" for what was there before. */
  readonly by: string;
  /** `checkout:live`. */
  readonly target: string;
  /** Null if it was deleted; then the revision is "". */
  readonly state: State | null;
  readonly revision: string;
}

export interface ObservedProcess {
  readonly name: string;
  readonly role: "release" | "rollback" | "post" | "heal";
  /** For a post step, the name of the process that it comes after; else null. */
  readonly main: string | null;
  readonly end: "by itself" | "killed" | "never";
  /** How many writes there had been by its end. */
  readonly writesByEnd: number;
  /** What it says it came to; null if it says nothing. */
  readonly outcome: string | null;
  /** The version that it says it released, for each alias. */
  readonly versions: Readonly<Record<string, string>>;
  /** All that it prints for people. */
  readonly words: string;
  /**
   * In order: the reads of aliases, with the revision that they showed, null if they got no answer (yet); and the tries
   * to write, with the version.
   */
  readonly calls: readonly ({ readonly target: string } & (
    | { readonly read: string | null }
    | { readonly write: string }
  ))[];
}

/** True for an alias between two versions. */
export function isOpen(state: State | null): boolean {
  return state !== null && state.additional !== null;
}

/** `3`, `3 + 4@5%`, or `gone`. */
export function describe(state: State | null): string {
  if (state === null) return "gone";
  const { version, additional } = state;
  if (additional === null) return version;
  return `${version} + ${additional.version}@${Math.round(additional.weight * 10_000) / 100}%`;
}
