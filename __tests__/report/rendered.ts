import markdownit from "markdown-it";

const markdown = markdownit({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: true, fuzzyEmail: true });

/** What a reader gets of a piece of Markdown: its text, with white space folded, and the tags that it is made of. */
export function rendered(source: string): { readonly html: string; readonly text: string; readonly tags: Set<string> } {
  const html = markdown.render(source);
  const tags = new Set([...html.matchAll(/<\/?([a-z][a-z0-9]*|!--)[^>]*>/gi)].map(([, name]) => name ?? ""));
  const text = html
    .replace(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
  return { html, text: text.replace(/\s+/g, " ").trim(), tags };
}
