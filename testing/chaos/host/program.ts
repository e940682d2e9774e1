import { subscribe } from "node:diagnostics_channel";
import type { EventEmitter } from "node:events";
import { readFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import type { Socket } from "node:net";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Script } from "node:vm";
import { enter, forget, leave } from "../../simulator/warp.ts";
import { END, type Play } from "./wire.ts";

/**
 * Plays the bundle's main and post many times in one process, which saves the start-up. Each play runs the bundle from
 * scratch; only compiled code is kept. After a play it resets what a process has only one of: the environment, the exit
 * code, listeners, connections, time and random numbers. A play is over when a process would end: when there is nothing
 * left to wait for.
 */

/** The folder of the bundle. */
const [, , BUNDLE = ""] = process.argv;

/** The random numbers that a separate process draws with the same `--random-seed`. */
const CHANCE = Array.from({ length: 10_000 }, Math.random);
const EMITTERS: readonly EventEmitter[] = [process, process.stdout, process.stderr];

const sockets = new Set<Socket>();
subscribe("net.client.socket", (message) => {
  const { socket } = message as { readonly socket: Socket };
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});

const asked = createInterface({ input: process.stdin });
asked.on("line", (line) => {
  process.stdin.unref();
  void play(JSON.parse(line) as Play);
});
process.on("beforeExit", () => {
  if (isPlaying) void end();
});
let isPlaying = false;
let listeners = listenersNow();

async function play({ stage, cwd, environment }: Play): Promise<void> {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, environment);
  let drawn = 0;
  Math.random = () => CHANCE[drawn++ % CHANCE.length] ?? 0;
  listeners = listenersNow();
  isPlaying = true;
  const { SIMULATED_CLOCK, SIMULATED_CLOCK_SEAT, CLOCK_AHEAD } = environment;
  await enter(SIMULATED_CLOCK ?? "", SIMULATED_CLOCK_SEAT ?? null, Number(CLOCK_AHEAD ?? 0));
  run(resolve(BUNDLE, stage, "index.js"), new Map(kept));
}

interface Loaded {
  exports: unknown;
}

const scripts = new Map<string, Script>();
/** Packages that keep nothing of a play but connections: starting undici takes longer than many a play. */
const kept = new Map<string, Loaded>();

/** Runs a file of the bundle as Node's `require` does. */
function run(file: string, loaded: Map<string, Loaded>): unknown {
  const known = loaded.get(file);
  if (known !== undefined) return known.exports;
  const script = scripts.get(file) ?? new Script(Module.wrap(readFileSync(file, "utf8")), { filename: file });
  scripts.set(file, script);
  const module: Loaded = { exports: {} };
  loaded.set(file, module);
  if (file.endsWith(".bundle.js")) kept.set(file, module);
  const requireBuiltin = createRequire(file);
  const require = (name: string) =>
    name.startsWith(".") ? run(resolve(dirname(file), name), loaded) : requireBuiltin(name);
  script.runInThisContext()(module.exports, require, module, file, dirname(file));
  return module.exports;
}

async function end(): Promise<void> {
  isPlaying = false;
  leave();
  for (const socket of sockets) socket.destroy();
  // Gives the sockets' users time to notice.
  for (let turn = 0; turn < 2; turn += 1) await nextTurn();
  forget();
  const exitCode = process.exitCode ?? 0;
  process.exitCode = undefined;
  for (const [emitter, before] of listeners) {
    for (const name of emitter.eventNames()) {
      for (const listener of emitter.listeners(name)) {
        if (!before.has(listener)) emitter.removeListener(name, listener as () => void);
      }
    }
  }
  process.stdin.ref();
  for (const stream of [process.stdout, process.stderr]) stream.write(`${END}${exitCode}\n`);
}

function listenersNow(): ReadonlyMap<EventEmitter, ReadonlySet<unknown>> {
  return new Map(
    EMITTERS.map((emitter) => [emitter, new Set(emitter.eventNames().flatMap((name) => emitter.listeners(name)))]),
  );
}
