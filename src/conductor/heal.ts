import { type Alias, nameOf, sameRouting, sameRun, type Target, type Version } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import { bears, type Record, readRecord, recordedRouting } from "../release/record.ts";
import { recordOf, type Unfinished, unfinished } from "./claim.ts";
import type { Ending } from "./fleet.ts";
import { tellServing } from "./serving.ts";
import { PERSISTENT, type Steered, steer } from "./steer.ts";
import { healCommand, messageOf, type World } from "./world.ts";

/** Puts an alias that a release left behind back on its baseline. */
export function heal(world: World, target: Target, alias: Alias, { from, to, fleet }: Unfinished): Promise<Steered> {
  const { run, clock } = world;
  const stamp = { at: clock.now(), run, ...(fleet === null ? {} : { fleet }) };
  return steer(world, target, alias, { state: "rolled-back", from, to, ...stamp }, { attempts: PERSISTENT });
}

/** What main leaves for the post step of the same action to look after. */
export interface LeftByMain {
  /** For each alias what it wrote last and, before that, last but one; whether the last arrived isn't known. */
  readonly sent: readonly { readonly target: Target; readonly records: readonly Record[] }[];
  /** How it ended; unless it was killed, it has told that. */
  readonly end: "killed" | "failed" | "superseded";
}

/**
 * Heals what a main left that was killed or failed while it shifted: each alias that is still just as that main left it,
 * promoted ones too, since a release whose end nobody saw has not ended well. An alias that anybody else has touched since
 * is left alone, be it another step of the same run.
 *
 * @returns how the release ended so; null when main had told its end, and there was nothing to heal
 */
export async function healAfterMain(world: World, { sent, end }: LeftByMain): Promise<Ending | null> {
  const healed = await Promise.all(
    sent.map(async ({ target, records }): Promise<Aftermath | null> => {
      const [way] = records.flatMap((record) => unfinished(record) ?? []);
      if (way === undefined) return null;
      const { alias, problem } = await look(world, target);
      if (problem !== null) return unseen(world, target, problem, way.to, end);
      const find = (found: Alias) => leftOn(found, records);
      const left = alias === null ? null : find(alias);
      if (alias !== null && left !== null) return healOne(world, target, alias, left, find);
      return end === "killed" ? stateOf(world, target, alias, way.to) : null;
    }),
  );
  return endingOf(healed.filter((each) => each !== null));
}

/**
 * What a main left unfinished on an alias: just what it wrote, also where somebody has edited the record away from it
 * since. Any other record is another's, be it of the same run.
 */
function leftOn({ routing, description }: Alias, records: readonly Record[]): Unfinished | null {
  const isBare = readRecord(description) === null;
  const own = records.find(
    (record) => sameRouting(recordedRouting(record), routing) && (isBare || bears(description, record)),
  );
  return own === undefined ? null : unfinished(own);
}

/** Of an alias that needs no healing, what has become of the release of a main that was killed. */
function stateOf(world: World, target: Target, alias: Alias | null, baseline: Version): Aftermath | null {
  if (alias === null) return { outcome: "superseded", target, standing: "" };
  tellServing(world, target, alias);
  const record = recordOf(alias);
  if (record !== null && sameRun(record.run, world.run)) {
    // Another step of the run that goes on from here tells its own end.
    return record.state === "rolled-back" ? { outcome: "rolled-back", target, standing: "" } : null;
  }
  const isUntouched = alias.routing.additional === null && alias.routing.primary === baseline;
  return { outcome: isUntouched ? "untouched" : "superseded", target, standing: "" };
}

interface Found {
  readonly alias: Alias | null;
  /** Why it could not be read. */
  readonly problem: string | null;
}

async function look({ traffic }: World, target: Target): Promise<Found> {
  try {
    return { alias: await traffic.read(target), problem: null };
  } catch (error) {
    return { alias: null, problem: messageOf(error) };
  }
}

/** How the healing of an alias went. */
export interface Healed {
  readonly outcome: "failed" | "superseded" | "rolled-back";
  readonly target: Target;
  /** Where the release stood on it, for people; "" where that isn't known. */
  readonly standing: string;
}

/** What has become of an alias of a main that did not end well; "untouched" where it serves what it did before. */
interface Aftermath extends Omit<Healed, "outcome"> {
  readonly outcome: Healed["outcome"] | "untouched";
}

/** How each is told, the worst first. */
const TOLD = {
  failed: "could not be put back on the baseline: run the command given now",
  superseded: "was changed by someone else in the meantime, and was left alone",
  "rolled-back": "is back on the baseline",
  untouched: "serves the baseline",
} as const;

/** The outcomes that there are among these, each once. */
export function worstFirst<Outcome extends Aftermath["outcome"]>(
  healed: readonly { readonly outcome: Outcome }[],
): readonly Outcome[] {
  const ranks = Object.keys(TOLD);
  return [...new Set(healed.map(({ outcome }) => outcome))].sort((a, b) => ranks.indexOf(a) - ranks.indexOf(b));
}

function endingOf(healed: readonly Aftermath[]): Ending | null {
  const outcomes = worstFirst(healed);
  const [outcome] = outcomes;
  if (outcome === undefined) return null;
  const sentences = outcomes.map((each) => {
    const names = healed.filter((one) => one.outcome === each).map(({ target }) => nameOf(target));
    return `${names.join(", ")} ${TOLD[each]}`;
  });
  const places = [...new Set(healed.flatMap(({ standing }) => (standing === "" ? [] : [standing])))];
  const at = places.length === 0 ? "" : `, at ${formatList(places)}`;
  const reason = `the step was killed, or failed, in mid-release${at}; ${sentences.join("; ")}`;
  return { outcome: outcome === "untouched" ? "failed" : outcome, reason, verified: false };
}

/**
 * Heals an alias, and tells how that ended; the command for it where it could not be done.
 *
 * @param find what of an alias that has changed in the meantime is still the same release's: a last write of its may land late
 */
export async function healOne(
  world: World,
  target: Target,
  alias: Alias,
  release: Unfinished,
  find: (found: Alias) => Unfinished | null = () => null,
): Promise<Healed> {
  const { journal, region } = world;
  journal.write({ kind: "prepared", changes: [{ target, baseline: release.to, canary: release.from }] });
  const result = await heal(world, target, alias, release);
  switch (result.kind) {
    case "done":
      tellServing(world, target, result.alias);
      return { outcome: "rolled-back", target, standing: release.standing };
    case "superseded": {
      const late = result.by === null ? null : find(result.by);
      if (result.by !== null && late !== null) return healOne(world, target, result.by, late, find);
      return { outcome: "superseded", target, standing: release.standing };
    }
    case "failed":
    case "aborted": {
      const reason = result.kind === "failed" ? messageOf(result.error) : "the healing was cancelled";
      journal.write({ kind: "stranded", target, reason, command: healCommand(target, release.to, region) });
      return { outcome: "failed", target, standing: release.standing };
    }
  }
}

/** Nobody knows how main left the alias: the command that heals it is told, unless main had left it to somebody else. */
function unseen(
  { journal, region }: World,
  target: Target,
  problem: string,
  baseline: Version,
  end: LeftByMain["end"],
): Aftermath | null {
  if (end === "superseded") {
    journal.write({ kind: "warned", text: `a second look at ${nameOf(target)} was not possible: ${problem}` });
    return null;
  }
  const reason = `how the step left it could not be seen: ${problem}`;
  journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  return { outcome: "failed", target, standing: "" };
}
