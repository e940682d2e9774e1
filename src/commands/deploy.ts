import { type Broken, withLimits } from "../analysis/before-release.ts";
import { type Alias, nameOf, sameRouting, type Target, type Version, weightIn } from "../domain/alias.ts";
import { recordedRouting, writeRecord } from "../domain/alias-record.ts";
import { healCommand } from "../domain/heal-command.ts";
import { together } from "../domain/input.ts";
import { heal } from "../engine/heal.ts";
import { type Engine, runRelease } from "../engine/loop.ts";
import { messageOf, type Ports, ReleaseError } from "../engine/ports.ts";
import { readAgain } from "../engine/read-alias.ts";
import { Uninterruptible, unlessAborted } from "../engine/wait.ts";
import { checkAccounts } from "../preflight/account.ts";
import type { Candidate, Orphan } from "../preflight/candidate.ts";
import { type History, memberOf, notesOnLatency, prospectsOf, readHistory } from "../preflight/history.ts";
import { inspectFleet, noteDurable } from "../preflight/look.ts";
import { provisioningOf } from "../preflight/provisioned-concurrency.ts";
import { noteReuse, publish, uploaded, waitUntilReady } from "../preflight/publish.ts";
import { isJudged, tellForecast, warnAboutAlarms, warnAboutCredentials, warnAboutPlan } from "../preflight/warnings.ts";
import type { Change, Ending } from "../release/events.ts";
import type { HeldAlias } from "../release/fleet.ts";
import { newProgress } from "../release/progress.ts";
import { said } from "../release/reason.ts";
import { newRelease } from "../release/release.ts";

import type { Command, Order } from "./command.ts";
import { type ReleaseInputs, readReleaseInputs } from "./inputs.ts";

export type DeployOrder = Order & ReleaseInputs;

interface Deploy extends Command<ReleaseInputs> {
  /** @param engine takes the release to its end, once all is ready for it */
  run(order: DeployOrder, ports: Ports, engine?: Engine): Promise<Ending>;
}

export const deploy: Deploy = {
  name: "deploy",
  traits: { doing: "releasing", moves: "forth", aRollbackIs: "a failure" },
  comments: "live",
  needsMergedCode: true,
  parse: (read, functions) => together<ReleaseInputs>(readReleaseInputs(read, functions)),
  shows: ({ plan, guards }) => ({ plan, guards }),
  run: release,
  isSuccess: (outcome) => outcome === "promoted" || outcome === "unchanged" || outcome === "created",
};

/** The whole release: look, publish, shift step by step, promote or roll back. */
async function release(order: DeployOrder, ports: Ports, engine: Engine = runRelease): Promise<Ending> {
  const { abort, clock, run } = ports;
  warnAboutPlan(order, ports);
  const writes = new Uninterruptible(abort);
  const ready = await unlessAborted(abort, makeReady(order, ports, writes)).finally(() => writes.settled());
  if (ready === null) {
    return { outcome: "failed", reason: { kind: "cancelled-before", how: String(abort.reason) }, verified: false };
  }
  const { heldAliases, created, unchanged, armed, broken, unseen } = ready;
  if (heldAliases.length === 0) return withoutRelease(created, unchanged, order.version);

  const members = heldAliases.map(({ member }) => member);
  const { plan, guards, whenInconclusive, holdLimits, pollInterval } = order;
  const start = newRelease({ run, members, plan, guards, whenInconclusive, holdLimits }, armed, clock.now());
  const limited = { ...start, analysis: withLimits(start.analysis, broken) };
  const ending = await engine(newProgress(limited, heldAliases, { poll: pollInterval, region: ports.region }), ports);
  if (ending.outcome !== "promoted") return ending;
  return { ...ending, reason: { kind: "all", reasons: [ending.reason, ...unseen.map(said)] } };
}

/** An alias that doesn't exist yet, and the version that it is created at. */
interface Created {
  readonly target: Target;
  readonly version: Version;
}

interface Ready {
  readonly heldAliases: readonly HeldAlias[];
  readonly created: readonly Created[];
  readonly unchanged: readonly Target[];
  readonly armed: readonly string[];
  /** The guards that would have failed before the release. */
  readonly broken: readonly Broken[];
  /** What the guards can't see. */
  readonly unseen: readonly string[];
}

async function makeReady(order: DeployOrder, ports: Ports, writes: Uninterruptible): Promise<Ready> {
  const { journal } = ports;
  await warnAboutCredentials(order, ports);
  await checkAccounts(order.functions, ports);
  journal.write({ kind: "chapter", title: "Look" });
  const found = await inspectFleet(order, ports, (orphan) => writes.begin(() => putBack(orphan, ports)));
  const { candidates } = found;
  warnAboutAlarms(found.inAlarm, ports);
  noteDurable(candidates, ports);
  const [histories] = await Promise.all([
    historiesOf(order, candidates, ports),
    ...candidates.map((candidate) => warnAboutProvisioning(order, candidate, ports)),
  ]);
  // Loaded only now, since the first calls don't need it.
  const { lookBefore } = await import("../preflight/before-release.ts");
  const broken = await lookBefore(order, candidates, histories, ports);

  journal.write({ kind: "chapter", title: order.version === null ? "Publish" : "Check the version" });
  const published = await canariesOf(candidates, order, ports);

  const changes: Change[] = [];
  const heldAliases: HeldAlias[] = [];
  const created: Created[] = [];
  const unchanged: Target[] = [];
  for (const { target, alias, configuration, version } of published) {
    const baseline = alias?.routing.primary ?? null;
    changes.push({ target, baseline, canary: version });
    if (alias === null) created.push({ target, version });
    else if (alias.routing.primary === version) unchanged.push(target);
    else {
      const versions = { target, baseline: alias.routing.primary, canary: version, timeout: configuration.timeout };
      heldAliases.push({ member: memberOf(versions, histories.get(target.function), ports.clock.now()), alias });
    }
  }
  const unseen = await blindSpotsOf(order, heldAliases, ports);
  journal.write({ kind: "prepared", changes });
  for (const each of created) await writes.begin(() => create(each, ports));
  return { heldAliases, created, unchanged, armed: found.armed, broken, unseen };
}

