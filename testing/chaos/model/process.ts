import { type Alias, nameOf, type Routing, type Run, type Target } from "../../../src/domain/alias.ts";
import type { AliasRecord } from "../../../src/domain/alias-record.ts";
import { ServiceError, type Traffic } from "../../../src/domain/ports.ts";
import { SECOND } from "../../../src/domain/time.ts";
import { messageOf, type Ports, ReleaseError } from "../../../src/engine/ports.ts";
import type { Ending } from "../../../src/release/events.ts";
import { type FakeFunctions, FakePorts, type FakeTraffic } from "../../fakes/ports.ts";
import type { Random } from "../../simulator/random.ts";
import type { AliasWrite, ObservedProcess } from "../promise/observed.ts";
import type { StageTime } from "./stage-time.ts";

/** One write to an alias that took effect. */
export interface Written extends AliasWrite {
  readonly at: number;
}

export function writtenBy(by: string, at: number, target: Target, { routing, description, revision }: Alias): Written {
  const { primary: version, additional } = routing;
  const weights = additional === null ? null : { version: additional.version, weight: additional.weight / 100 };
  return { by, at, target: nameOf(target), state: { version, additional: weights, description }, revision };
}

/** What all processes share: Lambda, the time, and which runs are alive. */
export interface Ground {
  readonly time: StageTime;
  readonly traffic: FakeTraffic;
  readonly functions: FakeFunctions;
  readonly random: Random;
  readonly written: Written[];
  /** From now on, all calls succeed. */
  isCalm: boolean;
  /** Called at each turn of a call: before it takes effect and after. */
  readonly onTurn: () => void;
  /** Called when a process has ended by itself. */
  readonly onEnd: (process: Process) => void;
  state(run: Run): "live" | "ended";
}

/** What happens to a call. Most are answered. */
type Fate = "answered" | "throttled" | "never arrives" | "answer lost" | "lands late";

const FATES: readonly (readonly [Fate, number])[] = [
  ["throttled", 0.02],
  ["never arrives", 0.02],
  ["answer lost", 0.03],
  ["lands late", 0.02],
];
const LATENCY = 0.4 * SECOND;
/** When the client gives up a call. */
const PATIENCE = 5 * SECOND;
const LATEST = 30 * SECOND;

/** A process of the action, run in this process. It can be cancelled, and killed at any turn of any of its calls. */
export class Process implements ObservedProcess {
  readonly name: string;
  readonly run: Run;
  readonly role: ObservedProcess["role"];
  readonly main: string | null;
  readonly ports: Ports;
  end: ObservedProcess["end"] = "never";
  outcome: string | null = null;
  /** What post would find in the state that main saved. */
  readonly sent: AliasRecord[] = [];
  readonly calls: ObservedProcess["calls"][number][] = [];
  writesByEnd = Number.POSITIVE_INFINITY;
  #error: unknown = null;
  readonly #fake = new FakePorts();
  readonly #ground: Ground;
  readonly #stop = new AbortController();

  /** @param main for a post step, the process that it comes after */
  constructor(ground: Ground, name: string, role: Process["role"], run: Run, main: string | null = null) {
    this.name = name;
    this.role = role;
    this.run = run;
    this.main = main;
    this.#ground = ground;
    this.ports = {
      ...this.#fake,
      run,
      traffic: this.#traffic(),
      functions: ground.functions,
      clock: ground.time.clock(() => this.isKilled),
      runs: { state: async (other) => ground.state(other) },
      handover: {
        sending: (records) => {
          if (!this.isKilled) this.sent.push(...records.map(({ record }) => record));
        },
      },
      abort: this.#stop.signal,
    };
  }

  /** Plays it. After a kill, nothing more happens. */
  start(play: (ports: Ports) => Promise<Ending | null>): void {
    play(this.ports).then(
      (ending) => this.#end(ending, null),
      (error: unknown) => this.#end(null, error),
    );
  }

  get isKilled(): boolean {
    return this.end === "killed";
  }

