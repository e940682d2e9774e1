import type { Analysis } from "../analysis/verdict.ts";
import type { Run } from "../domain/alias.ts";
import { type Alias, type Setting, sameSetting } from "../domain/alias.ts";
import { type AliasRecord, isButForText, settingOf } from "../domain/alias-record.ts";
import type { Member } from "../domain/member.ts";
import type { Happening } from "./events.ts";
import { type ExternalChange, externalChange } from "./external-change.ts";
import { type Reason, said } from "./reason.ts";
import { serving } from "./serving.ts";

/** A member, and its alias as this run last saw it. */
export interface HeldAlias {
  readonly member: Member;
  readonly alias: Alias;
}

/** Whether an alias is as this run last saw it. */
export type WriteCertainty =
  | { readonly kind: "firm" }
  /** A write is under way, or got no answer: the alias is as before, or as `sent`. */
  | { readonly kind: "uncertain"; readonly sent: Setting }
  | { readonly kind: "lost"; readonly how: ExternalChange };

/** A member's alias, and how sure that is. */
export interface FleetMember extends HeldAlias {
  readonly certainty: WriteCertainty;
}

/** A write to a member's alias. */
export interface PendingWrite {
  readonly before: FleetMember;
  readonly record: AliasRecord;
  /** What it makes of the alias. */
  readonly sent: Setting;
}

/** How a write to an alias ended. */
export type WriteResult =
  | { readonly kind: "done"; readonly alias: Alias }
  /** Someone else changed the alias, or deleted it (null). It was left alone. */
  | { readonly kind: "superseded"; readonly by: Alias | null }
  /**
   * It can't be done. `alias` is how it is instead; null if it can't be read. A write that got no answer may still land
   * (`mayLand`), as long as the alias has the revision that the write names.
   */
  | { readonly kind: "failed"; readonly reason: string; readonly alias: Alias | null; readonly mayLand: boolean }
  /** Stopped by a cancellation: it may or may not have taken effect. */
  | { readonly kind: "aborted" };

/** An alias as it was read; null if it is gone. */
export type AliasReading =
  | { readonly kind: "read"; readonly alias: Alias | null }
  | { readonly kind: "unreadable"; readonly reason: string; readonly isExpired: boolean };

/** Why a release is rolled back. */
export interface Problem {
  readonly kind: "rollback" | "superseded";
  readonly reason: Reason;
  /** The external changes that the reason already tells of. */
  readonly changes: readonly ExternalChange[];
}

const FIRM: WriteCertainty = { kind: "firm" };

export function newFleet(aliases: readonly HeldAlias[]): readonly FleetMember[] {
  return aliases.map(({ member, alias }) => ({ member, alias, certainty: FIRM }));
}

export function pendingWrite(before: FleetMember, record: AliasRecord): PendingWrite {
  return { before, record, sent: settingOf(before.alias.description, record) };
}

/** True if we may have moved an alias off its baseline. */
export function isTouched({ member, alias, certainty }: FleetMember): boolean {
  switch (certainty.kind) {
    case "lost":
      return false;
    case "uncertain":
      return true;
    case "firm":
      return alias.routing.additional !== null || alias.routing.primary !== member.baseline;
  }
}

/** While a write is under way, and if nobody learns how it ended. */
export function duringWrite({ before, sent }: PendingWrite): FleetMember {
  return { ...before, certainty: { kind: "uncertain", sent } };
}

export function afterWrite(write: PendingWrite, result: WriteResult, run: Run): FleetMember {
  const { before, sent } = write;
  switch (result.kind) {
    case "done":
      return { ...before, alias: result.alias, certainty: FIRM };
    case "failed": {
      const { alias, mayLand } = result;
      const certainty: WriteCertainty = alias === null || mayLand ? { kind: "uncertain", sent } : FIRM;
      return { ...before, alias: alias ?? before.alias, certainty };
    }
    case "superseded":
      return afterExternalChange(before, result.by, ownSettings(write), run);
    case "aborted":
      return duringWrite(write);
  }
}

/** How this run may have left an alias: as last seen, by a write that got no answer, or by this one. */
function ownSettings({ before: { alias, certainty }, sent }: PendingWrite): readonly [Setting, ...Setting[]] {
  return [alias, ...(certainty.kind === "uncertain" ? [certainty.sent] : []), sent];
}

/** What is still ours after someone else's change: if they edited only the text, the traffic is. */
function afterExternalChange(
  held: FleetMember,
  by: Alias | null,
  own: readonly [Setting, ...Setting[]],
  run: Run,
): FleetMember {
  return by !== null && own.some((each) => isButForText(run, each, by))
    ? { ...held, alias: by, certainty: FIRM }
    : { ...held, certainty: { kind: "lost", how: externalChange(held.member, by, own, run) } };
}

/** What went wrong with a write; null if it is done. */
export function problemOf(write: PendingWrite, result: WriteResult, run: Run): Problem | null {
  switch (result.kind) {
    case "superseded": {
      const reason = externalChange(write.before.member, result.by, ownSettings(write), run);
      return { kind: "superseded", reason, changes: [reason] };
    }
    case "failed":
      return { kind: "rollback", reason: said(result.reason), changes: [] };
    case "aborted":
      return { kind: "rollback", reason: { kind: "write-stopped" }, changes: [] };
    case "done":
      return null;
  }
}

/** What an alias serves after a write, as far as that is known. */
export function servingAfter({ before }: PendingWrite, result: WriteResult): readonly Happening[] {
  switch (result.kind) {
    case "done":
      return serving(before.member.target, result.alias);
    case "superseded":
      return result.by === null ? [] : serving(before.member.target, result.by);
    case "failed":
    case "aborted":
      return [];
  }
}

/** The result of a look at all aliases. */
export interface AliasStatus {
  readonly fleet: readonly FleetMember[];
  /** What others changed. */
  readonly externalChanges: readonly ExternalChange[];
  /** The aliases that can't be read. */
  readonly analyses: readonly Analysis[];
  /** Set if the credentials have expired. Waiting doesn't help: the sooner people know, the sooner they fix it. */
  readonly expired: Reason | null;
  readonly told: readonly Happening[];
}

/** @param readings one for each member */
export function aliasStatus(fleet: readonly FleetMember[], readings: readonly AliasReading[], run: Run): AliasStatus {
  const externalChanges: ExternalChange[] = [];
  const analyses: Analysis[] = [];
  const told: Happening[] = [];
  let expired: Reason | null = null;
  const seen = fleet.map((held, place): FleetMember => {
    const { target } = held.member;
    const reading = readings[place];
    /* c8 ignore next -- for the types only: there is a reading for each member */
    if (reading === undefined) return held;
    if (reading.kind === "unreadable") {
      const { reason: error } = reading;
      const reason = { kind: "unreadable", error } as const;
      analyses.push({ kind: "alias", guard: null, target, verdict: "error", reason, figures: null });
      if (reading.isExpired) expired = { kind: "credentials-expired", error };
      return held;
    }
    const { alias } = reading;
    if (alias !== null && sameSetting(alias, held.alias)) return { ...held, alias };
    externalChanges.push(externalChange(held.member, alias, [held.alias], run));
    if (alias !== null) told.push(...serving(target, alias));
    return afterExternalChange(held, alias, [held.alias], run);
  });
  return { fleet: seen, externalChanges, analyses, expired, told };
}
