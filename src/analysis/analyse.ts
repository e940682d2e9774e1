import type { Series } from "../domain/ports.ts";
import type { Instant } from "../domain/time.ts";
import { type Guard, isComparing } from "../guards/guard.ts";
import { judgeAlarms } from "./alarm.ts";
import type { Risks } from "./e-process.ts";
import { distinct } from "./readings.ts";
import type { OddShare } from "./reason.ts";
import { type AnalysisState, type Context, risksOf } from "./state.ts";
import { checkTraffic, trafficSeries } from "./traffic-check.ts";
import type { Analysis, Observation } from "./verdict.ts";
import { activeWatches, judgeWatch } from "./watch.ts";

/** True if at least one guard compares with the baseline, and all that do were shown to be within their tolerance. */
export function isVerified(analyses: readonly Analysis[]): boolean {
  const comparisons = analyses.filter(({ kind }) => kind === "comparison");
  return comparisons.length > 0 && comparisons.every(({ verdict }) => verdict === "pass");
}

/** The guards that still work once all traffic is on the canary: those that need no baseline. */
export function guardsAfterPromotion(guards: readonly Guard[]): readonly Guard[] {
  return guards.filter((guard) => !isComparing(guard));
}

/** The series that the next look needs, and the first minute to read. */
export function wanted(
  state: AnalysisState,
  { promotedAt }: Pick<Context, "promotedAt">,
): { readonly series: readonly Series[]; readonly from: Instant } {
  const watches = activeWatches(state.watches, promotedAt);
  const series = [
    ...watches.flatMap(({ canary, baseline, shown, handover, whole }) => [
      ...canary,
      ...baseline,
      ...shown,
      ...(handover?.alias ?? []),
      ...(whole === null ? [] : [whole.beside, ...whole.alias]),
    ]),
    ...state.trafficChecks.flatMap(({ member }) => trafficSeries(member, promotedAt !== null)),
  ];
  const from = Math.min(
    ...watches.map(({ watch: { method } }) => (method.kind === "level" ? method.state.from : method.evidence.from)),
    ...state.trafficChecks.map(({ from }) => from),
  );
  return { series: distinct(series), from };
}

/** The result of a look. */
export interface Analysed {
  readonly state: AnalysisState;
  readonly analyses: readonly Analysis[];
  /** What people should know, though no rule is about it. */
  readonly warnings: readonly OddShare[];
}

/**
 * Adds an observation to what is known, and judges every rule by all of it.
 *
 * @param risks what each test may risk; needed only where the state isn't that of the whole fleet
 */
export function analyse(
  state: AnalysisState,
  observation: Observation,
  context: Context,
  risks: Risks = risksOf(state),
): Analysed {
  const isPromoted = context.promotedAt !== null;
  const terms = { risks, share: context.weight / 100 };
  const judged = new Map(
    activeWatches(state.watches, context.promotedAt).map(
      (active) => [active.watch, judgeWatch(active, observation, terms)] as const,
    ),
  );
  const checked = state.trafficChecks.map((each) => checkTraffic(each, isPromoted, observation));
  const alarms = judgeAlarms(context.guards, state.armed, observation);
  return {
    state: {
      watches: state.watches.map((watch) => judged.get(watch)?.watch ?? watch),
      trafficChecks: checked.map(({ trafficCheck }) => trafficCheck),
      armed: alarms.armed,
    },
    analyses: [
      // After the promotion, a comparison can only still fail, by calls that show late.
      ...[...judged.values()].flatMap(({ watch, analysis }) =>
        isComparing(watch.guard) && isPromoted && analysis.verdict !== "fail" ? [] : [analysis],
      ),
      ...checked.flatMap(({ analysis }) => (analysis === null ? [] : [analysis])),
      ...alarms.analyses,
    ],
    warnings: checked.flatMap(({ warning }) => (warning === null ? [] : [warning])),
  };
}
