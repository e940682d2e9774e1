import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import type { Duration, Instant } from "../../src/domain/time.ts";

/** What a process tells the clock, one JSON line each. */
export type FromProcess =
  | { readonly kind: "hello"; readonly seat: string | null }
  /** Something other than the clock woke it up. */
  | { readonly kind: "busy" }
  /** It has nothing to do until then (null: ever), and has handled the clock's message number `seen`. */
  | { readonly kind: "idle"; readonly until: Instant | null; readonly seen: number };

/** What the clock tells a process. The process answers every message with an "idle". */
export interface FromClock {
  readonly number: number;
  readonly now: Instant;
  /** The process's ports for requests that may hang: a process that waits for these is idle. */
  readonly hanging: readonly number[];
}

/** One process's place at the clock. From when it is taken, time stands still until the process is idle. */
export interface Seat {
  /** The environment variables by which the process finds its place. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stops time until the process has handled everything that has reached it so far, such as a signal. */
  nudge(): void;
  /** Call this when the process has ended or could not be started. */
  leave(): void;
}

/** An HTTP request as a server sees it. */
interface Call {
  readonly socket: Socket;
}

type Action = () => void | Promise<void>;

interface Event {
  readonly instant: Instant;
  readonly action: Action;
  /** Whether time moves towards this event even without any process. */
  readonly pulls: boolean;
}

/** While time runs: where it started, at which reading of the real clock, and where it will stop. */
interface Flow {
  readonly from: Instant;
  readonly since: number;
  readonly limit: Instant;
  readonly timer: NodeJS.Timeout;
}

/** Long enough to cost little, short enough that a process woken by something else is told nearly the right time. */
const SLICE: Duration = 50;
const LONGEST_TIMER: Duration = 2 ** 31 - 1;

/** When simulated time begins by default. Fixed, so that transcripts repeat. */
export const BEGINNING: Instant = Date.UTC(2026, 0, 5, 9);

export interface ClockOptions {
  readonly start?: Instant;
  /** Simulated seconds per real second. `Infinity`, the default, skips all waiting. */
  readonly speed?: number;
}

/**
 * The time of a simulation, shared by its processes. It stands still while any process works, however long that takes
 * in real time. When all of them wait, it jumps to the next instant at which a process wakes up or an event of the
 * simulator is due. So a slow machine never causes a time-out, and the same run always has the same times.
 *
 * At each instant the clock first tells the processes the time, one by one in the order in which they joined, waiting
 * for each to be idle before the next. Then it runs the simulator's events, so that a signal reaches a process that
 * knows the time.
 */
export class SimulatedClock {
  readonly #speed: number;
  readonly #server: Server;
  readonly #participants: Participant[] = [];
  readonly #events = new Set<Event>();
  readonly #hanging = new Set<number>();
  #address: Promise<string> | null = null;
  #now: Instant;
  #flow: Flow | null = null;
  #actionsUnderWay = 0;
  #seats = 0;
  #stepIsPlanned = false;
  #isClosed = false;

  constructor({ start = BEGINNING, speed = Number.POSITIVE_INFINITY }: ClockOptions = {}) {
    if (!(speed > 0)) throw new RangeError(`The speed of a clock must be above 0, not ${speed}.`);
    this.#now = start;
    this.#speed = speed;
    this.#server = createServer({ noDelay: true }, (socket) => this.#welcome(socket)).unref();
    this.#plan();
  }

