/** A spot in an input that can't be taken, and what would be right. */
export interface Mistake {
  readonly input: string;
  /** The whole line that holds the mistake. */
  readonly line: string;
  /** Where in `line` it starts, from 0. */
  readonly column: number;
  readonly length: number;
  readonly problem: string;
  /** What would be right, as a sentence without a full stop. */
  readonly remedy: string;
}

/** What a parser gives: a value, or every mistake that it found. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly mistakes: readonly Mistake[] };

/** A piece of an input with the line it stands in, so that a mistake in it can be pointed at. */
export interface Excerpt {
  readonly text: string;
  readonly line: string;
  readonly column: number;
}

/** An input that is one piece. */
export function whole(text: string): Excerpt {
  const trimmed = text.trim();
  return { text: trimmed, line: trimmed, column: 0 };
}

/**
 * Cuts an input into its trimmed, non-empty pieces; every piece remembers its line and column.
 * `#` starts a comment when it stands at the start of a line or behind white space, and not between double quotes.
 */
export function excerpts(text: string, separator: RegExp): Excerpt[] {
  const found: Excerpt[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/("[^"]*")|(?:^|\s)#.*$/g, (_, quoted = "") => quoted).trimEnd();
    let column = 0;
    for (const piece of line.split(separator)) {
      const trimmed = piece.trim();
      if (trimmed !== "") found.push({ text: trimmed, line, column: column + piece.indexOf(trimmed) });
      column += piece.length + 1;
    }
  }
  return found;
}

/** A mistake about an excerpt, or about the part of it that `[from, to)` marks. */
export function mistakeAt(
  input: string,
  excerpt: Excerpt,
  problem: string,
  remedy: string,
  [from, to]: readonly [number, number] = [0, excerpt.text.length],
): Mistake {
  return {
    input,
    line: excerpt.line,
    column: excerpt.column + from,
    length: Math.max(1, to - from),
    problem,
    remedy,
  };
}

/** The line, a caret under the spot, and what would be right: three lines that a person can act on. */
export function formatMistake({ input, line, column, length, problem, remedy }: Mistake): string {
  const shown = line.trimStart();
  const indent = " ".repeat(Math.max(0, column - (line.length - shown.length)));
  return `${input}: ${problem}\n    ${shown}\n    ${indent}${"^".repeat(length)} ${remedy}`;
}
