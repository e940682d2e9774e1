import { type Duration, type Instant, SECOND } from "../../src/release/time.ts";
import { Random } from "../random.ts";
import type { SimulatedTime } from "../time.ts";
import { type Behaviour, type Destination, FINE, STEADY, Traffic, type TrafficOptions } from "../traffic.ts";
import { Alias, type Provisioned, type Routing } from "./alias.ts";
import {
  type Build,
  behaviourOf,
  type Code,
  codeOf,
  isSameBuild,
  isSettled,
  revisionOf,
  type Settings,
  timeoutOf,
} from "./build.ts";
import * as refuse from "./refusals.ts";
import type { Revisions } from "./revisions.ts";

/** How long Lambda takes for things; to be changed at any time. */
export interface Pace {
  /** From an update of `$LATEST` to `LastUpdateStatus: Successful`. */
  update: Duration;
  /** From the publishing of a version to `State: Active`. */
  activation: Duration;
  /** From a write to an alias to the first call that follows it. */
  propagation: Duration;
  /** From a change to provisioned concurrency to `READY`. */
  provisioning: Duration;
}

export interface FunctionOptions {
  readonly name: string;
  readonly settings?: Partial<Settings>;
  /** Of the code that it starts with. */
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

/** What a function needs of the account around it. */
export interface Surroundings {
  readonly time: SimulatedTime;
  readonly seed: number;
  readonly revisions: Revisions;
  readonly account: string;
  readonly region: string;
}

/** What an update or a publish may demand of `$LATEST`, and leave out. */
interface Demands {
  readonly revision?: string | undefined;
  readonly codeSha256?: string | undefined;
}

export interface AliasChange {
  readonly version?: string | undefined;
  /** Null for no weights; left out to keep them. */
  readonly additional?: Routing["additional"] | undefined;
  readonly description?: string | undefined;
  readonly revision?: string | undefined;
}

/** One Lambda function with its versions, aliases and traffic. Methods refuse what Lambda refuses. */
export class LambdaFunction implements Destination {
  readonly name: string;
  readonly arn: string;
  readonly traffic: Traffic;
  readonly pace: Pace;
  /** Why the versions that are published from now on will not come up; null when they will. */
  activationFailure: string | null = null;
  /** How code behaves once it is uploaded, by its SHA-256; other code behaves as that before it. */
  readonly knownCode = new Map<string, Behaviour>();
  readonly aliases = new Map<string, Alias>();
  /** By alias or version. */
  readonly provisioned = new Map<string, Provisioned>();
  /** Provisioned concurrency of these aliases is stuck: they refuse all writes until their weights are cleared. */
  readonly wedged = new Set<string>();
  /** Resource policies, by qualifier; "" is the function itself. */
  readonly policies = new Map<string, object>();
  /** Function URLs, by alias; "" is the function itself. */
  readonly urls = new Map<string, string>();
  /** Metrics that calls don't make by themselves, as a figure for each minute; null for a minute without one. */
  readonly gauges = new Map<Gauge, number | ((minute: Instant) => number | null)>();
  readonly #around: Surroundings;
  readonly #start: Instant;
  readonly #versions = new Map<string, Build>();
  /** They still serve the calls that an alias sends them until its latest change has spread. */
  readonly #deleted = new Set<string>();
  #latest: Build;
  #lastVersion = 0;
  #uploads = 0;

  constructor(around: Surroundings, options: FunctionOptions) {
    this.#around = around;
    this.#start = around.time.now();
    this.name = options.name;
    this.arn = `arn:aws:lambda:${around.region}:${around.account}:function:${options.name}`;
    const pace = { update: 2 * SECOND, activation: 3 * SECOND, propagation: SECOND, provisioning: 120 * SECOND };
    this.pace = { ...pace, ...options.pace };
    this.#latest = {
      version: "$LATEST",
      code: codeOf(`${options.name} 0`),
      settings: {
        Role: `arn:aws:iam::${around.account}:role/${options.name}`,
        Runtime: "nodejs24.x",
        Handler: "index.handler",
        Description: "",
        Timeout: 3,
        MemorySize: 128,
        ...options.settings,
      },
      behaviour: { ...FINE, ...options.behaviour },
      changedAt: this.#start,
      settledAt: this.#start,
      settling: "creation",
      failure: null,
      revisions: { before: around.revisions.next(), after: around.revisions.next() },
    };
    this.traffic = new Traffic(this, around.seed, this.#start, { ...STEADY, ...options.traffic });
  }

  get #now(): Instant {
    return this.#around.time.now();
  }

  // ------------------------------------------------------------------------------------------- To set a scene up

