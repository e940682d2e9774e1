import assert from "node:assert/strict";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionCommand,
  TooManyRequestsException,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { SECOND } from "../../../src/domain/time.ts";
import type { LambdaFunction } from "../../../testing/simulator/lambda/function.ts";
import { throttling, tooManyRequests } from "../../../testing/simulator/quotas.ts";
import { formatCall } from "../../../testing/simulator/transcript.ts";
import { open, refusal, type World } from "./clients.ts";

const live = { FunctionName: "checkout", Name: "live" };

let world: World;
let checkout: LambdaFunction;

beforeEach(async () => {
  world = await open({ quotas: true });
  checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release() });
});

afterEach(() => world.close());

function get() {
  return world.lambda.send(new GetAliasCommand(live));
}

function redescribe(Description: string, options = {}) {
  return world.lambda.send(new UpdateAliasCommand({ ...live, Description }), options);
}

const UPDATE = { operation: "UpdateAlias" };

test("a reset call isn't carried out; a lost one is", async () => {
  world.simulator.inject(UPDATE, { kind: "reset" });
  expect(await refusal(redescribe("reset"))).toMatch(/Error/);
  expect(checkout.alias("live").description).toBe("");
  world.simulator.inject(UPDATE, { kind: "lost" });
  expect(await refusal(redescribe("lost"))).toMatch(/Error/);
  expect(checkout.alias("live").description).toBe("lost");
});

test("a lost answer and a retry give a spurious 412", async () => {
  const { RevisionId } = await get();
  world.simulator.inject(UPDATE, { kind: "lost" });
  const update = () => world.lambda.send(new UpdateAliasCommand({ ...live, Description: "mine", RevisionId }));
  await refusal(update());
  expect(await refusal(update())).toBe("412 PreconditionFailedException");
  expect(checkout.alias("live").description).toBe("mine");
});

test("a call may hang, carried out or not, until the client gives up", async () => {
  for (const carriedOut of [false, true]) {
    world.simulator.inject(UPDATE, { kind: "hang", carriedOut });
    const abortSignal = AbortSignal.timeout(100);
    expect(await refusal(redescribe(`carried out: ${carriedOut}`, { abortSignal }))).toBe("AbortError");
  }
  expect(checkout.alias("live").description).toBe("carried out: true");
});

test("an answer may come late", async () => {
  world.simulator.inject(UPDATE, { kind: "late", by: 5 * SECOND });
  let isAnswered = false;
  const update = redescribe("late").then(() => {
    isAnswered = true;
  });
  while (checkout.alias("live").description === "") await new Promise((resolve) => setTimeout(resolve, 1));
  await world.clock.advance(4 * SECOND);
  expect(isAnswered).toBe(false);
  await world.clock.advance(SECOND);
  await update;
});

test("an answer may be garbled, or be anything", async () => {
  world.simulator.inject(UPDATE, { kind: "garbled" });
  expect(await refusal(redescribe("garbled"))).toMatch(/SyntaxError/);
  world.simulator.inject(UPDATE, {
    kind: "answered",
    status: 500,
    headers: { "x-amzn-errortype": "ServiceException" },
  });
  expect(await refusal(redescribe("500"))).toBe("500 ServiceException");
  expect(checkout.alias("live").description).toBe("garbled");
});

test("something in between may answer, and the service never sees the call", async () => {
  const headers = { server: "squid/5.7" };
  world.simulator.inject(UPDATE, { kind: "intercepted", status: 403, headers, body: "<html>" });
  const error = await redescribe("intercepted").then(
    () => assert.fail("it succeeded"),
    (thrown) => thrown,
  );
  expect(error.$response.headers).toMatchObject(headers);
  expect(Object.keys(error.$response.headers)).not.toContain("x-amzn-requestid");
  expect(checkout.alias("live").description).toBe("");
});

