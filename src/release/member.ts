import type { Target, Version } from "./alias.ts";
import type { Usual } from "./method.ts";
import type { Duration } from "./time.ts";

/** One function on its way from its baseline to its canary. */
export interface Member {
  readonly target: Target;
  readonly baseline: Version;
  readonly canary: Version;
  /** The canary's time-out: until it has passed, a minute's figures can grow. */
  readonly timeout: Duration;
  /** The longest that the function went without a call in the hour before the release; null when its calls were too few to tell. */
  readonly longestSilence: Duration | null;
  /** The calls a minute that the alias usually has at this hour of the day; 0 where that isn't known. */
  readonly usualRate: number;
  /** Whether the alias had any calls in the week before the release. */
  readonly isCalled: boolean;
  readonly usual: Usual;
}
