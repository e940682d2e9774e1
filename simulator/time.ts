import type { Socket } from "node:net";
import type { Instant } from "../src/release/time.ts";

/** The time that the simulator lives by. */
export interface SimulatedTime {
  now(): Instant;
  /** Has an action carried out at an instant. */
  at(instant: Instant, action: () => void): void;
  /**
   * Lets time go on although a request waits for its answer.
   * @returns what to call just before a late answer is sent
   */
  letTimePass(call: { readonly socket: Socket }): () => void;
}
