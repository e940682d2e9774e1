import assert from "node:assert/strict";
import type { Analysis } from "../../src/analysis/verdict.ts";
import { MINUTE } from "../../src/domain/time.ts";
import { promotion } from "../../src/release/ending.ts";
import type { Ending } from "../../src/release/events.ts";
import { pendingWrite, type WriteResult } from "../../src/release/fleet.ts";
import { newProgress, type Phase, type Progress } from "../../src/release/progress.ts";
import { endOfStage, newRelease, shifted } from "../../src/release/release.ts";
import { tick } from "../../src/release/tick.ts";
import { guardsOf, memberOf, planOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";

const START = Date.UTC(2026, 10, 21, 14);
const member = memberOf();
const { target } = member;

/** A release in a phase; Lambda hasn't moved the alias's calls yet. */
function inPhase(phase: Phase): Progress {
  const terms = {
    run: { id: "1", attempt: 1 },
    members: [member],
    plan: planOf("50% for 2m"),
    guards: guardsOf("error-rate <= baseline"),
    whenInconclusive: "proceed",
    holdLimits: { minInvocations: 0, maxHold: 0, maxUnreadable: MINUTE },
  } as const;
  const alias = { routing: { primary: "42", additional: null }, description: "", revision: "r1", movingFrom: "41" };
  const start = newProgress(newRelease(terms, [], START), [{ member, alias }], {
    poll: MINUTE,
    region: "eu-central-1",
  });
  return { ...start, phase };
}

const ROLLED_BACK: Ending = { outcome: "rolled-back", reason: { kind: "text", text: "it fails" }, verified: false };
const begun = { kind: "begun", at: START + MINUTE } as const;

describe("another process goes on with", () => {
  test("a promotion that hasn't taken effect", () => {
    const { progress, effects } = tick(inPhase({ kind: "arriving", since: START, toldAt: START }), begun);
    expect(progress.phase).toStrictEqual({ kind: "arriving", since: START, toldAt: begun.at });
    expect(effects.map(({ kind }) => kind)).toStrictEqual(["tell", "wait", "look"]);
  });

  test("the question who calls the function", () => {
    const { effects } = tick(inPhase({ kind: "explaining", ending: ROLLED_BACK, unseen: target }), begun);
    expect(effects).toStrictEqual([{ kind: "ask-callers", target }]);
  });

  test("nothing after the end", () => {
    const ended = inPhase({ kind: "ended", ending: ROLLED_BACK });
    expect(tick(ended, begun)).toStrictEqual({ progress: ended, effects: [] });
  });
});

test("news that nothing was done for is an error", () => {
  const looking = inPhase({ kind: "looking" });
  const written = { kind: "written", at: START, aborted: null, results: [] } as const;
  expect(() => tick(looking, written)).toThrow("written while looking");
  expect(() => tick(looking, { kind: "callers", at: START, text: "" })).toThrow("callers while looking");
});

test("a write that nobody waited for was stopped, and is taken back", () => {
  const { fleet } = inPhase({ kind: "looking" });
  const [before] = fleet;
  assert(before !== undefined);
  const record = { state: "canary", baseline: "41", canary: "42", weight: 50, step: 1, steps: 1 } as const;
  const stamp = { at: START, until: START + MINUTE, run: { id: "1", attempt: 1 } };
  const sent = { routing: { primary: "41", additional: { version: "42", weight: 50 } }, description: "" };
  const writes = [{ before, record: { ...record, ...stamp }, sent }];
  const shifting = inPhase({ kind: "shifting", step: 0, writes });
  const { progress } = tick(shifting, { kind: "written", at: START, aborted: null, results: [] });
  expect(progress.phase).toMatchObject({ kind: "rolling-back" });
});

test("a promotion whose credentials are about to expire before it takes effect is taken back", () => {
  const arriving = inPhase({ kind: "arriving", since: START, toldAt: START });
  const looked = { kind: "looked", at: START, aborted: null, aliases: null, observation: null } as const;
  const expiring = { kind: "credentials-expire", at: START + MINUTE } as const;
  const { progress } = tick(arriving, { ...looked, expiring });
  expect(progress.phase).toMatchObject({ kind: "rolling-back", problem: { reason: expiring } });
});

test("a promotion that has taken effect by now isn't taken back for credentials that expire soon", () => {
  const arriving = inPhase({ kind: "arriving", since: START, toldAt: START });
  const expiring = { kind: "credentials-expire", at: START + MINUTE } as const;
  const [held] = arriving.fleet;
  assert(held !== undefined);
  const alias = { ...held.alias, movingFrom: null };
  const looked = { kind: "looked", at: START, aborted: null, aliases: [{ kind: "read", alias }] } as const;
  const { effects } = tick(arriving, { ...looked, expiring, observation: null });
  expect(effects.map((effect) => effect.kind === "tell" && effect.happening.kind)).toContain("promoted");
});

test("an alias that can't be read while a promotion takes effect is told, and named if it is taken back", () => {
  const aliases = [{ kind: "unreadable", reason: "GetAlias was denied", isExpired: false }] as const;
  const looked = { kind: "looked", aborted: null, expiring: null, aliases, observation: null } as const;
  const after = (waited: number) =>
    tick(inPhase({ kind: "arriving", since: START, toldAt: null }), { ...looked, at: START + waited });
  const unreadable = [{ kind: "alias", reason: { kind: "unreadable", error: "GetAlias was denied" } }];
  expect(after(MINUTE).effects[0]).toMatchObject({
    happening: { kind: "noted", text: { kind: "arriving", unreadable } },
  });
  expect(after(20 * MINUTE).progress.phase).toMatchObject({
    kind: "rolling-back",
    problem: { reason: { kind: "not-arrived", unreadable } },
  });
});

test("a wait is told again when it lasts until another time", () => {
  const start = inPhase({ kind: "looking" });
  const release = { ...shifted(start.release, 0, START), holdLimits: { ...start.release.holdLimits, maxHold: MINUTE } };
  const at = endOfStage(release);
  const looked = { kind: "looked", at, aborted: null, expiring: null, aliases: null, observation: null } as const;
  const told = [null, at, at + MINUTE].map((heldUntil) => {
    const { effects } = tick({ ...start, release, heldUntil }, looked);
    return effects.flatMap((effect) => (effect.kind === "tell" ? [effect.happening.kind] : []));
  });
  expect(told).toStrictEqual([["held"], ["held"], []]);
});

test("a rollback that was stopped before its answer leaves a person with the command", () => {
  const { progress } = tick(inPhase({ kind: "looking" }), { kind: "failed", at: START, message: "?" });
  const { progress: after, effects } = tick(progress, { kind: "written", at: START, aborted: null, results: [] });
  expect(after.phase).toMatchObject({ kind: "ended", ending: { outcome: "failed" } });
  const told = effects.flatMap((effect) => (effect.kind === "tell" ? [effect.happening] : []));
  expect(told).toMatchObject([{ kind: "stranded", reason: { kind: "stuck", error: { kind: "write-stopped" } } }]);
});

test("what can't be taken back from a promotion may send everything to the canary", () => {
  const arriving = inPhase({ kind: "arriving", since: START, toldAt: START });
  const { progress } = tick(arriving, { kind: "failed", at: START, message: "?" });
  const results = [{ kind: "failed", reason: "denied", alias: null, mayLand: false }] as const;
  const { effects } = tick(progress, { kind: "written", at: START, aborted: null, results });
  expect(effects).toMatchObject([{ happening: { kind: "stranded", weight: 100 } }]);
});

describe("after a shift that got no answer", () => {
  const stamp = { at: START, until: START + MINUTE, run: { id: "1", attempt: 1 } };
  const record = { state: "canary", baseline: "41", canary: "42", weight: 50, step: 1, steps: 1, ...stamp } as const;
  const before = { routing: { primary: "41", additional: null }, description: "", revision: "r1", movingFrom: null };
  const start = inPhase({ kind: "looking" });
  const shift = pendingWrite({ member, alias: before, certainty: { kind: "firm" } }, record);
  const noAnswer = { kind: "failed", reason: "no answer", alias: null, mayLand: true } as const;
  const shifting = { ...start, phase: { kind: "shifting", step: 0, writes: [shift] } } as const;
  const { progress } = tick(shifting, { kind: "written", at: START, aborted: null, results: [noAnswer] });
  const rolledBack = (result: WriteResult) =>
    tick(progress, { kind: "written", at: START, aborted: null, results: [result] });

  test("what can't be taken back may have the weight of that shift", () => {
    const { effects } = rolledBack({ ...noAnswer, reason: "denied" });
    expect(effects).toMatchObject([{ happening: { kind: "stranded", weight: 50 } }]);
  });

  test("somebody else's change is told by what they changed, not by what the shift did", () => {
    const { routing, description } = shift.sent;
    const weights = { primary: "41", additional: { version: "42", weight: 90 } };
    const by = { ...before, routing: weights, description, revision: "r9" };
    const { progress: after } = rolledBack({ kind: "superseded", by });
    const change = { what: "changed", was: routing, routing: weights, isTextNew: false };
    expect(after.phase).toMatchObject({ ending: { outcome: "superseded", reason: { reasons: [change, {}] } } });
  });
});

test("of many comparisons without an answer, the reason names three, and how many more there are", () => {
  const open = (text: string, place: number): Analysis => {
    const reason = { kind: "unreadable", error: "not yet" } as const;
    return { kind: "comparison", guard: { place, text }, target, verdict: "inconclusive", reason, figures: null };
  };
  const { release } = inPhase({ kind: "looking" });
  const { reason } = worded(promotion(release, ["a", "b", "c", "d", "e"].map(open)));
  expect(reason).toMatch(/: a \(checkout\): not yet; b \(checkout\): not yet; c \(checkout\): not yet; and 2 more$/);
});
