import { formatCount } from "../../src/domain/format.ts";
import { type Instant, SECOND } from "../../src/domain/time.ts";
import { markdownTable } from "../../testing/markdown-table.ts";
import { SimulatedClock } from "../../testing/simulator/clock.ts";
import { startAction } from "../../testing/simulator/runner.ts";
import { type Simulator, startSimulator } from "../../testing/simulator/server.ts";
import { PeakMemory } from "../memory.ts";

/**
 * `npm run bench:fleet` (half a minute): releases fleets with `AllAtOnce` in compressed time, within Lambda's quotas,
 * and prints as Markdown tables what that takes. Exits with 1 if the largest takes too long.
 */

const SIZES = [10, 100, 500];
const LARGEST = Math.max(...SIZES);
/** The longest time for the largest fleet, in seconds. */
const TARGET = 260;

interface Figures {
  readonly size: number;
  /** The calls to Lambda, by operation. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many of these Lambda refused because they were too many. */
  readonly throttled: number;
  readonly seconds: number;
  /** From the first alias's promotion to the last one's, in seconds. */
  readonly window: number;
  /** Of the action's process, in bytes. */
  readonly memory: number;
}

/** Functions that serve version 1, with other code uploaded. */
function addFleet({ account }: Simulator, size: number): string[] {
  return Array.from({ length: size }, (_, index) => {
    const name = `fn${index}`;
    const added = account.addFunction({ name, traffic: { callsPerMinute: 100 } });
    added.createAlias("live", { version: added.release() });
    added.stage({});
    return name;
  });
}

async function play(size: number): Promise<Figures> {
  const clock = new SimulatedClock();
  const simulator = await startSimulator({ time: clock, checksTime: true, seed: 7, quotas: true });
  const names = addFleet(simulator, size);
  const start = clock.now();
  const action = await startAction({
    clock,
    inputs: { function: names.join("\n"), steps: "AllAtOnce", comment: "false" },
    environment: simulator.environment,
    token: "ghs_bench",
    event: { name: "push", payload: {} },
  });
  const peak = new PeakMemory(action.pid);
  const { outputs, log } = await action.finished;
  const end = clock.now();
  const memory = peak.end();
  await simulator.close();
  clock.close();
  if (outputs["outcome"] !== "promoted") {
    throw new Error(`The release of ${size} ended ${outputs["outcome"]}:\n${log.map(({ text }) => text).join("\n")}`);
  }

  const calls = simulator.calls.filter(({ service }) => service === "lambda");
  const promotions = calls
    .filter(({ operation, answer }) => operation === "UpdateAlias" && answer.startsWith("200"))
    .map(({ at }) => at);
  return {
    size,
    calls: new Map([...Map.groupBy(calls, ({ operation }) => operation)].map(([name, those]) => [name, those.length])),
    throttled: calls.filter(({ answer }) => answer.startsWith("429")).length,
    seconds: secondsBetween(start, end),
    window: secondsBetween(promotions[0] ?? start, promotions.at(-1) ?? start),
    memory,
  };
}

function secondsBetween(from: Instant, to: Instant): number {
  return (to - from) / SECOND;
}

function row({ size, calls, throttled, seconds, window, memory }: Figures): readonly string[] {
  const total = [...calls.values()].reduce((sum, each) => sum + each, 0);
  const target = size === LARGEST ? ` (target ≤ ${TARGET})` : "";
  return [
    ...[size, total, throttled].map(formatCount),
    `${seconds.toFixed(1)}${target}`,
    window.toFixed(1),
    `${(memory / 1e6).toFixed(0)} MB`,
  ];
}

const figures: Figures[] = [];
for (const size of SIZES) figures.push(await play(size));
const operations = [...new Set(figures.flatMap(({ calls }) => [...calls.keys()]))].sort();
const tables = [
  markdownTable(["functions", "calls to Lambda", "throttled", "seconds", "window (s)", "memory"], figures.map(row)),
  markdownTable(
    ["calls to Lambda", ...SIZES.map((size) => `${size} functions`)],
    operations.map((name) => [name, ...figures.map(({ calls }) => formatCount(calls.get(name) ?? 0))]),
  ),
];
process.stdout.write(`${tables.join("\n\n")}\n`);
process.exitCode = figures.every(({ size, seconds }) => size < LARGEST || seconds <= TARGET) ? 0 : 1;
