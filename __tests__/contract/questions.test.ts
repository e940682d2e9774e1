import assert from "node:assert/strict";
import { CloudWatch } from "../../src/aws/cloudwatch.ts";
import { Lambda } from "../../src/aws/lambda.ts";
import type { Alias } from "../../src/domain/alias.ts";
import type { LambdaSeries, OwnSeries } from "../../src/domain/ports.ts";
import { DAY, HOUR, MINUTE } from "../../src/domain/time.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { inspectAll } from "../../testing/simulator/published/inspect.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { open, type World } from "../testing/simulator/clients.ts";
import { failure } from "./failure.ts";

const target = { function: "checkout", alias: "live" };

let world: World;
let checkout: LambdaFunction;
let lambda: Lambda;

beforeEach(async () => {
  world = await open();
  world.simulator.inspect = inspectAll;
  checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release(), description: "Payments" });
  lambda = new Lambda(world.lambda);
});

afterEach(() => world.close());

/** Takes one right away from the caller. */
function without(action: string): void {
  world.simulator.iam.policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["*"], Resource: "*" },
      { Effect: "Deny", Action: [action], Resource: "*" },
    ],
  };
}

async function read(): Promise<Alias> {
  const alias = await lambda.read(target);
  assert(alias !== null);
  return alias;
}

test("whether a version may be published is asked without publishing one", async () => {
  const before = checkout.versions.all().length;
  await lambda.mayPublish("checkout");
  expect(checkout.versions.all()).toHaveLength(before);
  without("lambda:PublishVersion");
  expect(await failure(lambda.mayPublish("checkout"))).toMatchObject({ fault: "denied" });
});

test("whether an alias may be written is asked without writing it", async () => {
  const alias = await read();
  await lambda.mayWrite(target, alias);
  expect(await lambda.read(target)).toStrictEqual(alias);
  without("lambda:UpdateAlias");
  expect(await failure(lambda.mayWrite(target, alias))).toMatchObject({ fault: "denied" });
});

test("whether an alias may be created is asked without creating one", async () => {
  const beta = { function: "checkout", alias: "beta" };
  await lambda.mayCreate(beta);
  expect(await lambda.read(beta)).toBeNull();
  without("lambda:CreateAlias");
  expect(await failure(lambda.mayCreate(beta))).toMatchObject({ fault: "denied" });
});

describe("a question that had to be refused, and was carried out, is told with what it did", () => {
  test("a version that was published", async () => {
    world.simulator.account.isLax = true;
    const { fault, message } = await failure(lambda.mayPublish("checkout"));
    expect(fault).toBe("accepted");
    expect(message).toMatch(
      /^PublishVersion of checkout went through, .*: the answer is version 1\. If that is new, delete/,
    );
  });

  test("an alias that was written", async () => {
    world.simulator.account.isLax = true;
    const alias = await read();
    const { fault, message } = await failure(lambda.mayWrite(target, alias));
    expect(fault).toBe("accepted");
    expect(message).toMatch(/^UpdateAlias of checkout:live went through, .* a moment before \(1\)\. Check/);
    const after = await read();
    expect(after).toStrictEqual({ ...alias, revision: after.revision });
    expect(after.revision).not.toBe(alias.revision);
  });

  test("an alias that was created", async () => {
    const shape = { AliasArn: `${checkout.arn}:beta`, Name: "beta", FunctionVersion: "999999999", RevisionId: "r" };
    world.simulator.inject(
      { operation: "CreateAlias" },
      { kind: "answered", status: 201, headers: { "content-type": "application/json" }, body: JSON.stringify(shape) },
    );
    const { fault, message } = await failure(lambda.mayCreate({ function: "checkout", alias: "beta" }));
    expect(fault).toBe("accepted");
    expect(message).toMatch(/^CreateAlias of checkout:beta went through, .*: the alias is there now\. Delete it/);
  });

  test.each([
    { operation: "PublishVersion", status: 201, ask: () => lambda.mayPublish("checkout") },
    { operation: "UpdateAlias", status: 200, ask: async () => lambda.mayWrite(target, await read()) },
    { operation: "CreateAlias", status: 201, ask: () => lambda.mayCreate({ function: "checkout", alias: "beta" }) },
  ])("an answer that says nothing doesn't show that: $operation", async ({ operation, status, ask }) => {
    world.simulator.inject({ operation }, { kind: "answered", status, body: "{}" });
    expect(await failure(ask())).toMatchObject({ fault: "unclear" });
  });
});

test("a question that gets no answer says nothing of the rights", async () => {
  world.simulator.inject(
    { operation: "PublishVersion" },
    { kind: "refused", refusal: new Refusal(503, "ServiceUnavailable", "not now") },
  );
  expect(await failure(lambda.mayPublish("checkout"))).toMatchObject({ fault: "unclear" });
});

