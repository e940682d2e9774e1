import assert from "node:assert/strict";
import { deploy } from "../../src/commands/deploy.ts";
import { nameOf, type Routing, type Target } from "../../src/domain/alias.ts";
import { type AliasRecord, settingOf } from "../../src/domain/alias-record.ts";
import { ServiceError } from "../../src/domain/ports.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { orderOf, planOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";

const checkout = { function: "checkout", alias: "live" };
const refund = { function: "refund", alias: "live" };
const wholly = (primary: string): Routing => ({ primary, additional: null });

/** A release without guards: only what happens to its aliases counts. */
const order = (steps = "5% for 5m, 50% for 5m", ...functions: string[]) =>
  orderOf(functions.length > 0 ? functions : ["checkout"], { plan: planOf(steps) });

function stand(...targets: Target[]): FakePorts {
  const ports = new FakePorts("41");
  for (const target of targets.length > 0 ? targets : [checkout]) ports.traffic.set(target, wholly("41"), "Payments");
  return ports;
}

function aliasOf(ports: FakePorts, target = checkout) {
  return ports.traffic.aliases.get(nameOf(target)) ?? assert.fail();
}

/** Long enough for anything still running to do its work. */
const meanwhile = () => new Promise((resolve) => setTimeout(resolve, 30));

// ------------------------------------------------------------------------------------------------ Whose write it is

test("who holds an alias is told, too, where a cancellation comes before the others have been written", async () => {
  const ports = stand(checkout, refund);
  const { write } = ports.traffic;
  ports.traffic.write = async (target, ...rest) => {
    if (target.function === "refund" && !ports.abort.aborted) {
      await meanwhile();
      ports.stop.abort("the workflow was cancelled");
    }
    return write.call(ports.traffic, target, ...rest);
  };
  ports.traffic.trouble = (call) => {
    if (call === "write checkout:live 41 + 42@5") ports.traffic.set(checkout, wholly("40"), "by hand");
    return null;
  };
  const { outcome, reason } = worded(await deploy.run(order("5% for 5m", "checkout", "refund"), ports));
  expect(outcome).toBe("superseded");
  expect(reason).toMatch(/checkout:live was changed by someone else and serves 40 now.*the workflow was cancelled/);
  expect(aliasOf(ports, refund).routing).toStrictEqual(wholly("41"));
});

test("a rollback by another job of the same run wins against a shift that is in flight", async () => {
  const ports = stand();
  const at = ports.clock.now();
  const back: AliasRecord = { state: "rolled-back", from: "42", to: "41", at, run: ports.run };
  const { routing, description } = settingOf("Payments", back);
  let isBack = false;
  ports.traffic.trouble = (call) => {
    if (call === "write checkout:live 41 + 42@50" && !isBack) ports.traffic.set(checkout, routing, description);
    isBack ||= call === "write checkout:live 41 + 42@50";
    return null;
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("superseded");
  expect(worded(ending).reason).toMatch(
    /checkout:live was rolled back from 42 to 41 by another job of this run and serves 41 now/,
  );
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41 + 42@5"]);
});

test("a rollback that somebody else comes before leaves their change alone, and gives no command to overwrite it", async () => {
  const ports = stand(checkout, refund);
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  ports.traffic.trouble = (call) => {
    if (call === "write checkout:live 41") ports.traffic.set(checkout, wholly("40"), "by hand");
    return null;
  };
  const ending = await deploy.run(order("5% for 5m", "checkout", "refund"), ports);
  expect(ending.outcome).toBe("superseded");
  expect(worded(ending).reason).toMatch(
    /checkout:live was changed by someone else and serves 40 now.*the workflow was cancelled/,
  );
  expect(ports.events.filter(({ kind }) => kind === "stranded")).toStrictEqual([]);
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "serving", target: checkout, routing: wholly("40") }),
  );
  expect(aliasOf(ports).routing).toStrictEqual(wholly("40"));
  expect(aliasOf(ports, refund).routing).toStrictEqual(wholly("41"));
});

test("all changes that a rollback gives way to are told, and why it was made", async () => {
  const ports = stand(checkout, refund);
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  ports.traffic.trouble = (call) => {
    if (/^write \w+:live 41$/.test(call)) for (const each of [checkout, refund]) ports.traffic.set(each, wholly("40"));
    return null;
  };
  const ending = await deploy.run(order("5% for 5m", "checkout", "refund"), ports);
  expect(
    worded(ending)
      .reason.split("; ")
      .filter((part) => /^\w+:live was|cancelled/.test(part)),
  ).toStrictEqual([
    "checkout:live was changed by someone else and serves 40 now",
    "refund:live was changed by someone else and serves 40 now",
    "the workflow was cancelled",
  ]);
});

