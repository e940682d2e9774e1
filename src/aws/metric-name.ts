import type { Metric } from "@aws-sdk/client-cloudwatch";
import { nameOf } from "../domain/alias.ts";
import type { Series } from "../domain/ports.ts";

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
