import { figuresFrom } from "../../src/action/figures.ts";
import type { FigureSource, Reading, Series } from "../../src/domain/ports.ts";

const target = { function: "checkout", alias: "live" };
const lambda = (metric: string): Series => ({ kind: "lambda", target, metric, statistic: "sum", of: "42" });
const own = (name: string): Series => ({ kind: "own", namespace: "Shop", name, dimensions: {}, statistic: "Sum" });
const points = (value: number): Reading => ({ kind: "points", points: new Map([[0, value]]) });

/** A source that answers with the place of a series in the question, plus `base`. */
function sourceFrom(base: number) {
  const asked: unknown[] = [];
  const source: FigureSource = {
    read: async (series, ...time) => {
      asked.push([series.length, ...time]);
      return series.map((_, place) => points(base + place));
    },
  };
  return { source, asked };
}

const alarms = { alarms: async (names: readonly string[]) => new Map(names.map((name) => [name, "ok"] as const)) };

test("each series is read from the source of its kind, and the readings come in the order of the series", async () => {
  const [ofLambda, ofOwn] = [sourceFrom(10), sourceFrom(20)];
  const metrics = figuresFrom({ lambda: ofLambda.source, own: ofOwn.source }, alarms);
  const readings = await metrics.read([own("a"), lambda("Errors"), own("b"), lambda("Throttles")], 0, 60, 60, true);
  expect(readings).toStrictEqual([points(20), points(10), points(21), points(11)]);
  expect([ofLambda.asked, ofOwn.asked]).toStrictEqual([[[2, 0, 60, 60, true]], [[2, 0, 60, 60, true]]]);
  expect(await metrics.alarms(["a"])).toStrictEqual(new Map([["a", "ok"]]));
});

test("a source of several kinds is asked once, and one that nothing is asked of isn't asked at all", async () => {
  const both = sourceFrom(10);
  await figuresFrom({ lambda: both.source, own: both.source }, alarms).read([own("a"), lambda("Errors")], 0, 60);
  expect(both.asked).toStrictEqual([[2, 0, 60]]);
  const [ofLambda, ofOwn] = [sourceFrom(10), sourceFrom(20)];
  await figuresFrom({ lambda: ofLambda.source, own: ofOwn.source }, alarms).read([lambda("Errors")], 0, 60);
  expect(ofOwn.asked).toStrictEqual([]);
});

test("a series that its source leaves out can't be read", async () => {
  const forgetful = { read: async () => [] };
  const [reading] = await figuresFrom({ lambda: forgetful, own: forgetful }, alarms).read([own("a")], 0, 60);
  expect(reading?.kind).toBe("unreadable");
});
