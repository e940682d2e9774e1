import {
  type Answer,
  answer,
  jsonOf,
  type Operation,
  Refusal,
  type Request,
  type Service,
  signedFor,
} from "../service.ts";
import type { Account } from "./account.ts";
import { ALIAS_OPERATIONS } from "./alias-operations.ts";
import type { Definition, LambdaCall } from "./call.ts";
import { CALL_OPERATIONS } from "./call-operations.ts";
import { FUNCTION_OPERATIONS } from "./function-operations.ts";
import { readReference } from "./request.ts";
import { TAG_OPERATIONS } from "./tag-operations.ts";

const DEFINITIONS = [...FUNCTION_OPERATIONS, ...ALIAS_OPERATIONS, ...CALL_OPERATIONS, ...TAG_OPERATIONS];
export const OPERATIONS: readonly string[] = DEFINITIONS.map(({ operation }) => operation);

/**
 * How many calls a second an account may make. Nearly all operations share one limit, GetFunctionConfiguration too:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html#api-requests. For invocations there is none
 * here.
 */
const CALLS_PER_SECOND = {
  GetFunction: 100,
  GetPolicy: 15,
  Invoke: Number.POSITIVE_INFINITY,
  "control plane": 15,
};

/** Lambda's REST API. */
export class Lambda implements Service {
  readonly name = "lambda";
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  serves(request: Request): boolean {
    const signed = signedFor(request);
    return signed === "lambda" || (signed === null && /^\/20\d\d-\d\d-\d\d\//.test(request.path));
  }

  understand(request: Request): Operation {
    for (const definition of DEFINITIONS) {
      const match = request.method === definition.method ? definition.path.exec(request.path) : null;
      if (match !== null) return this.#operation(definition, this.#call(definition, match, request));
    }
    const what = `${request.method} ${request.path}`;
    const message = `This simulator has no Lambda operation at ${what}. It has: ${OPERATIONS.toSorted().join(", ")}.`;
    throw new Refusal(404, "UnknownOperationException", message);
  }

  refuse({ status, type, message, headers }: Refusal): Answer {
    // Lambda spells this word sometimes one way, sometimes the other.
    const isCapital = /^(ResourceNotFound|Service|AccessDenied)/.test(type);
    const body = { Type: status < 500 ? "User" : "Service", [isCapital ? "Message" : "message"]: message };
    return { ...answer(status, body, { headers: { "x-amzn-errortype": type, ...headers }, note: type }), error: type };
  }

  #call({ path, input }: Definition, match: RegExpExecArray, request: Request): LambdaCall {
    const groups = match.groups ?? {};
    const body = input === "json" ? jsonOf(request, "InvalidRequestContentException") : {};
    const named =
      groups["function"] ?? (path.source.includes("event-source") ? request.query.get("FunctionName") : null);
    const text = named ?? body["FunctionName"];
    const reference =
      typeof text === "string"
        ? readReference(decodeURIComponent(text), request.query.get("Qualifier"), this.#account)
        : { name: "", qualifier: null };
    const alias = groups["alias"] ?? body["Name"];
    return {
      account: this.#account,
      now: this.#account.now(),
      function: reference,
      alias: typeof alias === "string" ? decodeURIComponent(alias) : "",
      request,
      body,
    };
  }

  #operation(definition: Definition, call: LambdaCall): Operation {
    const { operation: name, action = name, resource, quota = "control plane" } = definition;
    const { id, region } = this.#account;
    const arn = `arn:aws:lambda:${region}:${id}:function:${call.function.name}`;
    const qualifier = call.function.qualifier === null ? "" : `:${call.function.qualifier}`;
    const resources = { function: arn, qualified: `${arn}${qualifier}`, any: "*" };
    return {
      name,
      target: call.function.name + (call.alias === "" ? qualifier : `:${call.alias}`),
      summary: definition.summary?.(call) ?? "",
      permission: { action: `lambda:${action}`, resource: resources[resource] },
      quota: { name: quota, callsPerSecond: CALLS_PER_SECOND[quota] },
      carryOut: () => definition.carryOut(call),
    };
  }
}
