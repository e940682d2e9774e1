import { nameOf, type Target } from "../domain/alias.ts";
import { LONGER_CREDENTIALS } from "../domain/credentials.ts";
import { formatCount } from "../domain/format.ts";
import { type ReadInput, readDuration, readOne, together } from "../domain/input.ts";
import { mistakeAt, type Parsed } from "../domain/mistake.ts";
import { ServiceError } from "../domain/ports.ts";
import { DAY, formatDuration, formatInstant, HOUR, MINUTE } from "../domain/time.ts";
import { describeCallers } from "../engine/callers.ts";
import { messageOf, type Ports } from "../engine/ports.ts";
import { forecast, type Prospect } from "../forecast/forecast.ts";
import { suggestPlan, type Wish } from "../forecast/suggested-plan.ts";
import { checkAccounts } from "../preflight/account.ts";
import { lookBefore } from "../preflight/before-release.ts";
import { warnAboutBlindSpots } from "../preflight/blind-spots.ts";
import { type Candidate, isOrphan } from "../preflight/candidate.ts";
import { lifeOfCredentials } from "../preflight/credentials.ts";
import { prospectsOf, readHistory } from "../preflight/history.ts";
import { findAll, noteDurable } from "../preflight/look.ts";
import { provisioningOf } from "../preflight/provisioned-concurrency.ts";
import { isJudged, warnAboutAlarms, warnAboutPlan } from "../preflight/warnings.ts";
import type { Check, Ending } from "../release/events.ts";
import { said } from "../release/reason.ts";
import type { Command, Order } from "./command.ts";
import { type ReleaseInputs, readReleaseInputs } from "./inputs.ts";

/** A release to check before it is made. */
interface PlanInputs extends ReleaseInputs {
  /** What a proposed plan must be able to find. */
  readonly wish: Wish;
}

export type PlanOrder = Order & PlanInputs;

export const plan: Command<PlanInputs> = {
  name: "plan",
  traits: { doing: "checking the plan for", moves: "nothing", aRollbackIs: "a failure" },
  comments: "never",
  needsMergedCode: false,
  parse: (read, functions) => together<PlanInputs>({ ...readReleaseInputs(read, functions), wish: readWish(read) }),
  shows: ({ plan, guards }) => ({ plan, guards }),
  run: checkPlan,
  isSuccess: (outcome) => outcome === "planned",
};

function readWish(read: ReadInput): Parsed<Wish> {
  return together<Wish>({
    mustDetect: readOne(read, "must-detect", 0.05, (excerpt) => {
      const [, percent] = /^(\d+(?:\.\d+)?)\s*%$/.exec(excerpt.text) ?? [];
      if (percent !== undefined && Number(percent) > 0 && Number(percent) <= 100) return Number(percent) / 100;
      return mistakeAt("must-detect", excerpt, `"${excerpt.text}" is not a share of calls`, 'write it as "5%"');
    }),
    budget: readDuration(read, "budget", { usual: HOUR, least: 10 * MINUTE, most: 5 * DAY }),
  });
}

/**
 * What a release with this plan could see, and whether it has everything it needs. Changes nothing: permissions are
 * checked with requests that can't succeed. A missing permission to write is a finding, not a failure, so that a
 * read-only role can plan.
 */
async function checkPlan(order: PlanOrder, ports: Ports): Promise<Ending> {
  const { journal } = ports;
  warnAboutPlan(order, ports);
  await checkAccounts(order.functions, ports);
  journal.write({ kind: "chapter", title: "Look" });
  const { candidates, busy, claimed, inAlarm, ...rest } = await findAll(order, ports);
  const problems = [...rest.problems];
  warnAboutAlarms(inAlarm, ports);
  noteDurable(candidates, ports);
  for (const { target, claim } of claimed.filter(isOrphan)) {
    const text = `${nameOf(target)} was left at ${claim.release.reached} (${claim.why}): the next deploy puts it back first`;
    journal.write({ kind: "warned", text });
  }
  const existing = candidates.filter(({ alias }) => alias !== null);
  const absent = candidates.filter(({ alias }) => alias === null).map(({ target }) => absence(target));
  const prospects = existing.length === 0 ? [] : await prospectsFor(order, existing, ports, problems);
  if (isJudged(order.plan)) {
    await warnAboutBlindSpots(
      order.guards,
      existing.map(({ target }) => target),
      ports,
    );
  }
  const checks = await Promise.all([
    busy.map((text): Check => ({ state: "unknown", text })),
    credentials(order, ports),
    ...candidates.flatMap((candidate) => checksOf(order, candidate, prospects, ports)),
  ]);

  if (prospects.length > 0) {
    const { plan, guards, holdLimits, wish } = order;
    const now = ports.clock.now();
    const forecasts = prospects.map((prospect) =>
      forecast(prospect, plan, guards, prospects.length, now, holdLimits.maxHold),
    );
    const proposals = prospects.map((prospect) => suggestPlan(prospect, guards, prospects.length, wish, now));
    journal.write({ kind: "forecast", forecasts, proposals, wish });
  }
  journal.write({ kind: "checked", checks: checks.flat() });
  const missing = checks.flat().filter(({ state }) => state === "wrong");
  const findings = [...busy, ...absent, ...missing.map(({ text }) => text)];
  for (const text of findings) journal.write({ kind: "warned", text });
  if (problems.length > 0)
    return { outcome: "failed", reason: { kind: "all", reasons: problems.map(said) }, verified: false };
  return { outcome: "planned", reason: { kind: "planned", findings }, verified: false };
}

