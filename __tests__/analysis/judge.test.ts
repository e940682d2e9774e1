import { provisionalAt } from "../../src/analysis/judge.ts";
import { NOTHING_USUAL } from "../../src/domain/member.ts";
import { type Duration, MINUTE, SECOND } from "../../src/domain/time.ts";

const NOON = Date.UTC(2026, 10, 21, 12);
const LIMIT = { ratio: 0, margin: 0.01 };
const COMPARISON = { ratio: 1.5, margin: 0 };

/** The last minute that counts against the canary, and the last in its favour, as minutes before noon. */
function lastMinutes(at: number, timeout: Duration, p90: Duration | null, tolerance = LIMIT) {
  const usual = p90 === null ? NOTHING_USUAL : { ...NOTHING_USUAL, latency: { p90 } };
  const { against, inFavour } = provisionalAt(at, { timeout, usual })(tolerance);
  const minutes = Array.from({ length: 60 }, (_, ago) => ago);
  const last = (end: number) => minutes.find((ago) => NOON - ago * MINUTE < end) ?? null;
  return [last(against), last(inFavour)];
}

test("against a number, a minute counts once its figures are there and its usual calls are over: four times their p90", () => {
  // A minute, two for its figures to arrive, and four times 15 seconds.
  expect(lastMinutes(NOON, 10 * MINUTE, 15 * SECOND)[0]).toBe(4);
  expect(lastMinutes(NOON, 10 * MINUTE, 15 * SECOND + 1)[0]).toBe(5);
  expect(lastMinutes(NOON - 1, 10 * MINUTE, 15 * SECOND)[0]).toBe(5);
});

test("no call takes longer than the time-out, whatever is usual, or if nothing is known", () => {
  expect(lastMinutes(NOON, 2 * MINUTE, 5 * MINUTE)[0]).toBe(5);
  expect(lastMinutes(NOON, 2 * MINUTE, null)[0]).toBe(5);
});

test("in the canary's favour, a minute counts once no call of it can be under way any more", () => {
  for (const tolerance of [LIMIT, COMPARISON]) {
    expect(lastMinutes(NOON, 10 * MINUTE, SECOND, tolerance)[1]).toBe(13);
    expect(lastMinutes(NOON, 10 * MINUTE + 1, SECOND, tolerance)[1]).toBe(14);
    expect(lastMinutes(NOON - 1, 10 * MINUTE, SECOND, tolerance)[1]).toBe(14);
  }
});

test("in a comparison every minute counts against the canary: both sides lack the same calls", () => {
  expect(lastMinutes(NOON - 30 * MINUTE, 10 * MINUTE, MINUTE, COMPARISON)[0]).toBe(0);
});
