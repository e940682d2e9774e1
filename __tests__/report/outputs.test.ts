import assert from "node:assert/strict";
import { outputs, type Report } from "../../src/report/outputs.ts";
import type { ToldAnalysis as Analysis, ToldEvent as Event } from "../../src/report/told.ts";
import { after, counted, STORIES, started, target } from "./stories.ts";

function outputsOf(name: string) {
  return outputs(STORIES[name] ?? assert.fail(name));
}

function reportOf(events: readonly Event[]): Report {
  return JSON.parse(outputs(events).report);
}

const TABLE: Readonly<Record<string, readonly [string, string, string, string]>> = {
  // outcome, version, previous-version, verified
  "promoted-verified": ["promoted", "42", "41", "true"],
  "promoted-unjudged": ["promoted", "42", "41", "false"],
  "promoted-unopposed": ["promoted", "42", "41", "false"],
  "rolled-back": ["rolled-back", "42", "41", "false"],
  created: ["created", "1", "", "false"],
  unchanged: ["unchanged", "41", "41", "false"],
  superseded: ["superseded", "42", "41", "false"],
  stranded: ["failed", "42", "41", "false"],
  "failed-early": ["failed", "", "", "false"],
  "rollback-command": ["rolled-back", "", "41", "false"],
  "fleet-rolled-back": [
    "rolled-back",
    '{"checkout":"42","invoice":"22","refund":"2"}',
    '{"checkout":"41","invoice":"21","refund":"1"}',
    "false",
  ],
};
test.each(Object.entries(TABLE))("the outputs of %s", (name, expected) => {
  const { outcome, version, verified, ...rest } = outputsOf(name);
  expect([outcome, version, rest["previous-version"], verified]).toStrictEqual(expected);
});

function callsOf(analysis: Analysis | undefined): number | null {
  const canary = analysis?.figures?.canary ?? null;
  return canary !== null && "calls" in canary ? canary.calls : null;
}

test("a run that was stopped in the middle has failed, whatever was seen", () => {
  const { outcome, reason, verified } = outputs((STORIES["promoted-verified"] ?? []).slice(0, -1));
  expect([outcome, reason, verified]).toStrictEqual([
    "failed",
    "the run stopped before the release had ended",
    "false",
  ]);
});

test("the report for machines has the name of what was run, and nothing that only our own reports need", () => {
  const [first] = reportOf(STORIES["rollback-command"] ?? []).events;
  expect(Object.keys(first ?? {})).toStrictEqual(["at", "kind", "task", "run", "targets", "plan", "guards"]);
  expect(first).toMatchObject({ kind: "started", task: "rollback" });
});

test("the reason is one line", () => {
  const { reason } = outputs([after("1s", { kind: "ended", outcome: "failed", reason: "a\nb", verified: false })]);
  expect(reason).toBe("a b");
});

test("where one alias of a fleet was stranded, those that are seen to be back are rolled back", () => {
  const { functions } = reportOf(STORIES["fleet-stranded"] ?? []);
  expect(functions.map((each) => [each.function, each.outcome])).toStrictEqual([
    ["checkout", "failed"],
    ["invoice", "failed"],
    ["refund", "rolled-back"],
  ]);
});

test("a function whose alias was stranded has failed, however the release ended", () => {
  const { functions } = reportOf([
    started(),
    after("1s", { kind: "stranded", target: target("checkout"), reason: "no answer", command: "aws", weight: null }),
    after("2s", { kind: "ended", outcome: "superseded", reason: "", verified: false }),
  ]);
  expect(functions.map(({ outcome }) => outcome)).toStrictEqual(["failed"]);
});

test("each function has its own verdicts, its versions, and what it was found to serve", () => {
  const refund = reportOf(STORIES["fleet-rolled-back"] ?? []).functions.find((each) => each.function === "refund");
  expect(refund).toStrictEqual({
    function: "refund",
    alias: "live",
    baseline: "1",
    canary: "2",
    outcome: "rolled-back",
    serving: { primary: "1", additional: null },
    guards: [expect.objectContaining({ target: target("refund"), verdict: "fail" })],
  });
});

test("a fleet tells apart what was created and what had nothing new", () => {
  const changes = [
    { target: target("old"), baseline: "4", canary: "5" },
    { target: target("same"), baseline: "7", canary: "7" },
    { target: target("new"), baseline: null, canary: "1" },
  ];
  const { functions } = reportOf([
    started({ targets: changes.map((change) => change.target) }),
    after("1s", { kind: "prepared", changes }),
    after("2s", { kind: "serving", target: target("new"), routing: { primary: "1", additional: null } }),
    after("3s", { kind: "ended", outcome: "promoted", reason: "", verified: true }),
  ]);
  expect(functions.map(({ outcome }) => outcome)).toStrictEqual(["promoted", "unchanged", "created"]);
});

const look = (time: string, verdict: "inconclusive" | "pass", calls: number) =>
  after(time, { kind: "judged", verified: false, analyses: [counted(verdict, 0, [0, calls], [0, calls])] });

