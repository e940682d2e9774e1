import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  PutProvisionedConcurrencyConfigCommand,
  ResourceNotFoundException,
  UpdateAliasCommand,
  type UpdateAliasCommandInput,
} from "@aws-sdk/client-lambda";
import type { Policy } from "../../simulator/iam.ts";
import type { LambdaFunction } from "../../simulator/lambda/function.ts";
import { MINUTE } from "../../src/release/time.ts";
import { open, refusal, type World } from "./clients.ts";

const live = { FunctionName: "checkout", Name: "live" };

let world: World;
let checkout: LambdaFunction;

/** `checkout` has versions 1, 2 and 3; `live` is on 1. */
beforeEach(async () => {
  world = await open();
  checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release() });
  checkout.release();
  checkout.release();
});

afterEach(() => world.close());

function get() {
  return world.lambda.send(new GetAliasCommand(live));
}

function update(change: Omit<UpdateAliasCommandInput, "FunctionName" | "Name">) {
  return world.lambda.send(new UpdateAliasCommand({ ...live, ...change }));
}

function weights(weights: Record<string, number>) {
  return { RoutingConfig: { AdditionalVersionWeights: weights } };
}

function allowing(...Action: string[]): Policy {
  const Resource = "arn:aws:lambda:eu-central-1:123456789012:function:checkout";
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] };
}

test("without weights, RoutingConfig is absent from the answer", async () => {
  assert.equal("RoutingConfig" in (await get()), false);
  await update(weights({ 2: 0.1 }));
  assert.deepEqual((await get()).RoutingConfig, { AdditionalVersionWeights: { 2: 0.1 } });
  assert.equal("RoutingConfig" in (await update(weights({}))), false);
});

test("leaving RoutingConfig out keeps the weights", async () => {
  await update(weights({ 2: 0.1 }));
  const { RoutingConfig } = await update({ FunctionVersion: "3" });
  assert.deepEqual(RoutingConfig, { AdditionalVersionWeights: { 2: 0.1 } });
});

test("a version that is still in the weights can't become the alias's own without clearing them", async () => {
  await update(weights({ 2: 0.1 }));
  assert.equal(await refusal(update({ FunctionVersion: "2" })), "400 InvalidParameterValueException");
  const promoted = await update({ FunctionVersion: "2", ...weights({}) });
  assert.equal(promoted.FunctionVersion, "2");
});

test("the alias's own version can't be in the weights", async () => {
  assert.equal(await refusal(update(weights({ 1: 0.1 }))), "400 InvalidParameterValueException");
});

test("there is at most one additional version", async () => {
  assert.equal(await refusal(update(weights({ 2: 0.1, 3: 0.1 }))), "400 InvalidParameterValueException");
});

test("a weight is a fraction from 0 up to less than 1", async () => {
  for (const wrong of [-0.1, 1, 5]) {
    assert.equal(await refusal(update(weights({ 2: wrong }))), "400 ValidationException", String(wrong));
  }
  await update(weights({ 2: 0 }));
  await update(weights({ 2: 0.99 }));
});

test("an additional version must be published, and exist", async () => {
  assert.equal(await refusal(update(weights({ $LATEST: 0.1 }))), "400 ValidationException");
  assert.equal(await refusal(update(weights({ 9: 0.1 }))), "404 ResourceNotFoundException");
});

test("an alias with weights can't be on $LATEST", async () => {
  const change = update({ FunctionVersion: "$LATEST", ...weights({ 2: 0.1 }) });
  assert.equal(await refusal(change), "400 InvalidParameterValueException");
});

test("both versions must have the same execution role", async () => {
  const other = checkout.release({}, { Role: "arn:aws:iam::123456789012:role/other" });
  assert.equal(await refusal(update(weights({ [other]: 0.1 }))), "400 InvalidParameterValueException");
  assert.equal(await refusal(update({ FunctionVersion: other })), "", "alone it may serve");
});

