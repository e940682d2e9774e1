import { analyse, guardsAfterPromotion, isVerified, wanted } from "../../src/analysis/analyse.ts";
import type { RuleKind, Verdict } from "../../src/analysis/verdict.ts";
import type { LambdaSeries, Series } from "../../src/domain/ports.ts";
import { type Instant, MINUTE } from "../../src/domain/time.ts";
import { guardsOf, memberOf } from "../../testing/fakes/terms.ts";
import { type InRelease, inBake, promoted } from "./in-release.ts";

const START = Date.UTC(2026, 10, 21, 14);

/** A release in its first bake. */
function baking(guards: string, weight = 50): InRelease {
  return inBake([memberOf()], guardsOf(guards), weight, START);
}

test("figures are read from the first shift on, those of a level from 15 minutes before it", () => {
  const from = (guards: string) => wanted(baking(guards), baking(guards).context).from;
  expect(from("error-rate <= 5%")).toBe(START);
  expect(from("error-rate <= 5%\niterator-age < 30s")).toBe(START - 15 * MINUTE);
});

test("a share of the calls that isn't what was asked for is a warning, and no verdict", () => {
  const calls: Readonly<Record<string, number>> = { function: 800, alias: 800, "42": 200 };
  const reading = (series: Series) => {
    const count = calls[(series as LambdaSeries).of] ?? 0;
    const points = Array.from({ length: 14 }, (_, minute): [Instant, number] => [START + minute * MINUTE, count]);
    return { kind: "points" as const, points: new Map(points) };
  };
  const { analyses, warnings } = analyse(
    baking(""),
    { at: START + 14 * MINUTE, reading, alarms: new Map() },
    baking("").context,
  );
  expect(analyses).toStrictEqual([]);
  expect(warnings).toMatchObject([{ kind: "odd-share", ofAlias: 2_400, ofCanary: 600 }]);
});

test("after the promotion a comparison is judged until its last minutes are sealed, and kept as it is from then on", () => {
  const reading = () => ({ kind: "points" as const, points: new Map<Instant, number>() });
  const after = (release: InRelease, minutes: number): InRelease => ({
    ...analyse(release, { at: START + minutes * MINUTE, reading, alarms: new Map() }, release.context).state,
    context: release.context,
  });
  const sealed = after(promoted(baking("error-rate <= baseline"), START), 30);
  expect(
    wanted(sealed, sealed.context).series.filter((series) => series.kind === "lambda" && series.metric === "Errors"),
  ).toStrictEqual([]);
  expect(after(sealed, 31).watches).toStrictEqual(sealed.watches);
});

test("a release is verified where every comparison passed, and there was one; a limit by number verifies nothing", () => {
  const said = (kind: RuleKind, verdict: Verdict) => {
    return { kind, guard: null, target: null, verdict, reason: { kind: "indistinct" }, figures: null } as const;
  };
  const [errors, slow] = [said("comparison", "pass"), said("comparison", "pass")];
  const limit = said("limit", "inconclusive");
  expect(isVerified([errors, slow])).toBe(true);
  expect(isVerified([errors, slow, limit, said("traffic", "inconclusive")])).toBe(true);
  expect(isVerified([errors, { ...slow, verdict: "inconclusive" }])).toBe(false);
  expect(isVerified([{ ...limit, verdict: "pass" }])).toBe(false);
  expect(isVerified([])).toBe(false);
});

test("after the promotion only the guards against a number are left", () => {
  const guards = guardsOf("error-rate <= baseline\np90 <= baseline * 1.5\nerror-rate < 5%");
  expect(guardsAfterPromotion(guards).map(({ text }) => text)).toStrictEqual(["error-rate < 5%"]);
});

test("the traffic is counted by version, and by the alias from the promotion on", () => {
  const release = baking("");
  const calls = (each: InRelease) =>
    wanted(each, each.context).series.map((series) => (series.kind === "lambda" ? series.of : series));
  expect(calls(release)).toStrictEqual(["function", "unqualified", "alias", "42"]);
  expect(calls(promoted(release, START))).toStrictEqual(["function", "unqualified", "alias"]);
});

test("the canary's share of the traffic is that of its weight: at 5 % fewer calls can show something than at 50 %", () => {
  const underpowered = (weight: number) => {
    const release = baking("error-rate <= baseline", weight);
    const all = (5 * 100) / weight;
    const calls: Readonly<Record<string, number>> = { "42": 5, "41": 95, alias: all, function: all };
    const reading = (series: Series) => {
      const { of, metric, statistic } = series as LambdaSeries;
      const isOfCalls = metric === "Invocations" || statistic === "samples";
      const count = isOfCalls ? (calls[of] ?? 0) : 0;
      const minutes = [0, 1].map((minute): [Instant, number] => [START + minute * MINUTE, count]);
      return { kind: "points" as const, points: new Map(minutes) };
    };
    const { analyses, warnings } = analyse(
      release,
      { at: START + 12 * MINUTE, reading, alarms: new Map() },
      release.context,
    );
    expect(warnings).toStrictEqual([]);
    return analyses.map(({ figures }) => figures?.underpowered);
  };
  expect([underpowered(5), underpowered(50)]).toStrictEqual([[false], [true]]);
});
