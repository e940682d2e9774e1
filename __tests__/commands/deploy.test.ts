import { isDeepStrictEqual } from "node:util";
import { type DeployOrder, deploy } from "../../src/commands/deploy.ts";
import { heal } from "../../src/commands/heal.ts";
import { type AliasRecord, recordedRouting, writeRecord } from "../../src/domain/alias-record.ts";
import type { LambdaSeries, Series } from "../../src/domain/ports.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { FakePorts, type Trouble } from "../../testing/fakes/ports.ts";
import { guardsOf, orderOf, planOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";

const checkout = { function: "checkout", alias: "live" };
const refund = { function: "refund", alias: "live" };
const OTHER = { id: "99", attempt: 1 };

function order(given: { functions?: string[]; steps?: string; guards?: string; version?: string } = {}): DeployOrder {
  return orderOf(given.functions ?? ["checkout"], {
    version: given.version ?? null,
    plan: planOf(given.steps ?? "5% for 5m, 50% for 5m"),
    guards: guardsOf(given.guards ?? "error-rate <= baseline * 1.5 + 0.5%"),
  });
}

/** Ports with traffic: 1,000 calls a minute to each function, split by the weight. The canary fails as given. */
function busy(canaryErrors: (name: string, minute: Instant) => number = () => 0, ...names: string[]): FakePorts {
  const ports = new FakePorts("41");
  for (const name of names.length > 0 ? names : ["checkout"]) {
    ports.traffic.set({ function: name, alias: "live" }, { primary: "41", additional: null }, "Payments");
  }
  const history = new Map<string, Map<Instant, number>>();
  const note = () => {
    for (const [name, { routing }] of ports.traffic.aliases) {
      const weights = history.get(name) ?? new Map<Instant, number>();
      const weight = routing.primary === "42" ? 100 : (routing.additional?.weight ?? 0);
      weights.set(Math.floor(ports.clock.now() / MINUTE) * MINUTE, weight);
      history.set(name, weights);
    }
  };
  ports.clock.onSleep = note;
  ports.reading = ({ target, metric, statistic, of }: LambdaSeries) => {
    const points = new Map<Instant, number>();
    for (const [minute, weight] of history.get(`${target.function}:${target.alias}`) ?? []) {
      const calls = of === "42" ? 10 * weight : of === "41" ? 1000 - 10 * weight : 1000;
      const rate = of === "42" ? canaryErrors(target.function, minute) : 0;
      const value = metric === "Errors" && statistic === "sum" ? Math.round(calls * rate) : calls;
      if (value > 0) points.set(minute, value);
    }
    return { kind: "points", points };
  };
  return ports;
}

function serves(ports: FakePorts, name = "checkout") {
  return ports.traffic.aliases.get(`${name}:live`)?.routing;
}

const wholly = (version: string) => ({ primary: version, additional: null });

test("a release that finds another one at the alias waits for it, as long as it may, and publishes nothing before", async () => {
  const held = () => {
    const ports = busy();
    const at = ports.clock.now();
    const record: AliasRecord = {
      ...{ state: "canary", baseline: "41", canary: "42", weight: 5, step: 1, steps: 2 },
      ...{ until: at + HOUR, at, run: OTHER },
    };
    ports.functions.published.push("42");
    ports.traffic.set(checkout, recordedRouting(record), writeRecord("", record));
    ports.runStates = { [OTHER.id]: "live" };
    return ports;
  };
  await expect(deploy.run(order(), held())).rejects.toThrow(/is being released by run 99 right now/);

  const patient = held();
  const start = patient.clock.now();
  patient.clock.onSleep = (now) => {
    if (now - start < 10 * MINUTE) return;
    patient.clock.onSleep = () => {};
    patient.traffic.set(checkout, wholly("41"));
    patient.runStates = { [OTHER.id]: "ended" };
  };
  const ending = await deploy.run({ ...order(), waitForRelease: 30 * MINUTE }, patient);
  expect(ending.outcome).toBe("promoted");
  const waited = patient.events.filter((event) => event.kind === "noted" && /waiting for up to 30m/.test(event.text));
  expect(waited).toHaveLength(10);

  const vain = held();
  await expect(deploy.run({ ...order(), waitForRelease: 5 * MINUTE }, vain)).rejects.toThrow(
    /is being released by run 99 right now/,
  );
  expect(vain.traffic.writes).toStrictEqual([]);
  expect(vain.functions.published).toStrictEqual(["41", "42"]);
});

test("a good version is shifted step by step, promoted in one call, and verified", async () => {
  const ports = busy();
  const ending = await deploy.run(order({ steps: "5% for 5m, 50% for 8m" }), ports);
  expect(ending.outcome).toBe("promoted");
  expect(ending.verified).toBe(true);
  expect(ports.traffic.writes).toStrictEqual([
    "checkout:live 41 + 42@5",
    "checkout:live 41 + 42@50",
    "checkout:live 42",
  ]);
});

test("a broken version is taken back at the first step, long before its bake is over", async () => {
  const ports = busy(() => 0.3);
  const start = ports.clock.now();
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/^error-rate .* calls of version 42 failed \(30 %\)/);
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41 + 42@5", "checkout:live 41"]);
  expect(ports.clock.now() - start).toBeLessThan(4 * MINUTE);
});

