import { type Duration, SECOND } from "../../src/domain/time.ts";
import { roughly } from "./cloudwatch/lateness.ts";
import type { Simulator } from "./server.ts";

/** How the services behave: as they usually do, or as roughly as has been reported of them. */
export type Conduct = "fair" | "rough";

/** How long a read may show what was before a write, and how many do. */
const STALENESS = { upTo: 5 * SECOND, share: 0.3 };
/** What was set up before the start is old enough to be read as it is. */
const SETTLED: Duration = STALENESS.upTo + SECOND;

/** Makes figures late in every way, and reads stale. All of it is drawn from the simulator's seed. */
export function roughen({ account, cloudwatch, seed, time }: Simulator): void {
  cloudwatch.metrics.lateness = roughly(seed);
  time.at(time.now() + SETTLED, () => {
    account.staleness = STALENESS;
  });
}
