import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { STSClient } from "@aws-sdk/client-sts";
import { AssumedRole, FoundCredentials, type Surroundings } from "../../src/aws/credentials.ts";
import { Lambda } from "../../src/aws/lambda.ts";
import { Sts } from "../../src/aws/sts.ts";
import { type Clock, type Expiry, type Fault, ServiceError } from "../../src/domain/ports.ts";
import { HOUR, type Instant, MINUTE, SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { Fault as SimulatedFault } from "../../testing/simulator/faults.ts";
import { throttling } from "../../testing/simulator/quotas.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { open, type World } from "../testing/simulator/clients.ts";
import { failure } from "./failure.ts";

const AUDIENCE = "sts.amazonaws.com";
const ASSUME = { operation: "AssumeRoleWithWebIdentity" };
const DENIED = new Refusal(403, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity");

let world: World;
let client: STSClient;
let warnings: string[];

beforeEach(async () => {
  world = await open();
  client = new STSClient({ endpoint: world.simulator.url, region: "eu-central-1", maxAttempts: 1 });
  warnings = [];
  awake = 0;
});

afterEach(async () => {
  client.destroy();
  await world.close();
});

/** Renewals that are awake and working. */
let awake = 0;

/** A clock whose sleeps end at the simulated time. */
function clock(): Clock {
  return {
    now: () => world.clock.now(),
    sleep: (duration) => {
      awake = Math.max(0, awake - 1);
      return new Promise((resolve) => {
        world.clock.at(world.clock.now() + duration, () => {
          awake += 1;
          resolve();
        });
      });
    },
  };
}

/** Gets a token for the job from the simulator's GitHub, as the runner's environment allows. */
async function mint(audience = AUDIENCE): Promise<string> {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } =
    world.simulator.identityEnvironment;
  const answer = await fetch(`${url}&audience=${audience}`, { headers: { authorization: `Bearer ${token}` } });
  return ((await answer.json()) as { value: string }).value;
}

function around(): Surroundings {
  const warn = (text: string) => warnings.push(text);
  return { sts: async () => new Sts(client), mint, clock: clock(), ahead: () => 0, warn };
}

function assumed({ duration = HOUR, session = "checkout", minting = () => mint() } = {}): AssumedRole {
  const role = { arn: world.simulator.iam.role, session, duration };
  return new AssumedRole(role, { ...around(), mint: minting });
}

function asked(): readonly Instant[] {
  return world.simulator.calls
    .filter(({ operation }) => operation === ASSUME.operation)
    .map(({ at }) => at - BEGINNING);
}

function lastRequest() {
  const { request } = world.simulator.calls.at(-1) ?? assert.fail("nothing was called");
  return request;
}

/** Lets simulated time pass, but stops it while a renewal is working. */
async function pass(duration: number): Promise<void> {
  for (const end = world.clock.now() + duration; world.clock.now() < end; ) {
    await world.clock.advance(Math.min(10 * SECOND, end - world.clock.now()));
    while (awake > 0) await setTimeout(1);
  }
}

test("the role is asked for with the token, by the session's name and length, and unsigned", async () => {
  const { accessKeyId, expiration } = await assumed({ duration: 30 * MINUTE }).provide();
  expect(accessKeyId).toBe("ASIASIMULATOR000001");
  expect(expiration.getTime()).toBe(BEGINNING + 30 * MINUTE);
  const request = lastRequest();
  const { WebIdentityToken: token, ...form } = Object.fromEntries(new URLSearchParams(request.body.toString()));
  expect(form).toStrictEqual({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: world.simulator.iam.role,
    RoleSessionName: "checkout",
    DurationSeconds: "1800",
  });
  expect(world.simulator.identity.read(token ?? "")?.audience).toBe(AUDIENCE);
  expect(request.headers.authorization).toBeUndefined();
});

test("the SDK's clients sign with what is provided", async () => {
  world.simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 0, history: 0 } });
  const credentials = assumed().provide;
  const lambda = new LambdaClient({ endpoint: world.simulator.url, region: "eu-central-1", credentials });
  expect((await new Lambda(lambda).configuration("checkout", "$LATEST"))?.readiness.kind).toBe("ready");
  expect(lastRequest().headers.authorization).toMatch(/Credential=ASIASIMULATOR000001\//);
  lambda.destroy();
});

test("many that ask at once are one request", async () => {
  const role = assumed();
  const keys = await Promise.all([role.provide(), role.provide(), role.provide()]);
  expect(new Set(keys).size).toBe(1);
  expect(asked()).toHaveLength(1);
});

test("keys are replaced ten minutes before their end, the shortest sessions too, and never by asking for them", async () => {
  const role = assumed({ duration: 15 * MINUTE });
  await role.provide();
  await pass(11 * MINUTE);
  await role.provide();
  expect(asked()).toStrictEqual([0, 5 * MINUTE, 10 * MINUTE]);
  expect(await role.expiry()).toStrictEqual({ kind: "never" });
});

