import fc from "fast-check";
import { formatMistake } from "../../src/domain/mistake.ts";
import {
  endOfBake,
  endOfStep,
  longestDuration,
  type Plan,
  parsePlan,
  plannedDuration,
  writePlan,
} from "../../src/domain/plan.ts";
import { type Duration, MINUTE, SECOND } from "../../src/domain/time.ts";
import { planOf } from "../../testing/fakes/terms.ts";

/** The plan as written, or what is wrong with it. */
function readAs(text: string): string {
  const parsed = parsePlan(text);
  return parsed.ok ? writePlan(parsed.value) : parsed.mistakes.map(formatMistake).join("\n");
}

const PLANS: Record<string, string> = {
  "5% for 5m, 25% for 10m, 50% for 10m": "5% for 5m, 25% for 10m, 50% for 10m",
  "10% for 1h30m": "10% for 1h30m",
  "1% for 90s\n 50% for 1m\n": "1% for 1m30s, 50% for 1m",
  "5% for 5m # careful\n# then all\n100% for 10m": "5% for 5m, 100% for 10m",
  "100% for 10m": "100% for 10m",
  AllAtOnce: "AllAtOnce",
  LambdaAllAtOnce: "AllAtOnce",
  "CodeDeployDefault.LambdaAllAtOnce": "AllAtOnce",
  Canary10Percent5Minutes: "10% for 5m",
  LambdaCanary10Percent10Minutes: "10% for 10m",
  "CodeDeployDefault.LambdaCanary10Percent15Minutes": "10% for 15m",
  Canary10Percent30Minutes: "10% for 30m",
};

test.each(Object.entries(PLANS))("the plan %j reads as %s", (text, expected) => expect(readAs(text)).toBe(expected));

test("any plan that is written as the input reads as that plan", () => {
  const bake = fc.integer({ min: 1, max: 3_000 }).map((minutes) => minutes * MINUTE);
  const weights = fc.uniqueArray(fc.integer({ min: 1, max: 100 }), { minLength: 1 });
  fc.assert(
    fc.property(weights, fc.infiniteStream(bake), (some, bakes) => {
      const steps = some.sort((a, b) => a - b).map((weight) => ({ weight, bake: Number(bakes.next().value) }));
      const final = steps.at(-1)?.weight === 100 ? steps.pop() : undefined;
      const plan = { steps, finalBake: final?.bake ?? 0 };
      expect(parsePlan(writePlan(plan))).toStrictEqual({ ok: true, value: plan });
    }),
  );
});

test.each([1, 2, 3, 10])("Linear10PercentEvery%iMinute(s) is nine steps and the promotion", (minutes) => {
  const steps = [10, 20, 30, 40, 50, 60, 70, 80, 90].map((weight) => ({ weight, bake: minutes * MINUTE }));
  for (const prefix of ["", "Lambda", "CodeDeployDefault.Lambda"]) {
    const parsed = parsePlan(`${prefix}Linear10PercentEvery${minutes}Minute${minutes === 1 ? "" : "s"}`);
    expect({ prefix, parsed }).toStrictEqual({ prefix, parsed: { ok: true, value: { steps, finalBake: 0 } } });
  }
});

const MISTAKES: Record<string, string> = {
  "5% for 5m, 25 for 10m": `steps: not a step
    5% for 5m, 25 for 10m
               ^^^^^^^^^^ write steps as "5% for 5m, 25% for 10m", or a CodeDeploy name such as Canary10Percent5Minutes`,
  "  50% for 5m, 25% for 5 minutes": `steps: not a step
    50% for 5m, 25% for 5 minutes
                ^^^^^^^^^^^^^^^^^ write steps as "5% for 5m, 25% for 10m", or a CodeDeploy name such as Canary10Percent5Minutes`,
  "5% for 5min": `steps: "5min" is not a duration
    5% for 5min
           ^^^^ write it as "30s", "5m" or "1h"`,
  "5% for 5": `steps: "5" is not a duration
    5% for 5
           ^ write it as "30s", "5m" or "1h"`,
  "50% for 5m, 25% for 5m": `steps: 25% is not higher than the step before it, 50%
    50% for 5m, 25% for 5m
                ^^ make each weight higher than the one before`,
  "0% for 5m\n101% for 1m": `steps: "0%" is not a weight
    0% for 5m
    ^ give a weight from 1% to 100%
steps: "101%" is not a weight
    101% for 1m
    ^^^ give a weight from 1% to 100%`,
  "50% for 5m, 25% for 5x": `steps: "5x" is not a duration
    50% for 5m, 25% for 5x
                        ^^ write it as "30s", "5m" or "1h"
steps: 25% is not higher than the step before it, 50%
    50% for 5m, 25% for 5x
                ^^ make each weight higher than the one before`,
  "5% for 999h": `steps: 999h is longer than any job can run
    5% for 999h
           ^^^^ a job can run for 5 days at most: use a shorter time`,
  "2.5% for 5m": `steps: "2.5%" is not a whole percent
    2.5% for 5m
    ^^^ Lambda takes only whole percents: write 3%`,
  "100% for 5m, 100% for 5m": `steps: no step can follow 100%
    100% for 5m, 100% for 5m
                 ^^^^^^^^^^^ make 100% the last step`,
  Canary20Percent5Minutes: `steps: this is not a CodeDeploy name that works here
    Canary20Percent5Minutes
    ^^^^^^^^^^^^^^^^^^^^^^^ write steps as "5% for 5m, 25% for 10m", or a CodeDeploy name such as Canary10Percent5Minutes`,
  "": `steps: no step is given
    
    ^ write steps as "5% for 5m, 25% for 10m", or a CodeDeploy name such as Canary10Percent5Minutes`,
};

