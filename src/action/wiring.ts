import { LambdaClient, type LambdaClientConfig } from "@aws-sdk/client-lambda";
import type { STSClientConfig } from "@aws-sdk/client-sts";
import { AwsClock } from "../aws/clock.ts";
import type { CloudWatch } from "../aws/cloudwatch.ts";
import { AssumedRole, FoundCredentials } from "../aws/credentials.ts";
import { Lambda } from "../aws/lambda.ts";
import { CLIENT_LIMITS } from "../aws/limits.ts";
import { partitionOf } from "../aws/partition.ts";
import type { Sts } from "../aws/sts.ts";
import { accountOf, type Run } from "../domain/alias.ts";
import type { Metrics } from "../domain/ports.ts";
import { FreshTraffic } from "../engine/fresh-traffic.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";
import type { Context } from "../github/context.ts";
import { GitHub } from "../github/github.ts";
import { backgroundClock, systemClock } from "./clock.ts";
import { figuresFrom } from "./figures.ts";
import type { CommonInputs, RoleToAssume } from "./inputs.ts";
import { ReportedJournal, type Subject } from "./journal.ts";
import type { Redactor } from "./redactor.ts";
import { hide, watch } from "./secrets.ts";
import { HandoverToPost } from "./state.ts";

/** The first try, and three more with growing pauses. */
const ATTEMPTS = 4;

/** A step under way. */
export interface Session {
  readonly journal: ReportedJournal;
  readonly handover: HandoverToPost;
  /** @throws ReleaseError if no Region can be found, or the role isn't in its partition */
  ports(): Promise<Ports>;
}

/** Starts to report, before anything is called. The ports are made when they are asked for: that may fail. */
export function open(
  subject: Subject,
  inputs: CommonInputs,
  context: Context,
  redactor: Redactor,
  abort: AbortSignal,
): Session {
  const github = new GitHub(async () => (await import("../github/connection.ts")).connect(inputs.githubToken));
  const clock = new AwsClock();
  const journal = new ReportedJournal(subject, { inputs, context, github, clock, redactor });
  clock.onWrong = (ahead) => journal.correct(ahead);
  const handover = new HandoverToPost(journal);
  const { run } = context;
  const ports = () => compose({ inputs, run, github, journal, handover, clock, redactor, abort });
  return { journal, handover, ports };
}

/** What the ports are made of. */
interface Parts {
  readonly inputs: CommonInputs;
  readonly run: Run;
  readonly github: GitHub;
  readonly journal: ReportedJournal;
  readonly handover: HandoverToPost;
  /** Set by Lambda's answers. */
  readonly clock: AwsClock;
  readonly redactor: Redactor;
  readonly abort: AbortSignal;
}

/** Makes the real ports: AWS, GitHub and the clock. */
async function compose(parts: Parts): Promise<Ports> {
  const { inputs, run, github, journal, handover, clock, redactor, abort } = parts;
  const reach = {
    ...(inputs.region === null ? {} : { region: inputs.region }),
    maxAttempts: ATTEMPTS,
    requestHandler: { ...CLIENT_LIMITS, ...(await byProxy()) },
  };
  const role = inputs.role === null ? null : assumedRole(inputs.role, reach, parts);
  const settings = role === null ? reach : { ...reach, credentials: role.provide };
  const client = watch(new LambdaClient(settings), redactor, (answer) => {
    const account = accountIn(answer);
    if (account !== null) journal.locate({ account });
  });
  const region = inputs.region ?? (await regionOf(client));
  journal.locate({ region });
  handover.locate(region);
  if (inputs.role !== null) checkPartition(inputs.role, region);
  const lambda = new Lambda(client, clock);
  const time = { ...systemClock, now: () => clock.now() };
  return {
    functions: lambda,
    traffic: new FreshTraffic(lambda, time),
    // Other sources of figures go into the list. CloudWatch has what none of them has.
    metrics: figuresFrom(
      [],
      whenAsked(() => openCloudWatch(settings, redactor)),
    ),
    runs: github,
    credentials:
      role ?? new FoundCredentials(client.config.credentials, () => openSts({ ...reach, maxAttempts: 2 }, redactor)),
    handover,
    clock: time,
    journal,
    run,
    region,
    abort,
  };
}

