// Control characters, line separators, and what turns the direction of writing, with which a name could show as another.
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text from outside as one harmless line, with single spaces. */
export function plain(text: string): string {
  return text.toWellFormed().replace(ODD, " ").replace(/\s+/g, " ").trim();
}

/** At most `length` characters, with `…` where something was cut off. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`.toWellFormed();
}

/**
 * One line that is safe to print to the log of a runner; its spaces stay as they are. The runner takes `::` at the start
 * of a line, even behind spaces, and `##[` anywhere in it, for the beginning of a command.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(ODD, " ")
    .replaceAll("##[", "## [")
    .replace(/^\s*::/, ": :")
    .trimEnd();
}
