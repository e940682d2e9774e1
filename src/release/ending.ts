import { isVerified } from "../analysis/analyse.ts";
import type { Analysis } from "../analysis/verdict.ts";
import type { Guard } from "../guards/guard.ts";
import type { Ending } from "./events.ts";
import type { Unverified } from "./reason.ts";
import type { Release } from "./release.ts";

/** Nobody reads more sentences than these. */
const FEW = 3;

/** @param compared the last judgements before the promotion, of the guards that compare */
export function promotion({ members, guards }: Release, compared: readonly Analysis[]): Ending {
  const verified = isVerified(compared);
  const changes = members.map(({ target, canary }) => ({ function: target.function, canary }));
  const unverified = verified ? null : whyUnverified(guards, compared);
  return { outcome: "promoted", reason: { kind: "promoted", changes, unverified }, verified };
}

function whyUnverified(guards: readonly Guard[], compared: readonly Analysis[]): Unverified {
  if (guards.length === 0) return { kind: "no-guard" };
  const open = compared.filter(({ verdict }) => verdict !== "pass");
  if (open.length === 0) return { kind: "no-comparison" };
  return { kind: "inconclusive", some: open.slice(0, FEW), count: open.length };
}
