import { type Alias, describeRouting, type Target } from "../release/alias.ts";
import type { Analysis } from "../release/analysis.ts";
import { formatList } from "../release/figures.ts";
import type { Outcome } from "../release/journal.ts";
import { isAsLeftBy, type Record, readRecord } from "../release/record.ts";
import { type Member, type Release, rollbackRecord } from "../release/release.ts";
import { unlessAborted } from "./abort.ts";
import { isAs, type Steered, steer } from "./steer.ts";
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
    const writes = before.map(({ member, alias }) => steer(this.#world, member.target, alias, recordOf(member), abort));
    const results = await unlessAborted(abort, Promise.all(writes));
    if (results === null) return { kind: "rollback", reason: String(abort.reason) };

    this.#holdings = before.map((holding, index) => afterWrite(holding, results[index]));
    const problems = before.flatMap(({ member }, index) => problemOf(member.target, results[index]));
    const intrusion = problems.find(({ kind }) => kind === "superseded");
    return intrusion ?? problems[0] ?? null;
  }

  /**
   * Puts every alias that is still ours back on its baseline. The calls go out before anything is reported, and no
   * cancellation stops them.
   */
  async takeBack(release: Release, { kind, reason }: Problem): Promise<Ending> {
    const { journal, clock } = this.#world;
    const touched = this.#holdings.filter(isTouched);
    const writes = touched.map(({ member, alias }) =>
      steer(this.#world, member.target, alias, rollbackRecord(release, member, clock.now())),
    );
    if (touched.length > 0) journal.write({ kind: "turned-back", reason });
    const results = await Promise.all(writes);

    const stranded = touched.flatMap(({ member }, index) => {
      const result = results[index];
      return result?.kind === "failed" ? [{ member, error: result.error }] : [];
    });
    for (const { member, error } of stranded)
      this.#cryOut(member, `${messageOf(error)}; the release was taken back because ${reason}`);
    if (stranded.length > 0) {
      const which = formatList(stranded.map(({ member }) => `${member.target.function}:${member.target.alias}`));
      const what = `${which} could not be put back on the baseline. Run the command given for it now`;
      return { outcome: "failed", reason: `${what}. The release was taken back because ${reason}`, verified: false };
    }
    const intrusions = touched.flatMap(({ member }, index) => {
      const result = results[index];
      return result?.kind === "superseded" ? [intrusion(member.target, result.by)] : [];
    });
    if (kind === "superseded" || intrusions.length > 0) {
      return { outcome: "superseded", reason: [...intrusions, reason].join("; "), verified: false };
    }
    if (touched.length === 0) return { outcome: "failed", reason: `nothing was shifted: ${reason}`, verified: false };
    return { outcome: "rolled-back", reason, verified: false };
  }

  /** Reads all aliases: which of them others have changed, and which can't be read. */
  async standing(): Promise<{ readonly intrusions: readonly string[]; readonly analyses: readonly Analysis[] }> {
    const { traffic } = this.#world;
    const intrusions: string[] = [];
    const analyses: Analysis[] = [];
    const found = await Promise.allSettled(this.#holdings.map(({ member }) => traffic.read(member.target)));
    this.#holdings = this.#holdings.map((holding, index) => {
      const { target } = holding.member;
      const result = found[index];
      if (result?.status !== "fulfilled") {
        const reason = messageOf(result?.reason);
        analyses.push({ rule: "alias", target, verdict: "error", reason, figures: null });
        return holding;
      }
      const alias = result.value;
      if (alias !== null && isAs(alias, holding.alias.routing, holding.alias.description)) return { ...holding, alias };
      intrusions.push(intrusion(target, alias));
      return { ...holding, grip: "lost" };
    });
    return { intrusions, analyses };
  }

  #cryOut({ target, baseline }: Member, reason: string): void {
    const { journal, region } = this.#world;
    journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  }
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

function afterWrite(holding: Holding, result: Steered | undefined): Holding {
  switch (result?.kind) {
    case "done":
      return { ...holding, alias: result.alias, grip: "firm" };
    case "failed":
      return result.alias === null
        ? { ...holding, grip: "uncertain" }
        : { ...holding, alias: result.alias, grip: "firm" };
    case "superseded":
      return { ...holding, grip: "lost" };
    case "aborted":
    case undefined:
      return { ...holding, grip: "uncertain" };
  }
}

function problemOf(target: Target, result: Steered | undefined): Problem[] {
  switch (result?.kind) {
    case "superseded":
      return [{ kind: "superseded", reason: intrusion(target, result.by) }];
    case "failed":
      return [{ kind: "rollback", reason: messageOf(result.error) }];
    case "done":
    case "aborted":
    case undefined:
      return [];
  }
}

/** Who holds an alias now that another hand has changed it. */
function intrusion(target: Target, alias: Alias | null): string {
  const name = `the alias ${target.alias} of ${target.function}`;
  if (alias === null) return `${name} was deleted by someone else`;
  const record = readRecord(alias.description);
  const told = record !== null && isAsLeftBy(record.run, alias);
  const who = told ? `run ${record.run.id}` : "someone else";
  return `${name} was changed by ${who} and serves ${describeRouting(alias.routing)} now; it was left as it is`;
}
