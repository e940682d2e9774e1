import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Compares a text with the file that was reviewed; `UPDATE_REVIEWED=1` writes the file anew, to be reviewed again.
 *
 * @param path below `__tests__`
 */
export function assertAsReviewed(text: string, path: string): void {
  const file = fileURLToPath(new URL(path, import.meta.url));
  if (process.env["UPDATE_REVIEWED"] === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  assert.ok(existsSync(file), `${path} is missing: run the tests with UPDATE_REVIEWED=1, and read what was written`);
  assert.equal(text, readFileSync(file, "utf8"));
}
