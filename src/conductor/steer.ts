import { type Alias, nameOf, type Setting, sameSetting, type Target } from "../release/alias.ts";
import { ServiceError } from "../release/ports.ts";
import { isButForText, type Record, settingOf } from "../release/record.ts";
import { SECOND } from "../release/time.ts";
import type { World } from "./world.ts";

/** What became of a write to an alias. */
export type Steered =
  | { readonly kind: "done"; readonly alias: Alias }
  /** Somebody else changed the alias, or deleted it (null); it was left alone. */
  | { readonly kind: "superseded"; readonly by: Alias | null }
  /**
   * It can't be done; `alias` is what stands instead, null when even that can't be read. A write that got no answer may
   * still land, as long as the alias has the revision that it names.
   */
  | { readonly kind: "failed"; readonly error: unknown; readonly alias: Alias | null; readonly mayLand: boolean }
  /** Given up by the signal: it may or may not have taken effect. */
  | { readonly kind: "aborted" };

export interface Persistence {
  readonly signal?: AbortSignal | undefined;
  readonly attempts?: number;
  /** What the write before this one would have made of the alias, where its answer never came. */
  readonly sent?: Setting | null;
}

const ATTEMPTS = 6;
/** So often a rollback is refused before that is believed. */
const REFUSALS = 3;
/** A rollback is not given up before five minutes of trying. */
export const PERSISTENT = 40;

/**
 * Makes an alias what a record says, routing and description in one call, from the alias as it was last held.
 *
 * Whatever goes wrong, only the alias itself tells what is so: a lost answer and the SDK's own retry give a conflict
 * although the write took effect. So the alias is read, and the write is done, tried again, or given up for somebody
 * else's change. That is whatever this process didn't make of it: another job of the same run is somebody else, too.
 */
export async function steer(
  world: Pick<World, "traffic" | "clock" | "run" | "journal">,
  target: Target,
  held: Alias,
  record: Record,
  { signal, attempts = ATTEMPTS, sent = null }: Persistence = {},
): Promise<Steered> {
  const { traffic, clock, run, journal } = world;
  const own: readonly Setting[] = sent === null ? [held] : [held, sent];
  let current = held;
  let mayLand = false;
  let isFreed = false;
  for (let attempt = 1; ; attempt++) {
    const meant = settingOf(current.description, record);
    const write = () => traffic.write(target, meant.routing, meant.description, current.revision, signal);
    const written = await attemptOf(write);
    if (written.ok) return done(written.value);
    if (signal?.aborted) return { kind: "aborted" };
    mayLand ||= isUnclear(written.error);

    let read = await attemptOf(() => traffic.read(target));
    if (read.ok && isForeign(read.value, meant)) {
      // Another hand is believed in when it was seen twice: to give way to none would leave the canary to nobody.
      await clock.sleep(SECOND, signal);
      read = await attemptOf(() => traffic.read(target));
      if (read.ok && isForeign(read.value, meant)) return { kind: "superseded", by: read.value };
    }
    let isAtOnce = false;
    if (read.ok && read.value !== null) {
      const found = read.value;
      if (sameSetting(found, meant)) return done(found);
      if (!isFreed && isStuck(written.error) && found.routing.additional === null) {
        isFreed = true;
        const freed = await attemptOf(() => free(found));
        if (!freed.ok) return { kind: "failed", error: freed.error, alias: found, mayLand };
        current = freed.value;
        continue;
      }
      const moved = found.revision !== current.revision;
      if (moved) mayLand = false;
      else if (!mayPass(written.error, attempt)) return { kind: "failed", error: written.error, alias: found, mayLand };
      current = found;
      // The conflict is understood: to wait would only leave the traffic where it shall not be.
      isAtOnce = moved;
    } else if (!read.ok && !mayPass(read.error, attempt)) {
      return { kind: "failed", error: written.error, alias: null, mayLand };
    }
    if (attempt === attempts) return { kind: "failed", error: written.error, alias: read.ok ? current : null, mayLand };
    if (!isAtOnce) await clock.sleep(Math.min(2 ** (attempt - 1), 8) * SECOND, signal);
    if (signal?.aborted) return { kind: "aborted" };
  }

  async function done(alias: Alias): Promise<Steered> {
    return { kind: "done", alias: record.state === "rolled-back" ? await arrived(world, target, alias) : alias };
  }

  /** What puts production right isn't given up at the first refusal: keys and policies may be just in exchange. */
  function mayPass(error: unknown, attempt: number): boolean {
    return passes(error) || (record.state === "rolled-back" && attempt < REFUSALS);
  }

  /** Without weights, as it is anyway, it comes loose; the calls go where they went. */
  async function free(found: Alias): Promise<Alias> {
    const freed = await traffic.write(target, found.routing, found.description, found.revision, signal);
    const text = `the provisioned concurrency of ${nameOf(target)} was stuck, and refused the weights: it was written once without, and goes on`;
    journal.write({ kind: "warned", text });
    return freed;
  }

  function isForeign(found: Alias | null, meant: Setting): boolean {
    return found === null || (!sameSetting(found, meant) && !isOurs(found));
  }

  /** A rollback takes the traffic back from under a text that somebody edited, and keeps the text. */
  function isOurs(found: Alias): boolean {
    if (own.some((each) => sameSetting(found, each))) return true;
    return record.state === "rolled-back" && own.some((each) => isButForText(run, each, found));
  }
}

/**
 * An alias whose calls Lambda itself keeps on the canary, until the baseline has its provisioned concurrency, once more
 * without weights: they go back at once then, and colder.
 */
export async function arrived({ traffic }: Pick<World, "traffic">, target: Target, alias: Alias): Promise<Alias> {
  if (alias.movingFrom === null) return alias;
  const { routing, description, revision } = alias;
  const again = await attemptOf(() => traffic.write(target, routing, description, revision));
  return again.ok ? again.value : alias;
}

function isStuck(error: unknown): boolean {
  return error instanceof ServiceError && error.fault === "stuck";
}

/** Of the SDK's tries behind an error, one may have got no answer: also where the last of them was throttled. */
function isUnclear(error: unknown): boolean {
  return error instanceof ServiceError && (error.fault === "unclear" || error.fault === "throttled");
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
    case "stuck":
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
