import type { Duration } from "../../../src/release/time.ts";
import type { Site } from "../sites.ts";
import type { Strike } from "../strike.ts";

/** What kind of trouble it is; the table has a row for each. */
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
  | "another hand"
  | "clock";

/** What may become of a release that meets a fault. */
export interface Expectation {
  /** The runner is gone: there is no post step. */
  readonly isLost?: boolean;
  /** Nobody takes what the process prints. */
  readonly isDeaf?: boolean;
  /** Another hand changes the alias: it wins. */
  readonly isHand?: boolean;
  /** Reporting only: the release goes on as if nothing were. */
  readonly isHarmless?: boolean;
  /** The trouble goes on through the post step. */
  readonly outlastsJob?: boolean;
  /** It passes by itself so soon that a release has to live through it, where it stands in the midst of it. */
  readonly isTransient?: boolean;
}

/** One thing that can go wrong at any call. */
export interface Fault extends Expectation {
  readonly name: string;
  readonly family: Family;
  /** The process is reached by a line that can be cut. */
  readonly needsLine?: boolean;
  /** By how much the process's clock jumps. */
  readonly jump?: Duration;
  /** Whether it makes sense at a call, and is no other fault there. */
  suits(site: Site): boolean;
  /** Arms it. */
  arm(strike: Strike): void;
}

export const anywhere = (): boolean => true;
export const atWrites = ({ isWrite }: Site): boolean => isWrite;
export const atAws = ({ service }: Site): boolean => service !== "github";
export const atLambda = ({ service }: Site): boolean => service === "lambda";
export const atCloudWatch = ({ service }: Site): boolean => service === "cloudwatch";
export const atGitHub = ({ service }: Site): boolean => service === "github";
