/**
 * `npm run acceptance -- --role ARN`: measures on a real account what the simulator assumes, releases a good and a
 * broken version there, and deletes everything again. `-- --help` tells the rest.
 *
 * With `SIMULATED_CLOCK`, as `npm run simulator` prints it, it runs on the simulator's time. That must be settled before
 * anything keeps a reference to timers.
 */
if (process.env["SIMULATED_CLOCK"] !== undefined) await import("../testing/simulator/timewarp.ts");
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));

export {};
