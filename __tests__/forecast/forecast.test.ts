import assert from "node:assert/strict";
import fc from "fast-check";
import { RISKS, risksOfEach } from "../../src/analysis/e-process.ts";
import { risksOf } from "../../src/analysis/state.ts";
import { type Patience, plannedDuration } from "../../src/domain/plan.ts";
import { DAY, type Duration, HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { type Findable, forecast, isBlind, type Prospect, type StepForecast } from "../../src/forecast/forecast.ts";
import { smallestFound } from "../../src/forecast/power.ts";
import { type SuggestedPlan, suggestPlan } from "../../src/forecast/suggested-plan.ts";
import { expectedCalls } from "../../src/forecast/traffic-profile.ts";
import { newRelease } from "../../src/release/release.ts";
import { guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const NOW = Date.UTC(2026, 10, 21, 10, 30);

/** A function with this many calls in each minute of the week, and a share of failures. */
function prospectOf(perMinute: number, failing = 0.001, countsByDuration = true): Prospect {
  const calls = (perMinute * 7 * DAY) / MINUTE;
  const latency = { p50: 100, p90: 190, p99: 450 };
  const callsByHour = Array.from({ length: 24 }, () => (perMinute * HOUR) / MINUTE);
  return {
    function: "checkout",
    week: { callsByHour, recent: null, calls, failures: calls * failing, latency },
    usual: { latency, countsByDuration, hasErrorSamples: true, rates: {} },
    timeout: 30 * SECOND,
  };
}

function waiting(maxHold: Duration | null): Patience {
  return { maxHold, inEachStep: false };
}

function stepsOf(prospect: Prospect, plan: string, guards: string, functions = 1): readonly StepForecast[] {
  return forecast(prospect, planOf(plan), guardsOf(guards), functions, NOW, waiting(0)).steps;
}

function firstOf(prospect: Prospect, guards: string, plan = "10% for 32m", functions = 1): StepForecast {
  const [step] = stepsOf(prospect, plan, guards, functions);
  assert(step !== undefined);
  return step;
}

function isNumber(findable: Findable): number {
  assert(typeof findable === "number", String(findable));
  return findable;
}

const NORMAL = "error-rate <= baseline * 1.5 + 0.5%";

test("a step that runs ahead of its figures sees all calls of its bake, later, and waits for none", () => {
  const plan = planOf("10% for 1m, 20% for 1m, 50% for 10m");
  const of = (patience: Patience, perMinute = 1_000) =>
    forecast(prospectOf(perMinute), plan, guardsOf(NORMAL), 1, NOW, patience).steps.map(({ calls }) =>
      Math.round(calls),
    );
  // The last one waits for the figures of its last two minutes, too.
  expect(of(waiting(0))).toStrictEqual([100, 200, 5_000]);
  expect(of({ ...waiting(0), inEachStep: true })).toStrictEqual([100, 200, 4_000]);
  const quiet = forecast(prospectOf(2), plan, guardsOf(NORMAL), 1, NOW, waiting(30 * MINUTE)).steps;
  expect(quiet.map(({ hold }) => hold)).toStrictEqual([0, 0, 30 * MINUTE]);
});

test("a step that is blind by its bake alone waits for as long as it may, and the later ones begin after that", () => {
  const underpowered = prospectOf(2);
  const plan = planOf("5% for 30m, 50% for 30m");
  const of = (maxHold: Duration | null) =>
    forecast(underpowered, plan, guardsOf(NORMAL), 1, NOW, waiting(maxHold)).steps;
  const [short] = of(0);
  expect([short?.hold, short?.errors]).toStrictEqual([0, "blind"]);
  const [long] = of(240 * MINUTE);
  expect(long?.hold).toBe(240 * MINUTE);
  expect(isNumber(long?.errors ?? "blind")).toBeLessThan(1);
  expect(of(null)[0]?.hold).toBe(30 * MINUTE);
  expect(firstOf(prospectOf(800), NORMAL).hold).toBe(0);
});

test("a step's calls are those of its weight that show before its bake is over", () => {
  const [first, second] = stepsOf(prospectOf(100), "5% for 12m, 50% for 32m", NORMAL);
  expect([first?.weight, first?.bake, first?.calls]).toStrictEqual([5, 12 * MINUTE, 50]);
  expect([second?.weight, second?.bake, second?.calls]).toStrictEqual([50, 32 * MINUTE, 1_500]);
});

test("a step is expected to have the calls of the hours in which it bakes, after the steps before it", () => {
  const quietFrom11 = prospectOf(100);
  const callsByHour = quietFrom11.week.callsByHour.map((calls, hour) => (hour >= 11 ? 0 : calls));
  const week = { ...quietFrom11.week, callsByHour };
  const steps = stepsOf({ ...quietFrom11, week }, "10% for 12m, 20% for 38m, 50% for 1h", NORMAL);
  // From 10:30. The second step begins at 10:42, the third after 11:00.
  expect(steps.map(({ calls }) => calls)).toStrictEqual([10 * 10, 18 * 20, 0]);
});

test("a bake that is too short to see a minute of is held longer, and so are its calls counted", () => {
  const { calls } = firstOf(prospectOf(100), NORMAL, "50% for 30s");
  expect(calls).toBe(50);
});

test("what a step finds of errors is the smallest that the guard's tolerance lets be found", () => {
  const scene = { calls: 300, minutes: 30, share: 0.1, alpha: 0.01 };
  const is = isNumber(firstOf(prospectOf(100), NORMAL).errors);
  expect(is).toBe(smallestFound(0.001, { ratio: 1.5, margin: 0.005 }, scene));
  // If several guards look for it, the best one counts, with its share of the chance of error.
  const best = isNumber(firstOf(prospectOf(100), `${NORMAL}\nerror-rate <= 30%`).errors);
  expect(best).toBe(smallestFound(0.001, { ratio: 1.5, margin: 0.005 }, { ...scene, alpha: 0.005 }));
  expect(isNumber(firstOf(prospectOf(100), "error-rate <= 30%").errors)).toBeGreaterThan(is);
});

test("the chance of a false alarm is shared by the tests of all functions, as the release itself shares it", () => {
  const guards = guardsOf(`${NORMAL}\np90 <= baseline\nduration < 3s\niterator-age < 30s\nalarm a`);
  const members = ["a", "b"].map((name) => memberOf(name, { usual: prospectOf(100).usual }));
  const plan = planOf("10% for 32m");
  const release = newRelease(termsOf({ members, plan, guards }), [], NOW);
  expect(risksOf(release.analysis)).toStrictEqual(risksOfEach(3 * 2));
  expect(risksOfEach(6).alpha).toBe(RISKS.alpha / 6);
  expect(risksOfEach(0).alpha).toBe(RISKS.alpha);
  const step = forecast(prospectOf(100), plan, guards, 2, NOW, waiting(0)).steps[0];
  const scene = { calls: 300, minutes: 30, share: 0.1, alpha: RISKS.alpha / 6 };
  expect(step?.errors).toBe(smallestFound(0.001, { ratio: 1.5, margin: 0.005 }, scene));
});

test("what no guard looks for is unwatched, and what can't be found is blind", () => {
  const both = firstOf(prospectOf(0.5), `${NORMAL}\np90 <= baseline * 1.2`, "5% for 10m");
  expect([both.errors, both.slowdown]).toStrictEqual(["blind", "blind"]);
  const errors = firstOf(prospectOf(100), NORMAL);
  expect([typeof errors.errors, errors.slowdown]).toStrictEqual(["number", "unwatched"]);
  const slow = firstOf(prospectOf(1_000), "duration <= baseline * 1.2");
  expect([slow.errors, typeof slow.slowdown]).toStrictEqual(["unwatched", "number"]);
});

test.each(["", "throttles < 1%", "alarm a", "iterator-age < 30s", "metric A/B {V=$version} Average <= baseline"])(
  "errors and slowdowns are unwatched by %j",
  (guards) => {
    const { errors, slowdown } = firstOf(prospectOf(100), guards);
    expect([errors, slowdown]).toStrictEqual(["unwatched", "unwatched"]);
  },
);

test.each([
  ["blind", "blind", true],
  ["blind", "unwatched", true],
  ["unwatched", "blind", true],
  ["unwatched", "unwatched", false],
  [0.05, "blind", false],
  ["blind", 1.4, false],
] as const)(
  "a step is blind that can show nothing of what is watched, and not one of which nothing is watched: %s, %s",
  (errors, slowdown, blind) => {
    expect(isBlind({ ...firstOf(prospectOf(100), NORMAL), errors, slowdown })).toBe(blind);
  },
);

test.each(["p90 <= baseline * 1.2", "duration <= baseline * 1.2"])(
  "a slowdown that is found is more than the guard allows, and less the more calls there are: %s",
  (guard) => {
    const finds = (perMinute: number) => isNumber(firstOf(prospectOf(perMinute), guard).slowdown);
    expect(finds(100_000)).toBeGreaterThan(1.2);
    expect(finds(100_000)).toBeLessThan(1.5);
    const times = [1_000, 3_000, 10_000].map(finds);
    expect(times).toStrictEqual([...times].sort((a, b) => b - a));
  },
);

test.each([
  ["counted", true],
  ["compared", false],
])("against a number a slowdown is told against what is usual: %s", (_how, countsByDuration) => {
  const { slowdown } = firstOf(prospectOf(100_000, 0, countsByDuration), "p50 < 300ms");
  expect(slowdown).toBeGreaterThan(3);
  expect(slowdown).toBeLessThan(3.4);
});

test.each([
  ["counted", true],
  ["compared", false],
])(
  "without last week's latency no slowdown can be forecast, not even against a number: %s",
  (_how, countsByDuration) => {
    const { week } = prospectOf(100_000);
    const unknown = {
      ...prospectOf(100_000),
      week: { ...week, latency: {} },
      usual: { latency: {}, countsByDuration, hasErrorSamples: true, rates: {} },
    };
    expect(firstOf(unknown, "p50 < 300ms").slowdown).toBe("blind");
  },
);

test("a minute of too few calls is none that a paired test could go by, and neither are six minutes", () => {
  const guards = "p90 <= baseline * 1.2";
  expect(firstOf(prospectOf(400, 0, false), guards).slowdown).toBe("blind");
  expect(typeof firstOf(prospectOf(600, 0, false), guards).slowdown).toBe("number");
  expect(firstOf(prospectOf(600, 0, false), guards, "10% for 8m").slowdown).toBe("blind");
});

test("without calls nothing is to be expected, and that is no reason to fail", () => {
  const none = prospectOf(0);
  const week = { ...none.week, latency: {} };
  const empty = { ...none, week, usual: { latency: {}, countsByDuration: false, hasErrorSamples: true, rates: {} } };
  const seen = forecast(empty, planOf("10% for 32m"), guardsOf(`${NORMAL}\np90 <= baseline`), 1, NOW, waiting(0));
  expect([seen.errorRate, seen.perMinute]).toStrictEqual([null, { least: 0, most: 0 }]);
  expect([seen.steps[0]?.calls, seen.steps[0]?.errors, seen.steps[0]?.slowdown]).toStrictEqual([0, "blind", "blind"]);
});

function proposed(
  perMinute: number,
  mustDetect: number,
  budget: number,
  guards = NORMAL,
  failing?: number,
): SuggestedPlan {
  return suggestPlan(prospectOf(perMinute, failing), guardsOf(guards), 1, { mustDetect, budget: budget * MINUTE }, NOW);
}

test("a plan that is proposed finds in its first step what was asked for, and takes no more time than there is", () => {
  const wishes = fc.tuple(
    fc.integer({ min: 1, max: 10_000 }),
    fc.constantFrom(0.01, 0.02, 0.05, 0.2, 0.5),
    fc.integer({ min: 10, max: 120 }),
  );
  let plans = 0;
  fc.assert(
    fc.property(wishes, ([perMinute, mustDetect, budget]) => {
      const proposal = proposed(perMinute, mustDetect, budget);
      // If half of the traffic finds it in all of the time, that is a plan too.
      if (proposal.kind === "too-little-traffic" && proposal.finds !== null) {
        expect(proposal.finds).toBeGreaterThan(mustDetect);
      }
      if (proposal.kind !== "plan") return;
      plans++;
      const { plan } = proposal;
      expect(plannedDuration(plan, waiting(0))).toBeLessThanOrEqual(budget * MINUTE);
      const weights = plan.steps.map(({ weight }) => weight);
      expect(weights).toStrictEqual([...new Set(weights)].sort((a, b) => a - b));
      const [first] = forecast(prospectOf(perMinute), plan, guardsOf(NORMAL), 1, NOW, waiting(0)).steps;
      expect(first?.errors).toBeLessThanOrEqual(mustDetect);
    }),
    { numRuns: 30, examples: [[[10, 0.05, 110]]] },
  );
  expect(plans).toBeGreaterThan(0);
});

/** What a first step finds, by the formula itself. */
function finds(perMinute: number, weight: number, minutes: number): number {
  const share = weight / 100;
  const { week } = prospectOf(perMinute);
  const calls = expectedCalls(week, NOW, (minutes - 2) * MINUTE) * share;
  const tolerance = { ratio: 1.5, margin: 0.005 };
  return smallestFound(0.001, tolerance, { calls, minutes: minutes - 2, share, alpha: RISKS.alpha }) ?? 2;
}

test.each([
  [100, 0.05, 60],
  [1_000, 0.05, 60],
  [1_000, 0.02, 30],
  [10_000, 0.02, 30],
  [200, 0.1, 120],
  [10_000, 0.3, 30],
])(
  "the lowest weight is proposed at which there is time, for as short as it takes, and half of the traffic after it: %i calls a minute, to find %d in %i minutes",
  (perMinute, mustDetect, budget) => {
    const proposal = proposed(perMinute, mustDetect, budget);
    assert(proposal.kind === "plan");
    const [first, second, ...others] = proposal.plan.steps;
    assert(first !== undefined && second !== undefined);
    expect(others).toStrictEqual([]);
    const minutes = first.bake / MINUTE;
    expect(finds(perMinute, first.weight, minutes)).toBeLessThanOrEqual(mustDetect);
    // For long bakes, the search goes in steps of a twentieth.
    const shorter = Math.floor(minutes / 1.05) - 1;
    if (minutes > 5) expect(finds(perMinute, first.weight, shorter)).toBeGreaterThan(mustDetect);
    const lower = [1, 2, 5, 10, 20, 30, 40].filter((weight) => weight < first.weight);
    const longest = Math.floor((budget * 2) / 3);
    expect(lower.filter((weight) => !(finds(perMinute, weight, longest) > mustDetect))).toStrictEqual([]);
    expect(second.weight).toBe(50);
    expect(second.bake).toBeLessThanOrEqual(first.bake);
  },
);

test("where the guards allow as much as must be found, no plan would find it", () => {
  expect(proposed(1_000, 0.02, 60, NORMAL, 0.02)).toStrictEqual({
    kind: "allowed",
    allowed: expect.closeTo(1.5 * 0.02 + 0.005, 9),
  });
  expect(proposed(1_000, 0.02, 60, `${NORMAL}\nerror-rate <= 1%`, 0.02).kind).toBe("plan");
});

test.each(["", "p90 <= baseline", "throttles < 1%", "alarm a"])(
  "where no guard looks at errors, none would be found: %j",
  (guards) => {
    expect(proposed(1_000, 0.02, 60, guards)).toStrictEqual({ kind: "unwatched" });
  },
);

test("half of the traffic for all of the time is proposed where nothing less will do", () => {
  const proposal = proposed(50, 0.05, 30);
  assert(proposal.kind === "plan");
  expect(proposal.plan.steps).toHaveLength(1);
  expect(proposal.plan.steps[0]?.weight).toBe(50);
  expect(proposal.plan.steps[0]?.bake ?? 0).toBeGreaterThan(20 * MINUTE);
});

test("with too little traffic for any plan it is told what the best finds, or that it finds nothing", () => {
  const best = finds(10, 50, 30);
  expect(best).toBeGreaterThan(0.02);
  expect(proposed(10, 0.02, 30)).toStrictEqual({ kind: "too-little-traffic", finds: best });
  expect(proposed(0.2, 0.02, 30)).toStrictEqual({ kind: "too-little-traffic", finds: null });
  expect(proposed(0, 0.02, 30)).toStrictEqual({ kind: "too-little-traffic", finds: null });
});

test("a good version is verified while the last step may wait for it", () => {
  const verifies = (perMinute: number, text: string, maxHold: Duration | null) =>
    forecast(prospectOf(perMinute, 0.01), planOf(text), guardsOf(NORMAL), 1, NOW, waiting(maxHold)).verifies;
  const plan = "5% for 5m, 25% for 5m, 50% for 5m";
  expect(verifies(1_100, plan, null)).toMatchObject({ kind: "after", step: 2, isHeld: true });
  expect(verifies(1_100, plan, 0).kind).toBe("beyond");
  expect(verifies(1_000, "AllAtOnce", null)).toStrictEqual({ kind: "beyond", time: null, callsPerMinute: null });
});
