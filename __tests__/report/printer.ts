import { readFileSync, writeFileSync } from "node:fs";
import { systemClock } from "../../src/action/clock.ts";
import { refuseInputs } from "../../src/action/failure.ts";
import { readCommonInputs, readInputs } from "../../src/action/inputs.ts";
import { ReportedJournal } from "../../src/action/journal.ts";
import { Redactor } from "../../src/action/redactor.ts";
import { COMMANDS } from "../../src/commands/table.ts";
import { readContext } from "../../src/github/context.ts";
import { GitHub } from "../../src/github/github.ts";
import type { Happening } from "../../src/release/events.ts";
import { said } from "../../src/release/reason.ts";
import type { ToldEvent as Event, ToldAnalysis } from "../../src/report/told.ts";

/** What to print, for a process that prints as the action does. */
export type Order = { readonly maskAccounts: boolean } & (
  | { readonly kind: "journal"; readonly events: readonly Event[] }
  | { readonly kind: "inputs"; readonly inputs: Readonly<Record<string, string>> }
);

/** What came of it, besides the log. */
export interface Told {
  readonly summary: string;
  /** The file as the runner gets it. */
  readonly outputs: string;
}

/** The line after everything that an order has printed. */
export const END = "--- all is told ---";

// `import.meta.main` needs Node 24.2.
if (process.argv[1] === import.meta.filename) {
  // The clock stands still, so that the same journal always prints the same times.
  const now = Date.UTC(2026, 10, 21, 14);
  Date.now = () => now;
  process.on("message", (order: Order) => void tell(order));
  process.send?.("ready");
}

async function tell(order: Order): Promise<void> {
  const redactor = new Redactor(order.maskAccounts);
  if (order.kind === "journal") await tellJournal(order.events, redactor);
  else await tellInputs(order.inputs, redactor);
  process.stdout.write(`${END}\n`);
  process.send?.({ summary: taken("GITHUB_STEP_SUMMARY"), outputs: taken("GITHUB_OUTPUT") } satisfies Told);
}

async function tellJournal([first, ...events]: readonly Event[], redactor: Redactor): Promise<void> {
  if (first?.kind !== "started") throw new Error("a journal begins with its start");
  const { task, traits, targets, guards, plan } = first;
  const read = readCommonInputs((name) => (name === "function" ? "checkout" : ""));
  if (!read.ok) throw new Error("the inputs are right");
  const context = readContext({ GITHUB_REPOSITORY: "octo-org/checkout", GITHUB_RUN_ID: "17000000001" });
  const journal = new ReportedJournal(
    { name: task, traits, comments: "never", plan, guards },
    {
      inputs: read.value,
      context,
      github: new GitHub(() => Promise.reject(new Error("nothing here asks GitHub"))),
      clock: systemClock,
      redactor,
    },
  );
  journal.write({ kind: "started", task, traits, run: first.run, targets, plan, guards });
  for (const event of events.slice(0, -1)) journal.write(untold(event));
  const last = events.at(-1);
  await journal.end(
    last?.kind === "ended"
      ? { ...last, reason: said(last.reason) }
      : { outcome: "failed", reason: said("the journal has no end"), verified: false },
  );
}

/** An event as it was before it was put in words. */
function untold(event: Event): Happening {
  const unsaid = ({ rule, place, reason, ...analysis }: ToldAnalysis) => ({
    ...analysis,
    guard: place === null ? null : { place, text: rule },
    reason: { kind: "unreadable", error: reason } as const,
  });
  switch (event.kind) {
    case "held":
      return { ...event, lacks: said(event.lacks) };
    case "judged":
      return { ...event, analyses: event.analyses.map(unsaid) };
    case "replayed":
      return { ...event, rows: event.rows.map((row) => ({ ...row, analysis: unsaid(row.analysis) })) };
    case "turned-back":
    case "stranded":
    case "ended":
      return { ...event, reason: said(event.reason) };
    default:
      return event;
  }
}

async function tellInputs(inputs: Readonly<Record<string, string>>, redactor: Redactor): Promise<void> {
  const read = await readInputs((name) => inputs[name] ?? "", COMMANDS);
  if (!read.ok) await refuseInputs(read.mistakes, redactor);
}

function taken(variable: string): string {
  const file = process.env[variable] ?? "";
  const text = readFileSync(file, "utf8");
  writeFileSync(file, "");
  return text;
}
