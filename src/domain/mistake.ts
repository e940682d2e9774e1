/** A mistake in an input: where it is, and what would be right. */
export interface Mistake {
  readonly input: string;
  /** The whole line with the mistake. */
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

/** A piece of an input with its line, so that a message can point at it. */
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
 * Splits an input into its trimmed, non-empty pieces. Each knows its line and column. `#` starts a comment at the start
 * of a line or after white space, but not between double quotes.
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

/** The problem, the line, and a caret under the spot with what would be right. */
export function formatMistake({ input, line, column, length, problem, remedy }: Mistake): string {
  const shown = line.trimStart();
  const indent = " ".repeat(Math.max(0, column - (line.length - shown.length)));
  return `${input}: ${problem}\n    ${shown}\n    ${indent}${"^".repeat(length)} ${remedy}`;
}
