import type { Mistake } from "../domain/mistake.ts";
import { type Duration, HOUR, MINUTE, parseDuration, SECOND } from "../domain/time.ts";
import { NORMAL, type Tolerance } from "./guard.ts";

/** The tolerance of a bare `<= baseline`, for any signal but a share of calls. */
const NORMAL_VALUE: Tolerance = { ratio: 1.2, margin: 0 };
/** How long a level may be over its bound, unless the guard says so. */
const HOLD: Duration = 3 * MINUTE;

export interface BoundUnit {
  /** The units that can follow a number, with their factors. */
  readonly suffixes: Readonly<Record<string, number>>;
  readonly example: string;
}

export const SHARE: BoundUnit = { suffixes: { "%": 0.01 }, example: "0.5%" };
export const TIME: BoundUnit = { suffixes: { ms: 1, s: SECOND, m: MINUTE }, example: "800ms" };
export const NUMBER: BoundUnit = { suffixes: { "": 1 }, example: "100" };

/** What a guard may say about a measured signal. */
export interface Bounds {
  readonly unit: BoundUnit;
  readonly example: string;
  /** Whether it is measured per version, so that it can be compared with the baseline. */
  readonly comparable: boolean;
  /** Whether a guard can let it be over its bound for some minutes. */
  readonly holds: boolean;
}

/** What a parsed bound says. */
export interface BoundTerms {
  readonly tolerance: Tolerance;
  readonly hold: Duration;
}

/** Makes a mistake about a part of a line. If the part occurs several times, it points at the last one. */
export type Wrong = (problem: string, remedy: string, part?: string) => Mistake;

const BOUND =
  /^(?:(?<baseline>baseline)(?:\s*\*\s*(?<ratio>\d+(?:\.\d+)?))?(?:\s*\+\s*(?<margin>\S+))?|(?<number>[\d.]+\s*[^\s\d]*))(?:\s+for\s+(?<hold>\S+))?$/;

/** Parses what follows a signal: the operator and the bound. */
export function parseTerms(
  operator: string,
  bound: string,
  { unit, example, comparable, holds }: Bounds,
  signal: string,
  wrong: Wrong,
): BoundTerms | Mistake {
  if (operator !== "<=" && operator !== "<") {
    return wrong(`a guard can't use "${operator}"`, `a guard says what is allowed: write "<="`, operator);
  }
  const parts = BOUND.exec(bound)?.groups;
  if (parts === undefined) return wrong(`"${bound}" is not a limit`, `for example: ${example}`, bound);
  const { baseline, ratio, margin, number, hold } = parts;
  if (baseline !== undefined && !comparable) {
    return wrong(`${signal} is not measured per version`, `compare it with a number: ${example}`, bound);
  }
  const held = hold === undefined ? HOLD : parseDuration(hold);
  if (hold !== undefined && (!holds || baseline !== undefined)) {
    const problem = `"for ${hold}" can't be used with ${signal}${holds ? " against the baseline" : ""}`;
    return wrong(problem, "leave it out: this guard is judged by all the data so far", `for ${hold}`);
  }
  if (held === null || held < MINUTE || held > HOUR) {
    return wrong(`"${hold}" can't be used here`, 'write it as "3m": from 1m to 1h', hold);
  }

  const amount = number ?? margin;
  const value = amount === undefined ? 0 : parseAmount(amount, unit);
  if (value === null) {
    return wrong(
      `"${amount}" is not a value for ${signal}`,
      `write it as "${amountOf(example) ?? unit.example}"`,
      amount,
    );
  }
  const isBare = baseline !== undefined && ratio === undefined && margin === undefined;
  const normal = unit === SHARE ? NORMAL : NORMAL_VALUE;
  const tolerance = isBare ? normal : { ratio: baseline === undefined ? 0 : Number(ratio ?? 1), margin: value };
  if (unit === SHARE && tolerance.margin >= 1) {
    return wrong("100 % or more allows everything", `write it as "${unit.example}"`, bound);
  }
  if (tolerance.margin === 0 && tolerance.ratio < 1 && unit !== NUMBER) {
    const remedy =
      unit === SHARE ? 'leave some room, as in "baseline * 1.5 + 0.5%" or "1%"' : `for example: ${example}`;
    return wrong(unit === SHARE ? "this limit allows no failures at all" : "no call is that fast", remedy, bound);
  }
  return { tolerance, hold: held };
}

/** The amount in an example, if it has one: `30s` of `iterator-age < 30s for 3m`. */
function amountOf(example: string): string | null {
  return /[<+]\s*=?\s*(\d\S*)/.exec(example)?.[1] ?? null;
}

function parseAmount(text: string, unit: BoundUnit): number | null {
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?)\s*(\S*)$/.exec(text) ?? [];
  const factor = unit.suffixes[suffix];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
