import { getOctokit } from "@actions/github";
import { CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Instant } from "../../../src/domain/time.ts";
import { SimulatedClock } from "../../../testing/simulator/clock.ts";
import { type SimulatorOptions, startSimulator } from "../../../testing/simulator/server.ts";

export type World = Awaited<ReturnType<typeof open>>;

/** A simulator, and the clients that users have. */
export async function open(options: Partial<SimulatorOptions> = {}) {
  const clock = new SimulatedClock();
  const simulator = await startSimulator({ time: clock, ...options });
  const configuration = {
    endpoint: simulator.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" },
    // Each test is about one call.
    maxAttempts: 1,
  };
  const lambda = new LambdaClient(configuration);
  const cloudwatch = new CloudWatchClient(configuration);
  const close = async () => {
    lambda.destroy();
    cloudwatch.destroy();
    clock.close();
    await simulator.close();
  };
  return { clock, simulator, lambda, cloudwatch, octokit: octokit(simulator.url), close };
}

/** The client that actions use, with its own token. */
export function octokit(url: string, token = "ghs_workflow"): ReturnType<typeof getOctokit> {
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  // Node's own fetch, since the simulator isn't behind a proxy that this machine may have.
  return getOctokit(token, { baseUrl: `${url}/github`, log: silent, request: { fetch } });
}

/** A query for a Lambda metric. `dimensions` look like `FunctionName=checkout Resource=checkout:live`. */
export function query(metric: string, statistic: string, dimensions: string, id = "q"): MetricDataQuery {
  const pairs = dimensions.split(" ").map((pair) => pair.split("="));
  const Dimensions = pairs.map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: "AWS/Lambda", MetricName: metric, Dimensions };
  return { Id: id, MetricStat: { Metric, Period: 60, Stat: statistic } };
}

/** Reads one series: its figures, oldest first; undefined if there are none. */
export async function read(
  client: CloudWatchClient,
  wanted: MetricDataQuery,
  from: Instant,
  to: Instant,
): Promise<number[] | undefined> {
  const input = { StartTime: new Date(from), EndTime: new Date(to), ScanBy: "TimestampAscending" as const };
  const { MetricDataResults } = await client.send(new GetMetricDataCommand({ ...input, MetricDataQueries: [wanted] }));
  return MetricDataResults?.[0]?.Values;
}

/** How a call was refused: `412 PreconditionFailedException`; "" if it wasn't. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "";
  } catch (error) {
    const { name, $metadata, status } = error as Error & { $metadata?: { httpStatusCode?: number }; status?: number };
    return `${$metadata?.httpStatusCode ?? status ?? ""} ${name}`.trim();
  }
}
