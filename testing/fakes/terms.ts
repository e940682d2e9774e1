import type { DeployOrder } from "../../src/commands/deploy.ts";
import type { Member } from "../../src/domain/member.ts";
import { type Plan, parsePlan } from "../../src/domain/plan.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { parseGuards } from "../../src/guards/grammar.ts";
import type { Guard } from "../../src/guards/guard.ts";
import type { HoldLimits, newRelease } from "../../src/release/release.ts";

/** `guardsOf("error-rate <= baseline\np90 < 1s")` */
export function guardsOf(text: string): readonly Guard[] {
  const parsed = parseGuards(text);
  if (!parsed.ok) throw new Error(`not guards: ${text}`);
  return parsed.value;
}

/** `planOf("5% for 5m, 50% for 5m")` */
export function planOf(text: string): Plan {
  const parsed = parsePlan(text);
  if (!parsed.ok) throw new Error(`not a plan: ${text}`);
  return parsed.value;
}

/** A function that is called, on its way from version 41 to 42. */
export function memberOf(name = "checkout", more: Partial<Member> = {}): Member {
  return {
    target: { function: name, alias: "live" },
    baseline: "41",
    canary: "42",
    timeout: 3 * SECOND,
    longestSilence: null,
    usualRate: 0,
    isCalled: true,
    usual: { latency: {}, countsByDuration: true, hasErrorSamples: true, rates: {} },
    ...more,
  };
}

/** What the action has by default: a step may wait as long as its bake again. */
export const DEFAULT_HOLD_LIMITS: HoldLimits = { minInvocations: 0, maxHold: null, maxUnreadable: 5 * MINUTE };

const LENIENT = {
  advance: "by-time",
  guards: [],
  whenInconclusive: "proceed",
  holdLimits: { ...DEFAULT_HOLD_LIMITS, maxHold: 0 },
} as const;

type Terms = Parameters<typeof newRelease>[0];

/** Of a release that has no guards and holds for nothing. */
export function termsOf(more: Pick<Terms, "plan"> & Partial<Terms>): Terms {
  return { run: { id: "1", attempt: 1 }, members: [memberOf()], ...LENIENT, ...more };
}

/** A deploy that has no guards and holds for nothing. */
export function orderOf(
  functions: readonly string[],
  more: Pick<DeployOrder, "plan"> & Partial<DeployOrder>,
): DeployOrder {
  return {
    functions: functions.map((name) => ({ name, account: null })),
    alias: "live",
    version: null,
    codes: new Map(),
    ...LENIENT,
    waitForRelease: 0,
    pollInterval: 20 * SECOND,
    ...more,
  };
}
