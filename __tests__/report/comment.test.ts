import { type CommentKey, marker, renderComment } from "../../src/report/comment.ts";
import { tell } from "../../src/report/story.ts";
import type { ToldEvent as Event } from "../../src/report/told.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";
import { rendered } from "./rendered.ts";
import { after, counted, instant, STORIES, started, target } from "./stories.ts";

const KEY: CommentKey = {
  targets: [target("checkout")],
  workflow: "deploy",
  job: "release",
  region: "eu-west-1",
  account: "123456789012",
};
const LINKS = {
  run: "https://github.com/example/shop/actions/runs/7001",
  rollback: "https://github.com/example/shop/actions/workflows/rollback.yml",
};

function comment(events: readonly Event[]): string {
  return renderComment(tell(events), KEY, LINKS);
}

test.each(Object.entries(STORIES))("the comment of %s is as reviewed", (name, events) => {
  expect(comment(events)).toMatchReviewed(`./report/comments/${name}.md`);
});

test("every moment of every story can be told, and holds no tag that isn't ours", () => {
  const ours = "!-- h3 p br sub code pre strong ul li a table thead tbody tr th td blockquote details summary".split(
    " ",
  );
  for (const events of Object.values(STORIES)) {
    for (let length = 0; length <= events.length; length++) {
      const { tags, html } = rendered(comment(events.slice(0, length)));
      expect([...tags].filter((tag) => !ours.includes(tag))).toStrictEqual([]);
      const addresses = [...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address ?? "");
      expect(addresses.filter((address) => !Object.values(LINKS).includes(address))).toStrictEqual([]);
    }
  }
});

test("the marker is the first line, and shows nothing", () => {
  const [first] = comment(STORIES["baking"] ?? []).split("\n");
  expect(first).toBe(marker(KEY));
  expect(marker(KEY)).toMatch(/^<!-- lambda-canary [0-9a-f]{16} -->$/);
});

test("two releases on one pull request have two markers, in several Regions, jobs and accounts too; the order of the functions makes none", () => {
  const [a, b] = [target("checkout"), target("refund")];
  const keys: CommentKey[] = [
    KEY,
    { ...KEY, targets: [b] },
    { ...KEY, targets: [a, b] },
    { ...KEY, targets: [{ ...a, alias: "beta" }] },
    { ...KEY, workflow: "other" },
    { ...KEY, targets: [target("--> <b>")] },
    { ...KEY, job: "release-staging" },
    { ...KEY, region: "us-east-1" },
    { ...KEY, region: null },
    { ...KEY, account: "210987654321" },
    { ...KEY, account: null },
  ];
  expect(new Set(keys.map(marker)).size).toBe(keys.length);
  expect(marker({ ...KEY, targets: [b, a] })).toBe(marker({ ...KEY, targets: [a, b] }));
});

test("many accounts have the same marker, so that it gives none away", () => {
  const accounts = Array.from({ length: 20_000 }, (_, index) => String(100_000_000_000 + index * 7_919));
  const markers = new Set(accounts.map((account) => marker({ ...KEY, account })));
  expect(markers.size).toBeLessThanOrEqual(4_096);
  expect(markers.size).toBeGreaterThan(3_000);
});

test("the title names the Region, if it is known, and the last line the job", () => {
  const titleOf = (text: string) => text.split("\n")[1];
  expect(titleOf(comment(STORIES["baking"] ?? []))).toBe("### 🐤 checkout in `eu-west-1` · releasing 41 → 42 · 25 %");
  const unplaced = renderComment(tell(STORIES["baking"] ?? []), { ...KEY, region: null, job: "" }, LINKS);
  expect(titleOf(unplaced)).toBe("### 🐤 checkout · releasing 41 → 42 · 25 %");
  expect(comment(STORIES["baking"] ?? [])).toContain(" · job `release` · ");
  expect(unplaced).not.toContain(" job ");
});

