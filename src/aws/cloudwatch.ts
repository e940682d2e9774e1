import {
  type CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { nameOf } from "../domain/alias.ts";
import type { AlarmState, Metrics, Reading, Series } from "../domain/ports.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../domain/time.ts";
import { metricOf, statisticOf } from "./cloudwatch-names.ts";
import { hollow, serviceError } from "./faults.ts";
import { LIMITS } from "./limits.ts";

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
const QUERIES_A_CALL = 500;
const POINTS_A_CALL = 100_800;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const ALARMS_A_CALL = 100;

/** CloudWatch: the metrics of Lambda functions and of the user's own, and alarms. */
export class CloudWatch implements Metrics {
  readonly #client: CloudWatchClient;

  constructor(client: CloudWatchClient) {
    this.#client = client;
  }

  async read(
    series: readonly Series[],
    from: Instant,
    to: Instant,
    period: Duration = MINUTE,
    isLook = false,
  ): Promise<readonly Reading[]> {
    const requestTimeout = isLook ? LIMITS.look : LIMITS.history;
    const perCall = Math.max(
      1,
      Math.min(QUERIES_A_CALL, Math.floor(POINTS_A_CALL / Math.ceil((to - from) / period + 1))),
    );
    const readings = await Promise.all(
      chunks(series, perCall).map((chunk) => this.#readChunk(chunk, from, to, period, requestTimeout)),
    );
    return readings.flat();
  }

  async #readChunk(
    series: readonly Series[],
    from: Instant,
    to: Instant,
    period: Duration,
    requestTimeout: Duration,
  ): Promise<readonly Reading[]> {
    const input: GetMetricDataCommandInput = {
      MetricDataQueries: series.map((each, index) => queryOf(each, index, period)),
      StartTime: new Date(from),
      EndTime: new Date(to),
      ScanBy: "TimestampAscending",
    };
    const results = new Map<string, MetricDataResult[]>();
    try {
      let token: string | undefined;
      do {
        const page = await this.#client.send(
          new GetMetricDataCommand(token === undefined ? input : { ...input, NextToken: token }),
          { requestTimeout },
        );
        if (page.MetricDataResults === undefined) throw hollow("GetMetricData of CloudWatch", page);
        for (const result of page.MetricDataResults) {
          const id = result.Id ?? "";
          results.set(id, [...(results.get(id) ?? []), result]);
        }
        token = page.NextToken;
      } while (token !== undefined);
      return series.map((each, index) => readingOf(each, results.get(idOf(index)) ?? []));
    } catch (error) {
      // This also catches an answer that can't be parsed.
      const call = { operation: "GetMetricData", on: "CloudWatch", action: "cloudwatch:GetMetricData" };
      const reason = serviceError(call, error).message;
      return series.map(() => ({ kind: "unreadable", reason }));
    }
  }

  async alarms(names: readonly string[]): Promise<ReadonlyMap<string, AlarmState>> {
    const states = new Map<string, AlarmState>();
    for (const chunk of chunks([...new Set(names)], ALARMS_A_CALL)) {
      let token: string | undefined;
      do {
        // Composite alarms are returned only if their type is asked for.
        const input = {
          AlarmNames: chunk,
          AlarmTypes: ["MetricAlarm" as const, "CompositeAlarm" as const],
          MaxRecords: ALARMS_A_CALL,
          ...(token === undefined ? {} : { NextToken: token }),
        };
        const command = new DescribeAlarmsCommand(input);
        const page = await this.#client.send(command, { requestTimeout: LIMITS.look }).catch((error) => {
          throw serviceError(
            { operation: "DescribeAlarms", on: "CloudWatch", action: "cloudwatch:DescribeAlarms" },
            error,
          );
        });
        for (const { AlarmName, StateValue } of [...(page.MetricAlarms ?? []), ...(page.CompositeAlarms ?? [])]) {
          if (AlarmName !== undefined && StateValue !== undefined) states.set(AlarmName, stateOf(StateValue));
        }
        token = page.NextToken;
      } while (token !== undefined);
    }
    return states;
  }
}

function idOf(index: number): string {
  return `q${index}`;
}

function queryOf(series: Series, index: number, period: Duration): MetricDataQuery {
  return {
    Id: idOf(index),
    MetricStat: { Metric: metricOf(series), Period: period / SECOND, Stat: statisticOf(series) },
  };
}

/** If the answer had several pages, a series comes in several parts. The last part's status counts. */
function readingOf(series: Series, parts: readonly MetricDataResult[]): Reading {
  const status = parts.at(-1)?.StatusCode;
  if (status !== "Complete") {
    const what =
      series.kind === "own" ? `${series.namespace}/${series.name}` : `${series.metric} of ${nameOf(series.target)}`;
    const why = status === undefined ? "CloudWatch left it out of its answer" : `CloudWatch answered ${status}`;
    return { kind: "unreadable", reason: `${what} could not be read: ${why}` };
  }
  const points = new Map<Instant, number>();
  for (const { Timestamps, Values } of parts) {
    for (const [index, timestamp] of (Timestamps ?? []).entries()) {
      points.set(timestamp.getTime(), Values?.[index] ?? 0);
    }
  }
  return { kind: "points", points };
}

function stateOf(state: "OK" | "ALARM" | "INSUFFICIENT_DATA"): AlarmState {
  switch (state) {
    case "OK":
      return "ok";
    case "ALARM":
      return "alarm";
    case "INSUFFICIENT_DATA":
      return "insufficient-data";
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
