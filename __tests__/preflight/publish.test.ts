import { type DeployOrder, deploy } from "../../src/commands/deploy.ts";
import type { Configuration } from "../../src/domain/ports.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { messageOf } from "../../src/engine/ports.ts";
import { findAll } from "../../src/preflight/look.ts";
import { publish, uploaded } from "../../src/preflight/publish.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { guardsOf, orderOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";

const target = { function: "checkout", alias: "live" };
const FAILED: Configuration["update"] = { kind: "failed", reason: "The subnet is full. (SubnetOutOfIPAddresses)" };
const FUNCTIONS = [{ name: "checkout", account: null }];
const ANY = { functions: FUNCTIONS, version: null, codes: new Map<string, string>() };
const WANTED = { ...ANY, codes: new Map([["checkout", "new"]]) };

function begin(...functions: string[]) {
  const ports = new FakePorts("41");
  for (const name of ["checkout", ...functions]) {
    ports.traffic.set({ function: name, alias: "live" }, { primary: "41", additional: null }, "Payments");
  }
  return { ports, functions: ports.functions, start: ports.clock.now() };
}

function order(upload: Pick<DeployOrder, "version" | "codes">, ...functions: string[]): DeployOrder {
  const { version, codes } = upload;
  return orderOf(["checkout", ...functions], { version, codes, plan: { steps: [], finalBake: 0 } });
}

/** How a deploy ends, also where it throws: main reports that as a failure. */
function endOf(of: DeployOrder, ports: FakePorts) {
  return deploy.run(of, ports).then(worded, (error) => ({ outcome: "failed", reason: messageOf(error) }));
}

/** `$LATEST` as it is read now. */
async function seen(ports: FakePorts): Promise<Configuration> {
  const latest = await ports.functions.configuration("checkout", "$LATEST");
  if (latest === null) throw new Error("There is no function.");
  return latest;
}

test("a failed upload is refused with Lambda's own reason, and nothing is published", async () => {
  const { ports, functions, start } = begin();
  functions.update = FAILED;
  const { outcome, reason } = await endOf(order(ANY), ports);
  expect(outcome).toBe("failed");
  expect(reason).toMatch(/the last update of checkout failed: The subnet is full\. \(SubnetOutOfIPAddresses\)/);
  expect(functions.asked).toStrictEqual([]);
  expect(ports.clock.now() - start).toBe(10 * SECOND);
});

test("a failure that was a stale read is none: it is looked at again for ten seconds", async () => {
  const { ports, functions, start } = begin();
  functions.update = FAILED;
  ports.clock.onSleep = (now) => {
    if (now >= start + 5 * SECOND) functions.update = { kind: "done" };
  };
  expect((await endOf(order(ANY), ports)).outcome).toBe("promoted");
});

test("an update in progress is waited for; if it fails after that, nothing is published", async () => {
  const { ports, functions, start } = begin();
  functions.update = { kind: "in progress" };
  ports.clock.onSleep = (now) => {
    if (now >= start + 40 * SECOND) functions.update = FAILED;
  };
  const { outcome, reason } = await endOf(order(ANY), ports);
  expect(outcome).toBe("failed");
  expect(reason).toMatch(/^nothing was published: the last update of checkout failed: The subnet is full\./);
  expect(functions.asked).toStrictEqual([]);
});

test("with code-sha256, that code is published, at the revision that was seen", async () => {
  const { ports, functions } = begin();
  Object.assign(functions, { codeSha256: "new", revision: "r2" });
  expect((await endOf(order(WANTED), ports)).outcome).toBe("promoted");
  expect(functions.asked).toStrictEqual(["new r2"]);
});

test("other code than code-sha256 says is refused, before anything is published in the whole fleet", async () => {
  const { ports, functions } = begin("refund");
  functions.codeSha256 = "newer";
  const codes = new Map([
    ["checkout", "newer"],
    ["refund", "new"],
  ]);
  const { outcome, reason } = await endOf(order({ version: null, codes }, "refund"), ports);
  expect(outcome).toBe("failed");
  expect(reason).toMatch(/^\$LATEST of refund has the code newer, not new as code-sha256 says/);
  expect(functions.asked).toStrictEqual([]);
});

