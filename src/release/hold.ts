import { type Analysis, worst } from "../analysis/verdict.ts";
import { runsAhead } from "../domain/plan.ts";
import type { Reason } from "./reason.ts";
import { patienceOf, type Release } from "./release.ts";

/**
 * What a stage should still wait for when its bake is over; null for nothing.
 *
 * With too little data for any verdict, a stage could not have stopped a bad canary, so it waits. If there was enough
 * data but no clear verdict, it waits only where that matters: before the promotion, and if it means a rollback.
 * Otherwise the evidence is carried into the next step. A step that runs ahead of its figures waits for none of them.
 */
export function missingEvidence(release: Release, analyses: readonly Analysis[]): Reason | null {
  const { stage, plan, whenInconclusive } = release;
  const isAhead = stage.kind === "baking" && runsAhead(plan, stage.step, patienceOf(release));
  const inconclusive = analyses.filter(({ verdict }) => verdict === "inconclusive");
  const silent = inconclusive.find(({ kind }) => kind === "traffic");
  if (silent !== undefined) return judged(silent);
  if (isAhead) return null;
  const few = tooFewCalls(release) ?? noCalls(release);
  if (few !== null) return few;
  const underpowered = inconclusive.find(({ figures }) => figures?.underpowered);
  if (underpowered !== undefined) return judged(underpowered);
  if (whenInconclusive === "rollback") {
    const [first] = inconclusive;
    return worst(analyses)?.verdict === "inconclusive" && first !== undefined ? judged(first) : null;
  }
  const isLast = stage.kind === "baking" && stage.step === plan.steps.length - 1;
  const unshown = inconclusive.find(({ kind }) => kind === "comparison");
  return isLast && unshown !== undefined ? judged(unshown) : null;
}

function tooFewCalls({ analysis: { trafficChecks }, holdLimits: { minInvocations } }: Release): Reason | null {
  const had = trafficChecks.flatMap(({ member, ofStep }) =>
    ofStep < minInvocations ? [{ function: member.target.function, calls: ofStep }] : [],
  );
  return had.length === 0 ? null : { kind: "few-calls", had, needed: minInvocations };
}

/** A step without any call of the canary has shown nothing, whatever the steps before it did. */
function noCalls({ analysis: { watches, trafficChecks } }: Release): Reason | null {
  const without = watches.length === 0 ? [] : trafficChecks.filter(({ ofStep }) => ofStep === 0);
  if (without.length === 0) return null;
  return { kind: "no-calls", functions: without.map(({ member }) => member.target.function) };
}

function judged(analysis: Analysis): Reason {
  return { kind: "judged", analysis };
}
