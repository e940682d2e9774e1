import { HOUR } from "../../../src/domain/time.ts";
import type { Fault } from "./fault.ts";

/** The runner's wall clock jumps; the clock that measures durations doesn't. */
export const JUMPS: readonly Fault[] = (
  [
    ["an hour ahead", HOUR],
    ["an hour back", -HOUR],
  ] as const
).map(([name, jump]) => ({
  name: `clock jumps ${name}`,
  family: "clock",
  jump,
  suits: ({ service, story }) => service !== "github" && story.actor === "main",
  arm(strike) {
    strike.meanwhile("before", () => strike.signal("SIGUSR2"));
  },
}));
