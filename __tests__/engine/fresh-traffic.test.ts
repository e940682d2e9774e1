import { type Alias, nameOf, type Routing, type Target } from "../../src/domain/alias.ts";
import type { AliasRecord } from "../../src/domain/alias-record.ts";
import { type Duration, MINUTE, SECOND } from "../../src/domain/time.ts";
import { FreshTraffic } from "../../src/engine/fresh-traffic.ts";
import { carryOut } from "../../src/engine/loop.ts";
import type { Ports } from "../../src/engine/ports.ts";
import { writeAlias } from "../../src/engine/write-alias.ts";
import { type News, newProgress, type Progress } from "../../src/release/progress.ts";
import { newRelease } from "../../src/release/release.ts";
import { tick } from "../../src/release/tick.ts";
import { FakePorts, FakeTraffic } from "../../testing/fakes/ports.ts";
import { memberOf, termsOf } from "../../testing/fakes/terms.ts";

const target = { function: "checkout", alias: "live" };
const baseline: Routing = { primary: "41", additional: null };
const weighted = (weight: number): Routing => ({ primary: "41", additional: { version: "42", weight } });
const at = Date.UTC(2026, 10, 21, 14);
const run = { id: "4711", attempt: 1 };
const toFive: AliasRecord = {
  ...{ state: "canary", baseline: "41", canary: "42", weight: 5, step: 1, steps: 1, until: at + MINUTE },
  ...{ at, run },
};

/** Aliases whose reads show, for some time after each write, what was there before it. */
class StaleTraffic extends FakeTraffic {
  stale: Duration = 0;
  readonly #now: () => number;
  readonly #seen: { readonly alias: Alias; readonly at: number }[] = [];

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  override set(of: Target, routing: Routing, description = ""): Alias {
    const alias = super.set(of, routing, description);
    this.#seen.push({ alias, at: this.#now() });
    return alias;
  }

  override async read(of: Target): Promise<Alias | null> {
    await super.read(of);
    if (!this.aliases.has(nameOf(of))) return null;
    return this.#seen.findLast((each) => each.at <= this.#now() - this.stale)?.alias ?? null;
  }
}

/** Serves 41, and has done so for a while. From now on, reads are stale for a time after each write. */
async function begin(stale: Duration) {
  const fake = new FakePorts("41", "42");
  const inner = new StaleTraffic(() => fake.clock.now());
  inner.set(target, weighted(1), "Older");
  const start = inner.set(target, baseline, "Payments");
  await fake.clock.sleep(MINUTE);
  inner.stale = stale;
  const traffic = new FreshTraffic(inner, fake.clock);
  return { ports: { ...fake, traffic }, inner, traffic, start };
}

test("before the first write, nothing is read twice", async () => {
  const { ports, inner, traffic, start } = await begin(5 * SECOND);
  const theirs = inner.set(target, weighted(9));
  const before = ports.clock.now();
  expect(await traffic.read(target)).toStrictEqual(start);
  inner.stale = 0;
  expect(await traffic.read(target)).toStrictEqual(theirs);
  expect(ports.clock.now()).toBe(before);
});

test("after a write, what it replaced is read again with growing pauses, until the write shows", async () => {
  const { ports, traffic, start } = await begin(5 * SECOND);
  const written = await traffic.write(target, weighted(5), "", start.revision);
  const before = ports.clock.now();
  const pauses: number[] = [];
  ports.clock.onSleep = (now) => pauses.push(now - before);
  expect(await traffic.read(target)).toStrictEqual(written);
  expect(pauses).toStrictEqual([250, 750, 1_750, 3_750, 7_750]);
  expect(await traffic.read(target)).toStrictEqual(written);
  expect(pauses).toHaveLength(5);
});

test("an alias that still reads as before our write after ten seconds can't be read: it is nobody else's", async () => {
  const { ports, traffic, start } = await begin(MINUTE);
  const { revision } = await traffic.write(target, weighted(5), "", start.revision);
  await traffic.write(target, weighted(25), "", revision);
  for (let time = 0; time < 3; time++) {
    const before = ports.clock.now();
    await expect(traffic.read(target)).rejects.toMatchObject({
      fault: "unclear",
      message: "GetAlias of checkout:live still shows it as it was before the last write",
    });
    expect(ports.clock.now() - before).toBe(10 * SECOND);
  }
});

test("a stale read may also show what was there before this process came; an external change is reported after ten seconds", async () => {
  const { ports, inner, traffic } = await begin(0);
  const theirs = inner.set(target, weighted(9));
  await ports.clock.sleep(SECOND);
  const own = await traffic.write(target, weighted(1), "", theirs.revision);
  inner.stale = 5 * SECOND;
  expect(await traffic.read(target)).toStrictEqual(own);
  inner.stale = 0;

  const again = await traffic.write(target, weighted(5), "", own.revision);
  await ports.clock.sleep(3 * SECOND);
  const written = ports.clock.now() - 3 * SECOND;
  const late = inner.set(target, weighted(50), "by hand");
  expect(again.revision).not.toBe(late.revision);
  expect(await traffic.read(target)).toStrictEqual(late);
  const told = ports.clock.now();
  expect(told - written).toBeGreaterThanOrEqual(10 * SECOND);
  expect(told - written).toBeLessThanOrEqual(13 * SECOND);
  // From then on at once.
  expect(await traffic.read(target)).toStrictEqual(late);
  expect(ports.clock.now()).toBe(told);
});

