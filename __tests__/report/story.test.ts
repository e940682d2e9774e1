import assert from "node:assert/strict";
import fc from "fast-check";
import { headline } from "../../src/report/headline.ts";
import { servingSummary } from "../../src/report/serving-summary.ts";
import { advance, gist, stepsOf, strandedOf, tell, unwritten, weightNow } from "../../src/report/story.ts";
import type { ToldAnalysis as Analysis } from "../../src/report/told.ts";
import { guardsOf, planOf } from "../../testing/fakes/terms.ts";
import { after, counted, instant, RULE, STORIES, started, target } from "./stories.ts";

function storyOf(name: string) {
  return tell(STORIES[name] ?? assert.fail(name));
}

const HEADLINES: Readonly<Record<string, string>> = {
  preparing: "🐤 checkout · getting ready",
  ready: "🐤 checkout · about to release 41 → 42",
  baking: "🐤 checkout · releasing 41 → 42 · 25 %",
  "final-bake": "🐤 checkout · promoted 41 → 42 · still watched",
  "rolling-back": "↩️ checkout · rolling back 42 → 41",
  "rolled-back": "↩️ checkout · rolled back 42 → 41, no action needed",
  aborted: "↩️ checkout · rolled back 42 → 41, no action needed",
  "promoted-verified": "✅ checkout · promoted 41 → 42, shown to be as good",
  "promoted-unjudged": "⚠️ checkout · promoted 41 → 42, and something could not be judged",
  "promoted-unopposed": "☑️ checkout · promoted 41 → 42, nothing spoke against it",
  created: "🌱 checkout · created at 1, compared with nothing",
  unchanged: "✅ checkout · unchanged, already on 41",
  superseded: "✋ checkout · superseded, someone else changed the alias",
  stranded: "🚨 checkout · rollback failed · act now",
  "failed-early": "❌ checkout · failed before any traffic was moved",
  fleet: "🐤 3 functions · releasing · 5 %",
  "fleet-rolled-back": "↩️ 3 functions · rolled back, no action needed",
  "fleet-stranded": "🚨 3 functions · rollback failed · act now",
  "rollback-command": "↩️ checkout · rolled back to 41",
};
test.each(Object.entries(HEADLINES))("the headline of %s", (name, expected) => {
  const { symbol, subject, words } = headline(storyOf(name));
  expect(`${symbol} ${subject} · ${words}`).toBe(expected);
});

test("a step, a verdict, a hold, a warning and the end are news; figures and notes alone are not", () => {
  const look = (verdict: "inconclusive" | "pass", calls: number) =>
    ({ kind: "judged", verified: false, analyses: [counted(verdict, 0, [1, calls], [1, calls])] }) as const;
  const events = [
    started({ guards: guardsOf(RULE) }),
    after("1s", { kind: "noted", text: "waiting" }),
    after("2s", { kind: "prepared", changes: [{ target: target("checkout"), baseline: "41", canary: "42" }] }),
    after("3s", { kind: "shifted", step: 0, until: instant("5m") }),
    after("1m", look("inconclusive", 100)),
    after("2m", look("inconclusive", 200)),
    after("3m", look("pass", 300)),
    after("4m", look("pass", 400)),
    after("5m", { kind: "held", until: instant("10m"), lacks: "calls" }),
    after("6m", { kind: "shifted", step: 1, until: instant("10m") }),
    after("7m", { kind: "warned", text: "look out" }),
    after("8m", { kind: "turned-back", reason: "none" }),
    after("9m", { kind: "ended", outcome: "rolled-back", reason: "none", verified: false }),
  ];
  const gists = events.map((_, index) => gist(tell(events.slice(0, index + 1))));
  const isNews = gists.slice(1).map((text, index) => text !== gists[index]);
  expect(isNews).toStrictEqual([false, true, true, true, false, true, false, true, true, true, true, true]);
});

