import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instant, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { BEGINNING, type ClockOptions, type Seat, SimulatedClock } from "../../../testing/simulator/clock.ts";

const TIMEWARP = new URL("../../../testing/simulator/timewarp.ts", import.meta.url).href;
const LAMBDA = JSON.stringify(import.meta.resolve("@aws-sdk/client-lambda"));
const UNDICI = JSON.stringify(import.meta.resolve("undici"));

/** Real time that is enough even on a busy machine for what should take about a second. */
const PATIENCE = 20 * SECOND;

const folder = await mkdtemp(join(tmpdir(), "clock-"));
afterAll(() => rm(folder, { recursive: true, force: true }));

let clock: SimulatedClock;
let servers: Server[] = [];
let programs: Program[] = [];

function setClock(options?: ClockOptions): SimulatedClock {
  clock?.close();
  clock = new SimulatedClock(options);
  return clock;
}

beforeEach(() => {
  setClock();
});

afterEach(() => {
  for (const program of programs) program.child.kill("SIGKILL");
  for (const server of servers) server.close().closeAllConnections();
  programs = [];
  servers = [];
  clock.close();
});

interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly lines: readonly string[];
  readonly errors: string;
  /** The simulated time that had passed by the end. */
  readonly elapsed: number;
}

interface Program {
  readonly child: ChildProcess;
  readonly seat: Seat;
  readonly ended: Promise<Ended>;
}

/** Starts a program on simulated time. `say` prints a text after the seconds since the start. */
async function start(source: string, environment: Record<string, string> = {}): Promise<Program> {
  const seat = await clock.seat();
  const file = join(folder, `${Math.random().toString(36).slice(2)}.mjs`);
  const say = `const say = (...words) => console.log((Date.now() - ${BEGINNING}) / 1000, ...words);`;
  await writeFile(file, `${say}\n${source}`);
  const child = spawn(process.execPath, ["--import", TIMEWARP, file], {
    env: { ...seat.environment, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const program = { child, seat, ended: end(child, seat) };
  programs.push(program);
  return program;
}

async function end(child: ChildProcess, seat: Seat): Promise<Ended> {
  let output = "";
  let errors = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
  });
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    errors += chunk;
  });
  const [exitCode, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
  seat.leave();
  return { exitCode, signal, lines: output.split("\n").slice(0, -1), errors, elapsed: clock.now() - BEGINNING };
}

