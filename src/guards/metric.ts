import type { Excerpt, Mistake } from "../domain/mistake.ts";
import { type Bounds, NUMBER, parseTerms, type Wrong } from "./bound.ts";
import { isByVersion, type OwnMetric, type Rule } from "./guard.ts";

export const METRIC_EXAMPLE = "metric Shop/CheckoutTime {Service=checkout, Version=$version} p90 <= baseline * 1.2";

/**
 * CloudWatch's limits for the names of alarms, metrics, namespaces and dimensions, and for a dimension's value:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Dimension.html and …/API_Metric.html.
 */
export const LONGEST_NAME = 255;
const LONGEST_VALUE = 1024;
const MOST_DIMENSIONS = 30;
const NAME = /^(?!:)[ -~]+$/;
const VALUE = /^[ -~]+$/;

const METRIC =
  /^metric\s+(?<path>[^\s{]+)\s*\{(?<dimensions>[^}]*)\}\s*(?<statistic>\S+)\s+(?<operator><=|<|>=|>|==|=)\s*(?<bound>.*\S)$/;
const STATISTIC = /^(Average|Sum|Minimum|Maximum|SampleCount|p(?!0+(\.0*)?$)\d{1,2}(\.\d{1,10})?)$/;
/** These grow with the traffic: versions with different shares of it can't be compared by them. */
const TOTALS = /^(Sum|SampleCount)$/;
/** These depend on the number of calls: versions with different shares of the traffic can't be compared by them. */
const EXTREMES = /^(Minimum|Maximum)$/;

/** Parses `metric Namespace/Name {Dimension=value} statistic <= bound`. */
export function parseMetric(line: Excerpt, wrong: Wrong): Rule | Mistake {
  const { path, dimensions: list, statistic, operator, bound } = METRIC.exec(line.text)?.groups ?? {};
  if (
    path === undefined ||
    list === undefined ||
    statistic === undefined ||
    operator === undefined ||
    bound === undefined
  ) {
    return wrong("this is not a guard on a metric", `for example: ${METRIC_EXAMPLE}`);
  }
  const slash = path.lastIndexOf("/");
  if (slash < 1 || slash === path.length - 1) {
    return wrong(`"${path}" is not a metric`, "write it as Namespace/Name", path);
  }
  const namespace = path.slice(0, slash);
  const metricName = path.slice(slash + 1);
  if (!isName(namespace) || !isName(metricName)) {
    const remedy = `use ASCII only, ${LONGEST_NAME} characters at most each, and no colon at the start`;
    return wrong("CloudWatch doesn't allow this name", remedy, path);
  }
  const dimensions: Record<string, string> = Object.create(null);
  for (const piece of list
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")) {
    const [, name, value] = /^([^=\s]+)\s*=\s*(\S.*)$/.exec(piece) ?? [];
    if (name === undefined || value === undefined) {
      return wrong(`"${piece}" is not a dimension`, "write it as Name=value", piece);
    }
    const unknown = /\$(?!version\b|alias\b|function\b)\w*/.exec(value)?.[0];
    if (unknown !== undefined) {
      return wrong(`"${unknown}" is not a placeholder`, "use $version, $alias or $function", unknown);
    }
    if (name in dimensions) return wrong(`the dimension ${name} is given twice`, "remove one of them", piece);
    if (!isName(name) || !VALUE.test(value) || value.length > LONGEST_VALUE) {
      const remedy = `use ASCII only, ${LONGEST_NAME} characters at most for the name and no colon at its start, ${LONGEST_VALUE} for the value`;
      return wrong("CloudWatch doesn't allow this dimension", remedy, piece);
    }
    dimensions[name] = value;
  }
  if (Object.keys(dimensions).length > MOST_DIMENSIONS) {
    return wrong(`a metric has at most ${MOST_DIMENSIONS} dimensions`, "give the dimensions of a single series", list);
  }
  if (!STATISTIC.test(statistic)) {
    const remedy = "write Average, Sum, Minimum, Maximum, SampleCount or a percentile such as p90";
    return wrong(`"${statistic}" is not a statistic`, remedy, statistic);
  }
  const byVersion = isByVersion({ dimensions });
  if (bound.startsWith("baseline") && byVersion && TOTALS.test(statistic)) {
    const problem = `the ${statistic} of a version grows with its share of the traffic, so it can't be compared`;
    return wrong(problem, "compare an Average or a percentile", statistic);
  }
  if (bound.startsWith("baseline") && byVersion && EXTREMES.test(statistic)) {
    const problem = `the ${statistic} of a version depends on how many calls it gets, so it can't be compared`;
    return wrong(problem, "compare an Average or a percentile", statistic);
  }
  if (bound.startsWith("baseline") && !byVersion) {
    return wrong(
      "this metric is not measured per version",
      "add a dimension with $version, or compare it with a number",
      bound,
    );
  }
  const bounds: Bounds = { unit: NUMBER, example: METRIC_EXAMPLE, comparable: byVersion, holds: true };
  const terms = parseTerms(operator, bound, bounds, "this metric", wrong);
  if ("problem" in terms) return terms;
  const metric: OwnMetric = { namespace, name: metricName, dimensions: { ...dimensions }, statistic };
  const { tolerance, hold } = terms;
  return { kind: "metric", text: line.text, metric, tolerance, hold: tolerance.ratio > 0 ? null : hold };
}

function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST_NAME;
}
