import assert from "node:assert/strict";
import { analyse, wanted } from "../../src/analysis/analyse.ts";
import type { LambdaSeries, Series } from "../../src/domain/ports.ts";
import { type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { parseGuards } from "../../src/guards/grammar.ts";
import { type InRelease, inBake, promoted } from "./in-release.ts";

const START = Date.UTC(2026, 10, 21, 14);

/** A release in its first bake at 50 %. */
function baking(guards: string): InRelease {
  const parsed = parseGuards(guards);
  assert(parsed.ok);
  const member = {
    target: { function: "checkout", alias: "live" },
    baseline: "41",
    canary: "42",
    timeout: 3 * SECOND,
    longestSilence: null,
    usualRate: 0,
    isCalled: true,
    usual: { latency: {}, countsByDuration: true, hasErrorSamples: true },
  };
  return inBake([member], parsed.value, 50, START);
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
  expect(warnings).toStrictEqual([expect.stringMatching(/^checkout:live: version 42 had 600 of 2,400 calls/)]);
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
