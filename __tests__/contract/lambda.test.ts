import assert from "node:assert/strict";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { systemClock } from "../../src/action/clock.ts";
import { AwsClock } from "../../src/aws/clock.ts";
import { Lambda } from "../../src/aws/lambda.ts";
import { CLIENT_LIMITS } from "../../src/aws/limits.ts";
import type { Routing } from "../../src/domain/alias.ts";
import type { AliasRecord } from "../../src/domain/alias-record.ts";
import type { Configuration, Fault } from "../../src/domain/ports.ts";
import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { writeAlias } from "../../src/engine/write-alias.ts";
import type { Journal } from "../../src/release/events.ts";
import type { LambdaFunction } from "../../testing/simulator/lambda/function.ts";
import { inspectAll } from "../../testing/simulator/published/inspect.ts";
import { tooManyRequests } from "../../testing/simulator/quotas.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { open, type World } from "../testing/simulator/clients.ts";
import { failure } from "./failure.ts";

const target = { function: "checkout", alias: "live" };
const toTen: Routing = { primary: "1", additional: { version: "2", weight: 10 } };
const PATH = "/2015-03-31/functions/checkout";

let world: World;
let checkout: LambdaFunction;
let lambda: Lambda;

beforeEach(async () => {
  world = await open();
  world.simulator.inspect = inspectAll;
  checkout = world.simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 0, history: 0 } });
  checkout.createAlias("live", { version: checkout.release(), description: "Payments" });
  checkout.release();
  lambda = new Lambda(world.lambda);
});

afterEach(() => world.close());

/** A client that retries, like the action's. */
function persistent(requestHandler = CLIENT_LIMITS): LambdaClient {
  return new LambdaClient({
    endpoint: world.simulator.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "AKIASIMULATOR", secretAccessKey: "simulator" },
    maxAttempts: 4,
    requestHandler,
  });
}

async function held() {
  const alias = await lambda.read(target);
  assert(alias !== null);
  return alias;
}

/** Each call so far: `PUT /path?query`, and its body. */
function wire(): { readonly request: string; readonly body: unknown }[] {
  return world.simulator.calls.map(({ request: { method, path, query, body } }) => ({
    request: `${method} ${path}${query.size > 0 ? `?${query}` : ""}`,
    body: body.length > 0 ? JSON.parse(body.toString()) : null,
  }));
}

function countOf(operation: string, answer = ""): number {
  return world.simulator.calls.filter((call) => call.operation === operation && call.answer.startsWith(answer)).length;
}

/** Makes the next call of an operation get another answer than the simulator's. */
function answerWith(operation: string, body: object | string, status = 200): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  world.simulator.inject({ operation }, { kind: "answered", status, body: text });
}

// ---------------------------------------------------------------------------------------------------- What is sent

/** Makes the next answer tell a time. */
function tellTime(at: number, status = 200): void {
  const headers = { date: new Date(at).toUTCString() };
  const body = JSON.stringify(status === 200 ? { FunctionVersion: "1", RevisionId: "r" } : { Message: "no" });
  world.simulator.inject({ operation: "GetAlias" }, { kind: "answered", status, headers, body });
}

describe("AWS's time is told by Lambda's answers, refusals too", () => {
  const start = Date.UTC(2026, 10, 21, 14);
  let machine: number;
  let elapsed: number;
  let wrong: number[];
  let clock: AwsClock;
  let own: Lambda;

  beforeEach(() => {
    [machine, elapsed, wrong] = [start, 0, []];
    clock = new AwsClock(
      () => machine,
      () => elapsed,
    );
    clock.onWrong = (ahead) => wrong.push(ahead);
    own = new Lambda(world.lambda, clock);
  });

  test.each([-4 * MINUTE, -20 * SECOND, 20 * SECOND, 4 * MINUTE, HOUR])("off by %d ms", async (ahead) => {
    expect(own.clockAhead()).toBe(0);
    tellTime(start - ahead);
    await own.read(target);
    expect(Math.abs(own.clockAhead() - ahead)).toBeLessThanOrEqual(SECOND);
    expect(clock.now()).toBe(machine - own.clockAhead());
    expect(wrong).toStrictEqual([own.clockAhead()]);
  });

  test("by a refusal", async () => {
    tellTime(start - HOUR, 403);
    await own.read(target).catch(() => {});
    expect(Math.abs(own.clockAhead() - HOUR)).toBeLessThanOrEqual(SECOND);
  });

  test("a few seconds are nothing to correct", async () => {
    tellTime(start - 4 * SECOND);
    await own.read(target);
    expect([own.clockAhead(), clock.now(), wrong]).toStrictEqual([0, start, []]);
  });

  test("when the machine's clock is set later on, time goes on as it was", async () => {
    tellTime(start - HOUR);
    await own.read(target);
    const before = clock.now();
    elapsed += MINUTE;
    machine = start - HOUR + MINUTE;
    expect(clock.now()).toBe(before + MINUTE);
    expect(wrong).toHaveLength(1);
  });

  test("after a sleep of the machine, it is set again", async () => {
    tellTime(start - HOUR);
    await own.read(target);
    tellTime(start);
    await own.read(target);
    expect(Math.abs(clock.now() - start)).toBeLessThanOrEqual(SECOND);
    expect(wrong).toHaveLength(1);
  });
});

