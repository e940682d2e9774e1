import { missesOfSchedule, playSchedule, type Schedule } from "./schedule.ts";

/** Removes incidents as long as the schedule still breaks the promise in the same words, numbers aside. */
export async function reduce(schedule: Schedule, miss: string): Promise<Schedule> {
  const breaks = async (candidate: Schedule) =>
    missesOfSchedule(await playSchedule(candidate)).some((each) => kindOf(each) === kindOf(miss));
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

/** Misses that differ only in numbers are of one kind. */
export function kindOf(miss: string): string {
  return miss.replace(/\d+/g, "…");
}
