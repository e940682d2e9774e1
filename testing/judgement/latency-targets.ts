import type { LatencyCell } from "./latency.ts";
import { LATENCY_ORACLES, SIGN_FLIPS, TWO_BOUNDS } from "./latency-judges.ts";
import { falseAborts, falselyVerified, percent, promptness, type Target } from "./rules.ts";
import type { Findings } from "./sweep.ts";
import type { Result } from "./trials.ts";

export function latencyTargets(latency: Findings["latency"]): readonly Target[] {
  const { identical, atTolerance, misjudged, polled, atCounts, detection } = latency;
  const counts = (results: readonly Result<LatencyCell>[]) => ({ results, judge: TWO_BOUNDS.name, describe });
  const asked = detection.filter(({ cell: { callsPerMinute, canary } }) => callsPerMinute >= 100 && canary === 2);
  return [
    falseAborts(
      "a canary exactly at its tolerance of latency is aborted in at most 1 % of releases, by counts",
      counts([...atTolerance, ...misjudged, ...polled]),
    ),
    falseAborts("a canary of the same latency is aborted in at most 1 % of releases, by counts", counts(identical)),
    falseAborts(
      "a canary of the same latency is aborted in at most 1 % of releases, by sign-flips",
      ...SIGN_FLIPS.map(({ name }) => ({ results: identical, judge: name, describe })),
    ),
    falselyVerified(
      "a canary with as many slow calls as the counts allow is called verified in at most 2 % of releases",
      counts(atCounts),
    ),
    // Not compared with the other oracle: it reads the duration of each call, which counts of slow calls can't match.
    promptness(
      "the median detection of calls twice as slow takes at most 2.5 times as long as the oracle with the same counts, or 2 minutes more",
      counts(asked),
      LATENCY_ORACLES.counts.name,
    ),
  ];
}

export function describe({ weather, shape, weight, callsPerMinute, canary, usual, ranks }: LatencyCell): string {
  const share = weight === "ramped" ? "ramped" : percent(weight);
  const slower = typeof canary === "number" ? [`× ${canary}`] : [];
  const usually = usual === 1 ? [] : [`usual × ${usual}`];
  const ranked = ranks === "exact" ? [] : [ranks];
  return [weather, shape, `${callsPerMinute.toLocaleString("en")} rpm`, share, ...slower, ...usually, ...ranked].join(
    ", ",
  );
}