test("callers are told by what they call: event sources, URLs and policies, of the alias and past it", async () => {
  const { account } = world.simulator;
  account.addEventSource({ source: `arn:aws:sqs:${account.region}:${account.id}:orders`, target: "checkout" });
  account.addEventSource({ source: `arn:aws:sqs:${account.region}:${account.id}:refunds`, target: "checkout:live" });
  checkout.addUrl("live");
  checkout.permit("apigateway.amazonaws.com", "live");
  checkout.permit("s3.amazonaws.com", null);
  const callers = await lambda.callers(target);
  expect(
    callers.map(({ kind, name, qualifier }) => `${kind} ${name.replace(/^.*:\/\/.*$/, "URL")} ${qualifier}`).sort(),
  ).toStrictEqual([
    "event-source arn:aws:sqs:eu-central-1:123456789012:orders null",
    "event-source arn:aws:sqs:eu-central-1:123456789012:refunds live",
    "policy apigateway.amazonaws.com live",
    "policy s3.amazonaws.com null",
    "url URL live",
  ]);
});

test("the callers of the alias itself are told, without those past it", async () => {
  const { account } = world.simulator;
  const queue = (name: string) => `arn:aws:sqs:${account.region}:${account.id}:${name}`;
  account.addEventSource({ source: queue("orders"), target: "checkout" });
  account.addEventSource({ source: queue("refunds"), target: "checkout:live", reportsItems: true });
  checkout.addUrl(null);
  checkout.addUrl("live");
  checkout.permit("apigateway.amazonaws.com", "live");
  checkout.permit("s3.amazonaws.com", null);
  const { callers, problems } = await lambda.callersThrough(target);
  expect(callers.map(({ kind, qualifier, reportsItems }) => [kind, qualifier, reportsItems])).toStrictEqual([
    ["event-source", "live", true],
    ["url", "live", false],
    ["policy", "live", false],
  ]);
  expect(problems).toStrictEqual([]);
});

test("callers that may not be asked for are told as a problem, beside those that may", async () => {
  checkout.addUrl("live");
  const denied = new Refusal(403, "AccessDeniedException", "no");
  world.simulator.inject({ operation: "GetPolicy" }, { kind: "refused", refusal: denied });
  const { callers, problems } = await lambda.callersThrough(target);
  expect(callers.map(({ kind }) => kind)).toStrictEqual(["url"]);
  expect(problems).toStrictEqual([expect.stringContaining("grant lambda:GetPolicy to the role")]);
});

test("provisioned concurrency is told as a number, and the lack of it as none", async () => {
  expect(await lambda.provisionedConcurrency(target)).toBeNull();
  checkout.provision("live", 4);
  expect(await lambda.provisionedConcurrency(target)).toBe(4);
});

test("a week is read by hours, in calls that CloudWatch takes, however many functions there are", async () => {
  const cloudwatch = new CloudWatch(world.cloudwatch);
  const now = Math.floor(world.clock.now() / HOUR) * HOUR;
  const series: LambdaSeries = { kind: "lambda", target, metric: "Invocations", statistic: "sum", of: "alias" };
  const [reading] = await cloudwatch.read([series], now - 7 * DAY, now, HOUR);
  assert(reading?.kind === "points");
  expect(reading.points.size).toBe(7 * 24);
  expect([...reading.points.keys()].filter((at) => at % HOUR !== 0)).toStrictEqual([]);
  const many = await cloudwatch.read(Array<LambdaSeries>(700).fill(series), now - 7 * DAY, now, HOUR);
  expect(many.filter(({ kind }) => kind === "points")).toHaveLength(700);
  const calls = world.simulator.calls.filter(({ operation }) => operation === "GetMetricData");
  expect(calls.map(({ answer }) => answer).filter((answer) => !answer.startsWith("200"))).toStrictEqual([]);
});

test("a metric of the user's own is read by its namespace, name and dimensions", async () => {
  const cloudwatch = new CloudWatch(world.cloudwatch);
  const at = Math.floor(world.clock.now() / MINUTE) * MINUTE - 5 * MINUTE;
  const named = { namespace: "Shop", name: "Refused", dimensions: { Service: "checkout" } };
  world.simulator.cloudwatch.metrics.put({ ...named, at, value: 3 }, { ...named, at, value: 4 });
  const own = (dimensions: Record<string, string>): OwnSeries => ({
    kind: "own",
    ...named,
    dimensions,
    statistic: "Sum",
  });
  const readings = await cloudwatch.read([own({ Service: "checkout" }), own({})], at, at + MINUTE);
  expect(
    readings.map((reading) => (reading.kind === "points" ? [...reading.points.values()] : reading.reason)),
  ).toStrictEqual([[7], []]);
});
