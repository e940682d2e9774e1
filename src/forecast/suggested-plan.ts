import { rate } from "../analysis/counts.ts";
import { risksOfEach } from "../analysis/e-process.ts";
import { testsOf } from "../analysis/method.ts";
import type { Percent } from "../domain/alias.ts";
import type { Plan, Step } from "../domain/plan.ts";
import { type Duration, type Instant, MINUTE } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";

import type { Forecast, Prospect } from "./forecast.ts";
import { sceneOf, smallestFound } from "./power.ts";

/** What a plan must do: find this share of failing calls, within this time. */
export interface Wish {
  readonly mustDetect: number;
  readonly budget: Duration;
}

/** The bakes to try: each a minute longer, or a twentieth if that is more, up to the longest itself. */
function* bakes(longest: Duration): Generator<Duration> {
  const last = Math.floor(longest / MINUTE) * MINUTE;
  for (let bake = SHORTEST; bake < last; bake = Math.ceil(Math.max(bake + MINUTE, bake * 1.05) / MINUTE) * MINUTE) {
    yield bake;
  }
  if (last >= SHORTEST) yield last;
}

/** The weights to try, the one with the least risk first. */
const HALF: Percent = 50;
const WEIGHTS: readonly Percent[] = [1, 2, 5, 10, 20, 30, 40, HALF];
/** The first step may take this much of the time. The rest is for a step at half of the traffic. */
const FIRST = 2 / 3;
const SHORTEST: Duration = 5 * MINUTE;

/** A plan for a wish, or why there is none. `finds` is what the best plan would find; null for nothing at all. */
export type SuggestedPlan =
  | { readonly kind: "plan"; readonly plan: Plan }
  /** The guards allow as much as must be found. */
  | { readonly kind: "allowed"; readonly allowed: number }
  /** No guard looks at errors. */
  | { readonly kind: "unwatched" }
  | { readonly kind: "too-little-traffic"; readonly finds: number | null };

/**
 * Proposes a plan whose first step finds the wanted error rate with 90 % probability, at the lowest weight for which
 * there is time. How many calls fail until it is found hardly depends on the weight; how many fail if it is never found
 * does. A second step at half of the traffic is for problems that only load brings out.
 */
export function suggestPlan(
  { week, usual }: Prospect,
  guards: readonly Guard[],
  functions: number,
  { mustDetect, budget }: Wish,
  now: Instant,
): SuggestedPlan {
  const { alpha } = risksOfEach(testsOf(guards, usual, now).length * functions);
  const usualRate = rate(week);
  const tolerances = guards.flatMap((guard) =>
    guard.kind === "counts" && guard.signal === "error-rate" ? [guard.tolerance] : [],
  );
  if (tolerances.length === 0) return { kind: "unwatched" };
  const allowed = Math.min(1, ...tolerances.map(({ ratio, margin }) => ratio * usualRate + margin));
  if (mustDetect <= allowed) return { kind: "allowed", allowed };
  const finds = (weight: Percent, bake: Duration): number | null => {
    const scene = sceneOf(week, now, bake, weight, alpha);
    const found = tolerances.flatMap((each) => smallestFound(usualRate, each, scene) ?? []);
    return found.length === 0 ? null : Math.min(...found);
  };
  for (const weight of WEIGHTS) {
    // If the first step is at half of the traffic already, it may take all of the time.
    const longest = weight < HALF ? budget * FIRST : budget;
    for (const bake of bakes(longest)) {
      const found = finds(weight, bake);
      if (found === null || found > mustDetect) continue;
      const rest = Math.floor((budget - bake) / MINUTE) * MINUTE;
      const second: Step[] = weight < HALF && rest >= SHORTEST ? [{ weight: HALF, bake: Math.min(rest, bake) }] : [];
      return { kind: "plan", plan: { steps: [{ weight, bake }, ...second], finalBake: 0 } };
    }
  }
  return { kind: "too-little-traffic", finds: finds(HALF, Math.floor(budget / MINUTE) * MINUTE) };
}

/** What the steps of a plan are expected to see, and plans that would find what is asked for. */
export interface ForecastTold {
  readonly forecasts: readonly Forecast[];
  /** One per function; none if they weren't asked for. */
  readonly proposals: readonly SuggestedPlan[];
  readonly wish: Wish | null;
}
