import type { Counts } from "../../src/analysis/counts.ts";
import { SLOW } from "../../src/analysis/method.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { BAKE, type Cell, drawBake, LAG } from "./environments.ts";
import { drawForecastBake, drawPairedBake, type ForecastCell, type PairedForecastCell } from "./forecasts.ts";
import {
  countsTest,
  type Opinion,
  ORACLE,
  OURS,
  PEERS,
  pairsTest,
  VERIFYING_ORACLE,
  verifyingOracle,
} from "./judges.ts";
import { drawLatencyBake, drawPolledBake, type LatencyCell } from "./latency.ts";
import {
  COLD_START_JUDGES,
  LATENCY_ORACLES,
  type LatencyJudge,
  ONE_BOUND,
  SIGN_FLIPS,
  TWO_BOUNDS,
} from "./latency-judges.ts";
import { drawRelease, guardOf, knowsAll, type VerificationCell } from "./verification.ts";

/** One cell, how often it is played, and who judges. */
export type Trial = { readonly runs: number } & (
  | { readonly kind: "errors"; readonly cell: Cell; readonly judges: "all" | "ours" }
  | { readonly kind: "latency"; readonly cell: LatencyCell; readonly panel: Panel }
  | { readonly kind: "polled latency"; readonly cell: LatencyCell }
  | { readonly kind: "verification"; readonly cell: VerificationCell }
  | { readonly kind: "forecast"; readonly cell: ForecastCell }
  | { readonly kind: "paired forecast"; readonly cell: PairedForecastCell }
);

/** Who judges latency. Judges that are only compared with see a share of the runs, from 0 to 1. */
export type Panel =
  | { readonly who: "all" | "all and oracles"; readonly signFlips: number; readonly peers: number }
  | { readonly who: "counts" | "cold starts" };

/** The result of one judge's bakes in one cell. */
export interface Record {
  readonly runs: number;
  readonly aborts: number;
  readonly verified: number;
  /** For each bake, the last minute that the look showed that verified it; infinite if none did. */
  readonly verifiedBy: readonly number[];
  /** For each bake, the last minute that the decisive look showed; infinite if nothing was found. */
  readonly minutes: readonly number[];
  /** For each bake, the canary calls that had failed or were slow by the decisive look. */
  readonly failed: readonly number[];
}

/** By the judge's name. */
export interface Records {
  readonly [judge: string]: Record;
}

export interface Result<C = Cell> {
  readonly cell: C;
  readonly records: Records;
}

export function play(trial: Trial): Records {
  const { runs } = trial;
  switch (trial.kind) {
    case "errors": {
      const { cell, judges } = trial;
      const playing =
        judges === "ours" ? [OURS] : [OURS, ...PEERS, ...(typeof cell.canary === "number" ? [ORACLE] : [])];
      const seats = playing.map((judge) => ({ name: judge.name, runs, begin: () => judge.begin(cell) }));
      return playBakes(seats, (run) => drawBake(cell, run));
    }
    case "latency": {
      const { cell, panel } = trial;
      const seats = seatsOf(panel).map(({ judge, part }) => ({
        name: judge.name,
        runs: Math.round(runs * part),
        begin: () => judge.begin(cell),
      }));
      return playBakes(seats, (run) => drawLatencyBake(cell, run));
    }
    case "polled latency": {
      const seat = { name: TWO_BOUNDS.name, runs, begin: () => countsTest(SLOW, null) };
      return playBakes([seat], (run) => drawPolledBake(trial.cell, run));
    }
    case "verification": {
      const { cell } = trial;
      const { tolerance, asGood } = guardOf(cell);
      const known = (usual: Counts) => (cell.guard === "errors" ? usual : null);
      const ours = { name: OURS.name, runs, begin: (usual: Counts) => countsTest(tolerance, known(usual)) };
      const begin = () => verifyingOracle(cell.baseline, asGood(cell.baseline), tolerance);
      const oracle = { name: VERIFYING_ORACLE, runs, begin };
      return playBakes(knowsAll(cell) ? [ours, oracle] : [ours], (run) => drawRelease(cell, run));
    }
    case "forecast": {
      const seat = { name: OURS.name, runs, begin: () => OURS.begin() };
      return playBakes([seat], (run) => drawForecastBake(trial.cell, run));
    }
    case "paired forecast": {
      const seat = { name: OURS.name, runs, begin: pairsTest };
      return playBakes([seat], (run) => drawPairedBake(trial.cell, run));
    }
  }
}

function seatsOf(panel: Panel): readonly { readonly judge: LatencyJudge; readonly part: number }[] {
  const seats = (judges: readonly LatencyJudge[], part = 1) => judges.map((judge) => ({ judge, part }));
  switch (panel.who) {
    case "counts":
      return seats([TWO_BOUNDS]);
    case "cold starts":
      return seats(COLD_START_JUDGES);
    case "all":
    case "all and oracles": {
      const oracles = panel.who === "all" ? [] : Object.values(LATENCY_ORACLES);
      return [
        ...seats([TWO_BOUNDS, ...oracles]),
        ...seats(SIGN_FLIPS, panel.signFlips),
        ...seats([ONE_BOUND], panel.peers),
      ];
    }
  }
}

/** A judge, and how many of the cell's bakes it sees, from the first on. */
interface Seat<Look> {
  readonly name: string;
  readonly runs: number;
  begin(usual: Counts): (look: Look) => Opinion;
}

interface Played<Look> {
  readonly looks: readonly Look[];
  /** What was usual before the release; nothing is known unless given. */
  readonly usual?: Counts;
  failedBy(at: Instant): number;
}

const NOTHING_USUAL: Counts = { calls: 0, failures: 0 };

function playBakes<Look extends { readonly at: Instant }>(
  seats: readonly Seat<Look>[],
  draw: (run: number) => Played<Look>,
): Records {
  const records = seats.map((seat) => ({
    seat,
    verifiedBy: [] as number[],
    minutes: [] as number[],
    failed: [] as number[],
  }));
  for (let run = 0; run < Math.max(...seats.map(({ runs }) => runs)); run++) {
    const bake = draw(run);
    for (const record of records) {
      if (run >= record.seat.runs) continue;
      const { abortedAt, verifiedAt } = judgeBake(record.seat, bake);
      record.verifiedBy.push(shownAt(verifiedAt));
      record.minutes.push(shownAt(abortedAt));
      record.failed.push(bake.failedBy(abortedAt ?? BAKE * MINUTE));
    }
  }
  const named = records.map(({ seat: { name, runs }, verifiedBy, minutes, failed }): [string, Record] => {
    const [aborts = 0, verified = 0] = [minutes, verifiedBy].map((those) => those.filter(Number.isFinite).length);
    return [name, { runs, aborts, verified, verifiedBy, minutes, failed }];
  });
  return Object.fromEntries(named);
}

/** The last minute that a look showed; infinite without a look. */
function shownAt(look: Instant | null): number {
  return look === null ? Number.POSITIVE_INFINITY : Math.round(look / MINUTE) - LAG;
}

/** A canary that any look called verified counts as verified, since a release could have ended with that look. */
function judgeBake<Look extends { readonly at: Instant }>(
  seat: Seat<Look>,
  { looks, usual = NOTHING_USUAL }: Played<Look>,
) {
  const opinionOf = seat.begin(usual);
  let verifiedAt: Instant | null = null;
  for (const look of looks) {
    const opinion = opinionOf(look);
    if (opinion === "abort") return { abortedAt: look.at, verifiedAt };
    if (opinion === "verified") verifiedAt ??= look.at;
  }
  return { abortedAt: null, verifiedAt };
}