test("while a renewal hangs, and as long as the keys are valid, they are given at once", async () => {
  const minting = [() => mint(), () => new Promise<string>(() => {})];
  const role = assumed({ minting: () => (minting.shift() ?? mint)() });
  const first = await role.provide();
  await world.clock.advance(55 * MINUTE);
  expect(awake).toBe(1);
  const outcome = await Promise.race([role.provide(), setTimeout(100, "waits")]);
  expect(outcome).toBe(first);
});

test("a renewal that fails is told once, and tried every thirty seconds until it is done", async () => {
  const role = assumed();
  const first = await role.provide();
  const recover = world.simulator.inject({ ...ASSUME, times: Number.POSITIVE_INFINITY }, refused(DENIED));
  await pass(52 * MINUTE + 15 * SECOND);
  expect(await role.provide()).toBe(first);
  const [renewal, second] = asked().slice(1);
  expect(renewal).toBe(50 * MINUTE);
  expect(second).toBe(50 * MINUTE + 30 * SECOND);
  expect(asked()).toHaveLength(6);
  expect(warnings).toStrictEqual([
    expect.stringMatching(/^the credentials could not be renewed; .* expire at 2026-01-05T10:00:00Z: the role arn/),
  ]);
  recover();
  await pass(MINUTE);
  expect(await role.provide()).not.toBe(first);
  expect(warnings).toHaveLength(1);
});

test("with a wrong clock, the end of keys that can't be renewed is told in AWS's time", async () => {
  const arn = world.simulator.iam.role;
  const role = new AssumedRole({ arn, session: "checkout", duration: HOUR }, { ...around(), ahead: () => 4 * MINUTE });
  await role.provide();
  world.simulator.inject({ ...ASSUME, times: Number.POSITIVE_INFINITY }, refused(DENIED));
  await pass(52 * MINUTE);
  expect(await role.expiry()).toStrictEqual({ kind: "at", at: BEGINNING + 56 * MINUTE });
  expect(warnings).toStrictEqual([expect.stringMatching(/expire at 2026-01-05T09:56:00Z/)]);
});

test("keys that have ended are not given any more: who asks then waits for new ones", async () => {
  const role = assumed();
  const first = await role.provide();
  const recover = world.simulator.inject({ ...ASSUME, times: Number.POSITIVE_INFINITY }, refused(DENIED));
  await pass(61 * MINUTE);
  expect(await failure(role.provide())).toMatchObject({ fault: "expired" });
  recover();
  expect(await role.provide()).not.toBe(first);
});

function refused(refusal: Refusal): SimulatedFault {
  return { kind: "refused", refusal };
}

const PAGE = { "content-type": "text/html", server: "squid/5.7" };

