import assert from "node:assert/strict";
import type { Alias } from "../../src/domain/alias.ts";
import { NOTHING_USUAL } from "../../src/domain/member.ts";
import { parsePlan } from "../../src/domain/plan.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { newProgress, type Phase, type Progress } from "../../src/release/progress.ts";
import { newRelease } from "../../src/release/release.ts";

// A release of two functions that is under way, without guards.

export const START = Date.UTC(2026, 10, 21, 14);
export const RUN = { id: "4711", attempt: 1 };
export const POLL = 20 * SECOND;
export const checkout = memberOf("checkout");
export const refund = memberOf("refund");

function memberOf(name: string) {
  const target = { function: name, alias: "live" };
  const traffic = { timeout: 3 * SECOND, longestSilence: null, usualRate: 0, isCalled: true, usual: NOTHING_USUAL };
  return { target, baseline: "41", canary: "42", ...traffic };
}

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
  const parsed = parsePlan(plan);
  assert(parsed.ok);
  const members = [checkout, refund];
  const holdLimits = { minInvocations: 0, maxHold: 0, maxUnreadable: 5 * MINUTE };
  const order = { run: RUN, members, plan: parsed.value, guards: [], whenInconclusive: "proceed", holdLimits } as const;
  const aliases = [
    { member: checkout, alias: first },
    { member: refund, alias: second },
  ];
  return { ...newProgress(newRelease(order, [], START), aliases, { poll: POLL, region: "eu-central-1" }), phase };
}
