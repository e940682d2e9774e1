import { setTimeout } from "node:timers/promises";
import type { Clock } from "./release/ports.ts";

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(duration, signal) {
    // An abort ends the wait early; that is no failure.
    await setTimeout(duration, undefined, signal === undefined ? {} : { signal }).catch(() => {});
  },
};
