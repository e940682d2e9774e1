import type { Target } from "./alias.ts";
import { type Counts, type Levels, type MinuteCounts, seal, sealingAge, weigh } from "./evidence.ts";
import { formatCount, formatShare } from "./figures.ts";
import { type Guard, isComparing } from "./guard.ts";
import { ARRIVAL } from "./plan.ts";
import type { AlarmState, Reading, Series } from "./ports.ts";
import { levelsOf, type Release, type Sighting, type Watch, weightOf } from "./release.ts";
import { type Instant, MINUTE } from "./time.ts";

/** From best to worst; the worst of several decides. An error keeps the weight, a fail rolls back. */
export const VERDICTS = ["pass", "inconclusive", "error", "fail"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** The judgement of one rule at one look, with the sentence that explains it. */
export interface Analysis {
  /** The guard as the user wrote it, or "traffic" for the rule that the canary's calls must be visible. */
  readonly rule: string;
  /** The function that it is about; null for an alarm, which is about all of them. */
  readonly target: Target | null;
  readonly verdict: Verdict;
  readonly reason: string;
  readonly figures: Figures | null;
}

/** What a counts guard saw on both sides over the same minutes. */
export interface Figures {
  readonly canary: Counts;
  /** Null for a guard against a number. */
  readonly baseline: Counts | null;
  /** The highest canary rate that the guard allows, by the baseline's rate as seen; a share. */
  readonly allowed: number;
  /** From -1, shown to be within the tolerance, over 0, nothing shown, to 1, shown to be over it. */
  readonly evidence: number;
}

/** What a look brought in: a reading for each series, and the states of the alarms, or why they could not be read. */
export interface Observation {
  readonly at: Instant;
  readonly reading: (series: Series) => Reading;
  readonly alarms: ReadonlyMap<string, AlarmState> | { readonly unreadable: string };
}

/** The canary's expected calls from which on none at all means that the metrics don't see it: P(none) is e^-20. */
const SURELY_SOME = 20;

/** The worst of the analyses; null when there are none. */
export function worst(analyses: readonly Analysis[]): Analysis | null {
  const rank = (analysis: Analysis) => VERDICTS.indexOf(analysis.verdict);
  return analyses.reduce<Analysis | null>((a, b) => (a === null || rank(b) > rank(a) ? b : a), null);
}

/** True when every guard that compares with the baseline was shown to be within its tolerance, and there is one. */
export function isVerified({ guards }: Release, analyses: readonly Analysis[]): boolean {
  const comparing = new Set(guards.filter(isComparing).map((guard) => guard.text));
  const theirs = analyses.filter((analysis) => comparing.has(analysis.rule));
  return theirs.length > 0 && theirs.every((analysis) => analysis.verdict === "pass");
}

/** The guards that can say anything once all traffic is on the canary: those that need no baseline beside it. */
export function guardsAfterPromotion(guards: readonly Guard[]): readonly Guard[] {
  return guards.filter((guard) => !isComparing(guard));
}

/** The series that the next look needs, and the first minute of interest. */
export function wanted(release: Release): { readonly series: readonly Series[]; readonly from: Instant } {
  const watches = activeWatches(release);
  const series = [
    ...watches.flatMap(({ canary, baseline }) => [...canary, ...baseline]),
    ...release.sightings.flatMap((sighting) => sightSeries(release, sighting)),
  ];
  const from = Math.min(
    ...watches.map(({ watch }) => watch.evidence.from),
    ...release.sightings.map(({ from }) => from),
  );
  return { series: [...new Map(series.map((each) => [JSON.stringify(each), each])).values()], from };
}

/** Takes an observation into the release's evidence, and judges every rule by all that is known then. */
export function analyse(
  release: Release,
  observation: Observation,
): { readonly release: Release; readonly analyses: readonly Analysis[] } {
  const levels = levelsOf(release);
  const judged = new Map(
    activeWatches(release).map((active) => [active.watch, judgeWatch(active, observation, levels)] as const),
  );
  const sighted = release.sightings.map((sighting) => judgeSight(release, sighting, observation));
  const alarms = judgeAlarms(release, observation);
  return {
    release: {
      ...release,
      watches: release.watches.map((watch) => judged.get(watch)?.watch ?? watch),
      sightings: sighted.map(({ sighting }) => sighting),
      armed: alarms.armed,
    },
    analyses: [
      ...[...judged.values()].map(({ analysis }) => analysis),
      ...sighted.flatMap(({ analysis }) => (analysis === null ? [] : [analysis])),
      ...alarms.analyses,
    ],
  };
}

interface ActiveWatch {
  readonly watch: Watch;
  /** Calls, then failures. */
  readonly canary: readonly [Series, Series];
  readonly baseline: readonly [Series, Series] | readonly [];
}

/** After the promotion the alias's own series are the canary's: an alias without weights may have none a version. */
function activeWatches(release: Release): readonly ActiveWatch[] {
  const serving = release.stage.kind === "promoted";
  return release.watches.flatMap((watch) => {
    const comparing = isComparing(watch.guard);
    if (serving && comparing) return [];
    const { target, canary, baseline } = watch.member;
    const counts = (of: Series["of"]): [Series, Series] => [
      { target, metric: "Invocations", statistic: "Sum", of },
      { target, metric: "Errors", statistic: "Sum", of },
    ];
    return [{ watch, canary: counts(serving ? "alias" : canary), baseline: comparing ? counts(baseline) : [] }];
  });
}

function judgeWatch(
  { watch, canary, baseline }: ActiveWatch,
  { at, reading }: Observation,
  levels: Levels,
): { readonly watch: Watch; readonly analysis: Analysis } {
  const { guard, member } = watch;
  const about = { rule: guard.text, target: member.target };
  const readings = [...canary, ...baseline].map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) {
    return { watch, analysis: { ...about, verdict: "error", reason: unreadable.reason, figures: null } };
  }
  const minutes = minuteCounts(readings);
  const sealedBefore = at - sealingAge(member.timeout);
  const evidence = seal(watch.evidence, minutes, sealedBefore, guard.tolerance, levels);
  const { bad, good, seen } = weigh(evidence, minutes, guard.tolerance, levels);

  const verdict: Verdict = bad >= 1 ? "fail" : good >= 1 ? "pass" : "inconclusive";
  const figures: Figures = {
    canary: seen.canary,
    baseline: isComparing(guard) ? seen.baseline : null,
    allowed: guard.tolerance.ratio * rate(seen.baseline) + guard.tolerance.margin,
    evidence: bad >= 1 ? 1 : clamp(Math.max(0, bad) - Math.max(0, good)),
  };
  return {
    watch: { ...watch, evidence },
    analysis: { ...about, verdict, reason: sentence(verdict, figures), figures },
  };
}

