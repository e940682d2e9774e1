import { judgeAlarms } from "../../src/analysis/alarm.ts";
import type { Observation } from "../../src/analysis/verdict.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";
import { wordedAnalysis } from "../../testing/fakes/worded.ts";

const START = Date.UTC(2026, 10, 21, 14);

const ALARMS = guardsOf("alarm checkout-5xx\nalarm queue-age");

/** The verdicts and reasons of a look at the alarms, and which alarms count from then on. */
function judged(armedBefore: readonly string[], alarms: Observation["alarms"]) {
  const none = { kind: "unreadable", reason: "no series" } as const;
  const { armed, analyses } = judgeAlarms(ALARMS, armedBefore, { at: START, reading: () => none, alarms });
  return { armed, told: analyses.map(wordedAnalysis).map(({ rule, verdict, reason }) => [rule, verdict, reason]) };
}

test("an alarm passes while it is OK, and fails when it goes into ALARM", () => {
  const { armed, told } = judged(
    ["checkout-5xx"],
    new Map([
      ["checkout-5xx", "alarm"],
      ["queue-age", "ok"],
    ]),
  );
  expect(told).toStrictEqual([
    ["alarm checkout-5xx", "fail", "the alarm checkout-5xx went into ALARM"],
    ["alarm queue-age", "pass", "the alarm queue-age is OK"],
  ]);
  expect(armed).toStrictEqual(["checkout-5xx", "queue-age"]);
});

test("an alarm without enough data shows nothing, and counts from then on", () => {
  const underpowered = judged([], new Map([["queue-age", "insufficient-data"]]));
  expect(underpowered.told[1]).toStrictEqual([
    "alarm queue-age",
    "inconclusive",
    "the alarm queue-age has insufficient data",
  ]);
  expect(underpowered.armed).toStrictEqual(["queue-age"]);
});

test("an alarm that was in ALARM before the release doesn't count until it has left ALARM", () => {
  const { armed, told } = judged([], new Map([["checkout-5xx", "alarm"]]));
  expect(told[0]?.[1]).toBe("inconclusive");
  expect(armed).toStrictEqual([]);
});

test("an alarm that was deleted is an error, not a pass", () => {
  const { told } = judged(["checkout-5xx", "queue-age"], new Map([["checkout-5xx", "ok"]]));
  expect(told[1]).toStrictEqual(["alarm queue-age", "error", "the alarm queue-age no longer exists"]);
});

test("if the alarms can't be read, each is an error, and those that counted still do", () => {
  const { armed, told } = judged(["queue-age"], { unreadable: "DescribeAlarms: access denied" });
  expect(told).toStrictEqual([
    ["alarm checkout-5xx", "error", "DescribeAlarms: access denied"],
    ["alarm queue-age", "error", "DescribeAlarms: access denied"],
  ]);
  expect(armed).toStrictEqual(["queue-age"]);
});