test("one bad member takes the whole fleet back", async () => {
  const ports = busy((name) => (name === "refund" ? 0.3 : 0), "checkout", "refund");
  const ending = await deploy.run(order({ functions: ["checkout", "refund"] }), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(serves(ports)).toStrictEqual(wholly("41"));
  expect(serves(ports, "refund")).toStrictEqual(wholly("41"));
});

test("without calls nothing is shown: it is promoted with a warning, or rolled back if that was asked for", async () => {
  const underpowered = new FakePorts("41");
  underpowered.traffic.set(checkout, wholly("41"));
  const ending = await deploy.run(order(), underpowered);
  expect(ending.outcome).toBe("promoted");
  expect(ending.verified).toBe(false);
  expect(worded(ending).reason).toMatch(/could not be judged/);

  const strict = new FakePorts("41");
  strict.traffic.set(checkout, wholly("41"));
  expect((await deploy.run({ ...order(), whenInconclusive: "rollback" }, strict)).outcome).toBe("rolled-back");
});

test("a canary that must have had calls, of which none is seen, is blind, and is taken back", async () => {
  const ports = busy();
  const seeing = ports.reading;
  ports.reading = (series) => (series.of === "42" ? { kind: "points", points: new Map() } : seeing(series));
  const ending = await deploy.run(order({ steps: "25% for 5m" }), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/CloudWatch shows none of them/);
});

test("callers that pass the alias by leave the release blind, and it is taken back", async () => {
  const ports = busy();
  const seeing = ports.reading;
  const isBare = (of: string) => of === "function" || of === "unqualified";
  ports.reading = (series) => (isBare(series.of) ? seeing(series) : { kind: "points", points: new Map() });
  const ending = await deploy.run(order({ steps: "25% for 5m" }), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/none through the alias live/);
});

test("metrics that can't be read for five minutes take the release back", async () => {
  const ports = busy();
  const seeing = ports.reading;
  ports.reading = (series) =>
    serves(ports)?.additional ? { kind: "unreadable", reason: "CloudWatch answered InternalError" } : seeing(series);
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/could not be read for 5m.*InternalError/);
});

test("metrics that can't be read at the start stop a deploy before anything is published", async () => {
  const ports = busy();
  ports.reading = () => ({ kind: "unreadable", reason: "CloudWatch answered Forbidden" });
  await expect(deploy.run(order(), ports)).rejects.toThrow(/nothing was published: CloudWatch answered Forbidden/);
  expect(ports.functions.published).toStrictEqual(["41"]);
});

test("an orphaned release is healed even while the metrics can't be read", async () => {
  const ports = busy();
  ports.runStates = { "99": "ended" };
  leftBehind(ports, canaryOf(ports.clock.now()));
  ports.functions.published.unshift("40");
  ports.reading = () => ({ kind: "unreadable", reason: "CloudWatch answered Forbidden" });
  await expect(deploy.run(order(), ports)).rejects.toThrow();
  expect(serves(ports)).toStrictEqual(wholly("40"));
});

