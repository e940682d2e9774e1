import { type Alias, nameOf, sameRouting, sameRun, type Target, type Version, weightIn } from "../domain/alias.ts";
import { type AliasRecord, bears, readRecord, recordedRouting, recordOf } from "../domain/alias-record.ts";
import { healCommand } from "../domain/heal-command.ts";
import type { Instant } from "../domain/time.ts";
import type { Ending } from "../release/events.ts";
import type { WriteResult } from "../release/fleet.ts";
import { type Reason, said } from "../release/reason.ts";
import { tellServing } from "../release/serving.ts";
import { type Unfinished, unfinished } from "./ownership.ts";
import { messageOf, type Ports } from "./ports.ts";
import { readAgain } from "./read-alias.ts";
import { PERSISTENT, writeAlias } from "./write-alias.ts";

/**
 * Puts an alias that a release left behind back on its baseline.
 *
 * @param at stands in the record: the same for all tries, so that one that took effect is recognised
 */
export function heal(
  ports: Ports,
  target: Target,
  alias: Alias,
  { from, to, fleet }: Unfinished,
  at: Instant = ports.clock.now(),
): Promise<WriteResult> {
  const stamp = { at, run: ports.run, ...(fleet === null ? {} : { fleet }) };
  return writeAlias(ports, target, alias, { state: "rolled-back", from, to, ...stamp }, { attempts: PERSISTENT });
}

/** What main leaves for its post step to clean up. */
export interface LeftByMain {
  /** For each alias, the last two writes: whether the last one took effect isn't known. */
  readonly sent: readonly { readonly target: Target; readonly records: readonly AliasRecord[] }[];
  /** How it ended. Unless it was killed, it has already reported that. */
  readonly end: "killed" | "failed" | "superseded";
}

/**
 * Heals what main left behind when it was killed or failed during the release: each alias that is still exactly as main
 * left it. Promoted ones too: if nobody saw the release end, it doesn't count as a success. An alias that anyone else
 * has touched since is left alone, even if that was another step of the same run.
 *
 * @returns how the release ended; null if main had reported that, and there was nothing to heal
 */
export async function healAfterMain(ports: Ports, { sent, end }: LeftByMain): Promise<Ending | null> {
  const healed = await Promise.all(
    sent.map(async ({ target, records }): Promise<Aftermath | null> => {
      const [way] = records.flatMap((record) => unfinished(record) ?? []);
      if (way === undefined) return null;
      const find = (found: Alias) => leftOn(found, records);
      const { alias, problem } = await look(ports, target, find);
      if (problem !== null) return unseen(ports, target, problem, way.to, end);
      const left = alias === null ? null : find(alias);
      if (alias !== null && left !== null) return healOne(ports, target, alias, left, find);
      return end === "killed" ? stateOf(ports, target, alias, way.to) : null;
    }),
  );
  return endingOf(healed.filter((each) => each !== null));
}

/**
 * The release that main left unfinished on an alias. The alias must be exactly as main wrote it, but the record may
 * have been deleted since. Any other record is someone else's, even if it is from the same run.
 */
function leftOn({ routing, description }: Alias, records: readonly AliasRecord[]): Unfinished | null {
  const isBare = readRecord(description) === null;
  const own = records.find(
    (record) => sameRouting(recordedRouting(record), routing) && (isBare || bears(description, record)),
  );
  return own === undefined ? null : unfinished(own);
}

/** After main was killed: how its release ended on an alias that needs no healing. */
function stateOf(ports: Ports, target: Target, alias: Alias | null, baseline: Version): Aftermath | null {
  if (alias === null) return { outcome: "superseded", target, reached: "" };
  tellServing(ports, target, alias);
  const record = recordOf(alias);
  if (record !== null && sameRun(record.run, ports.run)) {
    // Otherwise another step of this run is releasing now, and reports its own end.
    return record.state === "rolled-back" ? { outcome: "rolled-back", target, reached: "" } : null;
  }
  const isUntouched = alias.routing.additional === null && alias.routing.primary === baseline;
  return { outcome: isUntouched ? "untouched" : "superseded", target, reached: "" };
}

