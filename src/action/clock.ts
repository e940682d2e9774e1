import { setTimeout } from "node:timers/promises";
import type { Clock } from "../domain/ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(duration, signal) {
    // An abort ends the wait early. It isn't a failure.
    await setTimeout(duration, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
};

/** For work in the background: waiting by this clock doesn't keep the process alive. */
export const backgroundClock: Clock = {
  ...systemClock,
  async sleep(duration, signal) {
    await setTimeout(duration, undefined, { ref: false, ...(signal && { signal }) }).catch(() => {});
  },
};
