import { type Counts, rate } from "../analysis/counts.ts";
import { type Counted, isOffItsBound, type Measured, unitOf } from "../analysis/method.ts";
import type { Measurement, Silence, VerdictReason } from "../analysis/reason.ts";
import type { PairsSeen } from "../analysis/sign-flip.ts";
import { type LevelStatus, type Limit, tooMany } from "../analysis/threshold.ts";
import type { Analysis, Figure, Figures } from "../analysis/verdict.ts";
import { formatCount, formatMeasure, formatShare } from "../domain/format.ts";
import { formatDuration, formatTime } from "../domain/time.ts";
import { SIGNALS } from "../guards/signals.ts";
import { inTime } from "./outlook.ts";

/** Why a rule says what it says, in a sentence. */
export function verdictSentence(analysis: Analysis): string {
  const { reason, figures, target } = analysis;
  switch (reason.kind) {
    case "measured": {
      const { measurement, isWhole, overBefore } = reason;
      if (figures === null) return "";
      const measured = measurementSentence(measurement, figures, analysis);
      const before = overBefore === null ? null : formatMeasure(overBefore, figures.unit);
      return [
        measured,
        ...(isWhole ? [`${INDISTINCT}, so this is the alias as a whole`] : []),
        ...(before === null ? [] : [`it was over ${before} before the release already`]),
      ].join("; ");
    }
    case "indistinct":
      return `${INDISTINCT}, so they can't be compared: write a fixed limit instead`;
    case "unreadable":
      return reason.error;
    case "alarm":
      return `the alarm ${reason.alarm} ${ALARMS[reason.state]}`;
    case "bypassed":
      return (
        `${target?.function} had ${formatCount(reason.calls)} calls by its bare name and none through the alias ` +
        `${target?.alias}: its callers bypass the alias, so the release can't control or see the canary's traffic`
      );
    case "unseen":
      return (
        `the alias ${target?.alias} had ${formatCount(reason.ofAlias)} calls, about ` +
        `${formatCount(Math.round(reason.expected))} of which must have reached version ${reason.canary}, but ` +
        "CloudWatch shows none of them"
      );
    case "silent":
      return silenceSentence(reason, target?.function ?? "");
    case "not-judged":
      return "not judged: no other version had calls";
  }
}

const INDISTINCT = "CloudWatch doesn't tell the versions of this function URL apart";

const ALARMS: Readonly<Record<Extract<VerdictReason, { kind: "alarm" }>["state"], string>> = {
  ok: "is OK",
  "insufficient-data": "has insufficient data",
  alarm: "went into ALARM",
  "alarm-before": "was already in ALARM before the release; it counts once it has left ALARM",
  missing: "no longer exists",
};

function silenceSentence(silence: Silence, name: string): string {
  const how = `CloudWatch has shown no calls of ${name} since ${formatTime(silence.since)}`;
  const usual =
    "longestPause" in silence
      ? `in the hour before the release they never paused for more than ${formatDuration(silence.longestPause)}`
      : `the alias usually has about ${formatCount(Math.round(silence.usualCalls))} calls in that time at this hour`;
  return `${how}, but ${usual}: either they have stopped, or its figures are very late`;
}

function measurementSentence(measurement: Measurement, figures: Figures, analysis: Analysis): string {
  switch (measurement.kind) {
    case "counts":
      return countsSentence(measurement.counted, figures, analysis);
    case "pairs":
      return pairSentence(measurement.measured, measurement.seen, figures, analysis);
    case "level": {
      const { measured, status, limit } = measurement;
      return levelSentence(measured, status, limit, analysis.target?.function ?? "");
    }
  }
}

/** `version 42`, or `the canary` where that isn't known. */
function nameOfSide(side: "canary" | "baseline", { versions }: Analysis): string {
  return versions === undefined ? `the ${side}` : `version ${versions[side]}`;
}

/** `12 of 480 calls of version 42 failed (2.5 %), 31 of 9,120 of version 41 (0.34 %); allowed up to 1.01 %: …` */
function countsSentence(counted: Counted, figures: Figures, analysis: Analysis): string {
  const { canary, baseline, allowed, scope } = figures;
  const { happened, happenedBeside, note, through } = words(counted);
  const whose = scope === "version" ? nameOfSide("canary", analysis) : `the ${scope}`;
  if (!isCounts(canary) || canary.calls + canary.failures === 0) {
    return `CloudWatch shows no calls of ${whose}${through} yet`;
  }
  const first = `${percentileWords(figures, analysis)}${tally(canary)} calls of ${whose} ${happened} (${formatShare(rate(canary))})`;
  const ending = note === null ? "" : `; ${note}`;
  if (!isCounts(baseline)) {
    return `${first}; allowed up to ${formatShare(allowed)}: ${conclusion(analysis, lookOfCounts(figures), "calls")}${ending}`;
  }
  const beside = nameOfSide("baseline", analysis);
  if (baseline.calls + baseline.failures === 0) {
    return `${first}; CloudWatch shows no calls of ${beside}${through} to compare them with${ending}`;
  }
  const second = `${tally(baseline)} of ${beside}${happenedBeside} (${formatShare(rate(baseline))})`;
  const concluded =
    analysis.verdict === "inconclusive" && isOffItsBound(counted, baseline)
      ? `almost none of the calls of ${beside} are that slow any more, so there is nothing to compare`
      : conclusion(analysis, lookOfCounts(figures), "calls");
  return `${first}, ${second}; allowed up to ${formatShare(allowed)}: ${concluded}${ending}`;
}