async function run(source: string, environment?: Record<string, string>): Promise<Ended> {
  const ended = await (await start(source, environment)).ended;
  expect([ended.exitCode, ended.errors]).toStrictEqual([0, ""]);
  return ended;
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sleep = (duration: number) => new Promise((resolve) => setTimeout(resolve, duration));

/** A client of Lambda that gives up after 10 s and doesn't retry. */
const lambdaClient = `
  import { LambdaClient, GetAliasCommand } from ${LAMBDA};
  const client = new LambdaClient({
    endpoint: process.env.SERVER, region: "eu-west-1", maxAttempts: 1,
    credentials: { accessKeyId: "A", secretAccessKey: "B" },
    requestHandler: { requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const getAlias = () => client.send(new GetAliasCommand({ FunctionName: "checkout", Name: "live" }));
`;

describe("the time of a program", () => {
  test("passes only while it waits, and then at once", async () => {
    const started = performance.now();
    const { lines, elapsed } = await run(`
      say("begun", new Date().toISOString(), typeof Date(), new Date(0).getTime(), new Date() instanceof Date);
      for (let spin = 0; spin < 3e7; spin++);
      say("still");
      setTimeout((word) => say("later", word, performance.now(), process.hrtime()[0], process.hrtime.bigint()), 15 * 60_000, "word");
    `);
    expect(lines).toStrictEqual([
      "0 begun 2026-01-05T09:00:00.000Z string 0 true",
      "0 still",
      "900 later word 900000 900 900000000000n",
    ]);
    expect(elapsed).toBe(15 * MINUTE);
    expect(performance.now() - started).toBeLessThan(PATIENCE);
  });

  test("begins when the clock says", async () => {
    setClock({ start: Date.UTC(2030, 5, 1) });
    expect((await run("console.log(new Date().toISOString())")).lines).toStrictEqual(["2030-06-01T00:00:00.000Z"]);
  });

  test("is the same for every way to set a timer", async () => {
    const { lines } = await run(`
      import { setTimeout as named } from "node:timers";
      import { setTimeout as promised, setInterval as ticks, scheduler } from "node:timers/promises";
      import { promisify } from "node:util";
      import { createRequire } from "node:module";
      const required = createRequire(import.meta.url)("timers");
      await new Promise((resolve) => named(resolve, 1000)); say("named");
      await new Promise((resolve) => required.setTimeout(resolve, 1000)); say("required");
      say("promised", await promised(1000, "value"));
      await scheduler.wait(1000); say("scheduler");
      await promisify(setTimeout)(1000); say("promisified");
      for await (const value of ticks(1000, "tick")) { say(value); break; }
      const signal = AbortSignal.timeout(1000);
      await promised(5000, null, { signal }).catch((error) => say(error.name, error.code, error.cause.name));
      await promised(5000, null, { signal }).catch((error) => say("at once", error.name));
    `);
    expect(lines).toStrictEqual([
      "1 named",
      "2 required",
      "3 promised value",
      "4 scheduler",
      "5 promisified",
      "6 tick",
      "7 AbortError ABORT_ERR TimeoutError",
      "7 at once AbortError",
    ]);
  });
});

describe("timers", () => {
  test("fire by their time, then in the order in which they were set, microtasks in between", async () => {
    const { lines } = await run(`
      setTimeout(() => say("c"), 30);
      setTimeout(() => { say("a"); Promise.resolve().then(() => say("a's promise")); process.nextTick(() => say("a's tick")); }, 20);
      setTimeout(() => say("b"), 20);
      setTimeout(() => say("no delay"));
      setTimeout(() => say("negative"), -5);
      setImmediate(() => say("immediate"));
    `);
    expect(lines).toStrictEqual([
      "0 immediate",
      "0.001 no delay",
      "0.001 negative",
      "0.02 a",
      "0.02 a's tick",
      "0.02 a's promise",
      "0.02 b",
      "0.03 c",
    ]);
  });

  test("can be cleared by object and by number, refreshed, and repeat", async () => {
    const { lines } = await run(`
      clearTimeout(setTimeout(() => say("never"), 10));
      clearTimeout(+setTimeout(() => say("never"), 10));
      clearTimeout(undefined);
      const other = setTimeout(() => say("never"), 2000);
      setTimeout(() => { say("clears one that is due"); clearTimeout(other); }, 1000);
      setTimeout(() => clearTimeout(other), 2000);
      const refreshed = setTimeout(() => say("refreshed"), 1500);
      setTimeout(() => refreshed.refresh(), 1000);
      let count = 0;
      const repeating = setInterval(() => { say("again"); if (++count === 3) clearInterval(repeating); }, 1000);
      try { setTimeout("code") } catch (error) { say(error.code) }
    `);
    expect(lines).toStrictEqual([
      "0 ERR_INVALID_ARG_TYPE",
      "1 clears one that is due",
      "1 again",
      "2 again",
      "2.5 refreshed",
      "3 again",
    ]);
  });

  test("keep the context of async local storage", async () => {
    const { lines } = await run(`
      import { AsyncLocalStorage } from "node:async_hooks";
      const storage = new AsyncLocalStorage();
      storage.run("context", () => setTimeout(() => say(storage.getStore()), 1000));
    `);
    expect(lines).toStrictEqual(["1 context"]);
  });

  test("that don't keep a program alive let it end, and time doesn't run on to them", async () => {
    const { lines, elapsed } = await run(`
      setTimeout(() => say("never"), 3_600_000).unref();
      AbortSignal.timeout(60_000);
      const timer = setTimeout(() => say("never"), 1000);
      say(timer.hasRef(), timer.unref().hasRef(), timer.ref().unref().hasRef());
    `);
    expect(lines).toStrictEqual(["0 true false false"]);
    expect(elapsed).toBe(0);
  });

  test("that don't keep a program alive fire if something else does", async () => {
    const { lines } = await run(`
      import { createServer } from "node:net";
      setTimeout(() => say("first"), 1000).unref();
      const server = createServer().listen(0);
      setTimeout(() => { say("second"); server.close(); }, 2000).unref();
    `);
    expect(lines).toStrictEqual(["1 first", "2 second"]);
  });
});

describe("a request", () => {
  const delayed = (duration: number): RequestListener => {
    return (request, response) => {
      request.resume();
      setTimeout(() => response.write("{"), duration / 2);
      setTimeout(() => response.end("}"), duration);
    };
  };

  test("takes no simulated time, however long the answer takes", async () => {
    const SERVER = await serve(delayed(300));
    const { lines } = await run(
      `${lambdaClient}
      import { request } from ${UNDICI};
      const timer = setInterval(() => say("tick"), 100);
      await getAlias(); say("sdk");
      await (await fetch(process.env.SERVER)).json(); say("fetch");
      await (await request(process.env.SERVER)).body.json(); say("another undici");
      await Promise.all([getAlias(), fetch(process.env.SERVER).then((response) => response.text())]); say("together");
      clearInterval(timer);
    `,
      { SERVER },
    );
    expect(lines).toStrictEqual(["0 sdk", "0 fetch", "0 another undici", "0 together"]);
  });

  test("and many more in a release of 15 minutes are fast, and always at the same times", async () => {
    const source = `${lambdaClient}
      for (let round = 0; round < 45; round++) {
        await new Promise((resolve) => setTimeout(resolve, 20_000));
        await getAlias();
        await getAlias();
        await (await fetch(process.env.SERVER)).json();
        say(round);
      }
    `;
    const seen: Instant[][] = [];
    const real: number[] = [];
    for (const _ of [1, 2, 3]) {
      setClock();
      const times: Instant[] = [];
      seen.push(times);
      const SERVER = await serve((request, response) => {
        times.push((clock.now() - BEGINNING) / SECOND);
        request.resume().on("end", () => response.end("{}"));
      });
      const started = performance.now();
      const { lines } = await run(source, { SERVER });
      real.push(performance.now() - started);
      expect(lines.at(-1)).toBe("900 44");
    }
    const expected = Array.from({ length: 45 }, (_, round) => Array(3).fill((round + 1) * 20)).flat();
    expect(seen).toStrictEqual([expected, expected, expected]);
    expect(Math.min(...real)).toBeLessThan(PATIENCE);
  });

  test("that is never answered runs into the client's time-out, when the server lets time pass", async () => {
    let hangs = 0;
    const SERVER = await serve((request, response) => {
      request.resume();
      if (request.url === "/healthy") return setTimeout(() => response.end("{}"), 100);
      hangs += 1;
      return clock.letTimePass(request);
    });
    const { lines } = await run(
      `${lambdaClient}
      await getAlias().catch((error) => say(error.name));
      await fetch(process.env.SERVER, { signal: AbortSignal.timeout(5000) }).catch((error) => say(error.name));
      // The time-out of one doesn't strike while another is being answered.
      const both = [getAlias(), fetch(process.env.SERVER + "/healthy").then(() => say("healthy"))];
      await Promise.allSettled(both);
      say("end");
    `,
      { SERVER },
    );
    expect(lines).toStrictEqual(["10 TimeoutError", "15 TimeoutError", "15 healthy", "25 end"]);
    expect(hangs).toBe(3);
  });

  test("can be answered at a later instant", async () => {
    const SERVER = await serve((request, response) => {
      request.resume();
      const answerComes = clock.letTimePass(request);
      clock.at(clock.now() + 7 * SECOND, () => {
        answerComes();
        setTimeout(() => response.end("{}"), 50);
      });
    });
    const { lines } = await run(`${lambdaClient} for (const _ of [1, 2]) { await getAlias(); say("answered"); }`, {
      SERVER,
    });
    expect(lines).toStrictEqual(["7 answered", "14 answered"]);
  });

  test("leaves no trace when it fails or its connection breaks", async () => {
    const SERVER = await serve((request) => request.socket.destroy());
    const { lines } = await run(
      `${lambdaClient}
      const wait = () => new Promise((resolve) => setTimeout(resolve, 1000));
      await getAlias().catch((error) => say(error.code)); await wait();
      await fetch(process.env.SERVER).catch((error) => say(error.cause.code)); await wait();
      await fetch("http://127.0.0.1:1").catch((error) => say(error.cause.message)); await wait();
      say("end");
    `,
      { SERVER },
    );
    expect(lines).toStrictEqual(["0 ECONNRESET", "1 UND_ERR_SOCKET", "2 bad port", "3 end"]);
  });
});

test("work on files, names and child processes takes no simulated time", async () => {
  const { lines } = await run(`
    import { readFile, writeFile, rm } from "node:fs/promises";
    import { readFile as callback } from "node:fs";
    import { lookup } from "node:dns";
    import { execFile } from "node:child_process";
    const timer = setInterval(() => say("tick"), 10);
    for (let round = 0; round < 20; round++) await writeFile(import.meta.filename + ".copy", "x".repeat(1e6));
    await rm(import.meta.filename + ".copy");
    await readFile(import.meta.filename);
    await new Promise((resolve) => callback(import.meta.filename, resolve)); say("files");
    await new Promise((resolve) => lookup("localhost", resolve)); say("names");
    await new Promise((resolve) => execFile(process.execPath, ["-e", "setTimeout(() => {}, 200)"], { env: {} }, resolve)); say("child");
    clearInterval(timer);
  `);
  expect(lines).toStrictEqual(["0 files", "0 names", "0 child"]);
});

describe("several programs", () => {
  test("go in lockstep, by the order of their seats within an instant", async () => {
    const order: string[] = [];
    const SERVER = await serve((request, response) => {
      order.push(`${(clock.now() - BEGINNING) / SECOND}${request.url}`);
      // The program whose answers take longer isn't left behind.
      setTimeout(() => response.end(), request.url === "/a" ? 20 : 0);
    });
    const source = (name: string, seconds: number, times: number) => `
      for (let time = 0; time < ${times}; time++) {
        await new Promise((resolve) => setTimeout(resolve, ${seconds * SECOND}));
        await (await fetch(process.env.SERVER + "/${name}")).text();
      }`;
    const [a, b] = await Promise.all([start(source("a", 2, 3), { SERVER }), start(source("b", 3, 3), { SERVER })]);
    await Promise.all([a.ended, b.ended]);
    expect(order).toStrictEqual(["2/a", "3/b", "4/a", "6/a", "6/b", "9/b"]);
  });

  test("don't wait for one that was killed", async () => {
    const stuck = await start(`say("stuck"); for (;;);`);
    const other = await start(`setTimeout(() => say("done"), 60_000)`);
    await once(stuck.child.stdout ?? assert.fail(), "data");
    await sleep(100);
    expect(clock.now()).toBe(BEGINNING);
    stuck.child.kill("SIGKILL");
    expect((await other.ended).lines).toStrictEqual(["60 done"]);
  });

  test("can be started in mid-simulation, and time waits for them", async () => {
    let late: Program | undefined;
    clock.at(BEGINNING + 7 * MINUTE, async () => {
      late = await start(`say("late"); setTimeout(() => say("done"), 60_000)`);
    });
    await (await start(`setTimeout(() => say("done"), 15 * 60_000)`)).ended;
    expect((await late?.ended)?.lines).toStrictEqual(["420 late", "480 done"]);
  });
});

describe("a signal", () => {
  const waiting = `
    process.on("SIGINT", async () => {
      say("SIGINT");
      clearTimeout(bake);
      await (await fetch(process.env.SERVER)).text();
      say("rolled back");
      process.exitCode = 3;
    });
    const bake = setTimeout(() => say("baked"), 15 * 60_000);
  `;

  test("is handled at once, in the middle of a wait", async () => {
    const SERVER = await serve((_, response) => void setTimeout(() => response.end(), 100));
    const program = await start(waiting, { SERVER });
    clock.at(BEGINNING + 7 * MINUTE, () => {
      program.child.kill("SIGINT");
      program.seat.nudge();
    });
    const { lines, exitCode } = await program.ended;
    expect(lines).toStrictEqual(["420 SIGINT", "420 rolled back"]);
    expect(exitCode).toBe(3);
  });

  test("ends a program that doesn't handle it", async () => {
    const program = await start("setTimeout(() => {}, 15 * 60_000)");
    clock.at(BEGINNING + MINUTE, () => {
      program.child.kill("SIGTERM");
      program.seat.nudge();
    });
    const { exitCode, signal, elapsed } = await program.ended;
    expect([exitCode, signal, elapsed]).toStrictEqual([null, "SIGTERM", MINUTE]);
  });
});

describe("a program ends as it would without the clock", () => {
  test("with its own exit code", async () => {
    const { exitCode, lines } = await (await start(`setTimeout(() => process.exit(7), 1000); say("x")`)).ended;
    expect([exitCode, lines]).toStrictEqual([7, ["0 x"]]);
  });

  test("by an error that a timer's callback throws", async () => {
    const { exitCode, errors } = await (await start(`setTimeout(() => { throw new Error("boom") }, 1000);`)).ended;
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/Error: boom/);
  });

  test("by a rejection that nobody handles", async () => {
    const { exitCode, errors } = await (
      await start(`setTimeout(async () => { throw new Error("boom") }, 1000); setTimeout(() => {}, 60_000)`)
    ).ended;
    expect(exitCode).toBe(1);
    expect(errors).toMatch(/Error: boom/);
  });
});

