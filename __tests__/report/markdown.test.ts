import fc from "fast-check";
import { box, code, commandBlock, link, prose, table } from "../../src/report/markdown.ts";
import { hostile as outside, shown } from "./outside.ts";
import { rendered } from "./rendered.ts";

const hostile = fc.oneof(outside, fc.string({ unit: "binary", maxLength: 40 }));

function assertOnly(tags: Set<string>, ...allowed: string[]) {
  expect([...tags].filter((tag) => !allowed.includes(tag))).toStrictEqual([]);
}

test("prose shows the text and nothing else, alone in a paragraph", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: seen, tags } = rendered(prose(text));
      expect(seen).toBe(shown(text));
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
      const expected = `${shown(a)} · end x ${shown(a)} y ${shown(b)} [!WARNING] begin ${shown(b)}`;
      expect(text).toBe(expected.replace(/\s+/g, " ").trim());
      assertOnly(tags, "h3", "ul", "li", "blockquote", "p", "code");
    }),
    { numRuns: 1500 },
  );
});

test("prose shows all of its text at the end of a heading too", () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom("", " #", " ##", "#"), (text, end) => {
      const { text: seen, tags } = rendered(`### x ${prose(text + end)}`);
      expect(seen).toBe(`x ${shown(text + end)}`.trim());
      assertOnly(tags, "h3", "code");
    }),
    { numRuns: 1500 },
  );
});

test("prose and code stay within their cell of a table", () => {
  fc.assert(
    fc.property(hostile, hostile, (a, b) => {
      const { html, tags } = rendered(table(["h", "i", "j"], ["left", "center", "left"], [[prose(a), code(b), "end"]]));
      const cells = [...html.matchAll(/<td[^>]*>([\s\S]*?)<\/td>/g)].map(([, cell]) => rendered(cell ?? "").text);
      expect(cells).toHaveLength(3);
      expect(cells[2]).toBe("end");
      assertOnly(tags, "table", "thead", "tbody", "tr", "th", "td", "code");
      const seen = html.replace(/<[^>]*>/g, " ").replace(/\s+/g, "");
      expect(seen).toMatch(/^hij/);
    }),
    { numRuns: 1500 },
  );
});

test("code shows the text and nothing else", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: seen, tags } = rendered(`x ${code(text)} y`);
      expect(seen).toBe(`x ${shown(text)} y`.replace(/\s+/g, " "));
      assertOnly(tags, "p", "code");
    }),
    { numRuns: 3000 },
  );
});

test("a block of code can't be left from within", () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const { text: seen, tags } = rendered(`${box("CAUTION", commandBlock(text))}\n\nend`);
      expect(seen).toBe(`[!CAUTION] ${shown(text)} end`.replace(/\s+/g, " "));
      assertOnly(tags, "blockquote", "p", "pre", "code");
    }),
    { numRuns: 1500 },
  );
});

// GitHub turns these into mentions, references and links after rendering. Only code protects them.
test.each([
  "@octocat",
  "#12",
  "o/r#12",
  "GH-7",
  "https://a.example",
  "me@a.example",
  "$x$",
  "1a2b3c4",
  "CVE-2021-44228",
  "SHOP-7",
])("prose sets %s as code", (word) => {
  expect(prose(`see ${word} there`)).toBe(`see \`${word}\` there`);
});

test("prose leaves ordinary sentences readable in their source", () => {
  const sentence = "12 of 480 canary calls failed (2.5 %), 31 of 9,120 baseline calls (0.34 %); allowed up to 1.01 %";
  expect(prose(sentence)).toBe(sentence);
  expect(prose("checkout:live, read back at 14:07:36 UTC")).toBe("checkout:live, read back at 14:07:36 UTC");
});

test("a link is made only of an address that can stand in Markdown", () => {
  expect(link("log", "https://github.example/a/runs/1")).toBe("[log](https://github.example/a/runs/1)");
  for (const url of ["javascript:alert(1)", "https://a.example/) ![x](y", "https://a.example/\n", "", "https://a|b"]) {
    expect(link("log", url)).toBe("log");
  }
});

test("what is around a word that is set as code stays text", () => {
  expect(prose("see (@a/team), and checkout:live: so.")).toBe("see (`@a/team`), and `checkout:live`: so.");
  expect(prose("a :tada: b, :100: c")).toBe("a `:tada`: b, `:100`: c");
});
