import { percentileShown } from "../../src/analysis/percentile.ts";
import type { Reading } from "../../src/domain/ports.ts";
import type { MeasuredGuard } from "../../src/guards/guard.ts";
import { guardsOf } from "../../testing/fakes/terms.ts";

const points = (...figures: number[]): Reading => ({
  kind: "points",
  points: new Map(figures.map((figure, minute) => [minute, figure])),
});
const UNREADABLE: Reading = { kind: "unreadable", reason: "throttled" };
const guard = (text: string) => guardsOf(text)[0] as MeasuredGuard;
const CALLS = { canary: [points(10, 30)], baseline: [points(100, 100)] };

test("the percentile is the mean of the minutes read, weighted by their calls", () => {
  const shown = percentileShown(guard("p90 <= baseline * 1.2"), CALLS, [points(100, 200), points(100, 140)]);
  expect(shown).toStrictEqual({ name: "p90", canary: 175, baseline: 120, allowed: 144 });
  const alone = percentileShown(guard("p90 < 500ms"), { ...CALLS, baseline: [] }, [points(100, 200)]);
  expect(alone).toStrictEqual({ name: "p90", canary: 175, baseline: null, allowed: 500 });
});

test("a percentile that is not there, or can't be read, is left out", () => {
  const comparing = guard("p90 <= baseline * 1.2");
  expect(percentileShown(comparing, CALLS, [points(100), UNREADABLE])).toBeNull();
  expect(percentileShown(comparing, CALLS, [UNREADABLE, points(100)])).toBeNull();
  expect(percentileShown(comparing, CALLS, [])).toBeNull();
  expect(percentileShown(guard("error-rate < 1%"), CALLS, [])).toBeNull();
  expect(percentileShown(comparing, { ...CALLS, canary: [points()] }, [points(100), points(100)])).toBeNull();
});
