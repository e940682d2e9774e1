import { UpdateAliasCommand } from "@aws-sdk/client-lambda";
import { OPERATIONS as CLOUDWATCH } from "../../../testing/simulator/cloudwatch/cloudwatch.ts";
import { OPERATIONS as LAMBDA } from "../../../testing/simulator/lambda/lambda.ts";
import { Checks } from "../../../testing/simulator/published/check.ts";
import { MODELS } from "../../../testing/simulator/published/model.ts";
import { startSimulator } from "../../../testing/simulator/server.ts";
import { Refusal } from "../../../testing/simulator/service.ts";
import { OPERATIONS as STS } from "../../../testing/simulator/sts.ts";
import { open, type World } from "./clients.ts";

let world: World;

beforeEach(async () => {
  world = await open();
  const checkout = world.simulator.account.addFunction({ name: "checkout", traffic: { callsPerMinute: 0, past: 0 } });
  checkout.createAlias("live", { version: checkout.release() });
  world.simulator.cloudwatch.alarms.push({ name: "5xx", kind: "metric", state: () => "OK" });
});

afterEach(() => world.close());

test.each([
  ["lambda", LAMBDA],
  ["cloudwatch", CLOUDWATCH],
  ["sts", STS],
] as const)("the condensed model of %s has the operations that the simulator serves", (service, operations) => {
  // If it hasn't, testing/simulator/published/condense.ts makes it anew.
  expect(Object.keys(MODELS[service].operations).sort()).toStrictEqual([...operations].sort());
});

test("every shape of the models can be checked", () => {
  for (const { shapes } of [MODELS.lambda, MODELS.cloudwatch, MODELS.sts]) {
    const checks = new Checks(shapes);
    for (const name of Object.keys(shapes)) expect(() => checks.of(name)("")).not.toThrow();
  }
});

