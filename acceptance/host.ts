import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Host, Running } from "../testing/simulator/runner.ts";

const TIMEWARP = new URL("../testing/simulator/timewarp.ts", import.meta.url).href;

/** On simulated time, the action has to run on it too. Otherwise the runner starts it as everywhere. */
export function hostHere(): { readonly host?: Host } {
  const clock = process.env["SIMULATED_CLOCK"];
  return clock === undefined ? {} : { host: onSimulatedTime(clock) };
}

function onSimulatedTime(clock: string): Host {
  return {
    play(stage, { cwd, environment }): Running {
      const entry = fileURLToPath(new URL(`../dist/${stage}/index.js`, import.meta.url));
      const env = { ...environment, SIMULATED_CLOCK: clock };
      const args = ["--import", TIMEWARP, "--random-seed=1", entry];
      const child = spawn(process.execPath, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
      const { pid = Number.NaN, stdout, stderr } = child;
      // Time stands still while this process waits for another one: until that has joined the clock, and no longer.
      stdout.once("data", () => child.unref());
      stdout.once("end", () => child.ref());
      const closed = once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>;
      return { pid, stdout, stderr, closed, signal: (name) => child.kill(name) };
    },
  };
}
