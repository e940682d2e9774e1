import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { ALARM, SCENARIOS, type ScenarioName } from "../../simulator/scenarios.ts";
import { MINUTE } from "../../src/release/time.ts";
import { open } from "./clients.ts";

/** Sets a scene up, sends half of the calls to the new code, and lets ten minutes pass. */
async function play(name: ScenarioName) {
  const world = await open();
  const checkout = SCENARIOS[name].setUp(world.simulator);
  const from = world.clock.now();
  const baseline = checkout.alias("live").intended.version;
  const { version } = checkout.publish({});
  checkout.updateAlias("live", { additional: { version, weight: 0.5 } });
  await world.clock.advance(10 * MINUTE);
  const { MetricAlarms } = await world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [ALARM] }));
  const state = MetricAlarms?.[0]?.StateValue;
  const rate = ({ calls, failures }: { calls: number; failures: number }) => failures / calls;
  const [old, fresh] = [checkout.tally(baseline, from), checkout.tally(version, from)];
  const routing = checkout.alias("live").intended;
  await world.close();
  return { old: rate(old), fresh: rate(fresh), calls: old.calls + fresh.calls, state, routing };
}

for (const [name, holds] of Object.entries({
  healthy: ({ old, fresh, calls, state }) => old < 0.005 && fresh < 0.005 && calls > 6_000 && state === "OK",
  broken: ({ old, fresh, state }) => old < 0.005 && fresh > 0.25 && state === "ALARM",
  worse: ({ old, fresh }) => old > 0.005 && old < 0.015 && fresh > 0.03 && fresh < 0.05,
  quiet: ({ calls }) => calls < 20,
  bursty: ({ old, fresh, state }) => Math.abs(old - fresh) < 0.02 && state === "OK",
  alarm: ({ old, fresh, state }) => old < 0.005 && fresh < 0.005 && state === "ALARM",
  intruder: ({ routing }) => routing.additional === null,
} satisfies Record<ScenarioName, (outcome: Awaited<ReturnType<typeof play>>) => boolean>)) {
  test(`${name}: ${SCENARIOS[name as ScenarioName].about}`, async () => {
    const outcome = await play(name as ScenarioName);
    assert.ok(holds(outcome), JSON.stringify(outcome));
  });
}

/** Runs `npm run simulator` until it has said enough. */
async function run(...args: string[]) {
  const start = fileURLToPath(new URL("../../simulator/start.ts", import.meta.url));
  const child = spawn(process.execPath, [start, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (part) => (text += part));
  const ended = once(child, "close");
  return { child, ended, text: () => text };
}

test("npm run simulator says where it is and answers there", async () => {
  const { child, ended, text } = await run("--scenario", "broken", "--seed", "7", "--port", "0");
  while (!text().includes("Ctrl-C")) await new Promise((resolve) => setTimeout(resolve, 20));
  const url = /^export AWS_ENDPOINT_URL=(\S+)$/m.exec(text())?.[1];
  const authorization = "AWS4-HMAC-SHA256 Credential=AKIASIMULATOR/20260105/eu-central-1/lambda/aws4_request";
  const answer = await fetch(`${url}/2015-03-31/functions/checkout/aliases/live`, { headers: { authorization } });
  assert.equal(((await answer.json()) as { FunctionVersion: string }).FunctionVersion, "3");
  child.kill();
  await ended;
});

for (const [args, problem] of [
  [["--scenario", "brokn"], /There is no scenario "brokn". There are: healthy, broken,/],
  [["--port", "http"], /--port takes a number/],
  [["--speed", "0"], /--speed takes a number/],
  [["--seed", "x"], /--seed takes a whole number/],
  [["--scenarios"], /Unknown option/],
] satisfies [string[], RegExp][]) {
  test(`npm run simulator tells what is wrong with ${args.join(" ")}, and what is right`, async () => {
    const { child, ended, text } = await run(...args);
    await ended;
    assert.equal(child.exitCode, 2);
    assert.match(text(), problem);
    assert.match(text(), /npm run simulator -- /);
  });
}
