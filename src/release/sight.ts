import { formatCount } from "./figures.ts";
import { ARRIVAL } from "./plan.ts";
import type { Series } from "./ports.ts";
import { type Release, type Sighting, weightOf } from "./release.ts";
import { type Duration, formatDuration, type Instant, MINUTE } from "./time.ts";
import type { Analysis, Observation, Verdict } from "./verdict.ts";
import { pointsOf } from "./watch.ts";

/** The canary's expected calls from which on none at all means that the metrics don't see it: P(none) is e^-20. */
const SURELY_SOME = 20;
/** A silence of less is never taken for late figures. */
const SILENCE: Duration = 2 * MINUTE;
/** From so many pauses on, the longest of them tells what is usual. */
const ENOUGH = 10;

/** The calls of the function, of its alias, and of the canary. */
export function sightSeries({ stage }: Release, { member }: Sighting): readonly [Series, Series, Series] {
  const calls = (of: Series["of"]): Series => ({ target: member.target, metric: "Invocations", statistic: "Sum", of });
  return [calls("function"), calls("alias"), calls(stage.kind === "promoted" ? "alias" : member.canary)];
}

/** The canary is blind to us when calls must have reached it and none is seen, or when callers pass the alias by. */
export function judgeSight(
  release: Release,
  sighting: Sighting,
  { at, reading }: Observation,
): { readonly sighting: Sighting; readonly analysis: Analysis | null } {
  const readings = sightSeries(release, sighting).map(reading);
  const unreadable = readings.find((each) => each.kind === "unreadable");
  if (unreadable !== undefined) return { sighting, analysis: traffic(sighting, "error", unreadable.reason) };
  const [ofFunction, ofAlias, ofCanary] = readings.map(pointsOf);

  // A call is told of when it has finished: of a function that runs for long, later.
  const arrived = at - MINUTE - ARRIVAL - sighting.member.timeout;
  let { from } = sighting;
  const sums = { ...sighting };
  for (; from <= arrived; from += MINUTE) {
    const calls = ofFunction?.get(from) ?? 0;
    if (calls > 0) sums.heardUntil = from + MINUTE;
    sums.ofFunction += calls;
    sums.ofAlias += ofAlias?.get(from) ?? 0;
    sums.ofCanary += ofCanary?.get(from) ?? 0;
  }
  const share = weightOf(release) / 100;
  const next: Sighting = { ...sums, from, expected: sums.ofAlias * share };
  return { sighting: next, analysis: blindness(next, share) ?? silence(next) };
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

/** A function that was never silent for long and now is: its figures are late, or its traffic has stopped. */
function silence(sighting: Sighting): Analysis | null {
  const { member, from, heardUntil } = sighting;
  if (member.longestSilence === null || from - heardUntil < 2 * member.longestSilence + SILENCE) return null;
  const how = `CloudWatch has shown no call of ${member.target.function} for ${formatDuration(from - heardUntil)}`;
  const before = `in the hour before the release it was never silent for more than ${formatDuration(member.longestSilence)}`;
  return traffic(sighting, "error", `${how}, and ${before}: its figures are late, or its traffic has stopped`);
}

/** How long the calls of a function ever paused, by the minutes in which it had any; null when those are too few to tell. */
export function longestSilence(calls: ReadonlyMap<Instant, number>): Duration | null {
  const minutes = [...calls].flatMap(([minute, count]) => (count > 0 ? [minute] : [])).sort((a, b) => a - b);
  const pauses = minutes.slice(1).map((minute, index) => minute - (minutes[index] ?? minute) - MINUTE);
  return pauses.length < ENOUGH ? null : Math.max(...pauses);
}

function traffic({ member }: Sighting, verdict: Verdict, reason: string): Analysis {
  return { rule: "traffic", target: member.target, verdict, reason, figures: null };
}
