/** The result of some work, or null as soon as the signal is aborted; the work itself is left to end by itself. */
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

/** Work that must not be cut in two: none of it begins after an abort, and whoever ends because of one waits for it. */
export class Unbroken {
  readonly #signal: AbortSignal;
  readonly #works = new Set<Promise<unknown>>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** @throws the signal's reason, when it is aborted already */
  async begin<T>(work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    const begun = work();
    this.#works.add(begun);
    return begun;
  }

  /** Resolves when all that was begun has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#works);
  }
}
