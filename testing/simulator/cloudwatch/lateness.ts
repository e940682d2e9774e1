import { type Duration, type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { Random } from "../random.ts";

/** A minute of a series, as somebody asks for it. */
export interface Asked {
  /** Names metric and dimensions: each series is late in its own way. */
  readonly series: string;
  readonly minute: Instant;
  /** The first minute in which the series has samples; null if it is as old as the function. */
  readonly born: Instant | null;
}

/**
 * How late figures are: what is shown of a minute at an instant is what would usually be shown at the instant returned.
 * Never decreasing in `now`.
 */
export type Lateness = (asked: Asked, now: Instant) => Instant;

/** Nothing is shown yet. */
const NOT_YET: Instant = Number.NEGATIVE_INFINITY;
/** Usually, a minute is whole this long after its end. */
const USUALLY_WHOLE: Duration = 110 * SECOND;
/** A minute that grows is whole this long after its end. */
const LONGEST: Duration = 10 * MINUTE;

/** Each minute shows as a whole, this long after its end. */
export function wholeAfter(after: Duration): Lateness {
  return ({ minute }, now) => {
    const late = now - (minute + MINUTE) - after;
    return late < 0 ? NOT_YET : minute + MINUTE + USUALLY_WHOLE + late;
  };
}

/** Each minute grows for ten minutes. */
export const growing: Lateness = ({ minute }, now) => {
  const [usual, slow] = [MINUTE + USUALLY_WHOLE, MINUTE + LONGEST];
  const age = now - minute;
  return minute + (age < slow ? (age * usual) / slow : age - slow + usual);
};

/** A new series can't be read for a while, all of it. The old ones are as usual. */
export function newSeriesAfter(after: Duration): Lateness {
  return ({ born }, now) => (born !== null && now < born + MINUTE + after ? NOT_YET : now);
}

/** Some minutes of a series are missing until ten minutes later. */
export function holes(share: number, seed: number): Lateness {
  const late = wholeAfter(LONGEST);
  return (asked, now) =>
    new Random(seed, "hole", asked.series, asked.minute).uniform() < share ? late(asked, now) : now;
}

/** Some minutes of a series never show. */
export function losses(share: number, seed: number): Lateness {
  return ({ series, minute }, now) => (new Random(seed, "loss", series, minute).uniform() < share ? NOT_YET : now);
}

/** All at once: each series has its own lateness and changes it every few minutes, with holes and losses. */
export function roughly(seed: number): Lateness {
  const kinds: readonly Lateness[] = [
    (_, now) => now,
    wholeAfter(75 * SECOND),
    wholeAfter(130 * SECOND),
    wholeAfter(5 * MINUTE),
    wholeAfter(LONGEST),
    growing,
  ];
  const always: readonly Lateness[] = [newSeriesAfter(4 * MINUTE), holes(0.05, seed), losses(0.02, seed)];
  return (asked, now) => {
    const spell = Math.floor(asked.minute / (7 * MINUTE));
    const chance = new Random(seed, "spell", asked.series, spell).uniform();
    // Half of the time figures are as usual.
    const kind = kinds[Math.max(0, Math.floor((chance * 2 - 1) * kinds.length))] ?? growing;
    return Math.min(now, ...[kind, ...always].map((each) => each(asked, now)));
  };
}
