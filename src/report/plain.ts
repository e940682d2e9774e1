/**
 * Invisible characters: control characters, line separators, those that change the direction of writing, and those
 * without width. With them, one name could look like another, or a text could hide in another. The ones that emoji and
 * some scripts need are kept.
 */
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0e\ufe0f]]]/gv;

/** Untrusted text as one harmless line, with single spaces. */
export function plain(text: string): string {
  return text.toWellFormed().replace(ODD, " ").replace(/\s+/g, " ").trim();
}

/** At most `length` characters, with `…` at the end if something was cut off. */
export function clip(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).trimEnd()}…`.toWellFormed();
}

/**
 * A line that is safe to print to a runner's log; its spaces are kept. The runner takes `::` at the start of a line,
 * even after spaces, and `##[` anywhere in a line for a command. It searches by language rules, which ignore some
 * characters. So only an ASCII character in between is sure to stop it.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(ODD, " ")
    .replace(/(#[^ -~]*#[^ -~]*)\[/g, "$1 [")
    .replace(/^([^!-~]*:[^ -~]*):/, "$1 :")
    .trimEnd();
}
