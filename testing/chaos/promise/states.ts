import type { Play } from "../play.ts";
import type { Change, State } from "../testbed.ts";

/** The version that all stories start from or go back to. */
export const HOME = "3";

/** The aliases of a story. */
export function targetsOf({ chaosCase }: Play): readonly string[] {
  return chaosCase.site.story.functions.map((name) => `${name}:live`);
}

/** True for an alias between two versions. */
export function isOpen(state: State | null): boolean {
  return state !== null && state.additional !== null;
}

/** True for an alias that exists and is whole: on any version, or on the given one. */
export function isWhole(state: State | null, version: string | null = null): state is State {
  return state !== null && state.additional === null && (version === null || state.version === version);
}

/** `3`, `3 + 4@5%`, or `gone`. */
export function describe(state: State | null): string {
  if (state === null) return "gone";
  const { version, additional } = state;
  if (additional === null) return version;
  return `${version} + ${additional.version}@${Math.round(additional.weight * 10_000) / 100}%`;
}

/** Somebody else's last change of an alias; null if there was none. */
export function lastExternalEdit({ testbed }: Play, target: string): Change | null {
  return testbed.changes.findLast((change) => change.by === "hand" && change.target === target) ?? null;
}
