import { isDeepStrictEqual } from "node:util";
import {
  CreateAliasCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
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
  ListFunctionsCommand,
  type ListFunctionsCommandInput,
  ListFunctionUrlConfigsCommand,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  type PublishVersionCommandInput,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { strToU8, zipSync } from "fflate";
import { MINUTE, SECOND } from "../../../src/domain/time.ts";
import type { LambdaFunction } from "../../../testing/simulator/lambda/function.ts";
import { open, refusal, type World } from "./clients.ts";

const FunctionName = "checkout";
const zip = (content: string) => zipSync({ "index.mjs": strToU8(content) });

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
  expect([first.Version, first.$metadata.httpStatusCode]).toStrictEqual(["2", 201]);
  expect([again.Version, again.$metadata.httpStatusCode]).toStrictEqual(["2", 201]);
  expect(again.Description).toBe("first");
});

test("a change of the configuration alone makes a new version", async () => {
  await publish();
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: 10 }));
  await world.clock.advance(checkout.pace.update);
  expect((await publish()).Version).toBe("3");
  expect((await configuration("2")).Timeout).toBe(3);
  expect((await configuration("3")).Timeout).toBe(10);
});

test("on Managed Instances one version can be published again and again; only an alias without weights points to it", async () => {
  const toLatest = () => publish({ PublishTo: "LATEST_PUBLISHED" });
  expect(await refusal(toLatest())).toBe("400 InvalidParameterValueException");
  const CapacityProviderArn = "arn:aws:lambda:eu-central-1:123456789012:capacity-provider:shop";
  const CapacityProviderConfig = { LambdaManagedInstancesCapacityProviderConfig: { CapacityProviderArn } };
  checkout.stage({}, { CapacityProviderConfig });
  expect((await configuration()).State).toBe("ActiveNonInvocable");
  for (const memory of [256, 512]) {
    checkout.stage({}, { MemorySize: memory });
    expect((await toLatest()).Version).toBe("$LATEST.PUBLISHED");
    expect((await configuration("$LATEST.PUBLISHED")).MemorySize).toBe(memory);
  }
  await world.clock.advance(checkout.pace.activation);
  expect((await configuration("$LATEST.PUBLISHED")).State).toBe("Active");
  expect((await publish()).Version).toBe("2");
  const alias = { FunctionName, Name: "live", FunctionVersion: "$LATEST.PUBLISHED" };
  expect(await refusal(world.lambda.send(new CreateAliasCommand(alias)))).toBe("");
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } };
  const weighted = world.lambda.send(new UpdateAliasCommand({ ...alias, RoutingConfig }));
  expect(await refusal(weighted)).toBe("400 InvalidParameterValueException");
});

test("publishing with another CodeSha256 is 400, with another RevisionId 412", async () => {
  const wrong = publish({ CodeSha256: "4TcnN8rB2mDXgJO6AxYWTfgRgvBMBk1PH2KTjDNqHkE=" });
  expect(await refusal(wrong)).toBe("400 InvalidParameterValueException");
  expect(await refusal(publish({ RevisionId: "old" }))).toBe("412 PreconditionFailedException");
  const { CodeSha256 = "", RevisionId = "" } = await configuration();
  expect((await publish({ CodeSha256, RevisionId })).Version).toBe("2");
});

test("publishing on wrong conditions asks whether it is allowed, and publishes nothing", async () => {
  const questions = [
    [{ RevisionId: "wrong" }, "412 PreconditionFailedException"],
    [{ CodeSha256: "wrong" }, "400 InvalidParameterValueException"],
    [{ RevisionId: "wrong", CodeSha256: "wrong" }, "400 InvalidParameterValueException"],
  ] as const;
  for (const [demands, answer] of questions) {
    world.simulator.iam.policy = { Version: "2012-10-17", Statement: [] };
    const denied = await refusal(publish(demands));
    world.simulator.iam.policy = null;
    const allowed = await refusal(publish(demands));
    expect({ demands, denied, allowed }).toStrictEqual({
      demands,
      denied: "403 AccessDeniedException",
      allowed: answer,
    });
  }
  expect((await publish()).Version).toBe("2");
});