test("both versions must have the same dead-letter configuration", async () => {
  const other = checkout.release({}, { DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-central-1:123456789012:q" } });
  assert.equal(await refusal(update(weights({ [other]: 0.1 }))), "400 InvalidParameterValueException");
});

test("RevisionId is an optional precondition; a mismatch is 412", async () => {
  const { RevisionId } = await get();
  await update({ Description: "no precondition" });
  assert.equal(await refusal(update({ RevisionId, Description: "late" })), "412 PreconditionFailedException");
  assert.equal((await get()).Description, "no precondition");
});

test("a wrong RevisionId asks whether an update is allowed, and changes nothing", async () => {
  const before = await get();
  const question = () => refusal(update({ RevisionId: "wrong", FunctionVersion: "2", ...weights({ 3: 0.1 }) }));
  world.simulator.iam.policy = allowing("lambda:GetAlias");
  assert.equal(await question(), "403 AccessDeniedException");
  world.simulator.iam.policy = allowing("lambda:GetAlias", "lambda:UpdateAlias");
  assert.equal(await question(), "412 PreconditionFailedException");
  const { $metadata: _before, ...alias } = before;
  const { $metadata: _after, ...after } = await get();
  assert.deepEqual(after, alias);
});

test("a version that doesn't exist asks whether a new alias is allowed, and creates none", async () => {
  const create = { FunctionName: "checkout", Name: "new", FunctionVersion: "99" };
  const question = () => refusal(world.lambda.send(new CreateAliasCommand(create)));
  world.simulator.iam.policy = allowing("lambda:GetAlias");
  assert.equal(await question(), "403 AccessDeniedException");
  world.simulator.iam.policy = allowing("lambda:GetAlias", "lambda:CreateAlias");
  assert.equal(await question(), "404 ResourceNotFoundException");
  const alias = world.lambda.send(new GetAliasCommand({ ...live, Name: "new" }));
  assert.equal(await refusal(alias), "404 ResourceNotFoundException");
});

test("the revision changes on every update, even one that changes nothing", async () => {
  const revisions = [(await get()).RevisionId, (await update({})).RevisionId, (await update({})).RevisionId];
  assert.equal(new Set(revisions).size, 3);
  assert.equal((await get()).RevisionId, revisions[2]);
});

test("a description is kept when it is left out, and is at most 256 characters", async () => {
  await update({ Description: "mine" });
  assert.equal((await update({ FunctionVersion: "2" })).Description, "mine");
  assert.equal((await update({ Description: "" })).Description, "");
  await update({ Description: "x".repeat(256) });
  assert.equal(await refusal(update({ Description: "x".repeat(257) })), "400 ValidationException");
});

test("an alias's name is no number, has no odd characters, and exists once", async () => {
  const create = (Name: string) =>
    world.lambda.send(new CreateAliasCommand({ FunctionName: "checkout", Name, FunctionVersion: "1" }));
  assert.equal(await refusal(create("42")), "400 ValidationException");
  assert.equal(await refusal(create("a.b")), "400 ValidationException");
  assert.equal(await refusal(create("x".repeat(129))), "400 ValidationException");
  assert.equal(await refusal(create("live")), "409 ResourceConflictException");
  assert.equal((await create("beta-2")).$metadata.httpStatusCode, 201);
});

test("a missing alias and a missing function are both 404, with different texts", async () => {
  const texts = [];
  for (const input of [
    { ...live, Name: "none" },
    { ...live, FunctionName: "none" },
  ]) {
    const error = await world.lambda.send(new GetAliasCommand(input)).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof ResourceNotFoundException);
    texts.push(error.message.replace(/arn.*/, ""));
  }
  assert.notEqual(texts[0], texts[1]);
});

test("a version that an alias references, by a weight too, can't be deleted", async () => {
  await update(weights({ 2: 0.1 }));
  const remove = (Qualifier: string) =>
    refusal(world.lambda.send(new DeleteFunctionCommand({ FunctionName: "checkout", Qualifier })));
  assert.equal(await remove("1"), "409 ResourceConflictException");
  assert.equal(await remove("2"), "409 ResourceConflictException");
  assert.equal(await remove("3"), "");
  assert.equal(await remove("$LATEST"), "400 InvalidParameterValueException");
  assert.equal(await remove("live"), "400 InvalidParameterValueException");
});

test("calls are split by weight, and a change is seen a little later", async () => {
  const served = async () => {
    const { ExecutedVersion } = await world.lambda.send(
      new InvokeCommand({ FunctionName: "checkout", Qualifier: "live" }),
    );
    return ExecutedVersion;
  };
  await update(weights({ 2: 0.5 }));
  assert.equal(await served(), "1");
  await world.clock.advance(checkout.pace.propagation);
  const versions = await Promise.all(Array.from({ length: 40 }, served));
  const canary = versions.filter((version) => version === "2").length;
  assert.ok(canary > 8 && canary < 32, `${canary} of 40`);
});

test("provisioned concurrency can't be put on an alias with weights; weights can follow it", async () => {
  const provision = { FunctionName: "checkout", Qualifier: "live", ProvisionedConcurrentExecutions: 5 };
  const put = () => world.lambda.send(new PutProvisionedConcurrencyConfigCommand(provision));
  const status = async () => (await world.lambda.send(new GetProvisionedConcurrencyConfigCommand(provision))).Status;
  assert.equal(await refusal(status()), "404 ProvisionedConcurrencyConfigNotFoundException");
  await update(weights({ 2: 0.1 }));
  assert.equal(await refusal(put()), "400 InvalidParameterValueException");
  await update(weights({}));
  assert.equal((await put()).$metadata.httpStatusCode, 202);
  assert.equal(await status(), "IN_PROGRESS");
  await world.clock.advance(checkout.pace.provisioning);
  assert.equal(await status(), "READY");
  await update(weights({ 2: 0.1 }));
  await world.lambda.send(new DeleteProvisionedConcurrencyConfigCommand(provision));
  assert.equal(await refusal(status()), "404 ProvisionedConcurrencyConfigNotFoundException");
});

test("a qualifier without provisioned concurrency is told from one that isn't there", async () => {
  const config = (Qualifier: string) =>
    refusal(world.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: "checkout", Qualifier })));
  assert.equal(await config("live"), "404 ProvisionedConcurrencyConfigNotFoundException");
  assert.equal(await config("1"), "404 ProvisionedConcurrencyConfigNotFoundException");
  assert.equal(await config("none"), "404 ResourceNotFoundException");
  assert.equal(await config("99"), "404 ResourceNotFoundException");
  assert.equal(await config("$LATEST"), "400 InvalidParameterValueException");
});

test("moving an alias with provisioned concurrency leaves the old version a weight of 1 until the new is ready", async () => {
  checkout.provision("live", 5);
  const moved = await update({ FunctionVersion: "2" });
  assert.equal(moved.FunctionVersion, "2");
  assert.deepEqual(moved.RoutingConfig, { AdditionalVersionWeights: { 1: 1 } });
  await world.clock.advance(checkout.pace.provisioning - 1);
  assert.equal(checkout.route("live", world.clock.now(), 0)?.version, "1");
  await world.clock.advance(MINUTE);
  const after = await get();
  assert.equal("RoutingConfig" in after, false);
  assert.notEqual(after.RevisionId, moved.RevisionId);
  assert.equal(checkout.route("live", world.clock.now(), 0)?.version, "2");
});

test("an alias whose provisioned concurrency is stuck takes no write but one that clears the weights", async () => {
  await update(weights({ 2: 0.1 }));
  checkout.wedged.add("live");
  assert.equal(await refusal(update({ Description: "x" })), "400 InvalidParameterValueException");
  assert.equal(await refusal(update(weights({ 3: 0.1 }))), "400 InvalidParameterValueException");
  await update(weights({}));
  await update({ Description: "x" });
});
