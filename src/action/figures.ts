import type { FigureSource, Figures, Metrics, Series } from "../domain/ports.ts";

/** Reads each series from the first source that has it, else from CloudWatch; all sources at once. */
export function figuresFrom(sources: readonly FigureSource[], cloudwatch: Metrics): Metrics {
  const sourceOf = (each: Series): Figures => sources.find((source) => source.has(each)) ?? cloudwatch;
  return {
    read: async (series, ...time) => {
      const read = [...Map.groupBy(series, sourceOf)].map(async ([source, some]) => {
        const readings = await source.read(some, ...time);
        return readings.map((reading, place) => [some[place], reading] as const);
      });
      const known = new Map((await Promise.all(read)).flat());
      return series.map((each) => known.get(each) ?? { kind: "unreadable", reason: "its source has left it out" });
    },
    alarms: (names) => cloudwatch.alarms(names),
  };
}