test("a write without an answer is recognised when it shows: from then on, what it replaced is stale", async () => {
  const { inner, traffic, start } = await begin(0);
  inner.trouble = () => "lost";
  await expect(traffic.write(target, weighted(5), "", start.revision)).rejects.toMatchObject({ fault: "unclear" });
  inner.trouble = () => null;
  const landed = await traffic.read(target);
  expect(landed?.routing).toStrictEqual(weighted(5));
  inner.stale = 5 * SECOND;
  expect(await traffic.read(target)).toStrictEqual(landed);
});

test("a write that was refused hasn't landed: the alias is read at once, whoever changes it", async () => {
  for (const setting of [weighted(5), baseline]) {
    const { ports, inner, traffic, start } = await begin(0);
    inner.trouble = (call) => (call.startsWith("write") ? "denied" : null);
    const refused = traffic.write(target, setting, "Payments", start.revision);
    await expect(refused).rejects.toMatchObject({ fault: "denied" });
    const before = ports.clock.now();
    expect(await traffic.read(target)).toStrictEqual(start);
    for (const weight of [9, 10]) {
      const theirs = inner.set(target, weighted(weight), "by hand");
      expect(await traffic.read(target)).toStrictEqual(theirs);
    }
    expect(ports.clock.now()).toBe(before);
  }
});

test("ten seconds after a write, another hand is told at the first look", async () => {
  const { ports, inner, traffic, start } = await begin(0);
  await traffic.write(target, weighted(5), "", start.revision);
  const theirs = inner.set(target, weighted(9), "by hand");
  await ports.clock.sleep(10 * SECOND);
  const { length } = inner.calls;
  expect(await traffic.read(target)).toStrictEqual(theirs);
  expect(inner.calls).toHaveLength(length + 1);
});

test("an alias that was just created is not missing", async () => {
  const { ports, inner } = await begin(5 * SECOND);
  const traffic = new FreshTraffic(inner, ports.clock);
  inner.aliases.clear();
  const created = await traffic.create(target, "42", "");
  inner.aliases.clear();
  ports.clock.onSleep = () => void inner.aliases.set("checkout:live", created);
  expect(await traffic.read(target)).toStrictEqual(created);
});

test("the same setting at a new revision is taken at once", async () => {
  const { ports, inner, traffic, start } = await begin(0);
  await traffic.write(target, weighted(5), "", start.revision);
  const before = ports.clock.now();
  const renewed = inner.set(target, weighted(5));
  expect(await traffic.read(target)).toStrictEqual(renewed);
  expect(ports.clock.now()).toBe(before);
});

test("a signal stops the reading", async () => {
  const { ports, traffic, start } = await begin(MINUTE);
  await traffic.write(target, weighted(5), "", start.revision);
  const before = ports.clock.now();
  ports.stop.abort("cancelled");
  await expect(traffic.read(target, ports.abort)).rejects.toMatchObject({ fault: "unclear" });
  expect(ports.clock.now()).toBe(before);
});

// --------------------------------------------------------------------------------------------- What it is good for

/** A release that has just shifted its alias to 5 %, and what comes of its next effects. */
async function shiftedOn(ports: Ports, alias: Alias) {
  const member = memberOf("checkout", { usualRate: 1000 });
  const plan = { steps: [{ weight: 5, bake: MINUTE }], finalBake: 0 };
  const terms = termsOf({ run, members: [member], plan });
  const start = newProgress(newRelease(terms, [], at), [{ member, alias }], { poll: MINUTE, region: "eu-central-1" });
  const next = async (from: Progress, news: News) => {
    const { progress, effects } = tick(from, news);
    return [progress, await carryOut(effects, progress, ports)] as const;
  };
  const looked = await next(start, { kind: "begun", at });
  const written = await next(...looked);
  return { shifted: written, next };
}

test("our own shift, read stale, isn't taken for somebody else's change", async () => {
  const { ports, inner, start } = await begin(5 * SECOND);
  const { shifted, next } = await shiftedOn(ports, start);
  const [progress, news] = await next(...shifted);
  expect(news).toMatchObject({ kind: "looked", aliases: [{ kind: "read", alias: { routing: weighted(5) } }] });
  expect(tick(progress, news).progress.phase).toStrictEqual({ kind: "looking" });
  expect(inner.writes).toHaveLength(1);
});

test("an alias that reads stale for too long is one that can't be read", async () => {
  const { ports, start } = await begin(MINUTE);
  const { shifted, next } = await shiftedOn(ports, start);
  const [, news] = await next(...shifted);
  expect(news).toMatchObject({ kind: "looked", aliases: [{ kind: "unreadable", isExpired: false }] });
});

test("a rollback waits for no read: its write goes out first, at once", async () => {
  const { ports, inner, start } = await begin(MINUTE);
  const { shifted, next } = await shiftedOn(ports, start);
  const before = ports.clock.now();
  const [progress, news] = await next(tick(...shifted).progress, { kind: "failed", at: before, message: "it fails" });
  expect(tick(progress, news).progress.phase).toMatchObject({ ending: { outcome: "rolled-back" } });
  expect(ports.clock.now()).toBe(before);
  expect(inner.calls).toStrictEqual(["write checkout:live 41 + 42@5", "write checkout:live 41"]);
});

test("a shift that is tried again over stale reads is made once, and is no conflict", async () => {
  const { ports, inner, traffic, start } = await begin(5 * SECOND);
  const first = await traffic.write(target, weighted(1), "Payments", start.revision);
  inner.trouble = (call) => {
    inner.trouble = () => null;
    return call.startsWith("write") ? "lost" : null;
  };
  const { clock, journal } = ports;
  const result = await writeAlias({ traffic, clock, journal, run }, target, first, toFive);
  expect(result.kind).toBe("done");
  expect(inner.writes).toStrictEqual(["checkout:live 41 + 42@1", "checkout:live 41 + 42@5"]);
});
