import { type Alias, nameOf, type Setting, sameSetting } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import type { Outcome } from "../release/journal.ts";
import type { Member } from "../release/member.ts";
import { ServiceError } from "../release/ports.ts";
import { isButForText, type Record, settingOf } from "../release/record.ts";
import { type Release, rollbackRecord } from "../release/release.ts";
import type { Analysis } from "../release/verdict.ts";
import { unlessAborted } from "./abort.ts";
import { describeIntrusion } from "./intrusion.ts";
import { moving, tellServing } from "./serving.ts";
import { PERSISTENT, type Persistence, type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

/** How a release ended. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly verified: boolean;
}

/** A member, and its alias as this run last saw it. */
export interface Holding {
  readonly member: Member;
  readonly alias: Alias;
}

type Grip =
  | { readonly kind: "firm" }
  /** A write is under way, or got no answer: the alias is as before, or as `sent`. */
  | { readonly kind: "uncertain"; readonly sent: Setting }
  /** Someone else has changed it; `how` is the sentence for people. */
  | { readonly kind: "lost"; readonly how: string };

interface Held extends Holding {
  readonly grip: Grip;
}

/** Why a release is rolled back. */
export interface Problem {
  readonly kind: "rollback" | "superseded";
  readonly reason: string;
}

/** The aliases of all members, moved together. */
export class Fleet {
  readonly #world: World;
  #held: readonly Held[];

  constructor(holdings: readonly Holding[], world: World) {
    this.#held = holdings.map((holding) => ({ ...holding, grip: FIRM }));
    this.#world = world;
  }

  /** Moves all aliases at once. Returns what went wrong with one of them; null if all are done. */
  async steer(recordOf: (member: Member) => Record): Promise<Problem | null> {
    const { abort, handover } = this.#world;
    const moves = this.#held.map((held) => moveOf(held, recordOf(held.member)));
    handover.sending(moves.map(({ held, record }) => ({ target: held.member.target, record })));
    const held: Held[] = moves.map(({ held: each, sent }) => ({ ...each, grip: { kind: "uncertain", sent } }));
    this.#held = held;
    const writing = moves.map(async (move, place) => {
      const moved = await this.#steer(move, { signal: abort });
      // Noted at once, not after the last of them: on a cancellation in between, one call rolls this one back.
      held[place] = afterMove(moved, this.#world);
      return moved;
    });
    const moved = await unlessAborted(abort, Promise.all(writing));
    if (moved === null) return { kind: "rollback", reason: String(abort.reason) };

    for (const each of moved) if (each.result.kind === "superseded") this.#tellServing(each);
    const problems = moved.flatMap((each) => problemOf(each, this.#world));
    return problems.find(({ kind }) => kind === "superseded") ?? problems[0] ?? null;
  }

  /** Reports what every alias serves, by Lambda's last answer. */
  tellServing(): void {
    for (const { member, alias } of this.#held) tellServing(this.#world, member.target, alias);
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
    const { journal, clock } = this.#world;
    const touched = this.#held.filter(isTouched);
    const moves = touched.map((held) => moveOf(held, rollbackRecord(release, held.member, clock.now())));
    const writing = Promise.all(moves.map((move) => this.#steer(move, { attempts: PERSISTENT })));
    if (touched.length > 0) journal.write({ kind: "turned-back", reason });
    const moved = await writing;

    const stranded = moved.filter((each) => !this.#tellServing(each));
    const problems = moved.flatMap((each) => problemOf(each, this.#world));
    // If a cancellation came first, the reason doesn't name the intruder yet.
    const lost = this.#held.flatMap(({ grip }) => (grip.kind === "lost" ? [grip.how] : []));
    const intruders = problems.flatMap((problem) => (problem.kind === "superseded" ? [problem.reason] : []));
    const intrusions = [...lost, ...intruders].filter((how) => !reason.includes(how));
    if (stranded.length > 0) {
      for (const each of stranded) this.#cryOut(each, reason);
      const which = formatList(stranded.map(({ held: { member } }) => nameOf(member.target)));
      const what = `${which} could not be put back on the baseline: run the command given for it now`;
      return { outcome: "failed", reason: what, verified: false };
    }
    if (kind === "superseded" || intrusions.length > 0) {
      return { outcome: "superseded", reason: [...intrusions, reason].join("; "), verified: false };
    }
    if (touched.length === 0) return { outcome: "failed", reason: `nothing was shifted: ${reason}`, verified: false };
    return { outcome: "rolled-back", reason, verified: false };
  }

  /** Reads all aliases: which were changed by others, and which can't be read. */
  async standing(): Promise<Standing> {
    const { traffic, abort } = this.#world;
    const intrusions: string[] = [];
    const analyses: Analysis[] = [];
    let expired: string | null = null;
    const look = async (held: Held): Promise<Held> => {
      const { target } = held.member;
      try {
        const isOurs = (found: Alias | null) => found !== null && sameSetting(found, held.alias);
        let alias = await traffic.read(target, abort);
        // Someone else's change counts only when read twice: if we gave way by mistake, nobody would watch the canary.
        if (!isOurs(alias)) alias = await traffic.read(target, abort);
        if (alias !== null && isOurs(alias)) return { ...held, alias };
        // After a cancellation, this may already be our own rollback.
        if (abort.aborted) return held;
        intrusions.push(describeIntrusion(held.member, alias, [held.alias], this.#world.run));
        if (alias !== null) tellServing(this.#world, target, alias);
        return afterIntrusion(held, alias, [held.alias], this.#world);
      } catch (error) {
        analyses.push({ rule: "alias", target, verdict: "error", reason: messageOf(error), figures: null });
        if (isExpired(error)) expired = `the AWS credentials expired during the release: ${messageOf(error)}`;
        return held;
      }
    };
    const seen = await Promise.all(this.#held.map(look));
    if (!abort.aborted) this.#held = seen;
    return { intrusions, analyses, expired };
  }

  async #steer({ held, record, sent }: Move, persistence: Omit<Persistence, "sent">): Promise<Moved> {
    const { member, alias, grip } = held;
    const before = grip.kind === "uncertain" ? grip.sent : null;
    const result = await steer(this.#world, member.target, alias, record, { ...persistence, sent: before });
    return { held, sent, result };
  }

  /** Reports what an alias serves now. Returns false if that isn't known. */
  #tellServing({ held: { member }, result }: Moved): boolean {
    switch (result.kind) {
      case "done":
        tellServing(this.#world, member.target, result.alias);
        return true;
      case "superseded":
        if (result.by !== null) tellServing(this.#world, member.target, result.by);
        return true;
      case "failed":
      case "aborted":
        return false;
    }
  }

  #cryOut({ held: { member }, result }: Moved, why: string): void {
    const { journal, region } = this.#world;
    const { target, baseline } = member;
    const error =
      result.kind === "failed" ? messageOf(result.error) : "the rollback was stopped before it was confirmed";
    const reason = `${error}; the release had to be rolled back because ${why}`;
    journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  }
}

/** The result of a look at all aliases. */
export interface Standing {
  /** What others changed, a sentence each. */
  readonly intrusions: readonly string[];
  /** The aliases that can't be read. */
  readonly analyses: readonly Analysis[];
  /** Set if the credentials have expired. Waiting doesn't help: the sooner people know, the sooner they fix it. */
  readonly expired: string | null;
}

function isExpired(error: unknown): boolean {
  return error instanceof ServiceError && error.fault === "expired";
}

const FIRM: Grip = { kind: "firm" };

/** A member, and the write to make to its alias. */
interface Move {
  readonly held: Held;
  readonly record: Record;
  readonly sent: Setting;
}

/** A member, and how the write to its alias ended. */
interface Moved {
  readonly held: Held;
  readonly sent: Setting;
  readonly result: Steered;
}

function moveOf(held: Held, record: Record): Move {
  return { held, record, sent: settingOf(held.alias.description, record) };
}

/** True if we may have moved an alias off its baseline. */
function isTouched({ member, alias, grip }: Held): boolean {
  switch (grip.kind) {
    case "lost":
      return false;
    case "uncertain":
      return true;
    case "firm":
      return alias.routing.additional !== null || alias.routing.primary !== member.baseline;
  }
}

function afterMove({ held, sent, result }: Moved, world: World): Held {
  switch (result.kind) {
    case "done":
      return { ...held, alias: result.alias, grip: FIRM };
    case "failed": {
      const { alias, mayLand } = result;
      const grip: Grip = alias === null || mayLand ? { kind: "uncertain", sent } : FIRM;
      return { ...held, alias: alias ?? held.alias, grip };
    }
    case "superseded":
      return afterIntrusion(held, result.by, [held.alias, sent], world);
    case "aborted":
      return { ...held, grip: { kind: "uncertain", sent } };
  }
}

/** What is still ours after someone else's change: if they edited only the text, the traffic is. */
function afterIntrusion(held: Held, by: Alias | null, own: readonly [Setting, ...Setting[]], { run }: World): Held {
  return by !== null && own.some((each) => isButForText(run, each, by))
    ? { ...held, alias: by, grip: FIRM }
    : { ...held, grip: { kind: "lost", how: describeIntrusion(held.member, by, own, run) } };
}

function problemOf({ held, sent, result }: Moved, world: World): Problem[] {
  switch (result.kind) {
    case "superseded":
      return [{ kind: "superseded", reason: describeIntrusion(held.member, result.by, [held.alias, sent], world.run) }];
    case "failed":
      return [{ kind: "rollback", reason: messageOf(result.error) }];
    case "aborted":
      return [{ kind: "rollback", reason: String(world.abort.reason) }];
    case "done":
      return [];
  }
}
