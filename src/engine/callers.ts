import { nameOf, type Target } from "../domain/alias.ts";
import { formatList } from "../domain/format.ts";
import type { Caller } from "../domain/ports.ts";
import { messageOf, type Ports } from "./ports.ts";

const KINDS: Readonly<Record<Caller["kind"], string>> = {
  "event-source": "the event source",
  url: "the function URL",
  policy: "the resource policy for",
};
/** More would make the sentence too long. */
const FEW = 6;

/** Who calls a function, for people. */
export interface CallersTold {
  readonly text: string;
  /** Whether Lambda could be asked. */
  readonly isKnown: boolean;
}

/** Who calls the function through the alias, and who bypasses it. Never throws. */
export async function describeCallers(target: Target, { functions }: Pick<Ports, "functions">): Promise<CallersTold> {
  const unlisted =
    "API Gateway, load balancers, Step Functions and callers with an SDK can't be listed: check those yourself";
  try {
    const callers = await functions.callers(target);
    const through = callers.filter(({ qualifier }) => qualifier === target.alias);
    const past = callers.filter(({ qualifier }) => qualifier !== target.alias);
    const told = [
      ...(through.length > 0 ? [`${nameOf(target)} is called by ${listOf(through)}`] : []),
      ...(past.length > 0 ? [`${nameOf(target)} is bypassed by ${listOf(past)}`] : []),
    ];
    const known =
      told.length > 0 ? told.join("; ") : `Lambda knows of no event source, URL or policy for ${target.function}`;
    return { text: `${known}; ${unlisted}`, isKnown: true };
  } catch (error) {
    const text = `its callers could not be listed (${messageOf(error)}): check event source mappings, function URLs and resource policies yourself`;
    return { text, isKnown: false };
  }
}

function listOf(callers: readonly Caller[]): string {
  const named = callers.map(({ kind, name, qualifier }) => {
    const to = qualifier === null ? "the function without a qualifier" : qualifier;
    return `${KINDS[kind]} ${name} (to ${to})`;
  });
  return formatList(named, FEW);
}