  now(): Instant {
    if (this.#flow === null) return this.#now;
    const { from, since, limit } = this.#flow;
    return Math.min(limit, from + Math.floor((performance.now() - since) * this.#speed));
  }

  /**
   * Runs an action of the simulator at an instant; time stands still until it is done. It must not wait for anything
   * that needs time to go on, such as the end of a process.
   * @returns how to cancel it
   */
  at(instant: Instant, action: Action): () => void {
    return this.#schedule({ instant, action, pulls: false });
  }

  /** Lets time pass, even without any process. Resolves when it has. */
  advance(duration: Duration): Promise<void> {
    return new Promise((resolve) => {
      this.#schedule({ instant: this.now() + duration, action: resolve, pulls: true });
    });
  }

  /**
   * Lets time go on while a request is open; otherwise time stands still until it is answered. Needed for an answer
   * that never comes, so that the client can time out, and for one that comes later.
   * @returns what to call just before the late answer is sent
   */
  letTimePass({ socket }: Call): () => void {
    const port = socket.remotePort;
    if (port === undefined) return () => {};
    const end = () => {
      socket.off("close", end);
      if (this.#hanging.delete(port)) this.#tellAll();
    };
    socket.once("close", end);
    this.#hanging.add(port);
    this.#tellAll();
    return end;
  }

  /** Reserves a place for a process that is about to be started with `--import testing/simulator/timewarp.ts`. */
  async seat(): Promise<Seat> {
    this.#seats += 1;
    const seat = String(this.#seats);
    const participant = new Participant(seat, () => this.#plan());
    this.#participants.push(participant);
    const environment = { SIMULATED_CLOCK: await this.listen(), SIMULATED_CLOCK_SEAT: seat };
    return {
      environment,
      nudge: () => this.#tell(participant),
      leave: () => this.#remove(participant),
    };
  }

  /** Opens an address for processes that have no seat, and returns it. */
  listen(): Promise<string> {
    this.#address ??= new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", () => resolve(`127.0.0.1:${(this.#server.address() as AddressInfo).port}`));
    });
    return this.#address;
  }

  /** Ends time: nothing happens any more, and a process that is still connected fails. */
  close(): void {
    this.#isClosed = true;
    this.#stop();
    this.#events.clear();
    for (const participant of this.#participants) participant.dismiss();
    this.#server.close();
  }

  #schedule(planned: Event): () => void {
    // Programs expect whole milliseconds.
    const event = { ...planned, instant: Math.ceil(planned.instant) };
    this.#events.add(event);
    this.#plan();
    return () => {
      this.#events.delete(event);
      this.#plan();
    };
  }

  #welcome(socket: Socket): void {
    // A killed process resets its connection. "close" follows, and that is where we handle it.
    socket.on("error", () => {});
    let participant: Participant | undefined;
    onLines(socket, (line) => {
      const message = JSON.parse(line) as FromProcess;
      if (message.kind !== "hello") return participant?.hear(message);
      participant = this.#participants.find((seated) => seated.isAwaitedAt(message.seat));
      if (participant === undefined) {
        participant = new Participant(null, () => this.#plan());
        this.#participants.push(participant);
      }
      participant.connect(socket);
      this.#tell(participant);
    });
    socket.on("close", () => {
      if (participant !== undefined) this.#remove(participant);
    });
  }

  #remove(participant: Participant): void {
    const index = this.#participants.indexOf(participant);
    if (index < 0) return;
    this.#participants.splice(index, 1);
    this.#plan();
  }

  #tellAll(): void {
    for (const participant of this.#participants) this.#tell(participant);
  }

  #tell(participant: Participant): void {
    this.#stop();
    participant.tell(this.#now, [...this.#hanging]);
  }

  /**
   * Stops time because something has changed, and decides a little later what comes next. By then we have read what a
   * process wrote before it became idle, and it has the time at which it was written.
   */
  #plan(): void {
    this.#stop();
    if (this.#stepIsPlanned) return;
    this.#stepIsPlanned = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#stepIsPlanned = false;
        this.#step();
      }),
    );
  }

