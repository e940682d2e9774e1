import markdownit from "markdown-it";

const markdown = markdownit({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: true, fuzzyEmail: true });

const TAG = /<(?:\/?([a-z][a-z0-9]*)|(!--))[^>]*>/gi;

/** A piece of Markdown as a reader sees it: the text with white space folded, and the tags in it. */
export function rendered(source: string): { readonly html: string; readonly text: string; readonly tags: Set<string> } {
  const html = markdown.render(source);
  const tags = new Set([...html.matchAll(TAG)].map(([, name, comment]) => name ?? comment ?? ""));
  return { html, text: textOf(html.replace(/<[^>]*>/g, "")), tags };
}

/** The tags of a page in order, with comments, but without code: any text may be set as code. */
export function markupOf(html: string): readonly string[] {
  const tags = [...html.matchAll(TAG)].filter(([, name]) => name !== "code");
  return tags.map(([tag, , comment]) => comment ?? tag);
}

/** What GitHub turns into something after rendering, anywhere outside of code and links. */
const CHARGES = [
  /@/,
  /\$/,
  /#\d/,
  /\b[a-z]+-\d/i,
  /\bghsa-\w/i,
  /:\/\/|www\.|mailto:/i,
  /:(?=\w*[a-z])\w[\w+-]*:|:[+-]1:|:100:|:1234:/i,
  /\b(?=[\da-f]*[a-f])[\da-f]{7,40}\b/i,
];

/** The texts between tags that GitHub would turn into something. */
export function chargesOf(html: string): readonly string[] {
  const open = html
    .replace(/<(pre|code|a)\b[^>]*>[\s\S]*?<\/\1>/g, "\n")
    .split(/<[^>]*>|\n/)
    .map(textOf);
  return open.filter((text) => CHARGES.some((charge) => charge.test(text)));
}

function textOf(html: string): string {
  const text = html.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
  return text.replace(/\s+/g, " ").trim();
}
