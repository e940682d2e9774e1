import { type Alias, nameOf, sameRouting, type Target, type Version } from "../release/alias.ts";
import { type Broken, withLimits } from "../release/before.ts";
import { formatList } from "../release/figures.ts";
import type { Change } from "../release/journal.ts";
import { NOTHING_USUAL } from "../release/method.ts";
import { recordedRouting, writeRecord } from "../release/record.ts";
import { newRelease } from "../release/release.ts";
import { HOUR, MINUTE } from "../release/time.ts";
import { expectedCalls } from "../release/week.ts";
import { Unbroken, unlessAborted } from "./abort.ts";
import { checkAccounts } from "./account.ts";
import type { Candidate, Orphan } from "./candidate.ts";
import { conduct } from "./conduct.ts";
import type { Ending, Holding } from "./fleet.ts";
import { foretell, warnAboutAlarms, warnAboutCredentials, warnAboutPlan } from "./foresight.ts";
import { heal } from "./heal.ts";
import { type History, notesOnLatency, readHistory } from "./history.ts";
import { lookAround, noteDurable } from "./look.ts";
import type { DeployOrder } from "./order.ts";
import { provisioningOf } from "./provisioned.ts";
import { noteReuse, type Published, publish, uploaded, waitUntilReady } from "./publish.ts";
import { readAgain } from "./staleness.ts";
import { healCommand, messageOf, ReleaseError, type World } from "./world.ts";

/** The whole release: look, publish, shift step by step, promote or roll back. */
export async function deploy(order: DeployOrder, world: World): Promise<Ending> {
  const { abort, clock, run } = world;
  warnAboutPlan(order, world);
  const writes = new Unbroken(abort);
  const ready = await unlessAborted(abort, makeReady(order, world, writes)).finally(() => writes.settled());
  if (ready === null) {
    return { outcome: "failed", reason: `${String(abort.reason)}; no traffic was shifted`, verified: false };
  }
  const { holdings, created, unchanged, armed, broken, unseen } = ready;
  if (holdings.length === 0) return withoutRelease(created, unchanged, order.version);

  const members = holdings.map(({ member }) => member);
  const { plan, guards, whenInconclusive, patience, pollInterval } = order;
  const release = newRelease({ run, members, plan, guards, whenInconclusive, patience }, armed, clock.now());
  const ending = await conduct(withLimits(release, broken), holdings, pollInterval, world);
  if (ending.outcome !== "promoted") return ending;
  return { ...ending, reason: [ending.reason, ...unseen].join("; ") };
}

interface Ready {
  readonly holdings: readonly Holding[];
  readonly created: readonly Target[];
  readonly unchanged: readonly Target[];
  readonly armed: readonly string[];
  /** The guards that would have failed before the release. */
  readonly broken: readonly Broken[];
  /** What the guards can't see. */
  readonly unseen: readonly string[];
}

async function makeReady(order: DeployOrder, world: World, writes: Unbroken): Promise<Ready> {
  const { journal } = world;
  await warnAboutCredentials(order, world);
  await checkAccounts(order.functions, world);
  journal.write({ kind: "chapter", title: "Look" });
  const found = await lookAround(order, world, (orphan) => writes.begin(() => putBack(orphan, world)));
  const { candidates } = found;
  warnAboutAlarms(order, found.armed, world);
  noteDurable(candidates, world);
  const [histories] = await Promise.all([
    historiesOf(order, candidates, world),
    ...candidates.map((candidate) => warnAboutProvisioning(order, candidate, world)),
  ]);
  // Nothing of this is needed for the first calls.
  const { lookBefore } = await import("./before.ts");
  const broken = await lookBefore(order, candidates, histories, world);

  journal.write({ kind: "chapter", title: order.version === null ? "Publish" : "Check the version" });
  const published = await canariesOf(candidates, order, world);

  const changes: Change[] = [];
  const holdings: Holding[] = [];
  const created: Target[] = [];
  const unchanged: Target[] = [];
  for (const [index, candidate] of candidates.entries()) {
    const { target, alias, configuration } = candidate;
    const canary = published[index]?.version ?? "";
    const baseline = alias?.routing.primary ?? null;
    changes.push({ target, baseline, canary });
    if (alias === null) created.push(target);
    else if (baseline === canary) unchanged.push(target);
    else {
      const { timeout } = configuration;
      const { longestSilence = null, usual = NOTHING_USUAL, week } = histories.get(target.function) ?? {};
      const isCalled = (week?.calls ?? 0) > 0;
      const usualRate = week === undefined ? 0 : (expectedCalls(week, world.clock.now(), HOUR) * MINUTE) / HOUR;
      const member = {
        target,
        baseline: alias.routing.primary,
        canary,
        timeout,
        longestSilence,
        usualRate,
        isCalled,
        usual,
      };
      holdings.push({ member, alias });
    }
  }
  // Only now: it would keep the calls before it waiting.
  const { warnAboutBlindSpots } = await import("./blind-spots.ts");
  const released = holdings.map(({ member }) => member.target);
  const unseen = await warnAboutBlindSpots(order.guards, released, world);
  journal.write({ kind: "prepared", changes });
  for (const { target, canary } of changes.filter(({ baseline }) => baseline === null)) {
    await writes.begin(() => create(target, canary ?? "", world));
  }
  return { holdings, created, unchanged, armed: found.armed, broken, unseen };
}

