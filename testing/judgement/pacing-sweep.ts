import { mean, upperBound } from "../statistics.ts";
import { playAll } from "../threads.ts";
import type { Pace, Paced, PacingCell, PacingTrial } from "./pacing.ts";
import { percent, type Target } from "./rules.ts";
import { BURSTY, type Environment } from "./verification.ts";

export interface PacingExtent {
  readonly baselines: readonly number[];
  readonly rates: readonly number[];
  readonly environments: readonly Environment[];
  readonly polledEnvironments: readonly Environment[];
  readonly runs: number;
  readonly polledRuns: number;
  /** For how long releases take, and what they cost. */
  readonly fewRuns: number;
  readonly presetRates: readonly number[];
}

export const PACING_FULL: PacingExtent = {
  baselines: [0.001, 0.01, 0.05],
  rates: [1_000, 10_000],
  environments: ["steady", "traffic grows", "rate falls", "rate rises", "rate swings", "bursts", "rough"],
  polledEnvironments: ["steady", "bursts", "rough"],
  runs: 1_000,
  polledRuns: 500,
  fewRuns: 300,
  presetRates: [100, 1_000, 10_000],
};

/** In 300 runs no false abort is allowed, and one false verification. */
export const PACING_THINNED: PacingExtent = {
  baselines: [0.01],
  rates: [1_000],
  environments: ["bursts"],
  polledEnvironments: ["rough"],
  runs: 300,
  polledRuns: 300,
  fewRuns: 100,
  presetRates: [1_000],
};

export const DEFAULT_STEPS = "5% for 5m, 25% for 5m, 50% for 5m";
/** Steps that have the time to show something at little traffic, too. */
export const LONG_STEPS = "5% for 20m, 25% for 20m, 50% for 20m";
export const PRESET = "Linear10PercentEvery1Minute";
/** How often a broken canary fails. */
const BROKEN: readonly number[] = [1, 0.3, 0.05];
/** The preset's nine steps of a minute, and how much longer it may take. */
const LONGEST_OF_PRESET = 9 + 4;

function trialsOf(extent: PacingExtent) {
  const { baselines, rates, environments, polledEnvironments, runs, polledRuns, fewRuns, presetRates } = extent;
  const cells = (those: readonly number[], rest: Pick<PacingCell, "environment" | "polls" | "steps" | "canary">) =>
    baselines.flatMap((baseline) => those.map((callsPerMinute): PacingCell => ({ ...rest, baseline, callsPerMinute })));
  const trial = (pace: Pace, times: number) => (cell: PacingCell) => ({ cell, pace, runs: times }) as const;
  const steady = { environment: "steady", polls: "every 15 s" } as const;
  const played = (canaryOf: (environment: Environment) => readonly PacingCell["canary"][]) => {
    const of = (polls: PacingCell["polls"]) => (environment: Environment) =>
      canaryOf(environment).flatMap((canary) => cells(rates, { environment, polls, steps: LONG_STEPS, canary }));
    return [
      ...environments.flatMap(of("by the minute")).map(trial("when-shown", runs)),
      ...polledEnvironments.flatMap(of("every 15 s")).map(trial("when-shown", polledRuns)),
    ];
  };
  const both = (["by-time", "when-shown"] as const).flatMap((pace) =>
    [DEFAULT_STEPS, LONG_STEPS].flatMap((steps) =>
      cells([300, ...rates], { ...steady, steps, canary: "identical" }).map(trial(pace, fewRuns)),
    ),
  );
  const preset = (["by-time", "step by step"] as const).flatMap((pace) =>
    (["identical", ...BROKEN] as const).flatMap((canary) =>
      presetRates
        .map((callsPerMinute): PacingCell => ({ ...steady, steps: PRESET, baseline: 0.001, callsPerMinute, canary }))
        .map(trial(pace, fewRuns)),
    ),
  );
  return {
    identical: played(() => ["identical"]),
    tolerated: played((environment) => [
      "at its tolerance",
      ...(BURSTY.includes(environment) ? (["at its tolerance while calm"] as const) : []),
    ]),
    both,
    preset,
  };
}

/** A trial with its releases. */
export interface PacedResult extends PacingTrial {
  readonly releases: readonly Paced[];
}

export type PacingFindings = Awaited<ReturnType<typeof pacingSweep>>;

