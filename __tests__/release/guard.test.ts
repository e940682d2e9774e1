import assert from "node:assert/strict";
import test from "node:test";
import { parseGuards } from "../../src/release/guard.ts";
import { formatMistake } from "../../src/release/mistake.ts";

function describe(text: string): unknown {
  const parsed = parseGuards(text);
  if (!parsed.ok) return parsed.mistakes.map(formatMistake).join("\n");
  return parsed.value.map((guard) => (guard.kind === "alarm" ? guard.alarm : guard.tolerance));
}

const GUARDS: Record<string, unknown> = {
  "error-rate <= baseline * 1.5 + 0.5%": [{ ratio: 1.5, margin: 0.005 }],
  "error-rate<=baseline*2+1%": [{ ratio: 2, margin: 0.01 }],
  "error-rate <= baseline": [{ ratio: 1.5, margin: 0.005 }],
  "error-rate <= baseline + 0.1%": [{ ratio: 1, margin: 0.001 }],
  "error-rate < baseline * 1.25": [{ ratio: 1.25, margin: 0 }],
  "error-rate <= 1%": [{ ratio: 0, margin: 0.01 }],
  "error-rate < 2.5 %": [{ ratio: 0, margin: 0.025 }],
  "# two of them\nerror-rate <= 1%\n\nalarm checkout 5xx / all": [{ ratio: 0, margin: 0.01 }, "checkout 5xx / all"],
  "": [],
};

for (const [text, expected] of Object.entries(GUARDS)) {
  test(`the guards ${JSON.stringify(text)} are read`, () => assert.deepEqual(describe(text), expected));
}

const MISTAKES: Record<string, string> = {
  "eror-rate <= 1%": `guards: "eror-rate" is not a signal
    eror-rate <= 1%
    ^^^^^^^^^ the signals are: error-rate, alarm`,
  "error-rate >= 1%": `guards: a guard can't use ">="
    error-rate >= 1%
               ^^ a guard says what is allowed: write "<="`,
  "error-rate <= 1": `guards: "1" is not an amount of error-rate
    error-rate <= 1
                  ^ write it as "0.5%"`,
  "error-rate <= baseline * 1.5 + 50ms": `guards: "50ms" is not an amount of error-rate
    error-rate <= baseline * 1.5 + 50ms
                                   ^^^^ write it as "0.5%"`,
  "error-rate <= baselin * 2": `guards: "baselin * 2" is not a bound
    error-rate <= baselin * 2
                  ^^^^^^^^^^^ for example: error-rate <= baseline * 1.5 + 0.5%`,
  "error-rate <= 0%": `guards: this bound allows no failure at all
    error-rate <= 0%
                  ^^ leave some room, as in "baseline * 1.5 + 0.5%" or "1%"`,
  "error-rate <= 100%": `guards: 100 % or more forbids nothing
    error-rate <= 100%
                  ^^^^ write it as "0.5%"`,
  "nothing burns": `guards: this is not a guard
    nothing burns
    ^^^^^^^^^^^^^ write "error-rate <= baseline * 1.5 + 0.5%" or "alarm NAME"`,
  "alarm a\nerror-rat <= 1%\nalarm a": `guards: "error-rat" is not a signal
    error-rat <= 1%
    ^^^^^^^^^ the signals are: error-rate, alarm
guards: this guard is given twice
    alarm a
    ^^^^^^^ leave one of them out`,
};

for (const [text, expected] of Object.entries(MISTAKES)) {
  test(`the guards ${JSON.stringify(text)} are refused with the spot and a remedy`, () =>
    assert.equal(describe(text), expected));
}
