import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed } from "./mistake.ts";
import { type Duration, HOUR, MINUTE, parseDuration, SECOND } from "./time.ts";

/**
 * What a guard allows, in every minute: the canary's figure ≤ ratio × the baseline's + margin, in the unit of the signal
 * (shares of calls, 0.005 being 0.5 %; milliseconds; or a metric's own). A guard against a number has ratio 0 and needs
 * no baseline.
 */
export interface Tolerance {
  readonly ratio: number;
  readonly margin: number;
}

/** A metric of the user's own, with `$version`, `$alias` and `$function` still to be filled in. */
export interface OwnMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: string;
}

/** What is counted out of all calls, and whose calls those are. */
export type CountsSignal =
  | "error-rate"
  | "throttles"
  | "dead-letter-errors"
  | "destination-failures"
  | "async-events-dropped";
/** What is held against a bound for some minutes. */
export type LevelSignal = "iterator-age" | "async-event-age" | "concurrency";

/** One rule that must hold; `text` is the rule as the user wrote it, and its name in every report. */
export type Guard = { readonly text: string } & (
  | { readonly kind: "counts"; readonly signal: CountsSignal; readonly tolerance: Tolerance }
  /** `percentile` of 100; the tolerance in milliseconds. */
  | { readonly kind: "percentile"; readonly percentile: number; readonly tolerance: Tolerance }
  /** The mean duration; the tolerance in milliseconds. */
  | { readonly kind: "mean"; readonly tolerance: Tolerance }
  | { readonly kind: "level"; readonly signal: LevelSignal; readonly limit: number; readonly hold: Duration }
  /** `hold` is null for a metric that is compared with the baseline's. */
  | {
      readonly kind: "metric";
      readonly metric: OwnMetric;
      readonly tolerance: Tolerance;
      readonly hold: Duration | null;
    }
  | { readonly kind: "alarm"; readonly alarm: string }
);

/** A guard that is judged by CloudWatch's figures, function by function. */
export type MeasuredGuard = Exclude<Guard, { kind: "alarm" }>;

/** True for a guard that compares the canary with the baseline beside it. */
export function isComparing(guard: Guard): boolean {
  return "tolerance" in guard && guard.tolerance.ratio > 0;
}

/** The tolerance of a bare `error-rate <= baseline`. */
export const NORMAL: Tolerance = { ratio: 1.5, margin: 0.005 };
/** The tolerance of any other signal's bare `<= baseline`. */
const NORMAL_VALUE: Tolerance = { ratio: 1.2, margin: 0 };
/** How long a level may be over its bound, unless the guard says it. */
const HOLD: Duration = 3 * MINUTE;

interface Unit {
  /** What a number may carry, with its factor. */
  readonly suffixes: Readonly<Record<string, number>>;
  readonly example: string;
}

const SHARE: Unit = { suffixes: { "%": 0.01 }, example: "0.5%" };
const TIME: Unit = { suffixes: { ms: 1, s: SECOND, m: MINUTE }, example: "800ms" };
const NUMBER: Unit = { suffixes: { "": 1 }, example: "100" };

/** A signal that a guard can be about. */
interface SignalRow {
  /** As it is listed where a guard begins with something else. */
  readonly name: string;
  readonly example: string;
  /** How a guard about it begins. */
  readonly begins: RegExp;
  parse(line: Excerpt, wrong: Wrong): Guard | Mistake;
}

/** What can be said of a measured signal. */
interface Bounds {
  readonly unit: Unit;
  readonly example: string;
  /** Whether it is measured by version, so that it can stand against the baseline. */
  readonly comparable: boolean;
  /** Whether it may be over its bound for some minutes. */
  readonly holds: boolean;
}

interface Terms {
  readonly tolerance: Tolerance;
  readonly hold: Duration;
}

