import assert from "node:assert/strict";
import { type Expiry, type Reading, type Series, ServiceError } from "../../src/domain/ports.ts";
import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { carryOut, runRelease } from "../../src/engine/loop.ts";
import { pendingWrite } from "../../src/release/fleet.ts";
import { type Effect, type Looked, newProgress, type Progress } from "../../src/release/progress.ts";
import { said } from "../../src/release/reason.ts";
import { newRelease, rollbackRecord, shifted } from "../../src/release/release.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const member = memberOf();
const { target } = member;
const weighted = { primary: "41", additional: { version: "42", weight: 5 } };
const CANCELLED = "the workflow was cancelled";

/** In the bake of its first step. */
function begin(guards = "error-rate < 5%") {
  const ports = new FakePorts("41", "42");
  const alias = ports.traffic.set(target, weighted, "Payments");
  const { run, region } = ports;
  const terms = termsOf({ run, members: [member], plan: planOf("5% for 5m"), guards: guardsOf(guards) });
  const release = shifted(newRelease(terms, [], ports.clock.now()), 0, ports.clock.now());
  return { ports, progress: newProgress(release, [{ member, alias }], { poll: MINUTE, region }) };
}

async function look(
  ports: FakePorts,
  progress: Progress,
  at: Extract<Effect, { kind: "look" }>["at"],
): Promise<Looked> {
  const news = await carryOut([{ kind: "look", at }], progress, ports);
  assert(news.kind === "looked");
  return news;
}

const expiring = (ports: FakePorts, after: number) => {
  const expiry: Expiry = { kind: "at", at: ports.clock.now() + after };
  return Object.assign(ports, { credentials: { expiry: async () => expiry, account: async () => null } });
};

// --------------------------------------------------------------------------------------------------------- A look

test("a look at the credentials reads nothing else, one at the aliases no figures, one at everything all", async () => {
  const { ports, progress } = begin();
  const seen = async (at: Parameters<typeof look>[2]) => {
    const { aliases, observation, aborted } = await look(ports, progress, at);
    return [aliases?.length ?? null, observation !== null, aborted];
  };
  expect(await seen("credentials")).toStrictEqual([null, false, null]);
  expect(ports.traffic.calls).toStrictEqual([]);
  expect(await seen("aliases")).toStrictEqual([1, false, null]);
  expect(await seen("everything")).toStrictEqual([1, true, null]);
});

test("every look tells whether the credentials expire before the next one", async () => {
  const { ports, progress } = begin();
  expect((await look(expiring(ports, HOUR), progress, "aliases")).expiring).toBeNull();
  for (const at of ["credentials", "aliases", "everything"] as const) {
    expect((await look(expiring(ports, MINUTE), progress, at)).expiring).not.toBeNull();
  }
});

test("after a cancellation nothing is looked at, and nothing that was seen meanwhile counts", async () => {
  const before = begin();
  before.ports.stop.abort(CANCELLED);
  const nothing = { aliases: null, observation: null, expiring: null, aborted: said(CANCELLED) };
  expect(await look(before.ports, before.progress, "everything")).toMatchObject(nothing);
  expect(before.ports.traffic.calls).toStrictEqual([]);

  const meanwhile = begin();
  meanwhile.ports.traffic.trouble = () => {
    meanwhile.ports.stop.abort(CANCELLED);
    return null;
  };
  expect(await look(meanwhile.ports, meanwhile.progress, "aliases")).toMatchObject(nothing);
});

test("an alias is read a second time only if it isn't as this run left it, and the second time counts", async () => {
  const { ports, progress } = begin();
  const { aliases } = await look(ports, progress, "aliases");
  expect(aliases).toMatchObject([{ kind: "read", alias: { routing: weighted } }]);
  expect(ports.traffic.calls).toHaveLength(1);
  for (const change of [() => ports.traffic.set(target, weighted, "By hand"), () => ports.traffic.aliases.clear()]) {
    change();
    ports.traffic.calls.length = 0;
    const again = await look(ports, progress, "aliases");
    expect(again.aliases).toStrictEqual([{ kind: "read", alias: ports.traffic.aliases.get("checkout:live") ?? null }]);
    expect(ports.traffic.calls).toHaveLength(2);
  }
});

