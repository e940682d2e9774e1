import type { Scene, Stage } from "../../../simulator/runner.ts";

/** What a host is asked for, as one JSON line. */
export interface Play extends Scene {
  readonly stage: Stage;
}

/** What a host prints, on either stream, when a play is over, before the exit code. No line of a log has it. */
export const END = "\u0000 the play is over: ";
