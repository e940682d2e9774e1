import { type Alias, nameOf, type Target } from "../domain/alias.ts";
import { MINUTE } from "../domain/time.ts";
import type { Ports } from "./ports.ts";

/** Longer than Lambda is known to take to get provisioned concurrency ready. */
export const LONGEST_MOVE = 20 * MINUTE;

/** Reports what an alias serves, and what its calls are still waiting for. */
export function tellServing({ journal }: Pick<Ports, "journal">, target: Target, alias: Alias): void {
  const { routing, movingFrom } = alias;
  journal.write({ kind: "serving", target, routing, ...(movingFrom === null ? {} : { movingFrom }) });
  const text = moving(target, alias);
  if (text !== null) journal.write({ kind: "warned", text });
}

/** Where Lambda sends an alias's calls until its provisioned concurrency is ready; null if they are where it points. */
export function moving(target: Target, { routing, movingFrom }: Alias): string | null {
  if (movingFrom === null) return null;
  const until = `until version ${routing.primary} has its provisioned concurrency`;
  return `Lambda still sends all calls of ${nameOf(target)} to version ${movingFrom} ${until}, up to about 15 minutes`;
}
