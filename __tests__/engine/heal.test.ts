import assert from "node:assert/strict";
import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { healAfterMain, type LeftByMain, worstFirst } from "../../src/engine/heal.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { worded } from "../../testing/fakes/worded.ts";
import { canary, checkout, leave, OTHER, OWN, portsWith, promoted, refund, rolledBack } from "./left.ts";

const serves = (ports: FakePorts, name = "checkout") => ports.traffic.aliases.get(`${name}:live`)?.routing;
const wholly = (primary: string) => ({ primary, additional: null });
/** The post step of a main that wrote these records last and was killed. */
const heal = (ports: FakePorts, records: AliasRecord | readonly AliasRecord[], end: LeftByMain["end"] = "killed") =>
  healAfterMain(ports, { sent: [{ target: checkout, records: [records].flat() }], end });
const NOW = new FakePorts().clock.now();

// ------------------------------------------------------------------------------------- What a main left behind

const LEFT: readonly [what: string, record: (at: Instant) => AliasRecord, goesBackTo: string][] = [
  ["a canary", canary, "41"],
  ["a final bake", (at) => promoted(at, OWN, at + MINUTE), "40"],
  ["a final bake that is over by the clock, but whose end nobody saw", (at) => promoted(at, OWN, at - MINUTE), "40"],
  ["a promotion whose answer never came", promoted, "40"],
];
test.each(LEFT)("post puts %s of its main back", async (_what, record, version) => {
  const ports = portsWith(record);
  expect((await heal(ports, record(NOW)))?.outcome).toBe("rolled-back");
  expect(serves(ports)).toStrictEqual(wholly(version));
});

test("post puts back what its main wrote before a write that never arrived", async () => {
  const ports = portsWith(canary);
  const last: AliasRecord = { ...promoted(NOW + MINUTE), version: "42", before: "41" } as AliasRecord;
  expect((await heal(ports, [canary(NOW), last]))?.outcome).toBe("rolled-back");
  expect(serves(ports)).toStrictEqual(wholly("41"));
});

test("so it does where somebody has edited the record of that away, or where the clock was set back in between", async () => {
  const last: AliasRecord = { ...promoted(NOW - HOUR), version: "42", before: "41" } as AliasRecord;
  const putsBack = async (ports: FakePorts) => {
    expect((await heal(ports, [canary(NOW), last], "failed"))?.outcome).toBe("rolled-back");
    expect(serves(ports)).toStrictEqual(wholly("41"));
  };
  const setBack = portsWith(canary);
  await putsBack(setBack);

  const edited = portsWith(canary);
  edited.traffic.set(checkout, serves(edited) ?? wholly("41"), "Docs");
  await putsBack(edited);
});

