import type { Plan } from "../../src/domain/plan.ts";
import { DAY, HOUR, MINUTE } from "../../src/domain/time.ts";
import { forecast } from "../../src/forecast/forecast.ts";
import { guardsOf } from "../fakes/terms.ts";
import { markdownTable } from "../markdown-table.ts";
import { quantile, SHAPES, type Shape } from "./durations.ts";
import { BAKE, LAG } from "./environments.ts";
import { OURS, TIMEOUT } from "./judges.ts";
import { ALLOWED, type LatencyCell, PERCENTILE } from "./latency.ts";
import { SIGN_FLIPS } from "./latency-judges.ts";
import { percent, recordOf, type Target } from "./rules.ts";
import type { Panel, Result } from "./trials.ts";
import { STEPS, type VerificationCell } from "./verification.ts";

/** For which releases the forecast is checked. Durations are lognormal, as it assumes. */
export interface VerificationForecastExtent {
  readonly baselines: readonly number[];
  readonly shapes: readonly Shape[];
  readonly rates: readonly number[];
  /** By sign-flips, at a weight of 50 %. */
  readonly pairedRates: readonly number[];
  readonly runs: number;
}

export const VERIFICATION_FORECASTS_FULL: VerificationForecastExtent = {
  baselines: [0.001, 0.01, 0.05],
  shapes: ["σ 0.2", "σ 0.4", "σ 0.8"],
  rates: [100, 300, 500, 1_000, 2_000, 3_000, 10_000, 30_000],
  pairedRates: [30, 60, 100, 300, 1_000],
  runs: 500,
};

export const VERIFICATION_FORECASTS_THINNED: VerificationForecastExtent = {
  baselines: [0.001, 0.05],
  shapes: ["σ 0.8"],
  rates: [300, 3_000],
  pairedRates: [300],
  runs: 300,
};

export function verificationForecastTrials(extent: VerificationForecastExtent) {
  const { baselines, shapes, rates, pairedRates, runs } = extent;
  const guards = [
    ...baselines.map((baseline) => ({ guard: "errors", baseline }) as const),
    ...shapes.map((guard) => ({ guard, baseline: 1 - PERCENTILE / 100 })),
  ];
  const identical = { environment: "steady", polls: "by the minute", canary: "identical" } as const;
  const cells = guards.flatMap((guard) =>
    rates.map((callsPerMinute): VerificationCell => ({ ...guard, ...identical, callsPerMinute })),
  );
  const plain = { weather: "calm", weight: 0.5, canary: 1, cold: null, usual: 1, ranks: "exact" } as const;
  const paired = shapes.flatMap((shape) =>
    pairedRates.map((callsPerMinute): LatencyCell => ({ ...plain, shape, callsPerMinute })),
  );
  const panel: Panel = { who: "all", signFlips: 1, peers: 0 };
  return {
    foretold: cells
      .filter((cell) => namedFor(cell) !== null)
      .map((cell) => ({ kind: "verification", cell, runs }) as const),
    foretoldPairs: paired.map((cell) => ({ kind: "latency", cell, panel, runs }) as const),
  };
}

/** The minute from which the forecast says that a good version is verified by the default plan; null if it isn't. */
export function namedFor({ guard, baseline, callsPerMinute }: VerificationCell): number | null {
  const plan = { steps: STEPS, finalBake: 0 };
  return guard === "errors"
    ? named("error-rate <= baseline", plan, callsPerMinute, baseline, {}, true)
    : named(`p${PERCENTILE} <= baseline * ${ALLOWED}`, plan, callsPerMinute, 0, percentilesOf(guard), true);
}

/** The same by a sign-flip, at the same weight for as long as a bake of the benches. */
function namedForPairs(judge: string, { weight, callsPerMinute, shape }: LatencyCell): number | null {
  const plan = { steps: [{ weight: 100 * Number(weight), bake: BAKE * MINUTE }], finalBake: 0 };
  const [statistic] = judge.split(" ");
  return named(`${statistic} <= baseline * ${ALLOWED}`, plan, callsPerMinute, 0, percentilesOf(shape), false);
}

function percentilesOf(shape: Shape): Readonly<Record<string, number>> {
  return { p50: quantile(SHAPES[shape], 0.5), p90: quantile(SHAPES[shape], 0.9) };
}

