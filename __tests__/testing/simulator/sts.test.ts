import { GetAliasCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleWithWebIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { HOUR, MINUTE } from "../../../src/domain/time.ts";
import { open, refusal, type World } from "./clients.ts";

let world: World;
let client: STSClient;

beforeEach(async () => {
  world = await open();
  const checkout = world.simulator.account.addFunction({
    name: "checkout",
    traffic: { callsPerMinute: 0, history: 0 },
  });
  checkout.createAlias("live", { version: checkout.release() });
  client = new STSClient({ endpoint: world.simulator.url, region: "eu-central-1", maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await world.close();
});

async function token(audience = "sts.amazonaws.com", request = world.simulator.identity.requestToken): Promise<string> {
  const url = `${world.simulator.identity.address(world.simulator.url)}&audience=${audience}`;
  const answer = await fetch(url, { headers: { authorization: `Bearer ${request}` } });
  return answer.ok ? ((await answer.json()) as { value: string }).value : String(answer.status);
}

async function assume(given: Partial<AssumeRoleWithWebIdentityCommand["input"]> = {}) {
  const input = { RoleArn: world.simulator.iam.role, RoleSessionName: "release", ...given };
  const WebIdentityToken = given.WebIdentityToken ?? (await token());
  return client.send(new AssumeRoleWithWebIdentityCommand({ ...input, WebIdentityToken }));
}

/** The result of a call to Lambda with the given keys. */
async function calling(keys: { accessKeyId: string; secretAccessKey: string; sessionToken: string }): Promise<string> {
  const lambda = new LambdaClient({
    endpoint: world.simulator.url,
    region: "eu-central-1",
    credentials: keys,
    maxAttempts: 1,
  });
  const answer = await refusal(lambda.send(new GetAliasCommand({ FunctionName: "checkout", Name: "live" })));
  lambda.destroy();
  return answer;
}

test("keys of STS are taken until they end, by simulated time, and by nobody without their session token", async () => {
  const { Credentials: given, AssumedRoleUser: user } = await assume({ DurationSeconds: 900 });
  expect(given?.Expiration?.getTime()).toBe(world.clock.now() + 15 * MINUTE);
  expect(user?.Arn).toBe("arn:aws:sts::123456789012:assumed-role/release/release");
  const keys = {
    accessKeyId: given?.AccessKeyId ?? "",
    secretAccessKey: given?.SecretAccessKey ?? "",
    sessionToken: given?.SessionToken ?? "",
  };
  expect(await calling(keys)).toBe("");
  expect(await calling({ ...keys, sessionToken: "other" })).toBe("403 UnrecognizedClientException");
  await world.clock.advance(15 * MINUTE - 1);
  expect(await calling(keys)).toBe("");
  await world.clock.advance(1);
  expect(await calling(keys)).toBe("403 ExpiredTokenException");
});

test("a session that STS doesn't give is refused in its words", async () => {
  const cases = [
    [{ RoleArn: "arn:aws:iam::123456789012:role/other" }, "403 AccessDenied"],
    [{ RoleArn: "release" }, "400 ValidationError"],
    [{ RoleSessionName: "a b" }, "400 ValidationError"],
    [{ DurationSeconds: 899 }, "400 ValidationError"],
    [{ DurationSeconds: 3601 }, "400 ValidationError"],
    [{ WebIdentityToken: "self-made" }, "400 InvalidIdentityTokenException"],
    [{ WebIdentityToken: await token("other") }, "400 InvalidIdentityTokenException"],
  ] as const;
  for (const [given, expected] of cases) {
    expect({ given, found: await refusal(assume(given)) }).toStrictEqual({ given, found: expected });
  }
  world.simulator.iam.roles.set(world.simulator.iam.role, { trusts: "repo:octo-org/other:*", longestSession: HOUR });
  expect(await refusal(assume())).toBe("403 AccessDenied");
});

test("a token of GitHub's lives for five minutes, and is given to those who show the job's request token", async () => {
  const WebIdentityToken = await token();
  expect(await refusal(assume({ WebIdentityToken }))).toBe("");
  await world.clock.advance(5 * MINUTE);
  expect(await refusal(assume({ WebIdentityToken }))).toBe("400 ExpiredTokenException");
  expect(await token("sts.amazonaws.com", "other")).toBe("401");
});
