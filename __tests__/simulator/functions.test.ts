import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListEventSourceMappingsCommand,
  type ListEventSourceMappingsCommandInput,
  ListFunctionUrlConfigsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  type PublishVersionCommandInput,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import type { LambdaFunction } from "../../simulator/lambda/function.ts";
import { SECOND } from "../../src/release/time.ts";
import { open, refusal, type World } from "./clients.ts";

const FunctionName = "checkout";
/** The first bytes of any zip file, and something to tell two apart. */
const zip = (content: string) => Buffer.from(`PK\u0003\u0004${content}`);

let world: World;
let checkout: LambdaFunction;

/** `checkout` has version 1 and newer code on $LATEST. */
beforeEach(async () => {
  world = await open();
  checkout = world.simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 0 } });
  checkout.release();
  checkout.stage();
});

afterEach(() => world.close());

function configuration(Qualifier?: string) {
  return world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
}

function upload(content: string, RevisionId?: string) {
  const input = { FunctionName, ZipFile: zip(content), ...(RevisionId && { RevisionId }) };
  return world.lambda.send(new UpdateFunctionCodeCommand(input));
}

function publish(input: Partial<PublishVersionCommandInput> = {}) {
  return world.lambda.send(new PublishVersionCommand({ FunctionName, ...input }));
}

test("publishing answers 201 always, and the last version with its old description when nothing changed", async () => {
  const first = await publish({ Description: "first" });
  const again = await publish({ Description: "again" });
  assert.deepEqual([first.Version, first.$metadata.httpStatusCode], ["2", 201]);
  assert.deepEqual([again.Version, again.$metadata.httpStatusCode], ["2", 201]);
  assert.equal(again.Description, "first");
});

test("a change of the configuration alone makes a new version", async () => {
  await publish();
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 10 }));
  await world.clock.advance(checkout.pace.update);
  assert.equal((await publish()).Version, "3");
  assert.equal((await configuration("2")).Timeout, 3);
  assert.equal((await configuration("3")).Timeout, 10);
});

test("on Managed Instances one version can be published again and again; only an alias without weights points to it", async () => {
  const toLatest = () => publish({ PublishTo: "LATEST_PUBLISHED" });
  assert.equal(await refusal(toLatest()), "400 InvalidParameterValueException");
  const CapacityProviderConfig = { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn: "arn" } };
  checkout.stage({}, { CapacityProviderConfig });
  assert.equal((await configuration()).State, "ActiveNonInvocable");
  for (const memory of [256, 512]) {
    checkout.stage({}, { MemorySize: memory });
    assert.equal((await toLatest()).Version, "$LATEST.PUBLISHED");
    assert.equal((await configuration("$LATEST.PUBLISHED")).MemorySize, memory);
  }
  await world.clock.advance(checkout.pace.activation);
  assert.equal((await configuration("$LATEST.PUBLISHED")).State, "Active");
  assert.equal((await publish()).Version, "2");
  const alias = { FunctionName, Name: "live", FunctionVersion: "$LATEST.PUBLISHED" };
  assert.equal(await refusal(world.lambda.send(new CreateAliasCommand(alias))), "");
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } };
  const weighted = world.lambda.send(new UpdateAliasCommand({ ...alias, RoutingConfig }));
  assert.equal(await refusal(weighted), "400 InvalidParameterValueException");
});

test("publishing with another CodeSha256 is 400, with another RevisionId 412", async () => {
  const wrong = publish({ CodeSha256: "4TcnN8rB2mDXgJO6AxYWTfgRgvBMBk1PH2KTjDNqHkE=" });
  assert.equal(await refusal(wrong), "400 InvalidParameterValueException");
  assert.equal(await refusal(publish({ RevisionId: "old" })), "412 PreconditionFailedException");
  const { CodeSha256 = "", RevisionId = "" } = await configuration();
  assert.equal((await publish({ CodeSha256, RevisionId })).Version, "2");
});

