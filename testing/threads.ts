import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/**
 * Plays trials in threads. Each trial has its own seeds, so it doesn't matter which thread plays it, or when.
 *
 * @param worker the file that answers each trial with its result
 */
export async function playAll<Trial, Result>(
  worker: URL,
  trials: readonly Trial[],
): Promise<ReadonlyMap<Trial, Result>> {
  const waiting = [...trials];
  const results = new Map<Trial, Result>();
  const playSome = async () => {
    const thread = new Worker(worker);
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const { promise, resolve, reject } = Promise.withResolvers<Result>();
      thread.once("message", resolve).once("error", reject);
      thread.postMessage(trial);
      results.set(trial, await promise);
      thread.off("error", reject);
    }
    await thread.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, playSome));
  return results;
}
