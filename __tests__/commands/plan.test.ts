import assert from "node:assert/strict";
import { type PlanOrder, plan } from "../../src/commands/plan.ts";
import { type AliasRecord, recordedRouting, writeRecord } from "../../src/domain/alias-record.ts";
import { parsePlan } from "../../src/domain/plan.ts";
import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { parseGuards } from "../../src/guards/grammar.ts";
import { headline } from "../../src/report/headline.ts";
import { tell } from "../../src/report/story.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { worded } from "../../testing/fakes/worded.ts";

const checkout = { function: "checkout", alias: "live" };

function order(given: { steps?: string; guards?: string } = {}): PlanOrder {
  const steps = parsePlan(given.steps ?? "5% for 5m, 50% for 5m");
  const guards = parseGuards(given.guards ?? "error-rate <= baseline * 1.5 + 0.5%");
  assert(steps.ok && guards.ok);
  return {
    functions: [{ name: "checkout", account: null }],
    alias: "live",
    codes: new Map(),
    version: null,
    plan: steps.value,
    guards: guards.value,
    whenInconclusive: "proceed",
    holdLimits: { minInvocations: 0, maxHold: 0, maxUnreadable: 5 * MINUTE },
    waitForRelease: 0,
    pollInterval: 20 * SECOND,
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
