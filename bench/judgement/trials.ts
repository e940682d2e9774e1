import { MINUTE } from "../../src/release/time.ts";
import { BAKE, type Cell, drawBake, LAG } from "./environments.ts";
import { type Judge, ORACLE, OURS, PEERS } from "./judges.ts";

/** One cell, how often it is played, and who judges. */
export interface Trial {
  readonly cell: Cell;
  readonly runs: number;
  readonly judges: "all" | "ours";
}

/** What came of one judge's bakes in one cell. */
export interface Record {
  readonly runs: number;
  readonly aborts: number;
  readonly verified: number;
  /** The last minute that the decisive look showed, for each bake; infinite where nothing was found. */
  readonly minutes: readonly number[];
  /** Canary calls that had failed until the decisive look, for each bake. */
  readonly failed: readonly number[];
}

export interface Result {
  readonly cell: Cell;
  /** By the judge's name. */
  readonly records: { readonly [judge: string]: Record };
}

export function play({ cell, runs, judges }: Trial): Result {
  const playing = judges === "ours" ? [OURS] : [OURS, ...PEERS, ...(typeof cell.canary === "number" ? [ORACLE] : [])];
  const records = playing.map((judge) => ({ judge, verified: 0, minutes: [] as number[], failed: [] as number[] }));
  for (let run = 0; run < runs; run++) {
    const bake = drawBake(cell, run);
    for (const record of records) {
      const { abortedAt, verified } = judgeBake(record.judge, cell, bake.looks);
      record.minutes.push(abortedAt === null ? Number.POSITIVE_INFINITY : Math.round(abortedAt / MINUTE) - LAG);
      record.failed.push(bake.failedBy(abortedAt ?? BAKE * MINUTE));
      if (verified) record.verified += 1;
    }
  }
  const named = records.map(({ judge, verified, minutes, failed }): [string, Record] => {
    const aborts = minutes.filter(Number.isFinite).length;
    return [judge.name, { runs, aborts, verified, minutes, failed }];
  });
  return { cell, records: Object.fromEntries(named) };
}

/** A canary that was called verified at any look counts as verified: a release may have ended with that look. */
function judgeBake(judge: Judge, cell: Cell, looks: ReturnType<typeof drawBake>["looks"]) {
  const opinionOf = judge.begin(cell);
  let verified = false;
  for (const look of looks) {
    const opinion = opinionOf(look);
    if (opinion === "abort") return { abortedAt: look.at, verified };
    verified ||= opinion === "verified";
  }
  return { abortedAt: null, verified };
}
