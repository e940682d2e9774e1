import type { Alias, Routing, Run, Target, Version } from "../../../src/domain/alias.ts";
import type { AliasRecord } from "../../../src/domain/alias-record.ts";
import { ServiceError, type Traffic } from "../../../src/domain/ports.ts";
import { SECOND } from "../../../src/domain/time.ts";
import type { Ports } from "../../../src/engine/ports.ts";
import type { Ending } from "../../../src/release/events.ts";
import { type FakeFunctions, FakePorts, type FakeTraffic } from "../../fakes/ports.ts";
import type { Random } from "../../simulator/random.ts";
import type { StageTime } from "./stage-time.ts";

/** One write to an alias that took effect. */
export interface Written {
  /** Who wrote: a process's name, `terraform`, `editor`, or `scene`. */
  readonly by: string;
  readonly at: number;
  readonly alias: Alias;
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
export class Process {
  readonly name: string;
  readonly run: Run;
  readonly role: "release" | "rollback" | "post" | "next";
  readonly ports: Ports;
  ending: Ending | null = null;
  hasEnded = false;
  error: unknown = null;
  /** What post would find in the state that main saved. */
  readonly sent: AliasRecord[] = [];
  /** The versions that it tried to set the alias to, one for each write. */
  readonly meant: Version[] = [];
  /** How many writes had taken effect when it ended or was killed. Infinite while it lives. */
  writtenByEnd = Number.POSITIVE_INFINITY;
  isKilled = false;
  readonly #ground: Ground;
  readonly #stop = new AbortController();

  constructor(ground: Ground, name: string, role: Process["role"], run: Run) {
    this.name = name;
    this.role = role;
    this.run = run;
    this.#ground = ground;
    const fake = new FakePorts();
    this.ports = {
      ...fake,
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

  cancel(): void {
    if (!this.hasEnded) this.#stop.abort("the workflow was cancelled");
  }

  kill(): void {
    if (this.hasEnded || this.isKilled) return;
    this.isKilled = true;
    this.writtenByEnd = this.#ground.written.length;
  }

  #end(ending: Ending | null, error: unknown): void {
    if (this.isKilled) return;
    this.ending = ending;
    this.error = error;
    this.hasEnded = true;
    this.writtenByEnd = this.#ground.written.length;
    this.#ground.onEnd(this);
  }

  #traffic(): Traffic {
    const { traffic } = this.#ground;
    return {
      read: (target, signal) => this.#call(() => traffic.read(target), signal),
      write: (target: Target, routing: Routing, description: string, revision: string, signal?: AbortSignal) => {
        this.meant.push(routing.primary);
        return this.#call(async () => this.#note(await traffic.write(target, routing, description, revision)), signal);
      },
      create: (target, version, description) =>
        this.#call(async () => this.#note(await traffic.create(target, version, description))),
      mayWrite: async () => {},
      mayCreate: async () => {},
    };
  }

  #note(alias: Alias): Alias {
    this.#ground.written.push({ by: this.name, at: this.#ground.time.now, alias });
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
