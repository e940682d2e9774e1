import { type Instant, SECOND } from "../../../src/domain/time.ts";
import { cborError, isCbor } from "../cbor.ts";
import { type Answer, type Operation, Refusal, type Request, refusing, type Service, signedFor } from "../service.ts";
import type { SimulatedTime } from "../time.ts";
import { alarmsPage, typesOf } from "./alarm-list.ts";
import type { Alarm } from "./alarms.ts";
import { clock, type Input, listOf, textsOf } from "./input.ts";
import { metricsPage } from "./metric-list.ts";
import { isRank, type MetricName, type Metrics, statisticOf } from "./metrics.ts";
import { isCloudWatch, protocolOf } from "./protocols.ts";
import { MOST_POINTS, placeOf, type Query, readQueries, tokenOf } from "./queries.ts";
import { keptFor } from "./retention.ts";
import { statisticsOf } from "./statistics.ts";

/** The service name that signatures use for CloudWatch. */
const SIGNED = "monitoring";

/**
 * How many calls a second each operation allows:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html.
 */
const CALLS_PER_SECOND = { DescribeAlarms: 9, GetMetricData: 50, GetMetricStatistics: 400, ListMetrics: 25 };

type OperationName = keyof typeof CALLS_PER_SECOND;

export const OPERATIONS: readonly string[] = Object.keys(CALLS_PER_SECOND);

interface Outcome {
  readonly output: object;
  /** For the transcript. */
  readonly note: string;
}

interface Point {
  readonly at: Instant;
  readonly value: number;
}

/** Makes queries unreadable, in one of the ways that CloudWatch has. */
export interface Unreadable {
  readonly status: "InternalError" | "PartialData" | "Forbidden";
  /** Which metrics; all by default. */
  readonly matches?: (metric: MetricName) => boolean;
}

/** CloudWatch's metrics and alarms, readable by the AWS SDKs and by old and new AWS CLIs. */
export class CloudWatch implements Service {
  readonly name = "cloudwatch";
  readonly metrics: Metrics;
  readonly alarms: Alarm[] = [];
  unreadable: Unreadable | null = null;
  /**
   * What happens to queries for percentile ranks, `PR(:500)`: "refused" refuses the whole request, "silent" finds no
   * points.
   */
  ranks: "served" | "refused" | "silent" = "served";
  /** The most points in one answer. Tests set it low to get several pages. */
  pageSize = MOST_POINTS;
  readonly #time: SimulatedTime;
  readonly #arnOfAlarm: (name: string) => string;

  constructor(time: SimulatedTime, metrics: Metrics, here: { readonly id: string; readonly region: string }) {
    this.#time = time;
    this.metrics = metrics;
    this.#arnOfAlarm = (name) => `arn:aws:cloudwatch:${here.region}:${here.id}:alarm:${name}`;
  }

  serves(request: Request): boolean {
    const signed = signedFor(request);
    return signed === SIGNED || (signed === null && isCloudWatch(request));
  }

  understand(request: Request): Operation {
    if (isCbor(request)) {
      const message = "This simulator's CloudWatch doesn't speak CBOR (rpc-v2-cbor). It speaks: awsJson 1.0, awsQuery.";
      throw new Refusal(415, "UnsupportedMediaType", message);
    }
    const protocol = protocolOf(request);
    const name = protocol.operationOf(request);
    if (!isOperation(name)) {
      const message = `This simulator has no CloudWatch ${name}. It has: ${OPERATIONS.join(", ")}.`;
      return refusing(name, new Refusal(400, "UnknownOperationException", message));
    }
    const input = protocol.inputOf(request);
    return {
      name,
      ...describe(name, input),
      permission: { action: `cloudwatch:${name}`, resource: this.#resource(name, input) },
      quota: { name, callsPerSecond: CALLS_PER_SECOND[name] },
      carryOut: () => {
        const { output, note } = this.#carryOut(name, input);
        return protocol.answer(name, output, note);
      },
    };
  }

  refuse(refusal: Refusal, request: Request): Answer {
    return isCbor(request) ? cborError(refusal) : protocolOf(request).refuse(refusal);
  }

  /** What a policy must name: metrics and composite alarms can only be read with all resources allowed. */
  #resource(name: OperationName, input: Input): string {
    return name === "DescribeAlarms" && !typesOf(input).includes("CompositeAlarm") ? this.#arnOfAlarm("*") : "*";
  }

