/**
 * Puts a process on simulated time from outside: `node --import ./simulator/timewarp.ts program.js`, with the address
 * of a `SimulatedClock` in `SIMULATED_CLOCK`.
 */
import { enter } from "./warp.ts";

await enter(process.env["SIMULATED_CLOCK"] ?? "", process.env["SIMULATED_CLOCK_SEAT"] ?? null);
