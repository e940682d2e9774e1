import { Host } from "./host/host.ts";
import { type Case, titleOf } from "./play.ts";
import type { Bundle } from "./testbed.ts";
import { NEVER_CAME, play, type Trial } from "./trial.ts";

/** In a fleet, the number of calls depends on who comes first. If a call didn't come, it may come next time. */
const MOST_TRIES = 4;

/** A case, and who plays it: a host, or the bundle in its own processes. */
export interface Part {
  readonly chaosCase: Case;
  readonly by: Trial["by"];
}

/** Plays several cases at once, each with its own host. */
export class Pool {
  readonly #bundle: Bundle;
  readonly #hosts: readonly Host[];
  readonly #free: Host[];
  readonly #waiting: ((host: Host) => void)[] = [];

  constructor(bundle: Bundle, atOnce = 3) {
    this.#bundle = bundle;
    this.#hosts = Array.from({ length: atOnce }, () => new Host(bundle.dist));
    this.#free = [...this.#hosts];
  }

  /** Plays a case when it is its turn. A trial that throws is a miss. */
  async play({ chaosCase, by }: Part): Promise<Trial> {
    const host = this.#free.pop() ?? (await new Promise<Host>((resolve) => this.#waiting.push(resolve)));
    try {
      const cast = { bundle: this.#bundle, host: by === "host" ? host : null };
      const attempt = () => play(chaosCase, cast).catch((error: unknown) => thrown(chaosCase, by, error));
      let trial = await attempt();
      for (let tries = 1; trial.end === NEVER_CAME && tries < MOST_TRIES; tries += 1) trial = await attempt();
      return trial;
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(host);
      else next(host);
    }
  }

  /**
   * Plays cases in order.
   * @param options.isOver whether to start no more cases
   */
  async playAll(
    parts: readonly Part[],
    { isOver = () => false, onTrial = () => {} }: { isOver?: () => boolean; onTrial?: (trial: Trial) => void } = {},
  ): Promise<readonly Trial[]> {
    const waiting = [...parts];
    const trials: Trial[] = [];
    const playSome = async () => {
      for (let part = waiting.shift(); part !== undefined && !isOver(); part = waiting.shift()) {
        const trial = await this.play(part);
        trials.push(trial);
        onTrial(trial);
      }
    };
    await Promise.all(this.#hosts.map(playSome));
    return trials;
  }

  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }
}

function thrown(chaosCase: Case, by: Trial["by"], error: unknown): Trial {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const misses = [`${titleOf(chaosCase)} could not be played: ${text}`];
  return { chaosCase, by, end: "thrown", healedBy: null, healedAfter: null, misses };
}
