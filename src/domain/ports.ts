import type { Alias, Routing, Run, Target, Version } from "./alias.ts";
import type { AliasRecord } from "./alias-record.ts";
import type { Duration, Instant } from "./time.ts";

/** What can go wrong at a service, by what to do about it. */
export type Fault =
  /** The revision or the code that the request named is no longer the current one. */
  | "conflict"
  | "missing"
  | "denied"
  /** The credentials have expired. */
  | "expired"
  /** Another operation is under way there; it ends by itself. */
  | "busy"
  | "throttled"
  /** The alias's provisioned concurrency is stuck: Lambda refuses every write, except one without weights. */
  | "stuck"
  /** The request itself is wrong. */
  | "invalid"
  /** A request that had to be refused was carried out: what answers isn't as strict as AWS. */
  | "accepted"
  /** No answer, or an unreadable one: whether the call took effect is unknown. */
  | "unclear";

/** A call to AWS or GitHub that failed. The message names the call and its target. */
export class ServiceError extends Error {
  override readonly name = "ServiceError";
  readonly fault: Fault;

  constructor(fault: Fault, message: string, cause: unknown) {
    super(message, { cause });
    this.fault = fault;
  }
}

/** The configuration of a version or `$LATEST`, as far as a release needs it. */
export interface Configuration {
  /** The function's own ARN, without a version. */
  readonly arn: string;
  readonly codeSha256: string;
  /** Changes with every update of `$LATEST`; null if it isn't told. */
  readonly revision: string | null;
  readonly role: string;
  /** The dead-letter target's ARN, or null. */
  readonly deadLetter: string | null;
  readonly timeout: Duration;
  readonly readiness: { readonly kind: "ready" | "pending" } | { readonly kind: "failed"; readonly reason: string };
  /** How the last update of `$LATEST` went. If it failed, `$LATEST` may have the old code or the new. */
  readonly update: { readonly kind: "done" | "in progress" } | { readonly kind: "failed"; readonly reason: string };
  /** Whether it is a durable function: its executions may last for days, each on the version that it began on. */
  readonly isDurable: boolean;
}

/** A version, as Lambda's answer to its publish tells of it. */
export interface PublishedVersion extends Pick<Configuration, "readiness"> {
  readonly version: Version;
}

/** Something that calls a function and that Lambda knows of. */
export interface Caller {
  readonly kind: "event-source" | "url" | "policy";
  /** The event source's ARN, the URL, or whom a resource policy lets in. */
  readonly name: string;
  /** The alias or version that it calls; null for the function without a qualifier. */
  readonly qualifier: string | null;
  /** Whether the function names the failed items of a batch in its answer (ReportBatchItemFailures). */
  readonly reportsItems: boolean;
}

/** The callers that could be asked for, and why others could not. */
export interface CallersFound {
  readonly callers: readonly Caller[];
  readonly problems: readonly string[];
}

/** The functions and their versions. Every method throws `ServiceError`. */
export interface Functions {
  /** @returns null when there is no such function or version */
  configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null>;
  /** The numbers of all published versions, lowest first. */
  versions(name: string): Promise<readonly Version[]>;
  /**
   * Publishes `$LATEST` if it still has this code, and is still at this revision; null for any revision. If nothing
   * changed since the last version, Lambda returns that one.
   */
  publish(name: string, codeSha256: string, revision: string | null): Promise<PublishedVersion>;
  /** Who calls the function, and through what. API Gateway, load balancers and Step Functions can't be listed. */
  callers(target: Target): Promise<readonly Caller[]>;
  /** The callers of the alias itself. Never throws. */
  callersThrough(target: Target): Promise<CallersFound>;
  /** How many environments are kept ready for an alias; null if that isn't configured. */
  provisionedConcurrency(target: Target): Promise<number | null>;
  /** How far this machine's clock is ahead of Lambda's. Below 0: behind. 0 before any answer. */
  clockAhead(): Duration;
  /**
   * Checks by a request that can't succeed whether a version may be published.
   * @throws ServiceError if not, and if the request succeeded all the same
   */
  mayPublish(name: string): Promise<void>;
}

