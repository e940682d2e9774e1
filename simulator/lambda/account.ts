import type { Duration } from "../../src/release/time.ts";
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

/** One Region of an AWS account, for Lambda only. */
export class Account {
  readonly id = "123456789012";
  readonly region: string;
  readonly revisions: Revisions;
  readonly functions = new Map<string, LambdaFunction>();
  readonly eventSources: EventSource[] = [];
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

  now(): number {
    return this.#time.now();
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
