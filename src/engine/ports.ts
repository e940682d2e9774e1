import type { Run } from "../domain/alias.ts";
import type { Clock, Credentials, Functions, Handover, Metrics, Runs, Traffic } from "../domain/ports.ts";
import type { Journal } from "../release/events.ts";

/** Everything outside that a release needs. */
export interface Ports {
  readonly functions: Functions;
  readonly traffic: Traffic;
  readonly metrics: Metrics;
  readonly runs: Runs;
  readonly credentials: Credentials;
  readonly handover: Handover;
  /** AWS's time, from Lambda's first answer on. */
  readonly clock: Clock;
  readonly journal: Journal;
  readonly run: Run;
  readonly region: string;
  /** Aborts when the workflow is cancelled; its reason says how. */
  readonly abort: AbortSignal;
}

/** An error for people to read: what happened, to what, and what to do now. */
export class ReleaseError extends Error {
  override readonly name = "ReleaseError";
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
