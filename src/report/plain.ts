/**
 * What stands in a line without being seen there: control characters, line separators, what turns the direction of
 * writing, and characters without width, by which a name could show as another or a text hide in another. Only those
 * that emoji and some scripts are joined by may stay.
 */
const ODD = /[\p{Cc}\p{Zl}\p{Zp}\ufff9-\ufffb[\p{Default_Ignorable_Code_Point}--[\u200c\u200d\ufe0e\ufe0f]]]/gv;

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
 * of a line, even behind spaces, and `##[` anywhere in it, for the beginning of a command; and it looks for them by rules
 * of language, which overlook characters without weight, so that nothing but ASCII can be relied on to stand in between.
 */
export function printable(text: string): string {
  return text
    .toWellFormed()
    .replace(ODD, " ")
    .replace(/(#[^ -~]*#[^ -~]*)\[/g, "$1 [")
    .replace(/^([^!-~]*:[^ -~]*):/, "$1 :")
    .trimEnd();
}