test("a shift is one PUT with version, weights, description and revision", async () => {
  const { revision } = await held();
  await lambda.write(target, toTen, "10 %", revision);
  expect(wire().at(-1)).toStrictEqual({
    request: `PUT ${PATH}/aliases/live`,
    body: {
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { 2: 0.1 } },
      Description: "10 %",
      RevisionId: revision,
    },
  });
});

test("a promotion sends the same fields, the weights as an empty map: left out, Lambda would keep them", async () => {
  const shifted = await lambda.write(target, toTen, "10 %", (await held()).revision);
  const promoted = await lambda.write(target, { primary: "2", additional: null }, "", shifted.revision);
  expect(wire().at(-1)?.body).toStrictEqual({
    FunctionVersion: "2",
    RoutingConfig: { AdditionalVersionWeights: {} },
    Description: "",
    RevisionId: shifted.revision,
  });
  expect(promoted.routing).toStrictEqual({ primary: "2", additional: null });
  expect(checkout.alias("live").intended).toStrictEqual({ version: "2", additional: null });
});

test("a creation sends name, version and description, and no weights", async () => {
  const created = await lambda.create({ function: "checkout", alias: "beta" }, "2", "new");
  const body = { Name: "beta", FunctionVersion: "2", Description: "new" };
  expect(wire()).toStrictEqual([{ request: `POST ${PATH}/aliases`, body }]);
  expect(created.routing).toStrictEqual({ primary: "2", additional: null });
  expect(created.description).toBe("new");
  expect(created.revision).toBe(checkout.alias("beta").revision(world.clock.now()));
});

test("the calls that read have no body, and name what they read in the path or as Qualifier", async () => {
  await lambda.read(target);
  await lambda.configuration("checkout", "$LATEST");
  await lambda.configuration("checkout", "2");
  await lambda.versions("checkout");
  expect(wire()).toStrictEqual([
    { request: `GET ${PATH}/aliases/live`, body: null },
    { request: `GET ${PATH}/configuration?Qualifier=%24LATEST`, body: null },
    { request: `GET ${PATH}/configuration?Qualifier=2`, body: null },
    { request: `GET ${PATH}/versions`, body: null },
  ]);
});

test("a publish names the code that was looked at, and its revision", async () => {
  checkout.stage();
  const CodeSha256 = (await lambda.configuration("checkout", "$LATEST"))?.codeSha256 ?? "";
  const RevisionId = (await lambda.configuration("checkout", "$LATEST"))?.revision ?? "";
  expect(await lambda.publish("checkout", CodeSha256, RevisionId)).toHaveProperty("version", "3");
  expect(wire().at(-1)).toStrictEqual({ request: `POST ${PATH}/versions`, body: { CodeSha256, RevisionId } });
  await lambda.publish("checkout", CodeSha256, null);
  expect(wire().at(-1)).toStrictEqual({ request: `POST ${PATH}/versions`, body: { CodeSha256 } });
});

// ------------------------------------------------------------------------------------------------------ The aliases

test("all weights from 1 to 99 % go out as a fraction of two decimals and come back as they were", async () => {
  let { revision } = await held();
  for (let weight = 1; weight <= 99; weight++) {
    // A new client for each, so that no rate limit applies.
    const fresh = new Lambda(world.lambda);
    const routing: Routing = { primary: "1", additional: { version: "2", weight } };
    const written = await fresh.write(target, routing, "", revision);
    const sent = world.simulator.calls.at(-1)?.request.body.toString() ?? "";
    expect(sent).toContain(`"AdditionalVersionWeights":{"2":${weight / 100}}`);
    expect(written.routing).toStrictEqual(routing);
    expect((await fresh.read(target))?.routing).toStrictEqual(routing);
    revision = written.revision;
  }
});

test("an alias is read with its routing, description and revision", async () => {
  const revision = () => checkout.alias("live").revision(world.clock.now());
  const movingFrom = null;
  const routing = { primary: "1", additional: null };
  expect(await lambda.read(target)).toStrictEqual({
    routing,
    description: "Payments",
    revision: revision(),
    movingFrom,
  });
  checkout.updateAlias("live", { additional: { version: "2", weight: 0.29 }, description: "" });
  const shared = { primary: "1", additional: { version: "2", weight: 29 } };
  expect(await lambda.read(target)).toStrictEqual({
    routing: shared,
    description: "",
    revision: revision(),
    movingFrom,
  });
});