test("a function that falls silent though it never was is held, said to be silent, and not taken back", async () => {
  const ports = busy();
  const start = ports.clock.now();
  const points = new Map(Array.from({ length: 60 }, (_, index) => [start - (index + 1) * MINUTE, 1000]));
  ports.reading = () =>
    serves(ports)?.additional ? { kind: "points", points: new Map() } : { kind: "points", points };
  const ending = await deploy.run(order(), ports);
  expect([ending.outcome, ending.verified]).toStrictEqual(["promoted", false]);
  const held = ports.events.flatMap((event) => (event.kind === "held" ? [event.lacks] : []));
  expect(held[0]).toMatch(/CloudWatch shows calls of checkout only up to .*: its figures are late/);
});

test("a plan that is judged by alarms alone is never held up", async () => {
  const ports = busy();
  ports.alarms.set("checkout-5xx", "ok");
  const spans: number[] = [];
  const read = ports.metrics.read;
  Object.assign(ports.metrics, {
    read: async (series: readonly Series[], from: Instant, to: Instant) => {
      spans.push(to - from);
      return read(series, from, to);
    },
  });
  expect((await deploy.run(order({ guards: "alarm checkout-5xx" }), ports)).outcome).toBe("promoted");
  expect(Math.min(...spans)).toBeGreaterThanOrEqual(MINUTE);
});

test("without a guard it is said at the start and at the end that nothing was judged", async () => {
  const ports = busy();
  const ending = await deploy.run(order({ guards: "" }), ports);
  expect(worded(ending).reason).toMatch(/there was no guard, so nothing was judged/);
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "warned", text: expect.stringMatching(/there is no guard/) }),
  );
});

test("an alarm that goes off takes the release back; one that was off before counts only after it has been OK", async () => {
  const guards = "alarm checkout-5xx";
  const ports = busy();
  ports.alarms.set("checkout-5xx", "ok");
  const noteTraffic = ports.clock.onSleep;
  const start = ports.clock.now();
  ports.clock.onSleep = (now) => {
    noteTraffic(now);
    if (now > start + 2 * MINUTE) ports.alarms.set("checkout-5xx", "alarm");
  };
  expect(worded(await deploy.run(order({ guards }), ports)).reason).toMatch(/the alarm checkout-5xx went into ALARM/);

  const before = busy();
  before.alarms.set("checkout-5xx", "alarm");
  expect((await deploy.run(order({ guards }), before)).outcome).toBe("promoted");
  expect(before.events).toContainEqual(
    expect.objectContaining({ kind: "warned", text: expect.stringMatching(/already in ALARM/) }),
  );
});

