import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed } from "./mistake.ts";

/**
 * What a counts guard allows, in every minute: canary rate ≤ ratio × baseline rate + margin. Rates are shares of calls
 * (0.005 is 0.5 %). A guard against a plain number has ratio 0 and needs no baseline.
 */
export interface Tolerance {
  readonly ratio: number;
  readonly margin: number;
}

/** One rule that must hold; `text` is the rule as the user wrote it, and its name in every report. */
export type Guard =
  | { readonly kind: "counts"; readonly text: string; readonly signal: CountsSignal; readonly tolerance: Tolerance }
  | { readonly kind: "alarm"; readonly text: string; readonly alarm: string };

export type CountsGuard = Extract<Guard, { kind: "counts" }>;
export type CountsSignal = "error-rate";

/** True for a guard that compares the canary with the baseline beside it. */
export function isComparing(guard: Guard): guard is CountsGuard {
  return guard.kind === "counts" && guard.tolerance.ratio > 0;
}

/** The tolerance of a bare `<= baseline`. */
export const NORMAL: Tolerance = { ratio: 1.5, margin: 0.005 };

interface Unit {
  /** What a number must carry: `%`. */
  readonly suffixes: Readonly<Record<string, number>>;
  readonly example: string;
}

const SHARE: Unit = { suffixes: { "%": 0.01 }, example: "0.5%" };

interface SignalRow {
  readonly name: CountsSignal;
  readonly unit: Unit;
  readonly example: string;
}

/** The signals that a guard can be about. A new signal is a new row. */
const SIGNALS: readonly SignalRow[] = [
  { name: "error-rate", unit: SHARE, example: "error-rate <= baseline * 1.5 + 0.5%" },
];

const RULE = /^(?<signal>[\w-]+)\s*(?<operator><=|<|>=|>|==|=)\s*(?<bound>.+)$/;
const BOUND =
  /^(?:(?<baseline>baseline)(?:\s*\*\s*(?<ratio>\d+(?:\.\d+)?))?(?:\s*\+\s*(?<margin>\S+))?|(?<number>[\d.]+\s*\S*))$/;
const ALARM = /^alarm\s+(?<name>\S.*)$/;

/** Reads the `guards` input, one rule a line; finds every mistake, not only the first. */
export function parseGuards(text: string): Parsed<readonly Guard[]> {
  const lines = excerpts(text, /$^/);
  const read = lines.map(parseGuard);
  const mistakes: Mistake[] = [];
  const guards: Guard[] = [];
  for (const each of read) {
    if ("problem" in each) mistakes.push(each);
    else guards.push(each);
  }
  for (const [index, line] of lines.entries()) {
    const first = lines.findIndex((other) => other.text === line.text);
    if (first < index) mistakes.push(mistakeAt("guards", line, "this guard is given twice", "leave one of them out"));
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, value: guards };
}

function parseGuard(line: Excerpt): Guard | Mistake {
  const wrong = (problem: string, remedy: string, part: string = line.text) => {
    const from = line.text.lastIndexOf(part);
    return mistakeAt("guards", line, problem, remedy, [from, from + part.length]);
  };
  const alarm = ALARM.exec(line.text)?.groups?.["name"];
  if (alarm !== undefined) return { kind: "alarm", text: line.text, alarm };

  const { signal, operator, bound } = RULE.exec(line.text)?.groups ?? {};
  const names = [...SIGNALS.map((row) => row.name), "alarm"].join(", ");
  if (signal === undefined || operator === undefined || bound === undefined) {
    return wrong("this is not a guard", `write "${SIGNALS[0]?.example}" or "alarm NAME"`);
  }
  const row = SIGNALS.find((candidate) => candidate.name === signal);
  if (row === undefined) {
    return mistakeAt("guards", line, `"${signal}" is not a signal`, `the signals are: ${names}`, [0, signal.length]);
  }
  if (operator !== "<=" && operator !== "<") {
    return wrong(`a guard can't use "${operator}"`, `a guard says what is allowed: write "<="`, operator);
  }
  const parts = BOUND.exec(bound.trim())?.groups;
  if (parts === undefined) return wrong(`"${bound}" is not a bound`, `for example: ${row.example}`, bound);

  const tolerance = { ratio: 0, margin: 0 };
  const amount = parts["number"] ?? parts["margin"];
  if (amount !== undefined) {
    const share = parseAmount(amount, row.unit);
    if (share === null) {
      return wrong(`"${amount}" is not an amount of ${row.name}`, `write it as "${row.unit.example}"`, amount);
    }
    tolerance.margin = share;
  }
  if (parts["baseline"] !== undefined) {
    const bare = parts["ratio"] === undefined && parts["margin"] === undefined;
    if (bare) Object.assign(tolerance, NORMAL);
    else tolerance.ratio = Number(parts["ratio"] ?? 1);
  }
  if (tolerance.margin >= 1) return wrong("100 % or more forbids nothing", `write it as "${row.unit.example}"`, bound);
  if (tolerance.margin === 0 && tolerance.ratio < 1) {
    return wrong(
      "this bound allows no failure at all",
      'leave some room, as in "baseline * 1.5 + 0.5%" or "1%"',
      bound,
    );
  }
  return { kind: "counts", text: line.text, signal: row.name, tolerance };
}

function parseAmount(text: string, unit: Unit): number | null {
  const [, number, suffix] = /^(\d+(?:\.\d+)?)\s*(\S+)$/.exec(text) ?? [];
  const factor = unit.suffixes[suffix ?? ""];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
