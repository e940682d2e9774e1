import { mean } from "../statistics.ts";
import type { Cost } from "./cost.ts";
import type { Cell } from "./environments.ts";
import { forecastTargets } from "./forecast-report.ts";
import { ORACLE, OURS, PEERS } from "./judges.ts";
import { latencyTargets } from "./latency-targets.ts";
import { pacingTargets } from "./pacing-sweep.ts";
import { abortedShare, failedCalls, falseAborts, falselyVerified, percent, promptness, type Target } from "./rules.ts";
import type { Findings } from "./sweep.ts";
import type { Result } from "./trials.ts";
import { foretoldTarget } from "./verification-forecasts.ts";
import { verificationTargets } from "./verification-sweep.ts";

export function targetsOf(findings: Findings, cost: Cost): readonly Target[] {
  const { held, ramped, polled, detection, atTolerance, released, releasedBesideLatency, tolerated, latency } =
    findings;
  const ours = (results: readonly Result[]) => ({ results, judge: OURS.name, describe });
  const asked = detection.filter(
    ({ cell: { callsPerMinute, weight } }) =>
      callsPerMinute >= 100 && weight !== "ramped" && weight >= 0.05 && weight <= 0.1,
  );
  return [
    falseAborts("an identical canary is aborted in at most 1 % of releases, at a held weight", ours(held)),
    falseAborts("an identical canary is aborted in at most 1 % of releases, over a ramp", ours(ramped)),
    falseAborts("an identical canary is aborted in at most 1 % of releases, polled while minutes grow", ours(polled)),
    promptness(
      "the median detection takes at most 2.5 times as long as the oracle, or 2 minutes more",
      ours(asked),
      ORACLE.name,
    ),
    harm(findings),
    falselyVerified("a canary at its tolerance is called verified in at most 2 % of releases", ours(atTolerance)),
    ...verificationTargets(released, releasedBesideLatency, tolerated),
    {
      rule: "a look over 500 functions with 4 guards each takes under 50 ms of CPU",
      measured: `${cost.cpu.toFixed(0)} ms`,
      misses: cost.cpu < 50 ? [] : [`${cost.cpu.toFixed(0)} ms`],
    },
    ...latencyTargets(latency),
    ...forecastTargets(findings),
    foretoldTarget(findings),
    ...pacingTargets(findings.pacing),
  ];
}

export function describe({ weather, weight, callsPerMinute, baseline, canary }: Cell): string {
  const share = weight === "ramped" ? "ramped" : percent(weight);
  const rates = typeof canary === "number" ? `${percent(baseline)} → ${percent(canary)}` : percent(baseline);
  return `${weather}, ${callsPerMinute.toLocaleString("en")} rpm, ${share}, ${rates}`;
}

/** A peer is valid if it aborts at most 2 % of identical canaries, in calm traffic and in rough traffic. */
export function validPeers(held: readonly Result[]): readonly string[] {
  return PEERS.map(({ name }) => name).filter((name) =>
    (["calm", "rough"] as const).every((weather) => {
      const shares = held.filter(({ cell }) => cell.weather === weather).map((result) => abortedShare(result, name));
      return mean(shares).value <= 0.02;
    }),
  );
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
