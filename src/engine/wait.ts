import { type Duration, type Instant, MINUTE, SECOND, soFar } from "../domain/time.ts";
import type { Ports } from "./ports.ts";

/** How many questions a second a fleet asks while it waits: half of what Lambda takes, so that others get through. */
const QUESTIONS_A_SECOND = 8;

/** What is waited for, and how. */
export interface Wait {
  readonly limit: Duration;
  /** Between two questions, the first of which comes after it too. */
  readonly pause: Duration;
  /** How many functions are asked about at the same time: if they are many, the pauses get longer. */
  readonly size: number;
  /** When the wait began; now, unless given. */
  readonly since?: Instant;
  /** What to tell people. @param sofar ` (3m so far)`, or "" at the beginning */
  told(sofar: string): string;
}

/** How a wait ended. */
export type Waited<T> =
  | { readonly kind: "over"; readonly answer: T }
  /** There was no answer within the limit. */
  | { readonly kind: "late"; readonly after: Duration }
  | { readonly kind: "aborted" };

/**
 * Waits for what isn't so yet: pauses, then asks, until there is an answer. Tells people at once what it is waiting for,
 * and again every minute.
 */
export async function waitFor<T>(
  { clock, journal, abort }: Pick<Ports, "clock" | "journal" | "abort">,
  { limit, pause, size, told, since = clock.now() }: Wait,
  ask: () => Promise<T | null>,
): Promise<Waited<T>> {
  let next = pause;
  for (let said: Instant | null = null; ; next = Math.max(pause, (size * SECOND) / QUESTIONS_A_SECOND)) {
    if (abort.aborted) return { kind: "aborted" };
    const now = clock.now();
    if (now - since >= limit) return { kind: "late", after: now - since };
    if (said === null || now - said >= MINUTE) {
      journal.write({ kind: "noted", text: told(soFar(now - since)) });
      said = now;
    }
    await clock.sleep(next, abort);
    if (abort.aborted) return { kind: "aborted" };
    const answer = await ask();
    if (answer !== null) return { kind: "over", answer };
  }
}

/** The result of some work, or null as soon as the signal aborts. The work itself isn't stopped. */
export async function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T | null> {
  const { promise: aborted, resolve } = Promise.withResolvers<null>();
  const listener = () => resolve(null);
  if (signal.aborted) listener();
  signal.addEventListener("abort", listener);
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", listener);
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
