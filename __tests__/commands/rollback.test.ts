import { rollback } from "../../src/commands/rollback.ts";
import { type AliasRecord, recordedRouting, settingOf, writeRecord } from "../../src/domain/alias-record.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { worded } from "../../testing/fakes/worded.ts";

const target = { function: "checkout", alias: "live" };
const order = { functions: [{ name: "checkout", account: null }], alias: "live", version: null };
const OTHER = { id: "99", attempt: 1 };

function portsWith(record: (now: number) => AliasRecord): FakePorts {
  const ports = new FakePorts("40", "41", "42", "43");
  const written = record(ports.clock.now());
  ports.traffic.set(target, recordedRouting(written), writeRecord("Payments", written));
  return ports;
}

const canary = (at: number, run = OTHER): AliasRecord => ({
  ...{ state: "canary", baseline: "41", canary: "42", weight: 25, step: 2, steps: 3, until: at + 10 * MINUTE },
  ...{ at, run },
});
const promoted = (at: number, run = OTHER, until: number | null = null): AliasRecord => ({
  ...{ state: "promoted", version: "43", before: "40", until },
  ...{ at, run },
});

const rolledBack = (at: number, run = OTHER): AliasRecord => ({ state: "rolled-back", from: "42", to: "41", at, run });

function routing(ports: FakePorts) {
  return ports.traffic.aliases.get("checkout:live")?.routing;
}

test("a release in flight loses its weights in one write, and the record says so", async () => {
  const ports = portsWith(canary);
  const ending = await rollback.run(order, ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(ports.traffic.calls).toStrictEqual(["read checkout:live", "write checkout:live 41", "read checkout:live"]);
  expect(ports.traffic.aliases.get("checkout:live")?.description).toMatch(
    /^Payments \[lambda-canary rolled back from 42 to 41 /,
  );
});

test.each([
  { asked: null, before: rolledBack },
  { asked: "41", before: rolledBack },
])(
  "a stale read that shows an earlier rollback isn't taken for the end of this one (version: $asked)",
  async ({ asked, before }) => {
    const ports = portsWith(canary);
    const { read } = ports.traffic;
    const start = ports.clock.now();
    const record = before(start - MINUTE);
    const stale = { ...settingOf("Payments", record), revision: "before", movingFrom: null };
    ports.traffic.read = async (of) =>
      ports.clock.now() < start + 5 * SECOND ? stale : await read.call(ports.traffic, of);
    expect((await rollback.run({ ...order, version: asked }, ports)).outcome).toBe("rolled-back");
    expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
  },
);

test.each([
  { what: "no record at all", before: null },
  { what: "an older promotion", before: promoted },
])("a rollback that a stale read sent too far down sets its course anew: from $what", async ({ before }) => {
  const ports = new FakePorts("40", "41", "42", "43");
  const start = ports.clock.now();
  const older = before === null ? null : { ...before(start - 10 * MINUTE), version: "41", before: "40" };
  const stale =
    older === null ? { routing: recordedRouting(promoted(0)), description: "" } : settingOf("", older as AliasRecord);
  const now = { ...promoted(start - SECOND), version: "42", before: "41" } as AliasRecord;
  ports.traffic.set(target, recordedRouting(now), writeRecord("Payments", now));
  const { read } = ports.traffic;
  let isFirst = true;
  ports.traffic.read = async (of) => {
    const found = await read.call(ports.traffic, of);
    if (!isFirst) return found;
    isFirst = false;
    return { ...stale, revision: "before", movingFrom: null };
  };
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
});

test("a rollback waits for no read where there is something to roll back, and for ten seconds where there is not", async () => {
  const took = async (ports: FakePorts) => {
    const start = ports.clock.now();
    await rollback.run(order, ports);
    return ports.clock.now() - start;
  };
  expect(await took(portsWith(canary))).toBe(0);
  expect(await took(portsWith(promoted))).toBe(0);
  expect(await took(portsWith(rolledBack))).toBe(10 * SECOND);
  const moving = portsWith(rolledBack);
  const alias = moving.traffic.aliases.get("checkout:live");
  if (alias !== undefined) moving.traffic.aliases.set("checkout:live", { ...alias, movingFrom: "42" });
  expect(await took(moving)).toBe(0);
});

test("none in flight: back to what the record says was served before", async () => {
  const ports = portsWith(promoted);
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "40", additional: null });
});

