import assert from "node:assert/strict";
import test from "node:test";
import { healAfterMain } from "../../src/conductor/heal.ts";
import type { Record } from "../../src/release/record.ts";
import { type Instant, MINUTE } from "../../src/release/time.ts";
import type { FakeWorld } from "./fakes.ts";
import { canary, checkout, leave, OTHER, OWN, promoted, refund, rolledBack, worldWith } from "./left.ts";

const serves = (world: FakeWorld, name = "checkout") => world.traffic.aliases.get(`${name}:live`)?.routing;
const wholly = (primary: string) => ({ primary, additional: null });
const heal = (world: FakeWorld, ...known: [string, string][]) =>
  healAfterMain(world, [checkout], { baselines: new Map(known), failedAt: null });

// ------------------------------------------------------------------------------------- What a main left behind

const LEFT: readonly [what: string, record: (at: Instant) => Record, goesBackTo: string][] = [
  ["a canary", canary, "41"],
  ["a final bake", (at) => promoted(at, OWN, at + MINUTE), "40"],
  ["a final bake that is over by the clock, but whose end nobody saw", (at) => promoted(at, OWN, at - MINUTE), "40"],
  ["a promotion whose answer never came", promoted, "40"],
];
for (const [what, record, version] of LEFT) {
  test(`post puts ${what} of this very run back`, async () => {
    const world = worldWith(record);
    assert.equal((await heal(world))?.outcome, "rolled-back");
    assert.deepEqual(serves(world), wholly(version));
  });
}

const OTHERS: readonly [what: string, record: (at: Instant) => Record][] = [
  ["is rolled back already", rolledBack],
  ["this run only created", (at) => ({ ...promoted(at), before: "43" }) as Record],
  ["another run promoted", (at) => promoted(at, OTHER)],
  ["another run releases", (at) => canary(at, OTHER)],
];
for (const [what, record] of OTHERS) {
  test(`post leaves alone what ${what}`, async () => {
    const world = worldWith(record);
    assert.equal(await heal(world), null);
    assert.deepEqual(world.traffic.writes, []);
  });
}

test("post leaves alone what somebody has shifted since", async () => {
  const world = worldWith(canary);
  const description = world.traffic.aliases.get("checkout:live")?.description ?? "";
  world.traffic.set(checkout, { primary: "41", additional: { version: "42", weight: 90 } }, description);
  assert.equal(await heal(world), null);
  assert.deepEqual(world.traffic.writes, []);
});

const KNOWN: [string, string] = ["checkout:live", "41"];
const ENDS: readonly [what: string, record: (now: Instant) => Record, outcome: string, says: RegExp][] = [
  ["had taken it back", rolledBack, "rolled-back", /checkout:live is back on the baseline/],
  ["had not begun to shift", (at) => rolledBack(at, OTHER), "failed", /checkout:live serves the baseline/],
  ["found another hand", (at) => promoted(at, OTHER), "superseded", /was changed by someone else/],
];
for (const [what, record, outcome, says] of ENDS) {
  test(`post ends the story of a main that was killed when it ${what}, and writes nothing`, async () => {
    const world = worldWith(record);
    const ending = await heal(world, KNOWN);
    assert.equal(ending?.outcome, outcome);
    assert.match(ending?.reason ?? "", says);
    assert.deepEqual(world.traffic.writes, []);
  });
}

test("post leaves alone what this run wrote after its main had failed: that is a second try's", async () => {
  for (const [failedAt, writes] of [
    [-MINUTE, 0],
    [MINUTE, 1],
  ] as const) {
    const world = worldWith(promoted);
    await healAfterMain(world, [checkout], { baselines: new Map(), failedAt: world.clock.now() + failedAt });
    assert.equal(world.traffic.writes.length, writes);
  }
});

test("of a fleet, post takes back the one that is promoted still, though the others are back already", async () => {
  const world = worldWith(rolledBack);
  leave(world, promoted, refund);
  const ending = await healAfterMain(world, [checkout, refund], { baselines: new Map(), failedAt: null });
  assert.equal(ending?.outcome, "rolled-back");
  assert.deepEqual(serves(world, "refund"), wholly("40"));
  assert.deepEqual(world.traffic.writes, ["refund:live 40"]);
});

test("a write of the killed main that lands while post heals is taken back too", async () => {
  const world = worldWith(canary);
  let hasLanded = false;
  world.traffic.trouble = (call) => {
    if (call.startsWith("write") && !hasLanded) {
      hasLanded = true;
      leave(world, promoted);
    }
    return null;
  };
  assert.equal((await heal(world))?.outcome, "rolled-back");
  assert.deepEqual(serves(world), wholly("40"));
});

test("post that can't read the alias gives the command by what main had written down", async () => {
  const world = worldWith(canary);
  world.traffic.trouble = () => "expired";
  assert.equal((await heal(world, ["checkout:live", "41"]))?.outcome, "failed");
  const cry = world.events.find((event) => event.kind === "stranded");
  assert.match(cry?.command ?? "", /--function-version 41 /);
  assert.equal(await heal(world), null);
});

test("post that can't heal gives the command", async () => {
  const world = worldWith(canary);
  world.traffic.trouble = (call) => (call.startsWith("write") ? "expired" : null);
  assert.equal((await heal(world))?.outcome, "failed");
  assert.ok(world.events.some((event) => event.kind === "stranded"));
});

test("a healing goes on for minutes while Lambda throttles it", async () => {
  const world = worldWith(canary);
  const start = world.clock.now();
  world.traffic.trouble = (call) =>
    call.startsWith("write") && world.clock.now() < start + 4 * MINUTE ? "throttled" : null;
  assert.equal((await heal(world))?.outcome, "rolled-back");
});
