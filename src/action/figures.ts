import type { Alarms, FigureSource, FigureSources, Metrics, Series } from "../domain/ports.ts";

/** Reads each series from the source of its kind, from all sources at once. */
export function figuresFrom(sources: FigureSources, alarms: Alarms): Metrics {
  // The compiler can't see that a kind's source gets only series of that kind.
  const sourceOf = ({ kind }: Series) => sources[kind] as FigureSource;
  return {
    read: async (series, ...time) => {
      const read = [...Map.groupBy(series, sourceOf)].map(async ([source, some]) => {
        const readings = await source.read(some, ...time);
        return readings.map((reading, place) => [some[place], reading] as const);
      });
      const known = new Map((await Promise.all(read)).flat());
      return series.map((each) => known.get(each) ?? { kind: "unreadable", reason: "its source has left it out" });
    },
    alarms: (names) => alarms.alarms(names),
  };
}
