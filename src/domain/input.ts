import { formatList } from "./format.ts";
import { type Excerpt, type Mistake, mistakeAt, type Parsed, whole } from "./mistake.ts";
import { type Duration, formatDuration, parseDuration } from "./time.ts";

/** Returns an input's text by its name, "" if it isn't set. */
export type ReadInput = (name: string) => string;

/** Values that were parsed one by one, as one value; or the mistakes in all of them, in their order. */
export function together<T extends object>(parts: { readonly [K in keyof T]: Parsed<T[K]> }): Parsed<T> {
  const all = Object.entries<Parsed<unknown>>(parts);
  const mistakes = all.flatMap(([, part]) => (part.ok ? [] : part.mistakes));
  if (mistakes.length > 0) return { ok: false, mistakes };
  /* c8 ignore next -- for the types only: all parts are fine here */
  const values = all.flatMap(([name, part]) => (part.ok ? [[name, part.value]] : []));
  return { ok: true, value: Object.fromEntries(values) as T };
}

/** An input that is one piece; `usual` if it isn't set. */
export function readOne<T>(
  read: ReadInput,
  name: string,
  usual: T,
  parse: (excerpt: Excerpt) => T | Mistake,
): Parsed<T> {
  const excerpt = whole(read(name));
  if (excerpt.text === "") return { ok: true, value: usual };
  const result = parse(excerpt);
  return isMistake(result) ? { ok: false, mistakes: [result] } : { ok: true, value: result };
}

/** One of several words; the first one if the input isn't set. */
export function readChoice<T extends string>(read: ReadInput, name: string, choices: readonly [T, ...T[]]): Parsed<T> {
  return readOne<T>(read, name, choices[0], (excerpt) => {
    const remedy = `write ${formatList(choices).replace(/ and /, " or ")}`;
    const found = choices.find((each) => each === excerpt.text);
    return found ?? mistakeAt(name, excerpt, `"${excerpt.text}" is not a choice`, remedy);
  });
}

/** What durations an input takes. */
export interface DurationBounds {
  /** Also the example for whoever gave something else. */
  readonly usual: Duration;
  readonly least: Duration;
  readonly most: Duration;
}

/** A duration within bounds. */
export function readDuration(read: ReadInput, name: string, { usual, least, most }: DurationBounds): Parsed<Duration> {
  return readOne(read, name, usual, (excerpt) => {
    const duration = parseDuration(excerpt.text);
    if (duration !== null && duration >= least && duration <= most) return duration;
    const remedy = `write it as "${formatDuration(usual)}": from ${formatDuration(least)} to ${formatDuration(most)}`;
    return mistakeAt(name, excerpt, `"${excerpt.text}" can't be used`, remedy);
  });
}

function isMistake(value: unknown): value is Mistake {
  return typeof value === "object" && value !== null && "remedy" in value;
}
