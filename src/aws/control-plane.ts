import { AsyncLocalStorage } from "node:async_hooks";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import PQueue from "p-queue";
import { type Clock, ServiceError } from "../release/ports.ts";
import { type Duration, type Instant, parseInstant, SECOND } from "../release/time.ts";
import { serviceError } from "./faults.ts";

/**
 * Lambda's control plane takes 15 calls a second for the whole account and Region. One is left for others, and looks
 * take no more than eight, so that no write waits for them.
 */
const CALLS = { intervalCap: 14, interval: SECOND, strict: true };
const LOOKS = { ...CALLS, intervalCap: 8 };

/** How a call waits for its turn: a look among all looks first. The signal gives it up, also while it waits. */
export interface Turn {
  readonly isLook: boolean;
  readonly signal: AbortSignal | undefined;
}

const LOOK: Turn = { isLook: true, signal: undefined };

/** Lambda's control plane, whose calls wait for their turn and fail in our words. */
export class ControlPlane {
  readonly client: LambdaClient;
  // Only turns are queued, not calls: a slow answer holds up none of those behind it.
  readonly #calls = new PQueue(CALLS);
  readonly #looks = new PQueue(LOOKS);
  readonly #turn = new AsyncLocalStorage<Turn>();

  readonly #clock: Pick<Clock, "now">;
  #clockAhead: Duration = 0;

  constructor(client: LambdaClient, clock: Pick<Clock, "now">) {
    this.client = client;
    this.#clock = clock;
    // Within the SDK's retries: each of them waits for a turn of its own, or a throttled fleet would throttle itself.
    client.middlewareStack.add(
      (next) => async (request) => {
        await this.#takeTurn();
        const result = await next(request);
        const told = toldBy(result.response);
        if (!Number.isNaN(told)) this.#clockAhead = this.#clock.now() - told;
        return result;
      },
      { step: "finalizeRequest" },
    );
  }

  /** By how much our clock was ahead of Lambda's at its last answer, to the second or so. */
  get clockAhead(): Duration {
    return this.#clockAhead;
  }

  /**
   * @param operation the name of the API operation, of which the IAM action has its own
   * @param on what it is about, for people: `checkout:live`
   * @throws ServiceError
   */
  async call<T>(operation: string, on: string, call: () => Promise<T>, turn: Turn = LOOK): Promise<T> {
    try {
      return await this.#turn.run(turn, call);
    } catch (error) {
      throw serviceError({ operation, on, action: `lambda:${operation}` }, error);
    }
  }

  async #takeTurn(): Promise<void> {
    const turn = this.#turn.getStore();
    // Another's call, by the same client.
    if (turn === undefined) return;
    const { isLook, signal } = turn;
    // One that is given up while it waits leaves no gap for those behind it.
    const options = signal === undefined ? {} : { signal };
    if (isLook) await this.#looks.add(() => {}, options);
    await this.#calls.add(() => {}, options);
  }
}

/** The time at which an answer was given, by its own word; NaN where it has none. */
function toldBy(response: unknown): Instant {
  const { date } = (response as { readonly headers?: { readonly date?: string } }).headers ?? {};
  return parseInstant(date ?? "");
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof ServiceError && error.fault === "missing") return null;
  throw error;
}
