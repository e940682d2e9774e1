import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { inspect } from "../testing/simulator/published/inspect.ts";
import { Simulator } from "../testing/simulator/server.ts";

declare global {
  namespace jest {
    interface Matchers<R> {
      /**
       * Compares a text with the reviewed file. `npx jest FILE -u` writes the file again; then review the diff.
       *
       * @param path below `__tests__`
       */
      toMatchReviewed(path: string): R;
    }
  }
}

expect.extend({
  toMatchReviewed(text: string, path: string) {
    const file = fileURLToPath(new URL(path, import.meta.url));
    if (isUpdate(this)) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    if (!existsSync(file)) {
      return { pass: false, message: () => `${path} is missing: run the tests with -u, and read what was written` };
    }
    const reviewed = readFileSync(file, "utf8");
    // In rough weather nothing happens at the reviewed times.
    if (process.env["WEATHER"] === "rough") return { pass: true, message: () => "" };
    return {
      pass: text === reviewed,
      message: () =>
        `${path} isn't what was reviewed:\n\n${this.utils.printDiffOrStringify(reviewed, text, "reviewed", "now", true)}`,
    };
  },
});

/** Whether Jest was started with `-u`. */
function isUpdate({ snapshotState }: jest.MatcherContext): boolean {
  return (snapshotState as unknown as { readonly _updateSnapshot: string })._updateSnapshot === "all";
}

// The assertion that a property failed by stands in the report itself: the runner doesn't print causes.
fc.configureGlobal({ includeErrorInReport: true });

// What AWS would never answer fails the test that got it: its simulator throws when it is closed.
Simulator.inspect = inspect;
