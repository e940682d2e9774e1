import type { Alias } from "../../src/domain/alias.ts";
import { SECOND } from "../../src/domain/time.ts";
import { newProgress, type Phase, type Progress } from "../../src/release/progress.ts";
import { newRelease } from "../../src/release/release.ts";
import { memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

// A release of two functions that is under way, without guards.

export const START = Date.UTC(2026, 10, 21, 14);
export const RUN = { id: "4711", attempt: 1 };
export const POLL = 20 * SECOND;
export const checkout = memberOf("checkout");
export const refund = memberOf("refund");

export const wholly = (primary: string) => ({ primary, additional: null });

export function aliasAt(primary: string, movingFrom: string | null = null): Alias {
  return { routing: wholly(primary), description: "Payments", revision: "r1", movingFrom };
}

/** As its shift to 5 % left it. */
export const SHIFTED: Alias = {
  ...aliasAt("41"),
  routing: { primary: "41", additional: { version: "42", weight: 5 } },
};

/** Both aliases are like this one, unless the second has its own. */
export function inPhase(phase: Phase, plan: string, first = aliasAt("41"), second = first): Progress {
  const terms = termsOf({ run: RUN, members: [checkout, refund], plan: planOf(plan) });
  const aliases = [
    { member: checkout, alias: first },
    { member: refund, alias: second },
  ];
  return { ...newProgress(newRelease(terms, [], START), aliases, { poll: POLL, region: "eu-central-1" }), phase };
}