test("$LATEST's revision changes when an update finishes, and again on publish", async () => {
  const updated = await upload("new");
  await world.clock.advance(checkout.pace.update);
  const finished = await configuration();
  await publish();
  const published = await configuration();
  const revisions = [updated.RevisionId, finished.RevisionId, published.RevisionId];
  expect([...new Set(revisions)]).toStrictEqual(revisions);
  expect(await refusal(upload("newer", updated.RevisionId))).toBe("412 PreconditionFailedException");
});

test("while an update is in progress, publishing and updating are 409", async () => {
  expect((await upload("new")).LastUpdateStatus).toBe("InProgress");
  expect(await refusal(publish())).toBe("409 ResourceConflictException");
  expect(await refusal(upload("newer"))).toBe("409 ResourceConflictException");
  await world.clock.advance(checkout.pace.update);
  expect((await configuration()).LastUpdateStatus).toBe("Successful");
  expect((await publish()).Version).toBe("2");
});

test("a version is Pending before it is Active, and takes no calls until then", async () => {
  expect((await publish()).State).toBe("Pending");
  const invoke = () => world.lambda.send(new InvokeCommand({ FunctionName, Qualifier: "2" }));
  expect(await refusal(invoke())).toBe("409 ResourceConflictException");
  await world.clock.advance(checkout.pace.activation);
  expect((await configuration("2")).State).toBe("Active");
  expect((await invoke()).ExecutedVersion).toBe("2");
});

test("a version may fail to come up", async () => {
  checkout.versions.activationFailure = { reason: "the image can't be pulled", code: "ImageAccessDenied" };
  await publish();
  await world.clock.advance(checkout.pace.activation);
  const { State, StateReason } = await configuration("2");
  expect([State, StateReason]).toStrictEqual(["Failed", "the image can't be pulled"]);
});

test.each(["old code", "new code"] as const)("an update may fail, and leave the %s", async (leaves) => {
  const before = await configuration();
  const failure = { reason: "the image can't be pulled", code: "ImageAccessDenied" };
  checkout.versions.updateFailure = { ...failure, leaves };
  const told = await upload("new");
  expect(told.LastUpdateStatus).toBe("InProgress");
  expect(told.CodeSha256).not.toBe(before.CodeSha256);
  await world.clock.advance(checkout.pace.update);
  const after = await configuration();
  expect(after).toMatchObject({
    ...{ State: "Active", LastUpdateStatus: "Failed" },
    ...{ LastUpdateStatusReason: failure.reason, LastUpdateStatusReasonCode: failure.code },
    CodeSha256: leaves === "old code" ? before.CodeSha256 : told.CodeSha256,
  });
  expect(after.RevisionId).not.toBe(before.RevisionId);
  checkout.versions.updateFailure = null;
  await upload("newer");
  await world.clock.advance(checkout.pace.update);
  expect((await configuration()).LastUpdateStatus).toBe("Successful");
});

/** Half of the reads are stale, for up to five seconds. */
function goStale() {
  world.simulator.account.staleness = { upTo: 5 * SECOND, share: 0.5 };
}

async function share(read: () => Promise<boolean>): Promise<number> {
  const seen = await Promise.all(Array.from({ length: 40 }, read));
  return seen.filter(Boolean).length / seen.length;
}

