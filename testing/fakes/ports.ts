import { type Alias, nameOf, type Routing, type Run, type Target, type Version } from "../../src/domain/alias.ts";
import {
  type AlarmState,
  type Caller,
  type CallersFound,
  type Configuration,
  type Credentials,
  type Expiry,
  type Fault,
  type Functions,
  type LambdaSeries,
  type Metrics,
  type PublishedVersion,
  type Reading,
  type Runs,
  type Sent,
  type Series,
  ServiceError,
  type Traffic,
} from "../../src/domain/ports.ts";
import { type Duration, type Instant, SECOND } from "../../src/domain/time.ts";
import type { Ports } from "../../src/engine/ports.ts";
import type { Happening } from "../../src/release/events.ts";
import { inWords, type ToldEvent } from "../../src/report/told.ts";

/** What goes wrong with a call: a fault before it takes effect, or its answer is lost afterwards. */
export type Trouble = Fault | "lost";

/** Aliases that behave like Lambda's: a write must name the current revision, and makes a new one. */
export class FakeTraffic implements Traffic {
  readonly aliases = new Map<string, Alias>();
  /** Every write that took effect, such as `checkout:live 41 + 42@5`. */
  readonly writes: string[] = [];
  /** Every call, in order. */
  readonly calls: string[] = [];
  /** Asked at each call. What it returns goes wrong. */
  trouble: (call: string) => Trouble | null = () => null;
  #revisions = 0;

  /** Changes an alias from outside the release. */
  set(target: Target, routing: Routing, description = ""): Alias {
    const alias = { routing, description, revision: `r${++this.#revisions}`, movingFrom: null };
    this.aliases.set(nameOf(target), alias);
    return alias;
  }

  async read(target: Target): Promise<Alias | null> {
    return this.#call(`read ${nameOf(target)}`, () => this.aliases.get(nameOf(target)) ?? null);
  }

  async write(
    target: Target,
    routing: Routing,
    description: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<Alias> {
    const name = nameOf(target);
    const what = `${name} ${routing.primary}${routing.additional === null ? "" : ` + ${routing.additional.version}@${routing.additional.weight}`}`;
    return this.#call(
      `write ${what}`,
      () => {
        const current = this.aliases.get(name);
        if (current === undefined) throw new ServiceError("missing", `no alias ${name}`, null);
        if (current.revision !== revision) throw new ServiceError("conflict", `not at ${revision}`, null);
        this.writes.push(what);
        return this.set(target, routing, description);
      },
      signal,
    );
  }

  async create(target: Target, version: Version, description: string): Promise<Alias> {
    return this.#call(`create ${nameOf(target)} ${version}`, () =>
      this.set(target, { primary: version, additional: null }, description),
    );
  }

  async mayWrite(target: Target): Promise<void> {
    await this.#call(`may write ${nameOf(target)}`, () => null);
  }

  async mayCreate(target: Target): Promise<void> {
    await this.#call(`may create ${nameOf(target)}`, () => null);
  }

  async #call<T>(call: string, work: () => T, signal?: AbortSignal): Promise<T> {
    this.calls.push(call);
    await Promise.resolve();
    const trouble = this.trouble(call);
    if (trouble !== null && trouble !== "lost") throw new ServiceError(trouble, `${call}: ${trouble}`, null);
    const result = work();
    if (trouble === "lost") throw new ServiceError("unclear", `${call}: no answer`, null);
    if (signal?.aborted) throw new ServiceError("unclear", `${call}: given up`, null);
    return result;
  }
}

/** Published versions, and code that has or hasn't changed since the last publish. */
export class FakeFunctions implements Functions {
  readonly published: Version[];
  calledBy: Caller[] = [];
  /** Whether `$LATEST` differs from the last published version. */
  changed = true;
  /** Every publish: the code and the revision that it named. */
  readonly asked: string[] = [];
  /** Asked at each publish: why it is refused. */
  refuse: () => Fault | null = () => null;
  /** Of `$LATEST`, as it is read. */
  codeSha256 = "sha";
  revision = "r1";
  update: Configuration["update"] = { kind: "done" };
  /** Of a new version, as its publish tells it. */
  readiness: Configuration["readiness"] = { kind: "ready" };

