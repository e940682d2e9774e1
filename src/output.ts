/**
 * Calls back when nobody takes any more what this process prints: the runner is gone, and the process lives on. From then
 * on prints go nowhere, and throw nothing.
 */
export function onOutputLost(listener: (why: string) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => listener(error.code ?? error.message));
  }
}
