import { judgeAlarms } from "./alarm.ts";
import { type Guard, isComparing } from "./guard.ts";
import type { Series } from "./ports.ts";
import { distinct } from "./readings.ts";
import { isPromoted, type Release, risksOf, weightOf } from "./release.ts";
import { judgeSight, sightSeries } from "./sight.ts";
import type { Instant } from "./time.ts";
import type { Analysis, Observation } from "./verdict.ts";
import { activeWatches, judgeWatch } from "./watch.ts";

/** True if at least one guard compares with the baseline, and all that do were shown to be within their tolerance. */
export function isVerified({ guards }: Release, analyses: readonly Analysis[]): boolean {
  const theirs = analyses.filter(({ rule }) => isOfComparison({ guards }, rule));
  return theirs.length > 0 && theirs.every((analysis) => analysis.verdict === "pass");
}

/** True for the rule of a guard that compares with the baseline. */
export function isOfComparison({ guards }: Pick<Release, "guards">, rule: string): boolean {
  return guards.some((guard) => guard.text === rule && isComparing(guard));
}

/** The guards that still work once all traffic is on the canary: those that need no baseline. */
export function guardsAfterPromotion(guards: readonly Guard[]): readonly Guard[] {
  return guards.filter((guard) => !isComparing(guard));
}

/** The series that the next look needs, and the first minute to read. */
export function wanted(release: Release): { readonly series: readonly Series[]; readonly from: Instant } {
  const watches = activeWatches(release);
  const series = [
    ...watches.flatMap(({ canary, baseline, handover, whole }) => [
      ...canary,
      ...baseline,
      ...(handover?.alias ?? []),
      ...(whole === null ? [] : [whole.beside, ...whole.alias]),
    ]),
    ...release.sightings.flatMap(({ member }) => sightSeries(member, isPromoted(release))),
  ];
  const from = Math.min(
    ...watches.map(({ watch: { method } }) => (method.kind === "level" ? method.state.from : method.evidence.from)),
    ...release.sightings.map(({ from }) => from),
  );
  return { series: distinct(series), from };
}

/** Adds an observation to the release's evidence, and judges every rule by all the evidence so far. */
export function analyse(
  release: Release,
  observation: Observation,
): { readonly release: Release; readonly analyses: readonly Analysis[]; readonly warnings: readonly string[] } {
  const terms = { risks: risksOf(release), share: weightOf(release) / 100 };
  const judged = new Map(
    activeWatches(release).map((active) => [active.watch, judgeWatch(active, observation, terms)] as const),
  );
  const sighted = release.sightings.map((sighting) => judgeSight(sighting, isPromoted(release), observation));
  const alarms = judgeAlarms(release, observation);
  return {
    release: {
      ...release,
      watches: release.watches.map((watch) => judged.get(watch)?.watch ?? watch),
      sightings: sighted.map(({ sighting }) => sighting),
      armed: alarms.armed,
    },
    analyses: [
      // After the promotion, a comparison can only still fail, by calls that show late.
      ...[...judged.values()].flatMap(({ watch, analysis }) =>
        isComparing(watch.guard) && isPromoted(release) && analysis.verdict !== "fail" ? [] : [analysis],
      ),
      ...sighted.flatMap(({ analysis }) => (analysis === null ? [] : [analysis])),
      ...alarms.analyses,
    ],
    warnings: sighted.flatMap(({ warning }) => (warning === null ? [] : [warning])),
  };
}
