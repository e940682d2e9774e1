import type { Scene, Stage } from "../../simulator/runner.ts";

/** A request to a host, as one JSON line. */
export interface Play extends Scene {
  readonly stage: Stage;
}

/** A host prints this on both streams at the end of a play, before the exit code. No line of a log contains it. */
export const END = "\u0000 the play is over: ";
