import type { Alias, Routing, Run, Target, Version } from "./alias.ts";
import type { Record } from "./record.ts";
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
  /** The alias's provisioned concurrency is stuck: the alias takes no write but one that leaves it without weights. */
  | "stuck"
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
  /** Whether its executions may last for days, each on the version on which it began. */
  readonly isDurable: boolean;
}

/** Something that calls a function, as far as Lambda knows of it. */
export interface Caller {
  readonly kind: "event-source" | "url" | "policy";
  /** The event source's ARN, the URL's own address, or who a resource policy lets in. */
  readonly name: string;
  /** The alias or version that it calls; null for the function without a qualifier. */
  readonly qualifier: string | null;
}

/** The functions and their versions. Every method throws `ServiceError`. */
export interface Functions {
  /** @returns null when there is no such function or version */
  configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null>;
  /** The numbers of all published versions, lowest first. */
  versions(name: string): Promise<readonly Version[]>;
  /** Publishes `$LATEST` if it still has this code; Lambda answers the last version when nothing changed since. */
  publish(name: string, codeSha256: string): Promise<Version>;
  /** Who calls the function, and through what; API Gateway, load balancers and Step Functions can't be listed. */
  callers(target: Target): Promise<readonly Caller[]>;
  /** How many environments are kept ready for an alias; null when none are asked for. */
  provisionedConcurrency(target: Target): Promise<number | null>;
  /** By how much this process's clock was ahead of Lambda's at its last answer; below 0, behind; 0 before any. */
  clockAhead(): Duration;
  /** Asks whether a version may be published, by a request that can't succeed. @throws ServiceError when not */
  mayPublish(name: string): Promise<void>;
}

/** The aliases: where the traffic goes. Every method throws `ServiceError`. */
export interface Traffic {
  /**
   * @param signal gives the read up; one that can be given up can wait, too: it takes no turn from a rollback
   * @returns null when the function has no such alias
   */
  read(target: Target, signal?: AbortSignal): Promise<Alias | null>;
  /**
   * Sets routing and description in one call, if the alias is still at `revision`.
   * @param signal gives the call up; whether it took effect is then unclear
   */
  write(target: Target, routing: Routing, description: string, revision: string, signal?: AbortSignal): Promise<Alias>;
  create(target: Target, version: Version, description: string): Promise<Alias>;
  /** Asks whether the alias may be written, by a request that can't succeed. @throws ServiceError when not */
  mayWrite(target: Target, alias: Alias): Promise<void>;
  /** Asks whether an alias may be created, by a request that can't succeed. @throws ServiceError when not */
  mayCreate(target: Target): Promise<void>;
}

/** What is about to be written to an alias. */
export interface Sent {
  readonly target: Target;
  readonly record: Record;
}

/** To whom a release is left if it can't be ended here. */
export interface Handover {
  /** These writes are about to go out, one to each alias. Called before any of them; never throws. */
  sending(records: readonly Sent[]): void;
}

/** What Lambda measures. */
export type LambdaMetric =
  | "Invocations"
  | "Errors"
  | "Throttles"
  | "Duration"
  | "ConcurrentExecutions"
  | "IteratorAge"
  | "AsyncEventAge"
  | "AsyncEventsDropped"
  | "DeadLetterErrors"
  | "DestinationDeliveryFailures";

/** A series of what Lambda measures. */
export interface LambdaSeries {
  readonly kind: "lambda";
  readonly target: Target;
  readonly metric: LambdaMetric;
  /** As CloudWatch writes it: `Sum`, `p90`, `PR(:500)`. */
  readonly statistic: string;
  /** Which calls are measured: those of one version through the alias, all through the alias, or all of the function. */
  readonly of: Version | "alias" | "function";
}

/** A series of a metric of the user's own, or of another service. */
export interface OwnSeries {
  readonly kind: "own";
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly statistic: string;
}

/** One series of CloudWatch, a figure for each period. */
export type Series = LambdaSeries | OwnSeries;

/** What came back for a series: its points by the beginning of their period, or why it could not be read. */
export type Reading =
  | { readonly kind: "points"; readonly points: ReadonlyMap<Instant, number> }
  | { readonly kind: "unreadable"; readonly reason: string };

export type AlarmState = "ok" | "alarm" | "insufficient-data";

/** CloudWatch. Errors of the service are readings, not exceptions. */
export interface Metrics {
  /**
   * Reads all series from `from` up to, not including, `to`; one reading for each series, in their order.
   *
   * @param period how long a time each point stands for: a minute, unless told otherwise
   */
  read(series: readonly Series[], from: Instant, to: Instant, period?: Duration): Promise<readonly Reading[]>;
  /** The states of the alarms that exist, by name. @throws ServiceError */
  alarms(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

/** When credentials end. */
export type Expiry =
  | { readonly kind: "at"; readonly at: Instant }
  /** They are renewed for as long as the process runs, or are of the kind that has no end. */
  | { readonly kind: "never" }
  | { readonly kind: "unknown" };

/** The credentials with which AWS is called. */
export interface Credentials {
  /** @throws ServiceError when there are none */
  expiry(): Promise<Expiry>;
  /** The account that they are of, by asking no more than STS; null where that can't be told. */
  account(): Promise<string | null>;
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
