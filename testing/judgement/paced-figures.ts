import type { Counts, MinuteCounts } from "../../src/analysis/counts.ts";
import { METRIC_DELAY } from "../../src/domain/plan.ts";
import { type Duration, type Instant, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import type { Random } from "../simulator/random.ts";
import { type Conditions, drawCounts, type Expected } from "./environments.ts";
import type { AnyMinute } from "./verification.ts";

/** What CloudWatch shows of a release whose weights are only known once they are set. */
export interface PacedFigures {
  /** From now on the canary has this share of the calls, from 0 to 1. */
  route(at: Instant, share: number): void;
  /** The minutes from one on, as far as they show. */
  shown(from: Instant, at: Instant): readonly MinuteCounts[];
  /** The canary's calls that failed, whether they show or not. */
  failedBy(at: Instant): number;
}

/** What is to be expected of any part of a minute, by the weights in it. */
class Split {
  readonly #minutes: readonly AnyMinute[];
  readonly #shares: { readonly at: Instant; readonly share: number }[] = [];

  constructor(minutes: readonly AnyMinute[]) {
    this.#minutes = minutes;
  }

  route(at: Instant, share: number): void {
    this.#shares.push({ at, share });
  }

  /** After the last minute it stays as in that. */
  expected(from: Instant, to: Instant): Conditions {
    const { calls, ...rates } = this.#minutes[Math.min(this.#minutes.length - 1, Math.floor(from / MINUTE))] ?? NOBODY;
    const ofCanary = (calls * this.#routed(from, to)) / MINUTE;
    const ofBaseline = (calls * (to - from)) / MINUTE - ofCanary;
    return { canary: { calls: ofCanary, rate: rates.canary }, baseline: { calls: ofBaseline, rate: rates.baseline } };
  }

  /** The canary's share of a time, times that time. */
  #routed(from: Instant, to: Instant): Duration {
    return this.#shares.reduce((sum, { at, share }, place) => {
      const until = this.#shares[place + 1]?.at ?? to;
      return sum + share * Math.max(0, Math.min(to, until) - Math.max(from, at));
    }, 0);
  }
}

const NOBODY: AnyMinute = { calls: 0, canary: 0, baseline: 0 };

/** Each minute shows as a whole, two minutes after its end. */
export function wholeFigures(minutes: readonly AnyMinute[], random: Random): PacedFigures {
  const split = new Split(minutes);
  const drawn: MinuteCounts[] = [];
  const drawUntil = (end: Instant) => {
    for (let minute = drawn.length * MINUTE; minute + MINUTE <= end; minute += MINUTE) {
      const { canary, baseline } = split.expected(minute, minute + MINUTE);
      drawn.push({ minute, canary: drawCounts(canary, random), baseline: drawCounts(baseline, random) });
    }
  };
  return {
    route: (at, share) => split.route(at, share),
    shown(from, at) {
      drawUntil(at - METRIC_DELAY);
      const end = Math.floor((at - METRIC_DELAY) / MINUTE);
      return drawn.slice(Math.max(0, from / MINUTE), Math.max(0, end));
    },
    failedBy(at) {
      drawUntil(minuteOf(at) + MINUTE);
      return drawn.reduce((sum, { canary }) => sum + canary.failures, 0);
    },
  };
}

const SLICE: Duration = 15 * SECOND;
/** After this time, all calls show. */
const COMPLETE: Duration = 5 * MINUTE;
const PARTS = COMPLETE / SLICE;
/** Calls show 45 to 110 seconds after they happened. A few straggle, and some whole minutes are late. */
const SOONEST: Duration = 45 * SECOND;
const LATEST: Duration = 110 * SECOND;
const STRAGGLING = 0.02;
const LATE_MINUTES = 0.1;
const LATE_BY: Duration = MINUTE;

/** Minutes grow while their calls arrive, each version's in its own time. */
export function growingFigures(minutes: readonly AnyMinute[], random: Random): PacedFigures {
  const split = new Split(minutes);
  /** By slice: what shows after each further slice. */
  const drawn: { readonly canary: readonly Counts[]; readonly baseline: readonly Counts[] }[] = [];
  let late = { canary: 0, baseline: 0 };
  const drawLate = () => (random.uniform() < LATE_MINUTES ? LATE_BY * random.uniform() : 0);
  const drawUntil = (end: Instant) => {
    for (let slice = drawn.length; (slice + 1) * SLICE <= end; slice++) {
      if (slice * SLICE === minuteOf(slice * SLICE)) late = { canary: drawLate(), baseline: drawLate() };
      const { canary, baseline } = split.expected(slice * SLICE, (slice + 1) * SLICE);
      drawn.push({
        canary: drawArrivals(canary, late.canary, random),
        baseline: drawArrivals(baseline, late.baseline, random),
      });
    }
  };
  return {
    route: (at, share) => split.route(at, share),
    shown(from, at) {
      drawUntil(at);
      const found: MinuteCounts[] = [];
      for (let minute = Math.max(0, from); minute < at; minute += MINUTE) {
        const first = minute / SLICE;
        const slices = drawn.slice(first, first + MINUTE / SLICE);
        const shown = (side: "canary" | "baseline") =>
          slices.reduce((sum, each, place) => {
            const parts = Math.min(PARTS, at / SLICE - (first + place) - 1);
            return plus(sum, each[side][parts] ?? NONE);
          }, NONE);
        const both = { minute, canary: shown("canary"), baseline: shown("baseline") };
        if (both.canary.calls + both.baseline.calls > 0) found.push(both);
      }
      return found;
    },
    failedBy(at) {
      drawUntil(at);
      return drawn.reduce((sum, { canary }) => sum + (canary.at(-1)?.failures ?? 0), 0);
    },
  };
}

const NONE: Counts = { calls: 0, failures: 0 };

function plus(a: Counts, b: Counts): Counts {
  return { calls: a.calls + b.calls, failures: a.failures + b.failures };
}

/** What shows of a slice's calls: at its end, and after each slice from then on until it is complete. */
function drawArrivals({ calls, rate }: Expected, late: Duration, random: Random): readonly Counts[] {
  const known: Counts[] = [NONE];
  let before = 0;
  for (let part = 1; part <= PARTS; part++) {
    const arrived = arrivedAfter(part * SLICE, late);
    const more = arrived > before ? drawCounts({ calls: calls * (arrived - before), rate }, random) : NONE;
    known.push(plus(known[part - 1] ?? NONE, more));
    before = arrived;
  }
  return known;
}

/** The share of calls that shows after this time. */
function arrivedAfter(time: Duration, late: Duration): number {
  const within = (from: Duration, to: Duration) => Math.min(1, Math.max(0, (time - from) / (to - from)));
  const prompt = within(SOONEST + late, LATEST + late);
  return (1 - STRAGGLING) * prompt + STRAGGLING * within(LATEST, COMPLETE);
}
