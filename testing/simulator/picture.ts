import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import markdownit from "markdown-it";

const WIDTH = 900;
const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const BOXES: Readonly<Record<string, string>> = { NOTE: "ⓘ Note", WARNING: "⚠ Warning", CAUTION: "⛔ Caution" };

/**
 * Shows a comment as GitHub does: as a page and, if it finds a Chromium, as a picture.
 * @returns the files that were written
 */
export function renderPicture(markdown: string, pngPath: string): readonly string[] {
  const htmlPath = resolve(pngPath.replace(/\.png$/, ".html"));
  const html = page(markdown);
  writeFileSync(htmlPath, html);
  const browser = findBrowser();
  if (browser === null) return [htmlPath];

  const profile = mkdtempSync(join(tmpdir(), "picture-"));
  try {
    const height = measure(browser, profile, htmlPath);
    const shot = run(
      browser,
      profile,
      [`--screenshot=${resolve(pngPath)}`, `--window-size=${WIDTH},${height}`],
      htmlPath,
    );
    return shot === null || !existsSync(pngPath) ? [htmlPath] : [htmlPath, resolve(pngPath)];
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  }
}

function findBrowser(): string | null {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = BROWSERS.flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** The page puts its own height into its title, so that the picture ends where the comment ends. */
function measure(browser: string, profile: string, htmlPath: string): number {
  const dom = run(browser, profile, ["--dump-dom", `--window-size=${WIDTH},800`], htmlPath) ?? "";
  return Number(/<title>(\d+)<\/title>/.exec(dom)?.[1] ?? 1200);
}

function run(browser: string, profile: string, flags: readonly string[], htmlPath: string): string | null {
  const quiet = "--headless --no-sandbox --disable-gpu --hide-scrollbars --disable-background-networking";
  const calm = "--disable-component-update --disable-sync --no-first-run --force-device-scale-factor=1.5";
  const result = spawnSync(
    browser,
    [...quiet.split(" "), ...calm.split(" "), `--user-data-dir=${profile}`, ...flags, pathToFileURL(htmlPath).href],
    { encoding: "utf8", timeout: 30_000, stdio: ["ignore", "pipe", "ignore"], maxBuffer: 16 * 2 ** 20 },
  );
  return result.status === 0 ? result.stdout : null;
}

/** The page: Markdown as GitHub renders it, in a box like a comment's. */
export function page(markdown: string): string {
  const content = markdownit({ html: true, linkify: true }).render(markdown);
  const boxed = content.replace(
    /<blockquote>\s*<p>\[!(NOTE|WARNING|CAUTION)\]\s*(?:<br>)?\s*([\s\S]*?)<\/blockquote>/g,
    (_, kind: string, rest: string) =>
      `<div class="box ${kind.toLowerCase()}"><p class="kind">${BOXES[kind]}</p><p>${rest}</div>`,
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title></title><style>${STYLE}</style></head>
<body><article><header><b>github-actions</b> <span class="bot">bot</span> commented</header><main>
${boxed}
</main></article><script>document.title = Math.ceil(document.querySelector("article").getBoundingClientRect().bottom) + 16</script></body></html>
`;
}

const STYLE = `
body { margin: 16px; background: #fff; color: #1f2328;
  font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", Helvetica, Arial, sans-serif, "Noto Color Emoji"; }
article { border: 1px solid #d1d9e0; border-radius: 6px; }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; border-radius: 6px 6px 0 0; padding: 8px 16px; color: #59636e; }
header b { color: #1f2328; } .bot { border: 1px solid #d1d9e0; border-radius: 2em; padding: 0 6px; font-size: 12px; }
main { padding: 16px; } main > :last-child { margin-bottom: 0; }
h3 { font-size: 1.25em; margin: 0 0 16px; } p, ul, pre, table, details { margin: 0 0 16px; } ul { padding-left: 2em; }
a { color: #0969da; } sub { font-size: 75%; line-height: 0; }
table { border-collapse: collapse; display: block; width: max-content; max-width: 100%; overflow: auto; }
th, td { border: 1px solid #d1d9e0; padding: 6px 13px; } th { font-weight: 600; } tr:nth-child(2n) { background: #f6f8fa; }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; white-space: break-spaces;
  font: 85% ui-monospace, "Liberation Mono", "DejaVu Sans Mono", monospace; }
pre { background: #f6f8fa; border-radius: 6px; padding: 16px; overflow: auto; } pre code { background: none; padding: 0; white-space: pre; }
.box { border-left: .25em solid; padding: 8px 16px; margin: 0 0 16px; } .box > :last-child { margin-bottom: 0; }
.kind { font-weight: 500; } .note { border-color: #0969da; } .note .kind { color: #0969da; }
.warning { border-color: #9a6700; } .warning .kind { color: #9a6700; } .caution { border-color: #cf222e; } .caution .kind { color: #d1242f; }
`;
