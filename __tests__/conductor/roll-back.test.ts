import assert from "node:assert/strict";
import test from "node:test";
import { healAfterKill } from "../../src/conductor/heal.ts";
import { rollBack } from "../../src/conductor/roll-back.ts";
import { type Record, recordedRouting, writeRecord } from "../../src/release/record.ts";
import { MINUTE } from "../../src/release/time.ts";
import { FakeWorld } from "./fakes.ts";

const target = { function: "checkout", alias: "live" };
const order = { functions: [{ name: "checkout", account: null }], alias: "live", version: null };
const OTHER = { id: "99", attempt: 1 };

function worldWith(record: (now: number) => Record): FakeWorld {
  const world = new FakeWorld("40", "41", "42", "43");
  const written = record(world.clock.now());
  world.traffic.set(target, recordedRouting(written), writeRecord("Payments", written));
  return world;
}

const canary = (at: number, run = OTHER): Record => ({
  ...{ state: "canary", baseline: "41", canary: "42", weight: 25, step: 2, steps: 3, until: at + 10 * MINUTE },
  ...{ at, run },
});
const promoted = (at: number, run = OTHER, until: number | null = null): Record => ({
  ...{ state: "promoted", version: "43", before: "40", until },
  ...{ at, run },
});

function routing(world: FakeWorld) {
  return world.traffic.aliases.get("checkout:live")?.routing;
}

