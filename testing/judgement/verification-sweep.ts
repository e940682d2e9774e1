import { mean, median, upperBound } from "../statistics.ts";
import type { Shape } from "./durations.ts";
import { LAG } from "./environments.ts";
import { OURS, VERIFYING_ORACLE } from "./judges.ts";
import { PERCENTILE } from "./latency.ts";
import { falseAborts, minute, percent, recordOf, type Target } from "./rules.ts";
import type { Result } from "./trials.ts";
import { BURSTY, type Environment, PLANNED, type VerificationCell } from "./verification.ts";

export interface VerificationExtent {
  readonly baselines: readonly number[];
  readonly rates: readonly number[];
  readonly shapes: readonly Shape[];
  readonly environments: readonly Environment[];
  readonly runs: number;
  readonly polledEnvironments: readonly Environment[];
  readonly polledRuns: number;
}

export const VERIFICATION_FULL: VerificationExtent = {
  baselines: [0.001, 0.01, 0.05],
  rates: [100, 300, 1_000, 3_000],
  shapes: ["σ 0.2", "σ 0.4", "σ 0.8", "bimodal"],
  environments: ["steady", "traffic grows", "rate falls", "rate rises", "rate swings", "bursts", "rough"],
  runs: 2_000,
  polledEnvironments: ["steady", "bursts", "rough"],
  polledRuns: 1_000,
};

export const VERIFICATION_THINNED: VerificationExtent = {
  baselines: [0.01],
  rates: [1_000],
  shapes: ["σ 0.4"],
  environments: ["steady", "bursts"],
  runs: 1_000,
  polledEnvironments: ["bursts"],
  polledRuns: 500,
};

export function verificationTrials(extent: VerificationExtent) {
  const { baselines, rates, shapes, environments, runs, polledEnvironments, polledRuns } = extent;
  const cells = (rest: Pick<VerificationCell, "environment" | "polls" | "canary">): readonly VerificationCell[] =>
    baselines.flatMap((baseline) =>
      rates.map((callsPerMinute) => ({ ...rest, guard: "errors", baseline, callsPerMinute })),
    );
  const steady = { environment: "steady", polls: "by the minute" } as const;
  const slow = (canary: VerificationCell["canary"]): readonly VerificationCell[] =>
    shapes.flatMap((guard) =>
      rates.map((callsPerMinute) => ({ ...steady, guard, canary, baseline: 1 - PERCENTILE / 100, callsPerMinute })),
    );
  const trial = (times: number) => (cell: VerificationCell) => ({ kind: "verification", cell, runs: times }) as const;
  const tolerated = (polls: VerificationCell["polls"]) => (environment: Environment) => [
    ...cells({ environment, polls, canary: "at its tolerance" }),
    ...(BURSTY.includes(environment) ? cells({ environment, polls, canary: "at its tolerance while calm" }) : []),
  ];
  return {
    released: cells({ ...steady, canary: "identical" }).map(trial(runs)),
    releasedBesideLatency: slow("identical").map(trial(runs)),
    tolerated: [
      ...environments.flatMap(tolerated("by the minute")).map(trial(runs)),
      ...polledEnvironments.flatMap(tolerated("every 15 s")).map(trial(polledRuns)),
      ...slow("at its tolerance").map(trial(runs)),
    ],
  };
}

type Results = readonly Result<VerificationCell>[];

/** How often a judge verifies, from 0 to 1, and the median minute of those releases. */
export interface Verified {
  readonly share: number;
  readonly minute: number;
}

/** Ours by the end of the release: the last step may wait as long as it bakes. */
export function verifiedByUs(result: Result<VerificationCell>): Verified {
  return verifiedUpTo(recordOf(result, OURS.name).verifiedBy, Number.POSITIVE_INFINITY);
}

/** Ours or the oracle's by the end of the plan. */
export function verifiedInPlan(result: Result<VerificationCell>, judge: string): Verified {
  return verifiedUpTo(recordOf(result, judge).verifiedBy, PLANNED);
}

function verifiedUpTo(minutes: readonly number[], last: number): Verified {
  const verified = minutes.filter((each) => Number.isFinite(each) && each <= last);
  return { share: verified.length / minutes.length, minute: median(verified) };
}

/** How many points fewer than the oracle's releases may be verified, and in how many times its minutes. */
const BEHIND = { errors: 0.15, latency: 0.2 } as const;
const SLOWER = 1.5;

export function verificationTargets(errors: Results, latency: Results, tolerated: Results): readonly Target[] {
  const bounds = tolerated.map((result) => {
    const { verified, runs } = recordOf(result, OURS.name);
    return { where: describeVerification(result.cell), verified, runs, bound: upperBound(verified, runs) };
  });
  return [
    ...besideOracle("errors", errors),
    ...besideOracle("latency", latency),
    falseAborts("an identical canary is aborted in at most 1 % of releases, by the default plan", {
      results: [...errors, ...latency],
      judge: OURS.name,
      describe: describeVerification,
    }),
    {
      rule: "a canary at its tolerance is verified in at most 2 % of releases, whatever happens to both versions",
      measured: `at most ${percent(Math.max(...bounds.map(({ bound }) => bound)))} (upper 95 % bound of the worst of ${bounds.length} cells)`,
      misses: bounds
        .filter(({ bound }) => bound > 0.02)
        .map(({ where, verified, runs, bound }) => `${where}: ${verified} of ${runs}, up to ${percent(bound)}`),
    },
  ];
}

function besideOracle(what: keyof typeof BEHIND, results: Results): readonly Target[] {
  const pairs = results.map((result) => ({
    where: describeVerification(result.cell),
    ours: verifiedByUs(result),
    oracle: verifiedInPlan(result, VERIFYING_ORACLE),
  }));
  const behind = pairs.map(({ ours, oracle }) => oracle.share - ours.share);
  // Where it hardly verifies anything, a median says nothing.
  const timed = pairs.filter(({ oracle }) => oracle.share >= 0.5);
  return [
    {
      rule: `an identical canary is verified by the end of its release as often as by the end of the plan with the oracle, or at most ${100 * BEHIND[what]} points less: ${what}`,
      measured: `at most ${(100 * Math.max(...behind)).toFixed(0)} points less, ${(100 * mean(behind).value).toFixed(0)} on average`,
      misses: pairs
        .filter(({ ours, oracle }) => oracle.share - ours.share > BEHIND[what])
        .map(({ where, ours, oracle }) => `${where}: ${percent(ours.share)}, the oracle ${percent(oracle.share)}`),
    },
    {
      rule: `that takes at most ${SLOWER} times the oracle's minutes, and the lag: ${what}`,
      measured: timed.map(({ ours, oracle }) => `${minute(ours.minute)} vs ${minute(oracle.minute)}`).join(", "),
      misses: timed
        .filter(({ ours, oracle }) => ours.minute > SLOWER * oracle.minute + LAG)
        .map(
          ({ where, ours, oracle }) => `${where}: ${minute(ours.minute)} minutes, the oracle ${minute(oracle.minute)}`,
        ),
    },
  ];
}

export function describeVerification({
  guard,
  environment,
  polls,
  callsPerMinute,
  baseline,
  canary,
}: VerificationCell): string {
  const share = guard === "errors" ? percent(baseline) : `p90, ${guard}`;
  return `${environment}, ${polls}, ${callsPerMinute.toLocaleString("en")} rpm, ${share}, ${canary}`;
}
