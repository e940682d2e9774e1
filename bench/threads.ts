import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Records, Trial } from "./trials.ts";

/** Every trial has its own seeds, so it doesn't matter which thread plays it, or when. */
export async function playAll(trials: readonly Trial[]): Promise<ReadonlyMap<Trial, Records>> {
  const waiting = [...trials];
  const results = new Map<Trial, Records>();
  const playSome = async () => {
    const worker = new Worker(new URL("./worker.ts", import.meta.url));
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const { promise, resolve, reject } = Promise.withResolvers<Records>();
      worker.once("message", resolve).once("error", reject);
      worker.postMessage(trial);
      results.set(trial, await promise);
      worker.off("error", reject);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, playSome));
  return results;
}