test("publishing on wrong conditions asks whether it is allowed, and publishes nothing", async () => {
  const questions = [
    [{ RevisionId: "wrong" }, "412 PreconditionFailedException"],
    [{ CodeSha256: "wrong" }, "400 InvalidParameterValueException"],
    [{ RevisionId: "wrong", CodeSha256: "wrong" }, "400 InvalidParameterValueException"],
  ] as const;
  for (const [demands, answer] of questions) {
    world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
    assert.equal(await refusal(publish(demands)), "403 AccessDeniedException");
    world.simulator.iam.policy = null;
    assert.equal(await refusal(publish(demands)), answer);
  }
  assert.equal((await publish()).Version, "2");
});

test("$LATEST's revision changes when an update finishes, and again on publish", async () => {
  const updated = await upload("new");
  await world.clock.advance(checkout.pace.update);
  const finished = await configuration();
  await publish();
  const published = await configuration();
  const revisions = [updated.RevisionId, finished.RevisionId, published.RevisionId];
  assert.equal(new Set(revisions).size, 3, String(revisions));
  assert.equal(await refusal(upload("newer", updated.RevisionId)), "412 PreconditionFailedException");
});

test("while an update is in progress, publishing and updating are 409", async () => {
  assert.equal((await upload("new")).LastUpdateStatus, "InProgress");
  assert.equal(await refusal(publish()), "409 ResourceConflictException");
  assert.equal(await refusal(upload("newer")), "409 ResourceConflictException");
  await world.clock.advance(checkout.pace.update);
  assert.equal((await configuration()).LastUpdateStatus, "Successful");
  assert.equal((await publish()).Version, "2");
});

test("a version is Pending before it is Active, and takes no calls until then", async () => {
  assert.equal((await publish()).State, "Pending");
  const invoke = () => world.lambda.send(new InvokeCommand({ FunctionName, Qualifier: "2" }));
  assert.equal(await refusal(invoke()), "409 ResourceConflictException");
  await world.clock.advance(checkout.pace.activation);
  assert.equal((await configuration("2")).State, "Active");
  assert.equal((await invoke()).ExecutedVersion, "2");
});

test("a version may fail to come up", async () => {
  checkout.versions.activationFailure = "the image can't be pulled";
  await publish();
  await world.clock.advance(checkout.pace.activation);
  const { State, StateReason } = await configuration("2");
  assert.deepEqual([State, StateReason], ["Failed", "the image can't be pulled"]);
});

test("a SnapStart version is optimized once it is Active", async () => {
  checkout.stage({}, { SnapStart: { ApplyOn: "PublishedVersions" } });
  assert.equal((await publish()).SnapStart?.OptimizationStatus, "Off");
  await world.clock.advance(checkout.pace.activation);
  assert.equal((await configuration("2")).SnapStart?.OptimizationStatus, "On");
});

test("new code comes in exactly one of three ways, and zipped", async () => {
  const update = (input: object) =>
    refusal(world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...input })));
  assert.equal(await update({}), "400 InvalidParameterValueException");
  assert.equal(await update({ ZipFile: zip("a"), ImageUri: "i" }), "400 InvalidParameterValueException");
  assert.equal(await update({ S3Bucket: "b" }), "400 InvalidParameterValueException");
  assert.equal(await update({ ZipFile: Buffer.from("no zip") }), "400 InvalidParameterValueException");
  assert.equal(await update({ S3Bucket: "b", S3Key: "k", S3ObjectVersion: "3" }), "");
});

test("an upload may publish by the same call; the version is Pending", async () => {
  const input = { FunctionName, ZipFile: zip("new"), Publish: true };
  const { Version, State } = await world.lambda.send(new UpdateFunctionCodeCommand(input));
  assert.deepEqual([Version, State], ["2", "Pending"]);
});