test("reads of configuration and versions may be stale for five seconds after a write; publishing never is", async () => {
  await world.clock.advance(MINUTE);
  goStale();
  const before = await configuration();
  const { CodeSha256 = "" } = await upload("new");
  const isUploaded = async () => (await configuration()).CodeSha256 === CodeSha256;
  const isOld = async () => isDeepStrictEqual(bare(await configuration()), bare(before));
  const [uploaded, old] = [await share(isUploaded), await share(isOld)];
  expect([uploaded, old].every((part) => part > 0.2 && part < 0.8)).toBe(true);
  await world.clock.advance(checkout.pace.update);
  expect(await share(isUploaded)).toBeGreaterThan(uploaded);
  const { Version } = await publish({ CodeSha256 });
  const isThere = async () => (await refusal(configuration(Version))) === "";
  const isListed = async () => {
    const { Versions = [] } = await world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
    return Versions.some((each) => each.Version === Version);
  };
  for (const read of [isThere, isListed]) {
    expect(await share(read)).toBeGreaterThan(0.2);
    expect(await share(read)).toBeLessThan(0.8);
  }
  await world.clock.advance(5 * SECOND);
  expect([await share(isUploaded), await share(isThere), await share(isListed)]).toStrictEqual([1, 1, 1]);
});

test("a stale read of an alias shows it whole as it was, also before it was created", async () => {
  await world.clock.advance(MINUTE);
  goStale();
  const live = { FunctionName, Name: "live" };
  checkout.release();
  const created = await world.lambda.send(new CreateAliasCommand({ ...live, FunctionVersion: "1" }));
  const isMissing = async () =>
    (await refusal(world.lambda.send(new GetAliasCommand(live)))) === "404 ResourceNotFoundException";
  expect(await share(isMissing)).toBeGreaterThan(0.2);
  await world.clock.advance(5 * SECOND);
  expect(await share(isMissing)).toBe(0);
  const RoutingConfig = { AdditionalVersionWeights: { 2: 0.1 } };
  const written = await world.lambda.send(new UpdateAliasCommand({ ...live, Description: "new", RoutingConfig }));
  const seen = await Promise.all(Array.from({ length: 40 }, () => world.lambda.send(new GetAliasCommand(live))));
  const kinds = new Set(seen.map((each) => JSON.stringify(bare(each))));
  expect(kinds).toStrictEqual(new Set([created, written].map((each) => JSON.stringify(bare(each)))));
  // What a write demands is held against the alias as it is.
  const stale = world.lambda.send(new UpdateAliasCommand({ ...live, RevisionId: created.RevisionId }));
  expect(await refusal(stale)).toBe("412 PreconditionFailedException");
});

function bare<T extends object>({ $metadata: _, ...answer }: T & { $metadata?: unknown }): object {
  return answer;
}

test("a SnapStart version is optimized once it is Active", async () => {
  checkout.stage({}, { SnapStart: { ApplyOn: "PublishedVersions" } });
  expect((await publish()).SnapStart?.OptimizationStatus).toBe("Off");
  await world.clock.advance(checkout.pace.activation);
  expect((await configuration("2")).SnapStart?.OptimizationStatus).toBe("On");
});

test("new code comes in exactly one of three ways, and zipped", async () => {
  const update = (input: object) =>
    refusal(world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ...input })));
  expect(await update({})).toBe("400 InvalidParameterValueException");
  expect(await update({ ZipFile: zip("a"), ImageUri: "i" })).toBe("400 InvalidParameterValueException");
  expect(await update({ S3Bucket: "uploads" })).toBe("400 InvalidParameterValueException");
  expect(await update({ ZipFile: Buffer.from("no zip") })).toBe("400 InvalidParameterValueException");
  expect(await update({ S3Bucket: "uploads", S3Key: "k", S3ObjectVersion: "3" })).toBe("");
});

test("an upload may publish by the same call; the version is Pending", async () => {
  const input = { FunctionName, ZipFile: zip("new"), Publish: true };
  const { Version, State } = await world.lambda.send(new UpdateFunctionCodeCommand(input));
  expect([Version, State]).toStrictEqual(["2", "Pending"]);
});

