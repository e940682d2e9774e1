import { guardsAfterPromotion } from "../release/analysis.ts";
import { formatCount, formatList } from "../release/figures.ts";
import { type Forecast, forecast, isBlind } from "../release/forecast.ts";
import { longestDuration } from "../release/plan.ts";
import { formatDuration, formatInstant, HOUR } from "../release/time.ts";
import type { History } from "./history.ts";
import type { DeployOrder } from "./order.ts";
import type { World } from "./world.ts";

/** From this percentile on, cold starts decide. */
const COLD = 95;
/** How long a job may last on GitHub's own runners. */
const HOSTED_LIMIT = 6 * HOUR;

/** Tells what each step can be expected to see, and warns of those that can't see anything. */
export function foretell(
  { plan, guards }: Pick<DeployOrder, "plan" | "guards">,
  histories: ReadonlyMap<string, History>,
  { journal, clock }: Pick<World, "journal" | "clock">,
): void {
  if (plan.steps.length === 0) return;
  const now = clock.now();
  const forecasts = [...histories].map(([name, { week, usual }]) =>
    forecast({ function: name, week, usual }, plan, guards, histories.size, now),
  );
  journal.write({ kind: "forecast", forecasts, proposals: [], wish: null });
  for (const text of forecasts.flatMap(blindness)) journal.write({ kind: "warned", text });
}

function blindness({ function: name, errorRate, steps }: Forecast): readonly string[] {
  if (errorRate === null && steps.some(isBlind)) {
    return [
      `${name}: nobody called the alias in the last week, so no step can stop anything: let the callers use it, or add an alarm`,
    ];
  }
  const blind = steps.filter(isBlind);
  if (blind.length === 0) return [];
  const which = formatList(blind.map(({ weight, bake }) => `${weight} % for ${formatDuration(bake)}`));
  const calls = formatList(blind.map((step) => formatCount(Math.round(step.calls))));
  return [
    `${name}: ${which} can't stop anything by ${blind.length === 1 ? "itself" : "themselves"}: about ${calls} canary calls are to be ` +
      "expected, too few for any verdict. Hold such a step for longer, give it more weight, or add an alarm",
  ];
}

/** What is odd about a plan by itself. */
export function warnAboutPlan(
  { plan, guards, patience }: Pick<DeployOrder, "plan" | "guards" | "patience">,
  { journal }: Pick<World, "journal">,
): void {
  const warn = (text: string) => journal.write({ kind: "warned", text });
  if (plan.steps.length === 0)
    warn("this plan has no step before the promotion: nothing is judged before all traffic moves");
  if (guards.length === 0) warn("there is no guard: whatever the canary does, it is promoted");
  const length = longestDuration(plan, patience.maxHold);
  if (length > HOSTED_LIMIT) {
    warn(
      `this plan takes up to ${formatDuration(length)}: a job on a runner of GitHub's own is ended after 6h, and the release taken back`,
    );
  }
  const lowest = plan.steps[0]?.weight ?? 100;
  for (const guard of guards) {
    if (guard.kind !== "percentile" || guard.percentile < COLD || lowest >= 50) continue;
    warn(
      `${guard.text}: at ${lowest} % of the traffic a version starts cold more often than the one that gets the rest, so its ` +
        "slowest calls are slower whatever its code does. p90 or p50 tells more of the code",
    );
  }
  if (guards.length > 0 && plan.finalBake > 0 && guardsAfterPromotion(guards).length === 0) {
    const why = "every guard compares with the baseline, which serves nothing then";
    warn(`the bake at 100 % can't stop anything: ${why}. Add an alarm, or a guard against a number`);
  }
}

/** How to have credentials that outlive a release. */
export const LONGER_CREDENTIALS =
  "let the action assume the role by itself, with role-to-assume, or get them for longer";
/** How long credentials of an unknown end are taken to live: as long as aws-actions/configure-aws-credentials gets them for. */
const USUAL_LIFE = HOUR;

/**
 * Without credentials nothing can be rolled back.
 *
 * @throws ServiceError when there are none to begin with
 */
export async function warnAboutCredentials(
  { plan, patience, waitForRelease }: Pick<DeployOrder, "plan" | "patience" | "waitForRelease">,
  { credentials, clock, journal }: Pick<World, "credentials" | "clock" | "journal">,
): Promise<void> {
  const expiry = await credentials.expiry();
  if (expiry.kind === "never") return;
  const now = clock.now();
  const length = waitForRelease + longestDuration(plan, patience.maxHold);
  if (now + length <= (expiry.kind === "at" ? expiry.at : now + USUAL_LIFE)) return;
  const end =
    expiry.kind === "at"
      ? `end at ${formatInstant(expiry.at)}`
      : `may end ${formatDuration(USUAL_LIFE)} after they were given: their end is not known`;
  const what = `this release may take up to ${formatDuration(length)}, but the credentials ${end}`;
  journal.write({ kind: "warned", text: `${what}. From then on nothing can be rolled back: ${LONGER_CREDENTIALS}` });
}

/** An alarm that is on already can't tell anything of the canary. */
export function warnAboutAlarms(
  { guards }: Pick<DeployOrder, "guards">,
  armed: readonly string[],
  { journal }: Pick<World, "journal">,
): void {
  for (const guard of guards) {
    if (guard.kind !== "alarm" || armed.includes(guard.alarm)) continue;
    journal.write({
      kind: "warned",
      text: `the alarm ${guard.alarm} is in ALARM already; it counts once it has been OK`,
    });
  }
}