/** `version 42's p90 was about 181 ms, version 41's 182 ms, allowed up to 218 ms; `, or nothing. */
function percentileWords({ slow }: Figures, analysis: Analysis): string {
  if (slow?.percentile === undefined) return "";
  const { name, canary, baseline, allowed } = slow.percentile;
  const beside = baseline === null ? "" : `, ${nameOfSide("baseline", analysis)}'s ${formatMeasure(baseline, "ms")}`;
  const whose = nameOfSide("canary", analysis);
  return `${whose}'s ${name} was about ${formatMeasure(canary, "ms")}${beside}, allowed up to ${formatMeasure(allowed, "ms")}; `;
}

function isCounts(figure: Figure | null): figure is Counts {
  return figure !== null && "calls" in figure;
}

function words(counted: Counted) {
  switch (counted.kind) {
    case "slow": {
      const beside = counted.baseline === null ? "" : ` longer than ${formatMeasure(counted.baseline, "ms")}`;
      const happened = `took longer than ${formatMeasure(counted.canary, "ms")}`;
      return { happened, happenedBeside: beside, note: null, through: "" };
    }
    case "events": {
      const { happened, note, calls } = SIGNALS[counted.signal];
      const through = calls === "UrlRequestCount" ? " through the function URL" : "";
      return { happened, happenedBeside: "", note, through };
    }
  }
}

function tally({ calls, failures }: Counts): string {
  return `${formatCount(failures)} of ${formatCount(calls)}`;
}

/** How the canary's figures look beside what is allowed, shown or not. */
type Look = "as good" | "within" | "over";

function lookOfCounts({ canary, baseline, allowed }: Figures): Look {
  const share = isCounts(canary) ? rate(canary) : 0;
  if (share > allowed) return "over";
  return isCounts(baseline) && share <= rate(baseline) ? "as good" : "within";
}

function conclusion(analysis: Analysis, look: Look, what: "calls" | "minutes"): string {
  const { verdict, figures, outlook } = analysis;
  if (figures?.underpowered) return `too few ${what} for any verdict`;
  switch (verdict) {
    case "pass":
      return "shown to be within tolerance";
    case "fail":
      return "shown to be over it";
    case "inconclusive":
    case "error":
      break;
  }
  const time = outlook === undefined ? null : inTime(outlook.lasted);
  switch (look) {
    case "as good":
      return time === null ? "as good as can be seen so far" : `as good as it gets to see in ${time}`;
    case "within":
      return time === null ? "within that so far" : `within that, as far as ${time} can show`;
    case "over":
      return "over that so far, which isn't shown yet";
  }
}

/** `version 42's latest p90 … was 240 ms, version 41's 180 ms, allowed up to 216 ms; over it in 9 of 12 minutes: …` */
function pairSentence(
  measured: Measured,
  { minutes, over, latest }: PairsSeen,
  figures: Figures,
  analysis: Analysis,
): string {
  const what = nameOfMeasured(measured);
  const unit = unitOf(measured);
  if (latest === null) {
    const fewest = measured.kind === "duration" ? ` with ${measured.fewest} calls of each version` : "";
    return `CloudWatch shows no minute yet${fewest} in which the ${what} could be judged`;
  }
  const whose = figures.scope === "version" ? `${nameOfSide("canary", analysis)}'s` : "the";
  const beside =
    latest.baseline === null ? "" : `, ${nameOfSide("baseline", analysis)}'s ${formatMeasure(latest.baseline, unit)}`;
  const seen = `${whose} latest ${what} was ${formatMeasure(latest.canary, unit)}${beside}, allowed up to ${formatMeasure(latest.allowed, unit)}`;
  const look = 2 * over > minutes ? "over" : "within";
  return `${seen}; over it in ${over} of ${minutes} minutes: ${conclusion(analysis, look, "minutes")} (paired sign-flip test)`;
}

/** `age of the records read from the stream: 185 s, allowed up to 30 s: over the limit for 3m (fails at 3m)` */
function levelSentence(measured: Measured, { kind, latest, over }: LevelStatus, limit: Limit, name: string): string {
  const unit = unitOf(measured);
  const whole = measured.kind === "level" ? ` (of ${name} as a whole)` : "";
  const what = `${nameOfMeasured(measured)}${whole}`;
  if (latest === null) return `CloudWatch has shown no ${what} since the first shift`;
  const figures = `${what}: ${formatMeasure(latest, unit)}, allowed up to ${formatMeasure(limit.limit, unit)}`;
  switch (kind) {
    case "within":
    case "unmeasured":
      return `${figures}: within the limit`;
    case "over":
    case "over-for-long":
      return `${figures}: over the limit for ${formatDuration(over * limit.period)} (fails at ${formatDuration(tooMany(limit) * limit.period)})`;
    case "unarmed":
      return `${figures}: it was already over the limit before the release, and counts once it has been within it`;
  }
}

function nameOfMeasured(measured: Measured): string {
  switch (measured.kind) {
    case "duration":
      return measured.words;
    case "level":
      return SIGNALS[measured.signal].words;
    case "own": {
      const { namespace, name, statistic } = measured.metric;
      return `${statistic} of ${namespace}/${name}`;
    }
  }
}
