import { parse } from "yaml";
import { list, read } from "./files.ts";

const FOLDER = ".github/ISSUE_TEMPLATE/";

interface Form {
  readonly name?: string;
  readonly description?: string;
  readonly body?: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes?: { readonly label?: string; readonly value?: string };
  }[];
}

const forms = list(FOLDER)
  .filter((file) => file !== "config.yml")
  .map((file) => ({ file, form: parse(read(`${FOLDER}${file}`)) as Form }));

// https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms
describe.each(forms)("the issue form $file", ({ form }) => {
  const fields = (form.body ?? []).filter(({ type }) => type !== "markdown");

  test("has a name, a description, and something to fill in", () => {
    expect(form).toEqual(expect.objectContaining({ name: expect.any(String), description: expect.any(String) }));
    expect(fields).not.toEqual([]);
  });

  test("has only fields that GitHub knows, each with a label and an id of its own", () => {
    for (const { type, attributes } of fields) {
      expect(["textarea", "input", "dropdown", "checkboxes"]).toContain(type);
      expect(attributes?.label).toEqual(expect.any(String));
    }
    const ids = fields.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

test("the changelog has what isn't released yet on top, and a section for each release", () => {
  const [first, ...releases] = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, heading = ""]) => heading);
  expect(first).toBe("[Unreleased]");
  for (const release of releases) expect(release).toMatch(/^\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d$/);
});
