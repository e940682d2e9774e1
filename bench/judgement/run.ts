import { measureCost } from "../../testing/judgement/cost.ts";
import { FULL, sweep, THINNED } from "../../testing/judgement/sweep.ts";
import { targetsOf } from "../../testing/judgement/targets.ts";
import { tables } from "./tables.ts";

/**
 * `npm run bench:judgement`: how good the judgement of errors and of latency is, compared with others, and how true the
 * forecast is. Everything is drawn from seeds. Prints its tables in Markdown; exits with 1 if a target is missed. `--
 * --quick` plays only a few cells.
 */

// Before the sweep, because CPU time is counted for all threads of the process.
const { carried, all, anew } = measureCost();
const findings = await sweep(process.argv.includes("--quick") ? THINNED : FULL);
const targets = targetsOf(findings, carried);
process.stdout.write(`${tables(findings, [carried, all, anew], targets)}\n`);
process.exitCode = targets.every(({ misses }) => misses.length === 0) ? 0 : 1;
