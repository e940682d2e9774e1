import { type Duration, HOUR, type Instant, MINUTE, SECOND } from "../../src/release/time.ts";
import { type Answer, answer, jsonOf, type Operation, Refusal, type Request, type Service } from "../service.ts";
import type { SimulatedTime } from "../time.ts";
import type { Alarm } from "./alarms.ts";
import { isRank, type MetricName, type Metrics, statisticOf } from "./metrics.ts";
import { listOf, MOST_POINTS, placeOf, type Query, readQueries, tokenOf } from "./queries.ts";

const TARGET = /^GraniteServiceVersion20100801\.(\w+)$/;
const MOST_ALARM_NAMES = 100;
/** How many alarms an answer has if the request doesn't say. */
const USUAL_RECORDS = 50;

/** How long points are kept: the coarser, the longer. */
const KEPT: readonly { readonly period: Duration; readonly duration: Duration }[] = [
  { period: HOUR, duration: 455 * 24 * HOUR },
  { period: 5 * MINUTE, duration: 63 * 24 * HOUR },
  { period: MINUTE, duration: 15 * 24 * HOUR },
];

interface Point {
  readonly at: Instant;
  readonly value: number;
}

/** Makes queries unreadable in one of CloudWatch's ways. */
export interface Unreadable {
  readonly status: "InternalError" | "PartialData" | "Forbidden";
  /** Which; all, if it isn't given. */
  readonly matches?: (metric: MetricName) => boolean;
}

/** CloudWatch: GetMetricData and DescribeAlarms, in the protocol that the AWS SDK for JavaScript speaks (awsJson 1.0). */
export class CloudWatch implements Service {
  readonly name = "cloudwatch";
  readonly metrics: Metrics;
  readonly alarms: Alarm[] = [];
  unreadable: Unreadable | null = null;
  /** What becomes of queries for percentile ranks, `PR(:500)`: "refused" refuses all of the request, "silent" finds no points. */
  ranks: "served" | "refused" | "silent" = "served";
  /** The most points in one answer; tests set it low, to see pages. */
  pageSize = MOST_POINTS;
  readonly #time: SimulatedTime;
  readonly #arnOfAlarm: (name: string) => string;

  constructor(time: SimulatedTime, metrics: Metrics, here: { readonly id: string; readonly region: string }) {
    this.#time = time;
    this.metrics = metrics;
    this.#arnOfAlarm = (name) => `arn:aws:cloudwatch:${here.region}:${here.id}:alarm:${name}`;
  }

  serves({ headers }: Request): boolean {
    return TARGET.test(String(headers["x-amz-target"] ?? ""));
  }

  understand(request: Request): Operation {
    const operation = TARGET.exec(String(request.headers["x-amz-target"]))?.[1] ?? "";
    const input = jsonOf(request, "SerializationException");
    switch (operation) {
      case "GetMetricData":
        return this.#getMetricData(input);
      case "DescribeAlarms":
        return this.#describeAlarms(input);
    }
    throw new Refusal(400, "UnknownOperationException", `The simulator has no CloudWatch ${operation}.`);
  }

  refuse({ status, type, message, headers }: Refusal): Answer {
    // Clients of the older protocol knew some errors by another name, which still comes along.
    const code = type.replace(/Exception$/, "");
    const queryError = { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` };
    const body = { __type: `com.amazonaws.cloudwatch#${type}`, message };
    return answer(status, body, {
      headers: { "content-type": "application/x-amz-json-1.0", ...queryError, ...headers },
      note: type,
    });
  }

  #getMetricData(input: Record<string, unknown>): Operation {
    return {
      name: "GetMetricData",
      target: "",
      summary: `${listOf(input["MetricDataQueries"]).length} series from ${clock(input["StartTime"])} to ${clock(input["EndTime"])}`,
      permission: { action: "cloudwatch:GetMetricData", resource: "*" },
      quota: { name: "GetMetricData", callsPerSecond: 50 },
      carryOut: () => this.#read(input),
    };
  }

