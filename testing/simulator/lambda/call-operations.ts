import { Random } from "../random.ts";
import { type Answer, answer } from "../service.ts";
import { behaviourOf } from "./build.ts";
import { type Definition, FUNCTIONS, type LambdaCall, lambdaOf, ONE, PAGE, path } from "./call.ts";
import * as refuse from "./refusals.ts";
import { pageOf } from "./request.ts";
import { urlShape } from "./shapes.ts";

/** Operations that call functions, or show where calls come from. */
export const CALL_OPERATIONS: readonly Definition[] = [
  {
    operation: "Invoke",
    method: "POST",
    path: path(FUNCTIONS, `${ONE}/invocations`),
    input: "bytes",
    action: "InvokeFunction",
    resource: "qualified",
    quota: "Invoke",
    carryOut: invoke,
  },
  {
    operation: "GetPolicy",
    method: "GET",
    path: path(FUNCTIONS, `${ONE}/policy`),
    input: "none",
    resource: "qualified",
    quota: "GetPolicy",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      lambda.qualified(call.function.qualifier);
      const policy = lambda.policies.get(call.function.qualifier ?? "");
      if (policy === undefined) throw refuse.notFound();
      return answer(200, { Policy: JSON.stringify(policy), RevisionId: new Random(lambda.name, "policy").uuid() });
    },
  },
  {
    operation: "GetFunctionUrlConfig",
    method: "GET",
    path: path("/2021-10-31/functions", `${ONE}/url`),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      const { qualifier } = call.function;
      if (qualifier !== null && /^(\$.*|\d+)$/.test(qualifier)) {
        const constraint = "Member must satisfy regular expression pattern: ((?!^\\d+$)^[0-9a-zA-Z-_]+$)";
        throw refuse.violates(qualifier, "qualifier", constraint);
      }
      const lambda = lambdaOf(call);
      const url = lambda.urls.get(qualifier ?? "");
      if (url === undefined) throw refuse.notFound();
      return answer(200, urlShape(lambda, qualifier ?? "", url));
    },
  },
  {
    operation: "ListFunctionUrlConfigs",
    method: "GET",
    path: path("/2021-10-31/functions", `${ONE}/urls`),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      const { page, marker } = pageOf([...lambda.urls], call.request.query, PAGE, PAGE);
      return answer(200, { FunctionUrlConfigs: page.map(([alias, url]) => urlShape(lambda, alias, url)), ...marker });
    },
  },
  {
    operation: "ListEventSourceMappings",
    method: "GET",
    path: path("/2015-03-31/event-source-mappings", ""),
    input: "none",
    resource: "any",
    carryOut: listEventSourceMappings,
  },
];

/** Answers at once, however long the call takes: the duration shows only in the metrics. */
function invoke(call: LambdaCall): Answer {
  const lambda = lambdaOf(call);
  const { qualifier } = call.function;
  const { version, duration, failed } = lambda.invoke(qualifier);
  const note = `version ${version}${failed ? " failed" : ""}`;
  const type = call.request.headers["x-amz-invocation-type"];
  if (type === "Event") return { status: 202, headers: {}, body: "", note };
  const id = new Random(call.account.id, lambda.name, "request", lambda.traffic.directCalls).uuid();
  const log = [
    `START RequestId: ${id} Version: ${version}`,
    ...(failed ? [`ERROR\tInvoke Error\t{"errorType":"Error","errorMessage":"simulated failure"}`] : []),
    `END RequestId: ${id}`,
    `REPORT RequestId: ${id}\tDuration: ${duration.toFixed(2)} ms\tMemory Size: ${lambda.versions.latest.settings.MemorySize} MB`,
  ].join("\n");
  const wantsLog = call.request.headers["x-amz-log-type"] === "Tail";
  const { errorRate, latency } = behaviourOf(lambda.versions.get(version));
  const body = failed
    ? { errorType: "Error", errorMessage: "simulated failure", trace: [] }
    : { statusCode: 200, version, errorRate, latency };
  return answer(200, body, {
    note,
    headers: {
      "x-amz-executed-version": version,
      ...(failed ? { "x-amz-function-error": "Unhandled" } : {}),
      ...(wantsLog ? { "x-amz-log-result": Buffer.from(log).subarray(-4096).toString("base64") } : {}),
    },
  });
}

function listEventSourceMappings(call: LambdaCall): Answer {
  const { account, request } = call;
  const { name, qualifier } = call.function;
  const target = qualifier === null ? name : `${name}:${qualifier}`;
  const source = request.query.get("EventSourceArn");
  const found = account.eventSources
    .filter((each) => name === "" || each.target === target)
    .filter((each) => source === null || each.source === source);
  // https://docs.aws.amazon.com/lambda/latest/api/API_ListEventSourceMappings.html
  const { page, marker } = pageOf(found, request.query, 100);
  const shapes = page.map((each) => ({
    UUID: each.uuid,
    EventSourceArn: each.source,
    FunctionArn: `arn:aws:lambda:${account.region}:${account.id}:function:${each.target}`,
    State: each.state,
    ...(each.reportsItems ? { FunctionResponseTypes: ["ReportBatchItemFailures"] } : {}),
  }));
  return answer(200, { EventSourceMappings: shapes, ...marker });
}
