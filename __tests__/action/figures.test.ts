import { figuresFrom } from "../../src/action/figures.ts";
import type { FigureSource, Reading, Series } from "../../src/domain/ports.ts";

const target = { function: "checkout", alias: "live" };
const lambda = (metric: string): Series => ({ kind: "lambda", target, metric, statistic: "sum", of: "42" });
const own = (name: string): Series => ({ kind: "own", namespace: "Shop", name, dimensions: {}, statistic: "Sum" });
const points = (value: number): Reading => ({ kind: "points", points: new Map([[0, value]]) });

const isOwn = ({ kind }: Series) => kind === "own";

/** A source that answers with the place of a series in the question, plus `base`. */
function sourceFrom(base: number, has: FigureSource["has"]) {
  const asked: unknown[] = [];
  const source: FigureSource = {
    has,
    read: async (series, ...time) => {
      asked.push([series.length, ...time]);
      return series.map((_, place) => points(base + place));
    },
  };
  return { source, asked };
}

const alarms = { alarms: async (names: readonly string[]) => new Map(names.map((name) => [name, "ok"] as const)) };

test("each series is read from the first source that has it, and the readings come in the order of the series", async () => {
  const [logs, second, cloudwatch] = [sourceFrom(10, isOwn), sourceFrom(20, isOwn), sourceFrom(30, () => false)];
  const metrics = figuresFrom([logs.source, second.source], { ...cloudwatch.source, ...alarms });
  const readings = await metrics.read([own("a"), lambda("Errors"), own("b"), lambda("Throttles")], 0, 60, 60, true);
  expect(readings).toStrictEqual([points(10), points(30), points(11), points(31)]);
  expect([logs.asked, second.asked, cloudwatch.asked]).toStrictEqual([
    [[2, 0, 60, 60, true]],
    [],
    [[2, 0, 60, 60, true]],
  ]);
  expect(await metrics.alarms(["a"])).toStrictEqual(new Map([["a", "ok"]]));
});

test("a series that its source leaves out can't be read", async () => {
  const cloudwatch = { read: async () => [], ...alarms };
  const [reading] = await figuresFrom([], cloudwatch).read([own("a")], 0, 60);
  expect(reading?.kind).toBe("unreadable");
});
