import { drawSchedule } from "./draw.ts";
import { kindOf, reduce } from "./reduce.ts";
import { missesOfSchedule, playSchedule, type Schedule, tell } from "./schedule.ts";

/** The result of many schedules. */
export interface ModelReport {
  readonly schedules: number;
  readonly writes: number;
  /** How many schedules broke the promise. */
  readonly missed: number;
  /** For each kind of miss: how often it came, and its first schedule, reduced. */
  readonly kinds: ReadonlyMap<string, { readonly count: number; readonly miss: string; readonly least: Schedule }>;
}

/** Plays the schedules of this many seeds. */
export async function playModel(count: number, from = 1): Promise<ModelReport> {
  let [writes, missed] = [0, 0];
  const kinds = new Map<string, { count: number; miss: string; least: Schedule }>();
  for (let seed = from; seed < from + count; seed++) {
    const schedule = drawSchedule(seed);
    const played = await playSchedule(schedule);
    const misses = missesOfSchedule(played);
    writes += played.writes.length - 1;
    missed += misses.length > 0 ? 1 : 0;
    for (const miss of misses) {
      const known = kinds.get(kindOf(miss));
      if (known === undefined) kinds.set(kindOf(miss), { count: 1, miss, least: await reduce(schedule, miss) });
      else known.count += 1;
    }
  }
  return { schedules: count, writes, missed, kinds };
}

/** A schedule and everything that it did to the alias, for people. */
export async function tellSchedule(schedule: Schedule): Promise<string> {
  const { writes, processes } = await playSchedule(schedule);
  const ends = processes.map(({ name, end, outcome, words }) => {
    const last = outcome === "failed" ? `: ${words.split("\n").at(-1)}` : "";
    return `  ${name}: ${end === "by itself" ? (outcome ?? "nothing to do") : end}${last}`;
  });
  return [
    `seed ${schedule.seed} ${JSON.stringify(schedule.incidents)}`,
    ...writes.map((each) => `  ${tell(each)}`),
    ...ends,
  ].join("\n");
}