test("without a record, back to the highest lower version, and it is said", async () => {
  const ports = new FakePorts("40", "41", "42", "43");
  ports.traffic.set(target, { primary: "42", additional: null });
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
  const why = ports.events.find((event) => event.kind === "turned-back");
  expect(why?.reason).toMatch(/no record says which version served before/);
});

test.each([
  { what: "a canary", record: canary },
  { what: "a promotion", record: promoted },
])("a version that is asked for wins over everything: over $what", async ({ record }) => {
  const ports = portsWith(record);
  expect((await rollback.run({ ...order, version: "40" }, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "40", additional: null });
});

test("a rollback wins against a release that moves at the same moment", async () => {
  const ports = portsWith(canary);
  let moves = 2;
  ports.traffic.trouble = (call) => {
    if (!call.startsWith("write") || moves-- <= 0) return null;
    const moved: AliasRecord = { ...canary(ports.clock.now()), weight: 50 } as AliasRecord;
    ports.traffic.set(target, recordedRouting(moved), writeRecord("", moved));
    return null;
  };
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
});

test("where somebody else takes the alias elsewhere in the meantime, it stays there, and is told", async () => {
  const ports = portsWith(promoted);
  let isFirst = true;
  ports.traffic.trouble = (call) => {
    if (!call.startsWith("write") || !isFirst) return null;
    isFirst = false;
    ports.traffic.set(target, { primary: "41", additional: null }, "Managed by Terraform");
    return null;
  };
  const { outcome, reason } = worded(await rollback.run(order, ports));
  expect(outcome).toBe("superseded");
  expect(reason).toMatch(
    /changed by someone else during the rollback to 40\. It serves 41 now and was left alone: find out who/,
  );
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
});

test("a release that begins in the meantime doesn't change where a rollback goes to", async () => {
  const ports = portsWith(promoted);
  let isFirst = true;
  ports.traffic.trouble = (call) => {
    if (!call.startsWith("write") || !isFirst) return null;
    isFirst = false;
    const next: AliasRecord = { ...canary(ports.clock.now()), baseline: "43", canary: "44" } as AliasRecord;
    ports.traffic.set(target, recordedRouting(next), writeRecord("", next));
    return null;
  };
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "40", additional: null });
  expect(ports.traffic.aliases.get("checkout:live")?.description).toMatch(/rolled back from 44 to 40/);
});

test("a lost answer is read back, and is a rollback", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = (call) => (call.startsWith("write") ? "lost" : null);
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toHaveLength(1);
});

test("a second rollback doesn't go one version further down, unless that version is named", async () => {
  const ports = portsWith(canary);
  await rollback.run(order, ports);
  expect((await rollback.run(order, ports)).outcome).toBe("unchanged");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
  expect((await rollback.run({ ...order, version: "40" }, ports)).outcome).toBe("rolled-back");
});

test("what was taken back by hand isn't rolled back once more, though the record of the canary still stands there", async () => {
  const ports = portsWith(canary);
  const { description = "" } = ports.traffic.aliases.get("checkout:live") ?? {};
  ports.traffic.set(target, { primary: "41", additional: null }, description);
  expect((await rollback.run(order, ports)).outcome).toBe("unchanged");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
  ports.traffic.set(target, { primary: "42", additional: null }, description);
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
});

test("a rollback that can't even read the alias gives the command, with the version left open", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = () => "denied";
  expect((await rollback.run(order, ports)).outcome).toBe("failed");
  expect(ports.events.find((event) => event.kind === "stranded")?.command).toMatch(/--function-version VERSION /);
});

