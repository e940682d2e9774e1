import { type Alias, nameOf, type Target } from "../domain/alias.ts";
import { MINUTE } from "../domain/time.ts";
import type { Happening, Journal } from "./events.ts";

/** Longer than Lambda is known to take to get provisioned concurrency ready. */
export const LONGEST_MOVE = 20 * MINUTE;

/** What an alias serves, and what its calls are still waiting for, for the journal. */
export function serving(target: Target, alias: Alias): readonly Happening[] {
  const { routing, movingFrom } = alias;
  const text = moving(target, alias);
  return [
    { kind: "serving", target, routing, ...(movingFrom === null ? {} : { movingFrom }) },
    ...(text === null ? [] : [{ kind: "warned", text } as const]),
  ];
}

export function tellServing({ journal }: { readonly journal: Journal }, target: Target, alias: Alias): void {
  for (const happening of serving(target, alias)) journal.write(happening);
}

/** Where Lambda sends an alias's calls until its provisioned concurrency is ready; null if they are where it points. */
export function moving(target: Target, { routing, movingFrom }: Alias): string | null {
  if (movingFrom === null) return null;
  const until = `until version ${routing.primary} has its provisioned concurrency`;
  return `Lambda still sends all calls of ${nameOf(target)} to version ${movingFrom} ${until}, up to about 15 minutes`;
}
