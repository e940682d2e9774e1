/**
 * Puts a process on simulated time from outside: `node --import ./testing/simulator/timewarp.ts program.js`, with the address
 * of a `SimulatedClock` in `SIMULATED_CLOCK`. `CLOCK_AHEAD` are the milliseconds by which the process's own clock is ahead
 * of it.
 */
import { enter } from "./warp.ts";

const { SIMULATED_CLOCK, SIMULATED_CLOCK_SEAT, CLOCK_AHEAD } = process.env;
await enter(SIMULATED_CLOCK ?? "", SIMULATED_CLOCK_SEAT ?? null, Number(CLOCK_AHEAD ?? 0));