  /** Puts new code on `$LATEST` at once, without the wait that an upload brings; a publish takes its behaviour along. */
  stage(behaviour: Partial<Behaviour> = {}, settings: Partial<Settings> = {}): void {
    this.#uploads += 1;
    const code = codeOf(`${this.name} ${this.#uploads}`);
    const merged = { ...this.#latest.settings, ...settings };
    this.#change({ code, settings: merged, behaviour: { ...this.#latest.behaviour, ...behaviour } }, 0);
  }

  /** Publishes new code at once, ready to serve. */
  release(behaviour: Partial<Behaviour> = {}, settings: Partial<Settings> = {}): string {
    this.stage(behaviour, settings);
    const { version } = this.publish({});
    const build = this.build(version);
    this.#versions.set(version, { ...build, settledAt: this.#now, failure: null });
    return version;
  }

  /** Changes how a version behaves, or `$LATEST`, from now on. */
  behave(version: string, behaviour: Partial<Behaviour>): void {
    this.traffic.catchUp(this.#now);
    const build = this.build(version);
    const changed = { ...build, behaviour: { ...build.behaviour, ...behaviour } };
    if (version === "$LATEST") this.#latest = changed;
    else this.#versions.set(version, changed);
  }

  // --------------------------------------------------------------------------------------------- What Lambda does

  get latest(): Build {
    return this.#latest;
  }

  /** `$LATEST`, then the versions by number. */
  builds(): readonly Build[] {
    return [this.#latest, ...this.#versions.values()].filter(({ version }) => !this.#deleted.has(version));
  }

  build(version: string): Build {
    const build = this.#anyBuild(version);
    if (build === undefined || this.#deleted.has(version)) throw refuse.functionNotFound(`${this.arn}:${version}`);
    return build;
  }

  alias(name: string): Alias {
    const alias = this.aliases.get(name);
    if (alias === undefined) throw refuse.aliasNotFound(`${this.arn}:${name}`);
    return alias;
  }

  /** What a qualifier leads to: an alias to its own version, whatever its weights. */
  qualified(qualifier: string | null): Build {
    if (qualifier === null || qualifier === "$LATEST" || /^\d+$/.test(qualifier)) {
      return this.build(qualifier ?? "$LATEST");
    }
    const alias = this.aliases.get(qualifier);
    if (alias === undefined) throw refuse.functionNotFound(`${this.arn}:${qualifier}`);
    return this.build(alias.routing(this.#now).version);
  }

  updateCode(code: Code, demands: Demands): Build {
    this.#demand(demands);
    const behaviour = this.knownCode.get(code.sha256) ?? this.#latest.behaviour;
    return this.#change({ code, behaviour }, this.pace.update);
  }

  updateSettings(changes: Readonly<Record<string, unknown>>, demands: Demands): Build {
    this.#demand(demands);
    const given = Object.entries(changes).filter(([, value]) => value !== undefined && value !== null);
    return this.#change({ settings: { ...this.#latest.settings, ...Object.fromEntries(given) } }, this.pace.update);
  }

  /** Gives a function that was just created its code; it takes as long to come up as a version. */
  createFrom(code: Code): void {
    this.#change({ code, behaviour: this.knownCode.get(code.sha256) ?? this.#latest.behaviour }, this.pace.activation);
    this.#latest = { ...this.#latest, settling: "creation" };
  }

  /** A new version, or the last one again when nothing has changed since. */
  publish({ description, ...demands }: Demands & { readonly description?: string | undefined }): Build {
    this.#demand(demands);
    return this.#publish(description);
  }

  /** Publishes what was uploaded by the same call: the version is Pending while `$LATEST` is still being updated. */
  publishUpload(): Build {
    return this.#publish(undefined);
  }

  #publish(description: string | undefined): Build {
    const last = this.#versions.get(String(this.#lastVersion));
    const settings = description === undefined ? {} : { Description: description };
    const { revisions } = this.#around;
    if (last !== undefined && !this.#deleted.has(last.version) && this.#isUnchangedSince(last)) return last;
    this.#lastVersion += 1;
    const now = this.#now;
    const published: Build = {
      ...this.#latest,
      version: String(this.#lastVersion),
      settings: { ...this.#latest.settings, ...settings },
      changedAt: now,
      settledAt: Math.max(now, this.#latest.settledAt) + this.pace.activation,
      settling: "activation",
      failure: this.activationFailure,
      revisions: { before: revisions.next(), after: revisions.next() },
    };
    this.#versions.set(published.version, published);
    this.#latest = { ...this.#latest, revisions: { before: revisions.next(), after: revisions.next() } };
    return published;
  }

  deleteVersion(version: string): void {
    const users = [...this.aliases.values()].filter((alias) => {
      const { version: primary, additional } = alias.intended;
      return primary === version || additional?.version === version;
    });
    if (users.length > 0) throw refuse.versionInUse(users.map(({ name }) => name));
    this.build(version);
    this.#deleted.add(version);
  }

  createAlias(
    name: string,
    { version, additional = null, description = "" }: AliasChange & { version: string },
  ): Alias {
    const taken = this.aliases.has(name);
    if (taken) throw refuse.aliasExists(`${this.arn}:${name}`);
    const routing = { version, additional };
    this.#check(routing);
    this.traffic.catchUp(this.#now);
    const from = this.#now === this.#start ? 0 : this.#now + this.pace.propagation;
    const alias = new Alias(name, routing, description, from, this.#around.revisions);
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
    this.traffic.catchUp(now);
    const moving = this.provisioned.has(name) ? this.pace.provisioning : null;
    alias.update(now, routing, change.description ?? description, this.pace.propagation, moving);
    return alias;
  }

  deleteAlias(name: string): void {
    this.traffic.catchUp(this.#now);
    this.aliases.delete(name);
    this.provisioned.delete(name);
  }

  /** Asks for provisioned concurrency. */
  provision(qualifier: string, requested: number): Provisioned {
    if (/^\d+$/.test(qualifier)) this.build(qualifier);
    else if (this.alias(qualifier).intended.additional !== null) throw refuse.weightedAndProvisioned();
    const now = this.#now;
    const provisioned = { requested, changedAt: now, readyAt: now + this.pace.provisioning };
    this.provisioned.set(qualifier, provisioned);
    return provisioned;
  }

  // ----------------------------------------------------------------------------------------- What the calls find

  route(name: string, at: Instant, chance: number): { readonly version: string; readonly isWeighted: boolean } | null {
    const route = this.aliases.get(name)?.routeAt(at);
    if (route === undefined || route === null) return null;
    const { version, additional } = route;
    if (additional === null) return { version, isWeighted: false };
    return { version: chance < additional.weight ? additional.version : version, isWeighted: true };
  }

  behaviour(version: string): Behaviour {
    const build = this.#anyBuild(version);
    return build === undefined ? FINE : behaviourOf(build);
  }

  timeout(version: string): Duration {
    return timeoutOf(this.#anyBuild(version) ?? this.#latest);
  }

  #anyBuild(version: string): Build | undefined {
    return version === "$LATEST" ? this.#latest : this.#versions.get(version);
  }

  /** One call through a qualifier, made by a client. */
  invoke(qualifier: string | null) {
    const now = this.#now;
    const chance = new Random(this.#around.seed, this.name, "invoke", this.traffic.directCalls).uniform();
    const isAlias = qualifier !== null && this.aliases.has(qualifier);
    const route = isAlias ? this.route(qualifier, now, chance) : null;
    const version = route?.version ?? this.qualified(qualifier).version;
    const build = this.build(version);
    if (!isSettled(build, now) && build.settling !== "update") throw refuse.notReady("Pending");
    if (build.failure !== null && build.settling !== "update") throw refuse.notReady("Failed");
    return this.traffic.invoke(now, qualifier, version, { isAlias, isWeighted: route?.isWeighted ?? false });
  }

  #change(change: Partial<Build>, takes: Duration): Build {
    const now = this.#now;
    this.traffic.catchUp(now);
    const { revisions } = this.#around;
    this.#latest = {
      ...this.#latest,
      ...change,
      changedAt: now,
      settledAt: now + takes,
      settling: "update",
      revisions: { before: revisions.next(), after: revisions.next() },
    };
    return this.#latest;
  }

  #demand({ revision, codeSha256 }: Demands): void {
    const now = this.#now;
    if (codeSha256 !== undefined && codeSha256 !== this.#latest.code.sha256) {
      throw refuse.otherCode(codeSha256, this.#latest.code.sha256);
    }
    if (revision !== undefined && revision !== revisionOf(this.#latest, now)) throw refuse.otherRevision();
    if (!isSettled(this.#latest, now)) throw refuse.updateInProgress(this.arn);
  }

  /** A version's own description doesn't make it differ from `$LATEST`. */
  #isUnchangedSince(last: Build): boolean {
    const { Description } = this.#latest.settings;
    return isSameBuild({ ...last, settings: { ...last.settings, Description } }, this.#latest);
  }

  #check({ version, additional }: Routing): void {
    const primary = this.build(version);
    if (additional === null) return;
    if (additional.version === version) throw refuse.alreadyIncluded(version);
    if (version === "$LATEST") throw refuse.latestIsWeighted();
    const other = this.build(additional.version);
    if (primary.settings.Role !== other.settings.Role) throw refuse.differs("execution role");
    const deadLetters = ({ settings }: Build) => settings.DeadLetterConfig?.TargetArn ?? "";
    if (deadLetters(primary) !== deadLetters(other)) throw refuse.differs("dead-letter configuration");
  }
}