test("a fleet whose uploads end one after the other is checked whole before the first version is published", async () => {
  const { ports, functions, start } = begin("refund");
  const { configuration } = functions;
  functions.configuration = async (name, version) => {
    const found = await configuration.call(functions, name, version);
    if (found === null || name === "checkout" || version !== "$LATEST") return found;
    return { ...found, update: ports.clock.now() < start + 30 * SECOND ? { kind: "in progress" } : FAILED };
  };
  const { reason } = await endOf(order(ANY, "refund"), ports);
  expect(reason).toMatch(/^nothing was published: the last update of refund failed/);
  expect(functions.asked).toStrictEqual([]);
});

test("a version that was named must have the code, too; how the last update went doesn't matter to it", async () => {
  const { ports, functions } = begin();
  functions.published.push("42");
  functions.update = FAILED;
  const found = (codes: ReadonlyMap<string, string>) => findAll(order({ version: "42", codes }), ports);
  expect((await found(ANY.codes)).problems).toStrictEqual([]);
  const [problem] = (await found(WANTED.codes)).problems;
  expect(problem).toMatch(/^version 42 of checkout has the code sha, not new as code-sha256 says: give the version/);
  functions.codeSha256 = "new";
  expect((await found(WANTED.codes)).problems).toStrictEqual([]);
});

test("an alias that doesn't exist yet isn't created over a failed upload", async () => {
  const { ports, functions } = begin();
  ports.traffic.aliases.clear();
  functions.update = FAILED;
  expect((await endOf(order(ANY), ports)).outcome).toBe("failed");
  expect(ports.traffic.aliases.size).toBe(0);
});

test("a version that was published a moment ago is there, though a stale read doesn't show it", async () => {
  const { ports, functions, start } = begin();
  ports.clock.onSleep = (now) => {
    if (now >= start + 5 * SECOND && !functions.published.includes("42")) functions.published.push("42");
  };
  expect((await endOf(order({ ...ANY, version: "42" }), ports)).outcome).toBe("promoted");
});

test("a release that a stale read shows in this run's own record has ended: nobody has to be asked to wait", async () => {
  const { ports, start } = begin();
  const { read } = ports.traffic;
  const record = "[lambda-canary 40>41 5% step 1/1 since 2026-11-21T13:59:50Z until 2026-11-21T14:30:00Z run 4711.1]";
  const routing = { primary: "40", additional: { version: "41", weight: 5 } };
  const stale = { routing, description: record, revision: "before", movingFrom: null };
  ports.traffic.read = async (of) =>
    ports.clock.now() < start + 5 * SECOND ? stale : await read.call(ports.traffic, of);
  expect((await endOf(order(ANY), ports)).outcome).toBe("promoted");
});

/** Counts how often each version's configuration is asked for, from then on. */
function countAsked({ functions }: FakePorts): Map<string, number> {
  const asked = new Map<string, number>();
  const { configuration } = functions;
  functions.configuration = (name, version) => {
    asked.set(version, (asked.get(version) ?? 0) + 1);
    return configuration.call(functions, name, version);
  };
  return asked;
}

test("each configuration is asked for once, and a new version's not at all if its publish says that it is ready", async () => {
  const { ports } = begin();
  const asked = countAsked(ports);
  expect((await endOf(order(ANY), ports)).outcome).toBe("promoted");
  expect(Object.fromEntries(asked)).toStrictEqual({ $LATEST: 1, "41": 1 });
});

test("a new version that isn't ready yet is asked about after four seconds, and gets no traffic before", async () => {
  const { ports, functions, start } = begin();
  functions.readiness = { kind: "pending" };
  const asked = countAsked(ports);
  expect((await endOf(order(ANY), ports)).outcome).toBe("promoted");
  expect(asked.get("42")).toBe(1);
  expect(ports.clock.now() - start).toBe(4 * SECOND);
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "noted", text: "waiting for version 42 of checkout to become active" }),
  );
});

