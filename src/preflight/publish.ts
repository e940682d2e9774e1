import { type FunctionReference, sameRun, type Version } from "../domain/alias.ts";
import { readRecord } from "../domain/alias-record.ts";
import { type Configuration, ServiceError } from "../domain/ports.ts";
import { formatDuration, MINUTE, SECOND } from "../domain/time.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import { readAgain, STALE } from "../engine/read-alias.ts";
import { type Wait, waitFor } from "../engine/wait.ts";
import type { Candidate } from "./candidate.ts";
import { problemsOfUpload, type Upload } from "./upload.ts";

/** How long to wait for an update of the function. */
const UPDATE = 5 * MINUTE;
/** How long a version may take to start; with SnapStart, until its snapshot is made and tested. */
const START = 15 * MINUTE;
const UPDATE_PAUSE = 2 * SECOND;
/** A version that isn't there at once mostly takes three seconds or more. */
const START_PAUSE = 4 * SECOND;

/** A version that can take traffic. */
export interface Published {
  readonly version: Version;
  /** False if nothing had changed since an earlier publish: Lambda then returns that version again. */
  readonly isNew: boolean;
}

/** What is to be published, and for which functions: those share Lambda's quota. */
export interface FleetUpload extends Upload {
  readonly functions: readonly FunctionReference[];
}

/**
 * `$LATEST` as it is to be published; null while Lambda is busy with an update of it. What is wrong is looked at again
 * for ten seconds, since reads may be stale.
 *
 * @throws ReleaseError if the update failed, or brought other code than was asked for
 */
async function latestOf(
  name: string,
  upload: FleetUpload,
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
 * `$LATEST` as it is to be published. What was seen of it will do, since a publish names its revision and code. Only if
 * Lambda was busy with an update, this waits until that is done, and checks what has come of it.
 *
 * @throws ReleaseError if that takes longer than five minutes, or isn't what is to be published
 */
export async function uploaded(
  { target: { function: name }, configuration: seen }: Candidate,
  upload: FleetUpload,
  ports: Ports,
): Promise<Configuration> {
  if (seen.update.kind === "done") return seen;
  return until(ports, updateOf(name, upload, ports), () => latestOf(name, upload, ports));
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
  upload: FleetUpload,
  ports: Ports,
): Promise<Published> {
  const { functions, clock } = ports;
  const name = target.function;
  // Only a list from before tells whether the version is new: a publish is answered the same way if it isn't.
  const highest = Math.max(0, ...(await functions.versions(name)).map(Number));
  const start = clock.now();
  let latest: Configuration | null = seen;
  let tries = 0;
  const { version, readiness } = await until(ports, updateOf(name, upload, ports), async () => {
    latest ??= await latestOf(name, upload, ports);
    if (latest === null) return null;
    const { codeSha256, revision } = latest;
    latest = null;
    tries++;
    // What was read may be stale, and its revision old. If Lambda goes on refusing it, the code alone must do.
    const isNamed = tries <= 2 || clock.now() - start < STALE;
    try {
      return await functions.publish(name, codeSha256, isNamed ? revision : null);
    } catch (error) {
      if (error instanceof ServiceError && (error.fault === "busy" || error.fault === "conflict")) return null;
      throw error;
    }
  });
  await waitUntilReady(name, version, readiness, upload, ports);
  return { version, isNew: Number(version) > highest };
}

/**
 * Waits until a version can take traffic.
 *
 * @param told as Lambda told it with the version: if it is ready, nothing more is asked
 * @throws ReleaseError if it fails, or takes longer than 15 minutes
 */
export async function waitUntilReady(
  name: string,
  version: Version,
  told: Configuration["readiness"],
  { functions }: FleetUpload,
  ports: Ports,
): Promise<void> {
  if (isReady(name, version, told)) return;
  const what = `version ${version} of ${name} to become active`;
  await wait(ports, { what, limit: START, pause: START_PAUSE, size: functions.length }, async () => {
    const found = await ports.functions.configuration(name, version);
    return isReady(name, version, found?.readiness) || null;
  });
}

/** @throws ReleaseError if the version has failed */
function isReady(name: string, version: Version, readiness: Configuration["readiness"] | undefined): boolean {
  if (readiness?.kind === "failed") {
    throw new ReleaseError(
      `version ${version} of ${name} can't be started: ${readiness.reason}. No traffic was shifted; fix it and deploy again`,
    );
  }
  return readiness?.kind === "ready";
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

interface Awaited extends Omit<Wait, "told"> {
  /** For people: `an update of checkout to finish`. */
  readonly what: string;
}

function updateOf(name: string, { functions }: FleetUpload, { clock }: Ports): Awaited {
  return {
    what: `an update of ${name} to finish`,
    limit: UPDATE,
    pause: UPDATE_PAUSE,
    size: functions.length,
    since: clock.now(),
  };
}

/** Asks until there is an answer. @throws ReleaseError if there is none within the limit */
async function until<T>(ports: Ports, awaited: Awaited, ask: () => Promise<T | null>): Promise<T> {
  // Nothing is published after a cancellation.
  ports.abort.throwIfAborted();
  return (await ask()) ?? wait(ports, awaited, ask);
}

/** Asks again until there is an answer. @throws ReleaseError if there is none within the limit */
async function wait<T>(ports: Ports, { what, ...rest }: Awaited, ask: () => Promise<T | null>): Promise<T> {
  const waited = await waitFor(ports, { ...rest, told: (sofar) => `waiting for ${what}${sofar}` }, ask);
  switch (waited.kind) {
    case "over":
      return waited.answer;
    case "late":
      throw new ReleaseError(
        `waited ${formatDuration(waited.after)} for ${what}; no traffic was shifted. Check the function in Lambda`,
      );
    case "aborted":
      throw ports.abort.reason;
  }
}
