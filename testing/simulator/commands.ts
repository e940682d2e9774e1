import type { Instant } from "../../src/domain/time.ts";

/** A line of a step's log as a person sees it in the browser: masked, and with commands already applied. */
export type LogLine = {
  readonly at: Instant;
  readonly source: "stdout" | "stderr";
  readonly text: string;
} & (
  | { readonly kind: "text" | "debug" | "group" | "endgroup" }
  | { readonly kind: AnnotationKind; readonly properties: Readonly<Record<string, string>> }
);

export type AnnotationKind = "error" | "warning" | "notice";
export type Annotation = Extract<LogLine, { kind: AnnotationKind }>;

/** A workflow command: `::name property=value,…::data`, or the old form `##[name property=value;…]data`. */
interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The runner looks for commands with culture-aware comparison, which ignores these characters. */
const WEIGHTLESS = /[\p{Cc}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;
/** The commands that the runner obeys. Anything else that looks like a command is text. */
const COMMANDS = new Set(
  "error warning notice debug group endgroup add-mask stop-commands echo set-env set-output save-state add-path add-matcher remove-matcher".split(
    " ",
  ),
);

/** The command that the runner sees in a line; null for text. */
export function parseCommand(line: string): Command | null {
  return commandIn(line) ?? commandIn(line.replace(WEIGHTLESS, ""));
}

function commandIn(line: string): Command | null {
  const [, name = "", properties = "", data = ""] = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/.exec(line) ?? [];
  if (name !== "") return { ...named(name, properties, ","), data: unescapeData(data) };
  const [, older = "", more = "", rest = ""] = /##\[([^\]\s]+)(?: ([^\]]*))?\](.*)$/.exec(line) ?? [];
  return COMMANDS.has(older.toLowerCase()) ? { ...named(older, more, ";"), data: unescapeData(rest) } : null;
}

function named(name: string, properties: string, separator: string): Pick<Command, "name" | "properties"> {
  const pairs = properties
    .split(separator)
    .map((pair) => /^\s*([^=]+)=(.+)$/.exec(pair))
    .flatMap((match) => (match?.[1] && match[2] ? [[match[1], unescapeProperty(match[2])]] : []));
  return { name: name.toLowerCase(), properties: Object.fromEntries(pairs) };
}

const ESCAPED: Readonly<Record<string, string>> = { "%0D": "\r", "%0A": "\n", "%25": "%", "%3A": ":", "%2C": "," };

function unescapeData(text: string): string {
  return text.replace(/%(0D|0A|25)/g, (code) => ESCAPED[code] ?? code);
}

function unescapeProperty(text: string): string {
  return text.replace(/%(0D|0A|25|3A|2C)/g, (code) => ESCAPED[code] ?? code);
}

/** Secrets, replaced by `***` wherever they appear. Each line of a secret is masked by itself too. */
export class Masks {
  readonly #secrets = new Set<string>();

  add(secret: string): void {
    for (const part of [secret, ...secret.split(/\r?\n/)]) {
      if (part.trim() !== "") this.#secrets.add(part);
    }
  }

  apply(text: string): string {
    const longestFirst = [...this.#secrets].sort((a, b) => b.length - a.length);
    return longestFirst.reduce((masked, secret) => masked.replaceAll(secret, "***"), text);
  }
}

/** Reads what a process of an action prints, and obeys its commands as the runner does. */
export class LogReader {
  readonly masks: Masks;
  /** While set, no command is obeyed until this word comes as a command. */
  #stopWord: string | null = null;

  constructor(masks: Masks) {
    this.masks = masks;
  }

  /** @returns null if nothing of the line is shown */
  read(raw: string, source: LogLine["source"], at: Instant): LogLine | null {
    const command = parseCommand(raw);
    const say = (kind: "text" | "debug" | "group" | "endgroup", text: string): LogLine => {
      return { at, source, kind, text: this.masks.apply(text) };
    };
    if (this.#stopWord !== null) {
      if (command?.name === this.#stopWord) this.#stopWord = null;
      return say("text", raw);
    }
    switch (command?.name) {
      case "error":
      case "warning":
      case "notice": {
        const { properties } = command;
        return { at, source, kind: command.name, text: this.masks.apply(command.data), properties };
      }
      case "debug":
      case "group":
      case "endgroup":
        return say(command.name, command.data);
      case "add-mask":
        this.masks.add(command.data);
        return null;
      case "stop-commands":
        this.#stopWord = command.data.toLowerCase();
        return say("text", raw);
      default:
        return say("text", raw);
    }
  }
}

/**
 * Reads a file of outputs, state or environment variables: `name=value` or, for values of several lines,
 * `name<<delimiter`, the value, `delimiter`.
 */
export function parseNamedValues(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  const lines = text.split(/\r?\n/);
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    if (line === "") continue;
    const [, name, separator, rest] = /^(.+?)(=|<<)(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined || (separator === "<<" && rest === "")) {
      throw new Error(`Invalid format '${line}'`);
    }
    if (separator === "<<") {
      const end = lines.indexOf(rest);
      if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${rest}'`);
      values[name] = lines
        .splice(0, end + 1)
        .slice(0, -1)
        .join("\n");
    } else {
      values[name] = rest;
    }
  }
  return values;
}
