import assert from "node:assert/strict";
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
import { MINUTE } from "../../../src/domain/time.ts";
import type { Policy } from "../../../testing/simulator/iam.ts";
import type { LambdaFunction } from "../../../testing/simulator/lambda/function.ts";
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
  expect(await get()).not.toHaveProperty("RoutingConfig");
  await update(weights({ 2: 0.1 }));
  expect((await get()).RoutingConfig).toStrictEqual({ AdditionalVersionWeights: { 2: 0.1 } });
  expect(await update(weights({}))).not.toHaveProperty("RoutingConfig");
});

test("leaving RoutingConfig out keeps the weights", async () => {
  await update(weights({ 2: 0.1 }));
  const { RoutingConfig } = await update({ FunctionVersion: "3" });
  expect(RoutingConfig).toStrictEqual({ AdditionalVersionWeights: { 2: 0.1 } });
});

test("a version that is still in the weights can't become the alias's own without clearing them", async () => {
  await update(weights({ 2: 0.1 }));
  expect(await refusal(update({ FunctionVersion: "2" }))).toBe("400 InvalidParameterValueException");
  const promoted = await update({ FunctionVersion: "2", ...weights({}) });
  expect(promoted.FunctionVersion).toBe("2");
});

test("the alias's own version can't be in the weights", async () => {
  expect(await refusal(update(weights({ 1: 0.1 })))).toBe("400 InvalidParameterValueException");
});

test("there is at most one additional version", async () => {
  expect(await refusal(update(weights({ 2: 0.1, 3: 0.1 })))).toBe("400 InvalidParameterValueException");
});

test("a weight is a fraction from 0 up to less than 1", async () => {
  for (const wrong of [-0.1, 1, 5]) {
    const found = await refusal(update(weights({ 2: wrong })));
    expect({ wrong, found }).toStrictEqual({ wrong, found: "400 ValidationException" });
  }
  await update(weights({ 2: 0 }));
  await update(weights({ 2: 0.99 }));
});

test("an additional version must be published, and exist", async () => {
  expect(await refusal(update(weights({ $LATEST: 0.1 })))).toBe("400 ValidationException");
  expect(await refusal(update(weights({ 9: 0.1 })))).toBe("404 ResourceNotFoundException");
});

test("an alias with weights can't be on $LATEST", async () => {
  const change = update({ FunctionVersion: "$LATEST", ...weights({ 2: 0.1 }) });
  expect(await refusal(change)).toBe("400 InvalidParameterValueException");
});

test("both versions must have the same execution role", async () => {
  const other = checkout.release({}, { Role: "arn:aws:iam::123456789012:role/other" });
  expect(await refusal(update(weights({ [other]: 0.1 })))).toBe("400 InvalidParameterValueException");
  // On its own, it may serve.
  expect(await refusal(update({ FunctionVersion: other }))).toBe("");
});

test("both versions must have the same dead-letter configuration", async () => {
  const other = checkout.release({}, { DeadLetterConfig: { TargetArn: "arn:aws:sqs:eu-central-1:123456789012:q" } });
  expect(await refusal(update(weights({ [other]: 0.1 })))).toBe("400 InvalidParameterValueException");
});

test("RevisionId is an optional precondition; a mismatch is 412", async () => {
  const { RevisionId } = await get();
  await update({ Description: "no precondition" });
  expect(await refusal(update({ RevisionId, Description: "late" }))).toBe("412 PreconditionFailedException");
  expect((await get()).Description).toBe("no precondition");
});

test("a wrong RevisionId asks whether an update is allowed, and changes nothing", async () => {
  const before = await get();
  const question = () => refusal(update({ RevisionId: "wrong", FunctionVersion: "2", ...weights({ 3: 0.1 }) }));
  world.simulator.iam.policy = allowing("lambda:GetAlias");
  expect(await question()).toBe("403 AccessDeniedException");
  world.simulator.iam.policy = allowing("lambda:GetAlias", "lambda:UpdateAlias");
  expect(await question()).toBe("412 PreconditionFailedException");
  const { $metadata: _before, ...alias } = before;
  const { $metadata: _after, ...after } = await get();
  expect(after).toStrictEqual(alias);
});

test("a version that doesn't exist asks whether a new alias is allowed, and creates none", async () => {
  const create = { FunctionName: "checkout", Name: "new", FunctionVersion: "99" };
  const question = () => refusal(world.lambda.send(new CreateAliasCommand(create)));
  world.simulator.iam.policy = allowing("lambda:GetAlias");
  expect(await question()).toBe("403 AccessDeniedException");
  world.simulator.iam.policy = allowing("lambda:GetAlias", "lambda:CreateAlias");
  expect(await question()).toBe("404 ResourceNotFoundException");
  const alias = world.lambda.send(new GetAliasCommand({ ...live, Name: "new" }));
  expect(await refusal(alias)).toBe("404 ResourceNotFoundException");
});

test("the revision changes on every update, even one that changes nothing", async () => {
  const revisions = [(await get()).RevisionId, (await update({})).RevisionId, (await update({})).RevisionId];
  expect([...new Set(revisions)]).toStrictEqual(revisions);
  expect((await get()).RevisionId).toBe(revisions[2]);
});

test("a description is kept when it is left out, and is at most 256 characters", async () => {
  await update({ Description: "mine" });
  expect((await update({ FunctionVersion: "2" })).Description).toBe("mine");
  expect((await update({ Description: "" })).Description).toBe("");
  await update({ Description: "x".repeat(256) });
  expect(await refusal(update({ Description: "x".repeat(257) }))).toBe("400 ValidationException");
});

