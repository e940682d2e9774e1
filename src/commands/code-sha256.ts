import type { FunctionReference } from "../domain/alias.ts";
import { type Excerpt, excerpts, type Mistake, mistakeAt, type Parsed, whole } from "../domain/mistake.ts";

const INPUT = "code-sha256";
/** As Lambda writes it: in base64 for a zip file, in hex for an image. */
const CODE = /^(?:(?<name>[a-zA-Z0-9-_]{1,64})=)?(?<sha256>[A-Za-z0-9+/]{43}=|[0-9a-f]{64})$/;

/**
 * Reads what code must be released, by function name: one SHA-256 for one function, else a line `NAME=SHA256` for each.
 * Empty if the input isn't set.
 */
export function readCodes(text: string, functions: readonly FunctionReference[]): Parsed<ReadonlyMap<string, string>> {
  const mistakes: Mistake[] = [];
  const codes = new Map<string, string>();
  const wrong = (excerpt: Excerpt, problem: string, remedy: string) =>
    mistakes.push(mistakeAt(INPUT, excerpt, problem, remedy));
  const lines = excerpts(text, /,/);
  for (const line of lines) {
    const { name = onlyOne(functions), sha256 } = CODE.exec(line.text)?.groups ?? {};
    if (sha256 === undefined) {
      const remedy =
        "give the CodeSha256 that the upload printed, or for several functions a line NAME=CodeSha256 each";
      wrong(line, `"${line.text}" is not the SHA-256 of a function's code`, remedy);
    } else if (name === null) {
      wrong(line, "it isn't said which function has this code", "write a line NAME=CodeSha256 for each function");
    } else if (!functions.some((each) => each.name === name)) {
      wrong(line, `${name} is not one of the functions to release`, "name it in the input function, or leave it out");
    } else if (codes.has(name)) {
      wrong(line, `the code of ${name} is given twice`, "leave one of the lines out");
    } else {
      codes.set(name, sha256);
    }
  }
  if (lines.length > 0 && mistakes.length === 0) {
    for (const { name } of functions.filter((each) => !codes.has(each.name))) {
      wrong(
        whole(text.trim().split("\n").at(-1) ?? ""),
        `the code of ${name} is missing`,
        `add a line ${name}=CodeSha256`,
      );
    }
  }
  return mistakes.length > 0 ? { ok: false, mistakes } : { ok: true, value: codes };
}

function onlyOne([first, ...others]: readonly FunctionReference[]): string | null {
  return first === undefined || others.length > 0 ? null : first.name;
}
