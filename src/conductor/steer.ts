import { type Alias, type Routing, sameRouting, type Target } from "../release/alias.ts";
import { ServiceError } from "../release/ports.ts";
import { isAsLeftBy, type Record, recordedRouting, writeRecord } from "../release/record.ts";
import { SECOND } from "../release/time.ts";
import type { World } from "./world.ts";

/** What became of a write to an alias. */
export type Steered =
  | { readonly kind: "done"; readonly alias: Alias }
  /** Somebody else changed the alias, or deleted it (null); it was left alone. */
  | { readonly kind: "superseded"; readonly by: Alias | null }
  /** It can't be done; `alias` is what stands instead, null when even that can't be read. */
  | { readonly kind: "failed"; readonly error: unknown; readonly alias: Alias | null }
  /** Given up by the signal: it may or may not have taken effect. */
  | { readonly kind: "aborted" };

const ATTEMPTS = 6;
/** A rollback is not given up before five minutes of trying. */
export const PERSISTENT = 40;

/**
 * Makes an alias what a record says, routing and description in one call, from the alias as it was last held.
 *
 * Whatever goes wrong, only the alias itself tells what is so: a lost answer and the SDK's own retry give a conflict
 * although the write took effect. So the alias is read, and the write is done, tried again, or given up for somebody
 * else's change.
 */
export async function steer(
  world: Pick<World, "traffic" | "clock" | "run">,
  target: Target,
  held: Alias,
  record: Record,
  { signal, attempts = ATTEMPTS }: { readonly signal?: AbortSignal | undefined; readonly attempts?: number } = {},
): Promise<Steered> {
  const { traffic, clock, run } = world;
  const routing = recordedRouting(record);
  const description = writeRecord(held.description, record);
  let current = held;
  for (let attempt = 1; ; attempt++) {
    const problem = await attemptOf(() => traffic.write(target, routing, description, current.revision, signal));
    if (problem.ok) return { kind: "done", alias: problem.value };
    if (signal?.aborted) return { kind: "aborted" };

    const read = await attemptOf(() => traffic.read(target));
    if (read.ok && read.value === null) return { kind: "superseded", by: null };
    if (read.ok && read.value !== null) {
      const found = read.value;
      if (isAs(found, routing, description)) return { kind: "done", alias: found };
      const ours = isAs(found, current.routing, current.description) || isAsLeftBy(run, found);
      if (!ours) return { kind: "superseded", by: found };
      const moved = found.revision !== current.revision;
      current = found;
      if (!moved && !passes(problem.error)) return { kind: "failed", error: problem.error, alias: found };
    } else if (!read.ok && !passes(read.error)) {
      return { kind: "failed", error: problem.error, alias: null };
    }
    if (attempt === attempts) return { kind: "failed", error: problem.error, alias: read.ok ? current : null };
    await clock.sleep(Math.min(2 ** (attempt - 1), 8) * SECOND, signal);
    if (signal?.aborted) return { kind: "aborted" };
  }
}

/** True for an alias with just this routing and this description. */
export function isAs(alias: Alias, routing: Routing, description: string): boolean {
  return sameRouting(alias.routing, routing) && alias.description === description;
}

/** True for a fault that another try can get past. */
export function passes(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  switch (error.fault) {
    case "busy":
    case "throttled":
    case "unclear":
    case "conflict":
      return true;
    case "missing":
    case "denied":
    case "expired":
    case "invalid":
      return false;
  }
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function attemptOf<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, error };
  }
}
