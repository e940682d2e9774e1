import { mean, median, upperBound } from "./bounds.ts";
import type { Cost } from "./cost.ts";
import type { Cell } from "./environments.ts";
import { ORACLE, OURS, PEERS } from "./judges.ts";
import type { Findings } from "./sweep.ts";
import type { Record, Result } from "./trials.ts";

/** A rule that the bench holds the judgement to. */
export interface Target {
  readonly rule: string;
  readonly measured: string;
  /** What misses it, in words; empty when it is reached. */
  readonly misses: readonly string[];
}

export function targetsOf(findings: Findings, cost: Cost): readonly Target[] {
  const { held, ramped, polled, detection, atTolerance } = findings;
  return [
    falseAborts("an identical canary is aborted in at most 1 % of releases, at a held weight", held),
    falseAborts("an identical canary is aborted in at most 1 % of releases, over a ramp", ramped),
    falseAborts("an identical canary is aborted in at most 1 % of releases, polled while minutes grow", polled),
    promptness(detection),
    harm(findings),
    falselyVerified(atTolerance),
    {
      rule: "a look over 500 functions with 4 guards each takes under 50 ms of CPU",
      measured: `${cost.cpu.toFixed(0)} ms`,
      misses: cost.cpu < 50 ? [] : [`${cost.cpu.toFixed(0)} ms`],
    },
  ];
}

export function recordOf({ records, cell }: Result, judge: string): Record {
  const record = records[judge];
  if (record === undefined) throw new Error(`"${judge}" has not judged ${describe(cell)}.`);
  return record;
}

export function describe({ weather, weight, callsPerMinute, baseline, canary }: Cell): string {
  const share = weight === "ramped" ? "ramped" : percent(weight);
  const rates = typeof canary === "number" ? `${percent(baseline)} → ${percent(canary)}` : percent(baseline);
  return `${weather}, ${callsPerMinute.toLocaleString("en")} rpm, ${share}, ${rates}`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

function falseAborts(rule: string, results: readonly Result[]): Target {
  const bounds = results.map((result) => {
    const { aborts, runs } = recordOf(result, OURS.name);
    return { cell: result.cell, aborts, runs, bound: upperBound(aborts, runs) };
  });
  const worst = Math.max(...bounds.map(({ bound }) => bound));
  return {
    rule,
    measured: `at most ${percent(worst)} (upper 95 % bound of the worst of ${bounds.length} cells)`,
    misses: bounds
      .filter(({ bound }) => bound > 0.01)
      .map(({ cell, aborts, runs, bound }) => `${describe(cell)}: ${aborts} of ${runs}, up to ${percent(bound)}`),
  };
}

function promptness(detection: readonly Result[]): Target {
  const rows = detection.map((result) => {
    const { callsPerMinute, weight } = result.cell;
    const ours = median(recordOf(result, OURS.name).minutes).value;
    const oracle = median(recordOf(result, ORACLE.name).minutes).value;
    const isAskedFor = callsPerMinute >= 100 && weight !== "ramped" && weight >= 0.05 && weight <= 0.1;
    return { cell: result.cell, ours, oracle, isAskedFor, limit: Math.max(2.5 * oracle, oracle + 2) };
  });
  const asked = rows.filter(({ isAskedFor }) => isAskedFor);
  return {
    rule: "the median detection takes at most 2.5 times the oracle's minutes, or 2 minutes more",
    measured: asked.map(({ ours, oracle }) => `${ours} by ${oracle}`).join(", "),
    misses: asked
      .filter(({ ours, limit }) => ours > limit)
      .map(({ cell, ours, limit }) => `${describe(cell)}: ${ours} minutes, ${limit} allowed`),
  };
}

/** A peer is valid when it aborts at most 2 % of identical canaries in calm and in rough traffic both. */
export function validPeers(held: readonly Result[]): readonly string[] {
  return PEERS.map(({ name }) => name).filter((name) =>
    (["calm", "rough"] as const).every((weather) => {
      const shares = held.filter(({ cell }) => cell.weather === weather).map((result) => abortedShare(result, name));
      return mean(shares).value <= 0.02;
    }),
  );
}

export function abortedShare(result: Result, judge: string): number {
  const { aborts, runs } = recordOf(result, judge);
  return aborts / runs;
}

export function failedCalls(result: Result, judge: string): number {
  return mean(recordOf(result, judge).failed).value;
}

function harm({ held, detection }: Findings): Target {
  const peers = validPeers(held);
  const pairs = detection.flatMap((result) =>
    peers.map((peer) => ({
      cell: result.cell,
      peer,
      ours: failedCalls(result, OURS.name),
      theirs: failedCalls(result, peer),
    })),
  );
  const figure = (calls: number) => calls.toFixed(1);
  return {
    rule: "fewer canary calls fail before the rollback than with every valid peer",
    measured: `in ${pairs.filter(({ ours, theirs }) => ours < theirs).length} of ${pairs.length} comparisons`,
    misses: pairs
      .filter(({ ours, theirs }) => ours >= theirs)
      .map(({ cell, peer, ours, theirs }) => `${describe(cell)}: ${figure(ours)}, with ${peer} ${figure(theirs)}`),
  };
}

function falselyVerified(atTolerance: readonly Result[]): Target {
  const shares = atTolerance.map((result) => {
    const { verified, runs } = recordOf(result, OURS.name);
    return { cell: result.cell, verified, runs, share: verified / runs, bound: upperBound(verified, runs) };
  });
  const worst = shares.reduce((a, b) => (b.share > a.share ? b : a));
  return {
    rule: "a canary at its tolerance is called verified in at most 2 % of releases",
    measured: `at most ${percent(worst.share)} (up to ${percent(worst.bound)})`,
    misses: shares
      .filter(({ share }) => share > 0.02)
      .map(
        ({ cell, verified, runs, share, bound }) =>
          `${describe(cell)}: ${verified} of ${runs} (${percent(share)}), up to ${percent(bound)}`,
      ),
  };
}
