import { type Alias, nameOf, type Setting, sameSetting, type Target } from "../domain/alias.ts";
import { type AliasRecord, isButForText, settingOf } from "../domain/alias-record.ts";
import { ServiceError } from "../domain/ports.ts";
import { SECOND } from "../domain/time.ts";
import type { WriteResult } from "../release/fleet.ts";
import { messageOf, type Ports } from "./ports.ts";
import { readAgain } from "./read-alias.ts";

export interface Persistence {
  readonly signal?: AbortSignal | undefined;
  readonly attempts?: number;
  /** How the write before this one would have left the alias, if it got no answer. */
  readonly sent?: Setting | null;
}

const ATTEMPTS = 6;
/** How often a rollback may be refused before we give up. */
const REFUSALS = 3;
/** Attempts for a rollback: at least five minutes of trying. */
export const PERSISTENT = 40;

/**
 * Sets an alias to what a record says, routing and description in one call, if it still is as it was seen. Whoever sends
 * this decides what to do if it fails.
 */
export function sendRecord(
  traffic: Ports["traffic"],
  target: Target,
  seen: Alias,
  record: AliasRecord,
  signal?: AbortSignal,
): Promise<Alias> {
  const { routing, description } = settingOf(seen.description, record);
  return traffic.write(target, routing, description, seen.revision, signal);
}

/**
 * Sets an alias to what a record says, starting from the alias as we last saw it.
 *
 * If anything goes wrong, only the alias can tell what happened: after a lost answer, the SDK's own retry gets a
 * conflict although the write took effect. So we read the alias. Then the write counts as done, is tried again, or
 * gives way to someone else's change. Someone else is anyone but this process: another job of the same run, too.
 */
export async function writeAlias(
  ports: Pick<Ports, "traffic" | "clock" | "run" | "journal">,
  target: Target,
  held: Alias,
  record: AliasRecord,
  { signal, attempts = ATTEMPTS, sent = null }: Persistence = {},
): Promise<WriteResult> {
  const { traffic, clock, run, journal } = ports;
  const own: readonly Setting[] = sent === null ? [held] : [held, sent];
  let current = held;
  let mayLand = false;
  let isFreed = false;
  for (let attempt = 1; ; attempt++) {
    const meant = settingOf(current.description, record);
    const written = await attemptOf(() => sendRecord(traffic, target, current, record, signal));
    if (written.ok) return done(written.value);
    if (signal?.aborted) return { kind: "aborted" };
    mayLand ||= isUnclear(written.error);

    // After a conflict, a read that shows the revision that the write named is stale for certain.
    const { revision } = current;
    const mayBeStale = (found: Alias | null) => isConflict(written.error) && found?.revision === revision;
    const look = () => attemptOf(() => readAgain(clock, () => traffic.read(target), mayBeStale, signal));
    let read = await look();
    if (read.ok && isForeign(read.value, meant)) {
      // Someone else's change counts only when read twice: if we gave way by mistake, nobody would watch the canary.
      await clock.sleep(SECOND, signal);
      read = await look();
      if (read.ok && isForeign(read.value, meant)) return { kind: "superseded", by: read.value };
    }
    let isAtOnce = false;
    if (read.ok && read.value !== null) {
      const found = read.value;
      if (sameSetting(found, meant)) return done(found);
      if (!isFreed && isStuck(written.error) && found.routing.additional === null) {
        isFreed = true;
        const freed = await attemptOf(() => free(found));
        if (!freed.ok) return failed(freed.error, found);
        current = freed.value;
        continue;
      }
      const moved = found.revision !== current.revision;
      if (moved) mayLand = false;
      else if (!mayPass(written.error, attempt)) return failed(written.error, found);
      current = found;
      // A new revision explains the failure: waiting would only leave the traffic in the wrong place for longer.
      isAtOnce = moved;
    } else if (!read.ok && !mayPass(read.error, attempt)) {
      return failed(written.error, null);
    }
    if (attempt === attempts) return failed(written.error, read.ok ? current : null);
    if (!isAtOnce) await clock.sleep(Math.min(2 ** (attempt - 1), 8) * SECOND, signal);
    if (signal?.aborted) return { kind: "aborted" };
  }

  async function done(alias: Alias): Promise<WriteResult> {
    return { kind: "done", alias: record.state === "rolled-back" ? await arrived(ports, target, alias) : alias };
  }

  function failed(error: unknown, alias: Alias | null): WriteResult {
    return { kind: "failed", reason: messageOf(error), alias, mayLand };
  }

  /** A rollback isn't given up at the first refusal: keys or policies may be about to change. */
  function mayPass(error: unknown, attempt: number): boolean {
    return passes(error) || (record.state === "rolled-back" && attempt < REFUSALS);
  }

  /** Writing the alias once more without weights frees it. It has none at this point, so its traffic stays as it is. */
  async function free(found: Alias): Promise<Alias> {
    const freed = await traffic.write(target, found.routing, found.description, found.revision, signal);
    const text = `the provisioned concurrency of ${nameOf(target)} was stuck, so Lambda refused the weights: the alias was written once without weights, and the release goes on`;
    journal.write({ kind: "warned", text });
    return freed;
  }

  function isForeign(found: Alias | null, meant: Setting): boolean {
    return found === null || (!sameSetting(found, meant) && !isOurs(found));
  }

  /** If someone edited only the text, a rollback still moves the traffic, and keeps their text. */
  function isOurs(found: Alias): boolean {
    if (own.some((each) => sameSetting(found, each))) return true;
    return record.state === "rolled-back" && own.some((each) => isButForText(run, each, found));
  }
}

/**
 * After a rollback, Lambda may keep the calls on the canary until the baseline has its provisioned concurrency. Then
 * this writes the alias once more without weights: the calls go back at once, with more cold starts.
 */
export async function arrived({ traffic }: Pick<Ports, "traffic">, target: Target, alias: Alias): Promise<Alias> {
  if (alias.movingFrom === null) return alias;
  const { routing, description, revision } = alias;
  const again = await attemptOf(() => traffic.write(target, routing, description, revision));
  return again.ok ? again.value : alias;
}

function isConflict(error: unknown): boolean {
  return error instanceof ServiceError && error.fault === "conflict";
}

function isStuck(error: unknown): boolean {
  return error instanceof ServiceError && error.fault === "stuck";
}

/** True if one of the SDK's tries may have got no answer: if the last one was throttled, an earlier one may have. */
function isUnclear(error: unknown): boolean {
  return error instanceof ServiceError && (error.fault === "unclear" || error.fault === "throttled");
}

/** True for a fault that may go away when the call is tried again. */
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
    case "accepted":
      return false;
  }
}

type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function attemptOf<T>(call: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    return { ok: false, error };
  }
}
