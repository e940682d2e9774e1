import { sameRun, type Version } from "../domain/alias.ts";
import { readRecord } from "../domain/alias-record.ts";
import { type Configuration, ServiceError } from "../domain/ports.ts";
import { formatDuration, MINUTE, SECOND, soFar } from "../domain/time.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import { readAgain, STALE } from "../engine/read-alias.ts";
import type { Candidate } from "./candidate.ts";
import { problemsOfUpload, type Upload } from "./upload.ts";

/** How long to wait for an update of the function. */
const UPDATE = 5 * MINUTE;
/** How long a version may take to start; with SnapStart, until its snapshot is made and tested. */
const START = 15 * MINUTE;
const PAUSE = 2 * SECOND;

/** A version that can take traffic. */
export interface Published {
  readonly version: Version;
  /** False if nothing had changed since an earlier publish: Lambda then returns that version again. */
  readonly isNew: boolean;
}

/**
 * `$LATEST` as it is to be published; null while Lambda is busy with an update of it. What is wrong is looked at again
 * for ten seconds, since reads may be stale.
 *
 * @throws ReleaseError if the update failed, or brought other code than was asked for
 */
async function latestOf(
  name: string,
  upload: Upload,
  { functions, clock, abort }: Ports,
): Promise<Configuration | null> {
  const read = async () => {
    const latest = await functions.configuration(name, "$LATEST");
    return latest?.update.kind === "in progress" ? null : latest;
  };
  const problems = (latest: Configuration | null) => (latest === null ? [] : problemsOfUpload(name, latest, upload));
  const latest = await readAgain(clock, read, (each) => problems(each).length > 0, abort);
  if (problems(latest).length > 0) throw new ReleaseError(`nothing was published: ${problems(latest).join("; ")}`);
  return latest;
}

/**
 * Waits until Lambda is done with an update of `$LATEST`, and checks what has come of it.
 *
 * @throws ReleaseError if that takes longer than five minutes, or isn't what is to be published
 */
export function uploaded(name: string, upload: Upload, ports: Ports): Promise<Configuration> {
  const deadline = ports.clock.now() + UPDATE;
  return until(ports, deadline, `an update of ${name} to finish`, () => latestOf(name, upload, ports));
}

/**
 * Publishes the code that was uploaded, and waits until the version can take traffic. If `$LATEST` is no longer as it
 * was seen, it is looked at anew.
 *
 * @throws ReleaseError if it doesn't become ready, or isn't what was asked for; ServiceError if a call is refused
 */
export async function publish(
  { target }: Candidate,
  seen: Configuration,
  upload: Upload,
  ports: Ports,
): Promise<Published> {
  const { functions, clock } = ports;
  const name = target.function;
  const highest = Math.max(0, ...(await functions.versions(name)).map(Number));
  const start = clock.now();
  let latest: Configuration | null = seen;
  const version = await until(ports, start + UPDATE, `an update of ${name} to finish`, async () => {
    latest ??= await latestOf(name, upload, ports);
    if (latest === null) return null;
    const { codeSha256, revision } = latest;
    latest = null;
    try {
      // What was read may be stale, and its revision old. If Lambda goes on refusing it, the code alone must do.
      return await functions.publish(name, codeSha256, clock.now() - start < STALE ? revision : null);
    } catch (error) {
      if (error instanceof ServiceError && (error.fault === "busy" || error.fault === "conflict")) return null;
      throw error;
    }
  });
  await waitUntilReady(name, version, ports);
  return { version, isNew: Number(version) > highest };
}

/** Waits until a version can take traffic. @throws ReleaseError if it fails, or takes longer than 15 minutes */
export async function waitUntilReady(name: string, version: Version, ports: Ports): Promise<void> {
  const deadline = ports.clock.now() + START;
  await until(ports, deadline, `version ${version} of ${name} to become active`, async () => {
    const readiness = (await ports.functions.configuration(name, version))?.readiness;
    if (readiness?.kind === "failed") {
      throw new ReleaseError(
        `version ${version} of ${name} can't be started: ${readiness.reason}. No traffic was shifted; fix it and deploy again`,
      );
    }
    return readiness?.kind === "ready" ? true : null;
  });
}

/** Reports what a version was before, if it isn't new. */
export function noteReuse({ target, alias }: Candidate, { version, isNew }: Published, ports: Ports): void {
  if (isNew || alias === null || alias.routing.primary === version) return;
  const what = `nothing has changed in ${target.function} since version ${version} was published`;
  const record = readRecord(alias.description);
  if (record?.state === "rolled-back" && record.from === version && !sameRun(record.run, ports.run)) {
    const text = `${what}, and run ${record.run.id} rolled that version back: it is being released again, unchanged`;
    ports.journal.write({ kind: "warned", text });
  } else {
    ports.journal.write({ kind: "noted", text: `${what}; it isn't serving yet, and is being released now` });
  }
}

/** Asks again until there is an answer, and reports every minute that it is still waiting. */
async function until<T>(
  { clock, journal, abort }: Ports,
  deadline: number,
  what: string,
  ask: () => Promise<T | null>,
): Promise<T> {
  const start = clock.now();
  for (let said = start; ; ) {
    abort.throwIfAborted();
    const answer = await ask();
    if (answer !== null) return answer;
    const now = clock.now();
    if (now >= deadline) {
      throw new ReleaseError(
        `waited ${formatDuration(now - start)} for ${what}; no traffic was shifted. Check the function in Lambda`,
      );
    }
    if (now === start || now - said >= MINUTE) {
      journal.write({ kind: "noted", text: `waiting for ${what}${soFar(now - start)}` });
      said = now;
    }
    await clock.sleep(PAUSE, abort);
  }
}
