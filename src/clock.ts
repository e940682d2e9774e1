import { setTimeout } from "node:timers/promises";
import type { Clock } from "./release/ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(duration, signal) {
    // An abort ends the wait early; that is no failure.
    await setTimeout(duration, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
};

/** For what goes on beside the work: the end of a wait by it is nothing that the process stays for. */
export const backgroundClock: Clock = {
  ...systemClock,
  async sleep(duration, signal) {
    await setTimeout(duration, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {});
  },
};
