import { MINUTE, SECOND } from "../../src/domain/time.ts";
import type { AliasReading } from "../../src/release/fleet.ts";
import type { Looked, Progress } from "../../src/release/progress.ts";
import { said } from "../../src/release/reason.ts";
import { LONGEST_MOVE } from "../../src/release/serving.ts";
import { tick } from "../../src/release/tick.ts";
import { aliasAt, checkout, inPhase, POLL, refund, START, wholly } from "./under-way.ts";

const moving = aliasAt("42", "41");
const there = aliasAt("42");

/** Lambda has yet to move the calls of the first alias, or of both. */
function arriving(toldAt: number | null = START, first = moving, second = there, plan = "50% for 5m"): Progress {
  return inPhase({ kind: "arriving", since: START, toldAt }, plan, first, second);
}

function looked(at: number, news: Partial<Looked> = {}): Looked {
  return { kind: "looked", at, aborted: null, expiring: null, aliases: null, observation: null, ...news };
}

/** Nobody else changed anything. */
const ROLLBACK = { kind: "rollback", changes: [] };
const read = (alias: typeof there | null): AliasReading => ({ kind: "read", alias });

/** What is done next, with the kind of what is told. */
function done(progress: Progress, news: Looked) {
  const { progress: next, effects } = tick(progress, news);
  const told = effects.map((effect) => (effect.kind === "tell" ? effect.happening.kind : effect.kind));
  return { phase: next.phase.kind, told, effects, next };
}

test("while calls are still moved, the aliases alone are looked at, each poll", () => {
  const { phase, effects } = done(arriving(), looked(START + SECOND));
  expect(phase).toBe("arriving");
  expect(effects).toStrictEqual([
    { kind: "wait", for: POLL },
    { kind: "look", at: "aliases" },
  ]);
});

test("that it waits is told at once, and then every minute", () => {
  const telling = (toldAt: number | null, at: number) => {
    const { next, told } = done(arriving(toldAt), looked(at));
    return [told.includes("noted"), next.phase.kind === "arriving" && next.phase.toldAt];
  };
  expect(telling(null, START)).toStrictEqual([true, START]);
  expect(telling(START, START + MINUTE - 1)).toStrictEqual([false, START]);
  expect(telling(START, START + MINUTE)).toStrictEqual([true, START + MINUTE]);
});

test("every alias that it waits for is told, and every change by somebody else", () => {
  const { effects } = done(arriving(null, moving, moving), looked(START));
  const [first] = effects;
  expect(first).toMatchObject({
    happening: { text: { kind: "arriving", moves: [{ target: checkout.target }, { target: refund.target }] } },
  });
  const { next } = done(arriving(), looked(START, { aliases: [read(null), read(null)] }));
  expect(next.phase).toMatchObject({
    ending: {
      outcome: "superseded",
      reason: { reasons: [{ kind: "all", reasons: [{ target: checkout.target }, { target: refund.target }] }] },
    },
  });
});

test("what hasn't taken effect after twenty minutes goes back", () => {
  expect(done(arriving(), looked(START + LONGEST_MOVE - 1)).phase).toBe("arriving");
  const { next } = done(arriving(), looked(START + LONGEST_MOVE));
  expect(next.phase).toMatchObject({ kind: "rolling-back", problem: ROLLBACK });
});

test("a cancellation takes back what hasn't taken effect", () => {
  const { next } = done(arriving(), looked(START, { aborted: said("the workflow was cancelled") }));
  expect(next.phase).toMatchObject({ kind: "rolling-back", problem: ROLLBACK });
});

test("once all calls are there, each alias is told, and a release without a final bake ends", () => {
  const aliases = [read(there), read(there)];
  const { next, effects } = done(arriving(), looked(START + MINUTE, { aliases }));
  expect(next.phase).toMatchObject({ kind: "ended", ending: { outcome: "promoted" } });
  expect(next.release.stage).toMatchObject({ kind: "promoted", bake: { since: START + MINUTE } });
  const serving = { kind: "serving", routing: wholly("42") };
  expect(effects).toStrictEqual(
    [
      { kind: "promoted", until: null },
      { ...serving, target: checkout.target },
      { ...serving, target: refund.target },
    ].map((happening) => ({ kind: "tell", happening })),
  );
});

test("once all calls are there, a final bake begins: its end is told, and everything is looked at", () => {
  const aliases = [read(there), read(there)];
  const plan = "50% for 5m, 100% for 10m";
  const { phase, told, effects } = done(arriving(START, moving, there, plan), looked(START + MINUTE, { aliases }));
  expect(phase).toBe("looking");
  expect(told).toStrictEqual(["promoted", "serving", "serving", "look"]);
  expect(effects[0]).toMatchObject({ happening: { until: START + 11 * MINUTE } });
  expect(effects.at(-1)).toStrictEqual({ kind: "look", at: "everything" });
});

test("one alias that is still moved keeps the whole fleet waiting", () => {
  expect(done(arriving(), looked(START, { aliases: [read(there), read(there)] })).phase).toBe("ended");
  expect(done(arriving(), looked(START, { aliases: [read(there), read(moving)] })).phase).toBe("arriving");
});

test("somebody else's change is told and left alone; the other alias goes back", () => {
  const theirs = aliasAt("40");
  const { next, told } = done(arriving(), looked(START, { aliases: [read(theirs), read(there)] }));
  expect(next.phase).toMatchObject({
    kind: "rolling-back",
    problem: { kind: "superseded" },
    writes: [{ before: { member: { target: refund.target } } }],
  });
  expect(told).toStrictEqual(["serving", "write", "turned-back"]);
});

test("expired credentials take it back at once; an alias that can't be read for another reason is waited for", () => {
  const unreadable = (isExpired: boolean): AliasReading => ({ kind: "unreadable", reason: "no answer", isExpired });
  const after = (isExpired: boolean) =>
    done(arriving(), looked(START, { aliases: [unreadable(isExpired), read(there)] })).next.phase;
  expect(after(true)).toMatchObject({ kind: "rolling-back", problem: ROLLBACK });
  expect(after(false)).toMatchObject({ kind: "arriving" });
});