test("versions are listed 50 a page, without their state", async () => {
  for (let count = 0; count < 60; count++) checkout.release();
  const list = (Marker?: string) =>
    world.lambda.send(new ListVersionsByFunctionCommand({ FunctionName, ...(Marker && { Marker }), MaxItems: 100 }));
  const first = await list();
  expect(first.Versions).toHaveLength(50);
  expect(first.Versions?.[0]?.Version).toBe("$LATEST");
  expect(first.Versions?.[1]?.State).toBeUndefined();
  const second = await list(first.NextMarker);
  expect(second.Versions?.at(-1)?.Version).toBe("61");
  expect(second.NextMarker).toBeUndefined();
});

test("a function is named by its name, a partial ARN or its ARN", async () => {
  const arn = "arn:aws:lambda:eu-central-1:123456789012:function:checkout";
  for (const name of ["checkout", "123456789012:function:checkout", arn]) {
    const { FunctionArn } = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name }));
    expect({ name, FunctionArn }).toStrictEqual({ name, FunctionArn: arn });
  }
  const qualified = await world.lambda.send(new GetFunctionCommand({ FunctionName: `${arn}:1` }));
  expect(qualified.Configuration?.Version).toBe("1");
  const get = (name: string, Qualifier?: string) =>
    refusal(world.lambda.send(new GetFunctionCommand({ FunctionName: name, ...(Qualifier && { Qualifier }) })));
  expect(await get("check out")).toBe("400 ValidationException");
  expect(await get("checkout:1", "2")).toBe("400 InvalidParameterValueException");
  expect(await get("checkout:2")).toBe("404 ResourceNotFoundException");
  expect(await get(arn.replace("eu-central-1", "us-east-1"))).toBe("404 ResourceNotFoundException");
});

test("an alias leads to the configuration of its own version, under the alias's ARN", async () => {
  checkout.createAlias("live", { version: "1" });
  const { Version, FunctionArn } = await configuration("live");
  expect([Version, FunctionArn?.split(":").at(-1)]).toStrictEqual(["1", "live"]);
});

test("deleting a function without a qualifier deletes it whole", async () => {
  checkout.createAlias("live", { version: "1" });
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName }));
  expect(await refusal(configuration("1"))).toBe("404 ResourceNotFoundException");
  const alias = world.lambda.send(new GetAliasCommand({ FunctionName, Name: "live" }));
  expect(await refusal(alias)).toBe("404 ResourceNotFoundException");
});

const ROLE = "arn:aws:iam::123456789012:role/other";

function create(more: Partial<CreateFunctionCommandInput> = {}) {
  const input = { FunctionName: "other", Role: ROLE, Code: { ZipFile: zip("a") } };
  const runtime = { Runtime: "nodejs24.x", Handler: "index.handler" } as const;
  return world.lambda.send(new CreateFunctionCommand({ ...input, ...runtime, ...more }));
}

test("a new function is Pending before it is Active, and exists once", async () => {
  const made = await create();
  expect([made.State, made.$metadata.httpStatusCode]).toStrictEqual(["Pending", 201]);
  expect(await refusal(create())).toBe("409 ResourceConflictException");
  await world.clock.advance(5 * SECOND);
  const found = await world.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "other" }));
  expect([found.State, found.LastUpdateStatus]).toStrictEqual(["Active", "Successful"]);
});

test("a new function needs a role, a runtime, a handler and a whole zip file", async () => {
  const whole = zip("a");
  expect(await refusal(create({ Role: "other" }))).toBe("400 ValidationException");
  expect(await refusal(create({ Handler: undefined }))).toBe("400 InvalidParameterValueException");
  for (const ZipFile of [whole.subarray(0, whole.length - 8), Buffer.from("text"), zipSync({})]) {
    expect(await refusal(create({ Code: { ZipFile } }))).toBe("400 InvalidParameterValueException");
  }
  expect(world.simulator.account.functions.has("other")).toBe(false);
});

