import assert from "node:assert/strict";
import fc from "fast-check";
import type { TrafficCheck } from "../../src/analysis/traffic-check.ts";
import { type Analysis, VERDICTS, type Verdict } from "../../src/analysis/verdict.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { afterLook, decide, type Look, type Move } from "../../src/release/decide.ts";
import type { ExternalChange } from "../../src/release/external-change.ts";
import type { Reason } from "../../src/release/reason.ts";
import { endOfStage, newRelease, promoted, type Release, shifted, weightOf } from "../../src/release/release.ts";
import { DEFAULT_HOLD_LIMITS, guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";

const member = memberOf("checkout", { isCalled: false });
const { target } = member;
const START = Date.UTC(2026, 10, 21, 14);

function releaseOf(steps: string, whenInconclusive: Release["whenInconclusive"] = "proceed"): Release {
  return newRelease(termsOf({ members: [member], plan: planOf(steps), whenInconclusive }), [], START);
}

const CANCELLED: Reason = { kind: "text", text: "the workflow was cancelled" };
const DELETED: ExternalChange = { kind: "external-change", target, what: "deleted" };

function saying(verdict: Verdict): Analysis {
  return {
    kind: "comparison",
    guard: { place: 0, text: "error-rate <= baseline" },
    target,
    verdict,
    reason: { kind: "indistinct" },
    figures: null,
  };
}

function look(at: number, ...verdicts: Verdict[]): Look {
  return { at, aborted: null, externalChanges: [], analyses: verdicts.map(saying) };
}

const baking = shifted(releaseOf("5% for 5m, 25% for 5m"), 0, START);
const over = START + 5 * MINUTE;

const RULES: readonly [rule: string, release: Release, look: Look, move: Move][] = [
  ["a release begins with its first step", releaseOf("5% for 5m"), look(START), { kind: "shift", step: 0 }],
  ["a plan without steps promotes at once", releaseOf("AllAtOnce"), look(START), { kind: "promote" }],
  [
    "a bake lasts to its end, however good it looks",
    baking,
    look(over - 1, "pass"),
    { kind: "wait", until: over, lacks: null },
  ],
  ["a bake that is over is followed by the next step", baking, look(over, "pass"), { kind: "shift", step: 1 }],
  ["the last step is followed by the promotion", shifted(baking, 1, START), look(over, "pass"), { kind: "promote" }],
  [
    "a fail rolls back at any look, not only at the end of a bake",
    baking,
    look(START + 1, "pass", "fail"),
    { kind: "roll-back", reason: { kind: "judged", analysis: saying("fail") } },
  ],
  [
    "an inconclusive step proceeds when that is asked for",
    baking,
    look(over, "inconclusive"),
    { kind: "shift", step: 1 },
  ],
  [
    "an inconclusive step rolls back when that is asked for",
    { ...baking, whenInconclusive: "rollback" },
    look(over, "inconclusive"),
    {
      kind: "roll-back",
      reason: { kind: "inconclusive", lacks: { kind: "judged", analysis: saying("inconclusive") } },
    },
  ],
  [
    "unreadable metrics hold the weight, even when the bake is over",
    baking,
    look(over, "error"),
    { kind: "wait", until: over, lacks: null },
  ],
  ["an abort rolls back", baking, { ...look(START), aborted: CANCELLED }, { kind: "roll-back", reason: CANCELLED }],
  [
    "another hand on the alias is given way to, before anything else",
    baking,
    { ...look(START, "fail"), aborted: CANCELLED, externalChanges: [DELETED] },
    { kind: "give-way", reason: { kind: "all", reasons: [DELETED] } },
  ],
  ["without a final bake a promoted release is finished", promoted(baking, START), look(START), { kind: "finish" }],
  [
    "in the final bake a fail still rolls back",
    promoted(releaseOf("5% for 5m, 100% for 5m"), START),
    look(START + MINUTE, "fail"),
    { kind: "roll-back", reason: { kind: "judged", analysis: saying("fail") } },
  ],
];

test.each(RULES)("%s", (_rule, release, seen, move) => expect(decide(release, seen)).toStrictEqual(move));

test("time in which the metrics can't be read is not baked, and after five minutes it rolls back", () => {
  const blind = afterLook(baking, look(START + MINUTE, "error"));
  expect(decide(blind, look(START + 6 * MINUTE - 1, "error")).kind).toBe("wait");
  expect(decide(blind, look(START + 6 * MINUTE, "error"))).toStrictEqual({
    kind: "roll-back",
    reason: { kind: "unreadable", lasted: 5 * MINUTE, analysis: saying("error") },
  });
  const seeing = afterLook(blind, look(START + 3 * MINUTE, "pass"));
  expect(endOfStage(seeing)).toBe(over + 2 * MINUTE);
});

test("metrics that stay unreadable have been so since the first look that could not read them", () => {
  const once = afterLook(baking, look(START + MINUTE, "error"));
  const twice = afterLook(once, look(START + 4 * MINUTE, "error"));
  expect(decide(twice, look(START + 6 * MINUTE, "error")).kind).toBe("roll-back");
});

test("all that others changed is told", () => {
  const other = { ...DELETED, target: { ...target, function: "refund" } };
  const seen = { ...look(START), externalChanges: [DELETED, other] };
  expect(decide(baking, seen)).toStrictEqual({ kind: "give-way", reason: { kind: "all", reasons: [DELETED, other] } });
});

// --------------------------------------------------------------------------------- Late figures, and none at all

/** The release with a check of the traffic of each of these functions. */
function checking(release: Release, ...checks: readonly Partial<TrafficCheck>[]): Release {
  const [first] = release.analysis.trafficChecks;
  assert(first !== undefined);
  const trafficChecks = checks.map((check) => ({ ...first, ofStep: 100, ...check }));
  return { ...release, analysis: { ...release.analysis, trafficChecks } };
}

/** Figures that show up to so long before the end of the bake. */
const lateBy = (time: number) => ({ late: { kind: "late", target, of: "42", shownUntil: over - time } }) as const;
/** Held by the evidence, once nothing is late any more. */
const few = [{ ...saying("inconclusive"), figures: { underpowered: true } as Analysis["figures"] }];

test("a bake waits for its late figures, ten minutes at most, as long as the last one that counts doesn't show", () => {
  const waits = { kind: "wait", until: over + 10 * MINUTE, lacks: lateBy(2 * MINUTE + 1).late };
  const move = (...checks: readonly Partial<TrafficCheck>[]) =>
    decide(checking(baking, ...checks), { ...look(over), analyses: [saying("pass")] });
  // The last two minutes of a bake never show by its end.
  expect(move(lateBy(2 * MINUTE + 1))).toStrictEqual(waits);
  expect(move(lateBy(2 * MINUTE))).toStrictEqual({ kind: "shift", step: 1 });
  expect(move(lateBy(0), lateBy(3 * MINUTE))).toStrictEqual({ ...waits, lacks: lateBy(3 * MINUTE).late });
  expect(move({ late: null })).toStrictEqual({ kind: "shift", step: 1 });
  // Calls that may run for 15 minutes show only then.
  const slow = { ...lateBy(3 * MINUTE), member: { ...member, timeout: 15 * MINUTE } };
  expect(move(slow)).toStrictEqual({ ...waits, until: over + 17 * MINUTE, lacks: lateBy(3 * MINUTE).late });
});

test("a hold begins only when the late figures are there, and where there are none it doesn't wait for that", () => {
  const awaited = (release: Release): Release => {
    assert(release.stage.kind === "baking");
    return { ...release, stage: { ...release.stage, bake: { ...release.stage.bake, awaited: 3 * MINUTE } } };
  };
  const holdLimits = { ...baking.holdLimits, maxHold: 4 * MINUTE };
  const until = (...checks: readonly Partial<TrafficCheck>[]) => {
    const move = decide(checking(awaited({ ...baking, holdLimits }), ...checks), { ...look(over), analyses: few });
    return move.kind === "wait" ? move.until : move;
  };
  expect(until({ isSilent: false })).toBe(over + 7 * MINUTE);
  expect(until({ isSilent: true })).toBe(over + 4 * MINUTE);
  expect(until({ isSilent: true }, { isSilent: false })).toBe(over + 7 * MINUTE);
});

test("the time in which late figures were waited for is kept, as long as they are late", () => {
  const awaited = (release: Release) => (release.stage.kind === "baking" ? release.stage.bake.awaited : null);
  const late = checking(baking, lateBy(3 * MINUTE));
  const seen = (release: Release, at: number, verdict: Verdict = "pass") => afterLook(release, look(at, verdict));
  expect(awaited(seen(late, over - 1))).toBe(0);
  const waited = seen(late, over + 2 * MINUTE);
  expect(awaited(waited)).toBe(2 * MINUTE);
  expect(awaited(seen(waited, over + MINUTE))).toBe(2 * MINUTE);
  expect(awaited(seen(waited, over + 5 * MINUTE))).toBe(5 * MINUTE);
  expect(awaited(seen(checking(waited, { late: null }), over + 5 * MINUTE))).toBe(2 * MINUTE);
});

test("while the metrics can't be read, nothing counts as awaited: that time is lost", () => {
  const late = checking(baking, lateBy(3 * MINUTE));
  const blind = afterLook(late, look(over + MINUTE, "error"));
  expect(blind.stage).toMatchObject({ bake: { awaited: 0, unreadableSince: over + MINUTE, lost: 0 } });
  const still = afterLook(blind, look(over + 2 * MINUTE, "error"));
  expect(still.stage).toMatchObject({ bake: { awaited: 0, unreadableSince: over + MINUTE, lost: 0 } });
  const seeing = afterLook(still, look(over + 3 * MINUTE, "pass"));
  expect(seeing.stage).toMatchObject({ bake: { awaited: 0, unreadableSince: null, lost: 2 * MINUTE } });
});

test("where nobody calls the function any more, an inconclusive step goes on before the last, and back from there", () => {
  const strict = { ...shifted(releaseOf("5% for 5m, 25% for 5m, 100% for 5m", "rollback"), 0, START) };
  const last = shifted(strict, 1, START);
  const moves = [strict, last, promoted(last, START)].map((release) =>
    [true, false].map((isSilent) => decide(checking(release, { isSilent }), { ...look(over), analyses: few }).kind),
  );
  expect(moves).toStrictEqual([
    ["shift", "roll-back"],
    ["roll-back", "roll-back"],
    ["roll-back", "roll-back"],
  ]);
});

test("a function that nobody calls excuses no other function of its fleet", () => {
  const refund = { ...member, target: { ...target, function: "refund" } };
  const strict = shifted(releaseOf("5% for 5m, 25% for 5m", "rollback"), 0, START);
  const fleet = (of: Partial<TrafficCheck>) =>
    checking(strict, { isSilent: true, ofStep: 0 }, { member: refund, ...of });
  const moves = (of: Partial<TrafficCheck>, open: readonly Analysis[]) =>
    decide(fleet(of), { ...look(over), analyses: open }).kind;
  const [ofCheckout] = few;
  const ofRefund = { ...saying("inconclusive"), target: refund.target, figures: ofCheckout?.figures ?? null };
  expect(moves({}, few)).toBe("shift");
  expect(moves({}, [...few, ofRefund])).toBe("roll-back");
  expect(moves({}, [...few, { ...ofRefund, verdict: "pass" }])).toBe("shift");
  expect([moves({ ofStep: 0 }, few), moves({ ofStep: 1 }, few)]).toStrictEqual(["roll-back", "shift"]);
  expect(moves({}, [...few, { ...ofRefund, target: null }])).toBe("roll-back");
});

// ---------------------------------------------------------------------------------- As soon as it is shown

const GUARDS = guardsOf("error-rate <= baseline\nerror-rate <= 5%");

/** In its first step, with so many whole minutes of it judged by each watch, and calls of the canary. */
function showing(minutes: readonly number[], more: Partial<Parameters<typeof termsOf>[0]> = {}): Release {
  const terms = termsOf({
    members: [member],
    plan: planOf("5% for 20m, 50% for 20m, 100% for 20m"),
    guards: GUARDS,
    advance: "when-shown",
    holdLimits: { ...DEFAULT_HOLD_LIMITS },
    ...more,
  });
  const release = checking(shifted(newRelease(terms, [], START), 0, START), {});
  const watches = release.analysis.watches.map((watch, place) => {
    const judged = Array.from({ length: minutes[place % minutes.length] ?? 0 }, (_, minute) => START + minute * MINUTE);
    return { ...watch, ofStep: { ...watch.ofStep, minutes: judged } };
  });
  return { ...release, analysis: { ...release.analysis, watches } };
}

const limit = (verdict: Verdict): Analysis => ({ ...saying(verdict), kind: "limit" });
const level = (kind: "over" | "within" | "unarmed"): Analysis => {
  const status = { kind, latest: 1, over: 0 };
  const measured = { kind: "level", signal: "iterator-age" } as const;
  const measurement = { kind: "level", measured, status, limit: { limit: 1, hold: MINUTE, period: MINUTE } } as const;
  return { ...limit("inconclusive"), reason: { kind: "measured", measurement, isWhole: false, overBefore: null } };
};
const early = START + 5 * MINUTE;
const seeing = (...analyses: readonly Analysis[]): Look => ({ ...look(early), analyses });
const silent: Analysis = { ...saying("inconclusive"), kind: "traffic", guard: null };

test("a step ends as soon as all comparisons have passed, by two minutes of its own; the last one with the promotion", () => {
  const shown = showing([2]);
  expect(decide(shown, seeing(saying("pass"), limit("pass")))).toStrictEqual({ kind: "shift", step: 1 });
  // A fixed limit can be held over the canary alone, so it needn't have passed.
  expect(decide(shown, seeing(saying("pass"), limit("inconclusive")))).toStrictEqual({ kind: "shift", step: 1 });
  const last = { ...shown, plan: planOf("5% for 20m") };
  expect(decide(last, seeing(saying("pass")))).toStrictEqual({ kind: "promote" });
});

const NOT_YET: readonly [why: string, release: Release, look: Look][] = [
  ["it goes by time", showing([2], { advance: "by-time" }), seeing(saying("pass"))],
  ["only one minute of the step was judged", showing([1]), seeing(saying("pass"))],
  ["a comparison has not passed", showing([2]), seeing(saying("pass"), saying("inconclusive"))],
  ["a comparison was not made", showing([2]), seeing(limit("pass"))],
  ["figures are late", checking(showing([2]), lateBy(0)), seeing(saying("pass"))],
  ["the function's calls have stopped", showing([2]), seeing(saying("pass"), silent)],
  ["the canary had no calls in the step", checking(showing([2]), { ofStep: 0 }), seeing(saying("pass"))],
  [
    "it had fewer than min-invocations",
    showing([2], { holdLimits: { ...DEFAULT_HOLD_LIMITS, minInvocations: 101 } }),
    seeing(saying("pass")),
  ],
  [
    "a fixed limit had too few calls for any verdict",
    showing([2]),
    seeing(saying("pass"), { ...limit("inconclusive"), figures: few[0]?.figures ?? null }),
  ],
  ["a level is over its limit", showing([2]), seeing(saying("pass"), level("over"))],
  [
    "a fixed limit shows nothing, and that means a rollback",
    showing([2], { whenInconclusive: "rollback" }),
    seeing(saying("pass"), limit("inconclusive")),
  ],
];

test.each(NOT_YET)("a step goes on to its end while %s", (_why, release, seen) => {
  expect(decide(release, seen)).toStrictEqual({ kind: "wait", until: START + 20 * MINUTE, lacks: null });
});

test("a level that is within its limit, or that doesn't count, holds up nothing", () => {
  for (const kind of ["within", "unarmed"] as const) {
    expect(decide(showing([2]), seeing(saying("pass"), level(kind))).kind).toBe("shift");
  }
});

test("in a fleet, two minutes of each function must have been judged; of fixed limits none", () => {
  const refund = memberOf("refund");
  const fleet = (...minutes: readonly number[]) => {
    const release = showing(minutes, { members: [member, refund] });
    const checks = [member, refund].map((each) => ({ member: each }));
    return decide(checking(release, ...checks), seeing(saying("pass"))).kind;
  };
  // The watches are the comparison and the limit of one function, then those of the other.
  expect([fleet(2, 0, 2, 0), fleet(2, 2, 1, 2), fleet(1, 2, 2, 2)]).toStrictEqual(["shift", "wait", "wait"]);
});

test("once it is shown, a fail still takes everything back, and unreadable metrics hold the weight", () => {
  expect(decide(showing([2]), seeing(saying("pass"), limit("fail"))).kind).toBe("roll-back");
  expect(decide(showing([2]), seeing(saying("pass"), saying("error"))).kind).toBe("wait");
});

test("the final bake goes by time: nothing can be shown there", () => {
  const shown = showing([2]);
  const { analysis, ...after } = checking(promoted(shown, START), {});
  const final = { ...after, analysis: { ...analysis, watches: shown.analysis.watches } };
  expect(decide(final, seeing(limit("pass"))).kind).toBe("wait");
  expect(decide(final, seeing(saying("pass"))).kind).toBe("wait");
});

// ------------------------------------------------------------------------------------ Ahead of their figures

/** In the first of two steps that are too short for figures of their own. */
function ahead(more: Partial<Parameters<typeof termsOf>[0]> = {}): Release {
  const plan = planOf("5% for 1m, 50% for 1m");
  const terms = termsOf({ members: [member], plan, guards: GUARDS, holdLimits: DEFAULT_HOLD_LIMITS, ...more });
  return checking(shifted(newRelease(terms, [], START), 0, START), { ofStep: 0 });
}

const soon = START + MINUTE;
const tooFew = { ...look(soon), analyses: few };

test("a step that is too short for figures of its own is followed by the next one on time, whatever it lacks", () => {
  expect(decide(ahead(), { ...tooFew, at: soon - 1 })).toStrictEqual({ kind: "wait", until: soon, lacks: null });
  expect(decide(ahead(), tooFew)).toStrictEqual({ kind: "shift", step: 1 });
});

test("the last of such steps waits for the figures of all, and for evidence like any other", () => {
  const last = checking(shifted(ahead(), 1, soon), { ofStep: 0 });
  const due = START + 4 * MINUTE;
  expect(decide(last, { ...tooFew, at: due - 1 })).toStrictEqual({ kind: "wait", until: due, lacks: null });
  expect(decide(last, { ...tooFew, at: due })).toMatchObject({ kind: "wait", until: due + MINUTE });
  expect(decide(last, { ...tooFew, at: due + MINUTE })).toStrictEqual({ kind: "promote" });
  const late = { late: { kind: "late", target, of: "42", shownUntil: START + 2 * MINUTE - 1 } } as const;
  expect(decide(checking(last, late), { ...look(due, "pass") })).toMatchObject({ kind: "wait", lacks: late.late });
});

test("where each step has to show something, none runs ahead", () => {
  const strict = { whenInconclusive: "rollback" } as const;
  const counting = { holdLimits: { ...DEFAULT_HOLD_LIMITS, minInvocations: 1 } };
  for (const more of [strict, counting]) {
    expect(decide(ahead(more), tooFew)).toStrictEqual({ kind: "wait", until: START + 3 * MINUTE, lacks: null });
    expect(decide(ahead(more), { ...tooFew, at: START + 3 * MINUTE })).toMatchObject({ kind: "wait", lacks: {} });
  }
});

test("what runs ahead stops for a fail, for metrics that can't be read, for calls that stop, and for late figures", () => {
  expect(decide(ahead(), look(soon, "fail")).kind).toBe("roll-back");
  expect(decide(ahead(), look(soon, "error")).kind).toBe("wait");
  expect(decide(ahead(), { ...look(soon), analyses: [silent] })).toMatchObject({ kind: "wait", until: soon + MINUTE });
  const late = (shownUntil: number) =>
    checking(ahead(), { late: { kind: "late", target, of: "function", shownUntil } });
  expect(decide(late(soon - 2 * MINUTE - 1), look(soon)).kind).toBe("wait");
  expect(decide(late(soon - 2 * MINUTE), look(soon)).kind).toBe("shift");
});

/** Everything that can happen between two moves. */
const happenings = fc.array(
  fc.record({
    verdicts: fc.array(fc.constantFrom(...VERDICTS), { maxLength: 3 }),
    passed: fc.integer({ min: 1, max: 8 * MINUTE }),
    aborted: fc.integer({ min: 0, max: 30 }).map((n) => n === 0),
    intruded: fc.integer({ min: 0, max: 60 }).map((n) => n === 0),
  }),
  { minLength: 40, maxLength: 60 },
);
const plans = fc.constantFrom(
  "5% for 5m, 25% for 5m",
  "1% for 1m, 2% for 1m, 50% for 1h",
  "50% for 5m, 100% for 5m",
  "AllAtOnce",
);
const ways = fc.constantFrom<Release["whenInconclusive"]>("proceed", "rollback");

test("on every path weights never fall but to 0, nothing is promoted against a fail or an abort, and all or nothing stands at the end", () => {
  fc.assert(
    fc.property(plans, ways, happenings, (steps, way, story) => {
      let release = releaseOf(steps, way);
      let at = START;
      let weight = 0;
      let ended = false;
      for (const { verdicts, passed, aborted, intruded } of story) {
        at += passed;
        const seen: Look = {
          ...look(at, ...(release.stage.kind === "ready" ? [] : verdicts)),
          aborted: aborted ? CANCELLED : null,
          externalChanges: intruded ? [DELETED] : [],
        };
        release = afterLook(release, seen);
        const move = decide(release, seen);
        const failing = seen.analyses.some(({ verdict }) => verdict === "fail" || verdict === "error");
        const before = weight;
        switch (move.kind) {
          case "wait":
            break;
          case "shift":
            release = shifted(release, move.step, at);
            weight = weightOf(release);
            expect(weight).toBeGreaterThan(before);
            break;
          case "promote":
            release = promoted(release, at);
            weight = 100;
            break;
          case "roll-back":
          case "give-way":
            weight = 0;
            ended = true;
            break;
          case "finish":
            ended = true;
            break;
        }
        if (weight > before || move.kind === "finish") {
          expect({ failing, aborted, intruded }).toStrictEqual({ failing: false, aborted: false, intruded: false });
        }
        if (aborted && !intruded) expect(weight).toBe(0);
        if (ended) {
          expect([0, 100]).toContain(weight);
          return;
        }
      }
    }),
    { numRuns: 2000 },
  );
});
