import type { Clock } from "../../../src/domain/ports.ts";
import type { Duration, Instant } from "../../../src/domain/time.ts";

interface Waiting {
  readonly due: Instant;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Time for many processes in one. Waits end one after the other, each at its own instant, and before the next one ends,
 * the woken process runs until it waits again. So a schedule depends only on its seed.
 */
export class StageTime {
  #now: Instant = Date.UTC(2026, 10, 21, 14);
  readonly #waiting: Waiting[] = [];
  #waits = 0;

  get now(): Instant {
    return this.#now;
  }

  wait(duration: Duration): Promise<void> {
    return new Promise((wake) => this.#plan(duration, wake));
  }

  at(duration: Duration, action: () => void): void {
    this.#plan(duration, action);
  }

  /** A process's clock. After a kill it sleeps forever. */
  clock(isKilled: () => boolean): Clock {
    return {
      now: () => this.#now,
      sleep: (duration, signal) =>
        new Promise((resolve) => {
          const wake = () => {
            if (!isKilled()) resolve();
          };
          if (signal?.aborted) return wake();
          signal?.addEventListener("abort", wake, { once: true });
          this.#plan(duration, wake);
        }),
    };
  }

  /**
   * Lets time go on until nobody waits any more.
   *
   * @returns false if somebody still waits after this many turns
   */
  async run(turns: number): Promise<boolean> {
    for (let turn = 0; turn < turns; turn++) {
      await drained();
      const next = this.#take();
      if (next === null) return true;
      this.#now = Math.max(this.#now, next.due);
      next.wake();
    }
    return false;
  }

  #plan(duration: Duration, wake: () => void): void {
    this.#waiting.push({ due: this.#now + Math.max(0, duration), order: this.#waits++, wake });
  }

  #take(): Waiting | null {
    let first = -1;
    for (const [index, { due, order }] of this.#waiting.entries()) {
      const best = this.#waiting[first];
      if (best === undefined || due < best.due || (due === best.due && order < best.order)) first = index;
    }
    return first < 0 ? null : (this.#waiting.splice(first, 1)[0] ?? null);
  }
}

/** Work that waits only for promises is done by the next turn of the event loop. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
