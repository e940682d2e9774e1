import { type Record, settingOf } from "../../src/release/record.ts";
import { type Instant, MINUTE } from "../../src/release/time.ts";
import { FakeWorld } from "./fakes.ts";

// Aliases as releases leave them, of this run or another.

export const checkout = { function: "checkout", alias: "live" };
export const refund = { function: "refund", alias: "live" };
export const OWN = { id: "4711", attempt: 1 };
export const OTHER = { id: "99", attempt: 1 };

export const canary = (at: Instant, run = OWN, until = at + 10 * MINUTE): Record => ({
  ...{ state: "canary", baseline: "41", canary: "42", weight: 25, step: 2, steps: 3, until },
  ...{ at, run },
});
export const promoted = (at: Instant, run = OWN, until: Instant | null = null): Record => ({
  ...{ state: "promoted", version: "43", before: "40", until },
  ...{ at, run },
});
export const rolledBack = (at: Instant, run = OWN): Record => ({ state: "rolled-back", from: "42", to: "41", at, run });

export function leave(world: FakeWorld, record: (now: Instant) => Record, target = checkout) {
  const { routing, description } = settingOf("Payments", record(world.clock.now()));
  return world.traffic.set(target, routing, description);
}

export function worldWith(record: (now: Instant) => Record): FakeWorld {
  const world = new FakeWorld("40", "41", "42", "43");
  leave(world, record);
  return world;
}
