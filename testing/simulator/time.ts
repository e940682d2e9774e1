import type { Socket } from "node:net";
import type { Instant } from "../../src/domain/time.ts";

/** The time that the simulator runs on. */
export interface SimulatedTime {
  now(): Instant;
  /** Runs an action at an instant. */
  at(instant: Instant, action: () => void): void;
  /**
   * Lets time go on while a request waits for its answer.
   * @returns what to call just before a late answer is sent
   */
  letTimePass(call: { readonly socket: Socket }): () => void;
}

/** Time as it really goes by, for a simulator that needs no other. */
export const REAL_TIME: SimulatedTime = {
  now: () => Date.now(),
  at: (instant, action) => void setTimeout(action, instant - Date.now()).unref(),
  letTimePass: () => () => {},
};
