import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed } from "../domain/mistake.ts";
import { type Bounds, type BoundTerms, type BoundUnit, NUMBER, parseTerms, SHARE, TIME, type Wrong } from "./bound.ts";
import type { CountsSignal, Guard, LevelSignal, MeanSignal } from "./guard.ts";
import { LONGEST_NAME, METRIC_EXAMPLE, parseMetric } from "./metric.ts";

/** A signal that a guard can be about. */
interface SignalRow {
  /** Its name in the list that one gets for an unknown signal. */
  readonly name: string;
  readonly example: string;
  /** How a guard about it begins. */
  readonly begins: RegExp;
  parse(line: Excerpt, wrong: Wrong): Guard | Mistake;
}

/** A row for a guard that is a signal, an operator and a bound. */
function measured(
  name: string,
  bounds: Bounds,
  build: (text: string, signal: string, terms: BoundTerms) => Guard,
  signal = new RegExp(`^${name}$`),
): SignalRow {
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

function counts(signal: CountsSignal, example: string, comparable = false): SignalRow {
  const bounds = { unit: SHARE, example, comparable, holds: false };
  return measured(signal, bounds, (text, _, { tolerance }) => ({ kind: "counts", text, signal, tolerance }));
}

function level(signal: LevelSignal, unit: BoundUnit, example: string): SignalRow {
  const bounds = { unit, example, comparable: false, holds: true };
  return measured(signal, bounds, (text, _, { tolerance, hold }) => ({
    kind: "level",
    text,
    signal,
    limit: tolerance.margin,
    hold,
  }));
}

function mean(signal: MeanSignal, example: string): SignalRow {
  return measured(signal, latency(example), (text, _, { tolerance }) => ({ kind: "mean", text, signal, tolerance }));
}

function latency(example: string): Bounds {
  return { unit: TIME, example, comparable: true, holds: false };
}

/** The signals that a guard can be about. A new signal is a new row. */
const SIGNALS: readonly SignalRow[] = [
  counts("error-rate", "error-rate <= baseline * 1.5 + 0.5%", true),
  measured(
    "p50 … p99.9",
    latency("p90 <= baseline * 1.2"),
    (text, signal, { tolerance }) => ({ kind: "percentile", text, percentile: Number(signal.slice(1)), tolerance }),
    /^p(?!0+(?:\.0*)?(?:\s|[<>=]|$))[0-9]{1,2}(?:\.[0-9]{1,2})?$/,
  ),
  mean("duration", "duration <= baseline * 1.2"),
  counts("url-5xx", "url-5xx < 1%", true),
  counts("url-4xx", "url-4xx <= baseline * 1.5 + 0.5%", true),
  mean("url-latency", "url-latency <= baseline * 1.2"),
  counts("throttles", "throttles < 1%"),
  counts("dead-letter-errors", "dead-letter-errors < 0.1%"),
  counts("destination-failures", "destination-failures < 0.1%"),
  counts("async-events-dropped", "async-events-dropped < 0.1%"),
  level("iterator-age", TIME, "iterator-age < 30s for 3m"),
  level("async-event-age", TIME, "async-event-age < 60s for 3m"),
  level("concurrency", NUMBER, "concurrency < 800 for 3m"),
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
    else guards.push(each);
  }
  for (const [index, line] of lines.entries()) {
    const first = lines.findIndex((other) => other.text === line.text);
    if (first < index) mistakes.push(mistakeAt("guards", line, "this guard is given twice", "remove one of them"));
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  return { ok: true, value: guards };
}

function parseGuard(line: Excerpt): Guard | Mistake {
  const wrong: Wrong = (problem, remedy, part = line.text) => {
    const from = line.text.lastIndexOf(part);
    return mistakeAt("guards", line, problem, remedy, [from, from + part.length]);
  };
  const row = SIGNALS.find(({ begins }) => begins.test(line.text));
  if (row !== undefined) return row.parse(line, wrong);
  const { signal } = RULE.exec(line.text)?.groups ?? {};
  if (signal === undefined) return wrong("this is not a guard", `write "${SIGNALS[0]?.example}" or "alarm NAME"`);
  const remedy = `the signals are: ${SIGNALS.map(({ name }) => name).join(", ")}`;
  return mistakeAt("guards", line, `"${signal}" is not a signal`, remedy, [0, signal.length]);
}

/** In double quotes, a name can contain " #", and begin or end with a space. */
function parseAlarm(line: Excerpt, wrong: Wrong): Guard | Mistake {
  const given = line.text.replace(/^alarm\s+/, "");
  const alarm = /^"(.+)"$/.exec(given)?.[1] ?? given;
  if (alarm.length > LONGEST_NAME || /\p{Cc}/u.test(alarm)) {
    return wrong("this is not a valid alarm name", `use ${LONGEST_NAME} characters at most, on one line`, given);
  }
  return { kind: "alarm", text: line.text, alarm };
}