test("an alias's name is no number, has no odd characters, and exists once", async () => {
  const create = (Name: string) =>
    world.lambda.send(new CreateAliasCommand({ FunctionName: "checkout", Name, FunctionVersion: "1" }));
  expect(await refusal(create("42"))).toBe("400 ValidationException");
  expect(await refusal(create("a.b"))).toBe("400 ValidationException");
  expect(await refusal(create("x".repeat(129)))).toBe("400 ValidationException");
  expect(await refusal(create("live"))).toBe("409 ResourceConflictException");
  expect((await create("beta-2")).$metadata.httpStatusCode).toBe(201);
});

test("a missing alias and a missing function are both 404, with different texts", async () => {
  const texts = [];
  for (const input of [
    { ...live, Name: "none" },
    { ...live, FunctionName: "none" },
  ]) {
    const error = await world.lambda.send(new GetAliasCommand(input)).catch((thrown: unknown) => thrown);
    assert(error instanceof ResourceNotFoundException);
    texts.push(error.message.replace(/arn.*/, ""));
  }
  expect(texts[0]).not.toBe(texts[1]);
});

test("a version that an alias references, by a weight too, can't be deleted", async () => {
  await update(weights({ 2: 0.1 }));
  const remove = (Qualifier: string) =>
    refusal(world.lambda.send(new DeleteFunctionCommand({ FunctionName: "checkout", Qualifier })));
  expect(await remove("1")).toBe("409 ResourceConflictException");
  expect(await remove("2")).toBe("409 ResourceConflictException");
  expect(await remove("3")).toBe("");
  expect(await remove("$LATEST")).toBe("400 InvalidParameterValueException");
  expect(await remove("live")).toBe("400 InvalidParameterValueException");
});

test("calls are split by weight, and a change is seen a little later", async () => {
  const served = async () => {
    const { ExecutedVersion } = await world.lambda.send(
      new InvokeCommand({ FunctionName: "checkout", Qualifier: "live" }),
    );
    return ExecutedVersion;
  };
  await update(weights({ 2: 0.5 }));
  expect(await served()).toBe("1");
  await world.clock.advance(checkout.pace.propagation);
  const versions = await Promise.all(Array.from({ length: 40 }, served));
  const canary = versions.filter((version) => version === "2").length;
  expect(canary).toBeGreaterThan(8);
  expect(canary).toBeLessThan(32);
});

test("provisioned concurrency can't be put on an alias with weights; weights can follow it", async () => {
  const provision = { FunctionName: "checkout", Qualifier: "live", ProvisionedConcurrentExecutions: 5 };
  const put = () => world.lambda.send(new PutProvisionedConcurrencyConfigCommand(provision));
  const status = async () => (await world.lambda.send(new GetProvisionedConcurrencyConfigCommand(provision))).Status;
  expect(await refusal(status())).toBe("404 ProvisionedConcurrencyConfigNotFoundException");
  await update(weights({ 2: 0.1 }));
  expect(await refusal(put())).toBe("400 InvalidParameterValueException");
  await update(weights({}));
  expect((await put()).$metadata.httpStatusCode).toBe(202);
  expect(await status()).toBe("IN_PROGRESS");
  await world.clock.advance(checkout.pace.provisioning);
  expect(await status()).toBe("READY");
  await update(weights({ 2: 0.1 }));
  await world.lambda.send(new DeleteProvisionedConcurrencyConfigCommand(provision));
  expect(await refusal(status())).toBe("404 ProvisionedConcurrencyConfigNotFoundException");
});

test("a qualifier without provisioned concurrency is told from one that isn't there", async () => {
  const config = (Qualifier: string) =>
    refusal(world.lambda.send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: "checkout", Qualifier })));
  expect(await config("live")).toBe("404 ProvisionedConcurrencyConfigNotFoundException");
  expect(await config("1")).toBe("404 ProvisionedConcurrencyConfigNotFoundException");
  expect(await config("none")).toBe("404 ResourceNotFoundException");
  expect(await config("99")).toBe("404 ResourceNotFoundException");
  expect(await config("$LATEST")).toBe("400 InvalidParameterValueException");
});

test("moving an alias with provisioned concurrency leaves the old version a weight of 1 until the new is ready", async () => {
  checkout.provision("live", 5);
  const moved = await update({ FunctionVersion: "2" });
  expect(moved.FunctionVersion).toBe("2");
  expect(moved.RoutingConfig).toStrictEqual({ AdditionalVersionWeights: { 1: 1 } });
  await world.clock.advance(checkout.pace.provisioning - 1);
  expect(checkout.route("live", world.clock.now(), 0)?.version).toBe("1");
  await world.clock.advance(MINUTE);
  const after = await get();
  expect(after).not.toHaveProperty("RoutingConfig");
  expect(after.RevisionId).not.toBe(moved.RevisionId);
  expect(checkout.route("live", world.clock.now(), 0)?.version).toBe("2");
});

test("an alias whose provisioned concurrency is stuck takes no write but one that clears the weights", async () => {
  await update(weights({ 2: 0.1 }));
  checkout.wedged.add("live");
  expect(await refusal(update({ Description: "x" }))).toBe("400 InvalidParameterValueException");
  expect(await refusal(update(weights({ 3: 0.1 })))).toBe("400 InvalidParameterValueException");
  await update(weights({}));
  await update({ Description: "x" });
});

test("a new alias is in its own answer, though reads and calls find it only a moment later", async () => {
  await world.clock.advance(MINUTE);
  const created = await world.lambda.send(
    new CreateAliasCommand({ FunctionName: "checkout", Name: "staging", FunctionVersion: "2" }),
  );
  expect(created).toMatchObject({ Name: "staging", FunctionVersion: "2" });
  await world.clock.advance(MINUTE);
  const found = await world.lambda.send(new GetAliasCommand({ ...live, Name: "staging" }));
  expect(found.RevisionId).toBe(created.RevisionId);
});
