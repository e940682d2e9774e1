import type { Analysis } from "./verdict.ts";

/** True for a guard of a replay that could not be held over anything: no figures were looked at. */
export function isUnjudged({ verdict, figures }: Analysis): boolean {
  return verdict === "inconclusive" && figures === null;
}

/** True where too little was seen for the guard to show anything: that it didn't fire means nothing. */
export function isMute(analysis: Analysis): boolean {
  const { verdict, figures } = analysis;
  return isUnjudged(analysis) || (verdict === "inconclusive" && (figures?.quiet === true || figures?.canary === null));
}