  get versions(): ObservedProcess["versions"] {
    const prepared = this.#fake.events.findLast(({ kind }) => kind === "prepared");
    const changes = prepared?.kind === "prepared" ? prepared.changes : [];
    return Object.fromEntries(changes.map(({ target, canary }) => [nameOf(target), canary ?? ""]));
  }

  /** A deploy or rollback that stops before it has written throws an error that says why: main makes an ending of it. */
  get words(): string {
    const error = this.#error;
    const isTold = error instanceof ReleaseError || error instanceof ServiceError || typeof error === "string";
    const end = isTold ? messageOf(error) : `uncaught ${error instanceof Error ? error.stack : error}`;
    return [...this.#fake.events.map((event) => JSON.stringify(event)), ...(error === null ? [] : [end])].join("\n");
  }

  cancel(): void {
    if (this.end === "never") this.#stop.abort("the workflow was cancelled");
  }

  kill(): void {
    if (this.end === "never") this.#over("killed");
  }

  #end(ending: Ending | null, error: unknown): void {
    if (this.isKilled) return;
    this.#error = error;
    this.outcome = error === null ? (ending?.outcome ?? null) : "failed";
    this.#over("by itself");
    this.#ground.onEnd(this);
  }

  #over(end: Process["end"]): void {
    this.end = end;
    this.writesByEnd = this.#ground.written.length;
  }

  #traffic(): Traffic {
    const { traffic } = this.#ground;
    return {
      read: async (target, signal) => {
        const note = (read: string | null) => this.calls.push({ target: nameOf(target), read });
        note(null);
        const alias = await this.#call(() => traffic.read(target), signal);
        note(alias?.revision ?? "");
        return alias;
      },
      write: (target: Target, routing: Routing, description: string, revision: string, signal?: AbortSignal) => {
        this.calls.push({ target: nameOf(target), write: routing.primary });
        const write = () => traffic.write(target, routing, description, revision);
        return this.#call(async () => this.#note(target, await write()), signal);
      },
      create: (target, version, description) =>
        this.#call(async () => this.#note(target, await traffic.create(target, version, description))),
      mayWrite: async () => {},
      mayCreate: async () => {},
    };
  }

  #note(target: Target, alias: Alias): Alias {
    this.#ground.written.push(writtenBy(this.name, this.#ground.time.now, target, alias));
    return alias;
  }

  async #call<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const { time, random, onTurn } = this.#ground;
    const fate = this.#fate();
    const unclear = () => new ServiceError("unclear", "no answer", null);
    const given = Promise.withResolvers<T>();
    const answer = (settle: () => void) => {
      if (!this.isKilled) settle();
    };
    if (signal?.aborted) throw unclear();
    signal?.addEventListener("abort", () => answer(() => given.reject(unclear())), { once: true });

    const arrive = async () => {
      onTurn();
      // Killed before the call was sent.
      if (this.isKilled) return;
      if (fate === "throttled") return answer(() => given.reject(new ServiceError("throttled", "throttled", null)));
      if (fate === "never arrives") return time.at(PATIENCE, () => answer(() => given.reject(unclear())));
      if (fate === "lands late") {
        time.at(PATIENCE, () => answer(() => given.reject(unclear())));
        time.at(random.between(0, LATEST), () => void work().catch(() => {}));
        return;
      }
      const outcome = await work().then(
        (value) => ({ ok: true, value }) as const,
        (error: unknown) => ({ ok: false, error }) as const,
      );
      onTurn();
      if (fate === "answer lost") return time.at(PATIENCE, () => answer(() => given.reject(unclear())));
      time.at(random.between(0, LATENCY), () =>
        answer(() => (outcome.ok ? given.resolve(outcome.value) : given.reject(outcome.error))),
      );
    };
    time.at(random.between(0, LATENCY), () => void arrive());
    return given.promise;
  }

  #fate(): Fate {
    if (this.#ground.isCalm) return "answered";
    let lot = this.#ground.random.uniform();
    for (const [fate, share] of FATES) {
      if (lot < share) return fate;
      lot -= share;
    }
    return "answered";
  }
}
