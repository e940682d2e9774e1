import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CloudWatch } from "./aws/cloudwatch.ts";
import { Lambda } from "./aws/lambda.ts";
import { systemClock } from "./clock.ts";
import { ReleaseError, type World } from "./conductor/world.ts";
import type { Context } from "./github/context.ts";
import type { GitHub } from "./github/github.ts";
import type { Inputs } from "./inputs.ts";
import type { Journal } from "./release/journal.ts";
import { SECOND } from "./release/time.ts";

/** An answer that takes longer is taken for lost, and asked for again: a rollback can't wait for it. */
const TIME_LIMITS = { connectionTimeout: 2 * SECOND, requestTimeout: 5 * SECOND, throwOnRequestTimeout: true };
/** The first try, and three more with growing pauses. */
const ATTEMPTS = 4;

/**
 * Puts the real world together: AWS, GitHub and the clock.
 *
 * @throws ReleaseError when no Region can be found
 */
export async function compose(inputs: Inputs, github: GitHub, context: Context, journal: Journal, abort: AbortSignal) {
  const settings = {
    ...(inputs.region === null ? {} : { region: inputs.region }),
    maxAttempts: ATTEMPTS,
    requestHandler: TIME_LIMITS,
  };
  const client = new LambdaClient(settings);
  const lambda = new Lambda(client);
  const world: World = {
    functions: lambda,
    traffic: lambda,
    metrics: new CloudWatch(new CloudWatchClient(settings)),
    runs: github,
    credentials: { expiry: async () => (await client.config.credentials()).expiration?.getTime() ?? null },
    clock: systemClock,
    journal,
    run: context.run,
    region: inputs.region ?? (await regionOfChain(settings)),
    abort,
  };
  return world;
}

async function regionOfChain(settings: ConstructorParameters<typeof LambdaClient>[0]): Promise<string> {
  try {
    return await new LambdaClient(settings ?? {}).config.region();
  } catch (cause) {
    const what = "no AWS Region is set: give the input aws-region, or let the credentials step set AWS_REGION";
    throw new ReleaseError(what, { cause });
  }
}
