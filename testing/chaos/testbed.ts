import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Run } from "../../src/domain/alias.ts";
import { type Duration, HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import { SimulatedClock } from "../simulator/clock.ts";
import type { Alias } from "../simulator/lambda/alias.ts";
import type { LambdaFunction } from "../simulator/lambda/function.ts";
import { type Conduct, roughen } from "../simulator/rough.ts";
import { type Ending, type StartedAction, type Step, startAction } from "../simulator/runner.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import type { Host } from "./host/host.ts";
import type { Line } from "./line.ts";
import { type AliasWrite, SOMEBODY, type State } from "./promise/observed.ts";

/** A copy of the current bundle, since somebody may rebuild it while the chaos runs. */
export interface Bundle {
  readonly action: string;
  /** The folder with the bundles of main and post. */
  readonly dist: string;
  discard(): Promise<void>;
}

export async function copyBundle(): Promise<Bundle> {
  const folder = await mkdtemp(join(tmpdir(), "chaos-"));
  for (const part of ["action.yml", "dist"]) {
    await cp(fileURLToPath(new URL(`../../${part}`, import.meta.url)), join(folder, part), { recursive: true });
  }
  return {
    action: join(folder, "action.yml"),
    dist: join(folder, "dist"),
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Who plays the processes: the bundle, in a new process each time, or a host, at a fraction of the cost. */
export interface Cast {
  readonly bundle: Bundle;
  readonly host: Host | null;
}

/** One change of an alias, by the bundle or by somebody else. */
export interface Change extends AliasWrite {
  readonly at: Instant;
  readonly by: Actor;
}

/** The processes of the bundle in order, and whoever else writes to the alias. */
export type Actor = "scene" | "main" | "post" | "next" | typeof SOMEBODY;

const COMMIT = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";
const PULL_REQUEST = 7;
export const RUN = { id: "17000000001", attempt: 1 } as const;
export const NEXT_RUN = { id: "17000000002", attempt: 1 } as const;

const JUMPER = fileURLToPath(new URL("./jumper.ts", import.meta.url));

/** A process that never ends by itself is killed after this simulated time. */
const LONGEST_PLAY = 12 * HOUR;
/** If a process hangs without waiting for anything, simulated time stands still. A busy machine is no reason to end it. */
const LONGEST_REAL_TIME = 10 * MINUTE;

/** A process of the bundle that has ended, and the calls that it made. */
export interface Played extends Ending {
  readonly actor: Actor;
  /** The range of its calls in the transcript: the first, and the one after the last. */
  readonly calls: readonly [from: number, to: number];
  readonly began: Instant;
  readonly ended: Instant;
  /** How many changes of aliases there had been by its end. */
  readonly writesByEnd: number;
  /** True if it had to be killed. */
  readonly isStuck: boolean;
}

/** A simulator, small and cheap, that remembers every change of an alias and who made it. */
export class Testbed {
  readonly clock: SimulatedClock;
  readonly simulator: Simulator;
  readonly changes: Change[] = [];
  /** Who is acting now: calls that change something are attributed to it. */
  actor: Actor = "scene";
  /** The line between the bundle and the simulator, if it can be cut; null if they talk directly. */
  line: Line | null = null;
  /** How far the process's own clock jumps on request; null if it never does. */
  jump: Duration | null = null;
  readonly #cast: Cast;

  private constructor(clock: SimulatedClock, simulator: Simulator, cast: Cast) {
    this.clock = clock;
    this.simulator = simulator;
    this.#cast = cast;
  }

  /** How the services behave in all plays. */
  static conduct: Conduct = "fair";

  static async open(cast: Cast): Promise<Testbed> {
    const clock = new SimulatedClock();
    const simulator = await startSimulator({ time: clock, checksTime: true, seed: 7 });
    const { repository } = simulator.github;
    repository.addPullRequest({ number: PULL_REQUEST, title: "Faster checkout", mergedAs: COMMIT });
    for (const id of [RUN, NEXT_RUN].map((run) => Number(run.id))) {
      repository.runs.set(id, { id, status: "in_progress", conclusion: null, attempt: 1 });
    }
    if (Testbed.conduct === "rough") roughen(simulator);
    return new Testbed(clock, simulator, cast);
  }

  /** A function with versions 1 to 3, the last of them live, and newer code. Its traffic is low, to save time. */
  addFunction(name: string): LambdaFunction {
    const traffic = { callsPerMinute: 60, history: MINUTE, past: HOUR };
    const added = this.simulator.account.addFunction({ name, traffic });
    added.release();
    added.release();
    this.#remember(added);
    added.createAlias("live", { version: added.release() });
    added.stage({});
    return added;
  }

  /** Lets somebody else change an alias. */
  byHand(change: () => void): void {
    const before = this.actor;
    this.actor = SOMEBODY;
    try {
      change();
    } finally {
      this.actor = before;
    }
  }

  /** Deletes a function, and with it its aliases. */
  deleteFunction(name: string): void {
    this.simulator.account.functions.delete(name);
    this.#note(`${name}:live`, SOMEBODY);
  }

  /** The alias as it is now. */
  state(target: string): State | null {
    const found = this.#find(target);
    return found === undefined ? null : { ...found.intended, description: found.description };
  }

  /** Ends a run on GitHub, so that others may heal what it left. */
  endRun(run: Run): void {
    const id = Number(run.id);
    this.simulator.github.repository.runs.set(id, { id, status: "completed", conclusion: "failure", attempt: 1 });
  }

  start(step: Partial<Step>): Promise<StartedAction> {
    const { url } = this.simulator;
    const direct = Object.entries(this.simulator.environment);
    const through = direct.map(([name, value]) => [name, value.replace(url, this.line?.url ?? url)]);
    const { bundle, host } = this.#cast;
    const jumping = this.jump === null ? {} : { JUMP: String(this.jump), JUMPER: dirname(bundle.action) };
    return startAction({
      clock: this.clock,
      action: bundle.action,
      environment: { ...Object.fromEntries(through), ...jumping },
      ...(this.jump === null ? {} : { entry: JUMPER }),
      ...(host === null ? {} : { host }),
      token: "ghs_secret",
      event: { name: "push", payload: {} },
      run: RUN,
      ...step,
    });
  }

  /** Runs a process to its end. */
  async play(actor: Actor, start: () => Promise<StartedAction>, meanwhile?: (action: StartedAction) => void) {
    this.actor = actor;
    const from = this.simulator.calls.length;
    const began = this.clock.now();
    const action = await start();
    let isStuck = false;
    const end = () => {
      isStuck = true;
      action.kill();
    };
    const callOff = this.clock.at(began + LONGEST_PLAY, end);
    const timer = setTimeout(end, LONGEST_REAL_TIME);
    meanwhile?.(action);
    const ending = await action.finished;
    callOff();
    clearTimeout(timer);
    const calls = [from, this.simulator.calls.length] as const;
    const writesByEnd = this.changes.length;
    const played: Played = { ...ending, actor, calls, began, ended: this.clock.now(), writesByEnd, isStuck };
    return { action, played };
  }

  async close(): Promise<void> {
    this.line?.cut();
    try {
      await this.simulator.close();
    } finally {
      this.clock.close();
    }
  }

  #remember(lambda: LambdaFunction): void {
    const record = (alias: string) => this.#note(`${lambda.name}:${alias}`, this.actor);
    const { createAlias, updateAlias, deleteAlias } = lambda;
    lambda.createAlias = (name, change) => {
      const created = createAlias.call(lambda, name, change);
      record(name);
      return created;
    };
    lambda.updateAlias = (name, change) => {
      const updated = updateAlias.call(lambda, name, change);
      record(name);
      return updated;
    };
    lambda.deleteAlias = (name) => {
      deleteAlias.call(lambda, name);
      record(name);
    };
  }

  #note(target: string, by: Actor): void {
    const at = this.clock.now();
    const found = this.#find(target);
    const revision = found === undefined ? "" : this.simulator.account.revisions.name(found.revision(at));
    this.changes.push({ at, target, by, state: this.state(target), revision });
  }

  #find(target: string): Alias | undefined {
    const [name = "", alias = ""] = target.split(":");
    return this.simulator.account.functions.get(name)?.aliases.get(alias);
  }
}
