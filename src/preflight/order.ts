import type { Version } from "../domain/alias.ts";
import type { Plan } from "../domain/plan.ts";
import type { TimeRange } from "../domain/replay-window.ts";
import type { Duration } from "../domain/time.ts";
import type { Guard } from "../guards/guard.ts";
import type { HoldLimits, WhenInconclusive } from "../release/release.ts";

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
  readonly holdLimits: HoldLimits;
  readonly pollInterval: Duration;
  /** How long to wait for another release that is using an alias. */
  readonly waitForRelease: Duration;
}

/** Guards to try on a part of the past. */
export type ReplayOrder = Order & TimeRange;
