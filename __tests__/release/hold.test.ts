import type { Analysis, Verdict } from "../../src/analysis/verdict.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { decide } from "../../src/release/decide.ts";
import { missingEvidence } from "../../src/release/hold.ts";
import { endOfStage, newRelease, promoted, type Release, shifted } from "../../src/release/release.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const START = Date.UTC(2026, 10, 21, 14);
const COMPARING = "error-rate <= baseline";
const NUMBER = "error-rate <= 5%";
const target = { function: "checkout", alias: "live" };

/** A release of two steps and a final bake, before its first shift. */
function releaseOf(
  whenInconclusive: Release["whenInconclusive"],
  holdLimits = DEFAULT_HOLD_LIMITS,
  functions = ["checkout"],
): Release {
  const guards = guardsOf(`${COMPARING}\n${NUMBER}`);
  const plan = planOf("5% for 5m, 50% for 10m, 100% for 20m");
  const members = functions.map((name) => memberOf(name));
  return newRelease(termsOf({ members, plan, guards, whenInconclusive, holdLimits }), [], START);
}

/** The release after this many calls of each canary in the current step. */
function called(release: Release, ofStep = 1_000): Release {
  const trafficChecks = release.analysis.trafficChecks.map((each) => ({ ...each, ofStep }));
  return { ...release, analysis: { ...release.analysis, trafficChecks } };
}

const at = {
  first: (release: Release) => called(shifted(release, 0, START)),
  last: (release: Release) => called(shifted(shifted(release, 0, START), 1, START)),
  promoted: (release: Release) => called(promoted(shifted(shifted(release, 0, START), 1, START), START)),
};

test("a step without a single call of the canary lacks them, whatever was shown in the steps before it", () => {
  const passing = [saying(COMPARING, "pass"), saying(NUMBER, "pass")];
  expect(missingEvidence(at.last(releaseOf("proceed")), passing)).toBeNull();
  expect(missingEvidence(called(at.last(releaseOf("proceed")), 0), passing)).toStrictEqual({
    kind: "no-calls",
    functions: ["checkout"],
  });
});

function saying(rule: string, verdict: Verdict, underpowered = false): Analysis {
  const calls = { calls: 10, failures: 1 };
  const figures = {
    scope: "version",
    unit: "share",
    canary: calls,
    baseline: calls,
    allowed: 0.01,
    evidence: 0,
    underpowered,
    slow: null,
  } as const;
  const kind = rule === COMPARING ? "comparison" : rule === "traffic" ? "traffic" : "limit";
  return { kind, guard: { place: 0, text: rule }, target, verdict, reason: { kind: "indistinct" }, figures };
}

type When = keyof typeof at;

const RULES: readonly [
  rule: string,
  when: When,
  way: Release["whenInconclusive"],
  analyses: Analysis[],
  waits: boolean,
][] = [
  [
    "nothing is waited for where all pass",
    "last",
    "rollback",
    [saying(COMPARING, "pass"), saying(NUMBER, "pass")],
    false,
  ],
  [
    "a step that was too quiet waits, whatever step it is",
    "first",
    "proceed",
    [saying(COMPARING, "inconclusive", true)],
    true,
  ],
  ["so does the last one", "last", "proceed", [saying(NUMBER, "inconclusive", true)], true],
  ["and so does the final bake", "promoted", "proceed", [saying(NUMBER, "inconclusive", true)], true],
  [
    "before the last step, evidence that shows nothing either way is carried on",
    "first",
    "proceed",
    [saying(COMPARING, "inconclusive")],
    false,
  ],
  [
    "before the promotion a comparison that shows nothing either way is waited for",
    "last",
    "proceed",
    [saying(COMPARING, "inconclusive")],
    true,
  ],
  [
    "a guard against a number isn't: it can be held over the canary alone",
    "last",
    "proceed",
    [saying(NUMBER, "inconclusive"), saying(COMPARING, "pass")],
    false,
  ],
  [
    "after the promotion nothing is waited for that only shows nothing",
    "promoted",
    "proceed",
    [saying(NUMBER, "inconclusive")],
    false,
  ],
  [
    "where it means a rollback, any guard that shows nothing is waited for at any step",
    "first",
    "rollback",
    [saying(COMPARING, "pass"), saying(NUMBER, "inconclusive")],
    true,
  ],
  [
    "a rollback that isn't due to what is inconclusive isn't waited for",
    "first",
    "rollback",
    [saying(NUMBER, "error"), saying(COMPARING, "inconclusive")],
    false,
  ],
  [
    "a guard that passes though its calls were few isn't waited for",
    "first",
    "proceed",
    [saying(COMPARING, "pass", true)],
    false,
  ],
  ["without analyses nothing is lacking", "last", "rollback", [], false],
];

test("calls that have stopped are waited for, in every step", () => {
  const silent = { ...saying("traffic", "inconclusive"), figures: null };
  for (const when of ["first", "last"] as const) {
    expect(missingEvidence(at[when](releaseOf("proceed")), [silent])).toStrictEqual({
      kind: "judged",
      analysis: silent,
    });
  }
});

