import { DescribeAlarmsCommand, GetMetricStatisticsCommand, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetFunctionUrlConfigCommand,
  GetPolicyCommand,
  GetProvisionedConcurrencyConfigCommand,
  InvokeCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  ListFunctionsCommand,
  ListFunctionUrlConfigsCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-lambda";
import { decide, type Policy } from "../../../testing/simulator/iam.ts";
import { open, query, read, refusal, type World } from "./clients.ts";

const FUNCTION = "arn:aws:lambda:eu-central-1:123456789012:function:checkout";
const live = { FunctionName: "checkout", Name: "live" };

let world: World;

beforeEach(async () => {
  world = await open();
  const checkout = world.simulator.account.addFunction({ name: "checkout" });
  checkout.createAlias("live", { version: checkout.release() });
});

afterEach(() => world.close());

function allow(Action: string | string[], Resource: string | string[]): void {
  world.simulator.iam.policy = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource }] };
}

const calls = {
  getAlias: () => refusal(world.lambda.send(new GetAliasCommand(live))),
  updateAlias: () => refusal(world.lambda.send(new UpdateAliasCommand(live))),
  configuration: (Qualifier?: string) =>
    refusal(
      world.lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: "checkout", ...(Qualifier && { Qualifier }) }),
      ),
    ),
  metrics: () => refusal(read(world.cloudwatch, query("Errors", "Sum", "FunctionName=checkout"), 0, 60_000)),
  alarms: (...AlarmTypes: ("MetricAlarm" | "CompositeAlarm")[]) =>
    refusal(world.cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes }))),
};

test("what no statement allows is refused, in the words of the real service", async () => {
  allow("lambda:GetAlias", FUNCTION);
  expect(await calls.getAlias()).toBe("");
  await expect(world.lambda.send(new UpdateAliasCommand(live))).rejects.toMatchObject({
    name: "AccessDeniedException",
    message:
      "User: arn:aws:sts::123456789012:assumed-role/release/GitHubActions is not authorized to perform: lambda:UpdateAlias " +
      `on resource: ${FUNCTION} because no identity-based policy allows the lambda:UpdateAlias action`,
  });
});

test("actions and resources may have wildcards; actions in any case", async () => {
  allow(["LAMBDA:get*", "lambda:UpdateAlia?"], "arn:aws:lambda:*:123456789012:function:check*");
  expect(await calls.getAlias()).toBe("");
  expect(await calls.updateAlias()).toBe("");
  allow("lambda:*", "arn:aws:lambda:*:*:function:other");
  expect(await calls.getAlias()).toBe("403 AccessDeniedException");
});

test("an explicit deny wins", () => {
  const policy: Policy = {
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "*", Resource: "*" },
      { Effect: "Deny", Action: "lambda:Delete*", Resource: "*" },
    ],
  };
  expect(decide(policy, { action: "lambda:GetAlias", resource: FUNCTION })).toBe("allowed");
  expect(decide(policy, { action: "lambda:DeleteAlias", resource: FUNCTION })).toBe("explicitly denied");
});

test("aliases are allowed by the function's ARN, without a qualifier", async () => {
  allow(["lambda:GetAlias", "lambda:UpdateAlias"], `${FUNCTION}:live`);
  expect(await calls.getAlias()).toBe("403 AccessDeniedException");
});

test("what is read of a version is allowed by the version's ARN, not by the function's alone", async () => {
  allow("lambda:GetFunctionConfiguration", FUNCTION);
  expect(await calls.configuration()).toBe("");
  expect(await calls.configuration("$LATEST")).toBe("403 AccessDeniedException");
  allow("lambda:GetFunctionConfiguration", `${FUNCTION}:*`);
  expect(await calls.configuration("$LATEST")).toBe("");
  expect(await calls.configuration("1")).toBe("");
  expect(await calls.configuration()).toBe("403 AccessDeniedException");
});

test("a call is allowed by lambda:InvokeFunction, and a list of event sources by all resources only", async () => {
  const invoke = () => refusal(world.lambda.send(new InvokeCommand({ FunctionName: "checkout" })));
  const list = () => refusal(world.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "checkout" })));
  allow(["lambda:Invoke", "lambda:ListEventSourceMappings"], FUNCTION);
  expect(await invoke()).toBe("403 AccessDeniedException");
  expect(await list()).toBe("403 AccessDeniedException");
  allow(["lambda:InvokeFunction", "lambda:ListEventSourceMappings"], "*");
  expect(await invoke()).toBe("");
  expect(await list()).toBe("");
});