test("of the looks only those are kept that changed a verdict or were the last of their step", () => {
  const events = [
    started(),
    after("10s", { kind: "shifted", step: 0, until: 0 }),
    look("1m", "inconclusive", 1), // the first
    look("2m", "inconclusive", 2),
    after("3m", { kind: "noted", text: "in between" }),
    look("3m", "pass", 3), // a change
    look("4m", "pass", 4),
    look("5m", "pass", 5), // the last of the step
    after("5m", { kind: "shifted", step: 1, until: 0 }),
    look("6m", "pass", 6),
    look("7m", "pass", 7), // the last of all
  ];
  const kept = reportOf(events).events.flatMap((event) =>
    event.kind === "judged" ? [callsOf(event.analyses[0])] : [],
  );
  expect(kept).toStrictEqual([1, 3, 5, 7]);
  expect(reportOf(events).events).toHaveLength(events.length - 3);
});

test("a report that would be too long keeps the last look only, and says that it was shortened", () => {
  const names = Array.from({ length: 100 }, (_, index) => `function-${index}`);
  const looks = Array.from({ length: 40 }, (_, index) =>
    after(`${index + 1}m`, {
      kind: "judged",
      verified: false,
      analyses: names.map((of) => counted(index % 2 === 0 ? "pass" : "inconclusive", 0, [0, 9], [0, 90], { of })),
    }),
  );
  const events = [started({ targets: names.map(target) }), ...looks];
  const text = outputs(events).report;
  expect(text.length).toBeLessThan(400_000);
  const report: Report = JSON.parse(text);
  expect(report.shortened).toBe(true);
  expect(report.events.map(({ at }) => at)).toStrictEqual([events[0]?.at, events.at(-1)?.at]);
});

/** GitHub's limit for all outputs of a job, in bytes of UTF-16. */
const MOST = 2 ** 20;

/** A release of 500 functions under the longest names, with three guards each. */
function hugeFleet(reason: string): readonly Event[] {
  const names = Array.from({ length: 500 }, (_, index) => `${index}`.padStart(64, "function-name-"));
  const rules = ["error-rate <= baseline * 1.5 + 0.5%", "p50 <= baseline * 1.2", "throttles < 1%"];
  const analyses = names.flatMap((of, index) =>
    rules.map((rule, place) => {
      const fails = index === 499 && place === 1;
      return { ...counted(fails ? "fail" : "pass", -1, [12, 48_000], [13, 52_000], { of, rule }), place };
    }),
  );
  return [
    started({ targets: names.map(target) }),
    after("1s", {
      kind: "prepared",
      changes: names.map((name) => ({ target: target(name), baseline: "1041", canary: "1042" })),
    }),
    after("5m", { kind: "judged", verified: false, analyses }),
    ...names.map((name) =>
      after("6m", { kind: "serving", target: target(name), routing: { primary: "1041", additional: null } }),
    ),
    after("7m", { kind: "ended", outcome: "rolled-back", reason, verified: false }),
  ];
}

function bytesOf(events: readonly Event[]): number {
  return Object.values(outputs(events)).reduce((sum, text) => sum + 2 * text.length, 0);
}

test("500 functions with three guards each fit into what GitHub takes, and none of them is left out", () => {
  const events = hugeFleet("p50");
  expect(bytesOf(events)).toBeLessThan(MOST);
  const { shortened, functions, events: kept } = reportOf(events);
  expect(shortened).toBe(true);
  expect(functions).toHaveLength(500);
  expect(functions.every(({ outcome }) => outcome === "rolled-back")).toBe(true);
  expect(kept.at(-1)?.kind).toBe("ended");
});

test("of a function's verdicts, the worst is kept the longest", () => {
  const names = Array.from({ length: 300 }, (_, index) => `function-${index}`);
  const analyses = names.flatMap((of) => [
    ...["a", "b", "c", "d"].map((rule) => ({ ...counted("pass", -1, [0, 900], [0, 900], { of, rule }), place: 2 })),
    counted("fail", 9, [90, 900], [0, 900], { of }),
  ]);
  const { functions } = reportOf([
    started({ targets: names.map(target) }),
    after("5m", { kind: "judged", verified: false, analyses }),
  ]);
  expect(functions.map(({ guards }) => guards.map(({ verdict }) => verdict))).toStrictEqual(names.map(() => ["fail"]));
});

test.each([
  ["reasons", hugeFleet("lost ".repeat(200_000))],
  [
    "warnings",
    [started(), ...Array.from({ length: 5_000 }, () => after("1m", { kind: "warned", text: "look out ".repeat(200) }))],
  ],
])("so do %s without end, and what was left out is told", (_, events) => {
  expect(bytesOf(events)).toBeLessThan(MOST);
  expect(reportOf(events).shortened).toBe(true);
  expect(reportOf(events).events.at(-1)?.at).toBe(events.at(-1)?.at);
});