/** How the AWS clients connect if the runner is behind a proxy. Otherwise there is nothing to load. */
async function byProxy() {
  const names = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];
  if (names.every((name) => !process.env[name])) return {};
  const { EnvironmentAgent } = await import("../aws/proxy.ts");
  return { httpAgent: new EnvironmentAgent("http:"), httpsAgent: new EnvironmentAgent("https:") };
}

function assumedRole(
  role: RoleToAssume,
  reach: STSClientConfig,
  { run, journal, clock, redactor }: Parts,
): AssumedRole {
  return new AssumedRole(
    { ...role, session: role.session ?? `lambda-canary-${run.id}` },
    {
      sts: () => openSts(reach, null),
      mint: async (audience) => {
        const { mintToken } = await import("../github/identity.ts");
        const token = await mintToken(audience);
        hide(token, redactor);
        return token;
      },
      clock: backgroundClock,
      ahead: () => clock.ahead,
      warn: (text) => journal.write({ kind: "warned", text }),
    },
  );
}

/** The account of the function or alias that Lambda's answer is about; null if it doesn't tell. */
function accountIn(answer: { readonly AliasArn?: string; readonly FunctionArn?: string }): string | null {
  const arn = answer.AliasArn ?? answer.FunctionArn;
  return arn === undefined ? null : accountOf(arn);
}

/** Loads CloudWatch's client. The first look at an alias doesn't need it, nor does a rollback. */
async function openCloudWatch(config: LambdaClientConfig, redactor: Redactor): Promise<CloudWatch> {
  const [{ CloudWatchClient }, { CloudWatch }] = await Promise.all([
    import("@aws-sdk/client-cloudwatch"),
    import("../aws/cloudwatch.ts"),
  ]);
  return new CloudWatch(watch(new CloudWatchClient(config), redactor));
}

/** CloudWatch, whose client is loaded when it is first asked. */
function whenAsked(open: () => Promise<CloudWatch>): Metrics {
  let cloudwatch: Promise<CloudWatch> | null = null;
  const opened = () => {
    cloudwatch ??= open();
    return cloudwatch;
  };
  return {
    read: async (...query) => (await opened()).read(...query),
    alarms: async (names) => (await opened()).alarms(names),
  };
}

/**
 * Loads the client of STS, which few releases need.
 *
 * @param redactor masks the keys that it signs with; null if it doesn't sign
 */
async function openSts(config: STSClientConfig, redactor: Redactor | null): Promise<Sts> {
  const [{ STSClient }, { Sts }] = await Promise.all([import("@aws-sdk/client-sts"), import("../aws/sts.ts")]);
  const client = new STSClient(config);
  return new Sts(redactor === null ? client : watch(client, redactor));
}

/** The Region that the SDK finds by itself. @throws ReleaseError */
async function regionOf(client: LambdaClient): Promise<string> {
  const remedy = "set the input aws-region, or let an earlier step set AWS_REGION";
  const region = await client.config.region().catch((cause: unknown) => {
    throw new ReleaseError(`no AWS Region is set: ${remedy}`, { cause });
  });
  if (partitionOf(region) !== null) return region;
  throw new ReleaseError(`"${region}", from the environment, is not an AWS Region: ${remedy}`);
}

/** The inputs alone can't tell this if the Region comes from the environment. @throws ReleaseError */
function checkPartition({ arn }: RoleToAssume, region: string): void {
  const partition = partitionOf(region);
  if (arn.startsWith(`arn:${partition}:`)) return;
  const what = `the role ${arn} is not in the partition ${partition}, but ${region} is`;
  throw new ReleaseError(`${what}: give a role in that partition, or the right Region in aws-region`);
}
