import { type Duration, type Instant, SECOND } from "../../../src/domain/time.ts";
import { type Behaviour, FINE } from "../behaviour.ts";
import { Random } from "../random.ts";
import type { SimulatedTime } from "../time.ts";
import { type Destination, STEADY, type Tally, Traffic, type TrafficOptions } from "../traffic.ts";
import { Alias, type Provisioned, type Routing, type Shown } from "./alias.ts";
import { type Build, behaviourOf, type Code, type Settings, timeoutOf } from "./build.ts";
import * as refuse from "./refusals.ts";
import type { Revisions } from "./revisions.ts";
import { type Demands, madeUpCode, Versions } from "./versions.ts";

/** How long Lambda takes for things. Can be changed at any time. */
export interface Pace {
  /** From an update of `$LATEST` to `LastUpdateStatus: Successful`. */
  update: Duration;
  /** From publishing a version to `State: Active`. */
  activation: Duration;
  /** From a write to an alias to the first call that follows it. */
  propagation: Duration;
  /** From a change to provisioned concurrency to `READY`. */
  provisioning: Duration;
}

export interface FunctionOptions {
  readonly name: string;
  readonly settings?: Partial<Settings>;
  /** How the first code behaves. */
  readonly behaviour?: Partial<Behaviour>;
  readonly traffic?: Partial<TrafficOptions>;
  readonly pace?: Partial<Pace>;
}

export type Gauge =
  | "IteratorAge"
  | "AsyncEventAge"
  | "AsyncEventsDropped"
  | "DeadLetterErrors"
  | "DestinationDeliveryFailures";

/** What a function needs from the account around it. */
export interface Surroundings {
  readonly time: SimulatedTime;
  readonly seed: number;
  readonly revisions: Revisions;
  readonly account: string;
  readonly region: string;
}

export interface AliasChange {
  readonly version?: string | undefined;
  /** Null removes the weights; leaving it out keeps them. */
  readonly additional?: Routing["additional"] | undefined;
  readonly description?: string | undefined;
  readonly revision?: string | undefined;
}

/** A Lambda function with its versions, aliases and traffic. Methods refuse what Lambda refuses. */
export class LambdaFunction implements Destination {
  readonly name: string;
  readonly arn: string;
  readonly versions: Versions;
  readonly traffic: Traffic;
  readonly pace: Pace;
  /** How code behaves once it is uploaded, by its SHA-256. Other code behaves like the code before it. */
  readonly knownCode = new Map<string, Behaviour>();
  readonly aliases = new Map<string, Alias>();
  /** By alias or version. */
  readonly provisioned = new Map<string, Provisioned>();
  /** Aliases whose provisioned concurrency is stuck: all writes are refused until their weights are cleared. */
  readonly wedged = new Set<string>();
  /** Resource policies by qualifier; "" is the function itself. */
  readonly policies = new Map<string, object>();
  /** Function URLs by alias; "" is the function itself. */
  readonly urls = new Map<string, string>();
  readonly tags = new Map<string, string>();
  /** Metrics that don't come from calls: one figure for each minute, null for a minute without data. */
  readonly gauges = new Map<Gauge, number | ((minute: Instant) => number | null)>();
  readonly #around: Surroundings;
  readonly #start: Instant;
  #stages = 0;

