import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, type Readable, type Writable } from "node:stream";
import { finished } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import type { Host as Plays, Running, Scene, Stage } from "../../simulator/runner.ts";
import { END, type Play } from "./wire.ts";

const PROGRAM = fileURLToPath(new URL("./program.ts", import.meta.url));

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * A process that plays the bundle's code many times. If it was killed or has crashed, the next play starts a new one.
 */
export class Host implements Plays {
  readonly #bundle: string;
  #process: HostProcess | null = null;

  /** @param bundle the folder with the bundles of main and post */
  constructor(bundle: string) {
    this.#bundle = bundle;
  }

  play(stage: Stage, scene: Scene): Running {
    if (this.#process?.isGone !== false) this.#process = new HostProcess(this.#bundle);
    return this.#process.play({ stage, ...scene });
  }

  get isPlaying(): boolean {
    return this.#process?.isPlaying === true;
  }

  /** If nothing is playing, let it end by itself, so that the next one can reuse Node's compile cache. */
  async close(): Promise<void> {
    await this.#process?.close();
  }
}

class HostProcess {
  readonly #child: Child;
  readonly #closed: Promise<void>;
  #isGone = false;
  #playing: Playing | null = null;

  constructor(bundle: string) {
    // As the runner starts a program, but with a fixed random seed and an empty environment.
    this.#child = spawn(process.execPath, ["--random-seed=1", PROGRAM, bundle], {
      env: { NODE_COMPILE_CACHE: join(bundle, "compiled") },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#closed = once(this.#child, "close").then(([exitCode, signal]) => {
      this.#isGone = true;
      this.#playing?.end(exitCode, signal);
    });
    for (const source of ["stdout", "stderr"] as const) {
      createInterface({ input: this.#child[source] }).on("line", (line) => this.#take(source, line));
    }
    // It may end before it has read what to play.
    this.#child.stdin.on("error", () => {});
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get isPlaying(): boolean {
    return !this.#isGone && this.#playing !== null;
  }

  play(play: Play): Running {
    if (this.#playing !== null) throw new Error("A host plays one process at a time.");
    this.#playing = new Playing(this.#child);
    this.#child.stdin.write(`${JSON.stringify(play)}\n`);
    return this.#playing;
  }

  async close(): Promise<void> {
    if (this.#playing === null) this.#child.stdin.end();
    else this.#child.kill("SIGKILL");
    await this.#closed;
  }

  #take(source: "stdout" | "stderr", line: string): void {
    const playing = this.#playing;
    if (playing === null) return;
    if (!line.startsWith(END)) {
      playing.print(source, line);
      return;
    }
    playing.finish(source);
    if (playing.isFinished) {
      this.#playing = null;
      playing.end(Number(line.slice(END.length)), null);
    }
  }
}

/** One play that looks like a process. */
class Playing implements Running {
  readonly stdout = new PassThrough();
  readonly stderr = new PassThrough();
  readonly closed: Running["closed"];
  readonly #child: Child;
  readonly #finished = new Set<"stdout" | "stderr">();
  #isOver = false;
  #close: (end: Awaited<Running["closed"]>) => void = () => {};

  constructor(child: Child) {
    this.#child = child;
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** A signal after the end of the play isn't for the host. */
  signal(name: NodeJS.Signals): boolean {
    return !this.#isOver && this.#child.kill(name);
  }

  print(source: "stdout" | "stderr", line: string): void {
    this[source].write(`${line}\n`);
  }

  finish(source: "stdout" | "stderr"): void {
    this.#finished.add(source);
  }

  get isFinished(): boolean {
    return this.#finished.size === 2;
  }

  end(...end: Awaited<Running["closed"]>): void {
    this.#isOver = true;
    const streams = [this.stdout, this.stderr].map((stream) => finished(stream.end()));
    void Promise.all(streams).then(() => this.#close(end));
  }
}
