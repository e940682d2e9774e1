import { Random } from "../simulator/random.ts";
import { JUMPS } from "./faults/clock.ts";
import { ENDINGS } from "./faults/endings.ts";
import { EXTERNAL_EDITS } from "./faults/external-edits.ts";
import type { Fault } from "./faults/fault.ts";
import { SERVICES } from "./faults/services.ts";
import { Host } from "./host/host.ts";
import type { Case } from "./play.ts";
import { type Recording, record, type Site } from "./sites.ts";
import { STORIES } from "./stories.ts";
import type { Bundle } from "./testbed.ts";

export const FAULTS: readonly Fault[] = [...ENDINGS, ...SERVICES, ...EXTERNAL_EDITS, ...JUMPS];

/**
 * Chance decides which member of a fleet comes first, and so how often calls are made. Record several times and keep
 * the shortest, whose calls come every time.
 */
const TAKES = 3;

/** Plays every story without a fault, in a host. */
export async function recordAll(bundle: Bundle): Promise<readonly Recording[]> {
  const recordings: Recording[] = [];
  const host = new Host(bundle.dist);
  for (const story of STORIES) {
    const takes: Recording[] = [];
    const count = story.functions.length > 1 ? TAKES : 1;
    while (takes.length < count) takes.push(await record(story, { bundle, host }));
    const [shortest] = takes.sort((a, b) => a.calls.length - b.calls.length);
    if (shortest !== undefined) recordings.push(shortest);
  }
  await host.close();
  return recordings;
}

/** Every fault at every call where it makes sense; of many like it, only at the first and the last. */
export function casesOf(recordings: readonly Recording[]): readonly Case[] {
  return recordings.flatMap((recording) =>
    firstAndLast(recording).flatMap((site) =>
      FAULTS.filter((fault) => fault.suits(site)).map((fault) => ({ recording, site, fault })),
    ),
  );
}

/**
 * The writes to aliases, and of the other calls of one kind between two of them the first and the last. In a fleet only
 * the last: the first is as in a release of one.
 */
function firstAndLast({ story, sites }: Recording): readonly Site[] {
  const { from = 0, to = Number.POSITIVE_INFINITY } = story.struck ?? {};
  let writes = 0;
  const keys = sites.map(({ operation }) => {
    const isWrite = /^(Update|Create)Alias$/.test(operation);
    if (isWrite) writes += 1;
    return { writes, key: `${writes} ${operation}`, isWrite };
  });
  const names = keys.map(({ key }) => key);
  const isFleet = story.functions.length > 1;
  return sites.filter((_, place) => {
    const { key = "", isWrite = false, writes: before = 0 } = keys[place] ?? {};
    if (before < from || before > to) return false;
    return isWrite || names.lastIndexOf(key) === place || (!isFleet && names.indexOf(key) === place);
  });
}

/** A sample drawn by a seed: first one of each kind of fault, then of each story, then of each kind in each story. */
export function sampleOf(cases: readonly Case[], size: number, seed: number): readonly Case[] {
  const random = new Random(seed, "chaos");
  const lots = cases.map((chaosCase) => ({ chaosCase, lot: random.uniform() })).sort((a, b) => a.lot - b.lot);
  const drawn = lots.map(({ chaosCase }) => chaosCase);
  const firstOfEach = (kind: (chaosCase: Case) => string) =>
    [...Map.groupBy(drawn, kind).values()].flatMap(([first]) => first ?? []);
  const sample = new Set([
    ...firstOfEach(({ fault }) => fault.family),
    ...firstOfEach(({ site }) => site.story.name),
    ...firstOfEach(({ site, fault }) => `${site.story.name} ${fault.family}`),
    ...drawn,
  ]);
  return [...sample].slice(0, size);
}
