import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { type Instant, MINUTE, SECOND } from "../src/domain/time.ts";
import { ALIAS } from "./fixture.ts";

/** A series of the function, by what its dimensions name. */
export interface Series {
  readonly metric: "Invocations" | "Errors" | "Duration";
  readonly statistic: string;
  /** The function, its alias, or a version behind the alias. */
  readonly of: "function" | "alias" | { readonly version: string };
}

/** The figures of a series by minute. */
export type Figures = ReadonlyMap<Instant, number>;

/** Reads series from one minute up to another, all in one call. */
export async function read(
  cloudwatch: CloudWatchClient,
  name: string,
  series: readonly Series[],
  [from, to]: readonly [Instant, Instant],
): Promise<readonly Figures[]> {
  const found = series.map(() => new Map<Instant, number>());
  const input = {
    StartTime: new Date(from),
    EndTime: new Date(to),
    MetricDataQueries: series.map((each, index) => queryOf(name, each, index)),
  };
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch.send(
      new GetMetricDataCommand(NextToken === undefined ? input : { ...input, NextToken }),
    );
    for (const { Id = "", Timestamps = [], Values = [] } of page.MetricDataResults ?? []) {
      for (const [index, at] of Timestamps.entries()) found[Number(Id.slice(1))]?.set(at.getTime(), Values[index] ?? 0);
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function queryOf(name: string, { metric, statistic, of }: Series, index: number): MetricDataQuery {
  const Dimensions = [{ Name: "FunctionName", Value: name }];
  if (of !== "function") Dimensions.push({ Name: "Resource", Value: `${name}:${ALIAS}` });
  if (typeof of === "object") Dimensions.push({ Name: "ExecutedVersion", Value: of.version });
  const Metric = { Namespace: "AWS/Lambda", MetricName: metric, Dimensions };
  return { Id: `q${index}`, MetricStat: { Metric, Period: MINUTE / SECOND, Stat: statistic } };
}