test("what tells who calls a function is allowed by its ARN; only the list of event sources needs all resources", async () => {
  const where = { FunctionName: "checkout", Qualifier: "live" };
  const answers = async () => [
    await refusal(world.lambda.send(new GetPolicyCommand(where))),
    await refusal(world.lambda.send(new GetFunctionUrlConfigCommand(where))),
    await refusal(world.lambda.send(new ListFunctionUrlConfigsCommand({ FunctionName: "checkout" }))),
    await refusal(world.lambda.send(new GetProvisionedConcurrencyConfigCommand(where))),
    await refusal(world.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: "checkout:live" }))),
  ];
  const actions = [
    "lambda:GetPolicy",
    "lambda:GetFunctionUrlConfig",
    "lambda:ListFunctionUrlConfigs",
    "lambda:GetProvisionedConcurrencyConfig",
  ];
  const found = [
    "404 ResourceNotFoundException",
    "404 ResourceNotFoundException",
    "",
    "404 ProvisionedConcurrencyConfigNotFoundException",
  ];
  allow([...actions, "lambda:ListEventSourceMappings"], [FUNCTION, `${FUNCTION}:*`]);
  expect(await answers()).toStrictEqual([...found, "403 AccessDeniedException"]);
  allow("lambda:ListEventSourceMappings", "*");
  expect(await answers()).toStrictEqual([...Array(4).fill("403 AccessDeniedException"), ""]);
});

test("lists, and statistics, are allowed by an action each, for all resources only", async () => {
  const range = { StartTime: new Date(0), EndTime: new Date(60_000), Period: 60 };
  const metric = { Namespace: "AWS/Lambda", MetricName: "Errors", Statistics: ["Sum" as const], ...range };
  const answers = async () => [
    await refusal(world.lambda.send(new ListFunctionsCommand())),
    await refusal(world.cloudwatch.send(new ListMetricsCommand())),
    await refusal(world.cloudwatch.send(new GetMetricStatisticsCommand(metric))),
  ];
  const actions = ["lambda:ListFunctions", "cloudwatch:ListMetrics", "cloudwatch:GetMetricStatistics"];
  allow(actions, ["arn:aws:lambda:*:*:*", "arn:aws:cloudwatch:*:*:*"]);
  for (const each of await answers()) expect(each).toMatch(/^403 AccessDenied/);
  allow(["lambda:GetFunction", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"], "*");
  for (const each of await answers()) expect(each).toMatch(/^403 AccessDenied/);
  allow(actions, "*");
  expect(await answers()).toStrictEqual(["", "", ""]);
});

test("metrics are allowed by all resources only", async () => {
  allow("cloudwatch:GetMetricData", "arn:aws:cloudwatch:*:*:*");
  expect(await calls.metrics()).toMatch(/^403 AccessDenied/);
  allow("cloudwatch:GetMetricData", "*");
  expect(await calls.metrics()).toBe("");
});

test("composite alarms are readable only with a permission on all resources", async () => {
  allow("cloudwatch:DescribeAlarms", "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:*");
  expect(await calls.alarms("MetricAlarm")).toBe("");
  expect(await calls.alarms("MetricAlarm", "CompositeAlarm")).toMatch(/^403 AccessDenied/);
  allow("cloudwatch:DescribeAlarms", "*");
  expect(await calls.alarms("MetricAlarm", "CompositeAlarm")).toBe("");
});

test("a policy with what the simulator can't evaluate isn't accepted", () => {
  const Statement = { Effect: "Allow" as const, Action: "*", Resource: "*", Condition: {} };
  expect(() => {
    world.simulator.iam.policy = { Version: "2012-10-17", Statement };
  }).toThrow(/Condition/);
});

test("a request that isn't signed is refused", async () => {
  const url = `${world.simulator.url}/2015-03-31/functions/checkout/aliases/live`;
  const answer = await fetch(url);
  expect([answer.status, answer.headers.get("x-amzn-errortype")]).toStrictEqual([
    403,
    "MissingAuthenticationTokenException",
  ]);
});

test("a request that is signed for another Region is refused", async () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const client = new LambdaClient({ endpoint: world.simulator.url, region: "us-east-1", credentials, maxAttempts: 1 });
  expect(await refusal(client.send(new GetAliasCommand(live)))).toBe("403 InvalidSignatureException");
  client.destroy();
});

test("credentials may have expired", async () => {
  world.simulator.iam.credentials = "expired";
  expect(await calls.getAlias()).toBe("403 ExpiredTokenException");
  expect(await calls.metrics()).toMatch(/^403 ExpiredToken/);
});