describe("without its clock a program fails loudly", () => {
  test("when the clock goes away", async () => {
    const program = await start(`say("here"); setInterval(() => {}, 60_000)`);
    await once(program.child.stdout ?? assert.fail(), "data");
    clock.close();
    const { exitCode, errors } = await program.ended;
    expect(exitCode).toBe(70);
    expect(errors).toMatch(/The simulated clock 127\.0\.0\.1:\d+ can't be reached: /);
  });

  test("when there is none", async () => {
    const child = spawn(process.execPath, ["--import", TIMEWARP, "-e", "0"], { env: {}, stdio: "ignore" });
    expect(await once(child, "close")).toStrictEqual([70, null]);
  });
});

describe("the clock alone", () => {
  test("stands still, but for an explicit advance, on which events happen in order", async () => {
    const events: string[] = [];
    const note = (name: string) => () => void events.push(`${(clock.now() - BEGINNING) / SECOND} ${name}`);
    clock.at(BEGINNING + 20 * SECOND, note("second"));
    clock.at(BEGINNING + 10 * SECOND, note("first"));
    clock.at(BEGINNING + 90 * SECOND, note("beyond"));
    clock.at(BEGINNING + 20 * SECOND, note("called off"))();
    clock.at(BEGINNING + 20 * SECOND, async () => {
      await sleep(20);
      note("third, after a while")();
    });
    await sleep(20);
    expect(events).toStrictEqual([]);
    await clock.advance(60 * SECOND);
    expect(events).toStrictEqual(["10 first", "20 second", "20 third, after a while"]);
    expect(clock.now()).toBe(BEGINNING + 60 * SECOND);
  });

  test("carries out at once what should have happened before", async () => {
    await clock.advance(MINUTE);
    await new Promise<void>((resolve) => clock.at(BEGINNING, resolve));
    expect(clock.now()).toBe(BEGINNING + MINUTE);
  });

  test("flows if it has a speed", async () => {
    setClock({ speed: 600 });
    const started = performance.now();
    await clock.advance(MINUTE);
    const real = performance.now() - started;
    expect(real).toBeGreaterThanOrEqual(95);
    expect(real).toBeLessThan(PATIENCE);
    const now = clock.now();
    await sleep(20);
    expect(clock.now()).toBeGreaterThan(now);
  });
});

test("with a speed, a program's waits take their share of real time, and its work none of the simulated", async () => {
  setClock({ speed: 60 });
  const SERVER = await serve((_, response) => void setTimeout(() => response.end(), 200));
  const program = await start(
    `for (let round = 0; round < 3; round++) {
      await new Promise((resolve) => setTimeout(resolve, 20_000));
      await (await fetch(process.env.SERVER)).text();
      say("round");
    }`,
    { SERVER },
  );
  const started = performance.now();
  const { lines } = await program.ended;
  expect(lines).toStrictEqual(["20 round", "40 round", "60 round"]);
  const real = performance.now() - started;
  expect(real).toBeGreaterThan(1.5 * SECOND);
  expect(real).toBeLessThan(PATIENCE);
});

test("with a speed, a program that something else wakes up is told nearly the right time", async () => {
  setClock({ speed: 60 });
  const program = await start(`
    process.on("SIGINT", () => { say("SIGINT"); process.exit(); });
    setTimeout(() => {}, 3_600_000);
    say("ready");
  `);
  await once(program.child.stdout ?? assert.fail(), "data");
  await sleep(500);
  const before = (clock.now() - BEGINNING) / SECOND;
  program.child.kill("SIGINT");
  const told = Number.parseFloat((await program.ended).lines[1] ?? "");
  expect(before).toBeGreaterThan(10);
  expect(Math.abs(told - before)).toBeLessThan(10);
});

test("a program that comes without a seat takes part as well", async () => {
  const SIMULATED_CLOCK = await clock.listen();
  const file = join(folder, "unseated.mjs");
  await writeFile(file, "setTimeout(() => console.log(new Date().toISOString()), 60_000)");
  const child = spawn(process.execPath, ["--import", TIMEWARP, file], { env: { SIMULATED_CLOCK } });
  expect(await child.stdout.setEncoding("utf8").toArray()).toStrictEqual(["2026-01-05T09:01:00.000Z\n"]);
});

test("a request of nobody at the clock can be let hang as well", () => {
  const request = { socket: { remotePort: undefined } } as unknown as IncomingMessage;
  expect(() => clock.letTimePass(request)()).not.toThrow();
});