async function prospectsFor(
  order: PlanOrder,
  candidates: readonly Candidate[],
  ports: Ports,
  problems: string[],
): Promise<readonly Prospect[]> {
  try {
    const targets = candidates.map(({ target }) => target);
    const histories = await readHistory(targets, order.guards, ports);
    if (isJudged(order.plan)) await lookBefore(order, candidates, histories, ports);
    return prospectsOf(candidates, histories);
  } catch (error) {
    problems.push(messageOf(error));
    return [];
  }
}

function checksOf(
  { version }: PlanOrder,
  { target, alias, configuration }: Candidate,
  prospects: readonly Prospect[],
  ports: Ports,
): readonly Promise<readonly Check[]>[] {
  const { functions, traffic } = ports;
  const name = nameOf(target);
  const may = (action: string, ask: Promise<unknown>) => right(action, configuration.arn, target, ask);
  return [
    Promise.resolve([
      alias === null
        ? { state: "unknown", text: absence(target) }
        : fine(
            `${name} serves version ${alias.routing.primary}; both versions have the same role and dead-letter target`,
          ),
    ]),
    may("lambda:ListVersionsByFunction", functions.versions(target.function)),
    ...(version === null ? [may("lambda:PublishVersion", functions.mayPublish(target.function))] : []),
    alias === null
      ? may("lambda:CreateAlias", traffic.mayCreate(target))
      : may("lambda:UpdateAlias", traffic.mayWrite(target, alias)),
    ...(alias === null ? [] : [reached(target, prospects, ports), provisioned(target, ports)]),
  ];
}

/** Callers may use an alias of another name: that looks the same as a first release. */
function absence(target: Target): string {
  return (
    `${nameOf(target)} doesn't exist: if your callers use another alias, set alias to its name. ` +
    "Otherwise the first deploy creates it, with nothing to compare it with"
  );
}

function fine(text: string): Check {
  return { state: "fine", text };
}

/** Whether the request was denied; if so, with the statement that grants the missing permission. */
async function right(action: string, arn: string, target: Target, ask: Promise<unknown>): Promise<readonly Check[]> {
  try {
    await ask;
    return [fine(`${action} on ${target.function} is allowed`)];
  } catch (error) {
    if (!(error instanceof ServiceError) || error.fault !== "denied") {
      return [
        {
          state: "unknown",
          text: `could not check whether ${action} on ${target.function} is allowed: ${messageOf(error)}`,
        },
      ];
    }
    const statement = JSON.stringify({ Effect: "Allow", Action: action, Resource: [arn, `${arn}:*`] });
    return [
      {
        state: "wrong",
        text: `the credentials lack ${action} on ${target.function}: add this to their policy: ${statement}`,
      },
    ];
  }
}

async function reached(target: Target, prospects: readonly Prospect[], ports: Ports): Promise<readonly Check[]> {
  const week = prospects.find((prospect) => prospect.function === target.function)?.week;
  if (week === undefined) return [];
  const callers = await describeCallers(target, ports);
  if (week.calls > 0) {
    return [fine(`${nameOf(target)} had ${formatCount(week.calls)} calls in the last week; ${callers}`)];
  }
  return [{ state: "wrong", text: `no calls went through ${nameOf(target)} in the last week: ${callers}` }];
}

async function provisioned(target: Target, ports: Ports): Promise<readonly Check[]> {
  const { kind, text } = await provisioningOf(target, ports);
  return [kind === "none" ? fine(text) : { state: "unknown", text }];
}

async function credentials(order: PlanOrder, ports: Ports): Promise<readonly Check[]> {
  try {
    const { expiry, needed, isEnough } = await lifeOfCredentials(order, ports);
    const what = order.waitForRelease > 0 ? "the plan, with the wait for another release," : "the plan";
    const length = `${what} may take ${formatDuration(needed)}`;
    switch (expiry.kind) {
      case "never":
        return [fine(`the credentials last as long as the release, and ${length}`)];
      case "unknown": {
        const text = `it is unknown when the credentials expire, and ${length}: without credentials nothing can be rolled back`;
        if (!isEnough) ports.journal.write({ kind: "warned", text });
        return [{ state: "unknown", text }];
      }
      case "at": {
        const until = `the credentials expire at ${formatInstant(expiry.at)}`;
        if (isEnough) return [fine(`${until}, and ${length}`)];
        const text = `${until}, but ${length}. After that nothing can be rolled back: ${LONGER_CREDENTIALS}`;
        return [{ state: "wrong", text }];
      }
    }
  } catch (error) {
    return [{ state: "unknown", text: `the credentials could not be checked: ${messageOf(error)}` }];
  }
}
