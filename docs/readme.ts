import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";
import { RISKS } from "../src/analysis/e-process.ts";
import { formatCount, formatShare } from "../src/domain/format.ts";
import { NOTHING_USUAL } from "../src/domain/member.ts";
import { DAY, type Duration, formatDuration, HOUR, MINUTE, SECOND } from "../src/domain/time.ts";
import { forecast, type Prospect } from "../src/forecast/forecast.ts";
import { smallestFound } from "../src/forecast/power.ts";
import { NORMAL } from "../src/guards/guard.ts";
import { guardsOf, planOf } from "../testing/fakes/terms.ts";
import { markdownTable } from "../testing/markdown-table.ts";

/** The part of `action.yml` that the pages show. */
interface Metadata {
  readonly inputs: Readonly<Record<string, Input>>;
  readonly outputs: Readonly<Record<string, { readonly description: string }>>;
}

interface Input {
  readonly description: string;
  readonly required?: boolean;
  readonly default?: string;
}

/** What users write where this repository uses its own action. A real owner's name has no underscore. */
const IN_YOUR_REPOSITORY = "ACTION_OWNER/lambda-canary@v1 # ACTION_OWNER, v1: see the quick start in the README";

/** Generated parts of pages. In a page, each stands between `<!-- name -->` and `<!-- /name -->`. */
const PAGES: Readonly<Record<string, readonly string[]>> = {
  "README.md": ["canary.yml", "inputs", "outputs"],
  "docs/plan-and-replay.md": ["power", "verified-from"],
};
const EXAMPLES = ["rollback.yml", "watchdog.yml"];

/**
 * The generated files by path, as they should be: the pages with the tables of `action.yml`, and the workflows to copy.
 *
 * @param read returns a file of the repository by its path
 */
export function generated(read: (path: string) => string): Readonly<Record<string, string>> {
  const { inputs, outputs } = parse(read("action.yml")) as Metadata;
  const parts: Readonly<Record<string, string>> = {
    inputs: markdownTable(["Input", "Default", "Meaning"], Object.entries(inputs).map(inputRow)),
    outputs: markdownTable(
      ["Output", "Meaning"],
      Object.entries(outputs).map(([name, { description }]) => [code(name), cell(description)]),
    ),
    power: powerTable(),
    "verified-from": verifiedTable(inputs),
    "canary.yml": `\`\`\`yaml\n${workflow(read(".github/workflows/canary.yml"))}\`\`\``,
  };
  const pages = Object.entries(PAGES).map(([path, names]) => [
    path,
    names.reduce((text, name) => replacePart(text, name, parts[name] ?? "", path), read(path)),
  ]);
  const examples = EXAMPLES.map((file) => [`examples/${file}`, workflow(read(`.github/workflows/${file}`))]);
  return Object.fromEntries([...pages, ...examples]);
}

/** The smallest error rates that the default guard finds, by calls a minute, minutes and weights. */
function powerTable(): string {
  const found = (perMinute: number, minutes: number) =>
    [0.05, 0.1, 0.5]
      .map((share) => {
        const scene = { calls: perMinute * minutes * share, minutes, share, alpha: RISKS.alpha };
        const rate = smallestFound(0.001, NORMAL, scene);
        return rate === null ? "blind" : formatShare(rate);
      })
      .join(", ");
  return markdownTable(
    ["calls a minute", "10 minutes", "30 minutes", "60 minutes"],
    [10, 100, 1_000, 10_000].map((perMinute) => [
      formatCount(perMinute),
      ...[10, 30, 60].map((minutes) => found(perMinute, minutes)),
    ]),
  );
}

/** The shares of calls that fail, of both versions. */
const FAILING = [0.001, 0.01, 0.05] as const;

/** When the default steps and guard show that a good version is good, and how many calls a minute that takes at least. */
function verifiedTable({ steps, guards }: Metadata["inputs"]): string {
  const [plan, rules] = [planOf(steps?.default ?? ""), guardsOf(guards?.default ?? "")];
  const forecastOf = (perMinute: number, failing: number) =>
    forecast(prospectOf(perMinute, failing), plan, rules, 1, 0, { maxHold: null, inEachStep: false }).verifies;
  const minute = (perMinute: number, failing: number) => {
    const verifies = forecastOf(perMinute, failing);
    if (verifies.kind === "after") return `minute ${verifies.time / MINUTE}`;
    return verifies.kind === "beyond" && verifies.time !== null ? `(${formatDuration(verifies.time)})` : "–";
  };
  const needed = (failing: number) => {
    const verifies = forecastOf(1, failing);
    return verifies.kind === "beyond" ? `**${formatCount(verifies.callsPerMinute ?? Number.NaN)}**` : "–";
  };
  return markdownTable(
    ["calls a minute", ...FAILING.map((failing) => `${formatShare(failing)} fail`)],
    [
      ...[100, 300, 1_000, 3_000, 10_000].map((perMinute) => [
        formatCount(perMinute),
        ...FAILING.map((failing) => minute(perMinute, failing)),
      ]),
      ["**calls needed for ✅**", ...FAILING.map(needed)],
    ],
  );
}

/** A function with the same calls at all hours. */
function prospectOf(perMinute: number, failing: number): Prospect {
  const callsIn = (time: Duration) => {
    const calls = (perMinute * time) / MINUTE;
    return { calls, failures: calls * failing };
  };
  const perHour = callsIn(HOUR);
  return {
    function: "checkout",
    week: { ...callsIn(7 * DAY), callsByHour: Array(24).fill(perHour.calls), recent: null, latency: {} },
    usual: { ...NOTHING_USUAL, hasErrorSamples: true, rates: { "error-rate": perHour } },
    // Lambda's default.
    timeout: 3 * SECOND,
  };
}

function inputRow([name, { description, required, default: value }]: [string, Input]): string[] {
  return [code(name), required ? "required" : value === undefined ? "" : code(value), cell(description)];
}

function replacePart(text: string, name: string, part: string, path: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const from = text.indexOf(start);
  // If nothing stands between the two yet, they share one line break.
  const to = text.indexOf(end, from + start.length - 1);
  if (from < 0 || to < 0) throw new Error(`${path} has no ${start.trim()} followed by ${end.trim()}`);
  return `${text.slice(0, from)}${start}${part}${text.slice(to)}`;
}

/** A workflow of this repository, as it looks in another one. */
function workflow(text: string): string {
  const paragraphs = text.trim().split("\n\n");
  const kept = paragraphs.filter((paragraph) => !paragraph.includes("# Only for ./"));
  return `${kept.join("\n\n").replace(/uses: \.\/ #.*/, `uses: ${IN_YOUR_REPOSITORY}`)}\n`;
}

function code(text: string): string {
  return `\`${cell(text)}\``;
}

function cell(text: string): string {
  return text.trim().replace(/\s+/g, " ").replaceAll("|", "\\|");
}

if (import.meta.main) {
  const at = (path: string) => new URL(`../${path}`, import.meta.url);
  const files = generated((path) => readFileSync(at(path), "utf8"));
  for (const [path, text] of Object.entries(files)) writeFileSync(at(path), text);
}