/** A missing point is a zero only beside a point of the calls: the minutes are those in which any call was seen. */
function minuteCounts(readings: readonly Reading[]): readonly MinuteCounts[] {
  const [calls, failures, baseCalls, baseFailures] = readings.map(pointsOf);
  const minutes = new Set([calls, failures, baseCalls].flatMap((points) => [...(points?.keys() ?? [])]));
  return [...minutes]
    .sort((a, b) => a - b)
    .map((minute) => ({
      minute,
      canary: { calls: calls?.get(minute) ?? 0, failures: failures?.get(minute) ?? 0 },
      baseline: { calls: baseCalls?.get(minute) ?? 0, failures: baseFailures?.get(minute) ?? 0 },
    }));
}

function pointsOf(reading: Reading): ReadonlyMap<Instant, number> {
  return reading.kind === "points" ? reading.points : new Map();
}

function sentence(verdict: Verdict, { canary, baseline, allowed }: Figures): string {
  if (canary.calls + canary.failures === 0)
    return "the canary has had no calls yet that CloudWatch shows: nothing is shown";
  const of = ({ calls, failures }: Counts, who: string) =>
    `${formatCount(failures)} of ${formatCount(calls)} ${who} calls`;
  const beside = baseline === null ? "" : `, ${of(baseline, "baseline")} (${formatShare(rate(baseline))})`;
  const figures = `${of(canary, "canary")} failed (${formatShare(rate(canary))})${beside}; allowed up to ${formatShare(allowed)}`;
  switch (verdict) {
    case "pass":
      return `${figures}: shown to be within tolerance`;
    case "fail":
      return `${figures}: shown to be over it`;
    case "inconclusive":
    case "error":
      return `${figures}: not enough to show it either way`;
  }
}

