import type { Method } from "../analysis/method.ts";
import { hasNothingAgainst } from "../analysis/open.ts";
import type { Watch } from "../analysis/state.ts";
import type { Analysis, Figures, Outlook } from "../analysis/verdict.ts";
import { type Percent, sameTarget } from "../domain/alias.ts";
import { endOfStep, METRIC_DELAY } from "../domain/plan.ts";
import { HOUR, type Instant, MINUTE, minuteOf } from "../domain/time.ts";
import type { Calls } from "../forecast/growth.ts";
import { minutesUntilShown, type Standing } from "../forecast/verification.ts";
import { endOfStage, holdOfStage, patienceOf, type Release, weightOf } from "./release.ts";

/** Nobody plans with more than this. */
const LONGEST = 12 * HOUR;

/** The verdicts, with how much longer the comparisons take that have shown nothing yet. */
export function withOutlooks(analyses: readonly Analysis[], release: Release, at: Instant): readonly Analysis[] {
  return analyses.map((analysis) => {
    const outlook = outlookOf(analysis, release, at);
    return outlook === null ? analysis : { ...analysis, outlook };
  });
}

function outlookOf(analysis: Analysis, release: Release, at: Instant): Outlook | null {
  const { kind, verdict, figures, guard, target } = analysis;
  if (kind !== "comparison" || verdict !== "inconclusive" || figures === null || release.stage.kind !== "baking") {
    return null;
  }
  // Where the canary may be worse, or there is nothing to compare, waiting isn't all that it takes.
  if (!figures.underpowered && !hasNothingAgainst(analysis)) return null;
  const isOurs = ({ member, guard: own }: Watch) =>
    own.place === guard?.place && target !== null && sameTarget(member.target, target);
  const watch = release.analysis.watches.find(isOurs);
  const began = release.analysis.trafficChecks.find(
    ({ member }) => target !== null && sameTarget(member.target, target),
  )?.spans[0]?.from;
  const standing = watch === undefined ? null : standingOf(watch.method, figures, analysis);
  if (watch === undefined || standing === null || began === undefined || at < began + MINUTE) return null;
  const lasted = minuteOf(at) - began + MINUTE;
  // The last minute's figures aren't there yet.
  const pace = paceOf(standing, Math.max(1, lasted / MINUTE - 1));
  // In the canary's favour, a minute counts once none of its calls can be under way any more.
  const lag = MINUTE + METRIC_DELAY + watch.member.timeout;
  const callsIn = (minute: number): Calls => {
    const share = weightAt(release, at + minute * MINUTE - lag) / 100;
    return { canary: pace * share, baseline: pace * (1 - share) };
  };
  const minutes = minutesUntilShown([standing], callsIn, LONGEST / MINUTE);
  const left = minutes === null ? null : minutes * MINUTE;
  return { lasted, left, isWithinPlan: left !== null && at + left <= endOf(release) };
}

/** What a comparison has shown so far; null while a version has no figure. */
function standingOf(method: Method, { canary, baseline, evidence }: Figures, { reason }: Analysis): Standing | null {
  const good = Math.max(0, -(evidence ?? 0));
  if (method.kind === "counts") {
    if (canary === null || baseline === null || !("calls" in canary) || !("calls" in baseline)) return null;
    if (canary.calls === 0 || baseline.calls === 0) return null;
    const { tolerance, evidence: known } = method;
    return { kind: "counts", good, tolerance, usual: known.usual, seen: { canary, baseline } };
  }
  if (reason.kind !== "measured" || reason.measurement.kind !== "pairs") return null;
  const { minutes } = reason.measurement.seen;
  return minutes === 0 ? null : { kind: "pairs", good, minutes };
}

/** Both versions' calls in a minute. */
function paceOf(standing: Standing, minutes: number): number {
  if (standing.kind === "pairs") return 0;
  const { canary, baseline } = standing.seen;
  return (canary.calls + baseline.calls) / minutes;
}

/** The canaries' weight at a time to come; the last step's when the plan is over. */
function weightAt(release: Release, at: Instant): Percent {
  const { stage, plan } = release;
  let end = endOfStage(release);
  if (at < end || stage.kind !== "baking") return weightOf(release);
  for (const [place, { weight }] of plan.steps.entries()) {
    if (place <= stage.step) continue;
    end = endOfStep(plan, place, end, patienceOf(release));
    if (at < end) return weight;
  }
  return plan.steps.at(-1)?.weight ?? 0;
}

/** When the promotion can no longer wait. */
function endOf(release: Release): Instant {
  const { stage, plan, holdLimits } = release;
  if (stage.kind !== "baking") return endOfStage(release);
  const last = plan.steps.at(-1);
  const hold = last === undefined ? holdOfStage(release) : (holdLimits.maxHold ?? last.bake);
  let end = endOfStage(release);
  for (let place = stage.step + 1; place < plan.steps.length; place++) {
    end = endOfStep(plan, place, end, patienceOf(release));
  }
  return end + hold;
}
