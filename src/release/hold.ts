import { type Analysis, worst } from "../analysis/verdict.ts";
import { formatCount, formatList } from "../domain/format.ts";
import type { Release } from "./release.ts";

/**
 * What a stage should still wait for when its bake is over; null for nothing.
 *
 * With too little data for any verdict, a stage could not have stopped a bad canary, so it waits. If there was enough
 * data but no clear verdict, it waits only where that matters: before the promotion, and if it means a rollback.
 * Otherwise the evidence is carried into the next step.
 */
export function missingEvidence(release: Release, analyses: readonly Analysis[]): string | null {
  const { stage, plan, whenInconclusive } = release;
  const inconclusive = analyses.filter(({ verdict }) => verdict === "inconclusive");
  const silent = inconclusive.find(({ kind }) => kind === "traffic");
  if (silent !== undefined) return describeAnalysis(silent);
  const few = tooFewCalls(release) ?? noCalls(release);
  if (few !== null) return few;
  const underpowered = inconclusive.find(({ figures }) => figures?.underpowered);
  if (underpowered !== undefined) return describeAnalysis(underpowered);
  if (whenInconclusive === "rollback") {
    const [first] = inconclusive;
    return worst(analyses)?.verdict === "inconclusive" && first !== undefined ? describeAnalysis(first) : null;
  }
  const isLast = stage.kind === "baking" && stage.step === plan.steps.length - 1;
  const unshown = inconclusive.find(({ kind }) => kind === "comparison");
  return isLast && unshown !== undefined ? describeAnalysis(unshown) : null;
}

function tooFewCalls({ analysis: { trafficChecks }, holdLimits: { minInvocations } }: Release): string | null {
  const had = trafficChecks.flatMap(({ member, ofStep }) =>
    ofStep < minInvocations ? [`${member.target.function} ${formatCount(ofStep)}`] : [],
  );
  if (had.length === 0) return null;
  return `min-invocations asks for ${formatCount(minInvocations)} canary calls, counted so far: ${formatList(had)}`;
}

/** A step without any call of the canary has shown nothing, whatever the steps before it did. */
function noCalls({ analysis: { watches, trafficChecks } }: Release): string | null {
  const without = watches.length === 0 ? [] : trafficChecks.filter(({ ofStep }) => ofStep === 0);
  if (without.length === 0) return null;
  return `no canary calls in this step: ${formatList(without.map(({ member }) => member.target.function))}`;
}

/** `error-rate <= 1% (checkout): 12 of 480 …`. */
export function describeAnalysis({ rule, target, reason }: Analysis): string {
  return `${rule}${target === null ? "" : ` (${target.function})`}: ${reason}`;
}
