import { rate } from "./counts.ts";
import { type Counted, isOffItsBound } from "./method.ts";
import type { Analysis, Figures } from "./verdict.ts";

/**
 * True if a rule has reached a verdict, or had all that it needs for one and saw nothing against the canary. False if it
 * could not judge: it couldn't see, had nothing or too little to compare, or the canary's figure is over what is allowed
 * and nobody knows whether that is chance.
 */
export function hasNothingAgainst({ verdict, reason, figures }: Analysis): boolean {
  if (verdict === "pass") return true;
  if (verdict !== "inconclusive" || reason.kind !== "measured" || figures === null || figures.underpowered)
    return false;
  const { measurement } = reason;
  switch (measurement.kind) {
    case "counts":
      return hasFewEnough(measurement.counted, figures);
    case "pairs":
      return measurement.seen.latest !== null && 2 * measurement.seen.over <= measurement.seen.minutes;
    case "level":
      return false;
  }
}

function hasFewEnough(counted: Counted, { canary, baseline, allowed }: Figures): boolean {
  if (canary === null || !("calls" in canary) || canary.calls === 0 || rate(canary) > allowed) return false;
  if (baseline === null) return true;
  return "calls" in baseline && baseline.calls > 0 && !isOffItsBound(counted, baseline);
}
