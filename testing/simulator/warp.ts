/**
 * Simulated time inside a process: the program reads it, its timers wait for it, and time goes on only when the program
 * has told the clock that it is waiting, and until when. Import this before anything that keeps a reference to timers.
 *
 * A process is busy while it runs code, waits for an HTTP answer or hasn't read it to the end, or works on files,
 * names, output and child processes. We can't see what Node does on other threads without listing it (zlib, Web
 * Crypto), nor HTTP/2. The timers inside Node's own http module stay real.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import diagnostics from "node:diagnostics_channel";
import { writeSync } from "node:fs";
import type { ClientRequest } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import { connect, type Socket } from "node:net";
import timers from "node:timers";
import promises from "node:timers/promises";
import { promisify } from "node:util";
import type { Duration, Instant } from "../../src/domain/time.ts";
import type { FromClock, FromProcess } from "./clock.ts";

const { setImmediate, setTimeout: setRealTimeout, setInterval: setRealInterval } = timers;
const { clearTimeout: clearRealTimeout } = timers;

let now: Instant = 0;
/** How far the machine's clock is ahead of the simulated time. The clock that measures durations is right. */
let ahead: Duration = 0;

// ---------------------------------------------------------------------------------------------------------- Timers

type Callback = (...args: unknown[]) => void;

const LONGEST_DELAY: Duration = 2 ** 31 - 1;
const LONGEST_TICK: Duration = 1_000;
/** More often than a tick is ever reset in a row when nothing is waited for: an hour's worth. */
const MOST_TICKS = 7_200;

const pending = new Map<number, Timeout>();
let timersMade = 0;
/** Counts how often timers were set, so that timers due at the same instant fire in that order. */
let settings = 0;

/** What `setTimeout` and `setInterval` return: behaves like Node's timers as far as programs use them. */
class Timeout {
  readonly #id: number;
  readonly #callback: Callback;
  readonly #args: readonly unknown[];
  readonly #delay: Duration;
  readonly #kind: "once" | "repeating";
  readonly #inContext = AsyncLocalStorage.snapshot();
  #keepsAlive = true;
  #isClosed = false;
  due: Instant = 0;
  setting = 0;

  constructor(callback: Callback, delay: unknown, args: readonly unknown[], kind: "once" | "repeating") {
    if (typeof callback !== "function") {
      throw Object.assign(new TypeError('The "callback" argument must be of type function.'), {
        code: "ERR_INVALID_ARG_TYPE",
      });
    }
    const wished = Math.trunc(Number(delay));
    this.#id = ++timersMade;
    this.#callback = callback;
    this.#args = args;
    this.#delay = wished >= 1 && wished <= LONGEST_DELAY ? wished : 1;
    this.#kind = kind;
    this.#set();
  }

  #set(): void {
    this.due = now + this.#delay;
    this.setting = ++settings;
    pending.set(this.#id, this);
    timersChanged();
  }

  /** Whether it is short and doesn't keep the process alive. */
  get isTick(): boolean {
    return !this.#keepsAlive && this.#delay < LONGEST_TICK;
  }