test("a version of which Lambda says that it failed, at its publish or later, gets no traffic", async () => {
  const reason = "The image is gone.";
  const { ports, functions } = begin();
  functions.readiness = { kind: "failed", reason };
  const words = /^version 42 of checkout can't be started: The image is gone\.\. No traffic was shifted/;
  expect((await endOf(order(ANY), ports)).reason).toMatch(words);
  const later = begin();
  later.functions.readiness = { kind: "pending" };
  const { configuration } = later.functions;
  later.functions.configuration = async (name, version) => {
    const found = await configuration.call(later.functions, name, version);
    return found === null || version !== "42" ? found : { ...found, readiness: { kind: "failed", reason } };
  };
  expect((await endOf(order(ANY), later.ports)).reason).toMatch(words);
  expect([ports.traffic.writes, later.ports.traffic.writes]).toStrictEqual([[], []]);
});

test("a version that is named is asked about again only while it isn't ready", async () => {
  const { ports, functions, start } = begin();
  functions.published.push("42");
  const { configuration } = functions;
  functions.configuration = async (name, version) => {
    const found = await configuration.call(functions, name, version);
    const isUp = ports.clock.now() >= start + 6 * SECOND;
    return found === null || version !== "42" || isUp ? found : { ...found, readiness: { kind: "pending" } };
  };
  const asked = countAsked(ports);
  expect((await endOf(order({ ...ANY, version: "42" }), ports)).outcome).toBe("promoted");
  expect(asked.get("42")).toBe(3);
});

test("where nothing is judged, nobody is asked what the guards can't see", async () => {
  const guards = guardsOf("error-rate <= baseline");
  for (const [finalBake, told] of [
    [0, 0],
    [MINUTE, 1],
  ] as const) {
    const { ports, functions } = begin();
    functions.calledBy = [{ kind: "url", name: "https://checkout.example/", qualifier: "live", reportsItems: false }];
    await endOf({ ...order(ANY), guards, plan: { steps: [], finalBake } }, ports);
    const warned = ports.events.filter((event) => event.kind === "warned" && /error-rate doesn't see/.test(event.text));
    expect(warned).toHaveLength(told);
  }
});

// ------------------------------------------------------------------------------------------- The publish, by itself

test.each(["busy", "conflict"] as const)(
  "a publish that is refused as %s is made again, on a new look",
  async (fault) => {
    const { ports, functions } = begin();
    const stale = await seen(ports);
    functions.refuse = () => {
      functions.refuse = () => null;
      Object.assign(functions, { codeSha256: "new", revision: "r2" });
      return fault;
    };
    expect(await publish({ target, configuration: stale, alias: null }, stale, ANY, ports)).toStrictEqual({
      version: "42",
      isNew: true,
    });
    expect(functions.asked).toStrictEqual(["sha r1", "new r2"]);
  },
);

test("in a fleet whose calls wait long for their turn, the revision is named again after a refusal", async () => {
  const { ports, functions } = begin();
  const latest = await seen(ports);
  functions.refuse = () => {
    functions.refuse = () => null;
    functions.revision = "r2";
    return "conflict";
  };
  const published = functions.publish.bind(functions);
  functions.publish = async (...call) => {
    await ports.clock.sleep(30 * SECOND);
    return published(...call);
  };
  await publish({ target, configuration: latest, alias: null }, latest, ANY, ports);
  expect(functions.asked).toStrictEqual(["sha r1", "sha r2"]);
});

test("code that came between the look and the publish isn't published in place of what was asked for", async () => {
  const { ports, functions } = begin();
  functions.codeSha256 = "new";
  const latest = await uploaded({ target, configuration: await seen(ports), alias: null }, WANTED, ports);
  functions.refuse = () => {
    functions.codeSha256 = "newer";
    return "conflict";
  };
  const publishing = publish({ target, configuration: latest, alias: null }, latest, WANTED, ports);
  await expect(publishing).rejects.toThrow(/^nothing was published: \$LATEST of checkout has the code newer, not new/);
  expect(functions.asked).toStrictEqual(["new r1"]);
});

test("where Lambda goes on refusing the revision that it shows, the code alone is named after ten seconds", async () => {
  const { ports, functions } = begin();
  const latest = await seen(ports);
  functions.refuse = () => (functions.asked.at(-1) === "sha" ? null : "conflict");
  await publish({ target, configuration: latest, alias: null }, latest, ANY, ports);
  expect(functions.asked.at(-1)).toBe("sha");
  expect(functions.asked.filter((each) => each === "sha r1")).toHaveLength(5);
});
