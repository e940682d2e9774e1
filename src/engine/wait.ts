/** The result of some work, or null as soon as the signal aborts. The work itself isn't stopped. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const listener = () => resolve(null);
  if (signal.aborted) listener();
  signal.addEventListener("abort", listener, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", listener);
    work.catch(() => {});
  }
}

/** Work that must not be interrupted: none starts after an abort, and what has started can be waited for. */
export class Uninterruptible {
  readonly #signal: AbortSignal;
  readonly #works = new Set<Promise<unknown>>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws the signal's reason if it has already aborted */
  async begin<T>(work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const begun = work();
    this.#works.add(begun);
    return begun;
  }

  /** Resolves when all work that was started has ended, whether it succeeded or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#works);
  }
}
