import { verifiedTable } from "../../bench/verified.ts";
import { generated } from "../../docs/readme.ts";
import { LONGEST_OWN_TEXT } from "../../src/domain/alias-record.ts";
import { formatMistake, type Parsed } from "../../src/domain/mistake.ts";
import { parsePlan } from "../../src/domain/plan.ts";
import { parseGuards } from "../../src/guards/grammar.ts";
import { blocks, read, section } from "./files.ts";

describe("the generated parts", () => {
  test.each(Object.entries(generated(read)))("%s is what `npx node docs/readme.ts` makes", (path, text) => {
    expect(read(path)).toBe(text);
  });
});

test("the README can be read in one sitting", () => {
  expect(read("README.md").split("\n").length).toBeLessThanOrEqual(300);
});

test("the README's first limit is that nothing has run against AWS yet", () => {
  expect(/^- \*\*(.*?)\*\*/m.exec(section("Limits"))?.[1]).toBe("Nothing here has run against AWS yet.");
});

/** The rows of a section's first table, cell by cell. */
function rowsOf(heading: string, page: string): readonly (readonly string[])[] {
  const [table = ""] = /(?:^\|.*\n)+/m.exec(section(heading, page)) ?? [];
  const [, , ...rows] = table.trim().split("\n");
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(" | ")
      .map((cell) => cell.replace(/^\| |\|$/g, "").trim()),
  );
}

/** The code at the start of the cells in a column. The first column is 0. */
function examples(heading: string, column: number, page: string): readonly string[] {
  return rowsOf(heading, page).flatMap((cells) => /^`([^`]+)`/.exec(cells[column] ?? "")?.[1] ?? []);
}

/** The mistakes in a text, as its author would see them. */
function mistakesIn(parsed: Parsed<unknown>): readonly string[] {
  return parsed.ok ? [] : parsed.mistakes.map(formatMistake);
}

test("every plan in the README can be taken as steps", () => {
  const plans = examples("The plan and the guards", 0, "README.md");
  expect(plans.length).toBeGreaterThanOrEqual(5);
  expect(plans.flatMap((plan) => mistakesIn(parsePlan(plan)))).toEqual([]);
});

test("every rule in the README can be taken as a guard", () => {
  const [, table = ""] = section("The plan and the guards").split("| `guards` |");
  const rules = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, rule = ""]) => rule);
  expect(rules.length).toBeGreaterThanOrEqual(4);
  expect(mistakesIn(parseGuards(rules.join("\n")))).toEqual([]);
});

describe("the signals on the page about guards", () => {
  const rules = examples("Signals", 1, "docs/guards.md");
  const parsed = parseGuards(rules.join("\n"));

  test("can all be taken, and all together", () => {
    expect(mistakesIn(parsed)).toEqual([]);
  });

  test("have an example of each signal", () => {
    const kinds = parsed.ok ? parsed.value.map((guard) => ("signal" in guard ? guard.signal : guard.kind)) : [];
    expect([...new Set(kinds)].sort()).toEqual([
      ...["alarm", "async-event-age", "async-events-dropped", "concurrency", "dead-letter-errors"],
      ...["destination-failures", "duration", "error-rate", "iterator-age", "metric", "percentile", "throttles"],
      ...["url-4xx", "url-5xx", "url-latency"],
    ]);
  });

  test("are those on the page about the judgement", () => {
    expect(examples("Signals", 1, "docs/judgement.md")).toEqual(rules);
  });
});

test("the guards for what error-rate can't see can all be taken", () => {
  const guards = [...section("What error-rate can't see", "docs/guards.md").matchAll(/^\|[^|]+\| `([^`]+)`/gm)];
  const rules = guards.map(([, rule = ""]) => rule);
  expect(rules).toHaveLength(5);
  expect(rules.filter((rule) => rule.startsWith("metric AWS/ApiGateway/"))).toHaveLength(2);
  expect(mistakesIn(parseGuards(rules.join("\n")))).toEqual([]);
});

test.each(["docs/guards.md", "docs/questions.md"])("the guards in a block of text can be taken: %s", (page) => {
  const [rules = ""] = blocks("text", page);
  expect(rules).not.toBe("");
  expect(mistakesIn(parseGuards(rules))).toEqual([]);
});

test("the room that an alias's description leaves for the user's own text is told", () => {
  expect(read("docs/rollback-and-watchdog.md")).toContain(`up to ${LONGEST_OWN_TEXT} characters`);
});

test("the table of how much traffic it takes is what the product's own decisions give", () => {
  const page = read("docs/questions.md");
  // Only one row: all of them would take half a minute.
  const [head, rule, row] = verifiedTable([500]).split("\n");
  expect(page).toContain(`\n${head}\n${rule}\n`);
  expect(page).toContain(`\n${row}\n`);
});

test("the README says how much traffic the default steps need, as the table of that does", () => {
  const cells = /^\| \*\*calls needed for ✅\*\* \| \*\*([\d,]+)\*\* \| \*\*([\d,]+)\*\* /m;
  const [, few = "?", more = "?"] = cells.exec(read("docs/plan-and-replay.md")) ?? [];
  const text = read("README.md").replace(/\s+/g, " ");
  expect(text).toContain(`it takes ${few} calls a minute to prove`);
  expect(text).toContain(`if 0.1 % of calls fail, and ${more} if 1 % fail`);
});

/** The name of a test as written, and the file that should contain it. */
interface Claim {
  readonly title: string;
  readonly path: string;
}

const claims = rowsOf("Promises", "docs/safety.md").map(([, test = ""]): Claim => {
  const [, title = "", path = ""] = /^"([^"]+)" in \[[\w.-]+\]\(\.\.\/([^)]+)\)$/.exec(test) ?? [];
  return { title, path };
});

test("there are promises", () => {
  expect(claims.length).toBeGreaterThanOrEqual(20);
});

test.each(claims)("a promise names a test that there is: $title", ({ title, path }) => {
  // `describe.each` and `test.each` have their table before the title.
  const titles = [...read(path).matchAll(/\b(?:test|describe)(?:\.each[^(]*\([\s\S]*?\))?\(\s*(["`])(.+?)\1,/g)].map(
    ([, , found = ""]) => found,
  );
  expect(titles.filter((found) => found.includes(title))).not.toEqual([]);
});