test.each(RULES)("%s", (_rule, when, way, analyses, waits) => {
  const lacks = missingEvidence(at[when](releaseOf(way)), analyses);
  const first = analyses.find(({ verdict }) => verdict === "inconclusive");
  expect(lacks).toStrictEqual(waits ? { kind: "judged", analysis: first } : null);
});

function having(release: Release, ...calls: readonly number[]): Release {
  return {
    ...release,
    analysis: {
      ...release.analysis,
      trafficChecks: release.analysis.trafficChecks.map((each, place) => ({ ...each, ofStep: calls[place] ?? 0 })),
    },
  };
}

test("a step lasts until min-invocations have been seen of each function, and says whose are lacking", () => {
  const release = at.first(
    releaseOf("proceed", { ...DEFAULT_HOLD_LIMITS, minInvocations: 1_000 }, ["checkout", "orders"]),
  );
  const lacks = (...calls: readonly number[]) =>
    missingEvidence(having(release, ...calls), [saying(COMPARING, "pass")]);
  expect(lacks(1_000, 1_000)).toBeNull();
  const few = (...had: readonly [name: string, calls: number][]) => ({
    kind: "few-calls",
    had: had.map(([name, calls]) => ({ function: name, calls })),
    needed: 1_000,
  });
  expect(lacks(999, 5_000)).toStrictEqual(few(["checkout", 999]));
  expect(lacks(0, 12)).toStrictEqual(few(["checkout", 0], ["orders", 12]));
});

test("min-invocations counts in the final bake too, and not where none are asked for", () => {
  const asking = having(at.promoted(releaseOf("proceed", { ...DEFAULT_HOLD_LIMITS, minInvocations: 10 })), 9);
  expect(missingEvidence(asking, [])).not.toBeNull();
  expect(missingEvidence(having(at.first(releaseOf("proceed")), 1), [])).toBeNull();
});

/** The moves after the end of a bake, by how many minutes the release has been held. */
function movesAfter(release: Release, analyses: readonly Analysis[], ...minutes: readonly number[]) {
  const end = endOfStage(release);
  return minutes.map((late) =>
    decide(release, { at: end + late * MINUTE, aborted: null, externalChanges: [], analyses }),
  );
}

test.each([
  ["proceed", "shift"],
  ["rollback", "roll-back"],
] as const)(
  "a step waits for as long as its bake again, and then goes on or back as was asked for: %s",
  (way, last) => {
    const underpowered = [saying(COMPARING, "inconclusive", true)];
    const moves = movesAfter(at.first(releaseOf(way)), underpowered, 0, 4.9, 5);
    expect(moves.map(({ kind }) => kind)).toStrictEqual(["wait", "wait", last]);
    expect(moves[0]).toStrictEqual({
      kind: "wait",
      until: START + 10 * MINUTE,
      lacks: { kind: "judged", analysis: underpowered[0] },
    });
  },
);

test("max-hold says how long a step waits, and 0 that it doesn't", () => {
  const underpowered = [saying(COMPARING, "inconclusive", true)];
  const held = (maxHold: number) =>
    movesAfter(at.first(releaseOf("proceed", { ...DEFAULT_HOLD_LIMITS, maxHold })), underpowered, 0, 1, 2, 3);
  expect(held(2 * MINUTE).map(({ kind }) => kind)).toStrictEqual(["wait", "wait", "shift", "shift"]);
  expect(held(0)[0]?.kind).toBe("shift");
});

test("the final bake waits for as long again too, or for max-hold, and then the release is finished", () => {
  const underpowered = [saying(NUMBER, "inconclusive", true)];
  const held = (holdLimits: typeof DEFAULT_HOLD_LIMITS, ...minutes: readonly number[]) =>
    movesAfter(at.promoted(releaseOf("proceed", holdLimits)), underpowered, ...minutes).map(({ kind }) => kind);
  expect(held(DEFAULT_HOLD_LIMITS, 0, 19.9, 20)).toStrictEqual(["wait", "wait", "finish"]);
  expect(held({ ...DEFAULT_HOLD_LIMITS, maxHold: 2 * MINUTE }, 1.9, 2)).toStrictEqual(["wait", "finish"]);
});

test("what was waited for and came is waited for no longer", () => {
  const release = at.last(releaseOf("rollback"));
  expect(movesAfter(release, [saying(COMPARING, "inconclusive")], 1)[0]?.kind).toBe("wait");
  expect(movesAfter(release, [saying(COMPARING, "pass")], 1)[0]?.kind).toBe("promote");
});

test("a fail isn't waited for", () => {
  const release = at.first(releaseOf("proceed", { ...DEFAULT_HOLD_LIMITS, minInvocations: 1_000 }));
  expect(movesAfter(release, [saying(COMPARING, "fail")], -1)[0]?.kind).toBe("roll-back");
});
