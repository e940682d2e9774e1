import {
  type Alias,
  type Routing,
  type Run,
  type Setting,
  sameRouting,
  sameRun,
  type Target,
  type Version,
} from "../domain/alias.ts";
import { isButForText, recordOf, sameRecord } from "../domain/alias-record.ts";
import type { Member } from "../domain/member.ts";

/** What someone else did to an alias. */
export type ExternalChange = { readonly kind: "external-change"; readonly target: Target } & (
  | { readonly what: "deleted" }
  /** Only the description was edited; the traffic goes back to the baseline. */
  | { readonly what: "text"; readonly baseline: Version }
  /** Another release moved it. `run` is null for another job of this run, `back` set if it was rolled back. */
  | {
      readonly what: "released";
      readonly run: string | null;
      readonly back: { readonly from: Version; readonly to: Version } | null;
      readonly routing: Routing;
    }
  /** Nobody knows who. `was` is how this run had left it. */
  | { readonly what: "changed"; readonly was: Routing; readonly isTextNew: boolean; readonly routing: Routing }
);

/**
 * Finds out who changed a member's alias, and what.
 *
 * @param alias as it was found; null if it is gone
 * @param own what this run left it at: as last seen, and as a write without an answer would have left it
 */
export function externalChange(
  { target, baseline }: Member,
  alias: Alias | null,
  own: readonly [Setting, ...Setting[]],
  run: Run,
): ExternalChange {
  const about = { kind: "external-change", target } as const;
  if (alias === null) return { ...about, what: "deleted" };
  if (own.some((each) => isButForText(run, each, alias))) return { ...about, what: "text", baseline };
  const { routing } = alias;
  const record = recordOf(alias);
  // If only the text before it is new, the record is old and doesn't say who wrote the text.
  const isNew = own.every((each) => !sameRecord(each, alias));
  if (record !== null && isNew) {
    const back = record.state === "rolled-back" ? { from: record.from, to: record.to } : null;
    return { ...about, what: "released", run: sameRun(record.run, run) ? null : record.run.id, back, routing };
  }
  // A write without an answer may have landed first.
  const before =
    own.find((each) => sameRouting(each.routing, routing)) ??
    own.find(({ description }) => description === alias.description) ??
    own[0];
  return {
    ...about,
    what: "changed",
    was: before.routing,
    isTextNew: before.description !== alias.description,
    routing,
  };
}

export function isSameChange(a: ExternalChange, b: ExternalChange): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
