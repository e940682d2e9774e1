import { existsSync } from "node:fs";
import { posix } from "node:path";
import { pages, read } from "./files.ts";

/** A page without its code: code has no headings and no links. */
function prose(page: string): string {
  return read(page)
    .replace(/^( *)```.*?^\1```$/gms, "")
    .replace(/`[^`\n]*`/g, "");
}

/** The anchors that GitHub makes from the headings of a page. */
function anchors(page: string): readonly string[] {
  return [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(" ", "-")
      .replace(/[^\p{L}\p{N}_-]/gu, ""),
  );
}

interface Link {
  readonly page: string;
  readonly target: string;
}

const links = pages.flatMap((page) =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]): Link => ({ page, target })),
);
const inside = links.filter(({ target }) => !/^https?:/.test(target));

test("there are links on every page but the shortest", () => {
  expect(inside.length).toBeGreaterThanOrEqual(80);
});

/** Pages of GitHub itself, relative to where it shows the page, so that they work in every fork. */
const OF_GITHUB = /^\.\.\/\.\.\/(?:releases|actions\/workflows\/([\w.-]+?)(?:\/badge\.svg)?)$/;

test.each(inside)("$page: $target leads to a file, and to a heading in it", ({ page, target }) => {
  const github = OF_GITHUB.exec(target);
  if (github !== null) {
    const [, workflow] = github;
    const exists =
      workflow === undefined || existsSync(new URL(`../../.github/workflows/${workflow}`, import.meta.url));
    expect(exists).toBe(true);
    return;
  }
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page : posix.join(posix.dirname(page), file);
  expect(path.startsWith("..")).toBe(false);
  expect(existsSync(new URL(`../../${path}`, import.meta.url))).toBe(true);
  if (anchor !== undefined) expect(anchors(path)).toContain(anchor);
});

test("links out of the project are to documentation, by https", () => {
  const hosts = links.flatMap(({ target }) => /^https?:\/\/([^/]+)/.exec(target)?.[1] ?? []);
  expect([...new Set(hosts)].sort()).toEqual([
    "cli.github.com",
    "docs.aws.amazon.com",
    "docs.github.com",
    "keepachangelog.com",
    "semver.org",
  ]);
  expect(links.filter(({ target }) => target.startsWith("http:"))).toEqual([]);
});

test("every page of the docs can be reached from the README", () => {
  const reached = new Set(["README.md"]);
  for (const page of reached) {
    for (const { target } of inside.filter((link) => link.page === page)) {
      const path = posix.join(posix.dirname(page), target.split("#")[0] ?? "");
      if (pages.includes(path)) reached.add(path);
    }
  }
  expect([...reached].sort()).toEqual([...pages].sort());
});
