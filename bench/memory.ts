import { readFileSync } from "node:fs";

/** The peak memory of a process in bytes, as Linux reports it. */
export class PeakMemory {
  #peak = 0;
  readonly #sampling: NodeJS.Timeout;

  /** Samples it until `end` is called: it can't be asked for any more once the process has ended. */
  constructor(pid: number) {
    this.#sampling = setInterval(() => {
      this.#peak = Math.max(this.#peak, peakMemory(pid));
    }, 10);
  }

  end(): number {
    clearInterval(this.#sampling);
    return this.#peak;
  }
}

function peakMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    // The process has ended.
    return 0;
  }
}
