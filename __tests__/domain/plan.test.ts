import fc from "fast-check";
import { formatMistake } from "../../src/domain/mistake.ts";
import { endOfBake, longestDuration, parsePlan, plannedDuration, writePlan } from "../../src/domain/plan.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";

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

test("the planned duration is never shorter than the bakes can be", () => {
  const plan = { steps: [{ weight: 10, bake: 5 * MINUTE }], finalBake: MINUTE };
  expect(plannedDuration(plan)).toBe(9 * MINUTE);
});

test("at the longest, each bake is held for as long again, or for max-hold", () => {
  const plan = { steps: [{ weight: 10, bake: 5 * MINUTE }], finalBake: 20 * MINUTE };
  expect(longestDuration(plan, null)).toBe(50 * MINUTE);
  expect(longestDuration(plan, 2 * MINUTE)).toBe(29 * MINUTE);
  expect(longestDuration({ ...plan, finalBake: 0 }, 2 * MINUTE)).toBe(7 * MINUTE);
});
