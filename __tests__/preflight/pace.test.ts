import type { Week } from "../../src/forecast/traffic-profile.ts";
import { notePace } from "../../src/preflight/pace.ts";
import { FakePorts } from "../../testing/fakes/ports.ts";
import { DEFAULT_HOLD_LIMITS, planOf, termsOf } from "../../testing/fakes/terms.ts";

const HOURLY = 60;

function weekOf(perMinute: number): Week {
  const callsByHour = Array.from({ length: 24 }, () => HOURLY * perMinute);
  return { callsByHour, recent: null, calls: 168 * HOURLY * perMinute, failures: 0, latency: {} };
}

/** What is told of a plan, by the calls a minute of each function. */
function told(
  steps: string,
  more: Partial<Parameters<typeof termsOf>[0]> = {},
  perMinute: readonly number[] = [800],
): readonly string[] {
  const ports = new FakePorts("41");
  const terms = termsOf({ plan: planOf(steps), holdLimits: DEFAULT_HOLD_LIMITS, ...more });
  notePace(terms, perMinute.map(weekOf), ports);
  return ports.events.flatMap((event) => (event.kind === "noted" ? [String(event.text)] : []));
}

test("nothing is told of a plan whose steps go by time, and see figures of their own", () => {
  for (const steps of ["5% for 5m, 25% for 5m, 50% for 5m", "10% for 1m", "AllAtOnce", "100% for 1m"]) {
    expect(told(steps)).toStrictEqual([]);
  }
});

test("a plan whose steps are too short for figures says how far it runs ahead of them, and what that could cost", () => {
  expect(told("Linear10PercentEvery1Minute")).toStrictEqual([
    "the steps of this plan run ahead of their figures: CloudWatch shows a minute up to 2m after its end, and by then the " +
      "canary has 30 %. A canary that fails in every call fails about 480 calls before the first figure can show (240 if each " +
      "step waited for its own, as with min-invocations: 1). The promotion waits for all figures",
  ]);
  expect(told("1% for 1m, 50% for 1m")[0]).toMatch(/ has 50 %.* fails about 808 calls .*\(24 if each/);
  expect(told("10% for 90s, 20% for 10m")[0]).toMatch(/ has 20 %.* fails about 360 calls .*\(240 if each/);
});

test("what it could cost is the sum over a fleet, and isn't told where there were no calls", () => {
  expect(told("Linear10PercentEvery1Minute", {}, [100, 700])[0]).toMatch(/ about 480 calls/);
  expect(told("Linear10PercentEvery1Minute", {}, [0])[0]).toMatch(/ by then the canary has 30 %\. The promotion waits/);
});

test("where each step waits for figures, or has the time for them, nothing runs ahead", () => {
  expect(told("Linear10PercentEvery1Minute", { whenInconclusive: "rollback" })).toStrictEqual([]);
  const holdLimits = { ...DEFAULT_HOLD_LIMITS, minInvocations: 1 };
  expect(told("Linear10PercentEvery1Minute", { holdLimits })).toStrictEqual([]);
  expect(told("Linear10PercentEvery3Minutes")).toStrictEqual([]);
});

const ADVANCE =
  "advance is when-shown: a step ends as soon as every guard that compares has passed, by two whole minutes of its own too; " +
  "the times of the plan are the longest";

test("a release as shown says so, and that short steps save little by it", () => {
  const shown = { advance: "when-shown" } as const;
  expect(told("5% for 15m, 50% for 15m", shown)).toStrictEqual([ADVANCE]);
  expect(told("5% for 5m, 50% for 15m", shown)).toStrictEqual([ADVANCE]);
  expect(told("5% for 5m, 50% for 5m", shown)).toStrictEqual([
    `${ADVANCE}. That takes four to six minutes, so with steps as short as these it saves little`,
  ]);
  expect(told("100% for 15m", shown)).toStrictEqual([]);
  expect(told("Linear10PercentEvery1Minute", shown)).toHaveLength(2);
});
