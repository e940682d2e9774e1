import { plain } from "./plain.ts";

/**
 * What GitHub makes something of after the Markdown was rendered, where no backslash helps: mentions and addresses,
 * formulas, references to issues, commits, advisories and, by a prefix of the repository's own, to other trackers, URLs,
 * emoji by name. Set as code, such a word stays what it is.
 */
const CHARGED =
  /[@$]|#\d|[a-z]-\d|GHSA-|\/\/|www\.|mailto:|xmpp:|:(?:[+-]1|100|1234):|:\w*[a-z][\w-]*:|\b[0-9a-f]{7,40}\b/i;

/** Text from outside as inert Markdown, for a line or a table's cell. What it shows is the text, and nothing else. */
export function prose(text: string): string {
  const words = plain(text)
    .split(" ")
    .map((word) => (CHARGED.test(word) ? discharged(word) : escapeWord(word)));
  return words.join(" ").replace(END_OF_HEADING, "$1\\$2").replace(LIST_OR_HEADING, "$1\\$2");
}

/** Brackets, quotes and the punctuation of the sentence, which are no part of a word. */
const EDGES = /^([("']*)(.+?)([)"'.,;:!?]*)$/;

/** A charged word as code; what is around it stays text. */
function discharged(word: string): string {
  const [, before = "", core = word, after = ""] = EDGES.exec(word) ?? [];
  return `${escapeWord(before)}${code(core)}${escapeWord(after)}`;
}

/** A first word that would make a list item, a heading or a rule of a whole line. */
const LIST_OR_HEADING = /^(\d*)([-=#+.)])(?=[-=#]*(?: |$))/;

/** A last word that would be no part of a heading. */
const END_OF_HEADING = /(^| )(#+)$/;

function escapeWord(word: string): string {
  return word
    .replace(/[\\`*_[\]<>&~]/g, "\\$&")
    .replaceAll("|", "&#124;")
    .replace(/\.(?=\p{L})/gu, "\\.");
}

/** Text from outside as a code span, for a line or a table's cell. */
export function code(text: string): string {
  // A pipe ends a table's cell even within code, and parsers differ on how to escape it there: it stands between spans.
  return plain(text)
    .split("|")
    .map((part) => (part === "" ? "" : span(part)))
    .join("&#124;");
}

function span(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** Lines from outside, each of them printable already, as a block of code. */
export function codeBlock(lines: readonly string[], language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [fence + language, ...lines, fence].join("\n");
}

/** A command as a block of code, in lines that fit into its box: nothing of it is out of sight, and it runs as it is. */
export function commandBlock(command: string): string {
  const lines = plain(command).split(/ (?=--function-(?:name|version) )/);
  return codeBlock(
    lines.map((line, place) => `${place === 0 ? "" : "  "}${line}${place < lines.length - 1 ? " \\" : ""}`),
    "sh",
  );
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}

/** A link, or only its text when the address is none that can stand in Markdown. */
export function link(text: string, url: string): string {
  return /^https?:\/\/[^\s<>()[\]"'`\\|]+$/.test(url) ? `[${text}](${url})` : text;
}

/** A table; the cells are Markdown already. */
export function table(
  head: readonly string[],
  align: readonly ("left" | "center")[],
  rows: readonly (readonly string[])[],
): string {
  const rule = align.map((side) => (side === "left" ? ":--" : ":-:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** One of the boxes that GitHub draws in the colour of their kind. */
export function box(kind: "NOTE" | "WARNING" | "CAUTION", text: string): string {
  return [`[!${kind}]`, ...text.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}
