import type { Call } from "../../simulator/transcript.ts";
import type { Story } from "./stories.ts";
import { type Bundle, Theatre } from "./theatre.ts";

/** A call of a story by which a fault can come; it stands for those that are like it. */
export interface Site {
  readonly story: Story;
  readonly service: Call["service"];
  readonly operation: string;
  readonly target: string;
  /** The how-manieth call of this operation on this target it is, from 0 on. */
  readonly index: number;
  /** `step 1`: how many writes to aliases had been answered before. */
  readonly phase: string;
  /** How many calls it stands for, itself included. */
  readonly stands: number;
  readonly isWrite: boolean;
}

/** What a story is when nothing goes wrong. */
export interface Recording {
  readonly story: Story;
  readonly calls: readonly Call[];
  readonly sites: readonly Site[];
  /** How many calls no fault comes by, since they are as in another story. */
  readonly elsewhere: number;
  /** When each alias was written, and to what. */
  readonly writes: readonly string[];
}

const WRITES = new Set(["UpdateAlias", "CreateAlias", "PublishVersion", "CreateComment", "UpdateComment"]);

/** Plays a story without a fault, and finds the calls that differ. */
export async function record(story: Story, bundle: Bundle): Promise<Recording> {
  const theatre = await Theatre.open(bundle);
  try {
    const start = await story.setUp(theatre);
    const { played } = await theatre.play(story.actor, start);
    const calls = theatre.simulator.calls.slice(...played.calls);
    return { story, calls, ...fold(story, calls), writes: writesOf(theatre) };
  } finally {
    await theatre.close();
  }
}

/** The writes to aliases that took effect, with their times. */
export function writesOf(theatre: Theatre): readonly string[] {
  return theatre.changes
    .filter(({ by }) => by !== "scene" && by !== "hand")
    .map(({ at, target, state }) => `${at} ${target} ${JSON.stringify([state?.version, state?.additional])}`);
}

/**
 * Calls are alike when they are the same operation in the same phase of the release, on the same target; of a fleet, on
 * any member. The first of them and the last stand for all in between: the k-th look of many is like the others.
 */
function fold(story: Story, calls: readonly Call[]): Pick<Recording, "sites" | "elsewhere"> {
  const counts = new Map<string, number>();
  let shifts = 0;
  const placed = calls.flatMap((call) => {
    const key = `${call.operation} ${call.target}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    const phase = `after ${Math.ceil(shifts / story.functions.length)} shifts`;
    const isElsewhere = story.elsewhere?.isThere(call, shifts) ?? false;
    if (call.operation === "UpdateAlias") shifts += 1;
    return isElsewhere ? [] : [{ call, index, phase }];
  });
  const groups = Map.groupBy(placed, ({ call, phase }) => `${call.operation} ${kindOf(story, call)} ${phase}`);
  const sites = [...groups.values()].flatMap((group) =>
    [...new Set([group[0], group.at(-1)])].flatMap((each, place) => {
      if (each === undefined) return [];
      const { call, index, phase } = each;
      const { service, operation, target } = call;
      const stands = place === 0 ? Math.max(1, group.length - 1) : 1;
      return [{ story, service, operation, target, index, phase, stands, isWrite: WRITES.has(operation) }];
    }),
  );
  return { sites, elsewhere: calls.length - placed.length };
}

/** What tells the target of one call from that of another: the members of a fleet are alike but for who comes first. */
function kindOf({ functions }: Story, { target }: Call): string {
  return functions.reduce((text, name) => text.replace(name, "fn"), target);
}

export function nameOf({ operation, target, index }: Site): string {
  return [operation, target.startsWith("#") ? "" : target, `(${index + 1})`].filter((part) => part !== "").join(" ");
}
