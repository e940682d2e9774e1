import type { Instant } from "../../src/domain/time.ts";
import type { Call } from "../simulator/transcript.ts";
import type { Story } from "./stories.ts";
import { type Actor, type Cast, type Played, Testbed } from "./testbed.ts";

/** A call of a story at which a fault can strike. */
export interface Site {
  readonly story: Story;
  readonly service: Call["service"];
  readonly operation: string;
  readonly target: string;
  /** Its place among the calls of this operation on this target, from 0. */
  readonly index: number;
  readonly isWrite: boolean;
}

/** A story when nothing goes wrong. */
export interface Recording {
  readonly story: Story;
  readonly played: Played;
  readonly calls: readonly Call[];
  readonly sites: readonly Site[];
  readonly writes: readonly Write[];
}

/** A write to an alias that took effect. */
export interface Write {
  readonly at: Instant;
  /** `checkout:live ["4",null]` */
  readonly what: string;
}

const WRITES = new Set(["UpdateAlias", "CreateAlias", "PublishVersion", "CreateComment", "UpdateComment"]);

/** Plays a story without a fault. */
export async function record(story: Story, cast: Cast): Promise<Recording> {
  const testbed = await Testbed.open(cast);
  try {
    const start = await story.setUp(testbed);
    const { played } = await testbed.play(story.actor, start);
    const calls = testbed.simulator.calls.slice(...played.calls);
    return { story, played, calls, sites: sitesOf(story, calls), writes: writesOf(testbed, story.actor) };
  } finally {
    await testbed.close();
  }
}

/** A process's writes in order; those at the same time are sorted by name. */
export function writesOf(testbed: Testbed, actor: Actor): readonly Write[] {
  return testbed.changes
    .filter(({ by }) => by === actor)
    .map(({ at, target, state }) => ({ at, what: `${target} ${JSON.stringify([state?.version, state?.additional])}` }))
    .sort((a, b) => a.at - b.at || a.what.localeCompare(b.what));
}

function sitesOf(story: Story, calls: readonly Call[]): readonly Site[] {
  const counts = new Map<string, number>();
  return calls.map(({ service, operation, target }) => {
    const key = `${operation} ${target}`;
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return { story, service, operation, target, index, isWrite: WRITES.has(operation) };
  });
}

export function nameOf({ operation, target, index }: Site): string {
  return [operation, target.startsWith("#") ? "" : target, `(${index + 1})`].filter((part) => part !== "").join(" ");
}
