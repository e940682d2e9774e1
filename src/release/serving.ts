import type { Alias, Target } from "../domain/alias.ts";
import { MINUTE } from "../domain/time.ts";
import type { Happening, Journal } from "./events.ts";
import type { CallsMoving } from "./reason.ts";

/** Longer than Lambda is known to take to get provisioned concurrency ready. */
export const LONGEST_MOVE = 20 * MINUTE;

/** What an alias serves, and what its calls are still waiting for, for the journal. */
export function serving(target: Target, alias: Alias): readonly Happening[] {
  const { routing, movingFrom } = alias;
  const moves = moving(target, alias);
  return [
    { kind: "serving", target, routing, ...(movingFrom === null ? {} : { movingFrom }) },
    ...(moves === null ? [] : [{ kind: "warned", text: moves } as const]),
  ];
}

export function tellServing({ journal }: { readonly journal: Journal }, target: Target, alias: Alias): void {
  for (const happening of serving(target, alias)) journal.write(happening);
}

/** Where Lambda sends an alias's calls until its provisioned concurrency is ready; null if they are where it points. */
export function moving(target: Target, { routing, movingFrom }: Alias): CallsMoving | null {
  return movingFrom === null ? null : { kind: "moving", target, from: movingFrom, to: routing.primary };
}