function rate({ calls, failures }: Counts): number {
  return failures === 0 ? 0 : failures / Math.max(calls, failures);
}

function clamp(x: number): number {
  return Math.min(1, Math.max(-1, x));
}

function sightSeries({ stage }: Release, { member }: Sighting): readonly [Series, Series, Series] {
  const calls = (of: Series["of"]): Series => ({ target: member.target, metric: "Invocations", statistic: "Sum", of });
  return [calls("function"), calls("alias"), calls(stage.kind === "promoted" ? "alias" : member.canary)];
}

/** The canary is blind to us when calls must have reached it and none is seen, or when callers pass the alias by. */
function judgeSight(
  release: Release,
  sighting: Sighting,
  { at, reading }: Observation,
): { readonly sighting: Sighting; readonly analysis: Analysis | null } {
  const readings = sightSeries(release, sighting).map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) return { sighting, analysis: traffic(sighting, "error", unreadable.reason) };
  const [ofFunction, ofAlias, ofCanary] = readings.map(pointsOf);

  const arrived = at - MINUTE - ARRIVAL;
  let { from } = sighting;
  const sums = { ...sighting };
  for (; from <= arrived; from += MINUTE) {
    sums.ofFunction += ofFunction?.get(from) ?? 0;
    sums.ofAlias += ofAlias?.get(from) ?? 0;
    sums.ofCanary += ofCanary?.get(from) ?? 0;
  }
  const share = weightOf(release) / 100;
  const next: Sighting = { ...sums, from, expected: sums.ofAlias * share };
  return { sighting: next, analysis: blindness(next, share) };
}

function blindness(sighting: Sighting, share: number): Analysis | null {
  const { member, ofFunction, ofAlias, ofCanary, expected } = sighting;
  const { target, canary } = member;
  if (ofAlias === 0 && ofFunction * share >= SURELY_SOME) {
    return traffic(
      sighting,
      "fail",
      `${target.function} had ${formatCount(ofFunction)} calls, none of them through the alias ${target.alias}: ` +
        "its callers use another qualifier, so the alias neither limits nor shows the canary",
    );
  }
  if (ofCanary === 0 && expected >= SURELY_SOME) {
    return traffic(
      sighting,
      "fail",
      `the alias ${target.alias} had ${formatCount(ofAlias)} calls, of which about ${formatCount(Math.round(expected))} ` +
        `must have reached version ${canary}, but CloudWatch shows none of them: the canary can't be seen`,
    );
  }
  return null;
}

function traffic({ member }: Sighting, verdict: Verdict, reason: string): Analysis {
  return { rule: "traffic", target: member.target, verdict, reason, figures: null };
}

function judgeAlarms(
  { guards, armed }: Release,
  { alarms }: Observation,
): { readonly armed: readonly string[]; readonly analyses: readonly Analysis[] } {
  const watched = guards.filter((guard) => guard.kind === "alarm");
  const analysis = (rule: string, verdict: Verdict, reason: string): Analysis => ({
    rule,
    target: null,
    verdict,
    reason,
    figures: null,
  });
  if ("unreadable" in alarms) {
    return { armed, analyses: watched.map(({ text }) => analysis(text, "error", alarms.unreadable)) };
  }
  const calm = watched.filter(({ alarm }) => alarms.has(alarm) && alarms.get(alarm) !== "alarm");
  const nowArmed = new Set([...armed, ...calm.map(({ alarm }) => alarm)]);
  const judge = ({ text, alarm }: (typeof watched)[number]): Analysis => {
    switch (alarms.get(alarm)) {
      case "ok":
        return analysis(text, "pass", `the alarm ${alarm} is OK`);
      case "insufficient-data":
        return analysis(text, "inconclusive", `the alarm ${alarm} has not enough data`);
      case "alarm":
        return nowArmed.has(alarm)
          ? analysis(text, "fail", `the alarm ${alarm} went into ALARM`)
          : analysis(
              text,
              "inconclusive",
              `the alarm ${alarm} was in ALARM before the release; it counts once it has been OK`,
            );
      case undefined:
        return analysis(text, "error", `the alarm ${alarm} no longer exists`);
    }
  };
  return { armed: [...nowArmed], analyses: watched.map(judge) };
}