test("a function has the tags that it was made with, and those that were added and not taken away", async () => {
  const { FunctionArn: Resource = "" } = await create({ Tags: { team: "shop", stage: "test" } });
  await world.lambda.send(new TagResourceCommand({ Resource, Tags: { stage: "live" } }));
  await world.lambda.send(new UntagResourceCommand({ Resource, TagKeys: ["team"] }));
  const listed = await world.lambda.send(new ListTagsCommand({ Resource }));
  expect(listed.Tags).toStrictEqual({ stage: "live" });
  const found = await world.lambda.send(new GetFunctionCommand({ FunctionName: "other" }));
  expect(found.Tags).toStrictEqual({ stage: "live" });
});

test("only whole functions have tags, at most 50, none of AWS's own", async () => {
  const { FunctionArn: Resource = "" } = await create();
  const tag = (Resource: string, Tags: Record<string, string>) =>
    refusal(world.lambda.send(new TagResourceCommand({ Resource, Tags })));
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`tag${index}`, ""]));
  expect(await tag(Resource, many)).toBe("400 InvalidParameterValueException");
  expect(await tag(Resource, { "aws:own": "" })).toBe("400 InvalidParameterValueException");
  expect(await tag(`${Resource}:1`, { team: "shop" })).toBe("400 InvalidParameterValueException");
  expect(await tag("other", { team: "shop" })).toBe("400 ValidationException");
  expect(await tag(`${Resource}-none`, { team: "shop" })).toBe("404 ResourceNotFoundException");
  expect(await refusal(create({ FunctionName: "more", Tags: many }))).toBe("400 InvalidParameterValueException");
  expect(world.simulator.account.functions.has("more")).toBe(false);
});

test("a call is answered with 200 even if the function failed, with its version and its log", async () => {
  checkout.createAlias("live", { version: "1" });
  const invoke = () =>
    world.lambda.send(new InvokeCommand({ FunctionName, Qualifier: "live", LogType: "Tail", Payload: "{}" }));
  const fine = await invoke();
  expect([fine.StatusCode, fine.FunctionError, fine.ExecutedVersion]).toStrictEqual([200, undefined, "1"]);
  expect(Buffer.from(fine.LogResult ?? "", "base64").toString()).toMatch(/^START .*Version: 1\n.*\nREPORT/s);
  checkout.behave("1", { errorRate: 1 });
  const failed = await invoke();
  expect([failed.StatusCode, failed.FunctionError]).toStrictEqual([200, "Unhandled"]);
});

test("environment variables make a version worse, for people who play", async () => {
  const Environment = { Variables: { ERROR_RATE: "1" } };
  await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment }));
  const { FunctionError } = await world.lambda.send(new InvokeCommand({ FunctionName }));
  expect(FunctionError).toBe("Unhandled");
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
  expect(checkout.behaviour(Version).errorRate).toBe(1);
});

