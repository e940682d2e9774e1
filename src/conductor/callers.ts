import { nameOf, type Target } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import type { Caller } from "../release/ports.ts";
import { messageOf, type World } from "./world.ts";

const KINDS: Readonly<Record<Caller["kind"], string>> = {
  "event-source": "the event source",
  url: "the function URL",
  policy: "the resource policy for",
};
/** More than these don't fit into a sentence. */
const FEW = 6;

/** Who calls a function, by whether it is through the alias; a sentence for people. Never throws. */
export async function describeCallers(target: Target, { functions }: Pick<World, "functions">): Promise<string> {
  const unlisted =
    "API Gateway, load balancers, Step Functions and callers with an SDK can't be listed: look at those yourself";
  try {
    const callers = await functions.callers(target);
    const through = callers.filter(({ qualifier }) => qualifier === target.alias);
    const past = callers.filter(({ qualifier }) => qualifier !== target.alias);
    const told = [
      ...(through.length > 0 ? [`through ${nameOf(target)} goes ${listOf(through)}`] : []),
      ...(past.length > 0 ? [`past it ${past.length === 1 ? "goes" : "go"} ${listOf(past)}`] : []),
    ];
    const known =
      told.length > 0 ? formatList(told) : `Lambda knows of no event source, URL or policy of ${target.function}`;
    return `${known}; ${unlisted}`;
  } catch (error) {
    return `who calls it could not be asked (${messageOf(error)}): look at event source mappings, function URLs and resource policies`;
  }
}

function listOf(callers: readonly Caller[]): string {
  const named = callers.slice(0, FEW).map(({ kind, name, qualifier }) => {
    const to = qualifier === null ? "the function without a qualifier" : qualifier;
    return `${KINDS[kind]} ${name} (to ${to})`;
  });
  const more = callers.length - named.length;
  return formatList([...named, ...(more > 0 ? [`${more} more`] : [])]);
}