  constructor(around: Surroundings, options: FunctionOptions) {
    this.#around = around;
    this.#start = around.time.now();
    this.name = options.name;
    this.arn = `arn:aws:lambda:${around.region}:${around.account}:function:${options.name}`;
    const pace = { update: 2 * SECOND, activation: 3 * SECOND, propagation: SECOND, provisioning: 120 * SECOND };
    this.pace = { ...pace, ...options.pace };
    const settings = {
      Role: `arn:aws:iam::${around.account}:role/${options.name}`,
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Description: "",
      Timeout: 3,
      MemorySize: 128,
      ...options.settings,
    };
    const beginning = { code: madeUpCode(this.name, 0), settings, behaviour: { ...FINE, ...options.behaviour } };
    this.versions = new Versions(this.arn, beginning, this.#start, around.revisions);
    this.traffic = new Traffic(this, around.seed, this.#start, { ...STEADY, ...options.traffic });
  }

  get #now(): Instant {
    return this.#around.time.now();
  }

  /**
   * Makes everything happen that comes before a change. At the very start there is no "before": earlier calls find the
   * function as it is after the set-up.
   */
  #keepPast(): void {
    if (this.#now > this.#start) this.traffic.catchUp(this.#now);
  }

  // ----------------------------------------------------------------------------------- For tests: set up and look

  /** Puts new code on `$LATEST` at once, without the wait of an upload. A publish keeps its behaviour. */
  stage(behaviour: Partial<Behaviour> = {}, settings: Partial<Settings> = {}): void {
    this.#keepPast();
    this.#stages += 1;
    const { latest } = this.versions;
    const change = {
      code: madeUpCode(this.name, this.#stages),
      settings: { ...latest.settings, ...settings },
      behaviour: { ...latest.behaviour, ...behaviour },
    };
    this.versions.change(change, this.#now, 0);
  }

  /** Uploads code. Lambda takes the usual time for it, and it may fail. */
  upload(behaviour: Partial<Behaviour> = {}): void {
    this.#stages += 1;
    const code = madeUpCode(this.name, this.#stages);
    this.knownCode.set(code.sha256, { ...this.versions.latest.behaviour, ...behaviour });
    this.updateCode(code, {});
  }

  /** Publishes new code at once, ready to serve. @returns the version */
  release(behaviour: Partial<Behaviour> = {}, settings: Partial<Settings> = {}): string {
    this.stage(behaviour, settings);
    const { version } = this.versions.publish(undefined, this.#now, 0);
    this.versions.adjust(version, { failure: null });
    return version;
  }

  /** Changes how a version, or `$LATEST`, behaves from now on. */
  behave(version: string, behaviour: Partial<Behaviour>): void {
    this.#keepPast();
    this.versions.adjust(version, { behaviour: { ...this.versions.get(version).behaviour, ...behaviour } });
  }

  /** Adds a function URL for an alias, or with null for the function itself. */
  addUrl(alias: string | null): void {
    const id = new Random(this.#around.seed, this.name, "url", alias ?? "").uuid().replaceAll("-", "");
    this.urls.set(alias ?? "", `https://${id}.lambda-url.${this.#around.region}.on.aws/`);
  }

  /** Lets a service call a qualifier, or with null the function itself, by its resource policy. */
  permit(service: string, qualifier: string | null): void {
    const statement = {
      Sid: service.replaceAll(".", "-"),
      Effect: "Allow",
      Principal: { Service: service },
      Action: "lambda:InvokeFunction",
      Resource: qualifier === null ? this.arn : `${this.arn}:${qualifier}`,
    };
    this.policies.set(qualifier ?? "", { Version: "2012-10-17", Id: "default", Statement: [statement] });
  }

  /** What really happened to a version's calls since the minute of `from`, even if the metrics don't show it yet. */
  tally(version: string, from: Instant = 0): Tally {
    this.traffic.catchUp(this.#now);
    return this.traffic.tally(version, from);
  }

  // --------------------------------------------------------------------------------------------- What Lambda does

  alias(name: string): Alias {
    const alias = this.aliases.get(name);
    if (alias === undefined) throw refuse.aliasNotFound(`${this.arn}:${name}`);
    return alias;
  }

  /** An alias as it was shown at an instant. */
  aliasAt(name: string, at: Instant): Shown {
    const shown = this.alias(name).shownAt(at);
    if (shown === null) throw refuse.aliasNotFound(`${this.arn}:${name}`);
    return shown;
  }

  /**
   * The build that a qualifier means. An alias means its main version, whatever its weights.
   *
   * @param at as of when
   */
  qualified(qualifier: string | null, at = this.#now): Build {
    if (qualifier === null || /^(\$LATEST(\.PUBLISHED)?|\d+)$/.test(qualifier)) {
      return this.versions.get(qualifier ?? "$LATEST", at);
    }
    const shown = this.aliases.get(qualifier)?.shownAt(at) ?? null;
    if (shown === null) throw refuse.functionNotFound(`${this.arn}:${qualifier}`);
    return this.versions.get(shown.routing.version, at);
  }

  /** Gives a new function its code. It takes as long to become active as a version. */
  createFrom(code: Code): void {
    this.versions.change(this.#taking(code), this.#now, this.pace.activation, "creation");
  }

  updateCode(code: Code, demands: Demands): Build {
    this.versions.demand(demands, this.#now);
    return this.versions.update(this.#taking(code), this.#now, this.pace.update);
  }

  updateSettings(changes: Readonly<Record<string, unknown>>, demands: Demands): Build {
    this.versions.demand(demands, this.#now);
    this.#keepPast();
    const given = Object.entries(changes).filter(([, value]) => value !== undefined && value !== null);
    const settings = { ...this.versions.latest.settings, ...Object.fromEntries(given) };
    return this.versions.update({ settings }, this.#now, this.pace.update);
  }

  publish({
    description,
    to,
    ...demands
  }: Demands & { readonly description?: string | undefined; readonly to?: "LATEST_PUBLISHED" | undefined }): Build {
    this.versions.demand(demands, this.#now);
    if (to === "LATEST_PUBLISHED") return this.versions.publishToLatest(this.#now, this.pace.activation);
    return this.versions.publish(description, this.#now, this.pace.activation);
  }

  /** Publishes what the same call has uploaded: the version is Pending while `$LATEST` is still being updated. */
  publishUpload(): Build {
    return this.versions.publish(undefined, this.#now, this.pace.activation);
  }

  deleteVersion(version: string): void {
    const users = [...this.aliases.values()].filter(
      ({ intended }) => intended.version === version || intended.additional?.version === version,
    );
    if (users.length > 0) throw refuse.versionInUse(users.map(({ name }) => name));
    this.versions.delete(version);
  }

  createAlias(
    name: string,
    { version, additional = null, description = "" }: AliasChange & { version: string },
  ): Alias {
    if (this.aliases.has(name)) throw refuse.aliasExists(`${this.arn}:${name}`);
    const routing = { version, additional };
    this.#check(routing);
    this.#keepPast();
    const isOld = this.#now === this.#start;
    const times = isOld ? { created: 0, found: 0 } : { created: this.#now, found: this.#now + this.pace.propagation };
    const alias = new Alias(name, routing, description, times, this.#around.revisions);
    this.aliases.set(name, alias);
    return alias;
  }

  updateAlias(name: string, change: AliasChange): Alias {
    const now = this.#now;
    const alias = this.alias(name);
    if (change.revision !== undefined && change.revision !== alias.revision(now)) throw refuse.otherRevision();
    const { intended, description } = alias;
    const additional = change.additional === undefined ? intended.additional : change.additional;
    const routing = { version: change.version ?? intended.version, additional };
    if (this.wedged.has(name)) {
      if (additional !== null || change.additional === undefined) throw refuse.wedged();
      this.wedged.delete(name);
    }
    this.#check(routing);
    this.#keepPast();
    const moving = this.provisioned.has(name) ? this.pace.provisioning : null;
    alias.update(now, routing, change.description ?? description, this.pace.propagation, moving);
    return alias;
  }

  deleteAlias(name: string): void {
    this.#keepPast();
    this.aliases.delete(name);
    this.provisioned.delete(name);
  }

  /** The provisioned concurrency of an alias or a published version; null if it has none. */
  provisionedFor(qualifier: string | null): Provisioned | null {
    if (qualifier === null || qualifier === "$LATEST") throw refuse.neverProvisioned();
    if (/^\d+$/.test(qualifier)) this.versions.get(qualifier);
    else this.alias(qualifier);
    return this.provisioned.get(qualifier) ?? null;
  }

  /** Requests provisioned concurrency. */
  provision(qualifier: string, requested: number): Provisioned {
    if (/^\d+$/.test(qualifier)) this.versions.get(qualifier);
    else if (this.alias(qualifier).intended.additional !== null) throw refuse.weightedAndProvisioned();
    const now = this.#now;
    const provisioned = { requested, changedAt: now, readyAt: now + this.pace.provisioning };
    this.provisioned.set(qualifier, provisioned);
    return provisioned;
  }

  // --------------------------------------------------------------------------------------------- What calls find

  route(name: string, at: Instant, chance: number): { readonly version: string; readonly isWeighted: boolean } | null {
    const route = this.aliases.get(name)?.routeAt(at);
    if (route === undefined || route === null) return null;
    const { version, additional } = route;
    if (additional === null) return { version, isWeighted: false };
    return { version: chance < additional.weight ? additional.version : version, isWeighted: true };
  }

  behaviour(version: string): Behaviour {
    const build = this.versions.find(version);
    return build === null ? FINE : behaviourOf(build);
  }

  timeout(version: string): Duration {
    return timeoutOf(this.versions.find(version) ?? this.versions.latest);
  }

  /** One call to a qualifier, made by a client. */
  invoke(qualifier: string | null) {
    const now = this.#now;
    const chance = new Random(this.#around.seed, this.name, "invoke", this.traffic.directCalls).uniform();
    const isAlias = qualifier !== null && this.aliases.has(qualifier);
    const route = isAlias ? this.route(qualifier, now, chance) : null;
    const version = route?.version ?? this.qualified(qualifier).version;
    this.versions.demandReady(version, now);
    return this.traffic.invoke(now, qualifier, version, { isAlias, isWeighted: route?.isWeighted ?? false });
  }

  #taking(code: Code): { readonly code: Code; readonly behaviour: Behaviour } {
    this.#keepPast();
    return { code, behaviour: this.knownCode.get(code.sha256) ?? this.versions.latest.behaviour };
  }

  #check({ version, additional }: Routing): void {
    const primary = this.versions.get(version);
    if (additional === null) return;
    if (additional.version === version) throw refuse.alreadyIncluded(version);
    if (version.startsWith("$LATEST")) throw refuse.latestIsWeighted();
    const other = this.versions.get(additional.version);
    if (primary.settings.Role !== other.settings.Role) throw refuse.differs("execution role");
    const deadLetters = ({ settings }: Build) => settings.DeadLetterConfig?.TargetArn ?? "";
    if (deadLetters(primary) !== deadLetters(other)) throw refuse.differs("dead-letter configuration");
  }
}
