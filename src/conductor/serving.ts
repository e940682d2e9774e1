import { type Alias, nameOf, type Target } from "../release/alias.ts";
import { MINUTE } from "../release/time.ts";
import type { World } from "./world.ts";

/** Longer than Lambda ever took to have provisioned concurrency ready. */
export const LONGEST_MOVE = 20 * MINUTE;

/** Tells what an alias serves, and what keeps its calls from getting there. */
export function tellServing({ journal }: Pick<World, "journal">, target: Target, alias: Alias): void {
  const { routing, movingFrom } = alias;
  journal.write({ kind: "serving", target, routing, ...(movingFrom === null ? {} : { movingFrom }) });
  const text = moving(target, alias);
  if (text !== null) journal.write({ kind: "warned", text });
}

/** Where Lambda itself sends the calls of an alias until its provisioned concurrency is ready; null when it doesn't. */
export function moving(target: Target, { routing, movingFrom }: Alias): string | null {
  if (movingFrom === null) return null;
  const until = `until version ${routing.primary} has the provisioned concurrency of the alias`;
  return `Lambda sends all calls of ${nameOf(target)} to version ${movingFrom} ${until}, up to about 15 minutes`;
}
