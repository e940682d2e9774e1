import type { Instant } from "../../../src/domain/time.ts";
import type { Answer, Request } from "../service.ts";
import type { Account } from "./account.ts";
import type { LambdaFunction } from "./function.ts";
import * as refuse from "./refusals.ts";
import type { FunctionReference } from "./request.ts";

/** A request to Lambda, parsed. */
export interface LambdaCall {
  readonly account: Account;
  readonly now: Instant;
  readonly function: FunctionReference;
  /** The alias in the path; "" if none. */
  readonly alias: string;
  readonly request: Request;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Definition {
  readonly operation: string;
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: RegExp;
  readonly input: "none" | "json" | "bytes";
  /** The IAM action, where its name differs from the operation's. */
  readonly action?: string;
  /** What a policy has to name: the function, the exact version or alias that was asked for, or everything. */
  readonly resource: "function" | "qualified" | "any";
  readonly quota?: "GetFunction" | "GetPolicy" | "Invoke";
  readonly summary?: (call: LambdaCall) => string;
  readonly carryOut: (call: LambdaCall) => Answer;
}

/** The most items on one page: https://docs.aws.amazon.com/lambda/latest/api/API_ListVersionsByFunction.html. */
export const PAGE = 50;

export const FUNCTIONS = "/2015-03-31/functions";
export const path = (start: string, rest: string) => new RegExp(`^${start}${rest}/?$`);
export const ONE = "/(?<function>[^/]+)";
export const ALIAS = "/aliases/(?<alias>[^/]+)";

export function lambdaOf({ account, function: { name } }: LambdaCall): LambdaFunction {
  const lambda = account.functions.get(name);
  if (lambda !== undefined) return lambda;
  throw refuse.functionNotFound(`arn:aws:lambda:${account.region}:${account.id}:function:${name}`);
}

/** As of when a read shows things: it may be stale. */
export function seenAt({
  account,
  function: { name, qualifier },
  alias,
  request: { method, path },
}: LambdaCall): Instant {
  return account.seenAt(method, path, name, qualifier ?? alias);
}

export function nothing(): Answer {
  return { status: 204, headers: {}, body: "", note: "" };
}
