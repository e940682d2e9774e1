import { plain } from "./plain.ts";

/**
 * What GitHub turns into something else after it has rendered the Markdown, so that a backslash doesn't help: mentions
 * and mail addresses, formulas, URLs, emoji names, and references to issues, commits, advisories and (by a prefix that
 * the repository defines) other trackers. As code, such a word stays as it is.
 */
const CHARGED =
  /[@$]|#\d|[a-z]-\d|GHSA-|\/\/|www\.|mailto:|xmpp:|:(?:[+-]1|100|1234):|:\w*[a-z][\w-]*:|\b[0-9a-f]{7,40}\b/i;

/** Untrusted text as Markdown that shows just that text, for a line or a table cell. */
export function prose(text: string): string {
  const words = plain(text)
    .split(" ")
    .map((word) => (CHARGED.test(word) ? discharged(word) : escapeWord(word)));
  return words.join(" ").replace(END_OF_HEADING, "$1\\$2").replace(LIST_OR_HEADING, "$1\\$2");
}

/** Brackets, quotes and punctuation around a word. */
const EDGES = /^([("']*)(.+?)([)"'.,;:!?]*)$/;

/** A charged word as code; the punctuation around it stays text. */
function discharged(word: string): string {
  const [, before = "", core = word, after = ""] = EDGES.exec(word) ?? [];
  return `${escapeWord(before)}${code(core)}${escapeWord(after)}`;
}

/** A first word that would turn the line into a list item, a heading or a rule. */
const LIST_OR_HEADING = /^(\d*)([-=#+.)])(?=[-=#]*(?: |$))/;

/** `#` at the end, which Markdown would drop from a heading. */
const END_OF_HEADING = /(^| )(#+)$/;

function escapeWord(word: string): string {
  return word
    .replace(/[\\`*_[\]<>&~]/g, "\\$&")
    .replaceAll("|", "&#124;")
    .replace(/\.(?=\p{L})/gu, "\\.");
}

/** Untrusted text as a code span, for a line or a table cell. */
export function code(text: string): string {
  // A pipe ends a table cell even within code, and parsers differ on how to escape it there. So it goes between two
  // spans.
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

/** Untrusted lines, already made printable, as a code block. */
export function codeBlock(lines: readonly string[], language: string): string {
  const fence = "`".repeat(Math.max(3, longestRun(lines.join("\n")) + 1));
  return [fence + language, ...lines, fence].join("\n");
}

/** A command as a code block, in lines short enough to see all of it. It can be run as it is. */
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

/** A link; only its text if the URL isn't safe in Markdown. */
export function link(text: string, url: string): string {
  return /^https?:\/\/[^\s<>()[\]"'`\\|]+$/.test(url) ? `[${text}](${url})` : text;
}

/** Parts with an empty line in between. Those that are empty are left out. */
export function paragraphs(...parts: readonly string[]): string {
  return present(parts).join("\n\n");
}

/** A list. Items that are empty are left out. */
export function bullets(...items: readonly string[]): string {
  return present(items)
    .map((item) => `- ${item}`)
    .join("\n");
}

function present(parts: readonly string[]): readonly string[] {
  return parts.filter((part) => part !== "");
}

/** A table. The cells must be Markdown already. */
export function table(
  head: readonly string[],
  align: readonly ("left" | "center")[],
  rows: readonly (readonly string[])[],
): string {
  const rule = align.map((side) => (side === "left" ? ":--" : ":-:"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** One of GitHub's coloured alert boxes. */
export function box(kind: "NOTE" | "WARNING" | "CAUTION", text: string): string {
  return [`[!${kind}]`, ...text.split("\n")].map((line) => `> ${line}`.trimEnd()).join("\n");
}