test("what is served already is left as it is", async () => {
  const ports = portsWith(promoted);
  expect((await rollback.run({ ...order, version: "43" }, ports)).outcome).toBe("unchanged");
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("a rollback that is refused gives the command that does it by hand", async () => {
  const ports = portsWith(canary);
  ports.traffic.trouble = (call) => (call.startsWith("write") ? "denied" : null);
  expect((await rollback.run(order, ports)).outcome).toBe("failed");
  const cry = ports.events.find((event) => event.kind === "stranded");
  expect(cry?.command).toMatch(/--function-version 41 --routing-config 'AdditionalVersionWeights=\{\}'$/);
});

test("there is nothing to go back to from the lowest version", async () => {
  const ports = new FakePorts("40", "41");
  ports.traffic.set(target, { primary: "40", additional: null });
  const ending = await rollback.run(order, ports);
  expect(ending.outcome).toBe("failed");
  expect(worded(ending).reason).toMatch(/no lower version to go back to: name one in the input "version"/);
});

test("a rollback to the canary itself, to a version that isn't there, or in another account is refused", async () => {
  const refused = async (asked: Partial<Parameters<typeof rollback.run>[0]>, why: RegExp) => {
    const ports = portsWith(canary);
    const ending = await rollback.run({ ...order, ...asked }, ports);
    expect(ending.outcome).toBe("failed");
    expect(worded(ending).reason).toMatch(why);
    expect(ports.traffic.writes).toStrictEqual([]);
    expect(ports.events).not.toContainEqual(expect.objectContaining({ kind: "stranded" }));
  };
  await refused({ version: "42" }, /is the canary of a running release/);
  await refused({ version: "99" }, /there is no version 99 of checkout/);
  await refused(
    { functions: [{ name: "checkout", account: "999999999999" }] },
    /was given with account 999999999999, but the credentials are for account/,
  );
});

test("a description without room for the record doesn't keep a rollback from being made", async () => {
  const ports = new FakePorts("40", "41");
  ports.traffic.set(target, { primary: "41", additional: null }, "x".repeat(240));
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(ports.traffic.aliases.get("checkout:live")?.description).toBe("x".repeat(240));
});

function moves(ports: FakePorts, movingFrom: string): void {
  for (const [name, alias] of ports.traffic.aliases) ports.traffic.aliases.set(name, { ...alias, movingFrom });
}

test("what was promoted is rolled back while Lambda still moves its provisioned concurrency", async () => {
  const ports = portsWith(promoted);
  moves(ports, "40");
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 40"]);
});

test("without a record, back to where Lambda still moves the calls from; never to the newer of the two", async () => {
  const found = await Promise.all(
    [
      { primary: "43", movingFrom: "40" },
      { primary: "40", movingFrom: "43" },
    ].map(async ({ primary, movingFrom }) => {
      const ports = new FakePorts("40", "41", "42", "43");
      ports.traffic.set(target, { primary, additional: null });
      moves(ports, movingFrom);
      const { outcome } = await rollback.run(order, ports);
      return { primary, outcome, writes: ports.traffic.writes };
    }),
  );
  const back = { outcome: "rolled-back", writes: ["checkout:live 40"] };
  expect(found).toStrictEqual([
    { primary: "43", ...back },
    { primary: "40", ...back },
  ]);
});

test("what Lambda itself keeps on the version that was turned down goes back by one more write", async () => {
  const ports = portsWith((at) => ({ state: "rolled-back", from: "43", to: "40", at, run: OTHER }));
  moves(ports, "43");
  expect((await rollback.run(order, ports)).outcome).toBe("unchanged");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 40"]);
  expect(ports.traffic.aliases.get("checkout:live")?.movingFrom).toBeNull();
});

test("a rollback whose calls Lambda has yet to move says so", async () => {
  const ports = portsWith((at) => ({ state: "rolled-back", from: "43", to: "40", at, run: OTHER }));
  moves(ports, "43");
  ports.traffic.trouble = (call) => (call.startsWith("write") ? "busy" : null);
  const ending = await rollback.run(order, ports);
  expect(ending.outcome).toBe("unchanged");
  expect(worded(ending).reason).toMatch(
    /but Lambda still sends all calls of checkout:live to version 43 until version 40 has/,
  );
  expect(ports.events).toContainEqual(expect.objectContaining({ kind: "warned" }));
});

test("without a record of what was before, the version that was turned down is not gone back to", async () => {
  const ports = portsWith((at) => ({ state: "rolled-back", from: "42", to: "41", at, run: OTHER }));
  const { description = "" } = ports.traffic.aliases.get("checkout:live") ?? {};
  ports.traffic.set(target, { primary: "43", additional: null }, description);
  expect((await rollback.run(order, ports)).outcome).toBe("rolled-back");
  expect(routing(ports)).toStrictEqual({ primary: "41", additional: null });
});

test("what was promoted and then taken back by hand isn't rolled back once more", async () => {
  const ports = portsWith(promoted);
  const { description = "" } = ports.traffic.aliases.get("checkout:live") ?? {};
  ports.traffic.set(target, { primary: "40", additional: null }, description);
  expect((await rollback.run(order, ports)).outcome).toBe("unchanged");
});
