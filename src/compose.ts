import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import { STSClient, type STSClientConfig } from "@aws-sdk/client-sts";
import { CloudWatch } from "./aws/cloudwatch.ts";
import { AssumedRole, FoundCredentials } from "./aws/credentials.ts";
import { Lambda } from "./aws/lambda.ts";
import { partitionOf } from "./aws/partition.ts";
import { backgroundClock, systemClock } from "./clock.ts";
import { ReleaseError, type World } from "./conductor/world.ts";
import type { Context } from "./github/context.ts";
import type { GitHub } from "./github/github.ts";
import { mintToken } from "./github/identity.ts";
import { handOver } from "./handover.ts";
import type { Inputs, RoleToAssume } from "./inputs.ts";
import type { Journal } from "./release/journal.ts";
import { SECOND } from "./release/time.ts";
import type { Veil } from "./report/veil.ts";
import { hide, watch } from "./secrecy.ts";

/** An answer that takes longer is taken for lost, and asked for again: a rollback can't wait for it. */
const TIME_LIMITS = { connectionTimeout: 2 * SECOND, requestTimeout: 5 * SECOND, throwOnRequestTimeout: true };
/** The first try, and three more with growing pauses. */
const ATTEMPTS = 4;

/**
 * Puts the real world together: AWS, GitHub and the clock.
 *
 * @throws ReleaseError when no Region can be found, or the role isn't of its partition
 */
export async function compose(
  inputs: Inputs,
  github: GitHub,
  context: Context,
  journal: Journal,
  veil: Veil,
  abort: AbortSignal,
) {
  const reach = {
    ...(inputs.region === null ? {} : { region: inputs.region }),
    maxAttempts: ATTEMPTS,
    requestHandler: TIME_LIMITS,
  };
  const region = inputs.region ?? (await regionOfChain(reach));
  if (inputs.role !== null) checkPartition(inputs.role, region);
  const role = inputs.role === null ? null : assumedRole(inputs.role, reach, context, journal, veil);
  const settings = role === null ? reach : { ...reach, credentials: role.provide };
  const client = watch(new LambdaClient(settings), veil);
  const lambda = new Lambda(client, systemClock);
  const world: World = {
    functions: lambda,
    traffic: lambda,
    metrics: new CloudWatch(watch(new CloudWatchClient(settings), veil)),
    runs: github,
    credentials:
      role ??
      new FoundCredentials(client.config.credentials, () => watch(new STSClient({ ...reach, maxAttempts: 2 }), veil)),
    handover: handOver(region, journal),
    clock: systemClock,
    journal,
    run: context.run,
    region,
    abort,
  };
  return world;
}

function assumedRole(
  role: RoleToAssume,
  reach: STSClientConfig,
  { run }: Context,
  journal: Journal,
  veil: Veil,
): AssumedRole {
  return new AssumedRole(
    { ...role, session: role.session ?? `lambda-canary-${run.id}` },
    {
      client: new STSClient(reach),
      mint: async (audience) => {
        const token = await mintToken(audience);
        hide(token, veil);
        return token;
      },
      clock: backgroundClock,
      warn: (text) => journal.write({ kind: "warned", text }),
    },
  );
}

async function regionOfChain(reach: LambdaClientConfig): Promise<string> {
  const remedy = "give the input aws-region, or let the credentials step set AWS_REGION";
  const region = await new LambdaClient(reach).config.region().catch((cause: unknown) => {
    throw new ReleaseError(`no AWS Region is set: ${remedy}`, { cause });
  });
  if (partitionOf(region) !== null) return region;
  throw new ReleaseError(`"${region}", which the environment names, is not an AWS Region: ${remedy}`);
}

/** What the inputs alone couldn't tell, where the environment names the Region. @throws ReleaseError */
function checkPartition({ arn }: RoleToAssume, region: string): void {
  const partition = partitionOf(region);
  if (arn.startsWith(`arn:${partition}:`)) return;
  const what = `the role ${arn} is not in the partition ${partition}, where ${region} is`;
  throw new ReleaseError(`${what}: give a role of that partition, or the Region that is meant in aws-region`);
}