test("versions are listed 50 a page, without their state", async () => {
  for (let count = 0; count < 60; count++) checkout.release();
  const list = (Marker?: string) =>
    world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName, ...(Marker && { Marker }), MaxItems: 100 }));
  const first = await list();
  assert.equal(first.Versions?.length, 50);
  assert.equal(first.Versions?.[0]?.Version, "$LATEST");
  assert.equal(first.Versions?.[1]?.State, undefined);
  const second = await list(first.NextMarker);
  assert.equal(second.Versions?.at(-1)?.Version, "61");
  assert.equal(second.NextMarker, undefined);
});

test("a function is named by its name, a partial ARN or its ARN", async () => {
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:checkout";
  for (const name of ["checkout", "123456789012:function:checkout", arn]) {
    const found = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    assert.equal(found.FunctionArn, arn);
  }
  const qualified = await world.lambda.send(new GetFunctionCommand({ FunctionName: `${arn}:1` }));
  assert.equal(qualified.Configuration?.Version, "1");
  const get = (name: string, Qualifier?: string) =>
    refusal(world.lambda.send(new GetFunctionCommand({ FunctionName: name, ...(Qualifier && { Qualifier }) })));
  assert.equal(await get("check out"), "400 ValidationException");
  assert.equal(await get("checkout:1", "2"), "400 InvalidParameterValueException");
  assert.equal(await get("checkout:2"), "404 ResourceNotFoundException");
  assert.equal(await get(arn.replace("eu-central-1", "us-east-1")), "404 ResourceNotFoundException");
});

test("an alias leads to the configuration of its own version, under the alias's ARN", async () => {
  checkout.createAlias("live", { version: "1" });
  const { Version, FunctionArn } = await configuration("live");
  assert.deepEqual([Version, FunctionArn?.split(":").at(-1)], ["1", "live"]);
});

test("deleting a function without a qualifier deletes it whole", async () => {
  checkout.createAlias("live", { version: "1" });
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName }));
  assert.equal(await refusal(configuration("1")), "404 ResourceNotFoundException");
  const alias = world.lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
  assert.equal(await refusal(alias), "404 ResourceNotFoundException");
});

test("a new function is Pending before it is Active, and exists once", async () => {
  const Role = "arn:aws:iam::123456789012:role/other";
  const create = () =>
    world.lambda.send(
      new CreateFunctionCommand({ FunctionName: "other", Role, Code: { ZipFile: zip("a") }, Runtime: "nodejs24.x" }),
    );
  const made = await create();
  assert.deepEqual([made.State, made.$metadata.httpStatusCode], ["Pending", 201]);
  assert.equal(await refusal(create()), "409 ResourceConflictException");
  await world.clock.advance(5 * SECOND);
  const found = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "other" }));
  assert.deepEqual([found.State, found.LastUpdateStatus], ["Active", "Successful"]);
});

test("a call is answered with 200 even if the function failed, with its version and its log", async () => {
  checkout.createAlias("live", { version: "1" });
  const invoke = () =>
    world.lambda.send(new InvokeCommand({ FunctionName, Qualifier: "live", LogType: "Tail", Payload: "{}" }));
  const fine = await invoke();
  assert.deepEqual([fine.StatusCode, fine.FunctionError, fine.ExecutedVersion], [200, undefined, "1"]);
  assert.match(Buffer.from(fine.LogResult ?? "", "base64").toString(), /^START .*Version: 1\n.*\nREPORT/s);
  checkout.behave("1", { errorRate: 1 });
  const failed = await invoke();
  assert.deepEqual([failed.StatusCode, failed.FunctionError], [200, "Unhandled"]);
});

test("environment variables make a version worse, for people who play", async () => {
  const Environment = { Variables: { ERROR_RATE: "1" } };
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
  const { FunctionError } = await world.lambda.send(new InvokeCommand({ FunctionName }));
  assert.equal(FunctionError, "Unhandled");
});

