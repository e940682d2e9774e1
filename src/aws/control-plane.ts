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

/** How a call waits for its turn. The signal stops it, also while it waits. */
export interface Turn {
  /**
   * A look is made again and again, and a write may have to go out in between. All others but writes, and the reads that
   * go with these, prepare a release: they take turns like a look once Lambda has refused a call as one too many.
   */
  readonly kind: "write" | "look" | "preparation";
  readonly signal: AbortSignal | undefined;
}

const PREPARATION: Turn = { kind: "preparation", signal: undefined };

/** Lambda's control plane: calls wait for their turn, and fail with a `ServiceError`. */
export class ControlPlane {
  readonly client: LambdaClient;
  // Only turns are queued, not calls: a slow answer doesn't hold up the calls behind it.
  readonly #calls = new PQueue(CALLS);
  readonly #looks = new PQueue(LOOKS);
  readonly #turn = new AsyncLocalStorage<Turn>();
  /** Whether Lambda has refused a call as one too many: others are calling, too. */
  #isCrowded = false;

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
          const { $response: response } = error as { readonly $response?: { readonly statusCode?: number } };
          hear(response);
          this.#isCrowded ||= response?.statusCode === 429;
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
  async call<T>(operation: string, on: string, call: () => Promise<T>, turn: Turn = PREPARATION): Promise<T> {
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
    const { kind, signal } = turn;
    // With the signal, a call that is stopped while it waits uses up no turn.
    const options = signal === undefined ? {} : { signal };
    const asLook = () => kind === "look" || (kind === "preparation" && this.#isCrowded);
    const wasLook = asLook();
    if (wasLook) await this.#looks.add(() => {}, options);
    await this.#calls.add(() => {}, options);
    // It got crowded while this one waited.
    if (!wasLook && asLook()) await this.#looks.add(() => {}, options);
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