  constructor(...published: Version[]) {
    this.published = published;
  }

  async configuration(name: string, version: Version | "$LATEST"): Promise<Configuration | null> {
    if (version !== "$LATEST" && !this.published.includes(version)) return null;
    return {
      arn: `arn:aws:lambda:eu-central-1:123456789012:function:${name}`,
      codeSha256: this.codeSha256,
      revision: this.revision,
      role: "role",
      deadLetter: null,
      timeout: 3 * SECOND,
      readiness: { kind: "ready" },
      update: this.update,
      isDurable: false,
    };
  }

  async versions(): Promise<readonly Version[]> {
    return this.published;
  }

  async publish(_name: string, codeSha256: string, revision: string | null): Promise<PublishedVersion> {
    this.asked.push(revision === null ? codeSha256 : `${codeSha256} ${revision}`);
    const trouble = this.refuse();
    if (trouble !== null) throw new ServiceError(trouble, `publish: ${trouble}`, null);
    const last = this.published.at(-1) ?? "0";
    if (!this.changed) return { version: last, readiness: { kind: "ready" } };
    this.changed = false;
    const next = String(Number(last) + 1);
    this.published.push(next);
    return { version: next, readiness: this.readiness };
  }

  async callersThrough({ alias }: Target): Promise<CallersFound> {
    return { callers: this.calledBy.filter(({ qualifier }) => qualifier === alias), problems: [] };
  }

  async callers(): Promise<readonly Caller[]> {
    return this.calledBy;
  }

  async provisionedConcurrency(): Promise<number | null> {
    return null;
  }

  async mayPublish(): Promise<void> {}

  /** How far ahead the runner's clock is. */
  ahead: Duration = 0;

  clockAhead(): Duration {
    return this.ahead;
  }
}

export class FakeClock {
  #now: Instant = Date.UTC(2026, 10, 21, 14);
  /** Called at each sleep with the time at which it ends. */
  onSleep: (now: Instant) => void = () => {};

  now(): Instant {
    return this.#now;
  }

  async sleep(duration: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return;
    this.#now += duration;
    this.onSleep(this.#now);
    await Promise.resolve();
  }
}

/** Fakes of all ports. The metrics show what `reading` says: by default, no calls at all. */
export class FakePorts implements Ports {
  readonly traffic = new FakeTraffic();
  readonly functions: FakeFunctions;
  readonly clock = new FakeClock();
  readonly events: ToldEvent[] = [];
  readonly run: Run = { id: "4711", attempt: 1 };
  readonly region = "eu-central-1";
  readonly stop = new AbortController();
  readonly abort = this.stop.signal;
  readonly alarms = new Map<string, AlarmState>();
  runStates: { [run: string]: "live" | "ended" } = {};
  reading: (series: LambdaSeries) => Reading = () => ({ kind: "points", points: new Map() });

  constructor(...published: Version[]) {
    this.functions = new FakeFunctions(...published);
  }

  expiry: Expiry = { kind: "never" };
  readonly credentials: Credentials = { expiry: async () => this.expiry, account: async () => null };
  /** What main would have left for post. */
  readonly sent: Sent[] = [];
  readonly handover = {
    sending: (records: readonly Sent[]) => void this.sent.push(...records),
  };
  readonly runs: Runs = {
    state: async ({ id }) => {
      const state = id === this.run.id ? "live" : this.runStates[id];
      if (state === undefined) throw new ServiceError("unclear", `GitHub says nothing of run ${id}`, null);
      return state;
    },
  };
  readonly metrics: Metrics = {
    read: async (series: readonly Series[]): Promise<readonly Reading[]> =>
      series.map((each) => (each.kind === "lambda" ? this.reading(each) : { kind: "points", points: new Map() })),
    alarms: async () => this.alarms,
  };
  readonly journal = {
    write: (happening: Happening) => {
      this.events.push(inWords({ ...happening, at: this.clock.now() }));
    },
  };
}
