import type { Analysis, Outlook } from "../analysis/verdict.ts";
import { type Duration, HOUR, MINUTE } from "../domain/time.ts";

type Prospective = Pick<Analysis, "outlook">;

/** While a release runs: how much longer a comparison takes. Ends its sentence; empty where that can't be told. */
export function stillToCome({ outlook }: Prospective): string {
  if (outlook === undefined) return "";
  return `; ${timeToCome(outlook)}${outlook.isWithinPlan ? " until this can be shown" : ""}`;
}

/** `about 6 more minutes`, or `not within this plan: about 2h more at this rate`. */
export function timeToCome({ left, isWithinPlan }: Outlook): string {
  const beyond = "not within this plan";
  if (left === null) return beyond;
  const [count, unit] = rounded(left);
  const more = unit === "h" ? `about ${count}h more` : `about ${count} more ${plural(count, unit)}`;
  return isWithinPlan ? more : `${beyond}: ${more} at this rate`;
}

/** At the end: how long it would have taken in all. Ends the sentence of a comparison that has shown nothing. */
export function wouldHaveTaken({ outlook }: Prospective): string {
  if (outlook === undefined) return "";
  const { lasted, left } = outlook;
  return left === null ? "; to be sure it takes many hours" : `; to be sure it takes about ${inTime(lasted + left)}`;
}

/** `9 minutes`, `2.5h`. */
export function inTime(time: Duration): string {
  const [count, unit] = rounded(time);
  return unit === "h" ? `${count}h` : `${count} ${plural(count, unit)}`;
}

function rounded(time: Duration): readonly [count: number, unit: "minute" | "h"] {
  const minutes = Math.round(time / MINUTE);
  return minutes < 100 ? [minutes, "minute"] : [Math.round((2 * time) / HOUR) / 2, "h"];
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
