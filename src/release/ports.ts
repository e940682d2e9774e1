import type { Alias, Routing, Run, Target, Version } from "./alias.ts";
import type { Duration, Instant } from "./time.ts";

/** What can go wrong at a service, in the words that decide what to do about it. */
export type Fault =
  /** The revision that the write named is no longer the current one. */
  | "conflict"
  | "missing"
  | "denied"
  /** The credentials have ended. */
  | "expired"
  /** Something else is going on there now; it passes by itself. */
  | "busy"
  | "throttled"
  /** The request itself is wrong. */
  | "invalid"
  /** No answer, or none that can be read: whether the call took effect isn't known. */
  | "unclear";

/** An answer, or the lack of one, that stopped a call to AWS or GitHub. Its message names call and target. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly fault: Fault;

  constructor(fault: Fault, message: string, cause: unknown) {
    super(message, { cause });
    this.fault = fault;
  }
}

/** What a version, or `$LATEST`, is made of, as far as a release cares. */
export interface Configuration {
  /** The function's own ARN, without a version. */
  readonly arn: string;
  readonly codeSha256: string;
  readonly role: string;
  /** The dead-letter target's ARN, or null. */
  readonly deadLetter: string | null;
  readonly timeout: Duration;
  readonly readiness: { readonly kind: "ready" | "pending" } | { readonly kind: "failed"; readonly reason: string };
  /** Whether `$LATEST` is being updated at the moment. */
  readonly updating: boolean;
}

/** The functions and their versions. Every method throws `ServiceError`. */
export interface Functions {
  /** @returns null when there is no such function or version */
  configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null>;
  /** The numbers of all published versions, lowest first. */
  versions(name: string): Promise<readonly Version[]>;
  /** Publishes `$LATEST` if it still has this code; Lambda answers the last version when nothing changed since. */
  publish(name: string, codeSha256: string): Promise<Version>;
}

/** The aliases: where the traffic goes. Every method throws `ServiceError`. */
export interface Traffic {
  /** @returns null when the function has no such alias */
  read(target: Target): Promise<Alias | null>;
  /**
   * Sets routing and description in one call, if the alias is still at `revision`.
   * @param signal gives the call up; whether it took effect is then unclear
   */
  write(target: Target, routing: Routing, description: string, revision: string, signal?: AbortSignal): Promise<Alias>;
  create(target: Target, version: Version, description: string): Promise<Alias>;
}

/** One series of a CloudWatch metric of Lambda, a figure a minute. */
export interface Series {
  readonly target: Target;
  readonly metric: "Invocations" | "Errors";
  readonly statistic: "Sum";
  /** Which calls are counted: those of one version through the alias, all through the alias, or all of the function. */
  readonly of: Version | "alias" | "function";
}

/** What came back for a series: its points by minute, or why it could not be read. */
export type Reading =
  | { readonly kind: "points"; readonly points: ReadonlyMap<Instant, number> }
  | { readonly kind: "unreadable"; readonly reason: string };

export type AlarmState = "ok" | "alarm" | "insufficient-data";

/** CloudWatch. Errors of the service are readings, not exceptions. */
export interface Metrics {
  /** Reads all series from minute `from` up to, not including, `to`; one reading for each series, in their order. */
  read(series: readonly Series[], from: Instant, to: Instant): Promise<readonly Reading[]>;
  /** The states of the alarms that exist, by name. @throws ServiceError */
  alarms(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

/** The runs of workflows, as GitHub knows them. */
export interface Runs {
  /** @returns whether a run still goes on; "unknown" when GitHub can't or won't tell */
  state(run: Run): Promise<"live" | "ended" | "unknown">;
}

export interface Clock {
  now(): Instant;
  /** Resolves after the duration, or at once when the signal is aborted. Never rejects. */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>;
}