test("a final bake can still roll back, in one call", async () => {
  const ports = busy();
  ports.alarms.set("checkout-5xx", "ok");
  const noteTraffic = ports.clock.onSleep;
  ports.clock.onSleep = (now) => {
    noteTraffic(now);
    if (serves(ports)?.primary === "42") ports.alarms.set("checkout-5xx", "alarm");
  };
  const ending = await deploy.run(order({ steps: "10% for 5m, 100% for 5m", guards: "alarm checkout-5xx" }), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 41 + 42@10", "checkout:live 42", "checkout:live 41"]);
});

test("after the promotion a guard against a number goes on by the alias's own figures", async () => {
  const ports = busy();
  const seeing = ports.reading;
  ports.reading = (series) => {
    const reading = seeing(series);
    if (
      series.of !== "alias" ||
      series.metric !== "Errors" ||
      series.statistic !== "sum" ||
      serves(ports)?.primary !== "42"
    )
      return reading;
    const calls = seeing({ ...series, metric: "Invocations" });
    return calls.kind === "points"
      ? { kind: "points", points: new Map([...calls.points].map(([minute, value]) => [minute, value / 2])) }
      : calls;
  };
  const ending = await deploy.run(order({ steps: "10% for 5m, 100% for 10m", guards: "error-rate <= 1%" }), ports);
  expect(ending.outcome).toBe("rolled-back");
  expect(worded(ending).reason).toMatch(/error-rate <= 1%/);
  expect(serves(ports)).toStrictEqual(wholly("41"));
});

test("a final bake in which nothing can count is warned about at the start", async () => {
  const ports = busy();
  await deploy.run(order({ steps: "50% for 5m, 100% for 5m" }), ports);
  expect(ports.events).toContainEqual(
    expect.objectContaining({
      kind: "warned",
      text: expect.stringMatching(/the bake at 100 % can't stop a bad version/),
    }),
  );
});

test("a missing alias is created at the new version, and nothing is released", async () => {
  const ports = new FakePorts("41");
  expect((await deploy.run(order(), ports)).outcome).toBe("created");
  expect(serves(ports)).toStrictEqual(wholly("42"));
});

test("an alias that was created, though the answer was lost, is created all the same", async () => {
  const ports = new FakePorts("41");
  ports.traffic.trouble = (call) => (call.startsWith("create") ? "lost" : null);
  expect((await deploy.run(order(), ports)).outcome).toBe("created");

  const foreign = new FakePorts("41");
  foreign.traffic.trouble = (call) => {
    if (call.startsWith("create")) foreign.traffic.set(checkout, wholly("40"));
    return call.startsWith("create") ? "busy" : null;
  };
  await expect(deploy.run(order(), foreign)).rejects.toThrow();
  expect(serves(foreign)).toStrictEqual(wholly("40"));
});

test("nothing new, and served already, is unchanged", async () => {
  const ports = busy();
  ports.functions.changed = false;
  expect((await deploy.run(order(), ports)).outcome).toBe("unchanged");
  expect(ports.traffic.writes).toStrictEqual([]);
});

test("nothing new, but not served: that version is released, with a warning when it had been rolled back", async () => {
  const ports = busy();
  ports.functions.changed = false;
  ports.functions.published.push("42");
  const record: AliasRecord = { state: "rolled-back", from: "42", to: "41", at: ports.clock.now(), run: OTHER };
  ports.traffic.set(checkout, wholly("41"), writeRecord("", record));
  expect((await deploy.run(order(), ports)).outcome).toBe("promoted");
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "warned", text: expect.stringMatching(/run 99 rolled that version back/) }),
  );
});

test("a published version that is named is released without publishing", async () => {
  const ports = busy();
  ports.functions.published.push("42", "43");
  expect((await deploy.run(order({ version: "42" }), ports)).outcome).toBe("promoted");
  expect(ports.functions.published).toStrictEqual(["41", "42", "43"]);
});

function canaryOf(at: Instant, run = OTHER): AliasRecord {
  return {
    state: "canary",
    baseline: "40",
    canary: "41",
    weight: 25,
    step: 2,
    steps: 3,
    until: at + 10 * MINUTE,
    at,
    run,
  };
}

function leftBehind(ports: FakePorts, record: AliasRecord): void {
  ports.traffic.set(checkout, recordedRouting(record), writeRecord("", record));
}

type Table<T> = readonly (readonly [what: string, play: T])[];

const ORPHANS: Table<(ports: FakePorts) => void> = [
  [
    "its run has ended",
    (ports) => {
      ports.runStates = { "99": "ended" };
      leftBehind(ports, canaryOf(ports.clock.now()));
    },
  ],
  [
    "it is an earlier attempt of this run",
    (ports) => {
      Object.assign(ports.run, { attempt: 2 });
      leftBehind(ports, canaryOf(ports.clock.now(), { id: "4711", attempt: 1 }));
    },
  ],
  ["its plan is over by far", (ports) => leftBehind(ports, canaryOf(ports.clock.now() - 2 * HOUR))],
];

test.each(ORPHANS)("an orphaned release is healed first when %s", async (_why, leave) => {
  const ports = busy();
  leave(ports);
  ports.functions.published.unshift("40");
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("promoted");
  expect(ports.traffic.writes[0]).toBe("checkout:live 40");
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "warned", text: expect.stringMatching(/was left at 25 %/) }),
  );
});

