import assert from "node:assert/strict";
import type { Analysis, Observation } from "../../src/analysis/verdict.ts";
import type { Alias } from "../../src/domain/alias.ts";
import type { LambdaSeries, Series } from "../../src/domain/ports.ts";
import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { promotion } from "../../src/release/ending.ts";
import type { Ending } from "../../src/release/events.ts";
import { type AliasReading, pendingWrite, type WriteResult } from "../../src/release/fleet.ts";
import {
  type Effect,
  type Looked,
  newProgress,
  type Phase,
  type Progress,
  type Ticked,
  type Written,
} from "../../src/release/progress.ts";
import { type Reason, said } from "../../src/release/reason.ts";
import { endOfStage, newRelease, promoted, rollbackRecord, shifted } from "../../src/release/release.ts";
import { tick } from "../../src/release/tick.ts";
import { guardsOf, memberOf, planOf, termsOf } from "../../testing/fakes/terms.ts";
import { worded } from "../../testing/fakes/worded.ts";
import { aliasAt, checkout, POLL, refund, SHIFTED, inPhase as underWay } from "./under-way.ts";

const START = Date.UTC(2026, 10, 21, 14);
const member = memberOf();
const { target } = member;

/** A release in a phase; Lambda hasn't moved the alias's calls yet. */
function inPhase(phase: Phase): Progress {
  const terms = termsOf({ members: [member], plan: planOf("50% for 2m"), guards: guardsOf("error-rate <= baseline") });
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
  expect(progress.phase).toMatchObject({ kind: "rolling-back", problem: { kind: "rollback", changes: [] } });
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

test("a shift tells when its step ends, and whether that may be sooner", () => {
  const told = (["by-time", "when-shown"] as const).map((advance) => {
    const start = inPhase({ kind: "looking" });
    const progress = {
      ...start,
      release: { ...start.release, advance },
      phase: { kind: "shifting", step: 0, writes: [] },
    } as const;
    const { effects } = tick(progress, { kind: "written", at: START, aborted: null, results: [] });
    return effects[0];
  });
  const shifted = { kind: "shifted", step: 0, until: START + 3 * MINUTE } as const;
  expect(told).toStrictEqual([
    { kind: "tell", happening: shifted },
    { kind: "tell", happening: { ...shifted, orSooner: true } },
  ]);
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

test("a change that a rollback runs into is told beside the one that it was made for", () => {
  const gone = { kind: "external-change", target: { ...target, function: "refund" }, what: "deleted" } as const;
  const start = inPhase({ kind: "looking" });
  const [before] = start.fleet;
  assert(before !== undefined);
  const writes = [pendingWrite(before, rollbackRecord(start.release, member, START))];
  const problem = { kind: "superseded", reason: gone, changes: [gone] } as const;
  const back = { ...start, phase: { kind: "rolling-back", problem, writes, unseen: null } } as const;
  const written = { kind: "written", at: START, aborted: null, results: [{ kind: "superseded", by: null }] } as const;
  const { progress } = tick(back, written);
  expect(progress.phase).toMatchObject({
    ending: { outcome: "superseded", reason: { reasons: [{ ...gone, target }, gone] } },
  });
});

test("why a promotion could not be judged names only the rules that could not", () => {
  const { release } = inPhase({ kind: "looking" });
  const said = (verdict: "pass" | "inconclusive", place: number): Analysis => {
    const reason = { kind: "unreadable", error: "not yet" } as const;
    return { kind: "comparison", guard: { place, text: verdict }, target, verdict, reason, figures: null };
  };
  const [good, open] = [said("pass", 0), said("inconclusive", 1)];
  expect(promotion(release, [good, open]).reason).toMatchObject({
    confidence: { kind: "unjudged", lacks: null, unjudged: { some: [open], count: 1 } },
  });
  expect(promotion(release, []).reason).toMatchObject({ confidence: { kind: "unjudged", lacks: "step" } });
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

// ------------------------------------------------------------------------------------------------- What a look does

const STEPS = "5% for 10m, 50% for 10m, 100% for 10m";
const END = START + 10 * MINUTE;
const CANCELLED = said("the workflow was cancelled");
const LOOKING = { kind: "looking" } as const;
const EVERYTHING = { kind: "look", at: "everything" } as const;

/** In the bake of a step, or in the final bake. */
function baking(step: number | "final", progress = underWay(LOOKING, STEPS, SHIFTED)): Progress {
  const { release } = progress;
  return { ...progress, release: step === "final" ? promoted(release, START) : shifted(release, step, START) };
}

function looked(at: number, news: Partial<Looked> = {}): Looked {
  return { kind: "looked", at, aborted: null, expiring: null, aliases: null, observation: null, ...news };
}

/** Calls a minute from the shift on, by whom they reached. */
function observed(at: number, calls: Readonly<Record<string, number>> = {}): Observation {
  const reading = (series: Series) => {
    const each = calls[(series as LambdaSeries).of] ?? 0;
    const minutes = Array.from({ length: each === 0 ? 0 : (at - START) / MINUTE }, (_, i) => START + i * MINUTE);
    return { kind: "points", points: new Map(minutes.map((minute) => [minute, each])) } as const;
  };
  return { at, reading, alarms: new Map() };
}

const read = (alias: Alias | null): AliasReading => ({ kind: "read", alias });
const unread = (isExpired: boolean): AliasReading => ({ kind: "unreadable", reason: "no answer", isExpired });
const same = read(SHIFTED);
const nameOfEffect = (effect: Effect) => (effect.kind === "tell" ? effect.happening.kind : effect.kind);
const told = ({ effects }: Ticked) => effects.flatMap((each) => (each.kind === "tell" ? [each.happening] : []));
const problem = ({ progress: { phase } }: Ticked) => (phase.kind === "rolling-back" ? phase.problem : phase.kind);

test("before its first shift a release looks at the credentials, and at everything after it", () => {
  expect(tick(underWay(LOOKING, STEPS), begun).effects).toStrictEqual([{ kind: "look", at: "credentials" }]);
  expect(tick(baking(0), begun).effects).toStrictEqual([EVERYTHING]);
});

test("another process makes the writes again that were under way", () => {
  const shift = tick(underWay(LOOKING, STEPS), looked(START));
  const promotion = tick(baking(1), looked(END));
  const back = tick(shift.progress, { kind: "failed", at: START, message: "it fails" });
  const first = ({ effects: [effect] }: Ticked) => [effect];
  for (const each of [shift, promotion, back]) expect(tick(each.progress, begun).effects).toStrictEqual(first(each));
  expect(
    [shift, promotion, back].map(({ effects: [effect] }) => effect?.kind === "write" && effect.isRollback),
  ).toEqual([false, false, true]);
});

test("a look waits for the next one, and for the end of the bake if that comes first, but for a second at least", () => {
  const pause = (at: number, news: Partial<Looked> = {}) => {
    const { effects, progress } = tick(baking(0), looked(at, news));
    expect(progress.phase).toStrictEqual(LOOKING);
    expect(effects.at(-1)).toStrictEqual(EVERYTHING);
    return effects.find(({ kind }) => kind === "wait");
  };
  const waits = (time: number) => ({ kind: "wait", for: time });
  expect(pause(START + MINUTE)).toStrictEqual(waits(POLL));
  expect(pause(END - 5 * SECOND)).toStrictEqual(waits(5 * SECOND));
  expect(pause(END - 1)).toStrictEqual(waits(SECOND));
  // What can't be read is read again at the next poll.
  expect(pause(START + MINUTE, { aliases: [unread(false), same] })).toStrictEqual(waits(POLL));
});

test("that a step is held is told once, and again only if it was not held in between", () => {
  const step = baking(0);
  const holdLimits = { minInvocations: 100, maxHold: 5 * MINUTE, maxUnreadable: 5 * MINUTE };
  const holding = { ...step, release: { ...step.release, holdLimits } };
  expect(tick(holding, looked(END)).effects.map(nameOfEffect)).toStrictEqual(["held", "wait", "look"]);
  const inBake = tick(holding, looked(END - MINUTE));
  expect(inBake.effects.map(nameOfEffect)).toStrictEqual(["wait", "look"]);
  expect(inBake.progress.heldUntil).toBeNull();
  const first = tick(inBake.progress, looked(END));
  expect(first.effects.map(nameOfEffect)).toStrictEqual(["held", "wait", "look"]);
  expect(told(first)).toMatchObject([{ until: END + 5 * MINUTE, lacks: { kind: "few-calls", needed: 100 } }]);
  const second = tick(first.progress, looked(END + MINUTE));
  expect(second.effects.map(nameOfEffect)).toStrictEqual(["wait", "look"]);
  const blind = tick(second.progress, looked(END + 2 * MINUTE, { aliases: [unread(false), same] }));
  expect(told(blind).map(({ kind }) => kind)).toStrictEqual(["judged"]);
  const again = tick(blind.progress, looked(END + 6 * MINUTE, { aliases: [same, same] }));
  expect(told(again).map(({ kind }) => kind)).toStrictEqual(["held"]);
});

test("a shift writes the next step to every alias, which may be as before or as that makes it until it is known", () => {
  const { progress, effects } = tick(baking(0), looked(END));
  assert(progress.phase.kind === "shifting");
  const { writes, step } = progress.phase;
  expect(step).toBe(1);
  expect(writes.map(({ before, record }) => ({ target: before.member.target, record }))).toMatchObject([
    { target: checkout.target, record: { state: "canary", weight: 50, step: 2, at: END } },
    { target: refund.target, record: { state: "canary", weight: 50, step: 2, at: END } },
  ]);
  expect(progress.fleet.map(({ certainty }) => certainty)).toStrictEqual(
    writes.map(({ sent }) => ({ kind: "uncertain", sent })),
  );
  expect(effects).toStrictEqual([{ kind: "write", writes, isRollback: false }]);
});

test("the last step is followed by the promotion, and the final bake by the end", () => {
  const promotion = tick(baking(1), looked(END)).progress.phase;
  expect(promotion).toMatchObject({
    kind: "promoting",
    writes: [{ record: { state: "promoted", version: "42" } }, {}],
  });
  const { phase } = tick(baking("final"), looked(END)).progress;
  expect(phase).toMatchObject({ kind: "ended", ending: { outcome: "promoted" } });
});

test("of several reasons to stop, a cancellation comes first, then expired credentials, then those that expire", () => {
  const expired = { aliases: [unread(true), same] };
  const expiring = { kind: "credentials-expire", at: START } as const;
  const all = { ...expired, aborted: CANCELLED, expiring };
  const reasons = [all, { ...all, aborted: null }, { expiring }].map((news) =>
    problem(tick(baking(0), looked(START, news))),
  );
  expect(reasons).toStrictEqual([
    { kind: "rollback", reason: CANCELLED, changes: [] },
    { kind: "rollback", reason: { kind: "credentials-expired", error: "no answer" }, changes: [] },
    { kind: "rollback", reason: expiring, changes: [] },
  ]);
});

test("somebody else's change is told, and given way to: only the other alias goes back", () => {
  const ticked = tick(baking(0), looked(START, { aliases: [read(aliasAt("40")), same] }));
  const { phase, fleet } = ticked.progress;
  expect(problem(ticked)).toMatchObject({
    kind: "superseded",
    changes: [{ kind: "external-change", target: checkout.target }],
  });
  expect(phase).toMatchObject({ writes: [{ before: { member: { target: refund.target } } }] });
  expect(fleet.map(({ certainty }) => certainty.kind)).toStrictEqual(["lost", "firm"]);
  expect(ticked.effects.map(nameOfEffect)).toStrictEqual(["serving", "write", "turned-back"]);
});

test("an alias that can't be read is told with the judgements, and takes the release back when that lasts", () => {
  const news = { aliases: [same, unread(false)] };
  const once = tick(baking(0), looked(START + MINUTE, news));
  expect(told(once)).toStrictEqual([
    {
      kind: "judged",
      analyses: [
        {
          ...{ kind: "alias", guard: null, target: refund.target, verdict: "error" },
          ...{ reason: { kind: "unreadable", error: "no answer" }, figures: null },
        },
      ],
      verified: false,
    },
  ]);
  const still = tick(once.progress, looked(START + 5 * MINUTE, news));
  expect(still.progress.phase).toStrictEqual(LOOKING);
  const back = tick(still.progress, looked(START + 6 * MINUTE, news));
  // Nobody asks who calls the function: its traffic is seen.
  expect(back.progress.phase).toMatchObject({ kind: "rolling-back", unseen: null });
});

test("an unexpected error takes all back, and is nobody else's change", () => {
  const failed = tick(baking(0), { kind: "failed", at: START, message: "?" });
  expect(problem(failed)).toMatchObject({ kind: "rollback", changes: [] });
});

test("where no traffic can be seen, the callers of that function are asked for once all is back", () => {
  const seen = (at: number) => looked(at, { observation: observed(at, { function: 100, alias: 100 }) });
  const at = START + 35 * MINUTE;
  const blind = tick(baking(0), seen(at - 5 * MINUTE));
  const later = tick(blind.progress, seen(at));
  expect(later.progress.phase).toMatchObject({ kind: "rolling-back", unseen: checkout.target });
  const results: WriteResult[] = [checkout, refund].map(() => ({ kind: "done", alias: aliasAt("41") }));
  const written: Written = { kind: "written", at, aborted: null, results };
  const asking = tick(later.progress, written);
  expect(asking.effects.map(nameOfEffect)).toStrictEqual(["serving", "serving", "ask-callers"]);
  expect(asking.effects.at(-1)).toStrictEqual({ kind: "ask-callers", target: checkout.target });
  const explained = tick(asking.progress, { kind: "callers", at, text: "the queue" });
  expect(explained.progress.phase).toMatchObject({ kind: "ended", ending: { outcome: "rolled-back" } });
});

test("a function that is only silent is asked nothing about when another reason takes the release back", () => {
  const { release, ...rest } = baking(0);
  const { analysis } = release;
  const trafficChecks = analysis.trafficChecks.map((each) => ({
    ...each,
    member: { ...each.member, longestSilence: 0 },
  }));
  const silent = { ...rest, release: { ...release, analysis: { ...analysis, trafficChecks } } };
  const seen = (at: number) => looked(at, { observation: observed(at), aliases: [same, unread(false)] });
  const blind = tick(silent, seen(START + 30 * MINUTE));
  expect(told(blind)).toMatchObject([
    { analyses: [{ kind: "traffic", verdict: "inconclusive" }, {}, { kind: "alias" }] },
  ]);
  const later = tick(blind.progress, seen(START + 35 * MINUTE));
  expect(later.progress.phase).toMatchObject({ kind: "rolling-back", unseen: null });
});

// ------------------------------------------------------------------------------------------- What comes of writes

const at = END + SECOND;
const shifting = tick(baking(0), looked(END)).progress;
const promoting = tick(baking(1), looked(END)).progress;
const there = (weight: number): Alias => ({
  ...{ description: "", revision: "r2", movingFrom: null },
  routing: { primary: "41", additional: { version: "42", weight } },
});
const written = (results: readonly WriteResult[], aborted: Reason | null = null): Written => {
  return { kind: "written", at, aborted, results };
};
const did = (alias: Alias): WriteResult => ({ kind: "done", alias });
const didnt: WriteResult = { kind: "failed", reason: "denied", alias: SHIFTED, mayLand: false };

test("a shift that is done is told with the end of its bake, and everything is looked at", () => {
  const { progress, effects } = tick(shifting, written([did(there(50)), did(there(50))]));
  expect(progress.phase).toStrictEqual(LOOKING);
  expect(progress.release.stage).toMatchObject({ kind: "baking", step: 1, bake: { since: at } });
  expect(progress.fleet).toMatchObject([
    { alias: there(50), certainty: { kind: "firm" } },
    { alias: there(50), certainty: { kind: "firm" } },
  ]);
  const shift = { kind: "shifted", step: 1, until: at + 10 * MINUTE };
  expect(effects).toStrictEqual([{ kind: "tell", happening: shift }, EVERYTHING]);
});

test("a promotion that is done and has taken effect begins its final bake at once", () => {
  const { progress, effects } = tick(promoting, written([did(aliasAt("42")), did(aliasAt("42"))]));
  expect(progress.release.stage).toMatchObject({ kind: "promoted", bake: { since: at } });
  expect(effects.map(nameOfEffect)).toStrictEqual(["promoted", "serving", "serving", "look"]);
});

test("a promotion that is done and has not taken effect is waited for from now on, which is told", () => {
  const { progress, effects } = tick(promoting, written([did(aliasAt("42")), did(aliasAt("42", "41"))]));
  expect(progress.phase).toStrictEqual({ kind: "arriving", since: at, toldAt: at });
  expect(effects.map(nameOfEffect)).toStrictEqual(["noted", "wait", "look"]);
});

test("one write that fails takes all back, also what was done", () => {
  const ticked = tick(shifting, written([did(there(50)), didnt]));
  expect(problem(ticked)).toStrictEqual({ kind: "rollback", reason: said("denied"), changes: [] });
  expect(ticked.progress.phase).toMatchObject({ writes: [{ before: { alias: there(50) } }, {}] });
  expect(ticked.effects.map(nameOfEffect)).toStrictEqual(["write", "turned-back"]);
});

test("somebody else's change is given way to, whatever else failed, and only what they made of it is told", () => {
  const superseded: WriteResult = { kind: "superseded", by: aliasAt("40") };
  for (const other of [didnt, did(there(50))]) {
    const ticked = tick(shifting, written([other, superseded]));
    expect(problem(ticked)).toMatchObject({
      kind: "superseded",
      changes: [{ kind: "external-change", target: refund.target }],
    });
    expect(ticked.progress.phase).toMatchObject({ writes: [{ before: { member: { target: checkout.target } } }] });
    expect(told(ticked)).toMatchObject([{ kind: "serving", target: refund.target }, { kind: "turned-back" }]);
  }
});

test("after a cancellation all goes back, whatever has come of the writes", () => {
  const ticked = tick(promoting, written([did(aliasAt("42")), { kind: "aborted" }], CANCELLED));
  expect(problem(ticked)).toStrictEqual({ kind: "rollback", reason: CANCELLED, changes: [] });
  expect(ticked.progress.fleet.map(({ certainty }) => certainty.kind)).toStrictEqual(["firm", "uncertain"]);
});

// ------------------------------------------------------------------------------------------------------- Judgements

/** In the first bake, with these guards on one function. */
function guarded(text: string): Progress {
  const progress = underWay(LOOKING, STEPS, SHIFTED);
  const { release, fleet } = progress;
  const order = { ...release, guards: guardsOf(text), members: [checkout] };
  return baking(0, { ...progress, fleet: fleet.slice(0, 1), release: newRelease(order, [], START) });
}

test("what every rule said last is kept, of a comparison what it said before the promotion", () => {
  const start = guarded("error-rate <= baseline\nthrottles < 5%");
  const seen = looked(START + MINUTE, { observation: observed(START + MINUTE) });
  const judged = tick(start, seen).progress;
  expect(judged.latest).toMatchObject([{ kind: "comparison", verdict: "inconclusive" }, { kind: "limit" }]);
  expect(told(tick(start, seen))).toMatchObject([{ kind: "judged", analyses: [{}, {}], verified: false }]);
  // A look without judgements, and one in the final bake.
  expect(tick(judged, looked(START + 2 * MINUTE)).progress.latest).toBe(judged.latest);
  const final = { ...judged, release: promoted(judged.release, START) };
  const after = tick(final, seen).progress.latest;
  expect(after).toHaveLength(2);
  expect(after[0]).toBe(judged.latest[0]);
});

test("a look is judged by the time of its figures, and moves by the time at which they are there", () => {
  const start = guarded("throttles < 5%");
  const { progress, effects } = tick(start, looked(END, { observation: observed(END - MINUTE) }));
  expect(progress.phase).toStrictEqual(LOOKING);
  expect(effects.map(nameOfEffect)).toStrictEqual(["judged", "wait", "look"]);
  expect(effects[1]).toStrictEqual({ kind: "wait", for: POLL });
});
