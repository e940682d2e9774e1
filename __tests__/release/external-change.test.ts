import type { Routing, Setting } from "../../src/domain/alias.ts";
import { type AliasRecord, settingOf } from "../../src/domain/alias-record.ts";
import { externalChange } from "../../src/release/external-change.ts";
import { reasonSentence } from "../../src/report/sentences.ts";
import { memberOf } from "../../testing/fakes/terms.ts";
import { canary, OTHER, OWN, promoted, rolledBack } from "../engine/left.ts";

const NOW = Date.UTC(2026, 10, 21, 14);
const KEEP_OFF =
  "If it was Terraform, tell it to leave these to the releases: lifecycle { ignore_changes = [function_version, routing_config, description] }";

const before = { routing: { primary: "41", additional: null }, description: "Payments" };
const left = settingOf("Payments", canary(NOW));
const tell = (found: Setting | null, ...own: readonly [Setting, ...Setting[]]) =>
  reasonSentence(
    externalChange(memberOf(), found === null ? null : { ...found, revision: "r9", movingFrom: null }, own, OWN),
  );
const byRecord = (record: AliasRecord) => settingOf("Payments", record);
const wholly = (primary: string): Routing => ({ primary, additional: null });
const weighted = (weight: number): Routing => ({ primary: "41", additional: { version: "42", weight } });

const CHANGES: readonly [what: string, found: Setting | null, told: string][] = [
  ["an alias that is gone", null, "checkout:live was deleted by someone else"],
  [
    "a text",
    { ...left, description: left.description.replace("Payments", "By Terraform") },
    `the description of checkout:live, where the release keeps its record, was edited by someone else: its traffic goes back to version 41, and their text stays. ${KEEP_OFF}`,
  ],
  [
    "another run's rollback",
    byRecord(rolledBack(NOW, OTHER)),
    "checkout:live was rolled back from 42 to 41 by run 99 and serves 41 now; it was left alone",
  ],
  [
    "another job's shift",
    byRecord(promoted(NOW)),
    "checkout:live was changed by another job of this run and serves 43 now; it was left alone",
  ],
  [
    "a version",
    { routing: wholly("40"), description: left.description },
    `checkout:live was changed by someone else and serves 40 now; it was left alone. What they changed: its version (from 41 to 40) and its weights (from 25 % for 42 to none). ${KEEP_OFF}`,
  ],
  [
    "a weight",
    { routing: weighted(90), description: left.description },
    `checkout:live was changed by someone else and serves 41 (10 %) + 42 (90 %) now; it was left alone. What they changed: its weights (from 25 % for 42 to 90 % for 42). ${KEEP_OFF}`,
  ],
  [
    "everything",
    { routing: wholly("40"), description: "By Terraform" },
    `checkout:live was changed by someone else and serves 40 now; it was left alone. What they changed: its version (from 41 to 40), its weights (from 25 % for 42 to none) and its description, where the release keeps its record. ${KEEP_OFF}`,
  ],
];
test.each(CHANGES)("who changed %s is told, and what it was", (_what, found, told) => {
  expect(tell(found, left)).toBe(told);
});

test("what changed is told by the write that landed first, though it got no answer", () => {
  const found = { routing: left.routing, description: "By Terraform [lambda-canary of old]" };
  expect(tell(found, before, left)).toMatch(
    /What they changed: its description, where the release keeps its record\. /,
  );
  expect(tell({ ...before, routing: wholly("40") }, before, left)).toMatch(
    /What they changed: its version \(from 41 to 40\)\. /,
  );
});

test("a record that was there before says nothing about who wrote the text beside it", () => {
  const old = byRecord(rolledBack(NOW, OTHER));
  const found = { ...old, description: old.description.replace("Payments", "By Terraform") };
  expect(tell(found, old)).toMatch(/^checkout:live was changed by someone else /);
});