test("a stranded alias has its command whole, in a block of its own", () => {
  const { html } = rendered(comment(STORIES["stranded"] ?? []));
  const [, block] = /<pre><code[^>]*>([\s\S]*?)<\/code><\/pre>/.exec(html) ?? [];
  expect(
    block
      ?.trim()
      .replaceAll("&quot;", '"')
      .replace(/ \\\n */g, " "),
  ).toBe(
    "aws lambda update-alias --region eu-west-1 --function-name checkout --name live --function-version 41 --routing-config 'AdditionalVersionWeights={}'",
  );
});

test("a promotion that wasn't verified is nowhere told as if it was", () => {
  const text = comment(STORIES["promoted-unjudged"] ?? []);
  expect(text).not.toContain("✅");
  expect(text).toContain("[!WARNING]");
});

function crowd(size: number, length: number): readonly Event[] {
  const filler = "|@a <b> `_*\u{1f600}".repeat(Math.ceil(length / 12)).slice(0, length);
  const names = Array.from({ length: size }, (_, index) => `${filler}-${index}`);
  const rules = guardsOf("error-rate <= baseline * 1.5 + 0.5%\nerror-rate < 2%");
  return [
    started({ targets: names.map(target), guards: rules }),
    after("1s", {
      kind: "prepared",
      changes: names.map((name) => ({ target: target(name), baseline: filler, canary: filler + 1 })),
    }),
    ...names.map((name) => after("2s", { kind: "warned", text: `${name} ${filler}` })),
    ...names.map((name) => after("2s", { kind: "noted", text: `${name} ${filler}` })),
    after("3s", { kind: "shifted", step: 0, until: instant("5m") }),
    after("1m", {
      kind: "judged",
      verified: false,
      analyses: names.flatMap((of, index) =>
        rules.map(({ text: rule }) =>
          counted(index === size - 1 ? "fail" : "inconclusive", 0, [1, 10], [1, 100], { rule, of }),
        ),
      ),
    }),
    after("2m", { kind: "turned-back", reason: filler }),
    ...names.map((name) =>
      after("3m", { kind: "stranded", target: target(name), reason: filler, command: `aws ${name}`, weight: null }),
    ),
    after("3m", { kind: "ended", outcome: "failed", reason: filler, verified: false }),
  ];
}

test.each([
  [100, 20],
  [100, 1400],
  [1000, 64],
  [1, 200_000],
  [200, 20_000],
])("the comment on %i functions with texts of %i characters fits, and says what was left out", (size, length) => {
  for (const events of [crowd(size, length), crowd(size, length).slice(0, -2 - size)]) {
    const text = comment(events);
    expect(Buffer.byteLength(text)).toBeLessThan(65_536);
    if (size > 1) expect(text).toContain(" left out here: the log has them all.");
    expect(text).toContain("❌&nbsp;fail");
  }
});

test("a comment fits in bytes, not only in characters", () => {
  const sizes = Array.from({ length: 15 }, (_, index) => 10 * (index + 1));
  const lengths = sizes.map((size) => {
    const names = Array.from({ length: size }, (_, index) => `${"雀".repeat(120)}${index}`);
    const text = comment([
      started({ targets: names.map(target), plan: null, guards: [] }),
      ...names.map((name) => after("1s", { kind: "warned", text: name })),
    ]);
    return { size, bytes: Buffer.byteLength(text) };
  });
  expect(lengths.filter(({ bytes }) => bytes >= 65_536)).toStrictEqual([]);
});

test("every command in a comment is whole", () => {
  const whole = new Set(
    crowd(100, 1400).flatMap((event) =>
      event.kind === "stranded" ? [rendered(`\`\`\`\n${event.command}\n\`\`\``).text] : [],
    ),
  );
  const { html } = rendered(comment(crowd(100, 1400)));
  const blocks = [...html.matchAll(/<pre>[\s\S]*?<\/pre>/g)].map(([block]) => rendered(block).text);
  expect(blocks.length).toBeGreaterThan(0);
  expect(blocks.filter((block) => !whole.has(block))).toStrictEqual([]);
});