/** Warns of what the guards can't see. */
async function blindSpotsOf(
  { plan, guards }: DeployOrder,
  heldAliases: readonly HeldAlias[],
  ports: Ports,
): Promise<readonly string[]> {
  if (!isJudged(plan)) return [];
  // Only now: it would keep the calls before it waiting.
  const { warnAboutBlindSpots } = await import("../preflight/blind-spots.ts");
  return warnAboutBlindSpots(
    guards,
    heldAliases.map(({ member }) => member.target),
    ports,
  );
}

/** Warns that the canary's calls don't get the alias's provisioned concurrency. */
async function warnAboutProvisioning({ plan }: DeployOrder, { alias, target }: Candidate, ports: Ports): Promise<void> {
  if (alias === null || plan.steps.length === 0) return;
  const { kind, text } = await provisioningOf(target, ports);
  if (kind !== "none") ports.journal.write({ kind: "warned", text });
}

/**
 * The traffic so far, from CloudWatch, for the functions that will be judged by it.
 *
 * @throws ReleaseError if CloudWatch can't be read: better now than in the middle of the release
 */
async function historiesOf(
  { plan, guards, holdLimits }: DeployOrder,
  candidates: readonly Candidate[],
  ports: Ports,
): Promise<ReadonlyMap<string, History>> {
  const judged = isJudged(plan) ? candidates.filter(({ alias }) => alias !== null) : [];
  if (judged.length === 0) return new Map();
  const targets = judged.map(({ target }) => target);
  const histories = await readHistory(targets, guards, ports).catch((error: unknown) => {
    throw new ReleaseError(`nothing was published: ${messageOf(error)}`, { cause: error });
  });
  for (const text of notesOnLatency(guards, histories)) ports.journal.write({ kind: "noted", text });
  tellForecast({ plan, guards, holdLimits }, prospectsOf(judged, histories), ports);
  return histories;
}

/** @throws ReleaseError if the alias can't be put back */
async function putBack({ target, alias, claim: { release, why } }: Orphan, ports: Ports): Promise<Alias> {
  const name = nameOf(target);
  const result = await heal(ports, target, alias, release);
  const left = `${name} was left at ${release.reached} (${why})`;
  if (result.kind !== "done") {
    const error = result.kind === "failed" ? result.reason : "someone else changed it at the same time";
    const reason = `${left}, and could not be put back: ${error}`;
    if (result.kind === "failed") {
      const command = healCommand(target, release.to, ports.region);
      const weight = weightIn(alias.routing, release.from);
      ports.journal.write({ kind: "stranded", target, reason: said(reason), command, weight });
    }
    throw new ReleaseError(`nothing was published: ${reason}`);
  }
  ports.journal.write({ kind: "warned", text: `${left}; all its traffic is back on ${release.to}` });
  return result.alias;
}

/** A candidate, and the version to release. */
interface Canary extends Candidate {
  readonly version: Version;
}

/** The versions to release. Nothing is published before all uploads are known to be good. */
async function canariesOf(
  candidates: readonly Candidate[],
  order: DeployOrder,
  ports: Ports,
): Promise<readonly Canary[]> {
  const { version } = order;
  if (version !== null) {
    await Promise.all(
      candidates.map(({ target, configuration: { readiness } }) =>
        waitUntilReady(target.function, version, readiness, order, ports),
      ),
    );
    return candidates.map((candidate) => ({ ...candidate, version }));
  }
  const uploads = await Promise.all(
    candidates.map(async (candidate) => ({ candidate, latest: await uploaded(candidate, order, ports) })),
  );
  return Promise.all(
    uploads.map(async ({ candidate, latest }) => {
      const published = await publish(candidate, latest, order, ports);
      noteReuse(candidate, published, ports);
      return { ...candidate, version: published.version };
    }),
  );
}

/** Nothing calls an alias that doesn't exist yet, so it is created at the new version right away. */
async function create({ target, version }: Created, ports: Ports): Promise<void> {
  const { traffic, journal, clock, run } = ports;
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

function withoutRelease(created: readonly Created[], unchanged: readonly Target[], version: Version | null): Ending {
  if (created.length > 0) {
    const targets = created.map(({ target }) => target);
    return { outcome: "created", reason: { kind: "created", targets }, verified: false };
  }
  return { outcome: "unchanged", reason: { kind: "unchanged", targets: unchanged, version }, verified: false };
}