test("a final bake that its lost run never finished is healed first; one whose run is alive stops a deploy", async () => {
  const baking = (state: "ended" | "live") => {
    const ports = busy();
    const at = ports.clock.now();
    ports.runStates = { "99": state };
    leftBehind(ports, { state: "promoted", version: "41", before: "40", until: at + HOUR, at, run: OTHER });
    ports.functions.published.unshift("40");
    return ports;
  };
  const lost = baking("ended");
  expect((await deploy.run(order(), lost)).outcome).toBe("promoted");
  expect(lost.traffic.writes[0]).toBe("checkout:live 40");

  const live = baking("live");
  await expect(deploy.run(order(), live)).rejects.toThrow(/is being released by run 99 right now/);
  expect(live.traffic.writes).toStrictEqual([]);
});

test("of a fleet whose run ended amid the promotions, those promoted go back with those left behind", async () => {
  const ports = busy(() => 0, "checkout", "refund");
  const at = ports.clock.now();
  ports.runStates = { "99": "ended" };
  leftBehind(ports, { ...canaryOf(at), fleet: "3fa9" });
  const done: AliasRecord = {
    state: "promoted",
    version: "41",
    before: "40",
    until: null,
    at,
    run: OTHER,
    fleet: "3fa9",
  };
  ports.traffic.set(refund, recordedRouting(done), writeRecord("", done));
  ports.functions.published.unshift("40");
  await deploy.run(order({ functions: ["checkout", "refund"] }), ports);
  expect(ports.traffic.writes.slice(0, 2).sort()).toStrictEqual(["checkout:live 40", "refund:live 40"]);
});

test("a fleet's release that goes wrong takes nothing of an earlier one of the same functions back", async () => {
  const ports = busy(() => 0, "checkout", "refund");
  const fleet = order({ functions: ["checkout", "refund"], steps: "AllAtOnce", guards: "" });
  expect((await deploy.run(fleet, ports)).outcome).toBe("promoted");
  await ports.clock.sleep(HOUR);
  ports.functions.changed = true;
  ports.traffic.trouble = (call) => (call.startsWith("write refund:live 43") ? "denied" : null);
  const next = { ...ports, run: { id: "4712", attempt: 1 } };
  expect((await deploy.run(fleet, next)).outcome).toBe("rolled-back");
  expect(ports.traffic.aliases.get("checkout:live")?.description).toMatch(/rolled back from 43 to 42 .* fleet /);
  const healing = { ...ports, run: { id: "4713", attempt: 1 } };
  await heal.run({ functions: fleet.functions, alias: "live" }, healing);
  expect(serves(ports, "refund")).toStrictEqual(wholly("42"));
});

const WRONG: Table<(ports: FakePorts) => Partial<Parameters<typeof order>[0]>> = [
  ["an alarm that isn't there", () => ({ guards: "alarm nowhere" })],
  ["a version that isn't there", () => ({ version: "77" })],
  [
    "another execution role",
    (ports) => {
      const { configuration } = ports.functions;
      ports.functions.configuration = async (name, version) => {
        const found = await configuration.call(ports.functions, name, version);
        return found === null || version !== "$LATEST" ? found : { ...found, role: "another" };
      };
      return {};
    },
  ],
  [
    "another member that is being released",
    (ports) => {
      ports.runStates = { "98": "live", "99": "ended" };
      const record = canaryOf(ports.clock.now(), { id: "98", attempt: 1 });
      ports.traffic.set(refund, recordedRouting(record), writeRecord("", record));
      return { functions: ["checkout", "refund"] };
    },
  ],
];
test.each(WRONG)("what was left behind is put back though the deploy is stopped by %s", async (_what, spoil) => {
  const ports = busy();
  ports.runStates = { "99": "ended" };
  ports.functions.published.unshift("40");
  leftBehind(ports, canaryOf(ports.clock.now()));
  await expect(deploy.run(order(spoil(ports)), ports)).rejects.toThrow();
  expect(ports.traffic.writes).toStrictEqual(["checkout:live 40"]);
});

test("an alias that can't be read right after it was put back isn't called gone", async () => {
  const ports = busy();
  ports.runStates = { "99": "ended" };
  ports.functions.published.unshift("40");
  leftBehind(ports, canaryOf(ports.clock.now()));
  ports.traffic.trouble = (call) => (call.startsWith("read") && ports.traffic.writes.length > 0 ? "throttled" : null);
  await expect(deploy.run(order(), ports)).rejects.toThrow(/^(?!.*is gone).*throttled/s);
});

