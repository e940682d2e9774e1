import type { Analysis } from "./verdict.ts";

type Judged = Pick<Analysis, "verdict" | "figures">;

/** True for a guard of a replay that had nothing to judge by: it has no figures. */
export function isUnjudged({ verdict, figures }: Judged): boolean {
  return verdict === "inconclusive" && figures === null;
}

/** True if there was too little data for the guard to show anything. That it didn't fire then means nothing. */
export function showsNothing(analysis: Judged): boolean {
  const { verdict, figures } = analysis;
  return (
    isUnjudged(analysis) || (verdict === "inconclusive" && (figures?.underpowered === true || figures?.canary === null))
  );
}