test("Lambda's own weight of 1, while it moves provisioned concurrency, is no canary", async () => {
  checkout.provision("live", 5);
  const promoted = await lambda.write(target, { primary: "2", additional: null }, "", (await held()).revision);
  expect(promoted.routing).toStrictEqual({ primary: "2", additional: null });
  expect(promoted.movingFrom).toBe("1");
  expect((await held()).movingFrom).toStrictEqual("1");
  await world.clock.advance(checkout.pace.provisioning);
  expect((await held()).routing).toStrictEqual({ primary: "2", additional: null });
  expect((await held()).movingFrom).toBeNull();
});

test("an alias without RoutingConfig, or with an empty one, sends nothing to another version", async () => {
  const plain = { FunctionVersion: "1", RevisionId: "r" };
  for (const config of [
    {},
    { RoutingConfig: null },
    { RoutingConfig: {} },
    { RoutingConfig: { AdditionalVersionWeights: {} } },
  ]) {
    answerWith("GetAlias", { ...plain, ...config });
    const routing = (await lambda.read(target))?.routing;
    expect({ config, routing }).toStrictEqual({ config, routing: { primary: "1", additional: null } });
  }
});

test("a missing function, version or alias is null, and no error", async () => {
  expect(await lambda.read({ ...target, alias: "beta" })).toBeNull();
  expect(await lambda.read({ ...target, function: "basket" })).toBeNull();
  expect(await lambda.configuration("basket", "$LATEST")).toBeNull();
  expect(await lambda.configuration("checkout", "99")).toBeNull();
  expect(world.simulator.calls.filter(({ answer }) => answer.startsWith("404"))).toHaveLength(4);
});

// ---------------------------------------------------------------------------------------- Functions and their versions

test("the versions of all pages are found, lowest number first, without $LATEST", async () => {
  for (let version = 3; version <= 120; version++) checkout.release();
  const numbers = Array.from({ length: 120 }, (_, index) => String(index + 1));
  expect(await lambda.versions("checkout")).toStrictEqual(numbers);
  expect(countOf("ListVersionsByFunction")).toBe(3);
});

test("versions are sorted as numbers, in whatever order they come", async () => {
  const listed = ["10", "$LATEST", "9", "100", "1"];
  answerWith("ListVersionsByFunction", { Versions: listed.map((Version) => ({ Version })) });
  expect(await lambda.versions("checkout")).toStrictEqual(["1", "9", "10", "100"]);
});

test("publishing what has not changed since answers the last version again", async () => {
  const latest = await lambda.configuration("checkout", "$LATEST");
  expect(await lambda.publish("checkout", latest?.codeSha256 ?? "", null)).toHaveProperty("version", "2");
});

