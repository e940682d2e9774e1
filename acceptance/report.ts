import { markdownTable } from "../testing/markdown-table.ts";
import type { Finding } from "./trial.ts";

/** What a run was about, for the head of its report. */
export interface Circumstances {
  /** The Region, or the address that stands in for AWS. */
  readonly where: string;
  readonly began: Date;
  readonly ended: Date;
  readonly calls: number;
  /** How many of them got no answer. */
  readonly lost: number;
  readonly skipped: readonly string[];
  /** Why it ended early; null if it didn't. */
  readonly failure: string | null;
  /** What became of what it made. */
  readonly cleaned: string;
}

/** The report as Markdown: what matters first, then every assumption. */
export function reportOf(findings: readonly Finding[], circumstances: Circumstances): string {
  const { where, began, ended, calls, lost, skipped, failure, cleaned } = circumstances;
  const different = findings.filter(({ same }) => same === false);
  const open = findings.filter(({ same }) => same === null);
  const verdict =
    different.length > 0
      ? `**${different.length} of ${findings.length} assumptions are wrong here.**`
      : `**No assumption of ${findings.length} is wrong here.**`;
  const facts = [
    `From ${stampOf(began)} to ${stampOf(ended)}, ${calls} calls${lost > 0 ? `, of which ${lost} got no answer` : ""}.`,
    ...(open.length > 0 ? [`${open.length} couldn't be measured.`] : []),
    ...(skipped.length > 0 ? [`Left out: ${skipped.join(", ")}.`] : []),
    cleaned,
  ];
  return [
    `# Lambda Canary on ${where}`,
    ...(failure === null ? [] : [`**It ended early:** ${textOf(failure)}`]),
    verdict,
    facts.join(" "),
    ...(different.length > 0 ? ["## Wrong here", tableOf(different)] : []),
    "## Every assumption",
    tableOf(findings),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

function tableOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ assumption, simulator, seen, same }) => {
    const mark = same === null ? "not measured" : same ? "yes" : "**no**";
    return [...[assumption, simulator, seen].map(textOf), mark];
  });
  return markdownTable(["Assumption", "The simulator", "Seen", "Same"], rows);
}

/** One line, in which nothing is markup. Ids of accounts are left out: the report may be public. */
function textOf(text: string): string {
  return text
    .replace(/\s+/g, " ")
    .replace(/\b\d{12}\b/g, "ACCOUNT")
    .replace(/[\\`*_[\]<>|#~]/g, (character) => `\\${character}`);
}

function stampOf(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