test("a refusal comes in the words of its service", async () => {
  world.simulator.inject(UPDATE, { kind: "refused", refusal: tooManyRequests(3) });
  const refused = redescribe("x");
  await expect(refused).rejects.toBeInstanceOf(TooManyRequestsException);
  await expect(refused).rejects.toHaveProperty("retryAfterSeconds", "3");
  world.simulator.inject({ service: "cloudwatch" }, { kind: "refused", refusal: throttling() });
  expect(await refusal(world.cloudwatch.send(new DescribeAlarmsCommand({})))).toMatch(/^400 Throttling/);
});

test("a hook runs before a call is carried out, or before it is answered", async () => {
  const seen: string[] = [];
  for (const when of ["before", "after"] as const) {
    const run = async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      seen.push(`${when}: ${checkout.alias("live").description}`);
    };
    world.simulator.inject(UPDATE, { kind: "hook", when, run });
  }
  await redescribe("new");
  expect(seen).toStrictEqual(["before: ", "after: new"]);
});

test("a fault hits the calls that it is for: by number, operation, target, and how many", async () => {
  const { simulator } = world;
  const reset = { kind: "reset" } as const;
  const outcomes = async (count: number) => {
    const all: boolean[] = [];
    for (let call = 0; call < count; call++) all.push((await refusal(get())) === "");
    return all;
  };
  simulator.inject({ number: 2 }, reset);
  expect(await outcomes(3)).toStrictEqual([true, false, true]);
  simulator.inject({ operation: "GetAlias", target: /^checkout:/, skip: 1, times: 2 }, reset);
  expect(await outcomes(4)).toStrictEqual([true, false, false, true]);
  simulator.inject({ target: "other:live" }, reset);
  simulator.inject({ service: "github" }, reset);
  const callOff = simulator.inject({ when: ({ number }) => number > 8, times: Number.POSITIVE_INFINITY }, reset);
  expect(await outcomes(3)).toStrictEqual([true, false, false]);
  callOff();
  expect(await outcomes(1)).toStrictEqual([true]);
});

test("the control plane takes 15 calls a second, GetFunction 100; 429 carries Retry-After", async () => {
  const many = (count: number) => Promise.all(Array.from({ length: count }, () => refusal(get())));
  expect(new Set(await many(15))).toStrictEqual(new Set([""]));
  const refused = get();
  await expect(refused).rejects.toBeInstanceOf(TooManyRequestsException);
  await expect(refused).rejects.toHaveProperty("retryAfterSeconds", "1");
  // Reads and writes count together.
  expect(await refusal(redescribe("x"))).toBe("429 TooManyRequestsException");
  const functions = Array.from({ length: 100 }, () => world.lambda.send(new GetFunctionCommand(live)));
  await Promise.all(functions);
  await world.clock.advance(SECOND);
  expect(new Set(await many(15))).toStrictEqual(new Set([""]));
});

test("the transcript tells every call and its answer", async () => {
  const version = checkout.release();
  const { RevisionId } = await get();
  const RoutingConfig = { AdditionalVersionWeights: { [version]: 0.05 } };
  await world.lambda.send(new UpdateAliasCommand({ ...live, RoutingConfig, RevisionId }));
  await refusal(
    world.lambda.send(new UpdateAliasCommand({ ...live, FunctionVersion: "1", RoutingConfig: {}, RevisionId })),
  );
  world.simulator.inject(UPDATE, { kind: "lost" });
  await refusal(redescribe("lost"));
  await refusal(world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["checkout-5xx"] })));
  expect(world.simulator.calls.map(formatCall)).toStrictEqual([
    "  1  09:00:00  GetAlias checkout:live → 200 1 rev r9",
    "  2  09:00:00  UpdateAlias checkout:live … + 2@5% rev r9 → 200 1 + 2@5% rev r16",
    "  3  09:00:00  UpdateAlias checkout:live 1 rev r9 → 412 PreconditionFailedException",
    "  4  09:00:00  UpdateAlias checkout:live … + … → 200 1 + 2@5% rev r17, lost on its way",
    "  5  09:00:00  DescribeAlarms checkout-5xx MetricAlarm → 200",
  ]);
});
