import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { box, code, codeBlock, link, prose, table } from "../../src/report/markdown.ts";
import { rendered } from "./rendered.ts";

const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const folded = (text: string) => text.toWellFormed().replace(CONTROL, " ").replace(/\s+/g, " ").trim();

const charged = fc.constantFrom(
  ..."\\ ` `` ``` * ** _ __ [ ] ( ) < > & | ~ ~~ ! # $ @ : :: + - --- = === . / // ^ { } ' \" \n \r\n \t 0 1. 2) a é 😀".split(
    " ",
  ),
  ...[
    "\n",
    "\n\n    ",
    " ",
    "\0",
    "\u202e",
    "\ud800",
    "<!--",
    "-->",
    "<b>",
    "</details>",
    "<img src=x>",
    "&amp;",
    "&#64;",
  ],
  ...["@octocat", "#12", "GH-7", "o/r#1", "https://a.example", "www.a.example", "a.com", "me@a.example", "//localhost"],
  ...[
    "[a](b)",
    "![a](b)",
    "[a]: b",
    "| a | b |",
    "|---|---|",
    "\\|",
    "`|`",
    "**a**",
    ":tada:",
    "$a$",
    "deadbeef",
    "ftp://a",
  ],
);
const hostile = fc.oneof(
  fc.array(charged, { maxLength: 12 }).map((parts) => parts.join("")),
  fc.array(charged, { maxLength: 8 }).map((parts) => parts.join(" ")),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);

function assertOnly(tags: Set<string>, ...allowed: string[]) {
  assert.deepEqual(
    [...tags].filter((tag) => !allowed.includes(tag)),
    [],
  );
}

test("prose shows the text and nothing else, alone in a paragraph", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: shown, tags } = rendered(prose(text));
      assert.equal(shown, folded(text));
      assertOnly(tags, "p", "code");
    }),
    { numRuns: 3000 },
  );
});

test("prose stays within its heading, list item, emphasis and box", () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const source = `### ${prose(a)} · end\n\n- x ${prose(a)} y ${prose(b)}\n\n${box("WARNING", `begin ${prose(b)}`)}`;
      const { text, tags } = rendered(source);
      const expected = `${folded(a)} · end x ${folded(a)} y ${folded(b)} [!WARNING] begin ${folded(b)}`;
      assert.equal(text, expected.replace(/\s+/g, " ").trim());
      assertOnly(tags, "h3", "ul", "li", "blockquote", "p", "code");
    }),
    { numRuns: 1500 },
  );
});

test("prose and code stay within their cell of a table", () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const { html, tags } = rendered(table(["h", "i", "j"], ["left", "center", "left"], [[prose(a), code(b), "end"]]));
      const cells = [...html.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) => rendered(cell ?? "").text);
      assert.equal(cells.length, 3);
      assert.equal(cells[2], "end");
      assertOnly(tags, "table", "thead", "tbody", "tr", "th", "td", "code");
      const shown = html.replace(/<[^>]*>/g, " ").replace(/\s+/g, "");
      assert.ok(shown.startsWith("hij"));
    }),
    { numRuns: 1500 },
  );
});

test("code shows the text and nothing else", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: shown, tags } = rendered(`x ${code(text)} y`);
      assert.equal(shown, `x ${folded(text)} y`.replace(/\s+/g, " "));
      assertOnly(tags, "p", "code");
    }),
    { numRuns: 3000 },
  );
});

test("a block of code can't be left from within", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: shown, tags } = rendered(`${box("CAUTION", codeBlock(text, "sh"))}\n\nend`);
      assert.equal(shown, `[!CAUTION] ${folded(text)} end`.replace(/\s+/g, " "));
      assertOnly(tags, "blockquote", "p", "pre", "code");
    }),
    { numRuns: 1500 },
  );
});

// GitHub makes these into mentions, references and links after the Markdown was rendered: only code keeps them out.
for (const word of [
  "@octocat",
  "(@a/team)",
  "#12",
  "o/r#12",
  "GH-7",
  "https://a.example",
  "me@a.example",
  "$x$",
  ":x:",
  "1a2b3c4",
]) {
  test(`prose sets ${word} as code`, () => {
    assert.equal(prose(`see ${word} there`), `see \`${word}\` there`);
  });
}

test("prose leaves ordinary sentences readable in their source", () => {
  const sentence = "12 of 480 canary calls failed (2.5 %), 31 of 9,120 baseline calls (0.34 %); allowed up to 1.01 %";
  assert.equal(prose(sentence), sentence);
  assert.equal(prose("checkout:live, read back at 14:07:36 UTC"), "checkout:live, read back at 14:07:36 UTC");
});

test("a link is made only of an address that can stand in Markdown", () => {
  assert.equal(link("log", "https://github.example/a/runs/1"), "[log](https://github.example/a/runs/1)");
  for (const url of ["javascript:alert(1)", "https://a.example/) ![x](y", "https://a.example/\n", "", "https://a|b"]) {
    assert.equal(link("log", url), "log");
  }
});