const FAILURES: readonly (readonly [what: string, is: Fault, fault: SimulatedFault, says: RegExp])[] = [
  [
    "a role that doesn't let it in",
    "expired",
    refused(DENIED),
    /it doesn't exist, or its trust policy doesn't allow this job/,
  ],
  [
    "an account without GitHub's provider",
    "expired",
    refused(new Refusal(400, "InvalidIdentityToken", "No OpenIDConnect provider found in your account")),
    /add GitHub's OIDC provider to it, with the audience sts.amazonaws.com \(No OpenIDConnect provider/,
  ],
  [
    "a session that is too long",
    "expired",
    refused(new Refusal(400, "ValidationError", "The requested DurationSeconds exceeds the MaxSessionDuration set.")),
    /its maximum session duration is below 1h: lower role-duration, or raise the role's maximum/,
  ],
  [
    "a token that was shown too late",
    "expired",
    refused(new Refusal(400, "ExpiredTokenException", "Token expired")),
    /STS refused it \(Token expired\)/,
  ],
  ["throttling", "throttled", refused(throttling()), /STS gave no clear answer \(Rate exceeded\)/],
  ["an outage", "unclear", refused(new Refusal(500, "InternalFailure", "Oops")), /STS gave no clear answer \(Oops\)/],
  ["no answer", "unclear", { kind: "reset" }, /STS gave no clear answer/],
  [
    "GitHub out of reach of STS",
    "unclear",
    refused(new Refusal(400, "IDPCommunicationError", "Could not reach the provider")),
    /STS gave no clear answer \(Could not reach/,
  ],
  [
    "an answer without keys",
    "unclear",
    { kind: "answered", status: 200, body: "<a><AssumeRoleWithWebIdentityResult/></a>" },
    /could not be assumed: AssumeRoleWithWebIdentity got an answer that can't be read$/,
  ],
  [
    "a page that something in between answers",
    "unclear",
    { kind: "intercepted", status: 403, headers: PAGE, body: "<html>Blocked</html>" },
    /could not be assumed: STS gave no clear answer \(not one of AWS's own: HTTP 403, a page of HTML, from squid\/5\.7\. Look at the proxy/,
  ],
  [
    "a page that passes for an answer without keys",
    "unclear",
    { kind: "intercepted", status: 200, headers: PAGE, body: "<html>Sign in</html>" },
    /could not be assumed: AssumeRoleWithWebIdentity got no clear answer \(not one of AWS's own: HTTP 200\. Look at the proxy/,
  ],
];

test.each(FAILURES)('%s is "%s", and says what to do where something can be done', async (_what, is, fault, says) => {
  world.simulator.inject(ASSUME, fault);
  const error = await failure(assumed().provide());
  expect(error.fault).toBe(is);
  expect(error.message).toMatch(/^the role arn:aws:iam::123456789012:role\/release could not be assumed: /);
  expect(error.message).toMatch(says);
});

test("what GitHub says when it gives no token is told as it is", async () => {
  const minting = () => Promise.reject(new ServiceError("unclear", "GitHub gave no token", null));
  await expect(assumed({ minting }).provide()).rejects.toThrow(
    /role\/release could not be assumed: GitHub gave no token$/,
  );
});

test("a client's call that finds no keys tells that, and nothing else", async () => {
  world.simulator.inject(ASSUME, refused(DENIED));
  const credentials = assumed().provide;
  const lambda = new LambdaClient({ endpoint: world.simulator.url, region: "eu-central-1", credentials });
  const call = new Lambda(lambda).read({ function: "checkout", alias: "live" });
  expect(await failure(call)).toMatchObject({ fault: "expired", message: expect.stringMatching(/^the role /) });
  lambda.destroy();
});

/** The client that asks whose the found credentials are. */
async function sts(): Promise<Sts> {
  const credentials = { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" };
  client.destroy();
  client = new STSClient({ endpoint: world.simulator.url, region: "eu-central-1", maxAttempts: 1, credentials });
  return new Sts(client);
}

test("whose found keys are is asked of STS, unless they tell it themselves; where STS can't say, nobody knows", async () => {
  const told = new FoundCredentials(async () => ({ accountId: "210987654321" }), sts);
  expect(await told.account()).toBe("210987654321");
  expect(world.simulator.calls).toStrictEqual([]);
  const asking = new FoundCredentials(async () => ({}), sts);
  expect(await asking.account()).toBe("123456789012");
  expect(world.simulator.calls.map(({ operation }) => operation)).toStrictEqual(["GetCallerIdentity"]);
  world.simulator.inject({ operation: "GetCallerIdentity" }, { kind: "reset" });
  expect(await asking.account()).toBeNull();
});

test("whose a role's keys are is known without asking anybody", async () => {
  expect(await assumed().account()).toBe("123456789012");
  expect(world.simulator.calls).toStrictEqual([]);
});

test("a token is for China's STS where the role is there, and else for the one that all guides name", async () => {
  const audiences: Record<string, string | undefined> = {};
  for (const partition of ["aws", "aws-us-gov", "aws-eusc", "aws-cn"]) {
    const arn = `arn:${partition}:iam::123456789012:role/release`;
    world.simulator.iam.roles.set(arn, { trusts: "*", longestSession: HOUR });
    await new AssumedRole({ arn, session: "checkout", duration: HOUR }, around()).provide();
    const token = new URLSearchParams(lastRequest().body.toString()).get("WebIdentityToken") ?? "";
    audiences[partition] = world.simulator.identity.read(token)?.audience;
  }
  expect(audiences).toStrictEqual({
    aws: "sts.amazonaws.com",
    "aws-us-gov": "sts.amazonaws.com",
    "aws-eusc": "sts.amazonaws.com",
    "aws-cn": "sts.amazonaws.com.cn",
  });
});

const END = new Date(BEGINNING + HOUR);
const ENVIRONMENT = { $source: { CREDENTIALS_ENV_VARS: "g" } };
const FOUND: readonly (readonly [what: string, keys: object, expiry: Expiry])[] = [
  [
    "of a session in the environment end as it says",
    { ...ENVIRONMENT, sessionToken: "t", expiration: END },
    { kind: "at", at: END.getTime() },
  ],
  [
    "of a session in the environment that says no end may end at any time",
    { ...ENVIRONMENT, sessionToken: "t" },
    { kind: "unknown" },
  ],
  ["of a user have no end", ENVIRONMENT, { kind: "never" }],
  [
    "that the SDK itself fetches, as on an own runner in AWS, are fetched again before their end",
    { sessionToken: "t", expiration: END, $source: { CREDENTIALS_IMDS: "0" } },
    { kind: "never" },
  ],
];

test.each(FOUND)("found keys %s", async (_what, keys, expiry) => {
  expect(await new FoundCredentials(async () => keys, sts).expiry()).toStrictEqual(expiry);
});

test("where no keys are found, it says where they could come from", async () => {
  const found = new FoundCredentials(
    () => Promise.reject(new Error("Could not load credentials from any providers")),
    sts,
  );
  await expect(found.expiry()).rejects.toThrow(/no AWS credentials: set the input role-to-assume, .* \(Could not load/);
});