function named(
  guard: string,
  plan: Plan,
  callsPerMinute: number,
  baseline: number,
  latency: Readonly<Record<string, number>>,
  countsByDuration: boolean,
): number | null {
  const calls = (callsPerMinute * 7 * DAY) / MINUTE;
  const perHour = (callsPerMinute * HOUR) / MINUTE;
  const rates = { "error-rate": { calls: perHour, failures: perHour * baseline } };
  const prospect = {
    function: "checkout",
    week: {
      callsByHour: Array.from({ length: 24 }, () => perHour),
      recent: null,
      calls,
      failures: calls * baseline,
      latency,
    },
    usual: { latency, countsByDuration, hasErrorSamples: true, rates },
    timeout: TIMEOUT,
  };
  const { verifies } = forecast(prospect, plan, guardsOf(guard), 1, 0, { maxHold: null, inEachStep: false });
  return verifies.kind === "after" ? verifies.time / MINUTE : null;
}

/** What the forecast said of a release, and what came of it, from 0 to 1. */
export interface Foretold {
  readonly what: string;
  readonly cell: VerificationCell | LatencyCell;
  readonly minute: number;
  readonly verified: number;
  readonly aMinuteBefore: number;
}

export interface ForetoldResults {
  readonly foretold: readonly Result<VerificationCell>[];
  readonly foretoldPairs: readonly Result<LatencyCell>[];
}

export function foretold({ foretold: byPlan, foretoldPairs }: ForetoldResults): readonly Foretold[] {
  const told = (result: Result<VerificationCell | LatencyCell>, judge: string, what: string, minute: number | null) => {
    // The last look of a bake is before its end.
    if (minute === null || minute > BAKE - LAG) return [];
    const { verifiedBy } = recordOf(result, judge);
    const share = (by: number) => verifiedBy.filter((each) => each <= by - LAG).length / verifiedBy.length;
    return [{ what, cell: result.cell, minute, verified: share(minute), aMinuteBefore: share(minute - 1) }];
  };
  return [
    ...byPlan.flatMap((result) =>
      told(
        result,
        OURS.name,
        result.cell.guard === "errors" ? percent(result.cell.baseline) : `p90, ${result.cell.guard}`,
        namedFor(result.cell),
      ),
    ),
    ...foretoldPairs.flatMap((result) =>
      SIGN_FLIPS.flatMap(({ name }) =>
        told(result, name, `${name}, ${result.cell.shape}`, namedForPairs(name, result.cell)),
      ),
    ),
  ];
}

const LEAST = 0.8;
const MOST = 0.98;

export function foretoldTarget(results: ForetoldResults): Target {
  const all = foretold(results);
  const range = (shares: readonly number[]) => `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`;
  return {
    // Minutes are whole: with one less it may be none, with one more all.
    rule: "a good version is verified in at least 80 % of releases by the minute that the forecast names, and in at most 98 % a minute before",
    measured: `${range(all.map(({ verified }) => verified))}, and ${range(all.map(({ aMinuteBefore }) => aMinuteBefore))}, in ${all.length} cells`,
    misses: all
      .filter(({ verified, aMinuteBefore }) => verified < LEAST || aMinuteBefore > MOST)
      .map(({ what, cell, minute, verified, aMinuteBefore }) => {
        const rate = `${cell.callsPerMinute.toLocaleString("en")} rpm`;
        return `${what}, ${rate}: ${percent(verified)} by minute ${minute}, ${percent(aMinuteBefore)} before`;
      }),
  };
}

export function foretoldTable(results: ForetoldResults): readonly string[] {
  const all = foretold(results);
  const rates = [...new Set(all.map(({ cell }) => cell.callsPerMinute))].sort((a, b) => a - b);
  const rows = [...Map.groupBy(all, ({ what }) => what)].map(([what, those]) => [
    what,
    ...rates.map((rate) => {
      const found = those.find(({ cell }) => cell.callsPerMinute === rate);
      if (found === undefined) return "";
      return `${found.minute}: ${percent(found.verified)} (${percent(found.aMinuteBefore)})`;
    }),
  ]);
  return [
    "## The forecast: the minute by which it says that a good version is verified, how often it is by then, and a minute before",
    "By the default plan; by sign-flips at 50 % for an hour. Empty where it says that it isn't, or wasn't asked:",
    markdownTable(["base rate or durations", ...rates.map((rate) => `${rate.toLocaleString("en")} rpm`)], rows),
  ];
}