test("a shift that was refused goes back all the same where the alias can't be read: nobody knows what it serves", async () => {
  const ports = stand();
  let isRefused = false;
  ports.traffic.trouble = (call) => {
    if (call.includes(" + ")) isRefused = true;
    if (call.startsWith("read") && isRefused) return "denied";
    return call.includes(" + ") ? "busy" : null;
  };
  expect((await deploy.run(order(), ports)).outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41"]);
});

test("a rollback that finds its alias deleted gives no command either", async () => {
  const ports = stand();
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  ports.traffic.trouble = (call) => {
    if (call === "write checkout:live 41") ports.traffic.aliases.clear();
    return null;
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("superseded");
  expect(worded(ending).reason).toMatch(/checkout:live was deleted by someone else/);
  expect(ports.events.filter(({ kind }) => kind === "stranded")).toStrictEqual([]);
  expect([...ports.traffic.aliases]).toStrictEqual([]);
});

test("a text that somebody edited in mid-release: the traffic goes back, their text stays, and it is told", async () => {
  const isGivenWayTo = async (arrange: (ports: FakePorts, edit: () => void) => void) => {
    const ports = stand();
    arrange(ports, () => {
      const { routing } = aliasOf(ports);
      if (routing.additional?.weight === 5) ports.traffic.set(checkout, routing, "By Terraform");
    });
    const ending = await deploy.run(order(), ports);
    expect(ending.outcome).toBe("superseded");
    expect(worded(ending).reason).toMatch(
      /the description of checkout:live, .*, was edited by someone else: its traffic goes back/,
    );
    expect(aliasOf(ports).routing).toStrictEqual(wholly("41"));
    expect(aliasOf(ports).description).toMatch(/^By Terraform \[lambda-canary rolled back from 42 to 41 /);
  };
  await isGivenWayTo((inBake, edit) => {
    inBake.clock.onSleep = edit;
  });
  await isGivenWayTo((amidShift, edit) => {
    amidShift.traffic.trouble = (call) => {
      if (call === "write checkout:live 41 + 42@50") edit();
      return null;
    };
  });
});

test("a first shift that got no answer is not taken for none: what lands late is refused", async () => {
  const ports = stand();
  const write = ports.traffic.write.bind(ports.traffic);
  const late: (() => Promise<unknown>)[] = [];
  ports.traffic.write = async (...call) => {
    if (call[1].additional === null) return write(...call);
    late.push(() => write(...call));
    throw new ServiceError("unclear", "no answer", null);
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("rolled-back");
  await expect(late[0]?.()).rejects.toThrow(/not at/);
  expect(aliasOf(ports).routing).toStrictEqual(wholly("41"));
});

const serving = (ports: FakePorts) =>
  ports.events.flatMap((event) =>
    event.kind === "serving" ? [`${nameOf(event.target)} ${event.routing.primary}`] : [],
  );
const kinds = (ports: FakePorts) => ports.events.map(({ kind }) => kind);

test("somebody else's change is the reason, not a write that failed beside it, and is told once", async () => {
  const ports = stand(checkout, refund);
  ports.traffic.trouble = (call) => {
    if (call.startsWith("write refund:live 41 + 42@50")) ports.traffic.set(refund, wholly("40"), "by hand");
    return call.startsWith("write checkout:live 41 + 42@50") ? "denied" : null;
  };
  const ending = await deploy.run(order(undefined, "checkout", "refund"), ports);
  expect(ending).toMatchObject({ outcome: "superseded", verified: false });
  expect(worded(ending).reason).toMatch(/^refund:live was changed by someone else and serves 40 now; [^;]*$/);
  expect(serving(ports)).toStrictEqual(["refund:live 40", "checkout:live 41"]);
});

test("a fleet whose shift fails goes back, but for what was never shifted", async () => {
  const ports = stand(checkout, refund);
  ports.traffic.trouble = (call) => (call.startsWith("write checkout:live") ? "denied" : null);
  const ending = await deploy.run(order("5% for 5m", "checkout", "refund"), ports);
  expect(worded(ending)).toStrictEqual({
    outcome: "rolled-back",
    reason: "write checkout:live 41 + 42@5: denied",
    verified: false,
  });
  expect(ports.traffic.writes).toStrictEqual(["refund:live 41 + 42@5", "refund:live 41"]);
  expect(ports.traffic.calls.filter((call) => call === "write checkout:live 41")).toStrictEqual([]);
  expect(kinds(ports)).toContain("turned-back");
});

test("a first shift that is refused shifts nothing, and there is nothing to roll back", async () => {
  const ports = stand();
  ports.traffic.trouble = (call) => (call.startsWith("write") ? "denied" : null);
  const ending = await deploy.run(order(), ports);
  expect(worded(ending)).toStrictEqual({
    ...{ outcome: "failed", verified: false },
    reason: "nothing was shifted: write checkout:live 41 + 42@5: denied",
  });
  expect(kinds(ports)).not.toContain("turned-back");
});

test("a rollback that fails is told with the command for each alias, and as a failure", async () => {
  const ports = stand(checkout, refund);
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  ports.traffic.trouble = (call) => (call === "write checkout:live 41" ? "denied" : null);
  const ending = await deploy.run(order("5% for 5m", "checkout", "refund"), ports);
  expect(worded(ending)).toStrictEqual({
    ...{ outcome: "failed", verified: false },
    reason: "checkout:live could not be put back on the baseline: run the command given for it now",
  });
  const stranded = ports.events.flatMap((event) => (event.kind === "stranded" ? [event] : []));
  expect(stranded).toMatchObject([
    {
      target: checkout,
      reason: "write checkout:live 41: denied; the release had to be rolled back because the workflow was cancelled",
      command: expect.stringMatching(/--function-version 41 /),
    },
  ]);
  expect(aliasOf(ports, refund).routing).toStrictEqual(wholly("41"));
});

test("a rollback goes on for minutes while Lambda throttles it", async () => {
  const ports = stand();
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  let until = Number.POSITIVE_INFINITY;
  ports.traffic.trouble = (call) => {
    if (call !== "write checkout:live 41") return null;
    until = Math.min(until, ports.clock.now() + 4 * MINUTE);
    return ports.clock.now() < until ? "throttled" : null;
  };
  expect((await deploy.run(order(), ports)).outcome).toBe("rolled-back");
});

test("a shift that is being tried again at a cancellation is tried no further", async () => {
  const ports = stand();
  ports.traffic.trouble = (call) => (call.includes(" + ") ? "throttled" : null);
  ports.clock.onSleep = () => ports.stop.abort("the workflow was cancelled");
  expect((await deploy.run(order(), ports)).outcome).toBe("rolled-back");
  await meanwhile();
  expect(ports.traffic.calls.filter((call) => call.includes(" + "))).toHaveLength(1);
});

test("a look that is under way at a cancellation doesn't take the rollback for another hand", async () => {
  const ports = stand();
  const { read } = ports.traffic;
  ports.traffic.read = async (target) => {
    if (aliasOf(ports).routing.additional === null) return read.call(ports.traffic, target);
    ports.stop.abort("the workflow was cancelled");
    await new Promise((resolve) => setTimeout(resolve, 10));
    return read.call(ports.traffic, target);
  };
  expect((await deploy.run(order(), ports)).outcome).toBe("rolled-back");
  await meanwhile();
  expect(serving(ports)).toStrictEqual(["checkout:live 41"]);
});

test("an alias that is as this run left it is read once a look", async () => {
  const ports = stand();
  expect((await deploy.run(order("5% for 5m"), ports)).outcome).toBe("promoted");
  const { calls } = ports.traffic;
  const bake = calls.slice(calls.indexOf("write checkout:live 41 + 42@5") + 1, calls.indexOf("write checkout:live 42"));
  // Every 20 seconds, and at once after the shift.
  expect(bake).toHaveLength(5 * 3 + 1);
});

test("what a promoted release serves is told, and what was shifted isn't told again", async () => {
  const ports = stand(checkout, refund);
  expect((await deploy.run(order("5% for 5m", "checkout", "refund"), ports)).outcome).toBe("promoted");
  expect(serving(ports)).toStrictEqual(["checkout:live 42", "refund:live 42"]);
});

test.each([
  ["expired", /^the AWS credentials expired during the release: read checkout:live: expired$/, 0],
  ["denied", /^the metrics could not be read for 5m: read checkout:live: denied$/, 5 * MINUTE],
] as const)(
  "an alias that can't be read (%s) takes the release back: expired credentials at once",
  async (fault, reason, after) => {
    const ports = stand();
    const start = ports.clock.now();
    ports.traffic.trouble = (call) => (call.startsWith("read") && ports.clock.now() >= start + MINUTE ? fault : null);
    const ending = await deploy.run(order(), ports);
    expect(ending).toMatchObject({ outcome: "rolled-back", verified: false });
    expect(worded(ending).reason).toMatch(reason);
    expect(ports.clock.now() - start - MINUTE).toBe(after);
  },
);

// --------------------------------------------------------------------------------------------------- How fast it is

test("a fleet cancelled amid its promotions goes back with one call for each that was answered", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `fn${index}`);
  const ports = stand(...names.map((name) => ({ function: name, alias: "live" })));
  const write = ports.traffic.write.bind(ports.traffic);
  let promoted = 0;
  ports.traffic.write = async (...call) => {
    const [, routing] = call;
    if (routing.primary !== "42") return write(...call);
    // The other half waits for its turn and never gets it.
    if (promoted === 10) {
      await meanwhile();
      ports.stop.abort("the workflow was cancelled");
      throw new ServiceError("unclear", "given up", null);
    }
    promoted += 1;
    return write(...call);
  };
  const ending = await deploy.run(order("50% for 1m", ...names), ports);
  expect(ending.outcome).toBe("rolled-back");
  const routings = names.map((name) => [name, aliasOf(ports, { function: name, alias: "live" }).routing]);
  expect(routings).toStrictEqual(names.map((name) => [name, wholly("41")]));
  const { calls } = ports.traffic;
  const afterwards = calls.slice(calls.findIndex((call) => / 41$/.test(call)));
  expect(afterwards).toHaveLength(20);
});

test("a cancellation in the very moment of a promotion's call is no promotion", async () => {
  const ports = stand();
  const write = ports.traffic.write.bind(ports.traffic);
  ports.traffic.write = async (...call) => {
    if (call[1].primary === "42") ports.stop.abort("the workflow was cancelled");
    return write(...call);
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(aliasOf(ports).routing).toStrictEqual(wholly("41"));
});

// --------------------------------------------------------------------------------------------- Writes after the end

function orphan(ports: FakePorts, target: Target): void {
  const at = ports.clock.now();
  const place = { baseline: "40", canary: "41", weight: 25, step: 1, steps: 2, until: at + 10 * MINUTE };
  const { routing, description } = settingOf("", { state: "canary", ...place, at, run: { id: "99", attempt: 1 } });
  ports.traffic.set(target, routing, description);
  ports.runStates = { "99": "ended" };
  ports.functions.published.unshift("40");
}

test("a release cancelled before its first write heals, publishes and creates nothing afterwards", async () => {
  const ports = stand(checkout);
  orphan(ports, checkout);
  ports.traffic.trouble = (call) => {
    if (call.startsWith("read")) ports.stop.abort("the workflow was cancelled");
    return null;
  };
  const ending = await deploy.run(order("5% for 5m", "checkout", "refund"), ports);
  expect(worded(ending).reason).toMatch(/the workflow was cancelled; no traffic was shifted/);
  await meanwhile();
  expect(ports.traffic.writes).toStrictEqual([]);
  expect([...ports.traffic.aliases.keys()]).toStrictEqual(["checkout:live"]);
  expect(ports.functions.published).toStrictEqual(["40", "41"]);
});

test.each([
  ["heal", "40", "warned"],
  ["creation", "42", "serving"],
] as const)(
  "a %s that is under way at a cancellation is waited for before the end is told",
  async (what, version, event) => {
    const ports = stand(checkout);
    if (what === "heal") orphan(ports, checkout);
    else ports.traffic.aliases.clear();
    const { traffic } = ports;
    const slowly = async <T>(work: () => Promise<T>): Promise<T> => {
      ports.stop.abort("the workflow was cancelled");
      await new Promise((resolve) => setTimeout(resolve, 10));
      return work();
    };
    const [write, create] = [traffic.write.bind(traffic), traffic.create.bind(traffic)];
    traffic.write = (...call) => slowly(() => write(...call));
    traffic.create = (...call) => slowly(() => create(...call));
    await deploy.run(order(), ports);
    expect(aliasOf(ports).routing).toStrictEqual(wholly(version));
    expect(ports.events).toContainEqual(expect.objectContaining({ kind: event }));
    const calls = ports.traffic.calls.length;
    await meanwhile();
    expect(ports.traffic.calls).toHaveLength(calls);
  },
);

test("an external change that is read only once stops nothing: the alias is read twice", async () => {
  const ports = stand();
  const read = ports.traffic.read.bind(ports.traffic);
  let mistakes = 0;
  ports.traffic.read = async (...args) => {
    const alias = await read(...args);
    const isWeighted = alias?.routing.additional != null;
    return isWeighted && mistakes++ % 2 === 0 ? { ...alias, routing: wholly("41"), description: "" } : alias;
  };
  expect((await deploy.run(order("50% for 2m"), ports)).outcome).toBe("promoted");
  expect(mistakes).toBeGreaterThan(4);
});

test("an error of the release itself takes everything back", async () => {
  const ports = stand();
  const { read } = ports.metrics;
  ports.metrics.read = async (...query) => {
    if (aliasOf(ports).routing.additional !== null) throw new TypeError("points is not iterable");
    return read(...query);
  };
  const ending = await deploy.run(order("50% for 2m"), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/an unexpected error: points is not iterable/);
  expect(aliasOf(ports).routing).toStrictEqual(wholly("41"));
});

// -------------------------------------------------------------------------------------------- Provisioned concurrency

/**
 * After a promotion, Lambda keeps the calls on the old version until an instant. Then the alias gets a new revision.
 */
function provisioned(ports: FakePorts, target: Target, until: () => number): void {
  const write = ports.traffic.write.bind(ports.traffic);
  ports.traffic.write = async (to, routing, ...rest) => {
    const before = ports.traffic.aliases.get(nameOf(to))?.routing.primary ?? null;
    const written = await write(to, routing, ...rest);
    const alias = { ...written, movingFrom: routing.primary === before ? null : before };
    ports.traffic.aliases.set(nameOf(to), alias);
    return alias;
  };
  ports.clock.onSleep = (now) => {
    const { movingFrom, routing, description } = aliasOf(ports, target);
    if (movingFrom !== null && now >= until()) ports.traffic.set(target, routing, description);
  };
}

test("a promotion is none until Lambda has moved the provisioned concurrency; then its final bake begins", async () => {
  const ports = stand();
  const ready = ports.clock.now() + 12 * MINUTE;
  provisioned(ports, checkout, () => ready);
  const ending = await deploy.run(order("50% for 2m, 100% for 5m"), ports);
  expect(ending.outcome).toBe("promoted");
  const promoted = ports.events.find((event) => event.kind === "promoted");
  expect(promoted?.at).toBeGreaterThanOrEqual(ready);
  expect(ports.clock.now()).toBeGreaterThanOrEqual(ready + 5 * MINUTE);
  const waits = ports.events.filter((event) => event.kind === "noted" && /waiting for the promotion/.test(event.text));
  expect(waits.length).toBeGreaterThanOrEqual(5);
  expect(waits.length).toBeLessThanOrEqual(12);
});

test("provisioned concurrency that never gets ready takes the release back", async () => {
  const ports = stand();
  provisioned(ports, checkout, () => Number.POSITIVE_INFINITY);
  const ending = await deploy.run(order("50% for 2m"), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(
    /had not taken effect after 20m: Lambda still sends all calls of checkout:live to version 41/,
  );
  expect(aliasOf(ports).routing).toStrictEqual(wholly("41"));
});

test("while provisioned concurrency moves, a cancellation rolls back, and an external change is left alone", async () => {
  const cancelled = stand();
  provisioned(cancelled, checkout, () => Number.POSITIVE_INFINITY);
  cancelled.clock.onSleep = () => {
    if (aliasOf(cancelled).movingFrom !== null) cancelled.stop.abort("the workflow was cancelled");
  };
  expect((await deploy.run(order("50% for 2m"), cancelled)).outcome).toBe("rolled-back");
  expect(aliasOf(cancelled).routing).toStrictEqual(wholly("41"));

  const changed = stand(checkout, refund);
  provisioned(changed, checkout, () => Number.POSITIVE_INFINITY);
  changed.clock.onSleep = () => {
    if (aliasOf(changed).movingFrom !== null) changed.traffic.set(checkout, wholly("40"), "by hand");
  };
  const ending = await deploy.run(order("50% for 2m", "checkout", "refund"), changed);
  expect(ending.outcome).toBe("superseded");
  expect(aliasOf(changed).routing).toStrictEqual(wholly("40"));
  expect(aliasOf(changed, refund).routing).toStrictEqual(wholly("41"));
});
