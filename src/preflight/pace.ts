import { formatCount } from "../domain/format.ts";
import { endOfStep, METRIC_DELAY, type Patience, type Plan } from "../domain/plan.ts";
import { type Duration, formatDuration, MINUTE } from "../domain/time.ts";
import type { Ports } from "../engine/ports.ts";
import { expectedCalls, type Week } from "../forecast/traffic-profile.ts";
import { type Paced, patienceOf, type Release } from "../release/release.ts";

/** The first figure of a canary shows this long after its shift at the latest, if CloudWatch is as fast as usual. */
const FIRST_FIGURE: Duration = MINUTE + METRIC_DELAY;
/** With shorter steps, `when-shown` saves next to nothing: two whole minutes must come and arrive. */
const LONG: Duration = 6 * MINUTE;

/**
 * Tells how the steps of a plan follow each other where that isn't by their times: ahead of their figures, or as soon as
 * the canary was shown to be good.
 *
 * @param weeks the traffic of each function
 */
export function notePace(
  order: Paced & Pick<Release, "advance">,
  weeks: readonly Week[],
  { journal, clock }: Pick<Ports, "journal" | "clock">,
): void {
  const { plan, advance } = order;
  if (plan.steps.length === 0) return;
  const note = (text: string) => journal.write({ kind: "noted", text });
  if (advance === "when-shown") {
    const rule = "a step ends as soon as every guard that compares has passed, by two whole minutes of its own too";
    const isShort = plan.steps.every(({ bake }) => bake < LONG);
    const advice = isShort ? ". That takes four to six minutes, so with steps as short as these it saves little" : "";
    note(`advance is when-shown: ${rule}; the times of the plan are the longest${advice}`);
  }
  const { exposed, weight } = exposure(plan, patienceOf(order));
  const ifWaiting = exposure(plan, { inEachStep: true });
  if (exposed === ifWaiting.exposed) return;
  const perMinute = weeks.reduce((sum, week) => sum + expectedCalls(week, clock.now(), MINUTE), 0);
  const calls = (time: Duration) => formatCount(Math.round((perMinute * time) / MINUTE));
  const most = `about ${calls(exposed)} calls before the first figure can show`;
  const instead = `${calls(ifWaiting.exposed)} if each step waited for its own, as with min-invocations: 1`;
  const cost = perMinute === 0 ? "" : `. A canary that fails in every call fails ${most} (${instead})`;
  note(
    `the steps of this plan run ahead of their figures: CloudWatch shows a minute up to ${formatDuration(METRIC_DELAY)} after ` +
      `its end, and by then the canary has ${weight} %${cost}. The promotion waits for all figures`,
  );
}

/**
 * The calls until the first figure shows, as the time in which the whole traffic has as many; and the weight by then.
 */
function exposure(plan: Plan, patience: Pick<Patience, "inEachStep">) {
  let [at, exposed, now] = [0, 0, 0];
  for (const [place, { weight }] of plan.steps.entries()) {
    if (at >= FIRST_FIGURE) break;
    const end = Math.min(FIRST_FIGURE, endOfStep(plan, place, at, patience));
    exposed += ((end - at) * weight) / 100;
    [at, now] = [end, weight];
  }
  return { exposed, weight: now };
}
