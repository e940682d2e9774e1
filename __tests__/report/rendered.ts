import markdownit from "markdown-it";

const markdown = markdownit({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: true, fuzzyEmail: true });

const TAG = /<(?:\/?([a-z][a-z0-9]*)|(!--))[^>]*>/gi;

/** What a reader gets of a piece of Markdown: its text, with white space folded, and the tags that it is made of. */
export function rendered(source: string): { readonly html: string; readonly text: string; readonly tags: Set<string> } {
  const html = markdown.render(source);
  const tags = new Set([...html.matchAll(TAG)].map(([, name, comment]) => name ?? comment ?? ""));
  return { html, text: textOf(html.replace(/<[^>]*>/g, "")), tags };
}

/** The tags of a page in their order, with what they say, but for code: as that, any text may be set. */
export function markupOf(html: string): readonly string[] {
  const tags = [...html.matchAll(TAG)].filter(([, name]) => name !== "code");
  return tags.map(([tag, , comment]) => comment ?? tag);
}

/** What GitHub makes something of after the Markdown was rendered, wherever it stands outside of code and of links. */
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

/** The texts between two tags that GitHub would make something of. */
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
