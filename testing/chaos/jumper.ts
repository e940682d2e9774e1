import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Starts the bundle's main process with a wall clock that jumps on SIGUSR2, like a runner's clock when it is corrected.
 * The clock that measures durations, and so the timers, stays as it is.
 */

const told = Date.now;
const Told = Date;
let offset = 0;
const now = () => told() + offset;

Told.now = now;
globalThis.Date = new Proxy(Told, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
});
process.on("SIGUSR2", () => {
  offset += Number(process.env["JUMP"]);
});

await import(pathToFileURL(join(process.env["JUMPER"] ?? "", "dist", "main", "index.js")).href);
