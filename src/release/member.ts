import type { Target, Version } from "./alias.ts";
import type { Usual } from "./method.ts";
import type { Duration } from "./time.ts";

/** One function on its way from its baseline to its canary. */
export interface Member {
  readonly target: Target;
  readonly baseline: Version;
  readonly canary: Version;
  /** The canary's time-out: a minute's figures can grow until it has passed. */
  readonly timeout: Duration;
  /** The longest time without a call in the hour before the release; null if there were too few calls to tell. */
  readonly longestSilence: Duration | null;
  /** The alias's usual calls per minute at this hour of the day; 0 if unknown. */
  readonly usualRate: number;
  /** Whether the alias had any calls in the week before the release. */
  readonly isCalled: boolean;
  readonly usual: Usual;
}
