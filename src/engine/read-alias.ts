import type { Clock } from "../domain/ports.ts";
import { SECOND } from "../domain/time.ts";

/** How long a read may show what was there before a write. AWS promises nothing; this is long for what is seen. */
export const STALE = 10 * SECOND;
const FIRST_PAUSE = SECOND / 4;

/**
 * Reads, and reads again with growing pauses while what is seen may be stale. Gives up after ten seconds, or at the
 * signal.
 *
 * @returns what was seen last
 */
export async function readAgain<T>(
  clock: Clock,
  read: () => Promise<T>,
  mayBeStale: (seen: T) => boolean,
  signal?: AbortSignal,
): Promise<T> {
  const end = clock.now() + STALE;
  for (let pause = FIRST_PAUSE; ; pause *= 2) {
    const seen = await read();
    const left = end - clock.now();
    if (!mayBeStale(seen) || left <= 0 || signal?.aborted) return seen;
    await clock.sleep(Math.min(pause, left), signal);
  }
}
