import assert from "node:assert/strict";
import test from "node:test";
import type { Series } from "../../src/release/ports.ts";
import { newRelease, type Release, shifted } from "../../src/release/release.ts";
import { judgeSight, longestSilence } from "../../src/release/sight.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../../src/release/time.ts";

const START = Date.UTC(2026, 10, 21, 14);

/** A release in its first bake at 50 %. */
function bakingWith(timeout: Duration, silence: Duration | null): Release {
  const target = { function: "checkout", alias: "live" };
  const member = { target, baseline: "41", canary: "42", timeout, longestSilence: silence };
  const plan = { steps: [{ weight: 50, bake: 5 * MINUTE }], finalBake: 0 };
  const terms = {
    run: { id: "1", attempt: 1 },
    members: [member],
    plan,
    guards: [],
    whenInconclusive: "proceed",
  } as const;
  return shifted(newRelease(terms, [], START), 0, START);
}

/** What is judged some minutes after the shift, of calls in each of the minutes told. */
function judgedAfter(release: Release, minutes: number, calls: Partial<Record<"function" | "alias" | "42", number>>) {
  const [sighting] = release.sightings;
  assert.ok(sighting !== undefined);
  const at = START + minutes * MINUTE;
  const reading = ({ of }: Series) => {
    const each = calls[of as "function"] ?? 0;
    const points: [Instant, number][] =
      each === 0 ? [] : Array.from({ length: minutes }, (_, i) => [START + i * MINUTE, each]);
    return { kind: "points" as const, points: new Map(points) };
  };
  return judgeSight(release, sighting, { at, reading, alarms: new Map() }).analysis;
}

test("calls on both versions are seen", () => {
  assert.equal(judgedAfter(bakingWith(3 * SECOND, 0), 10, { function: 100, alias: 100, "42": 50 }), null);
});

test("few calls are quiet, and not blind: only where some must have come is none a failure", () => {
  const release = bakingWith(3 * SECOND, null);
  assert.equal(judgedAfter(release, 8, { function: 5, alias: 5 }), null);
  assert.equal(judgedAfter(release, 8, { function: 100, alias: 100 })?.verdict, "fail");
});

test("a silence counts against what is usual for the function, and not at all where nothing is usual", () => {
  assert.equal(judgedAfter(bakingWith(3 * SECOND, 0), 6, {})?.verdict, "error");
  assert.equal(judgedAfter(bakingWith(3 * SECOND, 10 * MINUTE), 6, {}), null);
  assert.equal(judgedAfter(bakingWith(3 * SECOND, null), 60, {}), null);
});

test("a function that may run for long is not called silent before its calls can have ended", () => {
  assert.equal(judgedAfter(bakingWith(15 * MINUTE, 0), 12, {}), null);
  assert.equal(judgedAfter(bakingWith(15 * MINUTE, 0), 25, {})?.verdict, "error");
});

test("what is usual is told by ten pauses at least, and is the longest of them", () => {
  const minutes = (...list: number[]) => new Map(list.map((minute) => [minute * MINUTE, 1]));
  assert.equal(longestSilence(minutes(1, 2, 3)), null);
  assert.equal(longestSilence(minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)), 0);
  assert.equal(longestSilence(minutes(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 20)), 9 * MINUTE);
});
