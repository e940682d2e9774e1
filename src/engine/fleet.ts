import type { Analysis } from "../analysis/verdict.ts";
import { type Alias, nameOf, type Setting, sameSetting } from "../domain/alias.ts";
import { type AliasRecord, isButForText, settingOf } from "../domain/alias-record.ts";
import { formatList } from "../domain/format.ts";
import type { Member } from "../domain/member.ts";
import { ServiceError } from "../domain/ports.ts";
import type { Outcome } from "../release/events.ts";
import { type Release, rollbackRecord } from "../release/release.ts";
import { describeExternalChange } from "./external-change.ts";
import { healCommand, messageOf, type Ports } from "./ports.ts";
import { moving, tellServing } from "./serving.ts";
import { unlessAborted } from "./wait.ts";
import { PERSISTENT, type Persistence, type Written, writeAlias } from "./write-alias.ts";

/** How a release ended. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly verified: boolean;
}

/** A member, and its alias as this run last saw it. */
export interface HeldAlias {
  readonly member: Member;
  readonly alias: Alias;
}

type WriteCertainty =
  | { readonly kind: "firm" }
  /** A write is under way, or got no answer: the alias is as before, or as `sent`. */
  | { readonly kind: "uncertain"; readonly sent: Setting }
  /** Someone else has changed it; `how` is the sentence for people. */
  | { readonly kind: "lost"; readonly how: string };

interface FleetMember extends HeldAlias {
  readonly certainty: WriteCertainty;
}

/** Why a release is rolled back. */
export interface Problem {
  readonly kind: "rollback" | "superseded";
  readonly reason: string;
}

/** The aliases of all members, moved together. */
export class Fleet {
  readonly #ports: Ports;
  #held: readonly FleetMember[];

  constructor(heldAliases: readonly HeldAlias[], ports: Ports) {
    this.#held = heldAliases.map((heldAlias) => ({ ...heldAlias, certainty: FIRM }));
    this.#ports = ports;
  }

