import { type AnalysisState, atWeight, type Context, newAnalysis, startingAt } from "../../src/analysis/state.ts";
import type { Member } from "../../src/domain/member.ts";
import type { Instant } from "../../src/domain/time.ts";
import type { Guard } from "../../src/guards/guard.ts";

/** What the judge knows, and what its next look is about. */
export interface InRelease extends AnalysisState {
  readonly context: Context;
}

/** In the first bake of a release. */
export function inBake(members: readonly Member[], guards: readonly Guard[], weight: number, at: Instant): InRelease {
  const state = startingAt(newAnalysis(members, guards, [], at), at);
  return { ...atWeight(state, members, weight, at), context: { guards, weight, promotedAt: null } };
}

/** After the promotion. */
export function promoted(before: InRelease, at: Instant): InRelease {
  const members = before.trafficChecks.map(({ member }) => member);
  const context = { ...before.context, weight: 100, promotedAt: at };
  return { ...atWeight(before, members, 100, at), context };
}