  #read(input: Record<string, unknown>): Answer {
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
    const body = { MetricDataResults: results, Messages: [], ...(next === null ? {} : { NextToken: next }) };
    return jsonAnswer(body, `${points} points${next === null ? "" : ", more to come"}`);
  }

  #points({ metric, period, statistic, unit }: Query, from: Instant, to: Instant, newestFirst: boolean): Point[] {
    if (unit !== null && unit !== this.metrics.unit(metric)) return [];
    if (this.ranks === "silent" && isRank(statistic)) return [];
    const points: Point[] = [];
    const now = this.#time.now();
    const kept = KEPT.find((points) => period % points.period === 0)?.duration ?? 0;
    const first = Math.max(Math.floor(from / period), Math.ceil((now - kept) / period)) * period;
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

  #describeAlarms(input: Record<string, unknown>): Operation {
    const names = textsOf(input["AlarmNames"]);
    const types = input["AlarmTypes"] === undefined ? ["MetricAlarm"] : textsOf(input["AlarmTypes"]);
    const all = this.#arnOfAlarm("*");
    return {
      name: "DescribeAlarms",
      target: names.join(", "),
      summary: types.join(" and "),
      // With less than all resources, composite alarms can't be read.
      permission: {
        action: "cloudwatch:DescribeAlarms",
        resource: types.includes("CompositeAlarm") ? "*" : all,
      },
      quota: { name: "DescribeAlarms", callsPerSecond: 9 },
      carryOut: () => this.#listAlarms(input, names, types),
    };
  }

  #listAlarms(input: Record<string, unknown>, names: readonly string[], types: readonly string[]): Answer {
    const refuse = (message: string) => new Refusal(400, "ValidationError", message);
    const { AlarmNamePrefix: prefix, StateValue: wanted, MaxRecords: most = USUAL_RECORDS } = input;
    if (names.length > MOST_ALARM_NAMES) {
      throw refuse(`The collection AlarmNames must not have a size greater than ${MOST_ALARM_NAMES}.`);
    }
    if (names.length > 0 && prefix !== undefined) {
      throw refuse("AlarmNames and AlarmNamePrefix can not be given together.");
    }
    const unknown = types.find((type) => type !== "MetricAlarm" && type !== "CompositeAlarm");
    if (unknown !== undefined) throw refuse(`The value ${unknown} for parameter AlarmTypes is not valid.`);
    if (typeof most !== "number" || most < 1 || most > 100) {
      throw refuse("The parameter MaxRecords must be at least 1 and at most 100.");
    }
    const now = this.#time.now();
    const found = this.alarms
      .map((alarm) => ({ ...alarm, state: alarm.state(now) }))
      .filter(({ name }) => names.length === 0 || names.includes(name))
      .filter(({ name }) => typeof prefix !== "string" || name.startsWith(prefix))
      .filter(({ state }) => wanted === undefined || state === wanted)
      .filter(({ kind }) => types.includes(kind === "metric" ? "MetricAlarm" : "CompositeAlarm"));
    const first = placeOf(input["NextToken"]).point;
    const page = found.slice(first, first + most);
    const shapes = (kind: Alarm["kind"]) =>
      page
        .filter((alarm) => alarm.kind === kind)
        .map(({ name, state }) => ({ AlarmName: name, AlarmArn: this.#arnOfAlarm(name), StateValue: state }));
    const more = first + page.length < found.length;
    const body = {
      ...(types.includes("MetricAlarm") ? { MetricAlarms: shapes("metric") } : {}),
      ...(types.includes("CompositeAlarm") ? { CompositeAlarms: shapes("composite") } : {}),
      ...(more ? { NextToken: tokenOf({ query: 0, point: first + page.length }) } : {}),
    };
    return jsonAnswer(body, page.map(({ name, state }) => `${name} ${state}`).join(", "));
  }
}

/** Without points there are no lists either. */
function lists(points: readonly Point[]): object {
  if (points.length === 0) return {};
  return { Timestamps: points.map(({ at }) => at / SECOND), Values: points.map(({ value }) => value) };
}

function jsonAnswer(body: object, note: string): Answer {
  return answer(200, body, { note, headers: { "content-type": "application/x-amz-json-1.0" } });
}

function clock(seconds: unknown): string {
  return typeof seconds === "number" ? new Date(seconds * SECOND).toISOString().slice(11, 19) : "?";
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
