import { type AliasRecord, settingOf } from "../../src/domain/alias-record.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";

// Aliases as releases leave them, of this run or another.

export const checkout = { function: "checkout", alias: "live" };
export const refund = { function: "refund", alias: "live" };
export const OWN = { id: "4711", attempt: 1 };
export const OTHER = { id: "99", attempt: 1 };

export const canary = (at: Instant, run = OWN, until = at + 10 * MINUTE): AliasRecord => ({
  ...{ state: "canary", baseline: "41", canary: "42", weight: 25, step: 2, steps: 3, until },
  ...{ at, run },
});
export const promoted = (at: Instant, run = OWN, until: Instant | null = null): AliasRecord => ({
  ...{ state: "promoted", version: "43", before: "40", until },
  ...{ at, run },
});
export const rolledBack = (at: Instant, run = OWN): AliasRecord => ({
  state: "rolled-back",
  from: "42",
  to: "41",
  at,
  run,
});

export function leave(ports: FakePorts, record: (now: Instant) => AliasRecord, target = checkout) {
  const { routing, description } = settingOf("Payments", record(ports.clock.now()));
  return ports.traffic.set(target, routing, description);
}

export function portsWith(record: (now: Instant) => AliasRecord): FakePorts {
  const ports = new FakePorts("40", "41", "42", "43");
  leave(ports, record);
  return ports;
}
