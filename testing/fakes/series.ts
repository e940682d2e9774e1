import assert from "node:assert/strict";
import type { CloudWatchSeries } from "../../src/aws/cloudwatch-names.ts";
import type { Series } from "../../src/domain/ports.ts";

/** The series, if CloudWatch has its figures. Fails if it comes from another source. */
export function fromCloudWatch(series: Series): CloudWatchSeries {
  const { kind } = series;
  assert(kind === "lambda" || kind === "own", `${kind} is not CloudWatch's`);
  return series as CloudWatchSeries;
}
