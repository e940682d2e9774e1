import assert from "node:assert/strict";
import { type PlanOrder, plan } from "../../src/commands/plan.ts";
import { type AliasRecord, recordedRouting, writeRecord } from "../../src/domain/alias-record.ts";
import { ServiceError } from "../../src/domain/ports.ts";
import { type Duration, HOUR, MINUTE, minuteOf } from "../../src/domain/time.ts";
import { headline } from "../../src/report/headline.ts";
import { tell } from "../../src/report/story.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { guardsOf, orderOf, planOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";

const checkout = { function: "checkout", alias: "live" };

function order(given: { steps?: string; guards?: string; waitForRelease?: Duration } = {}): PlanOrder {
  const { steps = "5% for 5m, 50% for 5m", guards = "error-rate <= baseline * 1.5 + 0.5%", waitForRelease = 0 } = given;
  return {
    ...orderOf(["checkout"], { plan: planOf(steps), guards: guardsOf(guards), waitForRelease }),
    wish: { mustDetect: 0.05, budget: HOUR },
  };
}

/** The reason, and what is read first. */
async function planned(ports: FakePorts, given: PlanOrder = order()) {
  const ending = worded(await plan.run(given, ports));
  const ended = { kind: "ended", at: ports.clock.now(), ...ending } as const;
  return { ...ending, words: headline(tell([...ports.events, ended])).words };
}

test("an alias that isn't there has no figures to plan by: that doesn't say that no guard compares", async () => {
  const { outcome, reason, words } = await planned(new FakePorts("41"));
  expect(outcome).toBe("planned");
  expect(reason).toMatch(/^nothing was changed; checkout:live doesn't exist/);
  expect(words).toBe("plan checked, nothing to forecast by yet");
});

test("an alias that another release is using is a finding, and has no figures to plan by", async () => {
  const ports = new FakePorts("41", "42");
  const run = { id: "99", attempt: 1 };
  const at = ports.clock.now();
  const record: AliasRecord = {
    ...{ state: "canary", baseline: "41", canary: "42", weight: 5, step: 1, steps: 2 },
    ...{ until: at + HOUR, at, run },
  };
  ports.traffic.set(checkout, recordedRouting(record), writeRecord("", record));
  ports.runStates = { [run.id]: "live" };
  const { outcome, reason, words } = await planned(ports);
  expect(outcome).toBe("planned");
  expect(reason).toMatch(/^nothing was changed; checkout:live is being released by run 99 right now/);
  expect(ports.events).toContainEqual(
    expect.objectContaining({ kind: "warned", text: expect.stringMatching(/is being released by run 99/) }),
  );
  expect(words).toBe("plan checked, nothing to forecast by yet");
});

/** An alias that serves version 41, and nothing calls it. */
function atRest(): FakePorts {
  const ports = new FakePorts("41");
  ports.traffic.set(checkout, { primary: "41", additional: null });
  return ports;
}

function warnings(ports: FakePorts): readonly string[] {
  return ports.events.flatMap((event) => (event.kind === "warned" ? [event.text] : []));
}

async function credentialCheck(ports: FakePorts, given: PlanOrder) {
  await plan.run(given, ports);
  const checks = ports.events.flatMap((event) => (event.kind === "checked" ? event.checks : []));
  return checks.find(({ text }) => text.includes("credentials")) ?? assert.fail("no word on the credentials");
}

describe("plan judges the credentials as deploy does", () => {
  const waiting = order({ waitForRelease: 30 * MINUTE });

  test("the wait for another release counts", async () => {
    const lasting = (time: Duration) => {
      const ports = atRest();
      ports.expiry = { kind: "at", at: ports.clock.now() + time };
      return ports;
    };
    expect((await credentialCheck(lasting(40 * MINUTE), waiting)).state).toBe("fine");
    const short = lasting(39 * MINUTE);
    const { state, text } = await credentialCheck(short, waiting);
    expect(state).toBe("wrong");
    expect(text).toMatch(/, but the plan, with the wait for another release, may take 40m\. After that/);
    expect(warnings(short)).toContain(text);
  });

  test("an unknown end is warned of where the release may take longer than credentials usually last", async () => {
    const unknown = () => Object.assign(atRest(), { expiry: { kind: "unknown" } });
    const short = unknown();
    const { state, text } = await credentialCheck(short, waiting);
    expect(state).toBe("unknown");
    expect(warnings(short)).not.toContain(text);
    const long = unknown();
    const found = await credentialCheck(long, order({ waitForRelease: 51 * MINUTE }));
    expect(found.state).toBe("unknown");
    expect(warnings(long)).toContain(found.text);
  });
});

test("plan warns of an alarm that is on already, and not of one that is off, isn't there or can't be read", async () => {
  const guards = "alarm checkout-5xx\nalarm queue-age\nalarm nowhere";
  const ports = atRest();
  ports.alarms.set("checkout-5xx", "alarm").set("queue-age", "ok");
  await plan.run(order({ guards }), ports);
  const told = (from: FakePorts) => warnings(from).filter((text) => text.includes("already in ALARM"));
  expect(told(ports)).toStrictEqual(["the alarm checkout-5xx is already in ALARM; it counts once it has been OK"]);

  const denied = atRest();
  denied.metrics.alarms = () => Promise.reject(new ServiceError("denied", "DescribeAlarms: denied", null));
  await plan.run(order({ guards }), denied);
  expect(told(denied)).toStrictEqual([]);
});

test("a plan that judges nothing warns neither of blind spots nor of limits that are broken already, as in a deploy", async () => {
  const planned = async (steps: string) => {
    const ports = atRest();
    ports.functions.calledBy = [{ kind: "url", qualifier: "live", name: "a function URL", reportsItems: false }];
    ports.reading = ({ metric }) => {
      const end = minuteOf(ports.clock.now());
      const value = metric === "Errors" ? 100 : 1_000;
      return {
        kind: "points",
        points: new Map(Array.from({ length: 120 }, (_, index) => [end - index * MINUTE, value])),
      };
    };
    await plan.run(order({ steps, guards: "error-rate <= 1%" }), ports);
    return warnings(ports);
  };
  const isOfBlindSpot = expect.stringMatching(/^error-rate doesn't see/);
  const isOfLimit = expect.stringMatching(/^error-rate <= 1% \(checkout\): /);
  expect(await planned("5% for 5m")).toStrictEqual(expect.arrayContaining([isOfBlindSpot, isOfLimit]));
  const allAtOnce = await planned("AllAtOnce");
  expect(allAtOnce).not.toContainEqual(isOfBlindSpot);
  expect(allAtOnce).not.toContainEqual(isOfLimit);
});