  /** Moves all aliases at once. Returns what went wrong with one of them; null if all are done. */
  async writeAlias(recordOf: (member: Member) => AliasRecord): Promise<Problem | null> {
    const { abort, handover } = this.#ports;
    const moves = this.#held.map((held) => moveOf(held, recordOf(held.member)));
    handover.sending(moves.map(({ held, record }) => ({ target: held.member.target, record })));
    const held: FleetMember[] = moves.map(({ held: each, sent }) => ({
      ...each,
      certainty: { kind: "uncertain", sent },
    }));
    this.#held = held;
    const writing = moves.map(async (move, place) => {
      const moved = await this.#writeAlias(move, { signal: abort });
      // Noted at once, not after the last of them: on a cancellation in between, one call rolls this one back.
      held[place] = afterMove(moved, this.#ports);
      return moved;
    });
    const moved = await unlessAborted(abort, Promise.all(writing));
    if (moved === null) return { kind: "rollback", reason: String(abort.reason) };

    for (const each of moved) if (each.result.kind === "superseded") this.#tellServing(each);
    const problems = moved.flatMap((each) => problemOf(each, this.#ports));
    return problems.find(({ kind }) => kind === "superseded") ?? problems[0] ?? null;
  }

  /** Reports what every alias serves, by Lambda's last answer. */
  tellServing(): void {
    for (const { member, alias } of this.#held) tellServing(this.#ports, member.target, alias);
  }

  /** The aliases whose calls Lambda hasn't moved yet to the promoted version, a sentence each. */
  moving(): readonly string[] {
    return this.#held.flatMap(({ member, alias }) => moving(member.target, alias) ?? []);
  }

  /**
   * Puts every alias that is still ours back on its baseline. The calls go out before anything is reported, and a
   * cancellation doesn't stop them.
   */
  async takeBack(release: Release, { kind, reason }: Problem): Promise<Ending> {
    const { journal, clock } = this.#ports;
    const touched = this.#held.filter(isTouched);
    const moves = touched.map((held) => moveOf(held, rollbackRecord(release, held.member, clock.now())));
    const writing = Promise.all(moves.map((move) => this.#writeAlias(move, { attempts: PERSISTENT })));
    if (touched.length > 0) journal.write({ kind: "turned-back", reason });
    const moved = await writing;

    const stranded = moved.filter((each) => !this.#tellServing(each));
    const problems = moved.flatMap((each) => problemOf(each, this.#ports));
    // If a cancellation came first, the reason doesn't say yet who changed the alias.
    const lost = this.#held.flatMap(({ certainty }) => (certainty.kind === "lost" ? [certainty.how] : []));
    const intruders = problems.flatMap((problem) => (problem.kind === "superseded" ? [problem.reason] : []));
    const externalChanges = [...lost, ...intruders].filter((how) => !reason.includes(how));
    if (stranded.length > 0) {
      for (const each of stranded) this.#cryOut(each, reason);
      const which = formatList(stranded.map(({ held: { member } }) => nameOf(member.target)));
      const what = `${which} could not be put back on the baseline: run the command given for it now`;
      return { outcome: "failed", reason: what, verified: false };
    }
    if (kind === "superseded" || externalChanges.length > 0) {
      return { outcome: "superseded", reason: [...externalChanges, reason].join("; "), verified: false };
    }
    if (touched.length === 0) return { outcome: "failed", reason: `nothing was shifted: ${reason}`, verified: false };
    return { outcome: "rolled-back", reason, verified: false };
  }

  /** Reads all aliases: which were changed by others, and which can't be read. */
  async aliasStatus(): Promise<AliasStatus> {
    const { traffic, abort } = this.#ports;
    const externalChanges: string[] = [];
    const analyses: Analysis[] = [];
    let expired: string | null = null;
    const look = async (held: FleetMember): Promise<FleetMember> => {
      const { target } = held.member;
      try {
        const isOurs = (found: Alias | null) => found !== null && sameSetting(found, held.alias);
        let alias = await traffic.read(target, abort);
        // Someone else's change counts only when read twice: if we gave way by mistake, nobody would watch the canary.
        if (!isOurs(alias)) alias = await traffic.read(target, abort);
        if (alias !== null && isOurs(alias)) return { ...held, alias };
        // After a cancellation, this may already be our own rollback.
        if (abort.aborted) return held;
        externalChanges.push(describeExternalChange(held.member, alias, [held.alias], this.#ports.run));
        if (alias !== null) tellServing(this.#ports, target, alias);
        return afterExternalChange(held, alias, [held.alias], this.#ports);
      } catch (error) {
        analyses.push({ rule: "alias", target, verdict: "error", reason: messageOf(error), figures: null });
        if (isExpired(error)) expired = `the AWS credentials expired during the release: ${messageOf(error)}`;
        return held;
      }
    };
    const seen = await Promise.all(this.#held.map(look));
    if (!abort.aborted) this.#held = seen;
    return { externalChanges, analyses, expired };
  }

  async #writeAlias({ held, record, sent }: PendingWrite, persistence: Omit<Persistence, "sent">): Promise<EndedWrite> {
    const { member, alias, certainty } = held;
    const before = certainty.kind === "uncertain" ? certainty.sent : null;
    const result = await writeAlias(this.#ports, member.target, alias, record, { ...persistence, sent: before });
    return { held, sent, result };
  }

  /** Reports what an alias serves now. Returns false if that isn't known. */
  #tellServing({ held: { member }, result }: EndedWrite): boolean {
    switch (result.kind) {
      case "done":
        tellServing(this.#ports, member.target, result.alias);
        return true;
      case "superseded":
        if (result.by !== null) tellServing(this.#ports, member.target, result.by);
        return true;
      case "failed":
      case "aborted":
        return false;
    }
  }

  #cryOut({ held: { member }, result }: EndedWrite, why: string): void {
    const { journal, region } = this.#ports;
    const { target, baseline } = member;
    const error =
      result.kind === "failed" ? messageOf(result.error) : "the rollback was stopped before it was confirmed";
    const reason = `${error}; the release had to be rolled back because ${why}`;
    journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  }
}

/** The result of a look at all aliases. */
export interface AliasStatus {
  /** What others changed, a sentence each. */
  readonly externalChanges: readonly string[];
  /** The aliases that can't be read. */
  readonly analyses: readonly Analysis[];
  /** Set if the credentials have expired. Waiting doesn't help: the sooner people know, the sooner they fix it. */
  readonly expired: string | null;
}

function isExpired(error: unknown): boolean {
  return error instanceof ServiceError && error.fault === "expired";
}

const FIRM: WriteCertainty = { kind: "firm" };

/** A member, and the write to make to its alias. */
interface PendingWrite {
  readonly held: FleetMember;
  readonly record: AliasRecord;
  readonly sent: Setting;
}

/** A member, and how the write to its alias ended. */
interface EndedWrite {
  readonly held: FleetMember;
  readonly sent: Setting;
  readonly result: Written;
}

function moveOf(held: FleetMember, record: AliasRecord): PendingWrite {
  return { held, record, sent: settingOf(held.alias.description, record) };
}

/** True if we may have moved an alias off its baseline. */
function isTouched({ member, alias, certainty }: FleetMember): boolean {
  switch (certainty.kind) {
    case "lost":
      return false;
    case "uncertain":
      return true;
    case "firm":
      return alias.routing.additional !== null || alias.routing.primary !== member.baseline;
  }
}

function afterMove({ held, sent, result }: EndedWrite, ports: Ports): FleetMember {
  switch (result.kind) {
    case "done":
      return { ...held, alias: result.alias, certainty: FIRM };
    case "failed": {
      const { alias, mayLand } = result;
      const certainty: WriteCertainty = alias === null || mayLand ? { kind: "uncertain", sent } : FIRM;
      return { ...held, alias: alias ?? held.alias, certainty };
    }
    case "superseded":
      return afterExternalChange(held, result.by, [held.alias, sent], ports);
    case "aborted":
      return { ...held, certainty: { kind: "uncertain", sent } };
  }
}

/** What is still ours after someone else's change: if they edited only the text, the traffic is. */
function afterExternalChange(
  held: FleetMember,
  by: Alias | null,
  own: readonly [Setting, ...Setting[]],
  { run }: Ports,
): FleetMember {
  return by !== null && own.some((each) => isButForText(run, each, by))
    ? { ...held, alias: by, certainty: FIRM }
    : { ...held, certainty: { kind: "lost", how: describeExternalChange(held.member, by, own, run) } };
}

function problemOf({ held, sent, result }: EndedWrite, ports: Ports): Problem[] {
  switch (result.kind) {
    case "superseded":
      return [
        { kind: "superseded", reason: describeExternalChange(held.member, result.by, [held.alias, sent], ports.run) },
      ];
    case "failed":
      return [{ kind: "rollback", reason: messageOf(result.error) }];
    case "aborted":
      return [{ kind: "rollback", reason: String(ports.abort.reason) }];
    case "done":
      return [];
  }
}