interface AliasRead {
  readonly alias: Alias | null;
  /** Why it could not be read. */
  readonly problem: string | null;
}

/**
 * An alias that isn't as main left it may be so only for a stale read: main's last write may be a moment old. What is
 * as main left it is healed at once.
 */
async function look(
  { traffic, clock }: Ports,
  target: Target,
  find: (found: Alias) => Unfinished | null,
): Promise<AliasRead> {
  const mayBeStale = (found: Alias | null) => found === null || find(found) === null;
  try {
    return { alias: await readAgain(clock, () => traffic.read(target), mayBeStale), problem: null };
  } catch (error) {
    return { alias: null, problem: messageOf(error) };
  }
}

/** How healing an alias ended. */
export interface Healed {
  readonly outcome: "failed" | "superseded" | "rolled-back";
  readonly target: Target;
  /** How far the release had got on it, for people; "" if unknown. */
  readonly reached: string;
}

/** How an alias was found after main did not end well; "untouched" if it serves what it did before. */
interface Aftermath extends Omit<Healed, "outcome"> {
  readonly outcome: Healed["outcome"] | "untouched";
}

const WORST_FIRST = ["failed", "superseded", "rolled-back", "untouched"] as const;

/** The outcomes among these, each once. */
export function worstFirst<Outcome extends Aftermath["outcome"]>(
  healed: readonly { readonly outcome: Outcome }[],
): readonly Outcome[] {
  const found = new Set(healed.map(({ outcome }) => outcome));
  return [...found].sort((a, b) => WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b));
}

function endingOf(healed: readonly Aftermath[]): Ending | null {
  const outcomes = worstFirst(healed);
  const [outcome] = outcomes;
  if (outcome === undefined) return null;
  const ends = outcomes.map((each) => {
    return { outcome: each, targets: healed.filter((one) => one.outcome === each).map(({ target }) => target) };
  });
  const places = [...new Set(healed.flatMap(({ reached }) => (reached === "" ? [] : [reached])))];
  const reason = { kind: "killed", places, ends } as const;
  return { outcome: outcome === "untouched" ? "failed" : outcome, reason, verified: false };
}

/**
 * Heals an alias and reports how that ended; if it failed, also the command to do it by hand.
 *
 * @param find the same release on an alias that has changed in the meantime, if it is still there: its last write may
 *   have landed late
 */
export async function healOne(
  ports: Ports,
  target: Target,
  alias: Alias,
  release: Unfinished,
  find: (found: Alias) => Unfinished | null = () => null,
  at: Instant = ports.clock.now(),
): Promise<Healed> {
  const { journal, region } = ports;
  journal.write({ kind: "prepared", changes: [{ target, baseline: release.to, canary: release.from }] });
  const result = await heal(ports, target, alias, release, at);
  switch (result.kind) {
    case "done":
      tellServing(ports, target, result.alias);
      return { outcome: "rolled-back", target, reached: release.reached };
    case "superseded": {
      const late = result.by === null ? null : find(result.by);
      if (result.by !== null && late !== null) return healOne(ports, target, result.by, late, find, at);
      return { outcome: "superseded", target, reached: release.reached };
    }
    case "failed":
    case "aborted": {
      const reason: Reason = result.kind === "failed" ? said(result.reason) : { kind: "healing-stopped" };
      const weight = weightIn(alias.routing, release.from);
      journal.write({ kind: "stranded", target, reason, command: healCommand(target, release.to, region), weight });
      return { outcome: "failed", target, reached: release.reached };
    }
  }
}

/** The alias can't be read after main: reports the command that heals it, unless main had given way to someone else. */
function unseen(
  { journal, region }: Ports,
  target: Target,
  problem: string,
  baseline: Version,
  end: LeftByMain["end"],
): Aftermath | null {
  if (end === "superseded") {
    journal.write({ kind: "warned", text: `could not look at ${nameOf(target)} again: ${problem}` });
    return null;
  }
  const reason = { kind: "unknown-state", error: problem } as const;
  journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region), weight: null });
  return { outcome: "failed", target, reached: "" };
}
