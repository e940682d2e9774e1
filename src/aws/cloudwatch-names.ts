import type { Metric } from "@aws-sdk/client-cloudwatch";
import { nameOf } from "../domain/alias.ts";
import type { Series, Statistic } from "../domain/ports.ts";

/** A series as CloudWatch names it. The dimensions decide which calls are counted. For a wrong set, CloudWatch returns no data and no error. */
export function metricOf(series: Series): Metric {
  if (series.kind === "own") {
    const { namespace, name, dimensions } = series;
    return {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    };
  }
  const { target, metric, of } = series;
  const alias = { Name: "Resource", Value: nameOf(target) };
  const dimensions = {
    function: [],
    unqualified: [{ Name: "Resource", Value: target.function }],
    alias: [alias],
    version: [alias, { Name: "ExecutedVersion", Value: of }],
  }[of === "function" || of === "unqualified" || of === "alias" ? of : "version"];
  return {
    Namespace: "AWS/Lambda",
    MetricName: metric,
    Dimensions: [{ Name: "FunctionName", Value: target.function }, ...dimensions],
  };
}

const STATISTICS: Readonly<Partial<Record<Statistic, string>>> = {
  sum: "Sum",
  samples: "SampleCount",
  average: "Average",
  maximum: "Maximum",
};

/** A series' statistic as CloudWatch writes it: `Sum`, `p90`, or the percentile rank `PR(:500)`. */
export function statisticOf({ kind, statistic }: Pick<Series, "kind" | "statistic">): string {
  if (kind === "own") return statistic;
  const [, bound] = /^up to (.*)$/.exec(statistic) ?? [];
  return bound === undefined ? (STATISTICS[statistic as Statistic] ?? statistic) : `PR(:${bound})`;
}
