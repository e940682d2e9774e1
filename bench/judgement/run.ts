import { measureCost } from "./cost.ts";
import { FULL, sweep, THINNED } from "./sweep.ts";
import { tables } from "./tables.ts";
import { targetsOf } from "./targets.ts";

/**
 * `npm run bench:judgement`: how good the judgement of errors and of latency is, from seeds, beside what others do, and
 * how true the forecast. Prints its tables in Markdown; exits with 1 when a target is missed. `-- --quick` plays a few
 * cells only.
 */

// Before the sweep: CPU is counted for the whole process, all of its threads.
const { carried, all, anew } = measureCost();
const findings = await sweep(process.argv.includes("--quick") ? THINNED : FULL);
const targets = targetsOf(findings, carried);
process.stdout.write(`${tables(findings, [carried, all, anew], targets)}\n`);
process.exitCode = targets.every(({ misses }) => misses.length === 0) ? 0 : 1;
