import assert from "node:assert/strict";
import test from "node:test";
import { type Claim, claimOn, healAfterMain, withFleetmates } from "../../src/conductor/heal.ts";
import { nameOf } from "../../src/release/alias.ts";
import { type Record, settingOf } from "../../src/release/record.ts";
import { HOUR, type Instant, MINUTE } from "../../src/release/time.ts";
import { FakeWorld } from "./fakes.ts";

const checkout = { function: "checkout", alias: "live" };
const refund = { function: "refund", alias: "live" };
const OWN = { id: "4711", attempt: 1 };
const OTHER = { id: "99", attempt: 1 };

const canary = (at: Instant, run = OWN, until = at + 10 * MINUTE): Record => ({
  ...{ state: "canary", baseline: "41", canary: "42", weight: 25, step: 2, steps: 3, until },
  ...{ at, run },
});
const promoted = (at: Instant, run = OWN, until: Instant | null = null): Record => ({
  ...{ state: "promoted", version: "43", before: "40", until },
  ...{ at, run },
});
const rolledBack = (at: Instant, run = OWN): Record => ({ state: "rolled-back", from: "42", to: "41", at, run });

function leave(world: FakeWorld, record: (now: Instant) => Record, target = checkout) {
  const { routing, description } = settingOf("Payments", record(world.clock.now()));
  return world.traffic.set(target, routing, description);
}

function worldWith(record: (now: Instant) => Record): FakeWorld {
  const world = new FakeWorld("40", "41", "42", "43");
  leave(world, record);
  return world;
}

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

// ----------------------------------------------------------------------------------------- Who holds an alias

type State = "live" | "ended" | "unknown";
const BAKING = (left: number) => (now: Instant) => promoted(now - HOUR, OTHER, now + left);
const LONG_OVER = (now: Instant) => promoted(now - 4 * HOUR, OTHER, now - 3 * HOUR);
const OVERDUE = (now: Instant) => canary(now - 4 * HOUR, OTHER, now - 3 * HOUR);
const CLAIMS: readonly [what: string, record: (now: Instant) => Record, state: State, claim: Claim["kind"]][] = [
  ["a canary of a live run", (now) => canary(now, OTHER), "live", "live"],
  ["a canary of an ended run", (now) => canary(now, OTHER), "ended", "orphaned"],
  ["a canary of a run of which nothing is known", (now) => canary(now, OTHER), "unknown", "live"],
  ["an overdue canary, though its run goes on with other jobs,", OVERDUE, "live", "orphaned"],
  ["an overdue canary of a run of which nothing is known", OVERDUE, "unknown", "orphaned"],
  ["a final bake of a live run", BAKING(HOUR), "live", "live"],
  ["a final bake that an ended run left", BAKING(HOUR), "ended", "orphaned"],
  ["a final bake whose run ended so late that by its own clock it may be over", BAKING(MINUTE), "ended", "free"],
  ["a final bake that a live run may still be held in", BAKING(-MINUTE), "live", "live"],
  ["a final bake of which nothing is known, and that should be over", BAKING(-MINUTE), "unknown", "free"],
  ["a final bake that is over by far, though other jobs of its run go on", LONG_OVER, "live", "free"],
  ["a promotion without a final bake", (now) => promoted(now, OTHER), "live", "free"],
  ["a rollback", (now) => rolledBack(now, OTHER), "live", "free"],
];
for (const [what, record, state, claim] of CLAIMS) {
  test(`${what} makes an alias ${claim}`, async () => {
    const world = worldWith(record);
    if (state !== "unknown") world.runStates = { "99": state };
    const alias = world.traffic.aliases.get("checkout:live");
    assert.ok(alias !== undefined);
    assert.equal((await claimOn(checkout, alias, world)).kind, claim);
  });
}

test("an alias whose calls Lambda has yet to move isn't free, and no stranger's either", async () => {
  const world = worldWith((at) => promoted(at, OTHER));
  const alias = { ...leave(world, (at) => promoted(at, OTHER)), movingFrom: "40" };
  const claim = await claimOn(checkout, alias, world);
  assert.ok(claim.kind === "moving");
  assert.match(claim.why, /Lambda sends all calls of checkout:live to version 40 until version 43 has/);
});

// ------------------------------------------------------------------------------------------------------- Fleets

/** Whether a promotion by the run 99 an hour ago is orphaned by what stands on the alias of another function. */
async function isOrphanedBy(other: (at: Instant) => Record, fleet: string | null): Promise<boolean> {
  const mark = fleet === null ? {} : { fleet };
  const world = worldWith((now) => ({ ...promoted(now - HOUR, OTHER), ...mark }));
  leave(world, (now) => ({ ...other(now), ...mark }), refund);
  world.runStates = { "99": "ended" };
  const found = await Promise.all(
    [checkout, refund].map(async (target) => {
      const alias = world.traffic.aliases.get(nameOf(target)) ?? assert.fail("there is no alias");
      return { alias, claim: await claimOn(target, alias, world) };
    }),
  );
  return withFleetmates(found)[0]?.claim.kind === "orphaned";
}

test("a promotion is undone with the rest of its fleet, and of nothing else", async () => {
  const lost = (now: Instant) => canary(now, OTHER);
  assert.equal(await isOrphanedBy(lost, "3fa9"), true);
  // Two jobs of one run, as of a matrix, each with a function of its own.
  assert.equal(await isOrphanedBy(lost, null), false);
});

test("a promotion of whose fleet others went back afterwards is undone too; what went back before it says nothing", async () => {
  assert.equal(await isOrphanedBy((now) => rolledBack(now), "3fa9"), true);
  assert.equal(await isOrphanedBy((now) => rolledBack(now - 2 * HOUR), "3fa9"), false);
  assert.equal(await isOrphanedBy((now) => rolledBack(now), null), false);
});
