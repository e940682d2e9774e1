import { type Alias, nameOf, sameRun, type Target, type Version } from "../release/alias.ts";
import { formatList } from "../release/figures.ts";
import type { Instant } from "../release/time.ts";
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
export interface Handover {
  /** What each alias served, by its name, before main shifted anything. */
  readonly baselines: ReadonlyMap<string, Version>;
  /**
   * When main had failed, and said so; null when it was killed. What this run wrote later is another step's, such as a
   * second try of the release.
   */
  readonly failedAt: Instant | null;
}

/**
 * Heals what a main left that was killed or failed while it shifted: each alias that is still just as this very run left
 * it, promoted ones too, since a release whose end nobody saw has not ended well. An alias that anybody else has touched
 * since is left alone.
 *
 * @returns how the release ended so; null when main had told its end, and there was nothing to heal
 */
export async function healAfterMain(
  world: World,
  targets: readonly Target[],
  handover: Handover,
): Promise<Ending | null> {
  const found = await Promise.all(targets.map((target) => look(world, target)));
  const healed = await Promise.all(
    found.map(async ({ target, alias, problem }): Promise<Aftermath | null> => {
      if (problem !== null) return unseen(world, target, problem, handover.baselines);
      const left = alias === null ? null : leftOn(alias, world, handover.failedAt);
      if (alias !== null && left !== null) return healOne(world, target, alias, left);
      return handover.failedAt === null ? stateOf(world, target, alias, handover) : null;
    }),
  );
  return endingOf(healed.filter((each) => each !== null));
}

/** What this run left unfinished on an alias, which is still just so; what it wrote after main's end is another step's. */
function leftOn(alias: Alias, { run }: World, mainFailedAt: Instant | null): Unfinished | null {
  const record = recordOf(alias);
  if (record === null || !sameRun(record.run, run) || (mainFailedAt !== null && record.at > mainFailedAt)) return null;
  return unfinished(record);
}

/** Of an alias that needs no healing, what has become of the release of a main that was killed. */
function stateOf(world: World, target: Target, alias: Alias | null, { baselines }: Handover): Aftermath | null {
  const baseline = baselines.get(nameOf(target));
  if (baseline === undefined) return null;
  if (alias === null) return { outcome: "superseded", target, standing: "" };
  tellServing(world, target, alias);
  const record = recordOf(alias);
  if (record !== null && sameRun(record.run, world.run)) {
    return record.state === "rolled-back" ? { outcome: "rolled-back", target, standing: "" } : null;
  }
  const isUntouched = alias.routing.additional === null && alias.routing.primary === baseline;
  return { outcome: isUntouched ? "untouched" : "superseded", target, standing: "" };
}

interface Found {
  readonly target: Target;
  readonly alias: Alias | null;
  /** Why it could not be read. */
  readonly problem: string | null;
}

async function look({ traffic }: World, target: Target): Promise<Found> {
  try {
    return { target, alias: await traffic.read(target), problem: null };
  } catch (error) {
    return { target, alias: null, problem: messageOf(error) };
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

/** Heals an alias, and tells how that ended; the command for it where it could not be done. */
export async function healOne(world: World, target: Target, alias: Alias, release: Unfinished): Promise<Healed> {
  const { journal, region } = world;
  journal.write({ kind: "prepared", changes: [{ target, baseline: release.to, canary: release.from }] });
  const result = await heal(world, target, alias, release);
  switch (result.kind) {
    case "done":
      tellServing(world, target, result.alias);
      return { outcome: "rolled-back", target, standing: release.standing };
    case "superseded": {
      // A last write of main may have landed only now.
      const late = result.by === null ? null : leftOn(result.by, world, null);
      if (result.by !== null && late !== null) return healOne(world, target, result.by, late);
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

/** Nobody knows how the alias was left: if it was being released, the command that heals it is told. */
function unseen({ journal, region }: World, target: Target, problem: string, known: ReadonlyMap<string, Version>) {
  const baseline = known.get(nameOf(target));
  if (baseline === undefined) {
    journal.write({ kind: "warned", text: `whether ${nameOf(target)} needs healing could not be seen: ${problem}` });
    return null;
  }
  const reason = `how the step left it could not be seen: ${problem}`;
  journal.write({ kind: "stranded", target, reason, command: healCommand(target, baseline, region) });
  return { outcome: "failed", target, standing: "" } as const;
}
