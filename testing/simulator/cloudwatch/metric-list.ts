import { DAY, HOUR, type Instant } from "../../../src/domain/time.ts";
import { Refusal } from "../service.ts";
import { type Input, listOf } from "./input.ts";
import type { MetricName, Metrics } from "./metrics.ts";
import { placeOf, tokenOf } from "./queries.ts";

/**
 * The most metrics in one answer: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html.
 */
const PAGE = 500;
const MOST_DIMENSIONS = 10;
/** A metric without data for this long isn't listed. */
const LISTED = 14 * DAY;
const RECENT = 3 * HOUR;

/** One page of the metrics that have data, as ListMetrics answers. @throws Refusal */
export function metricsPage(metrics: Metrics, input: Input, now: Instant) {
  check(input);
  metrics.catchUp(now);
  const within = input["RecentlyActive"] === undefined ? LISTED : RECENT;
  const found = metrics
    .names()
    .filter((metric) => isWanted(metric, input))
    .filter((metric) => metrics.hasSamples(metric, now, within));
  const first = placeOf(input["NextToken"], "InvalidParameterValueException").point;
  const page = found.slice(first, first + PAGE);
  const end = first + page.length;
  return {
    Metrics: page.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(end < found.length ? { NextToken: tokenOf({ query: 0, point: end }) } : {}),
  };
}

/** A dimension without a value matches any value. A metric may have more dimensions than the request names. */
function isWanted({ namespace, name, dimensions }: MetricName, { Namespace, MetricName, Dimensions }: Input): boolean {
  if (Namespace !== undefined && Namespace !== namespace) return false;
  if (MetricName !== undefined && MetricName !== name) return false;
  return listOf(Dimensions).every(({ Name, Value }) => {
    const value = dimensions[String(Name)];
    return value !== undefined && (Value === undefined || Value === value);
  });
}

function check({ RecentlyActive, Dimensions, IncludeLinkedAccounts, OwningAccount }: Input): void {
  const wrong = (message: string) => new Refusal(400, "InvalidParameterValueException", message);
  if (RecentlyActive !== undefined && RecentlyActive !== "PT3H") {
    throw wrong(`The value ${RecentlyActive} for parameter RecentlyActive is not valid: only PT3H is.`);
  }
  const dimensions = listOf(Dimensions);
  if (dimensions.length > MOST_DIMENSIONS) {
    throw wrong(`The collection Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  }
  if (dimensions.some(({ Name }) => typeof Name !== "string" || Name === "")) {
    throw wrong("Each of Dimensions needs a Name.");
  }
  if (IncludeLinkedAccounts === true || OwningAccount !== undefined) {
    throw wrong("This simulator has one account only, so it takes neither IncludeLinkedAccounts nor OwningAccount.");
  }
}
