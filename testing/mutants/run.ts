import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { LogLevel, MutantResult } from "@stryker-mutator/api/core";
import { Stryker } from "@stryker-mutator/core";
import { ACCEPTED, type Accepted } from "./accepted.ts";
import { MUTATED } from "./rooms.ts";
import { NOT_SAMPLED } from "./sample.ts";
import { Types } from "./types.ts";

/**
 * `npm run mutants`: changes what judges, decides, writes, claims and heals, one small change at a time, and prints
 * those that no unit test notices. Exits with 1 on any that isn't in `accepted.ts`.
 *
 * `--only PATH` changes this file only, or these lines of it (`src/engine/heal.ts:20-40`), `--sample N` tries N changes
 * drawn at random, `--workers N` runs in N processes, one by default.
 */

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    sample: { type: "string" },
    workers: { type: "string", default: "1" },
  },
});
const plugin = (name: string) => new URL(name, import.meta.url).pathname;
const results = await new Stryker({
  mutate: values.only.length > 0 ? values.only : MUTATED.map((room) => `src/${room}/*.ts`),
  testRunner: "rooms",
  ...(values.sample === undefined ? {} : { checkers: ["sample"], sample: Number(values.sample) }),
  plugins: [plugin("./runner.ts"), plugin("./sample.ts")],
  coverageAnalysis: "perTest",
  concurrency: Number(values.workers),
  // On a busy machine a test takes longer than in the first run.
  timeoutFactor: 4,
  reporters: ["progress-append-only"],
  logLevel: "warn" as LogLevel,
  warnings: false,
  disableTypeChecks: false,
  // Outside the repository, where Jest and lint would find it.
  tempDirName: join(tmpdir(), "lambda-canary-mutants"),
  cleanTempDir: "always",
  ignorePatterns: ["/dist"],
}).runMutationTest();

const tried = results.filter(({ statusReason }) => statusReason !== NOT_SAMPLED);
const types = new Types();
const survivors = tried
  .filter(({ status }) => status === "Survived" || status === "NoCoverage")
  .map(changeOf)
  .filter((change) => !isWording(change) && !types.refuse(change.file, change.mutated));
const others = survivors.filter((change) => !ACCEPTED.some((each) => isSame(each, change)));
for (const { file, at, line, change } of others) print(`${file}:${at}\n  ${line}\n  ${change}\n`);

const files = new Set(tried.map(({ fileName }) => relative(process.cwd(), fileName)));
const isWhole = values.sample === undefined && !values.only.some((path) => /:\d/.test(path));
const gone = ACCEPTED.filter((each) => files.has(each.file) && !survivors.some((change) => isSame(each, change)));
for (const { file, line, change } of isWhole ? gone : []) {
  print(`No longer survives, so it can leave the list: ${file}\n  ${line}\n  ${change}\n`);
}
const accepted = survivors.length - others.length;
print(`${tried.length} changes. Without a test that notices: ${others.length}, and ${accepted} with a reason.`);
process.exit(others.length === 0 ? 0 : 1);

interface Change extends Omit<Accepted, "reason"> {
  readonly at: number;
  readonly mutator: string;
  readonly before: string;
  /** The text of the whole file with the change made. */
  readonly mutated: string;
}

function changeOf({ fileName, location: { start, end }, mutatorName, replacement = "" }: MutantResult): Change {
  const text = readFileSync(fileName, "utf8");
  const lines = text.split("\n");
  const offset = ({ line, column }: typeof start) =>
    lines.slice(0, line - 1).join("\n").length + column - (line > 1 ? 0 : 1);
  const before = text.slice(offset(start), offset(end));
  return {
    file: relative(process.cwd(), fileName),
    at: start.line,
    line: (lines[start.line - 1] ?? "").trim(),
    mutator: mutatorName,
    before,
    change: `${onOneLine(before)} → ${onOneLine(replacement)}`,
    mutated: `${text.slice(0, offset(start))}${replacement}${text.slice(offset(end))}`,
  };
}

/** Words for people are held by the reviewed transcripts and comments, which are no unit tests. */
function isWording({ mutator, before }: Change): boolean {
  return mutator === "StringLiteral" && /[\w}] | [\w$]/.test(before);
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

function isSame(a: Omit<Accepted, "reason">, b: Omit<Accepted, "reason">): boolean {
  return a.file === b.file && a.line === b.line && a.change === b.change;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