/** A row for a guard that is a signal, an operator and a bound. */
function measured(
  name: string,
  bounds: Bounds,
  build: (text: string, signal: string, terms: Terms) => Guard,
  signal = new RegExp(`^${name}$`),
): SignalRow {
  const parse = (line: Excerpt, wrong: Wrong) => {
    const { signal: given, operator, bound } = RULE.exec(line.text)?.groups ?? {};
    if (given === undefined || operator === undefined || bound === undefined) {
      return wrong("this guard has no bound", `for example: ${bounds.example}`);
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

function level(signal: LevelSignal, unit: Unit, example: string): SignalRow {
  const bounds = { unit, example, comparable: false, holds: true };
  return measured(signal, bounds, (text, _, { tolerance, hold }) => ({
    kind: "level",
    text,
    signal,
    limit: tolerance.margin,
    hold,
  }));
}

function latency(example: string): Bounds {
  return { unit: TIME, example, comparable: true, holds: false };
}

const METRIC_EXAMPLE = "metric Shop/CheckoutTime {Service=checkout, Version=$version} p90 <= baseline * 1.2";

/** The signals that a guard can be about. A new signal is a new row. */
const SIGNALS: readonly SignalRow[] = [
  counts("error-rate", "error-rate <= baseline * 1.5 + 0.5%", true),
  measured(
    "p50 … p99.9",
    latency("p90 <= baseline * 1.2"),
    (text, signal, { tolerance }) => ({ kind: "percentile", text, percentile: Number(signal.slice(1)), tolerance }),
    /^p(?!0+(?:\.0*)?(?:\s|[<>=]|$))[0-9]{1,2}(?:\.[0-9]{1,2})?$/,
  ),
  measured("duration", latency("duration <= baseline * 1.2"), (text, _, { tolerance }) => ({
    kind: "mean",
    text,
    tolerance,
  })),
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

/** What CloudWatch takes as the name of a metric, of its namespace, or of a dimension; and as a dimension's value. */
const LONGEST_NAME = 255;
const LONGEST_VALUE = 1024;
const MOST_DIMENSIONS = 30;
const NAME = /^(?!:)[ -~]+$/;
const VALUE = /^[ -~]+$/;

const RULE = /^(?<signal>[\w.-]+)\s*(?<operator><=|<|>=|>|==|=)(?![<>=])\s*(?<bound>.*\S)$/;
const BOUND =
  /^(?:(?<baseline>baseline)(?:\s*\*\s*(?<ratio>\d+(?:\.\d+)?))?(?:\s*\+\s*(?<margin>\S+))?|(?<number>[\d.]+\s*[^\s\d]*))(?:\s+for\s+(?<hold>\S+))?$/;
const METRIC =
  /^metric\s+(?<path>[^\s{]+)\s*\{(?<dimensions>[^}]*)\}\s*(?<statistic>\S+)\s+(?<operator><=|<|>=|>|==|=)\s*(?<bound>.*\S)$/;
const STATISTIC = /^(Average|Sum|Minimum|Maximum|SampleCount|p(?!0+(\.0*)?$)\d{1,2}(\.\d{1,10})?)$/;
/** What grows with the traffic: versions that get different shares of it can't be compared by them. */
const TOTALS = /^(Sum|SampleCount)$/;
/** The fewer calls, the nearer together: versions that get different shares of the traffic can't be compared by them. */
const EXTREMES = /^(Minimum|Maximum)$/;

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

/** Makes a mistake about a part of a line; the last place in which the part stands is pointed at. */
type Wrong = (problem: string, remedy: string, part?: string) => Mistake;

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

/** A name in double quotes is what stands between them: so it may hold " #", and begin or end with a space. */
function parseAlarm(line: Excerpt, wrong: Wrong): Guard | Mistake {
  const given = line.text.replace(/^alarm\s+/, "");
  const alarm = /^"(.+)"$/.exec(given)?.[1] ?? given;
  if (alarm.length > LONGEST_NAME || /\p{Cc}/u.test(alarm)) {
    return wrong("this can't be the name of an alarm", `${LONGEST_NAME} characters at most, on one line`, given);
  }
  return { kind: "alarm", text: line.text, alarm };
}

function parseTerms(
  operator: string,
  bound: string,
  { unit, example, comparable, holds }: Bounds,
  signal: string,
  wrong: Wrong,
): Terms | Mistake {
  if (operator !== "<=" && operator !== "<") {
    return wrong(`a guard can't use "${operator}"`, `a guard says what is allowed: write "<="`, operator);
  }
  const parts = BOUND.exec(bound)?.groups;
  if (parts === undefined) return wrong(`"${bound}" is not a bound`, `for example: ${example}`, bound);
  const { baseline, ratio, margin, number, hold } = parts;
  if (baseline !== undefined && !comparable) {
    return wrong(`${signal} is not measured by version`, `hold it against a number: ${example}`, bound);
  }
  const held = hold === undefined ? HOLD : parseDuration(hold);
  if (hold !== undefined && (!holds || baseline !== undefined)) {
    const problem = `"for ${hold}" can't be said of ${signal}${holds ? " against the baseline" : ""}`;
    return wrong(problem, "leave it out: this guard is judged by all that was seen", `for ${hold}`);
  }
  if (held === null || held < MINUTE || held > HOUR) {
    return wrong(`"${hold}" is not a time to wait`, 'write it as "3m": from 1m to 1h', hold);
  }

  const amount = number ?? margin;
  const value = amount === undefined ? 0 : parseAmount(amount, unit);
  if (value === null) {
    return wrong(
      `"${amount}" is not an amount of ${signal}`,
      `write it as "${amountOf(example) ?? unit.example}"`,
      amount,
    );
  }
  const isBare = baseline !== undefined && ratio === undefined && margin === undefined;
  const normal = unit === SHARE ? NORMAL : NORMAL_VALUE;
  const tolerance = isBare ? normal : { ratio: baseline === undefined ? 0 : Number(ratio ?? 1), margin: value };
  if (unit === SHARE && tolerance.margin >= 1) {
    return wrong("100 % or more forbids nothing", `write it as "${unit.example}"`, bound);
  }
  if (tolerance.margin === 0 && tolerance.ratio < 1 && unit !== NUMBER) {
    const remedy =
      unit === SHARE ? 'leave some room, as in "baseline * 1.5 + 0.5%" or "1%"' : `for example: ${example}`;
    return wrong(unit === SHARE ? "this bound allows no failure at all" : "nothing can be so fast", remedy, bound);
  }
  return { tolerance, hold: held };
}

function parseMetric(line: Excerpt, wrong: Wrong): Guard | Mistake {
  const { path, dimensions: list, statistic, operator, bound } = METRIC.exec(line.text)?.groups ?? {};
  if (
    path === undefined ||
    list === undefined ||
    statistic === undefined ||
    operator === undefined ||
    bound === undefined
  ) {
    return wrong("this is not a guard on a metric", `for example: ${METRIC_EXAMPLE}`);
  }
  const slash = path.lastIndexOf("/");
  if (slash < 1 || slash === path.length - 1) {
    return wrong(`"${path}" names no metric`, "write it as Namespace/Name", path);
  }
  const namespace = path.slice(0, slash);
  const metricName = path.slice(slash + 1);
  if (!isName(namespace) || !isName(metricName)) {
    const remedy = `ASCII only, ${LONGEST_NAME} characters at most each, and none begins with a colon`;
    return wrong("CloudWatch has no such names", remedy, path);
  }
  const dimensions: Record<string, string> = Object.create(null);
  for (const piece of list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")) {
    const [, name, value] = /^([^=\s]+)\s*=\s*(\S.*)$/.exec(piece) ?? [];
    if (name === undefined || value === undefined) {
      return wrong(`"${piece}" is not a dimension`, "write it as Name=value", piece);
    }
    const unknown = /\$(?!version\b|alias\b|function\b)\w*/.exec(value)?.[0];
    if (unknown !== undefined) {
      return wrong(`"${unknown}" can't be filled in`, "there are $version, $alias and $function", unknown);
    }
    if (name in dimensions) return wrong(`the dimension ${name} is given twice`, "leave one of them out", piece);
    if (!isName(name) || !VALUE.test(value) || value.length > LONGEST_VALUE) {
      const remedy = `ASCII only, names of ${LONGEST_NAME} characters at most that don't begin with a colon, values of ${LONGEST_VALUE}`;
      return wrong("CloudWatch has no such dimensions", remedy, piece);
    }
    dimensions[name] = value;
  }
  if (Object.keys(dimensions).length > MOST_DIMENSIONS) {
    return wrong(`a metric has ${MOST_DIMENSIONS} dimensions at most`, "name those of one series", list);
  }
  if (!STATISTIC.test(statistic)) {
    const remedy = "write Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p90";
    return wrong(`"${statistic}" is not a statistic`, remedy, statistic);
  }
  const byVersion = Object.values(dimensions).some((value) => value.includes("$version"));
  if (bound.startsWith("baseline") && byVersion && TOTALS.test(statistic)) {
    const problem = `the ${statistic} of a version grows with its share of the traffic, so it can't be compared`;
    return wrong(problem, "compare an Average or a percentile", statistic);
  }
  if (bound.startsWith("baseline") && byVersion && EXTREMES.test(statistic)) {
    const problem = `the ${statistic} of a version depends on how many calls it gets, so it can't be compared`;
    return wrong(problem, "compare an Average or a percentile", statistic);
  }
  if (bound.startsWith("baseline") && !byVersion) {
    return wrong(
      "this metric is not measured by version",
      "give it a dimension with $version, or hold it against a number",
      bound,
    );
  }
  const bounds: Bounds = { unit: NUMBER, example: METRIC_EXAMPLE, comparable: byVersion, holds: true };
  const terms = parseTerms(operator, bound, bounds, "this metric", wrong);
  if ("problem" in terms) return terms;
  const metric: OwnMetric = { namespace, name: metricName, dimensions: { ...dimensions }, statistic };
  const { tolerance, hold } = terms;
  return { kind: "metric", text: line.text, metric, tolerance, hold: tolerance.ratio > 0 ? null : hold };
}

function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST_NAME;
}

/** The amount in an example, where it has one: `30s` of `iterator-age < 30s for 3m`. */
function amountOf(example: string): string | null {
  return /[<+]\s*=?\s*(\d\S*)/.exec(example)?.[1] ?? null;
}

function parseAmount(text: string, unit: Unit): number | null {
  const [, number, suffix = ""] = /^(\d+(?:\.\d+)?)\s*(\S*)$/.exec(text) ?? [];
  const factor = unit.suffixes[suffix];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
