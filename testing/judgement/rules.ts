import { mean, median, upperBound } from "../statistics.ts";
import type { Record, Result } from "./trials.ts";

/** A rule that the judgement must keep. */
export interface Target {
  readonly rule: string;
  readonly measured: string;
  /** What breaks it, in words; empty if it is kept. */
  readonly misses: readonly string[];
}

/** One judge's figures in some cells. */
export interface Held<C> {
  readonly results: readonly Result<C>[];
  readonly judge: string;
  describe(cell: C): string;
}

export function recordOf({ records, cell }: Result<unknown>, judge: string): Record {
  const record = records[judge];
  if (record === undefined) throw new Error(`"${judge}" has not judged ${JSON.stringify(cell)}.`);
  return record;
}

export function abortedShare(result: Result<unknown>, judge: string): number {
  const { aborts, runs } = recordOf(result, judge);
  return aborts / runs;
}

/** How many canary calls fail or are slow before the rollback, on average. */
export function failedCalls(result: Result<unknown>, judge: string): number {
  return mean(recordOf(result, judge).failed).value;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(2))} %`;
}

/** At most 1 % of releases in every cell, by the upper 95 % bound. */
export function falseAborts<C>(rule: string, ...held: readonly Held<C>[]): Target {
  const bounds = held.flatMap(({ results, judge, describe }) =>
    results.map((result) => {
      const { aborts, runs } = recordOf(result, judge);
      const where = held.length > 1 ? `${judge}, ${describe(result.cell)}` : describe(result.cell);
      return { where, aborts, runs, bound: upperBound(aborts, runs) };
    }),
  );
  const worst = Math.max(...bounds.map(({ bound }) => bound));
  return {
    rule,
    measured: `at most ${percent(worst)} (upper 95 % bound of the worst of ${bounds.length} cells)`,
    misses: bounds
      .filter(({ bound }) => bound > 0.01)
      .map(({ where, aborts, runs, bound }) => `${where}: ${aborts} of ${runs}, up to ${percent(bound)}`),
  };
}

export function promptness<C>(rule: string, { results, judge, describe }: Held<C>, oracle: string): Target {
  const rows = results.map((result) => {
    const ours = median(recordOf(result, judge).minutes);
    const theirs = median(recordOf(result, oracle).minutes);
    return { cell: result.cell, ours, theirs, limit: Math.max(2.5 * theirs, theirs + 2) };
  });
  return {
    rule,
    measured: rows.map(({ ours, theirs }) => `${minute(ours)} vs ${minute(theirs)}`).join(", "),
    misses: rows
      .filter(({ ours, limit }) => ours > limit)
      .map(({ cell, ours, limit }) => `${describe(cell)}: ${minute(ours)} minutes, ${minute(limit)} allowed`),
  };
}

/** A median minute. Infinite means that half of the bakes ended without a detection. */
export function minute(value: number): string {
  return Number.isFinite(value) ? String(value) : "–";
}

export function falselyVerified<C>(rule: string, { results, judge, describe }: Held<C>): Target {
  const shares = results.map((result) => {
    const { verified, runs } = recordOf(result, judge);
    return { cell: result.cell, verified, runs, share: verified / runs, bound: upperBound(verified, runs) };
  });
  const worst = shares.reduce((a, b) => (b.share > a.share ? b : a));
  return {
    rule,
    measured: `at most ${percent(worst.share)} (up to ${percent(worst.bound)})`,
    misses: shares
      .filter(({ share }) => share > 0.02)
      .map(
        ({ cell, verified, runs, share, bound }) =>
          `${describe(cell)}: ${verified} of ${runs} (${percent(share)}), up to ${percent(bound)}`,
      ),
  };
}