test.each(Object.entries(MISTAKES))("the plan %j is refused with the spot and a remedy", (text, expected) =>
  expect(readAs(text)).toBe(expected),
);

test("a bake ends when it is over and a whole minute from after the shift has had two minutes to arrive", () => {
  const shift = 10 * MINUTE + 20 * SECOND;
  expect(endOfBake(shift, 5 * MINUTE)).toBe(shift + 5 * MINUTE);
  // The first whole minute begins at 11:00, ends at 12:00 and arrives by 14:00.
  expect(endOfBake(shift, MINUTE)).toBe(14 * MINUTE);
  expect(endOfBake(10 * MINUTE, MINUTE)).toBe(13 * MINUTE);
});

const PATIENT = { inEachStep: true };
const HASTY = { inEachStep: false };

/** When the steps of a plan end, each of which begins where the one before it ends. */
function endsOf(steps: string, since: number, patience: typeof HASTY): readonly number[] {
  const plan = planOf(steps);
  const ends: number[] = [];
  for (const place of plan.steps.keys()) ends.push(endOfStep(plan, place, ends.at(-1) ?? since, patience));
  return ends;
}

const at = (minutes: number, seconds: number) => minutes * MINUTE + seconds * SECOND;

test("steps that are too short for figures of their own go on by time, and the last one waits for the figures of all", () => {
  const steps = "10% for 1m, 20% for 1m, 30% for 2m";
  // The last minute with calls of the bakes ends at 15:00, and has arrived by 17:00.
  expect(endsOf(steps, at(10, 20), HASTY)).toStrictEqual([at(11, 20), at(12, 20), at(17, 0)]);
  expect(endsOf(steps, at(10, 0), HASTY)).toStrictEqual([at(11, 0), at(12, 0), at(16, 0)]);
  expect(endsOf("10% for 1m, 30% for 10s", at(10, 0), HASTY)).toStrictEqual([at(11, 0), at(14, 0)]);
  // A bake that is over in the minute of its shift has a whole minute after it all the same.
  expect(endsOf("10% for 1m, 30% for 10s", at(10, 20), HASTY)).toStrictEqual([at(11, 20), at(15, 0)]);
  expect(endsOf("10% for 1m, 30% for 10m", at(10, 20), HASTY)).toStrictEqual([at(11, 20), at(24, 0)]);
  expect(endsOf(steps, at(10, 20), PATIENT)).toStrictEqual([at(14, 0), at(17, 0), at(20, 0)]);
});

test("where no step runs ahead, the last one waits for none of its last minutes", () => {
  for (const patience of [HASTY, PATIENT]) {
    expect(endsOf("10% for 4m, 20% for 5m, 30% for 2m", at(10, 20), patience)).toStrictEqual([
      at(14, 20),
      at(19, 20),
      at(23, 0),
    ]);
  }
});

const PRESETS = [
  ...[5, 10, 15, 30].map((minutes) => [`Canary10Percent${minutes}Minutes`, minutes] as const),
  ...[1, 2, 3, 10].map(
    (minutes) => [`Linear10PercentEvery${minutes}Minute${minutes === 1 ? "" : "s"}`, 9 * minutes] as const,
  ),
];

test.each(PRESETS)("%s lasts for its %i minutes, and four more at most", (name, minutes) => {
  const planned = plannedDuration(planOf(name), HASTY);
  expect(planned).toBeGreaterThanOrEqual(minutes * MINUTE);
  expect(planned).toBeLessThanOrEqual((minutes + 4) * MINUTE);
});

test("no plan takes longer than its planned duration, whenever its steps begin", () => {
  const bakes = fc.array(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 6 });
  const begins = fc.array(fc.integer({ min: 0, max: 59_999 }), { minLength: 6, maxLength: 6 });
  fc.assert(
    fc.property(bakes, begins, fc.boolean(), (seconds, starts, inEachStep) => {
      const steps = seconds.map((bake, place) => ({ weight: place + 1, bake: bake * SECOND }));
      const plan = { steps, finalBake: 0 };
      const lengths = steps.map(
        (_, place) => endOfStep(plan, place, starts[place] ?? 0, { inEachStep }) - (starts[place] ?? 0),
      );
      for (const from of steps.keys()) {
        const total = lengths.slice(from).reduce((sum, length) => sum + length, 0);
        expect(total).toBeLessThanOrEqual(plannedDuration(plan, { inEachStep }, from));
      }
    }),
  );
});

test("the planned duration is never shorter than the bakes can be", () => {
  const plan = { steps: [{ weight: 10, bake: 5 * MINUTE }], finalBake: MINUTE };
  expect(plannedDuration(plan, { inEachStep: false })).toBe(9 * MINUTE);
});

test("at the longest, each bake is held for as long again, or for max-hold", () => {
  const plan = { steps: [{ weight: 10, bake: 5 * MINUTE }], finalBake: 20 * MINUTE };
  const longest = (of: Plan, maxHold: Duration | null) => longestDuration(of, { maxHold, inEachStep: false });
  expect(longest(plan, null)).toBe(50 * MINUTE);
  expect(longest(plan, 2 * MINUTE)).toBe(29 * MINUTE);
  expect(longest({ ...plan, finalBake: 0 }, 2 * MINUTE)).toBe(7 * MINUTE);
});
