import assert from "node:assert/strict";
import { type AliasRecord, settingOf } from "../../src/domain/alias-record.ts";
import { writeAlias } from "../../src/engine/write-alias.ts";
import { FakePorts, type Trouble } from "../../testing/fakes/ports.ts";

const target = { function: "checkout", alias: "live" };
const at = Date.UTC(2026, 10, 21, 14);
const run = { id: "4711", attempt: 1 };
const back: AliasRecord = { state: "rolled-back", from: "42", to: "41", at, run };
const toFive: AliasRecord = {
  ...{ state: "canary", baseline: "41", canary: "42", weight: 5, step: 1, steps: 1, until: at },
  ...{ at, run },
};

function begin(troubles: Trouble[] = []) {
  const ports = new FakePorts("41", "42");
  const held = ports.traffic.set(target, { primary: "41", additional: null }, "Payments");
  ports.traffic.trouble = () => troubles.shift() ?? null;
  return { ports, held, traffic: ports.traffic };
}

test("one write sets routing and description, and keeps the user's own text", async () => {
  const { ports, held, traffic } = begin();
  const result = await writeAlias(ports, target, held, toFive);
  expect(result.kind).toBe("done");
  expect(traffic.calls).toStrictEqual(["write checkout:live 41 + 42@5"]);
  expect(traffic.aliases.get("checkout:live")?.description).toMatch(/^Payments \[lambda-canary 41>42 5% step 1\/1 /);
});

test("a conflict after a lost answer is no conflict: the alias is read, and is as it was meant", async () => {
  const { ports, held, traffic } = begin(["lost"]);
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
  expect(traffic.calls).toStrictEqual(["write checkout:live 41 + 42@5", "read checkout:live"]);
  expect(traffic.writes).toStrictEqual(["checkout:live 41 + 42@5"]);
});

test("an external change is left alone: one write is refused, and none follows", async () => {
  const { ports, held, traffic } = begin();
  const theirs = traffic.set(target, { primary: "40", additional: null }, "Payments");
  expect(await writeAlias(ports, target, held, toFive)).toStrictEqual({ kind: "superseded", by: theirs });
  expect(traffic.writes).toStrictEqual([]);
  expect(traffic.calls.slice(1)).toStrictEqual(["read checkout:live", "read checkout:live"]);
});

test.each([
  { what: "a missing alias", wrong: null },
  { what: "another routing", wrong: { routing: { primary: "40", additional: null }, description: "" } },
])("one wrong read is no external change: the rollback goes on after $what", async ({ wrong }) => {
  const { ports, held, traffic } = begin(["unclear"]);
  const { read } = traffic;
  let isFirst = true;
  traffic.read = async (of) => {
    const found = await read.call(traffic, of);
    if (!isFirst) return found;
    isFirst = false;
    return wrong === null || found === null ? null : { ...found, ...wrong };
  };
  expect((await writeAlias(ports, target, held, back)).kind).toBe("done");
  expect(traffic.writes).toStrictEqual(["checkout:live 41"]);
});

test("after a conflict, a read that shows the alias as it was before is stale: it is read again, and not written", async () => {
  const { ports, held, traffic } = begin();
  const theirs = traffic.set(target, { primary: "40", additional: null }, "Payments");
  const { read } = traffic;
  const start = ports.clock.now();
  traffic.read = async (of) => {
    const found = await read.call(traffic, of);
    return ports.clock.now() < start + 2_000 ? held : found;
  };
  expect(await writeAlias(ports, target, held, toFive)).toStrictEqual({ kind: "superseded", by: theirs });
  expect(traffic.calls.filter((call) => call.startsWith("write"))).toHaveLength(1);
});

test("a deleted alias is not made again", async () => {
  const { ports, held, traffic } = begin();
  traffic.aliases.clear();
  expect(await writeAlias(ports, target, held, toFive)).toStrictEqual({ kind: "superseded", by: null });
});

test("a new revision with the same setting is no external change", async () => {
  const { ports, held, traffic } = begin();
  traffic.set(target, held.routing, held.description);
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
});

test("the write before, which took effect late, is overwritten, and no conflict", async () => {
  const { ports, held, traffic } = begin();
  await writeAlias(ports, target, held, toFive);
  const sent = settingOf(held.description, toFive);
  expect((await writeAlias(ports, target, held, back, { sent })).kind).toBe("done");
  expect(traffic.writes).toStrictEqual(["checkout:live 41 + 42@5", "checkout:live 41"]);
});

test("another job of the same run counts as external: its rollback stands", async () => {
  const { ports, held, traffic } = begin();
  const shifted = await writeAlias(ports, target, held, toFive);
  assert(shifted.kind === "done");
  const { routing, description } = settingOf(held.description, back);
  const theirs = traffic.set(target, routing, description);
  const promotion: AliasRecord = { state: "promoted", version: "42", before: "41", until: null, at, run };
  expect(await writeAlias(ports, target, shifted.alias, promotion)).toStrictEqual({ kind: "superseded", by: theirs });
  expect(traffic.writes).toHaveLength(1);
});

test("a conflict that a new revision alone explains is got past at once", async () => {
  const { ports, held, traffic } = begin();
  const before = ports.clock.now();
  traffic.set(target, held.routing, held.description);
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
  expect(ports.clock.now()).toBe(before);
});

test.each([
  { what: "beside the record", edit: (text: string) => text.replace("Payments", "By Terraform") },
  { what: "and the record with it", edit: () => "By Terraform" },
])("a text that somebody edited stops a shift, but no rollback, which keeps it: the text $what", async ({ edit }) => {
  const { ports, held, traffic } = begin();
  const shifted = await writeAlias(ports, target, held, toFive);
  assert(shifted.kind === "done");
  const edited = traffic.set(target, shifted.alias.routing, edit(shifted.alias.description));
  const further: AliasRecord = { ...toFive, weight: 50 };
  expect(await writeAlias(ports, target, shifted.alias, further)).toStrictEqual({ kind: "superseded", by: edited });
  expect((await writeAlias(ports, target, shifted.alias, back)).kind).toBe("done");
  expect(traffic.aliases.get("checkout:live")?.description).toMatch(
    /^By Terraform \[lambda-canary rolled back from 42 to 41 /,
  );
});

test("a rollback leaves alone what carries another record, or what this process never wrote", async () => {
  const { ports, held, traffic } = begin();
  traffic.set(target, held.routing, "By Terraform");
  expect((await writeAlias(ports, target, held, back)).kind).toBe("superseded");

  const shifted = settingOf("", toFive);
  const own = traffic.set(target, shifted.routing, shifted.description);
  traffic.set(target, shifted.routing, settingOf("", { ...toFive, run: { id: "99", attempt: 1 } }).description);
  expect((await writeAlias(ports, target, own, back)).kind).toBe("superseded");
  expect(traffic.writes).toStrictEqual([]);
});

test("a write that got no answer may land as long as its revision stands", async () => {
  const failed = async (troubles: readonly Trouble[], isTouched: boolean) => {
    const { ports, held, traffic } = begin();
    const scripted = [...troubles];
    traffic.trouble = (call) => {
      if (!call.startsWith("write")) return null;
      if (isTouched && scripted.length === 1) traffic.set(target, held.routing, held.description);
      return scripted.shift() ?? "denied";
    };
    const result = await writeAlias(ports, target, held, toFive);
    assert(result.kind === "failed");
    return result.mayLand;
  };
  expect(await failed(["unclear", "denied"], false)).toBe(true);
  // The SDK tried several times before it reported this, and an earlier try may have got no answer.
  expect(await failed(["throttled", "denied"], false)).toBe(true);
  expect(await failed(["busy", "denied"], false)).toBe(false);
  expect(await failed(["unclear", "busy", "denied"], true)).toBe(false);
});

test("throttling, a busy alias and silence are tried again, with growing pauses", async () => {
  const { ports, held, traffic } = begin(["throttled"]);
  const before = ports.clock.now();
  const scripted: (Trouble | null)[] = ["throttled", null, "busy", null, "unclear", null];
  traffic.trouble = () => scripted.shift() ?? null;
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
  expect(ports.clock.now() - before).toBe(7_000);
});

test.each(["denied", "expired", "invalid"] as const)(
  "a write that is %s is given up at once, and the alias that stands is told",
  async (fault) => {
    const { ports, held, traffic } = begin();
    traffic.trouble = (call) => (call.startsWith("write") ? fault : null);
    const result = await writeAlias(ports, target, held, toFive);
    expect(result).toMatchObject({ kind: "failed", alias: held });
    expect(traffic.calls).toHaveLength(2);
  },
);

test("an alias that never answers is given up after a bounded number of tries", async () => {
  const { ports, held, traffic } = begin();
  traffic.trouble = () => "unclear";
  expect(await writeAlias(ports, target, held, toFive)).toMatchObject({ kind: "failed", alias: null });
  expect(traffic.calls).toHaveLength(12);
});

test("a signal stops the tries, and says that the outcome isn't known", async () => {
  const { ports, held, traffic } = begin();
  traffic.trouble = () => {
    ports.stop.abort("cancelled");
    return "unclear";
  };
  expect((await writeAlias(ports, target, held, toFive, { signal: ports.abort })).kind).toBe("aborted");
  expect(traffic.calls).toHaveLength(1);
});

test("a rollback is refused three times before it is given up; a shift once", async () => {
  const refuse = async (record: AliasRecord) => {
    const { ports, held, traffic } = begin();
    traffic.trouble = (call) => (call.startsWith("write") ? "denied" : null);
    const { kind } = await writeAlias(ports, target, held, record);
    return { kind, tries: traffic.calls.filter((call) => call.startsWith("write")).length };
  };
  expect(await refuse(back)).toStrictEqual({ kind: "failed", tries: 3 });
  expect(await refuse(toFive)).toStrictEqual({ kind: "failed", tries: 1 });
});

test("an alias that can't be read either is tried again with growing pauses; a refused read of it ends a shift", async () => {
  const { ports, held, traffic } = begin();
  const before = ports.clock.now();
  const scripted: (Trouble | null)[] = ["unclear", "throttled", "unclear", "throttled", null];
  traffic.trouble = () => scripted.shift() ?? null;
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
  expect(ports.clock.now() - before).toBe(3_000);

  const refused = begin(["unclear", "denied"]);
  expect(await writeAlias(refused.ports, target, refused.held, toFive)).toMatchObject({ kind: "failed", alias: null });
  expect(refused.traffic.calls).toHaveLength(2);
});

test("a signal during a pause stops the tries before another write", async () => {
  const { ports, held, traffic } = begin(["throttled"]);
  ports.clock.onSleep = () => ports.stop.abort("cancelled");
  expect((await writeAlias(ports, target, held, toFive, { signal: ports.abort })).kind).toBe("aborted");
  expect(traffic.calls).toStrictEqual(["write checkout:live 41 + 42@5", "read checkout:live"]);
});

test("after a write without an answer, an alias is still ours as it was before that", async () => {
  const { ports, held, traffic } = begin();
  traffic.set(target, held.routing, held.description);
  const sent = settingOf(held.description, { ...toFive, weight: 50 });
  expect((await writeAlias(ports, target, held, toFive, { sent })).kind).toBe("done");
});

test("a rollback is its own, whichever of its two states the alias is in", async () => {
  for (const edit of [(text: string) => text, (text: string) => text.replace("Payments", "By Terraform")]) {
    const { ports, held, traffic } = begin();
    const shifted = await writeAlias(ports, target, held, toFive);
    assert(shifted.kind === "done");
    traffic.set(target, shifted.alias.routing, edit(shifted.alias.description));
    const sent = settingOf("Payments", { ...toFive, weight: 50 });
    expect((await writeAlias(ports, target, shifted.alias, back, { sent })).kind).toBe("done");
  }
});

// --------------------------------------------------------------------------------------------- Provisioned concurrency

/** Refuses weights until the alias has been written so often without any. */
function stick(traffic: ReturnType<typeof begin>["traffic"], times: number) {
  let freed = 0;
  traffic.trouble = (call) => {
    if (call === "write checkout:live 41") freed += 1;
    return call.includes(" + ") && freed < times ? "stuck" : null;
  };
}

test("an alias whose provisioned concurrency is stuck is written once without weights, and then as it was meant", async () => {
  const { ports, held, traffic } = begin();
  stick(traffic, 1);
  expect((await writeAlias(ports, target, held, toFive)).kind).toBe("done");
  expect(traffic.writes).toStrictEqual(["checkout:live 41", "checkout:live 41 + 42@5"]);
  expect(ports.events).toMatchObject([
    { kind: "warned", text: expect.stringMatching(/provisioned concurrency of checkout:live was stuck/) },
  ]);
});

test("what is still stuck after that is given up", async () => {
  const { ports, held, traffic } = begin();
  stick(traffic, 2);
  expect(await writeAlias(ports, target, held, toFive)).toMatchObject({
    kind: "failed",
    reason: expect.stringMatching(/stuck/),
  });
  expect(traffic.writes).toStrictEqual(["checkout:live 41"]);
});

test("what can't be freed is given up", async () => {
  const { ports, held, traffic } = begin();
  traffic.trouble = (call) => (call.includes(" + ") ? "stuck" : call.startsWith("write") ? "denied" : null);
  const result = await writeAlias(ports, target, held, toFive);
  expect(result).toMatchObject({ kind: "failed", reason: expect.stringMatching(/denied/), alias: held });
  expect(traffic.writes).toStrictEqual([]);
});

test("an alias that has weights isn't freed: its traffic would move", async () => {
  const { ports, held, traffic } = begin();
  const shifted = await writeAlias(ports, target, held, toFive);
  assert(shifted.kind === "done");
  stick(traffic, 1);
  const result = await writeAlias(ports, target, shifted.alias, { ...toFive, weight: 50 });
  expect(result).toMatchObject({ kind: "failed", reason: expect.stringMatching(/stuck/) });
  expect(traffic.calls.filter((call) => call.startsWith("write"))).toStrictEqual([
    "write checkout:live 41 + 42@5",
    "write checkout:live 41 + 42@50",
  ]);
});

test("a rollback whose calls Lambda keeps on the canary is written once more; a promotion waits for them", async () => {
  const calls = async (record: AliasRecord) => {
    const { ports, held, traffic } = begin();
    const write = traffic.write.bind(traffic);
    let isFirst = true;
    traffic.write = async (...call) => {
      const written = await write(...call);
      const movingFrom = isFirst ? "42" : null;
      isFirst = false;
      return { ...written, movingFrom };
    };
    const result = await writeAlias(ports, target, held, record);
    assert(result.kind === "done");
    return [traffic.calls.length, result.alias.movingFrom];
  };
  const promotion: AliasRecord = { state: "promoted", version: "42", before: "41", until: null, at, run };
  expect(await calls(back)).toStrictEqual([2, null]);
  expect(await calls(promotion)).toStrictEqual([1, "42"]);
});