test("whoever changes an alias right after it was put back stops the deploy, and keeps it", async () => {
  const stop = async (change: (ports: FakePorts) => void, says: RegExp) => {
    const ports = busy();
    ports.runStates = { "99": "ended" };
    ports.functions.published.unshift("40");
    leftBehind(ports, canaryOf(ports.clock.now()));
    const { write } = ports.traffic;
    ports.traffic.write = async (...call) => {
      const written = await write.apply(ports.traffic, call);
      change(ports);
      return written;
    };
    await expect(deploy.run(order(), ports)).rejects.toThrow(says);
    expect(ports.traffic.writes).toStrictEqual(["checkout:live 40"]);
    expect(ports.functions.published).toStrictEqual(["40", "41"]);
  };
  await stop(
    ({ traffic }) => traffic.set(checkout, wholly("41"), "by hand"),
    /was put back, then changed by someone else, and serves 41/,
  );
  await stop(({ traffic }) => traffic.aliases.clear(), /was put back, then changed by someone else, and is gone/);
});

test("a clock that is off by more than five minutes stops a deploy before anything is published", async () => {
  const off = (ahead: number) => {
    const ports = busy();
    ports.functions.ahead = ahead;
    return ports;
  };
  for (const ahead of [-5 * MINUTE, 20 * SECOND, 5 * MINUTE]) {
    expect((await deploy.run(order(), off(ahead))).outcome).toBe("promoted");
  }
  for (const [ahead, says] of [
    [-6 * MINUTE, /the clock of this runner is 6m behind AWS's, .*: set it right/],
    [6 * MINUTE, /the clock of this runner is 6m ahead of AWS's, .*: set it right/],
  ] as const) {
    const ports = off(ahead);
    await expect(deploy.run(order(), ports)).rejects.toThrow(says);
    expect([ports.functions.published, ports.traffic.writes]).toStrictEqual([["41"], []]);
  }
});

const OCCUPIED: Table<(ports: FakePorts) => void> = [
  [
    "a live release",
    (ports) => {
      ports.runStates = { "99": "live" };
      leftBehind(ports, canaryOf(ports.clock.now()));
    },
  ],
  ["a release of which GitHub can't tell", (ports) => leftBehind(ports, canaryOf(ports.clock.now()))],
  [
    "weights without a record",
    (ports) => {
      ports.traffic.set(checkout, recordedRouting(canaryOf(ports.clock.now())));
    },
  ],
  [
    "weights that the record doesn't tell",
    (ports) => {
      const record = canaryOf(ports.clock.now());
      const routing = { primary: "40", additional: { version: "41", weight: 99 } };
      ports.traffic.set(checkout, routing, writeRecord("", record));
    },
  ],
];

test.each(OCCUPIED)("%s on the alias stops a deploy before anything is published or written", async (_what, occupy) => {
  const ports = busy();
  ports.functions.published.unshift("40");
  occupy(ports);
  await expect(deploy.run(order(), ports)).rejects.toThrow();
  expect(ports.traffic.writes).toStrictEqual([]);
  expect(ports.functions.published).toStrictEqual(["40", "41"]);
});

test("everything that is wrong with a fleet is told in one go, and nothing is written", async () => {
  const ports = busy(() => 0, "checkout", "refund");
  ports.traffic.set(refund, { primary: "$LATEST", additional: null });
  ports.traffic.set(checkout, wholly("41"), "x".repeat(200));
  const deployed = deploy.run(order({ functions: ["checkout", "refund"], guards: "alarm nowhere" }), ports);
  for (const mistake of [/description of 200 characters/, /points to \$LATEST/, /no alarm "nowhere"/]) {
    await expect(deployed).rejects.toThrow(mistake);
  }
  expect(ports.functions.published).toStrictEqual(["41"]);
});

test("who only edits the text of an alias isn't taken for the run of an earlier record", async () => {
  const ports = busy();
  const done: AliasRecord = { state: "promoted", version: "41", before: "40", until: null, at: 0, run: OTHER };
  const description = writeRecord("Payments", done);
  ports.traffic.set(checkout, wholly("41"), description);
  ports.traffic.trouble = (call) => {
    if (call.startsWith("write")) ports.traffic.set(checkout, wholly("41"), `New ${description}`);
    return null;
  };
  const { outcome, reason } = worded(await deploy.run(order(), ports));
  expect(outcome).toBe("superseded");
  expect(reason).toMatch(/was changed by someone else and .*What they changed: its description/);
});

test("an external change in mid-bake is left alone, and the other members are rolled back", async () => {
  const ports = busy(() => 0, "checkout", "refund");
  const noteTraffic = ports.clock.onSleep;
  let theirs: unknown = null;
  ports.clock.onSleep = (now) => {
    noteTraffic(now);
    if (theirs === null && serves(ports)?.additional) theirs = ports.traffic.set(checkout, wholly("41"), "by hand");
  };
  const ending = await deploy.run(order({ functions: ["checkout", "refund"] }), ports);
  expect(ending.outcome).toBe("superseded");
  expect(worded(ending).reason).toMatch(
    /checkout:live was changed by someone else and serves 41 now; .* its weights \(from 5 % for 42 to none\) and its description, .* ignore_changes/,
  );
  expect(ports.traffic.aliases.get("checkout:live")).toBe(theirs);
  expect(serves(ports, "refund")).toStrictEqual(wholly("41"));
});

const ABORTS = ["read", "write checkout:live 41 + 42@5", "write checkout:live 41 + 42@50", "write checkout:live 42"];
test.each(ABORTS)('a cancellation at "%s" ends wholly on the baseline', async (moment) => {
  const ports = busy();
  ports.traffic.trouble = (call) => {
    if (call.startsWith(moment)) ports.stop.abort("the workflow was cancelled");
    return null;
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe(moment === "read" ? "failed" : "rolled-back");
  expect(worded(ending).reason).toMatch(/the workflow was cancelled/);
  expect(serves(ports)).toStrictEqual(wholly("41"));
});

const TROUBLES: readonly Trouble[] = [
  "lost",
  "throttled",
  "busy",
  "unclear",
  "denied",
  "expired",
  "conflict",
  "missing",
];

test("with any one fault at any one call, a fleet ends wholly on its baselines or wholly on its canaries", async () => {
  const fleet = order({ functions: ["checkout", "refund"], steps: "50% for 1m" });
  const clean = busy(() => 0, "checkout", "refund");
  await deploy.run(fleet, clean);
  const calls = clean.traffic.calls.length;
  expect(calls).toBeGreaterThan(10);
  const halves: string[] = [];
  for (const trouble of TROUBLES) {
    for (let faulty = 0; faulty < calls; faulty++) {
      const ports = busy(() => 0, "checkout", "refund");
      let call = 0;
      ports.traffic.trouble = () => (call++ === faulty ? trouble : null);
      const ending = await deploy
        .run(fleet, ports)
        .catch((error: Error) => ({ outcome: "failed", reason: error.message }));
      const [a, b] = [serves(ports), serves(ports, "refund")];
      const end = wholly(ending.outcome === "promoted" ? "42" : "41");
      if (!isDeepStrictEqual([a, b], [end, end])) {
        halves.push(`${trouble} at call ${faulty}: ${ending.outcome} ${JSON.stringify([a, b])} ${ending.reason}`);
      }
    }
  }
  expect(halves).toStrictEqual([]);
});

test("a rollback that can't be done is the loudest: both errors, and the command that heals", async () => {
  const ports = busy(() => 0.3);
  let shifted = false;
  ports.traffic.trouble = (call) => {
    if (shifted && call.startsWith("write")) return "denied";
    shifted ||= call.startsWith("write");
    return null;
  };
  const ending = await deploy.run(order(), ports);
  expect(ending.outcome).toBe("failed");
  const cry = ports.events.find((event) => event.kind === "stranded");
  expect(cry?.reason).toMatch(/denied; the release had to be rolled back because error-rate .*\(30 %\)/);
  expect(cry?.command).toBe(
    "aws lambda update-alias --region eu-central-1 --function-name checkout --name live " +
      "--function-version 41 --routing-config 'AdditionalVersionWeights={}'",
  );
});