/** The aliases: where the traffic goes. Every method throws `ServiceError`. */
export interface Traffic {
  /**
   * @param signal cancels the read; a read with a signal also lets rollbacks go first
   * @returns null when the function has no such alias
   */
  read(target: Target, signal?: AbortSignal): Promise<Alias | null>;
  /**
   * Sets routing and description in one call, if the alias is still at `revision`.
   * @param signal cancels the call; it may have taken effect all the same
   */
  write(target: Target, routing: Routing, description: string, revision: string, signal?: AbortSignal): Promise<Alias>;
  create(target: Target, version: Version, description: string): Promise<Alias>;
  /**
   * Checks by a request that can't succeed whether the alias may be written.
   * @throws ServiceError if not, and if the request succeeded all the same
   */
  mayWrite(target: Target, alias: Alias): Promise<void>;
  /**
   * Checks by a request that can't succeed whether an alias may be created.
   * @throws ServiceError if not, and if the request succeeded all the same
   */
  mayCreate(target: Target): Promise<void>;
}

/** What is about to be written to an alias. */
export interface Sent {
  readonly target: Target;
  readonly record: AliasRecord;
}

/** Who finishes a release if this process can't. */
export interface Handover {
  /** Called before these writes go out, one to each alias. Never throws. */
  sending(records: readonly Sent[]): void;
}

/**
 * What a point of a series tells of its calls: their sum, how many there were, a percentile (`p90`), or the percentage
 * of them that took no longer than so many milliseconds (`up to 500`).
 */
export type Statistic = "sum" | "samples" | "average" | "maximum" | `p${number}` | `up to ${number}`;

/** A series of one of Lambda's metrics. */
export interface LambdaSeries {
  readonly kind: "lambda";
  readonly target: Target;
  /** As Lambda names it: `Invocations`. */
  readonly metric: string;
  readonly statistic: Statistic;
  /**
   * Which calls are measured: those of one version through the alias, all through the alias, those of the function by
   * its bare name, or all of the function.
   */
  readonly of: Version | "alias" | "unqualified" | "function";
}

/** A series of a metric that the user named, as CloudWatch names it. */
export interface OwnSeries {
  readonly kind: "own";
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: { readonly [name: string]: string };
  readonly statistic: string;
}

/** A figure for each period. */
export type Series = LambdaSeries | OwnSeries;

/** What came back for a series: its points by the start of their period, or why it could not be read. */
export type Reading =
  | { readonly kind: "points"; readonly points: ReadonlyMap<Instant, number> }
  | { readonly kind: "unreadable"; readonly reason: string };

export type AlarmState = "ok" | "alarm" | "insufficient-data";

export interface Figures {
  /**
   * Reads all series from `from` up to, not including, `to`; one reading for each series, in their order. Errors of the
   * service are readings, not exceptions.
   *
   * @param period the time that each point stands for; a minute unless given
   * @param isLook whether a release waits for it: then it is given up sooner
   */
  read(
    series: readonly Series[],
    from: Instant,
    to: Instant,
    period?: Duration,
    isLook?: boolean,
  ): Promise<readonly Reading[]>;
}

/** A place that some series come from, other than CloudWatch. */
export interface FigureSource extends Figures {
  has(series: Series): boolean;
}

export interface Alarms {
  /** The states of the alarms that exist, by name. @throws ServiceError */
  alarms(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>>;
}

/** All figures, wherever they come from, and the alarms. */
export interface Metrics extends Figures, Alarms {}

/** When credentials expire. */
export type Expiry =
  | { readonly kind: "at"; readonly at: Instant }
  /** They are renewed for as long as the process runs, or never expire. */
  | { readonly kind: "never" }
  | { readonly kind: "unknown" };

/** The credentials with which AWS is called. */
export interface Credentials {
  /** @throws ServiceError when there are none */
  expiry(): Promise<Expiry>;
  /** Their account, by asking only STS; null if it can't be found out. */
  account(): Promise<string | null>;
}

/** The runs of workflows, as GitHub knows them. */
export interface Runs {
  /**
   * Whether the run is still going.
   * @throws ServiceError if GitHub can't or won't tell: "denied" if that doesn't pass by itself
   */
  state(run: Run): Promise<"live" | "ended">;
}

export interface Clock {
  now(): Instant;
  /** Resolves after the duration, or at once when the signal is aborted. Never rejects. */
  sleep(duration: Duration, signal?: AbortSignal): Promise<void>;
}
