import { missesOf } from "./promise.ts";
import { playSchedule, type Schedule } from "./schedule.ts";

/** The schedule with as few incidents, as still break the promise by the same words, numbers apart. */
export async function reduce(schedule: Schedule, miss: string): Promise<Schedule> {
  const breaks = async (candidate: Schedule) =>
    missesOf(await playSchedule(candidate)).some((each) => kindOf(each) === kindOf(miss));
  let least = schedule;
  for (let hasShrunk = true; hasShrunk; ) {
    hasShrunk = false;
    for (const [index] of least.incidents.entries()) {
      const smaller = { ...least, incidents: least.incidents.toSpliced(index, 1) };
      if (!(await breaks(smaller))) continue;
      least = smaller;
      hasShrunk = true;
      break;
    }
  }
  return least;
}

/** Misses that differ in their numbers only are of one kind. */
export function kindOf(miss: string): string {
  return miss.replace(/\d+/g, "…");
}
