import type { Duration, Instant } from "../../../src/domain/time.ts";
import { Random } from "../random.ts";
import type { SimulatedTime } from "../time.ts";
import { type FunctionOptions, LambdaFunction } from "./function.ts";
import { Revisions } from "./revisions.ts";

/** Something that delivers events to a function or to one of its aliases. */
export interface EventSource {
  readonly uuid: string;
  /** The ARN of a queue or stream. */
  readonly source: string;
  /** `checkout`, or `checkout:live`. */
  readonly target: string;
  readonly state: "Enabled" | "Disabled";
  /** Whether the function names the failed items of a batch in its answer. */
  readonly reportsItems: boolean;
}

/** How stale reads may be: this share of them shows things as they were some time ago, `upTo` at most. */
export interface Staleness {
  readonly upTo: Duration;
  readonly share: number;
}

/** One Region of an AWS account, for Lambda only. */
export class Account {
  readonly id = "123456789012";
  readonly region: string;
  readonly revisions: Revisions;
  readonly functions = new Map<string, LambdaFunction>();
  readonly eventSources: EventSource[] = [];
  /** How stale the reads of aliases, configurations and lists of versions may be; null if none is. Writes never are. */
  staleness: Staleness | null = null;
  /** Whether writes are carried out whatever revision or code they name, as by some that answer in Lambda's place. */
  isLax = false;
  /** The reads of the latest instant. */
  readonly #reads = { at: 0, counts: new Map<string, number>() };
  readonly #time: SimulatedTime;
  readonly #seed: number;
  readonly #past: Duration;

  /** @param past how long before its first calls CloudWatch has totals of a function that doesn't say it itself */
  constructor(time: SimulatedTime, seed: number, region: string, past: Duration) {
    this.region = region;
    this.revisions = new Revisions(seed);
    this.#time = time;
    this.#seed = seed;
    this.#past = past;
  }

  now(): Instant {
    return this.#time.now();
  }

  /** As of when a read shows things. The draws repeat for the same reads at the same instant, whatever came before. */
  seenAt(...read: readonly string[]): Instant {
    const now = this.now();
    if (this.staleness === null) return now;
    const { upTo, share } = this.staleness;
    const { at, counts } = this.#reads;
    if (at !== now) counts.clear();
    this.#reads.at = now;
    const key = read.join(" ");
    const number = counts.get(key) ?? 0;
    counts.set(key, number + 1);
    const random = new Random(this.#seed, "read", key, now, number);
    return random.uniform() < share ? now - upTo * (1 - random.uniform()) : now;
  }

  addFunction(options: FunctionOptions): LambdaFunction {
    const around = {
      time: this.#time,
      seed: this.#seed,
      revisions: this.revisions,
      account: this.id,
      region: this.region,
    };
    const made = new LambdaFunction(around, { ...options, traffic: { past: this.#past, ...options.traffic } });
    this.functions.set(options.name, made);
    return made;
  }

  /** Makes a queue or stream deliver to `checkout`, or to `checkout:live`. */
  addEventSource({
    state = "Enabled",
    reportsItems = false,
    ...made
  }: Pick<EventSource, "source" | "target"> & Partial<EventSource>): void {
    const uuid = new Random(this.#seed, "event source", this.eventSources.length).uuid();
    this.eventSources.push({ uuid, state, reportsItems, ...made });
  }
}