  #step(): void {
    if (this.#isClosed || this.#actionsUnderWay > 0) return;
    if (this.#participants.some((participant) => participant.isBusy)) return;
    const behind = this.#participants.find((participant) => participant.told < this.#now);
    if (behind !== undefined) return void this.#tell(behind);
    const event = this.#firstEvent();
    if (event !== undefined && event.instant <= this.#now) void this.#carryOut(event);
    else this.#go(this.#nextInstant());
  }

  #firstEvent(): Event | undefined {
    let first: Event | undefined;
    for (const event of this.#events) {
      if (first === undefined || event.instant < first.instant) first = event;
    }
    return first;
  }

  async #carryOut(event: Event): Promise<void> {
    this.#events.delete(event);
    this.#actionsUnderWay += 1;
    try {
      await event.action();
    } finally {
      this.#actionsUnderWay -= 1;
      this.#plan();
    }
  }

  /** The first instant at which something happens; `Infinity` if nothing will happen by itself. */
  #nextInstant(): Instant {
    return Math.min(
      this.#firstEvent()?.instant ?? Number.POSITIVE_INFINITY,
      ...this.#participants.map((participant) => participant.idleUntil),
    );
  }

  #go(next: Instant): void {
    if (this.#speed === Number.POSITIVE_INFINITY) this.#jumpTo(next);
    else this.#flowTo(next);
  }

  #jumpTo(next: Instant): void {
    const isWaitedFor = this.#participants.length > 0 || [...this.#events].some((event) => event.pulls);
    if (next === Number.POSITIVE_INFINITY || !isWaitedFor) return;
    this.#now = Math.max(this.#now, next);
    this.#plan();
  }

  #flowTo(limit: Instant): void {
    const wait = (limit - this.#now) / this.#speed;
    const timer = setTimeout(() => this.#plan(), Math.min(wait, this.#participants.length > 0 ? SLICE : LONGEST_TIMER));
    if (limit === Number.POSITIVE_INFINITY) timer.unref();
    this.#flow = { from: this.#now, since: performance.now(), limit, timer };
  }

  #stop(): void {
    this.#now = this.now();
    clearTimeout(this.#flow?.timer);
    this.#flow = null;
  }
}

/** A process as the clock sees it. */
class Participant {
  readonly #seat: string | null;
  readonly #onChange: () => void;
  #socket: Socket | null = null;
  /** The number of the last message to the process. Until it is answered, the process counts as busy. */
  #number = 0;
  #state: { readonly kind: "busy" } | { readonly kind: "idle"; readonly until: Instant } = { kind: "busy" };
  #told: Instant = Number.NEGATIVE_INFINITY;

  constructor(seat: string | null, onChange: () => void) {
    this.#seat = seat;
    this.#onChange = onChange;
  }

  /** The time that the process was last told. */
  get told(): Instant {
    return this.#told;
  }

  get isBusy(): boolean {
    return this.#state.kind === "busy";
  }

  get idleUntil(): Instant {
    return this.#state.kind === "idle" ? this.#state.until : Number.NEGATIVE_INFINITY;
  }

  isAwaitedAt(seat: string | null): boolean {
    return seat !== null && this.#seat === seat && this.#socket === null;
  }

  connect(socket: Socket): void {
    this.#socket = socket;
  }

  tell(now: Instant, hanging: readonly number[]): void {
    if (this.#socket === null) return;
    this.#number += 1;
    this.#told = now;
    this.#state = { kind: "busy" };
    const message: FromClock = { number: this.#number, now, hanging };
    this.#socket.write(`${JSON.stringify(message)}\n`);
  }

  hear(message: Exclude<FromProcess, { kind: "hello" }>): void {
    switch (message.kind) {
      case "busy":
        this.#state = { kind: "busy" };
        break;
      case "idle":
        // This answers an older message and crossed our last one on the way. Another answer will follow.
        if (message.seen < this.#number) return;
        this.#state = { kind: "idle", until: message.until ?? Number.POSITIVE_INFINITY };
        break;
    }
    this.#onChange();
  }

  dismiss(): void {
    this.#socket?.destroy();
  }
}

function onLines(socket: Socket, take: (line: string) => void): void {
  let rest = "";
  socket.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}