  fire(): void {
    // A timer that fired just before may have cleared or refreshed this one.
    if (!pending.has(this.#id) || this.due > now) return;
    if (this.#kind === "repeating") this.#set();
    else pending.delete(this.#id);
    timersChanged();
    this.#inContext(this.#callback, ...this.#args);
  }

  close(): this {
    this.#isClosed = true;
    pending.delete(this.#id);
    timersChanged();
    return this;
  }

  refresh(): this {
    if (!this.#isClosed) this.#set();
    return this;
  }

  ref(): this {
    this.#keepsAlive = true;
    timersChanged();
    return this;
  }

  unref(): this {
    this.#keepsAlive = false;
    timersChanged();
    return this;
  }

  hasRef(): boolean {
    return this.#keepsAlive;
  }

  [Symbol.toPrimitive](): number {
    return this.#id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function clearTimer(timer: unknown): void {
  if (timer instanceof Timeout) timer.close();
  else if (typeof timer === "number" || typeof timer === "string") pending.get(Number(timer))?.close();
  // A timer set before this file was loaded.
  else clearRealTimeout(timer as NodeJS.Timeout | undefined);
}

/** Fires what is due, as Node does: in order, running all microtasks of one timer before the next. */
function fireDueTimers(): void {
  const due = [...pending.values()].filter((timer) => timer.due <= now);
  due.sort((a, b) => a.due - b.due || a.setting - b.setting);
  for (const timer of due) setImmediate(() => timer.fire());
}

function timersChanged(): void {
  // The connection to the clock replaces the timers: it keeps the process alive as long as they would.
  if (isAnyTimerKeepingAlive()) clock?.ref();
  else clock?.unref();
  becomeBusy();
}

function isAnyTimerKeepingAlive(): boolean {
  return [...pending.values()].some((timer) => timer.hasRef());
}

function sleep<T>(delay?: Duration, value?: T, options: SleepOptions = {}): Promise<T> {
  const { signal, ref = true } = options;
  return new Promise<T>((resolve, reject) => {
    if (signal?.aborted) return reject(abortError(signal));
    const timer = new Timeout(wake, delay, [], "once");
    if (!ref) timer.unref();
    signal?.addEventListener("abort", giveUp, { once: true });

    function wake() {
      signal?.removeEventListener("abort", giveUp);
      resolve(value as T);
    }
    function giveUp() {
      timer.close();
      reject(abortError(signal));
    }
  });
}

interface SleepOptions {
  readonly signal?: AbortSignal;
  readonly ref?: boolean;
}

/** What Node's promise timers reject with. */
function abortError(signal: AbortSignal | undefined): Error {
  const error = new Error("The operation was aborted", { cause: signal?.reason });
  return Object.assign(error, { name: "AbortError", code: "ABORT_ERR" });
}

async function* ticks<T>(delay?: Duration, value?: T, options?: SleepOptions): AsyncGenerator<T> {
  for (;;) yield await sleep(delay, value as T, options);
}

// --------------------------------------------------------------------------------------------------- Busy and idle

/** An HTTP request under way. */
interface Request {
  readonly name: string;
  /** The local port of its connection, once it has one. */
  readonly port: () => number | undefined;
}

const requests = new Map<object, Request>();
let hanging: ReadonlySet<number> = new Set();

/** Work that Node lists and that ends by itself. Sockets, servers and the like only wait, so they don't count. */
const WORK = /^(FSReq|CloseReq|GetAddrInfo|ConnectWrap|SimpleWriteWrap|ProcessWrap|Immediate)/;
/**
 * How many rounds in a row must find nothing new. Work that one callback leaves for the next gets its turn in between.
 */
const CALM_ROUNDS = 4;
/** After this many rounds, check only once a millisecond, to leave the processor to the work. */
const IMPATIENT_ROUNDS = 200;

/** How many checks, a millisecond apart, must find a process without a timer alive. */
const ALIVE_CHECKS = 10;

/** How long an answer may take in real time before we assume that it won't come. */
const STANDSTILL: Duration = 20_000;

/** What the clock believes. */
let isIdle = false;
let isWatching = false;
let calmRounds = 0;
let rounds = 0;

function becomeBusy(): void {
  calmRounds = 0;
  if (isIdle) {
    isIdle = false;
    tell({ kind: "busy" });
  }
  if (isWatching) return;
  isWatching = true;
  rounds = 0;
  setImmediate(watch);
}

function watch(): void {
  // The end of the request starts the watch again.
  if (isAnyRequestAwaited()) {
    isWatching = false;
    return;
  }
  rounds += 1;
  calmRounds = process.getActiveResourcesInfo().some((resource) => WORK.test(resource)) ? 0 : calmRounds + 1;
  if (calmRounds < CALM_ROUNDS) {
    if (rounds < IMPATIENT_ROUNDS) setImmediate(watch);
    else setRealTimeout(watch, 1);
    return;
  }
  isWatching = false;
  if (isAnyTimerKeepingAlive()) becomeIdle();
  else becomeIdleIfAlive(turnsOfLoop(), 0);
}

/**
 * Called when no timer keeps the process alive. If nothing else does either, it ends now, and time must not jump to a
 * timer that never fires, or past its end. Turns of the event loop show that something does, if there are more than
 * closing a few connections takes.
 *
 * @param shown how many checks have seen another turn
 */
function becomeIdleIfAlive(turns: number, shown: number): void {
  const asked = clock;
  const check = () => {
    if (isWatching || isAnyRequestAwaited() || clock !== asked) return;
    const now = turnsOfLoop();
    const turned = now > turns ? shown + 1 : shown;
    if (turned < ALIVE_CHECKS) becomeIdleIfAlive(now, turned);
    else becomeIdle();
  };
  setRealTimeout(check, 1).unref();
}

function turnsOfLoop(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

function becomeIdle(): void {
  isIdle = true;
  const first = Math.min(...[...pending.values()].map((timer) => timer.due));
  tell({ kind: "idle", until: first === Number.POSITIVE_INFINITY ? null : first, seen });
}

function isAnyRequestAwaited(): boolean {
  return [...requests.values()].some(isAwaited);
}

function isAwaited({ port }: Request): boolean {
  return !hanging.has(port() ?? 0);
}

function requestBegan(key: object, request: Request): void {
  requests.set(key, request);
  becomeBusy();
}

function requestEnded(key: object): void {
  requests.delete(key);
  becomeBusy();
}

/** Names the request that time is probably waiting for in vain. */
function reportStandstills(): void {
  const awaitedBefore = new WeakSet<Request>();
  const report = () => {
    for (const request of [...requests.values()].filter(isAwaited)) {
      const remedy = "If it is meant to hang, its server must call letTimePass. If not, read its answer to the end.";
      if (awaitedBefore.has(request)) writeSync(2, `Simulated time is waiting for ${request.name}. ${remedy}\n`);
      awaitedBefore.add(request);
    }
  };
  setRealInterval(report, STANDSTILL).unref();
}

interface UndiciRequest {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
}

function observe<T>(channel: string, take: (message: T) => void): void {
  diagnostics.subscribe(channel, (message) => take(message as T));
}

/** It doesn't end like other requests, and there is always another one that waits for the tunnel. */
const TUNNEL = "CONNECT";

function observeRequests(): void {
  observe<{ request: ClientRequest }>("http.client.request.created", ({ request }) => {
    if (request.method === TUNNEL) return;
    const name = `${request.method} ${request.protocol}//${request.host}${request.path}`;
    requestBegan(request, { name, port: () => request.socket?.localPort });
    request.once("close", () => requestEnded(request));
  });
  // For fetch, and any other copy of undici.
  const sockets = new WeakMap<object, Socket>();
  observe<{ request: UndiciRequest }>("undici:request:create", ({ request }) => {
    if (request.method === TUNNEL) return;
    const name = `${request.method} ${request.origin}${request.path}`;
    requestBegan(request, { name, port: () => sockets.get(request)?.localPort });
  });
  observe<{ request: object; socket: Socket }>("undici:client:sendHeaders", ({ request, socket }) => {
    sockets.set(request, socket);
  });
  observe<{ request: object }>("undici:request:trailers", ({ request }) => requestEnded(request));
  observe<{ request: object }>("undici:request:error", ({ request }) => requestEnded(request));
}

// ------------------------------------------------------------------------------------------------------- The clock

/** The connection to the process's clock; null if it has none. */
let clock: Socket | null = null;
/** The number of the clock's last message. */
let seen = 0;
/** When the process joined it; null until the clock has told the time. */
let beginning: Instant | null = null;

function tell(message: FromProcess): void {
  clock?.write(`${JSON.stringify(message)}\n`);
}

function hear(message: FromClock): void {
  now = Math.max(now, message.now);
  seen = message.number;
  hanging = new Set(message.hanging);
  // On sending this, the clock has marked the process as busy without being told.
  isIdle = false;
  fireDueTimers();
  becomeBusy();
}

/**
 * Joins a `SimulatedClock`. Without its clock, a program would wait forever or run on the wrong time: if the clock
 * can't be reached, or hangs up, the process ends with exit code 70 and says why.
 *
 * @param address `host:port`
 * @param seat the place that the clock keeps for this process, if any
 * @param wrongBy how far the machine's clock is ahead of the simulated time; below 0: behind
 * @returns a promise that resolves when the clock has told the time once
 */
export function enter(address: string, seat: string | null, wrongBy: Duration): Promise<void> {
  const fail = (problem: string): never => {
    writeSync(2, `The simulated clock ${address} ${problem}. This process ends because it can't know the time.\n`);
    process.exit(70);
  };
  const [, host = "", port = ""] = /^(.+):(\d+)$/.exec(address) ?? fail("is not of the form SIMULATED_CLOCK=host:port");
  now = 0;
  ahead = wrongBy;
  const connection = connect({ host, port: Number(port), noDelay: true });
  connection.on("error", (error) => fail(`can't be reached: ${error.message}`));
  connection.on("close", () => fail("can't be reached: it has closed the connection"));
  clock = connection;
  tell({ kind: "hello", seat });
  return new Promise((resolve) => {
    let rest = "";
    connection.setEncoding("utf8").on("data", (chunk: string) => {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) hear(JSON.parse(line) as FromClock);
      if (beginning === null) {
        beginning = now;
        connection.unref();
        resolve();
      }
    });
  });
}

/** Leaves the clock, as when the process ends. It may join again after `forget`. */
export function leave(): void {
  clock?.removeAllListeners().destroy();
  clock = null;
  beginning = null;
}

/**
 * Drops requests, and timers that haven't fired: they never will. Ticks are the exception: Node's `fetch` has a single,
 * permanent one that measures all its time-outs, and it has to find out by itself that there is nothing left to
 * measure.
 */
export function forget(): void {
  for (let fired = 0; fired < MOST_TICKS; fired += 1) {
    const tick = [...pending.values()].find(({ isTick }) => isTick);
    if (tick === undefined) break;
    now = Math.max(now, tick.due);
    tick.fire();
  }
  pending.clear();
  requests.clear();
  hanging = new Set();
  isIdle = false;
}

// ------------------------------------------------------------------------------------------- What the program finds

function replaceTimers(): void {
  const once = (callback: Callback, delay?: unknown, ...args: unknown[]) => new Timeout(callback, delay, args, "once");
  const repeating = (callback: Callback, delay?: unknown, ...args: unknown[]) =>
    new Timeout(callback, delay, args, "repeating");
  Object.defineProperty(once, promisify.custom, { value: sleep });
  const replacements = {
    setTimeout: once,
    setInterval: repeating,
    clearTimeout: clearTimer,
    clearInterval: clearTimer,
  };
  Object.assign(timers, replacements);
  Object.assign(globalThis, replacements);
  Object.assign(promises, { setTimeout: sleep, setInterval: ticks });
  Object.defineProperty(promises.scheduler, "wait", {
    value: (delay: Duration, options?: SleepOptions) => sleep(delay, undefined, options),
  });
  AbortSignal.timeout = (delay) => {
    const controller = new AbortController();
    const reason = () => new DOMException("The operation was aborted due to timeout", "TimeoutError");
    once(() => controller.abort(reason()), delay).unref();
    return controller.signal;
  };
}

function replaceClocks(): void {
  const RealDate = Date;
  const told = () => now + ahead;
  RealDate.now = told;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [told()] : args, newTarget),
    apply: () => new RealDate(told()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;

  const passed = () => now - (beginning ?? now);
  Object.defineProperty(performance, "timeOrigin", { get: () => (beginning ?? now) + ahead });
  Object.defineProperty(performance, "now", { value: passed, configurable: true, writable: true });
  const nanoseconds = () => BigInt(passed()) * 1_000_000n;
  const hrtime = ([seconds, rest] = [0, 0]): [number, number] => {
    const since = nanoseconds() - BigInt(seconds) * 1_000_000_000n - BigInt(rest);
    return [Number(since / 1_000_000_000n), Number(since % 1_000_000_000n)];
  };
  process.hrtime = Object.assign(hrtime, { bigint: nanoseconds });
}

observeRequests();
reportStandstills();
replaceTimers();
replaceClocks();
syncBuiltinESMExports();