test("a release in flight loses its weights in one write, and the record says so", async () => {
  const world = worldWith(canary);
  const ending = await rollBack(order, world);
  assert.equal(ending.outcome, "rolled-back");
  assert.deepEqual(world.traffic.calls, ["read checkout:live", "write checkout:live 41", "read checkout:live"]);
  assert.match(
    world.traffic.aliases.get("checkout:live")?.description ?? "",
    /^Payments \[lambda-canary rolled back from 42 to 41 /,
  );
});

test("none in flight: back to what the record says was served before", async () => {
  const world = worldWith(promoted);
  assert.equal((await rollBack(order, world)).outcome, "rolled-back");
  assert.deepEqual(routing(world), { primary: "40", additional: null });
});

test("without a record, back to the highest lower version, and it is said", async () => {
  const world = new FakeWorld("40", "41", "42", "43");
  world.traffic.set(target, { primary: "42", additional: null });
  assert.equal((await rollBack(order, world)).outcome, "rolled-back");
  assert.deepEqual(routing(world), { primary: "41", additional: null });
  const why = world.events.find((event) => event.kind === "turned-back");
  assert.match(why?.reason ?? "", /no record says what was served before/);
});

test("a version that is asked for wins over everything", async () => {
  for (const record of [canary, promoted]) {
    const world = worldWith(record);
    assert.equal((await rollBack({ ...order, version: "40" }, world)).outcome, "rolled-back");
    assert.deepEqual(routing(world), { primary: "40", additional: null });
  }
});

test("a rollback wins against a release that moves at the same moment", async () => {
  const world = worldWith(canary);
  let moves = 2;
  world.traffic.trouble = (call) => {
    if (!call.startsWith("write") || moves-- <= 0) return null;
    const moved: Record = { ...canary(world.clock.now()), weight: 50 } as Record;
    world.traffic.set(target, recordedRouting(moved), writeRecord("", moved));
    return null;
  };
  assert.equal((await rollBack(order, world)).outcome, "rolled-back");
  assert.deepEqual(routing(world), { primary: "41", additional: null });
});

test("a lost answer is read back, and is a rollback", async () => {
  const world = worldWith(canary);
  world.traffic.trouble = (call) => (call.startsWith("write") ? "lost" : null);
  assert.equal((await rollBack(order, world)).outcome, "rolled-back");
  assert.equal(world.traffic.writes.length, 1);
});

test("a second rollback doesn't go one version further down, unless that version is named", async () => {
  const world = worldWith(canary);
  await rollBack(order, world);
  assert.equal((await rollBack(order, world)).outcome, "unchanged");
  assert.deepEqual(routing(world), { primary: "41", additional: null });
  assert.equal((await rollBack({ ...order, version: "40" }, world)).outcome, "rolled-back");
});

test("what is served already is left as it is", async () => {
  const world = worldWith(promoted);
  assert.equal((await rollBack({ ...order, version: "43" }, world)).outcome, "unchanged");
  assert.deepEqual(world.traffic.writes, []);
});

test("a rollback that is refused gives the command that does it by hand", async () => {
  const world = worldWith(canary);
  world.traffic.trouble = (call) => (call.startsWith("write") ? "denied" : null);
  assert.equal((await rollBack(order, world)).outcome, "failed");
  const cry = world.events.find((event) => event.kind === "stranded");
  assert.match(cry?.command ?? "", /--function-version 41 --routing-config 'AdditionalVersionWeights=\{\}'$/);
});

test("there is nothing to go back to from the lowest version", async () => {
  const world = new FakeWorld("40", "41");
  world.traffic.set(target, { primary: "40", additional: null });
  const ending = await rollBack(order, world);
  assert.equal(ending.outcome, "failed");
  assert.match(ending.reason, /no lower version to go back to: name one with the input "version"/);
});

test("post heals what this very run left in mid-release, a final bake included", async () => {
  const own = { id: "4711", attempt: 1 };
  const cases: [Record: (at: number) => Record, version: string][] = [
    [(at) => canary(at, own), "41"],
    [(at) => promoted(at, own, at + MINUTE), "40"],
  ];
  for (const [record, version] of cases) {
    const world = worldWith(record);
    assert.equal((await healAfterKill(world, [target], new Map()))?.outcome, "rolled-back");
    assert.deepEqual(routing(world), { primary: version, additional: null });
  }
});

test("post leaves alone what is finished, another run's, or changed since", async () => {
  const own = { id: "4711", attempt: 1 };
  const finished = [
    promoted,
    (at: number) => promoted(at, own),
    (at: number) => promoted(at, own, at - MINUTE),
    canary,
  ];
  for (const record of finished) {
    const world = worldWith(record);
    assert.equal(await healAfterKill(world, [target], new Map()), null);
    assert.deepEqual(world.traffic.writes, []);
  }
  const world = worldWith((at) => canary(at, own));
  const description = world.traffic.aliases.get("checkout:live")?.description ?? "";
  world.traffic.set(target, { primary: "41", additional: { version: "42", weight: 90 } }, description);
  assert.equal(await healAfterKill(world, [target], new Map()), null);
  assert.deepEqual(world.traffic.writes, []);
});

test("post takes back those of a fleet that were promoted already, when others were left behind", async () => {
  const own = { id: "4711", attempt: 1 };
  const world = worldWith((at) => canary(at, own));
  const refund = { function: "refund", alias: "live" };
  const done = promoted(world.clock.now(), own);
  world.traffic.set(refund, recordedRouting(done), writeRecord("", done));
  assert.equal((await healAfterKill(world, [target, refund], new Map()))?.outcome, "rolled-back");
  assert.deepEqual(routing(world), { primary: "41", additional: null });
  assert.deepEqual(world.traffic.aliases.get("refund:live")?.routing, { primary: "40", additional: null });
});

test("post that can't read the alias gives the command by what main had written down", async () => {
  const world = worldWith((at) => canary(at, { id: "4711", attempt: 1 }));
  world.traffic.trouble = () => "expired";
  assert.equal((await healAfterKill(world, [target], new Map([["checkout:live", "41"]])))?.outcome, "failed");
  const cry = world.events.find((event) => event.kind === "stranded");
  assert.match(cry?.command ?? "", /--function-version 41 /);
  assert.equal(await healAfterKill(world, [target], new Map()), null);
});

test("a rollback goes on for minutes while Lambda throttles it", async () => {
  const world = worldWith((at) => canary(at, { id: "4711", attempt: 1 }));
  const start = world.clock.now();
  world.traffic.trouble = (call) =>
    call.startsWith("write") && world.clock.now() < start + 4 * MINUTE ? "throttled" : null;
  assert.equal((await healAfterKill(world, [target], new Map()))?.outcome, "rolled-back");
});

test("a rollback to the canary itself, to a version that isn't there, or in another account is refused", async () => {
  const refused = async (asked: Partial<typeof order> & { version?: string | null }, why: RegExp) => {
    const world = worldWith(canary);
    const ending = await rollBack({ ...order, ...asked } as Parameters<typeof rollBack>[0], world);
    assert.equal(ending.outcome, "failed");
    assert.match(ending.reason, why);
    assert.deepEqual(world.traffic.writes, []);
    assert.ok(!world.events.some((event) => event.kind === "stranded"));
  };
  await refused({ version: "42" } as never, /is the canary that is being released/);
  await refused({ version: "99" } as never, /there is no version 99 of checkout/);
  await refused(
    { functions: [{ name: "checkout", account: "999999999999" }] } as never,
    /use credentials of 999999999999/,
  );
});

test("a description without room for the record doesn't keep a rollback from being made", async () => {
  const world = new FakeWorld("40", "41");
  world.traffic.set(target, { primary: "41", additional: null }, "x".repeat(240));
  assert.equal((await rollBack(order, world)).outcome, "rolled-back");
  assert.equal(world.traffic.aliases.get("checkout:live")?.description, "x".repeat(240));
});

test("post that can't heal gives the command", async () => {
  const world = worldWith((at) => canary(at, { id: "4711", attempt: 1 }));
  world.traffic.trouble = (call) => (call.startsWith("write") ? "expired" : null);
  assert.equal((await healAfterKill(world, [target], new Map()))?.outcome, "failed");
  assert.ok(world.events.some((event) => event.kind === "stranded"));
});
