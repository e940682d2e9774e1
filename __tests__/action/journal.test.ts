import assert from "node:assert/strict";
import { readCommonInputs } from "../../src/action/inputs.ts";
import { ReportedJournal } from "../../src/action/journal.ts";
import { Redactor } from "../../src/action/redactor.ts";
import type { Reported, Reporter } from "../../src/action/reporters/reporter.ts";
import { readContext } from "../../src/github/context.ts";
import { GitHub } from "../../src/github/github.ts";
import { FakeClock } from "../../testing/fakes/ports.ts";

/** @param print takes what the journal prints of its own */
function journalFor(
  print: (text: string) => void,
  ...reporters: readonly ((reported: Reported) => Reporter)[]
): ReportedJournal {
  const inputs = readCommonInputs((name) => (name === "function" ? "checkout" : ""));
  assert(inputs.ok);
  return new ReportedJournal(
    {
      ...{ name: "deploy", comments: "never", plan: null, guards: [] },
      traits: { doing: "releasing", moves: "forth", aRollbackIs: "a failure" },
    },
    {
      inputs: inputs.value,
      context: readContext({ GITHUB_REPOSITORY: "octo-org/checkout", GITHUB_RUN_ID: "17000000001" }),
      github: new GitHub(() => Promise.reject(new Error("nothing here asks GitHub"))),
      clock: new FakeClock(),
      redactor: new Redactor(false),
      log: { info: print, warning: print },
    },
    reporters,
  );
}

test("a reporter that fails loses nothing for the others: each is told of the event, and it stays in the journal", () => {
  const seen: { told: string[]; updates: number } = { told: [], updates: 0 };
  let events = 0;
  const broken = (): Reporter => ({
    tell: () => assert.fail("no room on the disk"),
    update: () => assert.fail("no room on the disk"),
  });
  const whole = (reported: Reported): Reporter => ({
    tell({ kind }, { warnings }) {
      seen.told.push(`${kind} after ${warnings.length}`);
      events = reported.events().length;
    },
    update: () => void seen.updates++,
  });
  const printed: string[] = [];
  const journal = journalFor((text) => printed.push(text), broken, whole);
  journal.write({ kind: "warned", text: "look out" });
  expect(seen.told).toStrictEqual(["started after 0", "warned after 0"]);
  expect(events).toBe(2);
  expect(seen.updates).toBe(2);
  expect(printed).toStrictEqual(Array(4).fill("something could not be reported here: no room on the disk"));
});
