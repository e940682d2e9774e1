import { readdirSync } from "node:fs";
import ts from "typescript";
import { read } from "./files.ts";

/**
 * The texts in a source file, each in pieces: without what is filled in. A text written over several lines counts as
 * one.
 */
function textsIn(path: string): readonly (readonly string[])[] {
  const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest, true);
  const found: (readonly string[])[] = [];
  const visit = (node: ts.Node) => {
    if (isNarrating(node)) return;
    const pieces = piecesOf(node);
    if (pieces === null) ts.forEachChild(node, visit);
    else {
      found.push(pieces.map(bare));
      // What is filled in may contain texts too.
      ts.forEachChild(node, function within(child) {
        if (ts.isTemplateSpan(child)) visit(child.expression);
        else ts.forEachChild(child, within);
      });
    }
  };
  visit(source);
  return found;
}

/** True for what the log says that a command is doing: nobody would look that up. */
function isNarrating(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node) && ts.isIdentifier(node.name) && node.name.text === "doing";
}

/** The pieces of a text; null if the node isn't a text. */
function piecesOf(node: ts.Node): readonly string[] | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text];
  if (ts.isTemplateExpression(node)) return [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [piecesOf(node.left), piecesOf(node.right)];
    if (left === null || right === null) return null;
    return [...left.slice(0, -1), `${left.at(-1)}${right[0]}`, ...right.slice(1)];
  }
  return null;
}

function bare(text: string): string {
  return text.replaceAll("`", "").replace(/\s+/g, " ");
}

const sources = readdirSync(new URL("../../src/", import.meta.url), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => `src/${file.replaceAll("\\", "/")}`);
const texts = new Map(sources.map((path) => [path, textsIn(path)] as const));
const pieces = [...new Set([...texts.values()].flat(2))];
const wholes = new Set(pieces.map((piece) => piece.trim()));
const corpus = pieces.join("\n");

const PAGE = "docs/troubleshooting.md";

/** The cells of all "You see" columns. */
const seen = [...read(PAGE).matchAll(/^\|[^\n]*\bYou see\b[^\n]*\|\n\|[-| ]+\|\n((?:\|.*\n)+)/gm)].flatMap(
  ([table = "", rows = ""]) => {
    const column = table
      .split("\n")[0]
      ?.split("|")
      .findIndex((cell) => cell.trim() === "You see");
    return rows
      .trim()
      .split("\n")
      .flatMap((row) => /^`(.+)`$/.exec(row.split("|")[column ?? 1]?.trim() ?? "")?.[1] ?? []);
  },
);

/** True if a text can be put together from the sources' pieces, none of which has only a few words. */
function isSaid(text: string): boolean {
  // The lengths that can be put together so far.
  const reached = new Set([0]);
  for (const from of reached) {
    for (let to = from + 1; to <= text.length; to++) {
      const part = text.slice(from, to);
      const isPiece = (part.match(/\p{L}{2,}/gu) ?? []).length >= 4 || !/\p{L}/u.test(part);
      if (wholes.has(part.trim()) || (isPiece && corpus.includes(part))) reached.add(to);
    }
  }
  return reached.has(text.length);
}

test("the page has the messages", () => {
  expect(seen.length).toBeGreaterThanOrEqual(200);
});

test.each(seen)("the sources can say: %s", (message) => {
  const unsaid = message
    .split("…")
    .map((part) => part.trim())
    .filter((part) => !isSaid(part));
  expect(unsaid).toEqual([]);
});

/** Files that report how things stand: nobody would look that up. */
const NARRATION =
  /^src\/(?:report\/(?:comment|function-table|guard-table|log|forecast-table|outputs|comment-budget|serving-summary|advice|verdict-sentence)|domain\/(?:alias-record|format)|guards\/signals|analysis\/(?:method|readings)|github\/(?:github|context)|aws\/(?:callers|partition))\.ts$/;
/** How many words make a message, as opposed to a pattern or an address. */
const FEW = 4;

function isSentence(text: string): boolean {
  return (text.match(/\p{L}[\p{L}'-]+/gu) ?? []).length >= FEW && text.includes(" ") && !text.includes("(?<");
}

const page = bare(read(PAGE)).replaceAll("\\|", "|");

describe("every message is on the page", () => {
  const told = [...texts].filter(([path]) => !NARRATION.test(path));
  test.each(told)("%s", (_, messages) => {
    const missing = messages
      .map((all) => all.map((piece) => piece.replace(/^[^\p{L}]+|[\s,;:.…(]+$/gu, "")))
      .map((all) => all.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), ""))
      .filter((longest) => isSentence(longest) && !page.includes(longest));
    expect(missing).toEqual([]);
  });
});