test("what was created beside a promotion doesn't stand for all that was promoted", () => {
  const created = { target: target("new"), baseline: null, canary: "1" };
  const story = tell([
    started({ targets: [target("checkout"), target("new")] }),
    after("1s", { kind: "prepared", changes: [{ target: target("checkout"), baseline: "41", canary: "42" }, created] }),
    after("2s", { kind: "serving", target: target("new"), routing: { primary: "1", additional: null } }),
    after("3s", { kind: "ended", outcome: "promoted", reason: "", verified: true }),
  ]);
  expect(servingSummary(story)).toBe("The canaries serve everything.");
});

test("the steps of a plan are done, at hand, or ahead", () => {
  const steps = stepsOf(storyOf("baking")).map(({ weight, state, since, until }) => [weight, state, since, until]);
  expect(steps).toStrictEqual([
    [5, "done", instant("21s"), instant("5m22s")],
    [25, "at-hand", instant("5m22s"), instant("10m22s")],
    [50, "ahead", null, null],
    [100, "ahead", null, null],
  ]);
});

test("the step at which a release turned back is stopped", () => {
  const states = stepsOf(storyOf("rolled-back")).map((step) => step.state);
  expect(states).toStrictEqual(["done", "stopped", "ahead", "ahead"]);
});

test("a rollback out of the final bake stops the promotion, not the steps before it", () => {
  const story = tell([...(STORIES["final-bake"] ?? []), after("14m", { kind: "turned-back", reason: "worse" })]);
  expect(stepsOf(story).map((step) => step.state)).toStrictEqual(["done", "done", "stopped"]);
});

test("a promoted release has every step done", () => {
  const states = stepsOf(storyOf("promoted-verified")).map((step) => step.state);
  expect(states).toStrictEqual(["done", "done", "done", "done"]);
});

test("the weight is that of the last shift, until the release ends elsewhere than promoted", () => {
  const weights = ["ready", "baking", "final-bake", "promoted-verified", "rolled-back"].map((name) =>
    weightNow(storyOf(name)),
  );
  expect(weights).toStrictEqual([0, 25, 100, 100, 0]);
});

test("a guard that is no longer judged keeps its last row, at the time of that look", () => {
  const rows = storyOf("final-bake").rows.map(({ analysis, at }) => [analysis.rule, analysis.verdict, at]);
  expect(rows).toStrictEqual([
    [RULE, "pass", instant("10m22s")],
    ["error-rate < 2%", "inconclusive", instant("13m3s")],
  ]);
});

test("a rule that is no guard disappears with the look that no longer has it", () => {
  const blind = {
    kind: "traffic",
    rule: "traffic",
    place: null,
    target: target("checkout"),
    verdict: "error",
    reason: "?",
    figures: null,
  } as const;
  const judged = (time: string, ...analyses: Analysis[]) => after(time, { kind: "judged", analyses, verified: false });
  expect(tell([started(), judged("1m", blind)]).rows).toHaveLength(1);
  expect(tell([started(), judged("1m", blind), judged("2m")]).rows).toHaveLength(0);
});

test("an alias that was never announced is told all the same when it is stranded", () => {
  const story = tell([
    after("1s", { kind: "stranded", target: target("refund"), reason: "no answer", command: "aws", weight: null }),
  ]);
  expect(strandedOf(story)).toStrictEqual([
    { target: target("refund"), reason: "no answer", command: "aws", weight: null },
  ]);
});

test("a long plan and its promotion are all there", () => {
  expect(stepsOf(tell([started({ plan: planOf("Linear10PercentEvery1Minute") })]))).toHaveLength(10);
});

test("a story is the same whether it is told at once or event by event", () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(STORIES)), fc.nat(), (events, cut) => {
      const middle = cut % (events.length + 1);
      const half = events.slice(0, middle).reduce(advance, unwritten);
      expect(events.slice(middle).reduce(advance, half)).toStrictEqual(tell(events));
    }),
  );
});
