import type { Duration } from "../../../src/domain/time.ts";
import type { Site } from "../sites.ts";
import type { Strike } from "../strike.ts";

/** The kind of fault. Each has a row in the table. */
export type Family =
  | "killed"
  | "cancelled"
  | "network"
  | "throttled or failing"
  | "answer lost"
  | "denied"
  | "malformed answer"
  | "CloudWatch"
  | "GitHub"
  | "changed by someone else"
  | "clock";

/** What may happen to a release with this fault. */
export interface Expectation {
  /** The runner is gone, so there is no post step. */
  readonly isLost?: boolean;
  /** Nobody reads what the process prints. */
  readonly isDeaf?: boolean;
  /** Somebody else changes the alias, and their change stands. */
  readonly isExternalEdit?: boolean;
  /** It hits only reporting: the release goes on as if nothing had happened. */
  readonly isHarmless?: boolean;
  /** The trouble lasts through the post step. */
  readonly outlastsJob?: boolean;
  /** It goes away so soon that a release must survive it, wherever it strikes. */
  readonly isTransient?: boolean;
}

/** One thing that can go wrong at a call. */
export interface Fault extends Expectation {
  readonly name: string;
  readonly family: Family;
  /** The process must be connected by a line that can be cut. */
  readonly needsLine?: boolean;
  /** How far the process's clock jumps. */
  readonly jump?: Duration;
  /** Whether it makes sense at a call and isn't the same as another fault there. */
  suits(site: Site): boolean;
  /** Prepares it. */
  arm(strike: Strike): void;
}

export const anywhere = (): boolean => true;
export const atWrites = ({ isWrite }: Site): boolean => isWrite;
export const atAws = ({ service }: Site): boolean => service !== "github";
export const atLambda = ({ service }: Site): boolean => service === "lambda";
export const atCloudWatch = ({ service }: Site): boolean => service === "cloudwatch";
export const atGitHub = ({ service }: Site): boolean => service === "github";