test.each([
  ["expired", true],
  ["denied", false],
] as const)("an alias that can't be read (%s) is told as such", async (fault, isExpired) => {
  const { ports, progress } = begin();
  ports.traffic.trouble = () => fault;
  const { aliases } = await look(ports, progress, "aliases");
  expect(aliases).toMatchObject([{ kind: "unreadable", isExpired, reason: expect.stringMatching(fault) }]);
});

test("an error that isn't AWS's is no expiry", async () => {
  const { ports, progress } = begin();
  ports.traffic.read = () => Promise.reject(Object.assign(new Error("broken"), { fault: "expired" }));
  expect((await look(ports, progress, "aliases")).aliases).toStrictEqual([
    { kind: "unreadable", reason: "broken", isExpired: false },
  ]);
});

/** What CloudWatch is asked for. */
async function asked(ports: FakePorts, progress: Progress) {
  const queries: { from: number; to: number; series: readonly Series[]; rest: readonly unknown[] }[] = [];
  ports.metrics.read = async (series, from, to, ...rest): Promise<readonly Reading[]> => {
    queries.push({ from, to, series, rest });
    return series.map(() => ({ kind: "points", points: new Map() }));
  };
  await look(ports, progress, "everything");
  const [query] = queries;
  assert(query !== undefined && queries.length === 1);
  return query;
}

test("figures are read by the minute, from the first that isn't known for good to the one that has just begun", async () => {
  const { ports, progress } = begin();
  const start = ports.clock.now();
  await ports.clock.sleep(3 * MINUTE + SECOND);
  expect(await asked(ports, progress)).toMatchObject({ from: start, to: start + 4 * MINUTE, rest: [MINUTE, true] });
});

test("alarms are asked for only where a guard names one, and not knowing them is no error of the release", async () => {
  const without = begin();
  without.ports.metrics.alarms = () => Promise.reject(new Error("asked for nothing"));
  expect((await look(without.ports, without.progress, "everything")).observation?.alarms).toStrictEqual(new Map());

  const { ports, progress } = begin("alarm checkout-5xx");
  const names: string[] = [];
  ports.metrics.alarms = async (each) => {
    names.push(...each);
    return ports.alarms;
  };
  expect((await look(ports, progress, "everything")).observation?.alarms).toBe(ports.alarms);
  expect(names).toStrictEqual(["checkout-5xx"]);
  ports.metrics.alarms = () => Promise.reject(new ServiceError("denied", "not allowed", null));
  const { observation } = await look(ports, progress, "everything");
  expect(observation?.alarms).toStrictEqual({ unreadable: "not allowed" });
});

// -------------------------------------------------------------------------------------------------- Errors of its own

test("an error in taking back itself isn't tried again", async () => {
  const { ports, progress } = begin();
  ports.metrics.read = () => Promise.reject(new TypeError("broken"));
  const fleet = progress.fleet.map((each) => ({ ...each, alias: { ...each.alias, description: null as never } }));
  let asked = 0;
  const now = ports.clock.now.bind(ports.clock);
  // Without an end, each try would ask for the time of the failure.
  ports.clock.now = () => {
    asked += 1;
    if (asked > 100) throw new Error("tried again and again");
    return now();
  };
  await expect(runRelease({ ...progress, fleet }, ports)).rejects.toThrow(TypeError);
  expect(asked).toBeLessThan(20);
});

test("an error right after a rollback went out sends no second one", async () => {
  const { ports, progress } = begin();
  ports.stop.abort(CANCELLED);
  ports.journal.write = () => {
    throw new RangeError("the journal is broken");
  };
  await expect(runRelease(progress, ports)).rejects.toThrow("the journal is broken");
  expect(ports.traffic.calls).toStrictEqual(["write checkout:live 41"]);
});

// ------------------------------------------------------------------------------------------------------------ Writes

test("what a shift is about to write is handed over to the post step, and what a rollback writes isn't", async () => {
  const { ports, progress } = begin();
  const [before] = progress.fleet;
  assert(before !== undefined);
  const write = pendingWrite(before, rollbackRecord(progress.release, member, ports.clock.now()));
  const carriedOut = async (isRollback: boolean) => {
    await carryOut([{ kind: "write", writes: [write], isRollback }], progress, ports);
    return ports.sent;
  };
  expect(await carriedOut(true)).toStrictEqual([]);
  expect(await carriedOut(false)).toStrictEqual([{ target, record: write.record }]);
});
