import { Random } from "../../simulator/random.ts";
import type { Incident, Schedule } from "./schedule.ts";

/** How many turns two releases and a rollback take. Later incidents happen after everything is over. */
const TURNS = 150;

/** Two releases, a rollback, Terraform and kills, each of them or not, at turns drawn by the seed. */
export function drawSchedule(seed: number): Schedule {
  const random = new Random(seed, "schedule");
  const turn = () => Math.floor(random.uniform() * TURNS);
  const happens = (share: number) => random.uniform() < share;
  const who = () => (happens(0.5) ? "A" : "B");
  const incidents: Incident[] = [{ kind: "release", name: "A", turn: 0 }];
  if (happens(0.6)) incidents.push({ kind: "release", name: "B", turn: turn() });
  if (happens(0.6)) incidents.push({ kind: "rollback", turn: turn() });
  for (let applies = 0; applies < 2; applies++) if (happens(0.3)) incidents.push({ kind: "terraform", turn: turn() });
  for (let kills = 0; kills < 2; kills++) {
    if (!happens(0.4)) continue;
    const at = turn();
    incidents.push({ kind: "kill", name: happens(0.1) ? "rollback" : who(), isLost: happens(0.4), turn: at });
    // Somebody comes between the kill and the post step.
    if (happens(0.3)) incidents.push({ kind: "release", name: "B", turn: at });
    if (happens(0.1)) incidents.push({ kind: "terraform", turn: at });
  }
  if (happens(0.15)) incidents.push({ kind: "edit", turn: turn() });
  if (happens(0.3)) incidents.push({ kind: "cancel", name: who(), turn: turn() });
  return { seed, incidents };
}