type Ask = Readonly<Record<"method" | "path" | "service", string>> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Asks as no SDK would, for they leave no place for mistakes. */
async function ask({ method, path, service, headers = {}, body }: Ask) {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260105/eu-central-1/${service}/aws4_request, SignedHeaders=host, Signature=0`;
  const answer = await fetch(`${world.simulator.url}${path}`, {
    method,
    headers: { authorization, ...headers },
    ...(body === undefined ? {} : { body }),
  });
  return { status: answer.status, text: await answer.text() };
}

const ALIAS = "/2015-03-31/functions/checkout/aliases/live";
const getAlias: Ask = { method: "GET", path: ALIAS, service: "lambda" };
const updateAlias = (body: object): Ask => ({
  ...getAlias,
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});
const inJson = (operation: string, body: object): Ask => ({
  method: "POST",
  path: "/",
  service: "monitoring",
  headers: {
    "x-amz-target": `GraniteServiceVersion20100801.${operation}`,
    "content-type": "application/x-amz-json-1.0",
  },
  body: JSON.stringify(body),
});
const inForm = (service: string, fields: Readonly<Record<string, string>>): Ask => ({
  method: "POST",
  path: "/",
  service,
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams(fields).toString(),
});
const getUrls: Ask = { method: "GET", path: "/2021-10-31/functions/checkout/urls", service: "lambda" };
const URL = { FunctionUrl: "https://a.lambda-url", CreationTime: "", LastModifiedTime: "" };
const QUERIES = { MetricDataQueries: [], StartTime: 1_767_603_600, EndTime: 1_767_603_660 };

interface Slip {
  readonly what: string;
  readonly asked: Ask;
  /** What the simulator is made to answer: this body, or this refusal. */
  readonly answer: object | string | Refusal;
  readonly status?: number;
  readonly says: string | RegExp;
}

const said = (operation: string) => `${operation} is answered as AWS never does: by its model,`;

const SLIPS: readonly Slip[] = [
  {
    what: "a value that isn't of the pattern",
    asked: getAlias,
    answer: { FunctionVersion: "latest" },
    says: `${said("GetAlias")} FunctionVersion is "latest", and has to be of the pattern (\\$LATEST|[0-9]+).`,
  },
  {
    what: "a value of another type",
    asked: getAlias,
    answer: { RevisionId: 7 },
    says: `${said("GetAlias")} RevisionId is 7, and has to be a string.`,
  },
  {
    what: "a text that is too long",
    asked: getAlias,
    answer: { Description: "x".repeat(257) },
    says: `${said("GetAlias")} Description has 257 characters, and has to have at most 256.`,
  },
  {
    what: "a number that is too high",
    asked: getAlias,
    answer: { RoutingConfig: { AdditionalVersionWeights: { 2: 5 } } },
    says: `${said("GetAlias")} RoutingConfig.AdditionalVersionWeights.2 is 5, and has to be at most 1.`,
  },
  {
    what: "a key that isn't of the pattern",
    asked: getAlias,
    answer: { RoutingConfig: { AdditionalVersionWeights: { live: 0.5 } } },
    says: `${said("GetAlias")} RoutingConfig.AdditionalVersionWeights has the key live, which is "live", and has to be of the pattern [0-9]+.`,
  },
  {
    what: "a member that nobody knows",
    asked: getAlias,
    answer: { Weight: 5 },
    says: `${said("GetAlias")} Weight is no member.`,
  },
  {
    what: "a missing member",
    asked: getUrls,
    answer: {
      FunctionUrlConfigs: [{ ...URL, FunctionArn: "arn:aws:lambda:eu-central-1:123456789012:function:checkout" }],
    },
    says: `${said("ListFunctionUrlConfigs")} FunctionUrlConfigs[0].AuthType is missing.`,
  },
  {
    what: "another status",
    asked: getAlias,
    answer: {},
    status: 202,
    says: `${said("GetAlias")} the status is 202, and has to be 200.`,
  },
  {
    what: "a body where there is none",
    asked: { ...getAlias, method: "DELETE" },
    answer: {},
    status: 204,
    says: `${said("DeleteAlias")} the body has to be empty.`,
  },
  {
    what: "a word that is none of the model's, in CloudWatch's JSON",
    asked: inJson("GetMetricData", QUERIES),
    answer: { MetricDataResults: [{ StatusCode: "Done" }] },
    says: `${said("GetMetricData")} MetricDataResults[0].StatusCode is "Done", and has to be one of Complete, InternalError, PartialData, Forbidden.`,
  },
  {
    what: "a time that is none",
    asked: inJson("GetMetricData", QUERIES),
    answer: { MetricDataResults: [{ Timestamps: ["noon"] }] },
    says: `${said("GetMetricData")} MetricDataResults[0].Timestamps[0] is "noon", and has to be a time.`,
  },
  {
    what: "an error that the operation doesn't have",
    asked: getAlias,
    answer: new Refusal(412, "PreconditionFailedException", "no"),
    says: "GetAlias is refused as AWS never does: by its model, the error PreconditionFailedException is none that it has.",
  },
  {
    what: "an error with another status",
    asked: getAlias,
    answer: new Refusal(400, "ResourceNotFoundException", "no"),
    says: "GetAlias is refused as AWS never does: by its model, the status of ResourceNotFoundException is 400, and has to be 404.",
  },
  {
    what: "an error that is common to all, with another status",
    asked: getAlias,
    answer: new Refusal(401, "AccessDeniedException", "no"),
    says: "GetAlias is refused as AWS never does: by its model, the status of AccessDeniedException is 401, and has to be 400 or 403.",
  },
  {
    what: "an error of another service, in CloudWatch's XML",
    asked: inForm("monitoring", { Action: "DescribeAlarms", Version: "2010-08-01" }),
    answer: new Refusal(404, "ResourceNotFoundException", "no"),
    says: /^DescribeAlarms is refused .* the error ResourceNotFound is none that it has\.$/,
  },
  {
    what: "an error of another operation, of STS",
    asked: inForm("sts", { Action: "GetCallerIdentity", Version: "2011-06-15" }),
    answer: new Refusal(400, "InvalidIdentityToken", "no"),
    says: /^GetCallerIdentity is refused .* the error InvalidIdentityToken is none that it has\.$/,
  },
  {
    what: "a request that AWS refuses",
    asked: updateAlias({ Description: "x".repeat(257) }),
    answer: {},
    says: "UpdateAlias asks what AWS refuses: by its model, Description has 257 characters, and has to have at most 256.",
  },
  {
    what: "a request with a wrong address",
    asked: { ...getAlias, path: ALIAS.replace("live", "1") },
    answer: {},
    says: 'GetAlias asks what AWS refuses: by its model, Name is "1", and has to be of the pattern (?!^[0-9]+$)([a-zA-Z0-9-_]+).',
  },
  {
    what: "a request whose address asks for too much",
    asked: { ...getUrls, path: `${getUrls.path}?MaxItems=51` },
    answer: { FunctionUrlConfigs: [] },
    says: "ListFunctionUrlConfigs asks what AWS refuses: by its model, MaxItems is 51, and has to be from 1 to 50.",
  },
  {
    what: "a request with too little",
    asked: inJson("GetMetricData", { ...QUERIES, StartTime: undefined }),
    answer: {},
    says: "GetMetricData asks what AWS refuses: by its model, StartTime is missing.",
  },
  {
    what: "a form with too little",
    asked: inForm("sts", { Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", WebIdentityToken: "token" }),
    answer: "",
    says: "AssumeRoleWithWebIdentity asks what AWS refuses: by its model, RoleArn is missing.",
  },
];

test.each(SLIPS)("$what fails the test that got it", async ({ asked, answer, status = 200, says }) => {
  const { simulator } = world;
  if (answer instanceof Refusal) simulator.inject({}, { kind: "refused", refusal: answer });
  else {
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    simulator.inject({}, { kind: "answered", status, body: status === 204 ? "{}" : body });
  }
  await ask(asked);
  const violations = simulator.violations.splice(0);
  expect(violations).toStrictEqual([says instanceof RegExp ? expect.stringMatching(says) : says]);
});

test("a simulator that answered as AWS never does says so when it is closed", async () => {
  const other = await startSimulator({ time: world.clock });
  other.inspect = () => ["One thing.", "One thing."];
  await fetch(other.url + ALIAS);
  await expect(other.close()).rejects.toThrow(/^One thing\.$/);
});

test("a request that AWS refuses is refused, whoever asks", async () => {
  const Description = "x".repeat(257);
  const asked = new UpdateAliasCommand({ FunctionName: "checkout", Name: "live", Description });
  await expect(world.lambda.send(asked)).rejects.toThrow(/failed to satisfy constraint/);
  expect(world.simulator.violations).toEqual([]);
});

const { errors } = MODELS.cloudwatch;
test.each(Object.entries(errors))("in XML, CloudWatch's %s has the name that old clients know", async (name, error) => {
  const { code = name, status } = error;
  world.simulator.inject({}, { kind: "refused", refusal: new Refusal(status, name, "no") });
  const { text } = await ask(inForm("monitoring", { Action: "ListMetrics", Version: "2010-08-01" }));
  expect(text).toContain(`<Code>${code}</Code>`);
  world.simulator.violations.splice(0);
});