test("Lambda tells by what traffic reaches an alias: function URL, policy, event sources", async () => {
  checkout.createAlias("live", { version: "1" });
  const url = (Qualifier?: string) =>
    world.lambda.send(new GetFunctionUrlConfigCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
  const urls = async () =>
    (await world.lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName }))).FunctionUrlConfigs;
  const policy = (Qualifier?: string) =>
    world.lambda.send(new GetPolicyCommand({ FunctionName, ...(Qualifier && { Qualifier }) }));
  const nothing = await Promise.all([url("live"), url(), policy("live"), policy(), policy("none")].map(refusal));
  expect(nothing).toStrictEqual(Array(5).fill("404 ResourceNotFoundException"));
  expect(await urls()).toStrictEqual([]);
  expect(await refusal(url("1"))).toBe("400 ValidationException");

  checkout.addUrl("live");
  checkout.permit("events.amazonaws.com", "live");
  const { FunctionUrl, FunctionArn } = await url("live");
  expect(FunctionUrl).toMatch(/^https:.*lambda-url/);
  expect(FunctionArn).toMatch(/function:checkout:live$/);
  expect(await refusal(url())).toBe("404 ResourceNotFoundException");
  const [statement] = JSON.parse((await policy("live")).Policy ?? "").Statement;
  expect(statement.Principal).toStrictEqual({ Service: "events.amazonaws.com" });
  expect(statement.Resource).toMatch(/function:checkout:live$/);
  expect(await refusal(policy())).toBe("404 ResourceNotFoundException");

  checkout.addUrl(null);
  expect((await urls())?.map((each) => each.FunctionArn?.split(":").slice(6).join(":"))).toStrictEqual([
    "checkout:live",
    "checkout",
  ]);
  const missing = new ListFunctionUrlConfigsCommand({ FunctionName: "none" });
  expect(await refusal(world.lambda.send(missing))).toBe("404 ResourceNotFoundException");
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
  expect([first.EventSourceMappings?.length, rest.EventSourceMappings?.length, rest.NextMarker]).toStrictEqual([
    100,
    50,
    undefined,
  ]);
  expect(first.EventSourceMappings?.[0]?.FunctionArn).toMatch(/function:checkout:live$/);
  const all = [...(first.EventSourceMappings ?? []), ...(rest.EventSourceMappings ?? [])];
  expect(new Set(all.map(({ UUID }) => UUID)).size).toBe(150);
  const [only, ...others] = (await list({ FunctionName })).EventSourceMappings ?? [];
  expect([only?.EventSourceArn, only?.State, others.length]).toStrictEqual([source("orders"), "Disabled", 0]);
  const bySource = await list({ EventSourceArn: source("q7") });
  expect(bySource.EventSourceMappings).toHaveLength(1);
});

test("aliases are listed by the version that they are on", async () => {
  checkout.createAlias("live", { version: "1" });
  const list = async (FunctionVersion: string) =>
    (await world.lambda.send(new ListAliasesCommand({ FunctionName, FunctionVersion }))).Aliases;
  expect((await list("1"))?.map(({ Name }) => Name)).toStrictEqual(["live"]);
  expect(await list("2")).toStrictEqual([]);
});

describe("ListFunctions", () => {
  function list(input: ListFunctionsCommandInput = {}) {
    return world.lambda.send(new ListFunctionsCommand(input));
  }

  test("has each function as it stands on $LATEST, without its state", async () => {
    world.simulator.account.addFunction({ name: "invoice" });
    const { Functions = [] } = await list();
    expect(Functions.map(({ FunctionArn }) => FunctionArn?.split(":").slice(6).join(":"))).toStrictEqual([
      "checkout",
      "invoice",
    ]);
    expect(Functions.map(({ Version, State }) => [Version, State])).toStrictEqual([
      ["$LATEST", undefined],
      ["$LATEST", undefined],
    ]);
  });

  test("has all versions if asked for", async () => {
    const { Functions = [] } = await list({ FunctionVersion: "ALL" });
    expect(Functions.map(({ FunctionArn }) => FunctionArn?.split(":").at(-1))).toStrictEqual(["$LATEST", "1"]);
    expect((await list({ FunctionVersion: "ALL", MasterRegion: "us-east-1" })).Functions).toStrictEqual([]);
  });

  test("has 50 functions on a page, or fewer", async () => {
    for (let n = 0; n < 51; n++) world.simulator.account.addFunction({ name: `f${n}`, traffic: { callsPerMinute: 0 } });
    const first = await list({ MaxItems: 10_000 });
    expect(first.Functions).toHaveLength(50);
    const rest = await list({ Marker: first.NextMarker ?? "" });
    expect([rest.Functions?.length, rest.NextMarker]).toStrictEqual([2, undefined]);
    expect((await list({ MaxItems: 7 })).Functions).toHaveLength(7);
  });

  test.each<[ListFunctionsCommandInput, string]>([
    [{ FunctionVersion: "1" as "ALL" }, "ValidationException"],
    [{ MasterRegion: "us-east-1" }, "InvalidParameterValueException"],
    [{ MaxItems: 0 }, "ValidationException"],
  ])("refuses %j", async (input, error) => {
    expect(await refusal(list(input))).toBe(`400 ${error}`);
  });
});