test.each(["killed", "failed", "superseded"] as const)(
  "post puts back a canary from which somebody has edited the record away, and keeps their text (main: %s)",
  async (end) => {
    const ports = portsWith(canary);
    ports.traffic.set(checkout, serves(ports) ?? wholly("41"), "Docs");
    expect((await heal(ports, canary(NOW), end))?.outcome).toBe("rolled-back");
    expect(serves(ports)).toStrictEqual(wholly("41"));
    expect(ports.traffic.aliases.get("checkout:live")?.description).toMatch(/^Docs \[lambda-canary rolled back/);
  },
);

const OTHERS: readonly [what: string, record: (at: Instant) => AliasRecord][] = [
  ["was rolled back already", rolledBack],
  ["another step of this run promoted before", (at) => promoted(at - MINUTE)],
  ["another job of this run releases, from and to the same", (at) => canary(at - SECOND)],
  ["another step of this run released since", (at) => canary(at + MINUTE)],
  ["another run promoted", (at) => promoted(at, OTHER)],
  ["another run releases", (at) => canary(at, OTHER)],
];
test.each(OTHERS)("post leaves alone what %s", async (_what, record) => {
  const ports = portsWith(record);
  expect(await heal(ports, canary(NOW), "superseded")).toBeNull();
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("post isn't misled by a stale read: it looks again for ten seconds before it leaves an alias alone", async () => {
  for (const end of ["killed", "failed", "superseded"] as const) {
    const ports = portsWith(canary);
    const { read } = ports.traffic;
    const start = ports.clock.now();
    const before = { routing: wholly("41"), description: "Payments", revision: "before", movingFrom: null };
    ports.traffic.read = async (of) =>
      ports.clock.now() < start + 5 * SECOND ? before : await read.call(ports.traffic, of);
    expect((await heal(ports, canary(NOW), end))?.outcome).toBe("rolled-back");
    expect(serves(ports)).toStrictEqual(wholly("41"));
    expect(ports.traffic.writes).toHaveLength(1);
  }
});

test("post heals at once what is as main left it", async () => {
  const ports = portsWith(canary);
  const start = ports.clock.now();
  await heal(ports, canary(NOW));
  expect(ports.clock.now()).toBe(start);
});

test("post leaves alone what main never wrote to", async () => {
  const ports = portsWith(canary);
  expect(await healAfterMain(ports, { sent: [], end: "killed" })).toBeNull();
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("post leaves alone what somebody has shifted since", async () => {
  const ports = portsWith(canary);
  const description = ports.traffic.aliases.get("checkout:live")?.description ?? "";
  const healed: unknown[] = [];
  for (const text of [description, "Docs"]) {
    ports.traffic.set(checkout, { primary: "41", additional: { version: "42", weight: 90 } }, text);
    healed.push(await heal(ports, canary(NOW), "superseded"));
  }
  expect(healed).toStrictEqual([null, null]);
  expect(ports.traffic.writes).toStrictEqual([]);
});

const ENDS: readonly [what: string, record: (now: Instant) => AliasRecord, outcome: string, says: RegExp][] = [
  ["had taken it back", rolledBack, "rolled-back", /checkout:live is back on the baseline/],
  ["had not begun to shift", (at) => rolledBack(at, OTHER), "failed", /checkout:live serves the baseline/],
  ["found another hand", (at) => promoted(at, OTHER), "superseded", /was changed by someone else/],
];
test.each(ENDS)(
  "post ends the story of a main that was killed when it %s, and writes nothing",
  async (_what, record, outcome, says) => {
    const ports = portsWith(record);
    const ending = await heal(ports, canary(NOW));
    expect(ending?.outcome).toBe(outcome);
    expect(ending && worded(ending).reason).toMatch(says);
    expect(ports.traffic.writes).toStrictEqual([]);
  },
);

test("of a fleet, post takes back the one that is promoted still, though the others are back already", async () => {
  const ports = portsWith(rolledBack);
  leave(ports, promoted, refund);
  const sent = [
    { target: checkout, records: [{ ...promoted(NOW), version: "42", before: "41" } as AliasRecord] },
    { target: refund, records: [promoted(NOW)] },
  ];
  const ending = await healAfterMain(ports, { sent, end: "killed" });
  expect(ending?.outcome).toBe("rolled-back");
  expect(serves(ports, "refund")).toStrictEqual(wholly("40"));
  expect(ports.traffic.writes).toStrictEqual(["refund:live 40"]);
});

test("a write of the killed main that lands while post heals is taken back too", async () => {
  const ports = portsWith(canary);
  const last = { ...promoted(NOW), version: "42", before: "41" } as AliasRecord;
  let hasLanded = false;
  ports.traffic.trouble = (call) => {
    if (call.startsWith("write") && !hasLanded) {
      hasLanded = true;
      leave(ports, () => last);
    }
    return null;
  };
  expect((await heal(ports, [canary(NOW), last]))?.outcome).toBe("rolled-back");
  expect(serves(ports)).toStrictEqual(wholly("41"));
});

test("post that can't read the alias gives the command by what main had written down", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = () => "expired";
  expect((await heal(ports, canary(NOW)))?.outcome).toBe("failed");
  const cry = ports.events.find((event) => event.kind === "stranded");
  expect(cry?.command).toMatch(/--function-version 41 /);
});

test("post of a main that had given way only says that it could not take a second look", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = () => "expired";
  expect(await heal(ports, canary(NOW), "superseded")).toBeNull();
  expect(ports.events.map(({ kind }) => kind)).toStrictEqual(["warned"]);
});

test("post that can't heal gives the command", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = (call) => (call.startsWith("write") ? "expired" : null);
  expect((await heal(ports, canary(NOW)))?.outcome).toBe("failed");
  expect(ports.events).toContainEqual(expect.objectContaining({ kind: "stranded" }));
});

test("a healing goes on for minutes while Lambda throttles it", async () => {
  const ports = portsWith(canary);
  const start = ports.clock.now();
  ports.traffic.trouble = (call) =>
    call.startsWith("write") && ports.clock.now() < start + 4 * MINUTE ? "throttled" : null;
  expect((await heal(ports, canary(NOW)))?.outcome).toBe("rolled-back");
});

// ------------------------------------------------------------------------------------------- What post tells of it

const told = (ports: FakePorts) =>
  ports.events.flatMap((event) => (event.kind === "serving" ? [[event.target.function, event.routing.primary]] : []));

test("of a fleet, post tells how each went, the worst first, and how far the release had got", async () => {
  const names = ["checkout", "refund", "orders", "search", "login"];
  const targets = names.map((name) => ({ function: name, alias: "live" }));
  const ports = new FakePorts("40", "41", "42", "43");
  const [first, second, third, fourth, fifth] = targets;
  assert(first && second && third && fourth && fifth);
  leave(ports, canary, first);
  leave(ports, canary, second);
  leave(ports, promoted, third);
  ports.traffic.set(fourth, wholly("40"), "by hand");
  ports.traffic.set(fifth, wholly("41"));
  ports.traffic.trouble = (call) => (call.startsWith("write orders:live") ? "expired" : null);
  const recordOf = (name: string) => (name === "orders" ? promoted(NOW) : canary(NOW));
  const sent = targets.map((target) => ({ target, records: [recordOf(target.function)] }));
  const ending = await healAfterMain(ports, { sent, end: "killed" });
  expect(ending && worded(ending)).toStrictEqual({
    outcome: "failed",
    reason:
      "the step was killed or failed during the release, at 25 % of version 42 and version 43, promoted but not finished; " +
      "orders:live could not be put back on the baseline: run the command given for it now; " +
      "search:live was changed by someone else in the meantime and was left alone; " +
      "checkout:live, refund:live is back on the baseline; login:live serves the baseline",
    verified: false,
  });
  expect(told(ports).sort()).toStrictEqual([
    ["checkout", "41"],
    ["login", "41"],
    ["refund", "41"],
    ["search", "40"],
  ]);
});

test("how far a release had got isn't told where nobody knows", async () => {
  const deleted = portsWith(canary);
  deleted.traffic.aliases.clear();
  const unread = portsWith(canary);
  unread.traffic.trouble = () => "expired";
  const reasons = [deleted, unread, portsWith(rolledBack), portsWith((at) => rolledBack(at, OTHER))].map(
    async (ports) => {
      const ending = await heal(ports, canary(NOW));
      return ending && worded(ending).reason;
    },
  );
  expect(await Promise.all(reasons)).toStrictEqual([
    "the step was killed or failed during the release; checkout:live was changed by someone else in the meantime and was left alone",
    "the step was killed or failed during the release; checkout:live could not be put back on the baseline: run the command given for it now",
    "the step was killed or failed during the release; checkout:live is back on the baseline",
    "the step was killed or failed during the release; checkout:live serves the baseline",
  ]);
});

test("post of a killed main leaves the end of the story to another step of this run that releases now", async () => {
  const ports = portsWith((at) => canary(at + MINUTE));
  expect(await heal(ports, canary(NOW))).toBeNull();
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("weights on the baseline that nobody of this run wrote are somebody else's", async () => {
  const ports = new FakePorts("41", "42");
  ports.traffic.set(checkout, { primary: "41", additional: { version: "42", weight: 90 } }, "by hand");
  expect((await heal(ports, canary(NOW)))?.outcome).toBe("superseded");
});

test("what post takes back keeps the mark of its fleet, and says from which version to which", async () => {
  const marked = (at: Instant) => ({ ...canary(at), fleet: "3fa9" });
  const ports = portsWith(marked);
  await heal(ports, marked(NOW));
  expect(ports.traffic.aliases.get("checkout:live")?.description).toMatch(/ fleet 3fa9\]$/);
  const changes = [{ target: checkout, baseline: "41", canary: "42" }];
  expect(ports.events).toContainEqual(expect.objectContaining({ kind: "prepared", changes }));

  const alone = portsWith(canary);
  await heal(alone, canary(NOW));
  expect(alone.traffic.aliases.get("checkout:live")?.description).not.toMatch(/fleet/);
});

test("of several outcomes, the worst is told first, each once", () => {
  const all = (["rolled-back", "untouched", "superseded", "rolled-back", "failed"] as const).map((outcome) => ({
    outcome,
  }));
  expect(worstFirst(all)).toStrictEqual(["failed", "superseded", "rolled-back", "untouched"]);
  expect(worstFirst(all.toReversed())).toStrictEqual(["failed", "superseded", "rolled-back", "untouched"]);
});