/** Warns that the canary's calls don't get the alias's provisioned concurrency. */
async function warnAboutProvisioning({ plan }: DeployOrder, { alias, target }: Candidate, world: World): Promise<void> {
  if (alias === null || plan.steps.length === 0) return;
  const { kind, text } = await provisioningOf(target, world);
  if (kind !== "none") world.journal.write({ kind: "warned", text });
}

/**
 * The traffic so far, from CloudWatch, for the functions that will be judged by it.
 *
 * @throws ReleaseError if CloudWatch can't be read: better now than in the middle of the release
 */
async function historiesOf(
  { plan, guards, patience }: DeployOrder,
  candidates: readonly Candidate[],
  world: World,
): Promise<ReadonlyMap<string, History>> {
  const judged = plan.steps.length > 0 || plan.finalBake > 0 ? candidates.filter(({ alias }) => alias !== null) : [];
  if (judged.length === 0) return new Map();
  const targets = judged.map(({ target }) => target);
  const histories = await readHistory(targets, guards, world).catch((error: unknown) => {
    throw new ReleaseError(`nothing was published: ${messageOf(error)}`, { cause: error });
  });
  for (const text of notesOnLatency(guards, histories)) world.journal.write({ kind: "noted", text });
  foretell({ plan, guards, patience }, histories, world);
  return histories;
}

/** @throws ReleaseError if the alias can't be put back */
async function putBack({ target, alias, claim: { release, why } }: Orphan, world: World): Promise<Alias> {
  const name = nameOf(target);
  const result = await heal(world, target, alias, release);
  const left = `${name} was left at ${release.standing} (${why})`;
  if (result.kind !== "done") {
    const error = result.kind === "failed" ? messageOf(result.error) : "someone else changed it at the same time";
    const reason = `${left}, and could not be put back: ${error}`;
    if (result.kind === "failed") {
      const command = healCommand(target, release.to, world.region);
      world.journal.write({ kind: "stranded", target, reason, command });
    }
    throw new ReleaseError(`nothing was published: ${reason}`);
  }
  world.journal.write({ kind: "warned", text: `${left}; all its traffic is back on ${release.to}` });
  return result.alias;
}

/** The versions to release. Nothing is published before all uploads are known to be good. */
async function canariesOf(
  candidates: readonly Candidate[],
  order: DeployOrder,
  world: World,
): Promise<readonly Published[]> {
  const { version } = order;
  if (version !== null) {
    await Promise.all(candidates.map(({ target }) => waitUntilReady(target.function, version, world)));
    return candidates.map(() => ({ version, isNew: false }));
  }
  const uploads = await Promise.all(
    candidates.map(async (candidate) => ({
      candidate,
      latest: await uploaded(candidate.target.function, order, world),
    })),
  );
  return Promise.all(
    uploads.map(async ({ candidate, latest }) => {
      const published = await publish(candidate, latest, order, world);
      noteReuse(candidate, published, world);
      return published;
    }),
  );
}

/** Nothing calls an alias that doesn't exist yet, so it is created at the new version right away. */
async function create(target: Target, version: Version, world: World): Promise<void> {
  const { traffic, journal, clock, run } = world;
  const record = { state: "promoted", version, before: version, until: null, at: clock.now(), run } as const;
  const alias = await traffic.create(target, version, writeRecord("", record)).catch(async (error: unknown) => {
    // If the answer got lost, the SDK's retry is told that the alias exists: it may be the one we created.
    const found = await readAgain(
      clock,
      () => traffic.read(target),
      (each) => each === null,
    );
    if (found !== null && sameRouting(found.routing, recordedRouting(record))) return found;
    throw error;
  });
  journal.write({ kind: "serving", target, routing: alias.routing });
  const text =
    `${nameOf(target)} did not exist and was created; no other alias of ${target.function} was touched. If you meant ` +
    "another one, correct the input alias and delete this one";
  journal.write({ kind: "warned", text });
}

function withoutRelease(created: readonly Target[], unchanged: readonly Target[], version: Version | null): Ending {
  const names = (targets: readonly Target[]) => formatList(targets.map((target) => nameOf(target)));
  if (created.length === 0) {
    const reason =
      version === null
        ? `${names(unchanged)}: nothing has changed since the current version was published`
        : `${names(unchanged)} already serves version ${version}`;
    return { outcome: "unchanged", reason, verified: false };
  }
  const reason = `${names(created)} did not exist and was created at the new version: there was nothing to compare it with`;
  return { outcome: "created", reason, verified: false };
}
