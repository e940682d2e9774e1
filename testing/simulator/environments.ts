import type { Duration, Instant } from "../../src/domain/time.ts";

/** One execution environment of a version. */
interface Environment {
  readonly version: string;
  freeAt: Instant;
}

/** The execution environments of a function. The first call in a new one is a cold start. */
export class Environments {
  readonly #keptWarm: Duration;
  #all: Environment[] = [];

  /** @param keptWarm how long an idle environment is kept */
  constructor(keptWarm: Duration) {
    this.#keptWarm = keptWarm;
  }

  /**
   * Gives a call to the idle environment that was used last, or to a new one.
   * @param duration how long the call takes, cold or not
   */
  take(version: string, at: Instant, duration: (cold: boolean) => Duration) {
    const gone = at - this.#keptWarm;
    let idle: Environment | null = null;
    let concurrency = 1;
    let isAnyGone = false;
    for (const environment of this.#all) {
      if (environment.freeAt > at) concurrency += 1;
      else if (environment.freeAt <= gone) isAnyGone = true;
      else if (environment.version === version && (idle === null || environment.freeAt > idle.freeAt)) {
        idle = environment;
      }
    }
    if (isAnyGone) this.#all = this.#all.filter(({ freeAt }) => freeAt > gone);
    const cold = idle === null;
    const taken = duration(cold);
    if (idle === null) this.#all.push({ version, freeAt: at + taken });
    else idle.freeAt = at + taken;
    return { cold, taken, concurrency };
  }
}
