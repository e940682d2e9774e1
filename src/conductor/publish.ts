import { sameRun, type Version } from "../release/alias.ts";
import { ServiceError } from "../release/ports.ts";
import { readRecord } from "../release/record.ts";
import { formatDuration, MINUTE, SECOND, soFar } from "../release/time.ts";
import type { Candidate } from "./candidate.ts";
import { ReleaseError, type World } from "./world.ts";

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
 * Publishes the code that was looked at, and waits until the version can take traffic.
 *
 * @throws ReleaseError if it doesn't become ready; ServiceError if a call is refused
 */
export async function publish({ target }: Candidate, world: World): Promise<Published> {
  const { functions } = world;
  const name = target.function;
  const deadline = world.clock.now() + UPDATE;
  const { codeSha256 } = await until(world, deadline, `an update of ${name} to finish`, async () => {
    const latest = await functions.configuration(name, "$LATEST");
    return latest !== null && !latest.updating ? latest : null;
  });
  const highest = Math.max(0, ...(await functions.versions(name)).map(Number));
  const version = await until(world, deadline, `an update of ${name} to finish`, async () => {
    try {
      return await functions.publish(name, codeSha256);
    } catch (error) {
      if (error instanceof ServiceError && error.fault === "busy") return null;
      throw error;
    }
  });
  await waitUntilReady(name, version, world);
  return { version, isNew: Number(version) > highest };
}

/** Waits until a version can take traffic. @throws ReleaseError if it fails, or takes longer than 15 minutes */
export async function waitUntilReady(name: string, version: Version, world: World): Promise<void> {
  const deadline = world.clock.now() + START;
  await until(world, deadline, `version ${version} of ${name} to become active`, async () => {
    const readiness = (await world.functions.configuration(name, version))?.readiness;
    if (readiness?.kind === "failed") {
      throw new ReleaseError(
        `version ${version} of ${name} can't be started: ${readiness.reason}. No traffic was shifted; fix it and deploy again`,
      );
    }
    return readiness?.kind === "ready" ? true : null;
  });
}

/** Reports what a version was before, if it isn't new. */
export function noteReuse({ target, alias }: Candidate, { version, isNew }: Published, world: World): void {
  if (isNew || alias === null || alias.routing.primary === version) return;
  const what = `nothing has changed in ${target.function} since version ${version} was published`;
  const record = readRecord(alias.description);
  if (record?.state === "rolled-back" && record.from === version && !sameRun(record.run, world.run)) {
    const text = `${what}, and run ${record.run.id} rolled that version back: it is being released again, unchanged`;
    world.journal.write({ kind: "warned", text });
  } else {
    world.journal.write({ kind: "noted", text: `${what}; it isn't serving yet, and is being released now` });
  }
}

/** Asks again until there is an answer, and reports every minute that it is still waiting. */
async function until<T>(
  { clock, journal, abort }: World,
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
