import { existsSync } from "node:fs";
import { withGeneratedParts } from "../../docs/readme.ts";
import { parseGuards } from "../../src/release/guard-grammar.ts";
import { formatMistake, type Parsed } from "../../src/release/mistake.ts";
import { parsePlan } from "../../src/release/plan.ts";
import { LONGEST_OWN_TEXT } from "../../src/release/record.ts";
import { blocks, read, section } from "./files.ts";

test("the README's tables and workflows are what action.yml and the workflows give", () => {
  const readme = read("README.md");
  // Where this fails, run `npx node docs/readme.ts`.
  expect(readme).toBe(withGeneratedParts(readme, read));
});

/** The code in a column of a section's first table, the first column being 0. */
function examples(heading: string, column: number, path = "README.md"): readonly string[] {
  const [table = ""] = section(heading, path).match(/(?:^\|.*\n)+/m) ?? [];
  const [, , ...rows] = table.trim().split("\n");
  return rows.flatMap((row) => /^`([^`]+)`/.exec(row.split("|")[column + 1]?.trim() ?? "")?.[1] ?? []);
}

function assertParses(text: string, parsed: Parsed<unknown>): void {
  const mistakes = parsed.ok ? [] : parsed.mistakes.map(formatMistake);
  expect({ text, mistakes }).toStrictEqual({ text, mistakes: [] });
}

test("every plan in the README can be taken as steps", () => {
  const plans = examples("Steps", 0);
  expect(plans.length).toBeGreaterThanOrEqual(5);
  for (const plan of plans) assertParses(plan, parsePlan(plan));
});

test("every rule in the README can be taken as a guard, and all of them together; the page on the judgement has the same", () => {
  const rules = examples("Guards", 1);
  expect(examples("Signals", 1, "docs/judgement.md")).toStrictEqual(rules);
  const parsed = parseGuards(rules.join("\n"));
  assertParses(rules.join("\n"), parsed);
  const kinds = parsed.ok ? parsed.value.map((guard) => ("signal" in guard ? guard.signal : guard.kind)) : [];
  expect([...new Set(kinds)].sort()).toStrictEqual([
    ...["alarm", "async-event-age", "async-events-dropped", "concurrency", "dead-letter-errors"],
    ...["destination-failures", "error-rate", "iterator-age", "mean", "metric", "percentile", "throttles"],
  ]);
});

test("the README tells the room that an alias's description leaves for the user's own text", () => {
  expect(read("README.md")).toMatch(new RegExp(`up to ${LONGEST_OWN_TEXT} characters`));
});

/** The anchors of a page's headings. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replaceAll(" ", "-")
      .replace(/[^\w-]/g, ""),
  );
}

test.each(["README.md", "CONTRIBUTING.md", "SECURITY.md"])(
  "the links of %s into the project lead to files and headings that exist",
  (page) => {
    const targets = [...read(page).matchAll(/\]\(((?!https:)[^)]+)\)/g)].map(([, target = ""]) => target);
    const dead = targets.filter((target) => {
      const [file = "", anchor] = target.split("#");
      const path = file === "" ? page : file;
      if (!existsSync(new URL(`../../${path}`, import.meta.url))) return true;
      return anchor !== undefined && !anchors(path).includes(anchor);
    });
    expect(dead).toStrictEqual([]);
  },
);

/** The names of a file's tests and groups, as written in its source. */
function titlesOf(path: string): readonly string[] {
  return [...read(path).matchAll(/\b(?:test|describe)(?:\.each[^(]*\([\s\S]*?\))?\(\s*(["'`])(.+?)\1,/g)].map(
    ([, , title = ""]) => title,
  );
}

test("each promise in the README names a test that there is", () => {
  const [, , ...rows] = /(?:^\|.*\n)+/m.exec(section("Promises"))?.[0].trim().split("\n") ?? [];
  expect(rows.length).toBeGreaterThanOrEqual(20);
  const broken = rows.filter((row) => {
    const [, title = "", path = ""] = /\| "([^"]+)" in \[[\w.-]+\]\(([^)]+)\) \|$/.exec(row) ?? [];
    return path === "" || !titlesOf(path).some((found) => found.includes(title));
  });
  expect(broken).toStrictEqual([]);
});

interface Policy {
  readonly Statement: readonly {
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

function actionsOf({ Statement }: Policy): readonly string[] {
  return Statement.flatMap(({ Action }) => Action);
}

test("the README's policy allows each call that the adapters make, and no more", () => {
  const [text = "", ...others] = blocks("json");
  expect(others).toStrictEqual([]);
  const policy = JSON.parse(text) as Policy;
  const calls = (file: string, service: string) =>
    [...read(file).matchAll(/new (\w+)Command\(/g)].map(([, call]) => `${service}:${call}`);
  const made = [
    ...["lambda.ts", "callers.ts"].flatMap((file) => calls(`src/aws/${file}`, "lambda")),
    ...calls("src/aws/cloudwatch.ts", "cloudwatch"),
  ];
  expect([...actionsOf(policy)].sort()).toStrictEqual([...new Set(made)].sort());
});

/** What IAM can't tell functions apart by. */
const EVERYWHERE = ["cloudwatch:DescribeAlarms", "cloudwatch:GetMetricData", "lambda:ListEventSourceMappings"];
/** What is asked of the versions, whose numbers nobody knows beforehand. */
const OF_VERSIONS = ["lambda:GetFunctionConfiguration"];

test("the README's policy names the function or the alias wherever IAM can tell them apart", () => {
  const { Statement } = JSON.parse(blocks("json")[0] ?? "") as Policy;
  const named = "arn:aws:lambda:REGION:ACCOUNT:function:FUNCTION";
  for (const { Action, Resource } of Statement) {
    for (const action of [Action].flat()) {
      const wide = EVERYWHERE.includes(action) ? ["*"] : OF_VERSIONS.includes(action) ? [`${named}:*`] : [];
      const narrow = [named, `${named}:ALIAS`];
      const others = [Resource].flat().filter((resource) => ![...wide, ...narrow].includes(resource));
      expect({ action, others }).toStrictEqual({ action, others: [] });
    }
  }
});

test("every action of the README's policy is told to belong to a command", () => {
  const text = section("Permissions in AWS");
  const policy = JSON.parse(blocks("json")[0] ?? "") as Policy;
  const told = [...text.matchAll(/^\| (`\w+:.*?) \|/gm)].flatMap(([, cell = ""]) => cell.match(/\w+:\w+/g) ?? []);
  expect(told.sort()).toStrictEqual([...actionsOf(policy)].sort());
});
