import { type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { Random } from "../random.ts";
import { Refusal } from "../service.ts";
import { dimensionsOf, type Input, textsOf } from "./input.ts";
import { isStatistic, type Metrics, SIMPLE_STATISTICS, statisticOf } from "./metrics.ts";
import { finestAt, keptFor } from "./retention.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
const MOST_POINTS = 1_440;
const MOST_DIMENSIONS = 30;
const REQUIRED = ["Namespace", "MetricName", "StartTime", "EndTime", "Period"];

/** The points of one metric, as GetMetricStatistics answers: period by period from StartTime. @throws Refusal */
export function statisticsOf(metrics: Metrics, input: Input, now: Instant) {
  checkStatistics(input);
  const metric = {
    namespace: String(input["Namespace"]),
    name: String(input["MetricName"]),
    dimensions: dimensionsOf(input["Dimensions"]),
  };
  const period = Number(input["Period"]) * SECOND;
  const [start, end] = [Number(input["StartTime"]) * SECOND, Number(input["EndTime"]) * SECOND];
  const unit = metrics.unit(metric);
  const simple = textsOf(input["Statistics"]);
  const extended = textsOf(input["ExtendedStatistics"]);
  const rounding = finestAt(start, now);
  const points: object[] = [];
  metrics.catchUp(now);
  for (let at = Math.floor(start / rounding) * rounding; at < Math.min(end, now); at += period) {
    if (at < now - keptFor(period)) continue;
    const last = Math.min(at + period, Math.ceil(end / MINUTE) * MINUTE);
    const samples = metrics.samples(metric, at, last, now);
    if (samples === null) continue;
    const valued = (names: readonly string[]) => names.map((name) => [name, statisticOf(samples, name)] as const);
    points.push({
      Timestamp: new Date(at),
      ...Object.fromEntries(valued(simple)),
      ...(extended.length === 0 ? {} : { ExtendedStatistics: new Map(valued(extended)) }),
      Unit: unit,
    });
  }
  const isOther = input["Unit"] !== undefined && input["Unit"] !== unit;
  return { Label: metric.name, Datapoints: isOther ? [] : inNoOrder(points) };
}

/** The service promises no order, so we shuffle: nobody should rely on one. */
function inNoOrder<T>(points: readonly T[]): readonly T[] {
  const keyed = points.map((point, index) => ({ point, key: new Random("order of points", index).uniform() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ point }) => point);
}

function checkStatistics(input: Input): void {
  const missing = REQUIRED.find((name) => input[name] === undefined);
  if (missing !== undefined) {
    throw new Refusal(400, "MissingRequiredParameterException", `The parameter ${missing} is required.`);
  }
  const { StartTime, EndTime, Period, Namespace, Dimensions } = input;
  if (/^:|^$/.test(String(Namespace))) throw wrong("The value for parameter Namespace is not valid.");
  if (Array.isArray(Dimensions) && Dimensions.length > MOST_DIMENSIONS) {
    throw wrong(`The collection Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  }
  checkNames(input);
  if (typeof StartTime !== "number" || typeof EndTime !== "number") throw wrong("StartTime and EndTime must be times.");
  if (StartTime === EndTime) throw wrong("The parameter StartTime must not equal parameter EndTime.");
  if (StartTime > EndTime) throw wrong("The parameter StartTime must be less than the parameter EndTime.");
  if (typeof Period !== "number" || Period < 60 || Period % 60 !== 0) {
    throw wrong("The parameter Period must be a multiple of 60.");
  }
  const points = Math.ceil((EndTime - StartTime) / Period);
  if (points > MOST_POINTS) {
    throw clash(
      `You have requested up to ${points} datapoints, which exceeds the limit of ${MOST_POINTS}. ` +
        "You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
    );
  }
}

/** A request gives simple statistics or percentiles, not both. */
function checkNames(input: Input): void {
  const simple = textsOf(input["Statistics"]);
  const extended = textsOf(input["ExtendedStatistics"]);
  if (simple.length === 0 && extended.length === 0) {
    const message = "At least one of the parameters Statistics and ExtendedStatistics is required.";
    throw new Refusal(400, "MissingRequiredParameterException", message);
  }
  if (simple.length > 0 && extended.length > 0) {
    throw clash("The parameters Statistics and ExtendedStatistics can not be given together.");
  }
  const unknown = simple.findIndex((name) => !SIMPLE_STATISTICS.includes(name));
  if (unknown >= 0) {
    throw wrong(
      `The parameter Statistics.member.${unknown + 1} must be a value in the set [ ${SIMPLE_STATISTICS.join(", ")} ].`,
    );
  }
  const other = extended.find((name) => !isStatistic(name) || SIMPLE_STATISTICS.includes(name));
  if (other !== undefined) throw wrong(`The value ${other} for parameter ExtendedStatistics is not valid.`);
}

function wrong(message: string): Refusal {
  return new Refusal(400, "InvalidParameterValueException", message);
}

function clash(message: string): Refusal {
  return new Refusal(400, "InvalidParameterCombinationException", message);
}
