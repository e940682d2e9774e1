import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { CASES, type Case, type Found, HEAD, missesOf, playCase, row } from "./table.ts";

/**
 * `npm run bench:lateness` (a quarter of an hour): releases of good and of broken versions under every way in which
 * CloudWatch is known to be late. Prints a table in Markdown; exits with 1 if a good release was taken back, or a broken
 * one not in time. Everything is drawn from seeds.
 */

/** 2,000 good releases over all cases. */
const GOOD = 100;
const BROKEN = 40;

if (isMainThread) {
  const found = new Map<Case, Found>();
  const waiting = [...CASES];
  const work = async () => {
    const worker = new Worker(fileURLToPath(import.meta.url));
    for (let each = waiting.shift(); each !== undefined; each = waiting.shift()) {
      const { promise, resolve, reject } = Promise.withResolvers<Found>();
      worker.once("message", resolve).once("error", reject);
      worker.postMessage(each);
      found.set(each, await promise);
      worker.off("error", reject);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, work));
  const rows = CASES.flatMap((each) => found.get(each) ?? []);
  const misses = rows.flatMap(missesOf);
  process.stdout.write(`${[HEAD, ...rows.map(row), "", ...(misses.length > 0 ? misses : ["no miss"])].join("\n")}\n`);
  process.exitCode = misses.length === 0 ? 0 : 1;
} else {
  const seeds = (count: number) => Array.from({ length: count }, (_, seed) => seed);
  parentPort?.on("message", (of: Case) => parentPort?.postMessage(playCase(of, seeds(GOOD), seeds(BROKEN))));
}
