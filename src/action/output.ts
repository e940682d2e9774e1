/**
 * Calls the listener when nobody reads this process's output any more: the runner is gone, and the process lives on.
 * From then on output is lost, and printing doesn't throw.
 */
export function onOutputLost(listener: (why: string) => void): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => listener(error.code ?? error.message));
  }
}
