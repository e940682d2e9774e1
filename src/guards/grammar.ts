import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed } from "../domain/mistake.ts";
import { type Bounds, type BoundTerms, NUMBER, parseTerms, SHARE, TIME, type Wrong } from "./bound.ts";
import type { Guard, Rule } from "./guard.ts";
import { LONGEST_NAME, METRIC_EXAMPLE, parseMetric } from "./metric.ts";
import { type CountsSignal, type LevelSignal, type MeanSignal, SIGNALS, type Signal } from "./signals.ts";

/** What a guard can be about. */
interface GuardRow {
  /** Its name in the list that one gets for an unknown signal. */
  readonly name: string;
  readonly example: string;
  /** How a guard about it begins. */
  readonly begins: RegExp;
  parse(line: Excerpt, wrong: Wrong): Rule | Mistake;
}

/** A row for a guard that is a signal, an operator and a bound. */
function measured(
  name: string,
  bounds: Bounds,
  build: (text: string, signal: string, terms: BoundTerms) => Rule,
  signal = new RegExp(`^${name}$`),
): GuardRow {
  const parse = (line: Excerpt, wrong: Wrong) => {
    const { signal: given, operator, bound } = RULE.exec(line.text)?.groups ?? {};
    if (given === undefined || operator === undefined || bound === undefined) {
      return wrong("this guard has no limit", `for example: ${bounds.example}`);
    }
    const terms = parseTerms(operator, bound, bounds, given, wrong);
    return "problem" in terms ? terms : build(line.text, given, terms);
  };
  const begins = new RegExp(`${signal.source.replace(/\$$/, "")}\\s*[<>=]`);
  return { name, example: bounds.example, begins, parse };
}

/** A row for one of Lambda's own metrics. */
function ofLambda(signal: Signal): GuardRow {
  const row = SIGNALS[signal];
  const { example } = row;
  switch (row.kind) {
    case "counts": {
      const bounds = { unit: SHARE, example, comparable: row.isComparable, holds: false };
      const name = signal as CountsSignal;
      return measured(signal, bounds, (text, _, { tolerance }) => ({ kind: "counts", text, signal: name, tolerance }));
    }
    case "mean": {
      const name = signal as MeanSignal;
      return measured(signal, latency(example), (text, _, { tolerance }) => {
        return { kind: "mean", text, signal: name, tolerance };
      });
    }
    case "level": {
      const bounds = { unit: row.unit === "ms" ? TIME : NUMBER, example, comparable: false, holds: true };
      const name = signal as LevelSignal;
      return measured(signal, bounds, (text, _, { tolerance, hold }) => {
        return { kind: "level", text, signal: name, limit: tolerance.margin, hold };
      });
    }
  }
}

function latency(example: string): Bounds {
  return { unit: TIME, example, comparable: true, holds: false };
}

const PERCENTILE = measured(
  "p50 … p99.9",
  latency("p90 <= baseline * 1.2"),
  (text, signal, { tolerance }) => ({ kind: "percentile", text, percentile: Number(signal.slice(1)), tolerance }),
  /^p(?!0+(?:\.0*)?(?:\s|[<>=]|$))[0-9]{1,2}(?:\.[0-9]{1,2})?$/,
);

const [FIRST, ...OTHERS] = (Object.keys(SIGNALS) as [Signal, ...Signal[]]).map(ofLambda) as [GuardRow, ...GuardRow[]];

/** What a guard can be about. */
const ROWS: readonly GuardRow[] = [
  FIRST,
  PERCENTILE,
  ...OTHERS,
  { name: "metric", example: METRIC_EXAMPLE, begins: /^metric\b/, parse: parseMetric },
  { name: "alarm", example: "alarm checkout-5xx", begins: /^alarm\s+\S/, parse: parseAlarm },
];

const RULE = /^(?<signal>[\w.-]+)\s*(?<operator><=|<|>=|>|==|=)(?![<>=])\s*(?<bound>.*\S)$/;

/** Parses the `guards` input, one rule per line; finds every mistake, not only the first. */
export function parseGuards(text: string): Parsed<readonly Guard[]> {
  const lines = excerpts(text, /$^/);
  const read = lines.map(parseGuard);
  const mistakes: Mistake[] = [];
  const guards: Guard[] = [];
  for (const each of read) {
    if ("problem" in each) mistakes.push(each);
    else guards.push({ ...each, place: guards.length });
  }
  for (const [index, line] of lines.entries()) {
    const first = lines.findIndex((other) => other.text === line.text);
    if (first < index) mistakes.push(mistakeAt("guards", line, "this guard is given twice", "remove one of them"));
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, value: guards };
}

function parseGuard(line: Excerpt): Rule | Mistake {
  const wrong: Wrong = (problem, remedy, part = line.text) => {
    const from = line.text.lastIndexOf(part);
    return mistakeAt("guards", line, problem, remedy, [from, from + part.length]);
  };
  const row = ROWS.find(({ begins }) => begins.test(line.text));
  if (row !== undefined) return row.parse(line, wrong);
  const { signal } = RULE.exec(line.text)?.groups ?? {};
  if (signal === undefined) return wrong("this is not a guard", `write "${FIRST.example}" or "alarm NAME"`);
  const remedy = `the signals are: ${ROWS.map(({ name }) => name).join(", ")}`;
  return mistakeAt("guards", line, `"${signal}" is not a signal`, remedy, [0, signal.length]);
}

/** In double quotes, a name can contain " #", and begin or end with a space. */
function parseAlarm(line: Excerpt, wrong: Wrong): Rule | Mistake {
  const given = line.text.replace(/^alarm\s+/, "");
  const alarm = /^"(.+)"$/.exec(given)?.[1] ?? given;
  if (alarm.length > LONGEST_NAME || /\p{Cc}/u.test(alarm)) {
    return wrong("this is not a valid alarm name", `use ${LONGEST_NAME} characters at most, on one line`, given);
  }
  return { kind: "alarm", text: line.text, alarm };
}
