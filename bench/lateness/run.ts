import { CASES, type Case, type Found, missesOf, tableOf } from "../../testing/lateness/table.ts";
import { playAll } from "../../testing/threads.ts";

/**
 * `npm run bench:lateness` (five minutes on two cores): releases of good and of broken versions under every way in which
 * CloudWatch is known to be late. Prints a table in Markdown; exits with 1 if a good release was taken back, or a broken
 * one not in time. Everything is drawn from seeds.
 */

const found = await playAll<Case, Found>(new URL("../../testing/lateness/worker.ts", import.meta.url), CASES);
const rows = CASES.flatMap((each) => found.get(each) ?? []);
const misses = rows.flatMap(missesOf);
process.stdout.write(`${[tableOf(rows), "", ...(misses.length > 0 ? misses : ["no miss"])].join("\n")}\n`);
process.exitCode = misses.length === 0 ? 0 : 1;
