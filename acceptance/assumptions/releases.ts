import { GetAliasCommand, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { formatDuration, MINUTE } from "../../src/domain/time.ts";
import { startAction } from "../../testing/simulator/runner.ts";
import { ERROR_RATE } from "../code.ts";
import { ALIAS, settled, upload } from "../fixture.ts";
import { hostHere } from "../host.ts";
import type { Finding, Trial } from "../trial.ts";
import { routingOf } from "./provisioned.ts";

/** Long enough for two looks at the canary's figures. */
const STEPS = "50% for 2m";
/** Calls in a minute of a release: few enough to last if figures are ten minutes late, and enough to judge. */
const perMinute = (calls: number) => Math.max(25, calls / 16);
/** The longest that a release may take. */
const LONGEST = 15 * MINUTE;

/** Releases a good version and a broken one with the bundle that users get. */
export async function releases(trial: Trial): Promise<readonly Finding[]> {
  const { account } = trial;
  const { lambda, name: FunctionName } = account;
  await settled(account);
  await upload(account, "the good version");
  const good = await release(trial, "a good version", ({ after, version, outcome }) => {
    return outcome === "promoted" && after === version;
  });
  const Environment = { Variables: { [ERROR_RATE]: "0.5" } };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
  await settled(account);
  const broken = await release(trial, "a version that fails every other time", ({ before, after, outcome }) => {
    return outcome === "rolled-back" && after === before;
  });
  return [
    { ...good, simulator: "promoted, and the alias is on it" },
    { ...broken, simulator: "rolled back, and the alias is as before" },
  ];
}

interface End {
  readonly outcome: string;
  readonly version: string;
  /** What the alias served. */
  readonly before: string;
  readonly after: string;
}

async function release(trial: Trial, what: string, isRight: (end: End) => boolean) {
  const { account, traffic, calls, signal, say } = trial;
  const { lambda, name: FunctionName } = account;
  const look = async () => routingOf(await lambda.send(new GetAliasCommand({ FunctionName, Name: ALIAS })));
  const before = await look();
  const began = Date.now();
  const over = new AbortController();
  say(`Releasing ${what}`);
  const action = await startAction({
    inputs: { function: FunctionName, alias: ALIAS, steps: STEPS, comment: "false" },
    environment: await environmentOf(trial),
    onLine: ({ text }) => say(`  | ${text}`),
    ...hostHere(),
  });
  const stop = () => action.cancel();
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const calling = traffic.send(perMinute(calls), began, began + LONGEST, over.signal);
  // An interruption shows below.
  calling.catch(() => {});
  const { outputs } = await action.finished.finally(() => over.abort());
  signal.removeEventListener("abort", stop);
  await calling;
  const after = await look();
  const { outcome = "no outcome", version = "", reason = "" } = outputs;
  const took = formatDuration(Date.now() - began);
  const ran = traffic.isUsedUp ? ", but the calls had run out" : "";
  const same = isRight({ outcome, version, before, after });
  return {
    assumption: `A release of ${what} by the action itself`,
    seen: `${outcome} after ${took}, and the alias is on ${after}${ran}${same ? "" : `: ${reason}`}`,
    same,
  };
}

/** What the SDK in the action needs to find the same account. It gets our credentials, wherever they come from. */
async function environmentOf({ account: { lambda } }: Trial): Promise<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = await lambda.config.credentials();
  const passed = Object.entries(process.env).filter(([name]) => PASSED.test(name)) as [string, string][];
  return {
    ...Object.fromEntries(passed),
    AWS_REGION: await lambda.config.region(),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: sessionToken }),
  };
}

/** Addresses, proxies and their certificates. */
const PASSED = /^(AWS_ENDPOINT_URL(_\w+)?|AWS_USE_\w+|AWS_CA_BUNDLE|NODE_EXTRA_CA_CERTS|(HTTPS?|NO)_PROXY)$/i;
