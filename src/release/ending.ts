import { isVerified } from "../analysis/analyse.ts";
import { hasNothingAgainst } from "../analysis/open.ts";
import type { Analysis } from "../analysis/verdict.ts";
import { type Guard, isComparing } from "../guards/guard.ts";
import type { Ending } from "./events.ts";
import type { Confidence, Few } from "./reason.ts";
import type { Release } from "./release.ts";

/** Nobody reads more sentences than these. */
const FEW = 3;

/** @param latest the last verdicts, of the guards that compare those before the promotion */
export function promotion({ members, guards }: Release, latest: readonly Analysis[]): Ending {
  const changes = members.map(({ target, canary, baseline }) => ({ function: target.function, canary, baseline }));
  const confidence = confidenceIn(guards, latest);
  return {
    outcome: "promoted",
    reason: { kind: "promoted", changes, confidence },
    verified: confidence.kind === "shown",
    confidence: confidence.kind,
  };
}

function confidenceIn(guards: readonly Guard[], latest: readonly Analysis[]): Confidence {
  const unjudged = few(latest.filter((each) => !hasNothingAgainst(each)));
  if (isVerified(latest)) return { kind: "shown", unjudged };
  const comparisons = latest.filter(({ kind }) => kind === "comparison");
  if (comparisons.length === 0) return { kind: "unjudged", lacks: whatLacks(guards), unjudged };
  if (unjudged.count > 0) return { kind: "unjudged", lacks: null, unjudged };
  return { kind: "unopposed", open: few(comparisons.filter(({ verdict }) => verdict !== "pass")) };
}

function whatLacks(guards: readonly Guard[]): "guard" | "comparison" | "step" {
  if (guards.length === 0) return "guard";
  return guards.some(isComparing) ? "step" : "comparison";
}

function few(analyses: readonly Analysis[]): Few {
  return { some: analyses.slice(0, FEW), count: analyses.length };
}
