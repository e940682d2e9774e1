import { MINUTE, SECOND } from "../../../src/domain/time.ts";
import { Refusal } from "../service.ts";
import { dimensionsOf, type Input, listOf, recordOf } from "./input.ts";
import { isStatistic, type MetricName } from "./metrics.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const MOST_QUERIES = 500;
export const MOST_POINTS = 100_800;

/** One series that a GetMetricData request asks for. */
export interface Query {
  readonly id: string;
  readonly label: string;
  readonly metric: MetricName;
  /** In milliseconds. */
  readonly period: number;
  readonly statistic: string;
  readonly unit: string | null;
}

/** All queries of a request, checked. @throws Refusal that says everything that is wrong */
export function readQueries(input: Input): readonly Query[] {
  const problems = rangeProblems(input);
  const raw = listOf(input["MetricDataQueries"]);
  if (raw.length === 0) problems.push("The parameter MetricDataQueries is required.");
  if (raw.length > MOST_QUERIES) {
    problems.push(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  }
  const queries = raw.map((query, index) => readQuery(query, `MetricDataQueries.member.${index + 1}`, problems));
  const ids = new Set<string>();
  for (const { id } of queries) {
    if (ids.has(id)) problems.push(`The values for parameter id in MetricDataQueries are not unique: ${id}.`);
    ids.add(id);
  }
  if (problems.length > 0) throw new Refusal(400, "ValidationError", problems.join("\n"));
  return queries;
}

function rangeProblems({ StartTime, EndTime, ScanBy, MaxDatapoints }: Input): string[] {
  const problems: string[] = [];
  if (typeof StartTime !== "number") problems.push("The parameter StartTime is required.");
  if (typeof EndTime !== "number") problems.push("The parameter EndTime is required.");
  if (Number(StartTime) >= Number(EndTime)) {
    problems.push("The parameter StartTime must be less than the parameter EndTime.");
  }
  if (ScanBy !== undefined && ScanBy !== "TimestampAscending" && ScanBy !== "TimestampDescending") {
    problems.push(`The value ${ScanBy} for parameter ScanBy is not valid.`);
  }
  if (MaxDatapoints !== undefined && !(Number(MaxDatapoints) >= 1 && Number(MaxDatapoints) <= MOST_POINTS)) {
    problems.push(`The parameter MaxDatapoints must be at least 1 and at most ${MOST_POINTS}.`);
  }
  return problems;
}

function readQuery(query: Record<string, unknown>, where: string, problems: string[]): Query {
  const id = String(query["Id"] ?? "");
  if (!/^[a-z][a-zA-Z0-9_]*$/.test(id)) {
    problems.push(
      `The value ${id} for parameter ${where}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`,
    );
  }
  const hasExpression = query["Expression"] !== undefined;
  if (hasExpression === (query["MetricStat"] !== undefined)) {
    problems.push(`Exactly one of ${where}.MetricStat and ${where}.Expression must be given.`);
  } else if (hasExpression) {
    problems.push(`${where}.Expression: the simulator evaluates no expressions.`);
  }
  const { Metric, Period, Stat, Unit } = recordOf(query["MetricStat"]);
  const { Namespace, MetricName, Dimensions } = recordOf(Metric);
  if (!hasExpression && (typeof Namespace !== "string" || typeof MetricName !== "string")) {
    problems.push(`The parameters ${where}.MetricStat.Metric.Namespace and MetricName are required.`);
  }
  if (!hasExpression && !(typeof Period === "number" && Period > 0 && Period % 60 === 0)) {
    problems.push(`The value ${Period} for parameter ${where}.MetricStat.Period is not a multiple of 60.`);
  }
  if (!hasExpression && !isStatistic(String(Stat))) {
    problems.push(`The value ${Stat} for parameter ${where}.MetricStat.Stat is not a valid statistic.`);
  }
  return {
    id,
    label: String(query["Label"] ?? MetricName),
    metric: { namespace: String(Namespace), name: String(MetricName), dimensions: dimensionsOf(Dimensions) },
    period: typeof Period === "number" ? Period * SECOND : MINUTE,
    statistic: String(Stat),
    unit: typeof Unit === "string" ? Unit : null,
  };
}

/** Where a page begins. */
export interface Place {
  readonly query: number;
  readonly point: number;
}

export function tokenOf(place: Place): string {
  return Buffer.from(JSON.stringify(place)).toString("base64url");
}

/** @throws Refusal when we didn't issue the token */
export function placeOf(token: unknown, type = "InvalidNextToken"): Place {
  if (token === undefined) return { query: 0, point: 0 };
  try {
    const { query, point } = JSON.parse(Buffer.from(String(token), "base64url").toString());
    if (Number.isInteger(query) && Number.isInteger(point)) return { query, point };
  } catch {
    // Falls through to the refusal below.
  }
  throw new Refusal(400, type, "The NextToken is not valid.");
}