  #carryOut(name: OperationName, input: Input): Outcome {
    const now = this.#time.now();
    switch (name) {
      case "DescribeAlarms":
        return alarmsPage(this.alarms, input, now, this.#arnOfAlarm);
      case "GetMetricData":
        return this.#read(input);
      case "GetMetricStatistics": {
        const output = statisticsOf(this.metrics, input, now);
        return { output, note: `${output.Datapoints.length} points` };
      }
      case "ListMetrics": {
        const output = metricsPage(this.metrics, input, now);
        return { output, note: `${output.Metrics.length} metrics` };
      }
    }
  }

  #read(input: Input): Outcome {
    const queries = readQueries(input);
    const rank = queries.find(({ statistic }) => isRank(statistic))?.statistic;
    if (rank !== undefined && this.ranks === "refused") {
      throw new Refusal(400, "ValidationError", `The value ${rank} for parameter Stat is not supported.`);
    }
    const [from, to] = [Number(input["StartTime"]) * SECOND, Number(input["EndTime"]) * SECOND];
    const newestFirst = input["ScanBy"] !== "TimestampAscending";
    this.metrics.catchUp(this.#time.now());
    const limit = Math.min(this.pageSize, Number(input["MaxDatapoints"] ?? MOST_POINTS));
    const start = placeOf(input["NextToken"]);
    const results: object[] = [];
    let [room, points, next] = [limit, 0, null as string | null];
    for (const [index, query] of queries.entries()) {
      if (index < start.query) continue;
      if (room === 0) {
        next = tokenOf({ query: index, point: 0 });
        break;
      }
      const first = index === start.query ? start.point : 0;
      const all = this.#points(query, from, to, newestFirst);
      const page = all.slice(first, first + room);
      const isRest = first + page.length === all.length;
      results.push(this.#result(query, page, isRest));
      points += page.length;
      room -= page.length;
      if (!isRest) {
        next = tokenOf({ query: index, point: first + page.length });
        break;
      }
    }
    const output = { MetricDataResults: results, Messages: [], ...(next === null ? {} : { NextToken: next }) };
    return { output, note: `${points} points${next === null ? "" : ", more to come"}` };
  }

  #points({ metric, period, statistic, unit }: Query, from: Instant, to: Instant, newestFirst: boolean): Point[] {
    if (unit !== null && unit !== this.metrics.unit(metric)) return [];
    if (this.ranks === "silent" && isRank(statistic)) return [];
    const points: Point[] = [];
    const now = this.#time.now();
    const first = Math.max(Math.floor(from / period), Math.ceil((now - keptFor(period)) / period)) * period;
    for (let at = first; at < Math.min(to, now); at += period) {
      const samples = this.metrics.samples(metric, at, at + period, now);
      if (samples !== null) points.push({ at, value: statisticOf(samples, statistic) });
    }
    return newestFirst ? points.reverse() : points;
  }

  #result({ id, label, metric }: Query, page: readonly Point[], isRest: boolean): object {
    const { unreadable } = this;
    const isUnreadable = unreadable !== null && (unreadable.matches?.(metric) ?? true);
    if (!isUnreadable) return { Id: id, Label: label, StatusCode: isRest ? "Complete" : "PartialData", ...lists(page) };
    switch (unreadable.status) {
      case "PartialData":
        return { Id: id, Label: label, StatusCode: "PartialData", ...lists(page.slice(0, page.length / 2)) };
      case "InternalError":
        return { Id: id, Label: label, StatusCode: "InternalError" };
      case "Forbidden": {
        const message = { Code: "Forbidden", Value: "The caller is not allowed to read this metric." };
        return { Id: id, Label: label, StatusCode: "Forbidden", Messages: [message] };
      }
    }
  }
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(CALLS_PER_SECOND, name);
}

/** What matters in a request, for the transcript. */
function describe(name: OperationName, input: Input): Pick<Operation, "target" | "summary"> {
  const range = `from ${clock(input["StartTime"])} to ${clock(input["EndTime"])}`;
  switch (name) {
    case "DescribeAlarms":
      return { target: textsOf(input["AlarmNames"]).join(", "), summary: typesOf(input).join(" and ") };
    case "GetMetricData":
      return { target: "", summary: `${listOf(input["MetricDataQueries"]).length} series ${range}` };
    case "GetMetricStatistics":
      return { target: String(input["MetricName"] ?? ""), summary: range };
    case "ListMetrics":
      return { target: "", summary: String(input["Namespace"] ?? "") };
  }
}

/** Without points, the answer leaves out the lists too. */
function lists(points: readonly Point[]): object {
  if (points.length === 0) return {};
  return { Timestamps: points.map(({ at }) => new Date(at)), Values: points.map(({ value }) => value) };
}
