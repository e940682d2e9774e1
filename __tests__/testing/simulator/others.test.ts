import { open, type World } from "./clients.ts";

let world: World;

beforeEach(async () => {
  world = await open();
});

afterEach(() => world.close());

/** A request, signed as a client of that service signs it. */
async function ask(service: string, { path = "/", ...init }: RequestInit & { readonly path?: string } = {}) {
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260105/eu-central-1/${service}/aws4_request, Signature=0`;
  const headers = { authorization, ...(init.headers as Record<string, string>) };
  const answer = await fetch(`${world.simulator.url}${path}`, { ...init, headers });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const form = (Action: string, Version: string) => ({ method: "POST", body: new URLSearchParams({ Action, Version }) });
const HAS = "It has: Lambda, CloudWatch, STS.";

test.each<[string, Parameters<typeof ask>[1], string]>([
  ["s3", {}, `<Error><Code>NotImplemented</Code><Message>This simulator has no s3. ${HAS}</Message></Error>`],
  [
    "sns",
    form("ListTopics", "2010-03-31"),
    `<ErrorResponse><Error><Code>NotImplemented</Code><Message>This simulator has no sns ListTopics. ${HAS}</Message></Error></ErrorResponse>`,
  ],
  [
    "ec2",
    form("DescribeVpcs", "2016-11-15"),
    `<Response><Errors><Error><Code>NotImplemented</Code><Message>This simulator has no ec2 DescribeVpcs. ${HAS}</Message></Error></Errors></Response>`,
  ],
  [
    "dynamodb",
    { method: "POST", headers: { "x-amz-target": "DynamoDB_20120810.ListTables" }, body: "{}" },
    JSON.stringify({ __type: "NotImplemented", message: `This simulator has no dynamodb ListTables. ${HAS}` }),
  ],
  [
    "elasticfilesystem",
    { path: "/2015-02-01/file-systems" },
    JSON.stringify({ __type: "NotImplemented", message: `This simulator has no elasticfilesystem. ${HAS}` }),
  ],
])("%s says in its own protocol that it isn't here", async (service, request, expected) => {
  const { status, text } = await ask(service, request);
  expect(status).toBe(501);
  expect(text).toBe(expected);
});

test("a service that speaks CBOR says so in CBOR", async () => {
  const path = "/service/Queues/operation/ListQueues";
  const { status, headers, text } = await ask("queues", {
    method: "POST",
    path,
    headers: { "smithy-protocol": "rpc-v2-cbor" },
  });
  expect([status, headers.get("content-type"), headers.get("smithy-protocol")]).toStrictEqual([
    501,
    "application/cbor",
    "rpc-v2-cbor",
  ]);
  expect(text).toContain(`This simulator has no queues ListQueues. ${HAS}`);
});

test("CloudWatch says what it has instead, and that it takes no CBOR", async () => {
  const headers = { "x-amz-target": "GraniteServiceVersion20100801.PutMetricData" };
  const put = await ask("monitoring", { method: "POST", headers, body: "{}" });
  expect([put.status, put.headers.get("x-amzn-query-error")]).toStrictEqual([400, "InvalidAction;Sender"]);
  expect(put.text).toContain(
    "This simulator has no CloudWatch PutMetricData. It has: DescribeAlarms, GetMetricData, GetMetricStatistics, ListMetrics.",
  );
  const path = "/service/GraniteServiceVersion20100801/operation/ListMetrics";
  const cbor = await ask("monitoring", { method: "POST", path, headers: { "smithy-protocol": "rpc-v2-cbor" } });
  expect(cbor.status).toBe(415);
  expect(cbor.text).toContain("doesn't speak CBOR");
});

test("Lambda, STS and GitHub say what they have instead", async () => {
  const lambda = await ask("lambda", { path: "/2018-10-31/layers" });
  expect([lambda.status, lambda.headers.get("x-amzn-errortype")]).toStrictEqual([404, "UnknownOperationException"]);
  expect(lambda.text).toMatch(
    /no Lambda operation at GET \/2018-10-31\/layers\. It has: CreateAlias, .*ListFunctions, /,
  );
  const sts = await ask("sts", form("AssumeRole", "2011-06-15"));
  expect(sts.text).toMatch(
    /<Code>InvalidAction<\/Code><Message>This simulator has no STS AssumeRole\. It has.*GetCallerIdentity\./,
  );
  const github = await fetch(`${world.simulator.url}/github/repos/octo-org/checkout/releases`);
  expect(github.status).toBe(404);
  expect(await github.text()).toMatch(/no GitHub GET \/repos\/octo-org\/checkout\/releases\. It has: .*CreateComment/);
});

test("the transcript names what was asked for", async () => {
  await ask("s3", { path: "/bucket" });
  await ask("sns", form("ListTopics", "2010-03-31"));
  expect(world.simulator.calls.map(({ operation, summary, answer }) => [operation, summary, answer])).toStrictEqual([
    ["GET /bucket", "of s3", "501 NotImplemented"],
    ["ListTopics", "of sns", "501 NotImplemented"],
  ]);
});
