import { guardsAfterPromotion } from "../analysis/analyse.ts";
import { LONGER_CREDENTIALS } from "../domain/credentials.ts";
import { formatCount, formatList } from "../domain/format.ts";
import { longestDuration, type Plan } from "../domain/plan.ts";
import { formatDuration, formatInstant, HOUR } from "../domain/time.ts";
import type { Ports } from "../engine/ports.ts";
import { type Forecast, forecast, isBlind, type Prospect } from "../forecast/forecast.ts";
import type { Release } from "../release/release.ts";
import { type LongRelease, lifeOfCredentials, USUAL_LIFE } from "./credentials.ts";

/** From this percentile on, cold starts decide the figure. */
const COLD = 95;
/** How long a job may take on a GitHub-hosted runner: https://docs.github.com/en/actions/reference/limits. */
const HOSTED_LIMIT = 6 * HOUR;

/** Reports what each step will probably see, and warns about steps that can't see anything. */
export function tellForecast(
  { plan, guards, holdLimits }: Pick<Release, "plan" | "guards" | "holdLimits">,
  prospects: readonly Prospect[],
  { journal, clock }: Pick<Ports, "journal" | "clock">,
): void {
  if (plan.steps.length === 0) return;
  const now = clock.now();
  const forecasts = prospects.map((prospect) =>
    forecast(prospect, plan, guards, prospects.length, now, holdLimits.maxHold),
  );
  journal.write({ kind: "forecast", forecasts, proposals: [], wish: null });
  for (const text of forecasts.flatMap(blindness)) journal.write({ kind: "warned", text });
}

function blindness({ function: name, errorRate, steps }: Forecast): readonly string[] {
  if (errorRate === null && steps.some(isBlind)) {
    return [
      `${name}: the alias had no calls in the last week, so no step can stop a bad version: point the callers to it, or add an alarm`,
    ];
  }
  const blind = steps.filter(isBlind);
  if (blind.length === 0) return [];
  const which = formatList(blind.map(({ weight, bake }) => `${weight} % for ${formatDuration(bake)}`));
  const calls = formatList(blind.map((step) => formatCount(Math.round(step.calls))));
  return [
    `${name}: ${which} can't stop a bad version by ${blind.length === 1 ? "itself" : "themselves"}: about ${calls} canary calls are ` +
      "expected, too few for any verdict. Bake longer, raise the weight, or add an alarm",
  ];
}

/** True if anything is judged: if not, nobody relies on the guards. */
export function isJudged({ steps, finalBake }: Plan): boolean {
  return steps.length > 0 || finalBake > 0;
}

/** Warns about a plan that looks odd, whatever the traffic. */
export function warnAboutPlan(
  { plan, guards, holdLimits }: Pick<Release, "plan" | "guards" | "holdLimits">,
  { journal }: Pick<Ports, "journal">,
): void {
  const warn = (text: string) => journal.write({ kind: "warned", text });
  if (plan.steps.length === 0)
    warn("this plan has no step before the promotion: nothing is judged before all traffic moves");
  if (guards.length === 0) warn("there is no guard: the canary is promoted whatever it does");
  const length = longestDuration(plan, holdLimits.maxHold);
  if (length > HOSTED_LIMIT) {
    warn(
      `this plan takes up to ${formatDuration(length)}: a GitHub-hosted runner stops its job after 6h, and the release is then rolled back`,
    );
  }
  const lowest = plan.steps[0]?.weight ?? 100;
  for (const guard of guards) {
    if (guard.kind !== "percentile" || guard.percentile < COLD || lowest >= 50) continue;
    warn(
      `${guard.text}: at ${lowest} % of the traffic the canary has more cold starts than the baseline, so its slowest calls ` +
        "are slower whatever its code does. p90 or p50 says more about the code",
    );
  }
  if (guards.length > 0 && plan.finalBake > 0 && guardsAfterPromotion(guards).length === 0) {
    const why = "every guard compares with the baseline, which gets no traffic then";
    warn(`the bake at 100 % can't stop a bad version: ${why}. Add an alarm, or a guard with a fixed limit`);
  }
}

/**
 * Warns if the credentials may expire during the release.
 *
 * @throws ServiceError if there are none
 */
export async function warnAboutCredentials(
  release: LongRelease,
  ports: Pick<Ports, "credentials" | "clock" | "journal">,
): Promise<void> {
  const { expiry, needed, isEnough } = await lifeOfCredentials(release, ports);
  if (isEnough) return;
  const end =
    expiry.kind === "at"
      ? `expire at ${formatInstant(expiry.at)}`
      : `may expire ${formatDuration(USUAL_LIFE)} after they were issued: their expiry is unknown`;
  const what = `this release may take up to ${formatDuration(needed)}, but the credentials ${end}`;
  ports.journal.write({
    kind: "warned",
    text: `${what}. After that nothing can be rolled back: ${LONGER_CREDENTIALS}`,
  });
}

/** Warns about alarms that are already on: they say nothing about the canary. */
export function warnAboutAlarms(inAlarm: readonly string[], { journal }: Pick<Ports, "journal">): void {
  for (const name of inAlarm) {
    journal.write({ kind: "warned", text: `the alarm ${name} is already in ALARM; it counts once it has been OK` });
  }
}
