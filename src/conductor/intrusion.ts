import {
  type Alias,
  describeRouting,
  nameOf,
  type Routing,
  type Run,
  type Setting,
  sameRouting,
  sameRun,
} from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import type { Member } from "../release/member.ts";
import { isAsLeftBy, isButForText, readRecord, sameRecord } from "../release/record.ts";

/** What keeps the tool that is most often at it off an alias. */
const KEEP_OFF =
  "If Terraform did it, let it leave the alias to the releases: " +
  "lifecycle { ignore_changes = [function_version, routing_config, description] }";

/**
 * Who holds a member's alias now that another hand has changed it, what of it was changed, and how to keep such a hand
 * off; sentences for people.
 *
 * @param alias as it was found; null when it is gone
 * @param own what this run made of it: as it last knew it, and as a write without an answer would have left it
 */
export function describeIntrusion(
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
  const serves = `serves ${describeRouting(alias.routing)} now; it was left as it is`;
  const record = readRecord(alias.description);
  // An old record that somebody only wrote a new text before says nothing of who that was.
  const isNew = own.every((each) => !sameRecord(each, alias));
  if (record !== null && isNew && isAsLeftBy(record.run, alias)) {
    const by = sameRun(record.run, run) ? "another job of this run" : `run ${record.run.id}`;
    const what = record.state === "rolled-back" ? `rolled back from ${record.from} to ${record.to}` : "changed";
    return `${name} was ${what} by ${by} and ${serves}`;
  }
  return `${name} was changed by someone else and ${serves}. What they changed: ${changes(own, alias)}. ${KEEP_OFF}`;
}

/** What of an alias is no longer as this run made it. */
function changes([last, ...others]: readonly [Setting, ...Setting[]], found: Setting): string {
  // A write without an answer may have landed before.
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