export async function pacingSweep(extent: PacingExtent) {
  const trials = trialsOf(extent);
  const worker = new URL("./pacing-worker.ts", import.meta.url);
  const played = await playAll<PacingTrial, readonly Paced[]>(worker, Object.values(trials).flat());
  const resultsOf = (those: readonly PacingTrial[]): readonly PacedResult[] =>
    those.map((trial) => ({ ...trial, releases: played.get(trial) ?? [] }));
  return {
    /** A canary as good as the baseline, with `advance: when-shown`. */
    identical: resultsOf(trials.identical),
    /** A canary at its tolerance, with `advance: when-shown`. */
    tolerated: resultsOf(trials.tolerated),
    /** An identical canary, by time and as shown. */
    both: resultsOf(trials.both),
    /** The fastest of CodeDeploy's plans: ahead of its figures, and step by step. */
    preset: resultsOf(trials.preset),
  };
}

/** The minutes until the promotion, on average. */
export function minutesToPromote({ releases }: Pick<PacedResult, "releases">): number {
  return mean(releases.filter(({ promoted }) => promoted).map(({ lasted }) => lasted)).value;
}

/** The result of the same cell at another pace. */
export function atPace(results: readonly PacedResult[], { cell }: PacedResult, pace: Pace): PacedResult {
  const key = JSON.stringify(cell);
  const found = results.find((each) => each.pace === pace && JSON.stringify(each.cell) === key);
  if (found === undefined) throw new Error(`not played ${pace}: ${key}`);
  return found;
}

const LONGEST_SHARE = 0.6;

export function pacingTargets({ identical, tolerated, both, preset }: PacingFindings): readonly Target[] {
  const fast = both.filter(
    ({ pace, cell }) => pace === "when-shown" && cell.steps === LONG_STEPS && cell.callsPerMinute >= 1_000,
  );
  const shares = fast.map((result) => ({
    where: describePaced(result),
    share: minutesToPromote(result) / minutesToPromote(atPace(both, result, "by-time")),
  }));
  const good = preset.filter(({ pace, cell }) => pace === "by-time" && cell.canary === "identical");
  const lasted = good.flatMap(({ releases }) => releases.map((each) => each.lasted));
  return [
    bounded(
      "an identical canary is aborted in at most 1 % of releases, as shown",
      identical,
      0.01,
      (each) => !each.promoted,
    ),
    bounded(
      "a canary at its tolerance is verified in at most 2 % of releases, as shown",
      tolerated,
      0.02,
      (each) => each.verified,
    ),
    {
      rule: `from 1,000 calls a minute on, an identical canary is promoted as shown in at most ${percent(LONGEST_SHARE)} of the time: ${LONG_STEPS}`,
      measured: `at most ${percent(Math.max(...shares.map(({ share }) => share)))}`,
      misses: shares
        .filter(({ share }) => share > LONGEST_SHARE)
        .map(({ where, share }) => `${where}: ${percent(share)}`),
    },
    {
      rule: `${PRESET} takes at most ${LONGEST_OF_PRESET} minutes`,
      measured: `at most ${Math.max(...lasted)}`,
      misses: lasted.filter((minutes) => minutes > LONGEST_OF_PRESET).map((minutes) => `${minutes} minutes`),
    },
  ];
}

function bounded(
  rule: string,
  results: readonly PacedResult[],
  most: number,
  isHit: (release: Paced) => boolean,
): Target {
  const bounds = results.map((result) => {
    const hits = result.releases.filter(isHit).length;
    return { where: describePaced(result), hits, runs: result.runs, bound: upperBound(hits, result.runs) };
  });
  return {
    rule,
    measured: `at most ${percent(Math.max(...bounds.map(({ bound }) => bound)))} (upper 95 % bound of the worst of ${bounds.length} cells)`,
    misses: bounds
      .filter(({ bound }) => bound > most)
      .map(({ where, hits, runs, bound }) => `${where}: ${hits} of ${runs}, up to ${percent(bound)}`),
  };
}

export function describePaced({ cell, pace }: Pick<PacedResult, "cell" | "pace">): string {
  const { environment, polls, callsPerMinute, baseline, canary, steps } = cell;
  const who = typeof canary === "number" ? `${percent(canary)} failing` : canary;
  return `${steps}, ${pace}: ${environment}, ${polls}, ${callsPerMinute.toLocaleString("en")} rpm, ${percent(baseline)}, ${who}`;
}
