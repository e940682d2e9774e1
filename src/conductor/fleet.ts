import { type Alias, describeRouting, nameOf, type Target } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import type { Outcome } from "../release/journal.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { type Member, type Release, rollbackRecord } from "../release/release.ts";
import type { Analysis } from "../release/verdict.ts";
import { unlessAborted } from "./abort.ts";
import { isAs, PERSISTENT, type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

/** How a release ended. */
export interface Ending {
  readonly outcome: Outcome;
  readonly reason: string;
  readonly verified: boolean;
}

/** A member with its alias as this run last knew it. */
export interface Holding {
  readonly member: Member;
  readonly alias: Alias;
  /** Uncertain while a write may be under way or took place without an answer; lost once somebody else changed it. */
  readonly grip: "firm" | "uncertain" | "lost";
}

/** Why a release is taken back. */
interface Problem {
  readonly kind: "rollback" | "superseded";
  readonly reason: string;
}

/** The aliases of all members, moved together. */
export class Fleet {
  readonly #world: World;
  #holdings: readonly Holding[];

  constructor(holdings: readonly Holding[], world: World) {
    this.#holdings = holdings;
    this.#world = world;
  }

  /** Moves all aliases at once; answers what kept one of them from it, null when all are done. */
  async steer(recordOf: (member: Member) => Record): Promise<Problem | null> {
    const { abort } = this.#world;
    const before = this.#holdings;
    this.#holdings = before.map((holding) => ({ ...holding, grip: "uncertain" }));
    const moved = await unlessAborted(abort, this.#steerAll(before, recordOf, { signal: abort }));
    if (moved === null) return { kind: "rollback", reason: String(abort.reason) };

    this.#holdings = moved.map(afterMove);
    for (const each of moved) if (each.result.kind === "superseded") this.#tellServing(each);
    const problems = moved.flatMap(problemOf);
    return problems.find(({ kind }) => kind === "superseded") ?? problems[0] ?? null;
  }

  /** Tells what every alias serves, as Lambda answered last. */
  tellServing(): void {
    for (const { member, alias } of this.#holdings) {
      this.#world.journal.write({ kind: "serving", target: member.target, routing: alias.routing });
    }
  }

  /**
   * Puts every alias that is still ours back on its baseline. The calls go out before anything is reported, and no
   * cancellation stops them.
   */
  async takeBack(release: Release, { kind, reason }: Problem): Promise<Ending> {
    const { journal, clock } = this.#world;
    const touched = this.#holdings.filter(isTouched);
    const moving = this.#steerAll(touched, (member) => rollbackRecord(release, member, clock.now()), {
      attempts: PERSISTENT,
    });
    if (touched.length > 0) journal.write({ kind: "turned-back", reason });
    const moved = await moving;

    const stranded = moved.filter((each) => !this.#tellServing(each));
    const intrusions = moved.flatMap(problemOf).filter((problem) => problem.kind === "superseded");
    if (stranded.length > 0) {
      for (const each of stranded) this.#cryOut(each, reason);
      const which = formatList(stranded.map(({ holding: { member } }) => nameOf(member.target)));
      const what = `${which} could not be put back on the baseline: run the command given for it now`;
      return { outcome: "failed", reason: what, verified: false };
    }
    if (kind === "superseded" || intrusions.length > 0) {
      const who = intrusions.map((problem) => problem.reason);
      return { outcome: "superseded", reason: [...who, reason].join("; "), verified: false };
    }
    if (touched.length === 0) return { outcome: "failed", reason: `nothing was shifted: ${reason}`, verified: false };
    return { outcome: "rolled-back", reason, verified: false };
  }

  /** Reads all aliases: which of them others have changed, and which can't be read. */
  async standing(): Promise<{ readonly intrusions: readonly string[]; readonly analyses: readonly Analysis[] }> {
    const { traffic, journal } = this.#world;
    const intrusions: string[] = [];
    const analyses: Analysis[] = [];
    const look = async (holding: Holding): Promise<Holding> => {
      const { target } = holding.member;
      try {
        const alias = await traffic.read(target);
        if (alias !== null && isAs(alias, holding.alias.routing, holding.alias.description)) {
          return { ...holding, alias };
        }
        intrusions.push(intrusion(target, alias));
        if (alias !== null) journal.write({ kind: "serving", target, routing: alias.routing });
        return { ...holding, grip: "lost" };
      } catch (error) {
        analyses.push({ rule: "alias", target, verdict: "error", reason: messageOf(error), figures: null });
        return holding;
      }
    };
    this.#holdings = await Promise.all(this.#holdings.map(look));
    return { intrusions, analyses };
  }

  async #steerAll(
    holdings: readonly Holding[],
    recordOf: (member: Member) => Record,
    options: Parameters<typeof steer>[4],
  ): Promise<readonly Moved[]> {
    return Promise.all(
      holdings.map(async (holding) => {
        const { member, alias } = holding;
        return { holding, result: await steer(this.#world, member.target, alias, recordOf(member), options) };
      }),
    );
  }

  /** Tells what an alias serves now, if that is known. */
  #tellServing({ holding: { member }, result }: Moved): boolean {
    switch (result.kind) {
      case "done":
        this.#world.journal.write({ kind: "serving", target: member.target, routing: result.alias.routing });
        return true;
      case "superseded":
        if (result.by === null) return true;
        this.#world.journal.write({ kind: "serving", target: member.target, routing: result.by.routing });
        return true;
      case "failed":
      case "aborted":
        return false;
    }
  }

  #cryOut({ holding: { member }, result }: Moved, why: string): void {
    const { journal, region } = this.#world;
    const { target, baseline } = member;
    const error = result.kind === "failed" ? messageOf(result.error) : "it was given up";
    const reason = `${error}; the release was taken back because ${why}`;
    journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  }
}

/** A member and what became of the write to its alias. */
interface Moved {
  readonly holding: Holding;
  readonly result: Steered;
}

/** True when an alias is not, or maybe not, wholly on its baseline by our doing. */
function isTouched({ member, alias, grip }: Holding): boolean {
  switch (grip) {
    case "lost":
      return false;
    case "uncertain":
      return true;
    case "firm":
      return alias.routing.additional !== null || alias.routing.primary !== member.baseline;
  }
}

function afterMove({ holding, result }: Moved): Holding {
  switch (result.kind) {
    case "done":
      return { ...holding, alias: result.alias, grip: "firm" };
    case "failed":
      return result.alias === null
        ? { ...holding, grip: "uncertain" }
        : { ...holding, alias: result.alias, grip: "firm" };
    case "superseded":
      return { ...holding, grip: "lost" };
    case "aborted":
      return { ...holding, grip: "uncertain" };
  }
}

function problemOf({ holding, result }: Moved): Problem[] {
  switch (result.kind) {
    case "superseded":
      return [{ kind: "superseded", reason: intrusion(holding.member.target, result.by) }];
    case "failed":
      return [{ kind: "rollback", reason: messageOf(result.error) }];
    case "done":
    case "aborted":
      return [];
  }
}

/** Who holds an alias now that another hand has changed it. */
function intrusion(target: Target, alias: Alias | null): string {
  const name = nameOf(target);
  if (alias === null) return `${name} was deleted by someone else`;
  const record = readRecord(alias.description);
  const told = record !== null && isAsLeftBy(record.run, alias);
  const who = told ? `run ${record.run.id}` : "someone else";
  return `${name} was changed by ${who} and serves ${describeRouting(alias.routing)} now; it was left as it is`;
}
