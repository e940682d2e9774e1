import type { Version } from "../release/alias.ts";
import type { Guard } from "../release/guard.ts";
import type { Plan } from "../release/plan.ts";
import type { Patience, WhenInconclusive } from "../release/release.ts";
import type { Stretch } from "../release/stretch.ts";
import type { Duration } from "../release/time.ts";

/** A function as the user named it; the account is null if only the name was given. */
export interface FunctionReference {
  readonly name: string;
  readonly account: string | null;
}

/** What the user wants to deploy. */
export interface Order {
  readonly functions: readonly FunctionReference[];
  readonly alias: string;
  /** A published version to release; null to publish `$LATEST`. */
  readonly version: Version | null;
  /** The SHA-256 of the code that must be released, by function name. A function that isn't here may have any. */
  readonly codes: ReadonlyMap<string, string>;
  readonly guards: readonly Guard[];
}

/** A deploy as the user asked for it. */
export interface DeployOrder extends Order {
  readonly plan: Plan;
  readonly whenInconclusive: WhenInconclusive;
  readonly patience: Patience;
  readonly pollInterval: Duration;
  /** How long to wait for another release that is using an alias. */
  readonly waitForRelease: Duration;
}

/** Guards to try on a stretch of the past. */
export type ReplayOrder = Order & Stretch;
