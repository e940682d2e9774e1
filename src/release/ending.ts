import { isVerified } from "../analysis/analyse.ts";
import type { Analysis } from "../analysis/verdict.ts";
import { formatList } from "../domain/format.ts";
import type { Guard } from "../guards/guard.ts";
import type { Ending } from "./events.ts";
import { describeAnalysis } from "./hold.ts";
import type { Release } from "./release.ts";

/** Nobody reads more sentences than these. */
const FEW = 3;

/** @param compared the last judgements before the promotion, of the guards that compare */
export function promotion({ members, guards }: Release, compared: readonly Analysis[]): Ending {
  const verified = isVerified(compared);
  const what = formatList(members.map(({ target, canary }) => `${target.function} ${canary}`));
  const serve = members.length === 1 ? "serves" : "serve";
  const shown = verified
    ? "every comparison with the baseline was shown to be within its tolerance"
    : `unverified: ${whyUnverified(guards, compared)}`;
  return { outcome: "promoted", reason: `${what} ${serve} all traffic; ${shown}`, verified };
}

function whyUnverified(guards: readonly Guard[], compared: readonly Analysis[]): string {
  if (guards.length === 0) return "there was no guard, so nothing was judged";
  const open = compared.filter(({ verdict }) => verdict !== "pass");
  if (open.length === 0) return "no guard failed, and none compares the canary with the baseline";
  const more = open.length > FEW ? `; and ${open.length - FEW} more` : "";
  return `no guard failed, but the canary was not shown to be as good as the baseline: ${open.slice(0, FEW).map(describeAnalysis).join("; ")}${more}`;
}
