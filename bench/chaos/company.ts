import type { Bundle } from "./theatre.ts";
import { type Cell, NEVER_CAME, play, type Trial, titleOf } from "./trial.ts";

/** Plays cells, so many at a time; a trial that throws is a miss. @param options.isOver whether to begin no more */
export async function playAll(
  cells: readonly Cell[],
  bundle: Bundle,
  {
    atOnce = 2,
    isOver = () => false,
    onTrial = () => {},
  }: { readonly atOnce?: number; readonly isOver?: () => boolean; readonly onTrial?: (trial: Trial) => void } = {},
): Promise<readonly Trial[]> {
  const waiting = [...cells];
  const trials: Trial[] = [];
  const playSome = async () => {
    for (let cell = waiting.shift(); cell !== undefined && !isOver(); cell = waiting.shift()) {
      const trial = await tried(cell, bundle);
      trials.push(trial);
      onTrial(trial);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, playSome));
  return trials;
}

/** A call that didn't come may come the next time. */
async function tried(cell: Cell, bundle: Bundle): Promise<Trial> {
  const again = () => play(cell, bundle).catch((error: unknown) => thrown(cell, error));
  const first = await again();
  return first.end === NEVER_CAME ? again() : first;
}

function thrown(cell: Cell, error: unknown): Trial {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    cell,
    end: "thrown",
    healedBy: null,
    healedAfter: null,
    misses: [`${titleOf(cell)} could not be played: ${text}`],
  };
}
