import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SimulatedClock } from "../../testing/simulator/clock.ts";
import { type Simulator, startSimulator } from "../../testing/simulator/server.ts";

const PROGRAM = fileURLToPath(new URL("../../acceptance/run.ts", import.meta.url));
/** Shared by all runs: a program that is compiled anew each time starts twice as slowly. */
const CACHE = join(tmpdir(), "acceptance-compiled");
export const ROLE = "arn:aws:iam::123456789012:role/acceptance";

/** How a run of `npm run acceptance` has ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly printed: string;
  /** The report; "" if there is none. */
  readonly report: string;
}

/** A simulator that stands in for a real account, and `npm run acceptance` on its time. */
export class StandIn {
  readonly clock: SimulatedClock;
  readonly simulator: Simulator;
  readonly #folder: string;

  private constructor(clock: SimulatedClock, simulator: Simulator, folder: string) {
    this.clock = clock;
    this.simulator = simulator;
    this.#folder = folder;
  }

  static async open(): Promise<StandIn> {
    const clock = new SimulatedClock();
    const simulator = await startSimulator({ time: clock, seed: 7, quotas: true });
    return new StandIn(clock, simulator, await mkdtemp(join(tmpdir(), "acceptance-")));
  }

  /** The names of the functions that are there. */
  get functions(): readonly string[] {
    return [...this.simulator.account.functions.keys()];
  }

  /** @param meanwhile gets the process once it runs */
  async run(args: readonly string[], meanwhile?: (child: ChildProcess) => void): Promise<Ended> {
    const seat = await this.clock.seat();
    const { PATH = "", TMPDIR = tmpdir() } = process.env;
    const env = { PATH, TMPDIR, NODE_COMPILE_CACHE: CACHE, ...this.simulator.environment, ...seat.environment };
    const child = spawn(process.execPath, ["--random-seed=1", PROGRAM, ...args], { cwd: this.#folder, env });
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (printed += chunk));
    meanwhile?.(child);
    child.stdin.end();
    const [exitCode] = (await once(child, "close")) as [number | null];
    seat.leave();
    const report = await readFile(join(this.#folder, "acceptance-report.md"), "utf8").catch(() => "");
    return { exitCode, printed, report };
  }

  async close(): Promise<void> {
    await this.simulator.close();
    this.clock.close();
    await rm(this.#folder, { recursive: true });
  }
}