test("uploaded code behaves as was said of it before", async () => {
  const { CodeSha256 = "" } = await upload("bad");
  await world.clock.advance(checkout.pace.update);
  checkout.knownCode.set(CodeSha256, { ...checkout.versions.latest.behaviour, errorRate: 1 });
  await upload("good");
  await world.clock.advance(checkout.pace.update);
  await upload("bad");
  await world.clock.advance(checkout.pace.update);
  const { Version = "" } = await publish();
  assert.equal(checkout.behaviour(Version).errorRate, 1);
});

test("Lambda tells by what traffic reaches an alias: function URL, policy, event sources", async () => {
  checkout.createAlias("live", { version: "1" });
  const url = (Qualifier?: string) =>
    world.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
  const urls = async () =>
    (await world.lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }))).FunctionUrlConfigs;
  const policy = (Qualifier?: string) =>
    world.lambda.send(new GetPolicyCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
  for (const nothing of [url("live"), url(), policy("live"), policy(), policy("none")]) {
    assert.equal(await refusal(nothing), "404 ResourceNotFoundException");
  }
  assert.deepEqual(await urls(), []);
  assert.equal(await refusal(url("1")), "400 ValidationException");

  checkout.addUrl("live");
  checkout.permit("events.amazonaws.com", "live");
  const { FunctionUrl, FunctionArn } = await url("live");
  assert.match(FunctionUrl ?? "", /^https:.*lambda-url/);
  assert.match(FunctionArn ?? "", /function:checkout:live$/);
  assert.equal(await refusal(url()), "404 ResourceNotFoundException");
  const [statement] = JSON.parse((await policy("live")).Policy ?? "").Statement;
  assert.deepEqual(statement.Principal, { Service: "events.amazonaws.com" });
  assert.match(statement.Resource, /function:checkout:live$/);
  assert.equal(await refusal(policy()), "404 ResourceNotFoundException");

  checkout.addUrl(null);
  assert.deepEqual(
    (await urls())?.map((each) => each.FunctionArn?.split(":").slice(6).join(":")),
    ["checkout:live", "checkout"],
  );
  const missing = new ListFunctionUrlConfigsCommand({ FunctionName: "none" });
  assert.equal(await refusal(world.lambda.send(missing)), "404 ResourceNotFoundException");
});

test("event sources are listed a hundred a page, those of a function apart from those of its aliases", async () => {
  checkout.createAlias("live", { version: "1" });
  const source = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`;
  for (let count = 0; count < 150; count++) {
    world.simulator.account.addEventSource({ source: source(`q${count}`), target: "checkout:live" });
  }
  world.simulator.account.addEventSource({ source: source("orders"), target: "checkout", state: "Disabled" });
  const list = (input: ListEventSourceMappingsCommandInput) =>
    world.lambda.send(new ListEventSourceMappingsCommand(input));
  const first = await list({ FunctionName: "checkout:live", MaxItems: 1_000 });
  const rest = await list({ FunctionName: "checkout:live", Marker: first.NextMarker });
  assert.deepEqual(
    [first.EventSourceMappings?.length, rest.EventSourceMappings?.length, rest.NextMarker],
    [100, 50, undefined],
  );
  assert.match(first.EventSourceMappings?.[0]?.FunctionArn ?? "", /function:checkout:live$/);
  const all = [...(first.EventSourceMappings ?? []), ...(rest.EventSourceMappings ?? [])];
  assert.equal(new Set(all.map(({ UUID }) => UUID)).size, 150);
  const [only, ...others] = (await list({ FunctionName })).EventSourceMappings ?? [];
  assert.deepEqual([only?.EventSourceArn, only?.State, others.length], [source("orders"), "Disabled", 0]);
  const bySource = await list({ EventSourceArn: source("q7") });
  assert.equal(bySource.EventSourceMappings?.length, 1);
});

test("aliases are listed by the version that they are on", async () => {
  checkout.createAlias("live", { version: "1" });
  const list = async (FunctionVersion: string) =>
    (await world.lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion }))).Aliases;
  assert.deepEqual(
    (await list("1"))?.map(({ Name }) => Name),
    ["live"],
  );
  assert.deepEqual(await list("2"), []);
});
