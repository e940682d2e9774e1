import type { Target, Version } from "../domain/alias.ts";
import type { Series, Statistic } from "../domain/ports.ts";
import type { Duration } from "../domain/time.ts";
import type { OwnMetric } from "../guards/guard.ts";
import { SIGNALS } from "../guards/signals.ts";
import type { Method } from "./method.ts";
import type { Watch } from "./state.ts";

/** A side of a comparison. */
export type Side = "canary" | "baseline";

/**
 * The series of one side. For counts: the calls, then what happened to them, then its number of samples, if it has one
 * for each call. For a figure: the figure, then the number of calls behind it, if CloudWatch has that.
 *
 * @param of the version, or "alias" once that serves nothing else
 */
export function seriesOf(
  method: Method,
  side: Side,
  target: Target,
  version: Version,
  of: Version | "alias",
): Series[] {
  const lambda = (metric: string, statistic: Statistic, whose: string = of): Series => ({
    kind: "lambda",
    target,
    metric,
    statistic,
    of: whose,
  });
  if (method.kind === "counts") {
    const { counted } = method;
    if (counted.kind === "slow") {
      /* c8 ignore next -- for the types only: the baseline is asked for in comparisons only, and those set its bound */
      const bound = side === "canary" ? counted.canary : (counted.baseline ?? counted.canary);
      return [lambda("Duration", "samples"), lambda("Duration", shareUpTo(bound))];
    }
    const { metric, calls, scope, hasSampleOfEachCall } = SIGNALS[counted.signal];
    const whose = scope === "version" ? of : scope;
    const samples = hasSampleOfEachCall ? [lambda(metric, "samples", whose)] : [];
    return [lambda(calls, "sum", whose), lambda(metric, "sum", whose), ...samples];
  }
  const { measured } = method;
  switch (measured.kind) {
    case "duration":
      return [lambda(measured.metric, measured.statistic), lambda(measured.metric, "samples")];
    case "level":
      return [lambda(SIGNALS[measured.signal].metric, "maximum", "function")];
    case "own":
      return measured.fewest === 0
        ? [ownSeries(measured.metric, target, version)]
        : [
            ownSeries(measured.metric, target, version),
            ownSeries({ ...measured.metric, statistic: "SampleCount" }, target, version),
          ];
  }
}

/**
 * The percentile that a guard counts slow calls for, of one version. Only for people to read: the calls behind it are the
 * first series of that side.
 */
export function shownSeries(
  { guard, method }: Pick<Watch, "guard" | "method">,
  target: Target,
  of: Version | "alias",
): Series[] {
  const isCounted = method.kind === "counts" && method.counted.kind === "slow";
  if (guard.kind !== "percentile" || !isCounted) return [];
  return [{ kind: "lambda", target, metric: "Duration", statistic: `p${guard.percentile}`, of }];
}

/** The percentage of calls that took no longer than the bound. Two digits are enough, and keep the text short. */
export function shareUpTo(bound: Duration): Statistic {
  return `up to ${Number(bound.toFixed(2))}`;
}

function ownSeries({ namespace, name, dimensions, statistic }: OwnMetric, target: Target, version: Version): Series {
  const fill = (value: string) =>
    value.replaceAll("$version", version).replaceAll("$alias", target.alias).replaceAll("$function", target.function);
  const filled = Object.entries(dimensions).map(([key, value]) => [key, fill(value)]);
  return { kind: "own", namespace, name, dimensions: Object.fromEntries(filled), statistic };
}
