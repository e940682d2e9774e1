import { setTimeout } from "node:timers/promises";
import { CloudWatchClient, type CloudWatchClientConfig } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import type { Duration } from "../src/domain/time.ts";

/** Where assumptions are tried: the account, or a simulator of our own. */
export interface Place {
  readonly lambda: LambdaClient;
  readonly cloudwatch: CloudWatchClient;
  /** The function that is made and deleted there. */
  readonly name: string;
  /** @throws when the run is interrupted */
  pause(duration: Duration): Promise<void>;
}

/** @param signal no call is made after it, and pauses end */
export function placeAt(name: string, options: CloudWatchClientConfig, signal: AbortSignal): Place {
  const place = { lambda: new LambdaClient(options), cloudwatch: new CloudWatchClient(options) };
  for (const client of [place.lambda, place.cloudwatch]) stopWith(signal, client);
  return { ...place, name, pause: async (duration) => void (await setTimeout(duration, undefined, { signal })) };
}

function stopWith(signal: AbortSignal, { middlewareStack }: LambdaClient | CloudWatchClient): void {
  // Each client has a type of its own for the same stack.
  const stack = middlewareStack as LambdaClient["middlewareStack"];
  stack.add(
    (next) => (request) => {
      signal.throwIfAborted();
      return next(request);
    },
    { step: "initialize" },
  );
}

/**
 * How a call was answered: `200`, or `412 PreconditionFailedException`.
 * @throws if there was no answer, or the permission is missing: that says nothing about the call
 */
export async function answerTo(call: Promise<{ readonly $metadata: Metadata }>): Promise<string> {
  try {
    const { $metadata } = await call;
    return String($metadata.httpStatusCode);
  } catch (error) {
    const { name, $metadata } = error as Error & { readonly $metadata?: Metadata };
    if ($metadata?.httpStatusCode === undefined || $metadata.httpStatusCode === 403) throw error;
    return `${$metadata.httpStatusCode} ${name}`;
  }
}

interface Metadata {
  readonly httpStatusCode?: number | undefined;
}
