import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { bundleText } from "../build.ts";
import { markdownTable } from "../testing/markdown-table.ts";
import { SimulatedClock } from "../testing/simulator/clock.ts";
import { startAction } from "../testing/simulator/runner.ts";
import { SCENARIOS } from "../testing/simulator/scenarios.ts";
import { startSimulator } from "../testing/simulator/server.ts";
import { REAL_TIME } from "../testing/simulator/time.ts";
import { median } from "../testing/statistics.ts";
import { PeakMemory } from "./memory.ts";

/**
 * `npm run bench`: measures the figures in docs/safety.md, each with its target. Times are ratios within one run, so
 * that a slow machine changes little. Exits with 1 if a target is missed.
 */

const ROUNDS = 40;
/** https://aws.amazon.com/cloudwatch/pricing: $0.01 for 1,000 metrics requested by GetMetricData. */
const DOLLARS_A_METRIC = 0.01 / 1000;

/** As small as a program that asks Lambda the same can be. */
const SMALLEST = `import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
new LambdaClient({}).send(new GetAliasCommand({ FunctionName: "checkout", Name: "live" })).catch(() => {});`;

interface Figure {
  readonly what: string;
  readonly value: string;
  readonly target: string;
  readonly reached: boolean;
}

const release = await releaseFigures();
const figures: Figure[] = [...(await startFigures()), release.memory, ...(await rollbackFigures())];

print(
  ["figure", "measured", "target", ""],
  figures.map(({ what, value, target, reached }) => [what, value, target, reached ? "✓" : "✗ missed"]),
);
print(["calls of a default release", "number", "cost"], release.calls);
process.exitCode = figures.every(({ reached }) => reached) ? 0 : 1;

/** From the start of the process to its first request to AWS, beside the smallest program that makes one. */
async function startFigures(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const [plain, alike] = [join(folder, "plain"), join(folder, "alike")];
  await bundleText(SMALLEST, plain, "plain");
  await bundleText(SMALLEST, alike, "like main");
  const server = createServer((_, response) => {
    arrived?.(performance.now());
    response.writeHead(404, { "x-amzn-errortype": "ResourceNotFoundException" }).end('{"Message":"none"}');
  });
  let arrived: ((at: number) => void) | null = null;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    PATH: process.env["PATH"] ?? "",
    GITHUB_EVENT_NAME: "push",
    INPUT_FUNCTION: "checkout",
    INPUT_STEPS: "5% for 5m",
    INPUT_COMMENT: "false",
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "AKIASIMULATOR",
    AWS_SECRET_ACCESS_KEY: "simulator",
  };
  const timeToFirstRequest = async (program: string) => {
    const request = Promise.withResolvers<number>();
    arrived = request.resolve;
    const began = performance.now();
    const child = spawn(process.execPath, [program], { stdio: "ignore", env: environment });
    const time = (await request.promise) - began;
    arrived = null;
    child.kill();
    await once(child, "close");
    return time;
  };
  const times = { plain: [] as number[], alike: [] as number[], action: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.plain.push(await timeToFirstRequest(join(plain, "index.js")));
    times.alike.push(await timeToFirstRequest(join(alike, "index.js")));
    times.action.push(await timeToFirstRequest("dist/main/index.js"));
  }
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true });
  const [action, beside, besideAlike] = [median(times.action), median(times.plain), median(times.alike)];
  const megabytes = statSync("dist/main/index.js").size / 1e6;
  return [
    {
      what: "start to first AWS request, beside the smallest program that makes it, by `ncc build --minify`",
      value: `${(action / beside).toFixed(2)} × (${action.toFixed(0)} and ${beside.toFixed(0)} ms here)`,
      target: "≤ 1.15 ×",
      reached: action / beside <= 1.15,
    },
    {
      what: "the same, beside that program bundled with our own options",
      value: `${(action / besideAlike).toFixed(2)} ×`,
      target: "≤ 1.15 ×",
      reached: action / besideAlike <= 1.15,
    },
    {
      what: "loaded at the start",
      value: `${megabytes.toFixed(2)} MB`,
      target: "≤ 1.0 MB",
      reached: megabytes <= 1,
    },
  ];
}

/** Plays the default plan in compressed time; measures peak memory and counts the calls. */
async function releaseFigures() {
  const clock = new SimulatedClock();
  const simulator = await startSimulator({ time: clock, checksTime: true, seed: 7 });
  SCENARIOS.healthy.setUp(simulator);
  const action = await startAction({
    clock,
    inputs: { function: "checkout" },
    environment: simulator.environment,
    token: "ghs_bench",
    event: { name: "push", payload: {} },
  });
  const memoryUsed = new PeakMemory(action.pid);
  const { outputs } = await action.finished;
  const peak = memoryUsed.end();
  await simulator.close();
  clock.close();
  if (outputs["outcome"] !== "promoted") throw new Error(`The release ended ${outputs["outcome"]}, not promoted.`);

  const megabytes = peak / 1e6;
  const memory: Figure = {
    what: "peak memory of a release of 15 minutes, in compressed time",
    value: `${megabytes.toFixed(0)} MB`,
    target: "≤ 120 MB",
    reached: megabytes <= 120,
  };
  const byKind = Map.groupBy(simulator.calls, ({ service, operation }) => `${service} ${operation}`);
  const series = simulator.calls
    .filter(({ operation }) => operation === "GetMetricData")
    .reduce((sum, { summary }) => sum + Number.parseInt(summary, 10), 0);
  const calls = [...byKind].sort().map(([kind, those]) => {
    const metered = kind === "cloudwatch GetMetricData";
    return [
      kind,
      String(those.length),
      metered ? `$${(series * DOLLARS_A_METRIC).toFixed(4)} (${series} metrics)` : "none",
    ];
  });
  return { memory, calls };
}

/** In real time: how soon a rollback is sent, by hand and after a cancellation. */
async function rollbackFigures(): Promise<Figure[]> {
  const figure = (what: string, seconds: number, limit: number): Figure => {
    const value = `${Math.round(seconds * 1000)} ms`;
    return { what, value, target: `≤ ${limit} s`, reached: seconds <= limit };
  };
  const cancelled: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < 5; round++) {
    const simulator = await startSimulator({ time: REAL_TIME, seed: 7 });
    SCENARIOS.healthy.setUp(simulator);
    const start = (inputs: Record<string, string>) =>
      startAction({
        inputs: { function: "checkout", ...inputs },
        environment: simulator.environment,
        token: "ghs_bench",
      });
    /** When the next write to an alias arrives. */
    const nextWrite = () => {
      const { promise, resolve } = Promise.withResolvers<number>();
      const run = () => resolve(performance.now());
      simulator.inject({ operation: "UpdateAlias" }, { kind: "hook", when: "before", run });
      return promise;
    };
    const shift = nextWrite();
    const deploying = await start({ comment: "false" });
    await shift;
    await setTimeout(500);
    const rollback = nextWrite();
    const signalled = performance.now();
    deploying.signal("SIGINT");
    cancelled.push(((await rollback) - signalled) / 1000);
    await deploying.finished;

    const write = nextWrite();
    const began = performance.now();
    const undoing = await start({ command: "rollback", comment: "false", version: "2" });
    byHand.push(((await write) - began) / 1000);
    await undoing.finished;
    await simulator.close();
  }
  return [
    figure("SIGINT to the rollback's first call, in real time", median(cancelled), 1),
    figure("start of the rollback command to its first write, in real time", median(byHand), 2),
  ];
}

function print(head: readonly string[], rows: readonly (readonly string[])[]): void {
  process.stdout.write(`${markdownTable(head, rows)}\n\n`);
}
