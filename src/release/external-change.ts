import {
  type Alias,
  describeRouting,
  nameOf,
  type Routing,
  type Run,
  type Setting,
  sameRouting,
  sameRun,
} from "../domain/alias.ts";
import { isAsLeftBy, isButForText, readRecord, sameRecord } from "../domain/alias-record.ts";
import { formatList } from "../domain/format.ts";
import type { Member } from "../domain/member.ts";

/** How to stop the tool that most often changes aliases. */
const KEEP_OFF =
  "If it was Terraform, tell it to leave these to the releases: " +
  "lifecycle { ignore_changes = [function_version, routing_config, description] }";

/**
 * Sentences for people: who changed a member's alias, what they changed, and how to prevent it.
 *
 * @param alias as it was found; null if it is gone
 * @param own what this run left it at: as last seen, and as a write without an answer would have left it
 */
export function describeExternalChange(
  { target, baseline }: Member,
  alias: Alias | null,
  own: readonly [Setting, ...Setting[]],
  run: Run,
): string {
  const name = nameOf(target);
  if (alias === null) return `${name} was deleted by someone else`;
  if (own.some((each) => isButForText(run, each, alias))) {
    const what = `the description of ${name}, where the release keeps its record, was edited by someone else`;
    return `${what}: its traffic goes back to version ${baseline}, and their text stays. ${KEEP_OFF}`;
  }
  const serves = `serves ${describeRouting(alias.routing)} now; it was left alone`;
  const record = readRecord(alias.description);
  // If only the text before it is new, the record is old and doesn't say who wrote the text.
  const isNew = own.every((each) => !sameRecord(each, alias));
  if (record !== null && isNew && isAsLeftBy(record.run, alias)) {
    const by = sameRun(record.run, run) ? "another job of this run" : `run ${record.run.id}`;
    const what = record.state === "rolled-back" ? `rolled back from ${record.from} to ${record.to}` : "changed";
    return `${name} was ${what} by ${by} and ${serves}`;
  }
  return `${name} was changed by someone else and ${serves}. What they changed: ${changes(own, alias)}. ${KEEP_OFF}`;
}

/** What on an alias is no longer as this run left it. */
function changes([last, ...others]: readonly [Setting, ...Setting[]], found: Setting): string {
  // A write without an answer may have landed first.
  const before = others.find((each) => sameRouting(each.routing, found.routing)) ?? last;
  const [old, now] = [before.routing, found.routing];
  return formatList([
    ...(old.primary === now.primary ? [] : [`its version (from ${old.primary} to ${now.primary})`]),
    ...(weights(old) === weights(now) ? [] : [`its weights (from ${weights(old)} to ${weights(now)})`]),
    ...(before.description === found.description ? [] : ["its description, where the release keeps its record"]),
  ]);
}

function weights({ additional }: Routing): string {
  return additional === null ? "none" : `${additional.weight} % for ${additional.version}`;
}
