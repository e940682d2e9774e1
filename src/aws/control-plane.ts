import { AsyncLocalStorage } from "node:async_hooks";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import PQueue from "p-queue";
import { ServiceError } from "../domain/ports.ts";
import { type Instant, parseInstant, SECOND } from "../domain/time.ts";
import type { AwsClock } from "./clock.ts";
import { serviceError } from "./faults.ts";

/**
 * Lambda's control plane takes 15 calls a second for the whole account and Region
 * (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests). We leave one for others. Looks
 * take at most eight, so that no write waits for them.
 */
const CALLS = { intervalCap: 14, interval: SECOND, strict: true };
const LOOKS = { ...CALLS, intervalCap: 8 };

/** How a call waits for its turn: a look first waits among the looks. The signal stops it, also while it waits. */
export interface Turn {
  /** Whether it is made again and again while a release is under way, when a write may have to go out at any time. */
  readonly isLook: boolean;
  readonly signal: AbortSignal | undefined;
}

const AT_ONCE: Turn = { isLook: false, signal: undefined };

/** Lambda's control plane: calls wait for their turn, and fail with a `ServiceError`. */
export class ControlPlane {
  readonly client: LambdaClient;
  // Only turns are queued, not calls: a slow answer doesn't hold up the calls behind it.
  readonly #calls = new PQueue(CALLS);
  readonly #looks = new PQueue(LOOKS);
  readonly #turn = new AsyncLocalStorage<Turn>();

  /** @param clock is set by the answers, refusals too */
  constructor(client: LambdaClient, clock: AwsClock) {
    this.client = client;
    // Inside the SDK's retries: each retry waits for its own turn, or a throttled fleet would go on throttling itself.
    client.middlewareStack.add(
      (next) => async (request) => {
        await this.#takeTurn();
        const set = clock.ask();
        const hear = (response: unknown) => {
          const told = toldBy(response);
          if (!Number.isNaN(told)) set(told);
        };
        try {
          const result = await next(request);
          hear(result.response);
          return result;
        } catch (error) {
          hear((error as { readonly $response?: unknown }).$response);
          throw error;
        }
      },
      { step: "finalizeRequest" },
    );
  }

  /**
   * @param operation the API operation; the IAM action is named after it
   * @param on what is called about, for people: `checkout:live`
   * @throws ServiceError
   */
  async call<T>(operation: string, on: string, call: () => Promise<T>, turn: Turn = AT_ONCE): Promise<T> {
    try {
      return await this.#turn.run(turn, call);
    } catch (error) {
      throw serviceError({ operation, on, action: `lambda:${operation}` }, error);
    }
  }

  async #takeTurn(): Promise<void> {
    const turn = this.#turn.getStore();
    // A call that someone else makes with the same client.
    if (turn === undefined) return;
    const { isLook, signal } = turn;
    // With the signal, a call that is stopped while it waits uses up no turn.
    const options = signal === undefined ? {} : { signal };
    if (isLook) await this.#looks.add(() => {}, options);
    await this.#calls.add(() => {}, options);
  }
}

/** The time of an answer, by its Date header; NaN if it has none. */
function toldBy(response: unknown): Instant {
  const { date } = (response as { readonly headers?: { readonly date?: string } } | undefined)?.headers ?? {};
  return parseInstant(date ?? "");
}

export function nullIfMissing(error: unknown): null {
  if (error instanceof ServiceError && error.fault === "missing") return null;
  throw error;
}