test("publishing code or a revision that is no longer there is a conflict, and publishes nothing", async () => {
  const latest = await lambda.configuration("checkout", "$LATEST");
  checkout.stage();
  const error = await failure(lambda.publish("checkout", latest?.codeSha256 ?? "", null));
  expect(error.fault).toBe("conflict");
  expect(error.message).toMatch(
    /^PublishVersion of checkout was refused: the function has other code by now \(CodeSHA256 .* is different/,
  );
  const { sha256 } = checkout.versions.latest.code;
  expect((await failure(lambda.publish("checkout", sha256, latest?.revision ?? ""))).fault).toBe("conflict");
  expect(await lambda.versions("checkout")).toStrictEqual(["1", "2"]);
});

/** What makes a function run on Managed Instances. */
const MANAGED = {
  CapacityProviderConfig: {
    LambdaManagedInstancesCapacityProviderConfig: {
      CapacityProviderArn: "arn:aws:lambda:eu-central-1:123456789012:capacity-provider:shop",
    },
  },
};

test("a configuration tells ARN, code, role, dead-letter target and time limit", async () => {
  const queue = "arn:aws:sqs:eu-central-1:123456789012:lost";
  const role = "arn:aws:iam::123456789012:role/other";
  const version = checkout.release({}, { Role: role, Timeout: 90, DeadLetterConfig: { TargetArn: queue } });
  expect(await lambda.configuration("checkout", version)).toStrictEqual({
    arn: "arn:aws:lambda:eu-central-1:123456789012:function:checkout",
    codeSha256: checkout.versions.get(version).code.sha256,
    role,
    deadLetter: queue,
    timeout: 90 * SECOND,
    readiness: { kind: "ready" },
    revision: checkout.versions.get(version).revisions.after,
    update: { kind: "done" },
    isDurable: false,
  });
});

test("a function is durable where Lambda says how long its executions may last", async () => {
  const version = checkout.release({}, { DurableConfig: { ExecutionTimeout: 86_400 } });
  expect((await lambda.configuration("checkout", version))?.isDurable).toBe(true);
  answerWith("GetFunctionConfiguration", { FunctionArn: `${checkout.arn}:1`, DurableConfig: null });
  expect((await lambda.configuration("checkout", "1"))?.isDurable).toBe(false);
});

test("of the versions those with numbers are told, and not the one that is published again and again", async () => {
  checkout.stage({}, MANAGED);
  const before = await lambda.versions("checkout");
  checkout.publish({ to: "LATEST_PUBLISHED" });
  checkout.stage();
  const { version } = checkout.publish({});
  expect(await lambda.versions("checkout")).toStrictEqual([...before, version]);
});

test("no dead-letter target is null, in whichever way Lambda says it", async () => {
  expect((await lambda.configuration("checkout", "1"))?.deadLetter).toBeNull();
  for (const DeadLetterConfig of [null, {}, { TargetArn: "" }]) {
    answerWith("GetFunctionConfiguration", { FunctionArn: `${checkout.arn}:1`, DeadLetterConfig });
    const deadLetter = (await lambda.configuration("checkout", "1"))?.deadLetter;
    expect({ DeadLetterConfig, deadLetter }).toStrictEqual({ DeadLetterConfig, deadLetter: null });
  }
});

test("a published version is pending until Lambda has it up, or has failed to", async () => {
  const readiness = async (version: string) => (await lambda.configuration("checkout", version))?.readiness;
  const latest = () => lambda.configuration("checkout", "$LATEST");
  checkout.stage();
  const good = await lambda.publish("checkout", (await latest())?.codeSha256 ?? "", null);
  expect(good).toStrictEqual({ version: "3", readiness: { kind: "pending" } });
  expect(await readiness(good.version)).toStrictEqual({ kind: "pending" });
  await world.clock.advance(checkout.pace.activation);
  expect(await readiness(good.version)).toStrictEqual({ kind: "ready" });
  const again = await lambda.publish("checkout", (await latest())?.codeSha256 ?? "", null);
  expect(again).toStrictEqual({ version: "3", readiness: { kind: "ready" } });

  checkout.versions.activationFailure = { reason: "The subnet is full.", code: "SubnetOutOfIPAddresses" };
  checkout.stage();
  const bad = await lambda.publish("checkout", (await latest())?.codeSha256 ?? "", null);
  await world.clock.advance(checkout.pace.activation);
  expect(await readiness(bad.version)).toStrictEqual({ kind: "failed", reason: "The subnet is full." });
});

const SNAPSHOT = { ApplyOn: "PublishedVersions", OptimizationStatus: "On" };
const READINESS: readonly {
  readonly what: string;
  readonly answer: object;
  readonly is: Configuration["readiness"];
}[] = [
  { what: "Active", answer: { State: "Active" }, is: { kind: "ready" } },
  { what: "Inactive, which the next call wakes up,", answer: { State: "Inactive" }, is: { kind: "ready" } },
  { what: "of no state, as in old accounts,", answer: {}, is: { kind: "ready" } },
  { what: "Pending", answer: { State: "Pending" }, is: { kind: "pending" } },
  {
    what: "Failed",
    answer: { State: "Failed", StateReasonCode: "EniLimitExceeded" },
    is: { kind: "failed", reason: "EniLimitExceeded" },
  },
  {
    what: "Deactivated",
    answer: { State: "Deactivated" },
    is: { kind: "failed", reason: "its state is Deactivated" },
  },
  {
    what: "ActiveNonInvocable",
    answer: { State: "ActiveNonInvocable" },
    is: { kind: "failed", reason: "its state is ActiveNonInvocable" },
  },
  { what: "Deleting", answer: { State: "Deleting" }, is: { kind: "failed", reason: "its state is Deleting" } },
  { what: "Active with its snapshot", answer: { State: "Active", SnapStart: SNAPSHOT }, is: { kind: "ready" } },
  {
    what: "Active without its snapshot yet",
    answer: { State: "Active", SnapStart: { ...SNAPSHOT, OptimizationStatus: "Off" } },
    is: { kind: "pending" },
  },
  {
    what: "Active and takes no snapshots",
    answer: { State: "Active", SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" } },
    is: { kind: "ready" },
  },
];
test.each(READINESS)("a version that is $what is $is.kind", async ({ answer, is }) => {
  answerWith("GetFunctionConfiguration", { FunctionArn: `${checkout.arn}:1`, ...answer });
  expect((await lambda.configuration("checkout", "1"))?.readiness).toStrictEqual(is);
});

test.each(READINESS)(
  "a publish tells the same of its version, if it is $what or tells nothing",
  async ({ answer, is }) => {
    answerWith("PublishVersion", { Version: "3", ...answer }, 201);
    const isTold = Object.keys(answer).length > 0;
    const { readiness } = await lambda.publish("checkout", "sha", null);
    expect(readiness).toStrictEqual(isTold ? is : { kind: "pending" });
  },
);

test("a function is being updated until Lambda is done with it; it is busy for a publish until then", async () => {
  const updated = checkout.updateCode({ sha256: "bmV3", size: 1 }, {});
  expect((await lambda.configuration("checkout", "$LATEST"))?.update.kind).toBe("in progress");
  const error = await failure(lambda.publish("checkout", updated.code.sha256, null));
  expect(error.fault).toBe("busy");
  expect(error.message).toMatch(/An update is in progress/);
  await world.clock.advance(checkout.pace.update);
  expect((await lambda.configuration("checkout", "$LATEST"))?.update.kind).toBe("done");
  expect(await lambda.publish("checkout", updated.code.sha256, null)).toHaveProperty("version", "3");
});

test("an update that failed is told with Lambda's own reason, as far as there is one", async () => {
  const failure = { reason: "The subnet is full.", code: "SubnetOutOfIPAddresses" };
  checkout.versions.updateFailure = { ...failure, leaves: "old code" };
  checkout.updateCode({ sha256: "bmV3", size: 1 }, {});
  await world.clock.advance(checkout.pace.update);
  const update = async () => (await lambda.configuration("checkout", "$LATEST"))?.update;
  expect(await update()).toStrictEqual({ kind: "failed", reason: "The subnet is full. (SubnetOutOfIPAddresses)" });
  answerWith("GetFunctionConfiguration", { FunctionArn: checkout.arn, LastUpdateStatus: "Failed" });
  expect(await update()).toStrictEqual({ kind: "failed", reason: "Lambda gives no reason" });
});

// ------------------------------------------------------------------------------------------------------ What goes wrong

interface Trouble {
  readonly what: string;
  readonly cause: () => unknown;
  readonly call?: () => Promise<unknown>;
  readonly fault: Fault;
  readonly says: RegExp;
}

function refused(status: number, type: string) {
  const fault = { kind: "refused", refusal: new Refusal(status, type, "because") } as const;
  return () => world.simulator.inject({ service: "lambda" }, fault);
}

/** An error that AWS's model of Lambda doesn't have. */
function unheardOf(status: number, type: string) {
  const body = JSON.stringify({ message: "because" });
  return () =>
    world.simulator.inject(
      { service: "lambda" },
      { kind: "answered", status, headers: { "x-amzn-errortype": type }, body },
    );
}

/** Something between the caller and Lambda answers. */
function intercepted(status: number, headers: Readonly<Record<string, string>>, body: string) {
  return () => world.simulator.inject({ service: "lambda" }, { kind: "intercepted", status, headers, body });
}

const TROUBLES: readonly Trouble[] = [
  {
    what: "a write that names an old revision",
    cause: () => checkout.updateAlias("live", { description: "by hand" }),
    call: async () => lambda.write(target, toTen, "", "an old one"),
    fault: "conflict",
    says: /^UpdateAlias of checkout:live was refused: someone else changed it in the meantime$/,
  },
  {
    what: "a write to an alias that is gone",
    cause: () => checkout.deleteAlias("live"),
    call: async () => lambda.write(target, toTen, "", "r"),
    fault: "missing",
    says: /^UpdateAlias of checkout:live found nothing \(Cannot find alias arn/,
  },
  {
    what: "a list of the versions of no function",
    cause: () => world.simulator.account.functions.delete("checkout"),
    call: () => lambda.versions("checkout"),
    fault: "missing",
    says: /^ListVersionsByFunction of checkout found nothing \(Function not found/,
  },
  {
    what: "a creation of what is there already",
    cause: () => {},
    call: () => lambda.create(target, "1", ""),
    fault: "busy",
    says: /^CreateAlias of checkout:live has to wait for another operation \(Alias already exists/,
  },
  {
    what: "a write that Lambda takes for wrong",
    cause: () => {},
    call: async () => lambda.write(target, { ...toTen, primary: "2" }, "", (await held()).revision),
    fault: "invalid",
    says: /^UpdateAlias of checkout:live was refused \(Invalid function version 2/,
  },
  {
    what: "a call without the right",
    cause: () => {
      world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
    },
    fault: "denied",
    says: /^GetAlias of checkout:live is not allowed: grant lambda:GetAlias to the role that the workflow assumes \(User: arn/,
  },
  {
    what: "credentials that have ended",
    cause: () => {
      world.simulator.iam.credentials = "expired";
    },
    fault: "expired",
    says: /^GetAlias of checkout:live was refused: there are no valid AWS credentials \(The security token .* expired\)$/,
  },
  {
    what: "credentials of nobody",
    cause: refused(403, "UnrecognizedClientException"),
    fault: "expired",
    says: /no valid AWS credentials/,
  },
  {
    what: "calling too often",
    cause: refused(429, "TooManyRequestsException"),
    fault: "throttled",
    says: /^GetAlias of checkout:live was throttled by AWS, and so were the retries$/,
  },
  {
    what: "any other 429",
    cause: unheardOf(429, "SlowDown"),
    fault: "throttled",
    says: /throttled/,
  },
  {
    what: "any other 403",
    cause: unheardOf(403, "NotAuthorizedException"),
    fault: "denied",
    says: /grant lambda:GetAlias to the role that the workflow assumes \(because\)$/,
  },
  {
    what: "throttling by the front door, which says 400",
    cause: refused(400, "ThrottlingException"),
    fault: "throttled",
    says: /throttled/,
  },
  {
    what: "an error of the service",
    cause: refused(500, "ServiceException"),
    fault: "unclear",
    says: /^GetAlias of checkout:live got no clear answer \(because\)$/,
  },
  {
    what: "a service that is not there for now",
    cause: refused(503, "ServiceUnavailable"),
    fault: "unclear",
    says: /no clear answer/,
  },
  {
    what: "a connection that breaks",
    cause: () => world.simulator.inject({ service: "lambda" }, { kind: "reset" }),
    fault: "unclear",
    says: /^GetAlias of checkout:live got no clear answer \(.+\)$/,
  },
  {
    what: "an answer of which half is missing",
    cause: () => world.simulator.inject({ service: "lambda" }, { kind: "garbled" }),
    fault: "unclear",
    says: /^GetAlias of checkout:live got no clear answer \(.+\)$/,
  },
  {
    what: "a refusal of which half is missing",
    cause: () =>
      world.simulator.inject({ service: "lambda" }, { kind: "answered", status: 400, body: '{"message":"beca' }),
    fault: "unclear",
    says: /no clear answer/,
  },
  {
    what: "an answer that leads elsewhere",
    cause: () => world.simulator.inject({ service: "lambda" }, { kind: "answered", status: 302, body: "{}" }),
    fault: "unclear",
    says: /no clear answer/,
  },
  {
    what: "an alias without a revision",
    cause: () => answerWith("GetAlias", { FunctionVersion: "1" }),
    fault: "unclear",
    says: /^GetAlias of checkout:live got an answer that can't be read$/,
  },
  {
    what: "an alias without a version",
    cause: () => answerWith("GetAlias", { RevisionId: "r" }),
    fault: "unclear",
    says: /an answer that can't be read/,
  },
  {
    what: "a write that tells no revision",
    cause: () => answerWith("UpdateAlias", { FunctionVersion: "1" }),
    call: () => lambda.write(target, toTen, "", "r"),
    fault: "unclear",
    says: /^UpdateAlias of checkout:live got an answer that can't be read$/,
  },
  {
    what: "a new alias that tells no revision",
    cause: () => answerWith("CreateAlias", { FunctionVersion: "1" }, 201),
    call: () => lambda.create(target, "1", ""),
    fault: "unclear",
    says: /^CreateAlias of checkout:live got an answer that can't be read$/,
  },
  {
    what: "a publish that tells no version",
    cause: () => answerWith("PublishVersion", {}, 201),
    call: () => lambda.publish("checkout", checkout.versions.latest.code.sha256, null),
    fault: "unclear",
    says: /^PublishVersion of checkout got an answer that can't be read$/,
  },
  {
    what: "a proxy's page",
    cause: intercepted(
      403,
      { "content-type": "text/html", server: "squid/5.7", via: "1.1 gate" },
      "<html>Blocked</html>",
    ),
    fault: "unclear",
    says: /^GetAlias of checkout:live got no clear answer \(not one of AWS's own: HTTP 403, a page of HTML, from squid\/5\.7, via 1\.1 gate\. Look at the proxy or endpoint between this runner and AWS\)$/,
  },
  {
    what: "a proxy's page that says that all is well",
    cause: intercepted(200, { "content-type": "text/html" }, "<html>Sign in</html>"),
    fault: "unclear",
    says: /\(not one of AWS's own: HTTP 200, a page of HTML\. Look/,
  },
  {
    what: "a refusal of something in between, which is no lack of rights,",
    cause: intercepted(403, { "content-type": "application/json" }, '{"error":"blocked"}'),
    fault: "unclear",
    says: /\(not one of AWS's own: HTTP 403, application\/json\. Look/,
  },
  {
    what: "something in between that finds nothing, which doesn't mean that there is no alias,",
    cause: intercepted(404, {}, ""),
    fault: "unclear",
    says: /\(not one of AWS's own: HTTP 404\. Look/,
  },
  {
    what: "something in between that leads elsewhere",
    cause: intercepted(302, { location: "https://login.invalid/?token=secret" }, "Found"),
    fault: "unclear",
    says: /\(not one of AWS's own: HTTP 302, leading to login\.invalid\. Look/,
  },
  {
    what: "something in between that answers with nothing",
    cause: intercepted(200, {}, ""),
    fault: "unclear",
    says: /^GetAlias of checkout:live got no clear answer \(not one of AWS's own: HTTP 200\. Look/,
  },
  {
    what: "something in between that has a long name",
    cause: intercepted(502, { server: "x".repeat(1_000) }, "Bad gateway"),
    fault: "unclear",
    says: /HTTP 502, from x{75}\. Look/,
  },
];
test.each(TROUBLES)("$what is told as $fault", async ({ cause, call = () => lambda.read(target), fault, says }) => {
  cause();
  expect(await failure(call())).toMatchObject({ fault, message: expect.stringMatching(says) });
});

test("each call that is not allowed names its own IAM action", async () => {
  world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
  const calls = {
    GetAlias: () => lambda.read(target),
    UpdateAlias: () => lambda.write(target, toTen, "", "r"),
    CreateAlias: () => lambda.create(target, "1", ""),
    GetFunctionConfiguration: () => lambda.configuration("checkout", "1"),
    ListVersionsByFunction: () => lambda.versions("checkout"),
    PublishVersion: () => lambda.publish("checkout", "sha", null),
  };
  for (const [operation, call] of Object.entries(calls)) {
    expect(await failure(call())).toMatchObject({
      fault: "denied",
      message: expect.stringContaining(`grant lambda:${operation} to the role`),
    });
  }
});

// ------------------------------------------------------------------------------------------- Retries, rates and aborts

test("throttling that passes is no fault: the SDK tries again", async () => {
  world.simulator.inject({ service: "lambda" }, { kind: "refused", refusal: tooManyRequests(0) });
  const client = persistent();
  expect((await new Lambda(client).read(target))?.routing.primary).toBe("1");
  expect(countOf("GetAlias", "429")).toBe(1);
  client.destroy();
});

test("an answer that takes too long is lost, and asked for again", async () => {
  world.simulator.inject({ service: "lambda" }, { kind: "hang", carriedOut: true });
  const client = persistent();
  expect((await new Lambda(client, new AwsClock(), 100).read(target))?.routing.primary).toBe("1");
  expect(countOf("GetAlias")).toBe(2);
  client.destroy();
});

test("an answer that stops half-way is lost, and asked for again", async () => {
  world.simulator.inject({ service: "lambda" }, { kind: "stalled" });
  const requestHandler = { ...CLIENT_LIMITS, socketTimeout: Math.min(100, CLIENT_LIMITS.socketTimeout) };
  const client = persistent(requestHandler);
  expect((await new Lambda(client).read(target))?.routing.primary).toBe("1");
  expect(countOf("GetAlias")).toBe(2);
  client.destroy();
});

const run = { id: "4711", attempt: 1 };
const journal: Journal = { write: () => {} };
function toFive(at: number): AliasRecord {
  const place = { baseline: "1", canary: "2", weight: 5, step: 1, steps: 1 };
  return { state: "canary", ...place, until: at + MINUTE, at, run };
}

test("a lost answer and the SDK's own retry give a 412 that is no conflict: one write, and it is done", async () => {
  const client = persistent();
  const traffic = new Lambda(client);
  const before = await held();
  world.simulator.inject({ operation: "UpdateAlias" }, { kind: "lost" });
  const at = world.clock.now();
  const result = await writeAlias({ traffic, clock: systemClock, run, journal }, target, before, toFive(at));
  expect(
    world.simulator.calls.map(({ operation, answer }) => `${operation} ${answer.replace(/ rev \w+/, "")}`),
  ).toStrictEqual([
    "GetAlias 200 1",
    "UpdateAlias 200 1 + 2@5%, lost on its way",
    "UpdateAlias 412 PreconditionFailedException",
    "GetAlias 200 1 + 2@5%",
  ]);
  expect(result).toMatchObject({ kind: "done", alias: { revision: checkout.alias("live").revision(at) } });
  client.destroy();
});

test("a 412 for somebody else's change is a conflict: theirs stays", async () => {
  const before = await held();
  checkout.updateAlias("live", { version: "2" });
  const at = world.clock.now();
  const result = await writeAlias({ traffic: lambda, clock: systemClock, run, journal }, target, before, toFive(at));
  expect(result.kind).toBe("superseded");
  expect(checkout.alias("live").intended).toStrictEqual({ version: "2", additional: null });
  expect(countOf("UpdateAlias", "200")).toBe(0);
});

test("writes, and the reads that they wait for, go out at once, however many looks wait for their turn", async () => {
  const { revision } = await held();
  const paced = new Lambda(world.lambda);
  const { signal } = new AbortController();
  const looks = Array.from({ length: 14 }, () => paced.read(target, signal));
  const before = performance.now();
  await paced.write(target, toTen, "", revision);
  await paced.read(target);
  expect(performance.now() - before).toBeLessThan(SECOND / 2);
  // Some looks are still waiting.
  expect(countOf("GetAlias") - 2).toBeLessThan(looks.length);
  await Promise.all(looks);
  expect(countOf("GetAlias") - 2).toBe(looks.length);
});

test("looks that are given up while they wait never reach Lambda, and hold nothing up", async () => {
  const paced = new Lambda(world.lambda);
  const stop = new AbortController();
  const looks = Array.from({ length: 40 }, () => failure(paced.read(target, stop.signal)));
  const before = performance.now();
  stop.abort("cancelled");
  await Promise.all(looks);
  expect(performance.now() - before).toBeLessThan(SECOND / 2);
  expect(countOf("GetAlias")).toBeLessThanOrEqual(8);
});

/** The shortest time in which so many consecutive calls arrived. */
function shortestRun(arrivals: readonly number[], length = 15): number {
  return Math.min(...arrivals.map((at, index) => (arrivals[index + length - 1] ?? Number.POSITIVE_INFINITY) - at));
}

test("what prepares a release takes as many turns as there are, but fewer once Lambda has refused one as too many", async () => {
  const paced = new Lambda(persistent());
  const arrivals: number[] = [];
  world.simulator.onCall = () => arrivals.push(performance.now());
  const prepare = (count: number) =>
    Promise.all(Array.from({ length: count }, () => paced.configuration("checkout", "1")));
  await prepare(14);
  expect((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)).toBeLessThan(SECOND / 2);

  const refusal = tooManyRequests(0);
  world.simulator.inject({ operation: "GetFunctionConfiguration" }, { kind: "refused", refusal });
  arrivals.length = 0;
  await prepare(30);
  expect(arrivals).toHaveLength(31);
  expect(shortestRun(arrivals.slice(14), 12)).toBeGreaterThan(SECOND / 2);
});

test("the SDK's own retries wait for their turn too, so that throttling doesn't feed itself", async () => {
  world.simulator.inject({ operation: "UpdateAlias", times: 28 }, { kind: "refused", refusal: tooManyRequests(0) });
  const client = persistent();
  const traffic = new Lambda(client);
  const { revision } = await held();
  const arrivals: number[] = [];
  world.simulator.onCall = () => arrivals.push(performance.now());
  const writes = Array.from({ length: 14 }, () => traffic.write(target, toTen, "", revision));
  await Promise.allSettled(writes);
  expect(arrivals.length).toBeGreaterThan(28);
  expect(shortestRun(arrivals)).toBeGreaterThan(SECOND / 2);
  client.destroy();
});

test("reads and writes together keep below 15 calls in any second, after a pause too", async () => {
  const { revision } = await held();
  await new Promise((resolve) => setTimeout(resolve, 0.8 * SECOND));
  const arrivals: number[] = [];
  world.simulator.onCall = () => arrivals.push(performance.now());
  const calls = Array.from({ length: 12 }, () => [lambda.read(target), lambda.write(target, toTen, "", revision)]);
  await Promise.allSettled(calls.flat());
  expect(arrivals).toHaveLength(24);
  // The other half of the second allows for delays between a call's turn and its arrival.
  expect(shortestRun(arrivals)).toBeGreaterThan(SECOND / 2);
});

test("a call that fails holds up none of those behind it", async () => {
  world.simulator.inject({ operation: "GetAlias", times: 5 }, { kind: "reset" });
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => lambda.read(target)));
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
});

test("the signal gives a write up at once; whether it took effect isn't known", async () => {
  const { revision } = await held();
  for (const carriedOut of [false, true]) {
    const stop = new AbortController();
    world.simulator.inject({ operation: "UpdateAlias" }, { kind: "hang", carriedOut });
    world.simulator.onCall = () => stop.abort("cancelled");
    const error = await failure(lambda.write(target, toTen, "", revision, stop.signal));
    expect(error.fault).toBe("unclear");
    const shifted = checkout.alias("live").intended.additional !== null;
    expect({ carriedOut, shifted }).toStrictEqual({ carriedOut, shifted: carriedOut });
  }
});

test("a write whose signal is aborted already never reaches Lambda", async () => {
  const error = await failure(lambda.write(target, toTen, "", (await held()).revision, AbortSignal.abort()));
  expect(error.fault).toBe("unclear");
  expect(countOf("UpdateAlias")).toBe(0);
});
