import { type Answer, answer } from "../service.ts";
import {
  ALIAS,
  type Definition,
  FUNCTIONS,
  type LambdaCall,
  lambdaOf,
  nothing,
  ONE,
  PAGE,
  path,
  seenAt,
} from "./call.ts";
import * as refuse from "./refusals.ts";
import { checkAliasName, descriptionOf, pageOf, textOf, weightsOf } from "./request.ts";
import { aliasNote, aliasShape, provisionedShape } from "./shapes.ts";

/** Operations on aliases and their provisioned concurrency. */
export const ALIAS_OPERATIONS: readonly Definition[] = [
  {
    operation: "GetAlias",
    method: "GET",
    path: path(FUNCTIONS, ONE + ALIAS),
    input: "none",
    resource: "function",
    carryOut: (call) => aliasAnswer(200, call, seenAt(call)),
  },
  {
    operation: "CreateAlias",
    method: "POST",
    path: path(FUNCTIONS, `${ONE}/aliases`),
    input: "json",
    resource: "function",
    summary: aliasSummary,
    carryOut: (call) => {
      checkAliasName(call.alias);
      const change = { version: versionOf(call.body) ?? "", additional: weightsOf(call.body) };
      lambdaOf(call).createAlias(call.alias, { ...change, description: descriptionOf(call.body) });
      // The answer shows it at once; reads find it a moment later.
      return aliasAnswer(201, call, Number.POSITIVE_INFINITY);
    },
  },
  {
    operation: "UpdateAlias",
    method: "PUT",
    path: path(FUNCTIONS, ONE + ALIAS),
    input: "json",
    resource: "function",
    summary: aliasSummary,
    carryOut: (call) => {
      checkAliasName(call.alias);
      const change = { version: versionOf(call.body), additional: weightsOf(call.body) };
      const revision = call.account.isLax ? undefined : textOf(call.body, "RevisionId");
      const demands = { description: descriptionOf(call.body), revision };
      lambdaOf(call).updateAlias(call.alias, { ...change, ...demands });
      // In real time, the write is a moment later than the call.
      return aliasAnswer(200, call, call.account.now());
    },
  },
  {
    operation: "DeleteAlias",
    method: "DELETE",
    path: path(FUNCTIONS, ONE + ALIAS),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      call.account.functions.get(call.function.name)?.deleteAlias(call.alias);
      return nothing();
    },
  },
  {
    operation: "ListAliases",
    method: "GET",
    path: path(FUNCTIONS, `${ONE}/aliases`),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      const lambda = lambdaOf(call);
      const version = call.request.query.get("FunctionVersion");
      const all = [...lambda.aliases.values()].filter(
        (alias) => version === null || alias.routing(call.now).version === version,
      );
      const { page, marker } = pageOf(all, call.request.query, PAGE);
      const shapes = page.map(({ name }) => aliasShape(lambda, name, lambda.aliasAt(name, call.now)));
      return answer(200, { Aliases: shapes, ...marker });
    },
  },
  {
    operation: "GetProvisionedConcurrencyConfig",
    method: "GET",
    path: path("/2019-09-30/functions", `${ONE}/provisioned-concurrency`),
    input: "none",
    resource: "qualified",
    carryOut: (call) => {
      const provisioned = lambdaOf(call).provisionedFor(call.function.qualifier);
      if (provisioned === null) throw refuse.notProvisioned();
      return answer(200, provisionedShape(provisioned, call.now));
    },
  },
  {
    operation: "PutProvisionedConcurrencyConfig",
    method: "PUT",
    path: path("/2019-09-30/functions", `${ONE}/provisioned-concurrency`),
    input: "json",
    resource: "qualified",
    carryOut: (call) => {
      const requested = call.body["ProvisionedConcurrentExecutions"];
      if (typeof requested !== "number" || !(requested >= 1)) {
        throw refuse.violates(requested, "provisionedConcurrentExecutions", "Member must be at least 1");
      }
      const provisioned = lambdaOf(call).provision(call.function.qualifier ?? "", requested);
      return answer(202, provisionedShape(provisioned, call.now));
    },
  },
  {
    operation: "DeleteProvisionedConcurrencyConfig",
    method: "DELETE",
    path: path("/2019-09-30/functions", `${ONE}/provisioned-concurrency`),
    input: "none",
    resource: "qualified",
    carryOut: (call) => {
      lambdaOf(call).provisioned.delete(call.function.qualifier ?? "");
      return nothing();
    },
  },
];

function versionOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const version = textOf(body, "FunctionVersion");
  if (version === undefined || /^(\$LATEST(\.PUBLISHED)?|\d+)$/.test(version)) return version;
  throw refuse.violates(
    version,
    "functionVersion",
    "Member must satisfy regular expression pattern: (\\$LATEST(\\.PUBLISHED)?|[0-9]+)",
  );
}

/** @param at as of when it is shown */
function aliasAnswer(status: number, call: LambdaCall, at = call.now): Answer {
  const lambda = lambdaOf(call);
  const shown = lambda.aliasAt(call.alias, at);
  const note = aliasNote(shown, (revision) => call.account.revisions.name(revision));
  return answer(status, aliasShape(lambda, call.alias, shown), { note });
}

/** `42 + 43@5% rev r3`, with "…" for what the request leaves unchanged. Has to cope with invalid requests too. */
function aliasSummary({ account, body }: LambdaCall): string {
  const { FunctionVersion: version = "…", RoutingConfig: config, RevisionId: revision } = body;
  const weights = Object.entries(
    (config as { AdditionalVersionWeights?: object } | null)?.AdditionalVersionWeights ?? {},
  );
  const parts = weights.map(([other, weight]) => `${other}@${Math.round(Number(weight) * 10_000) / 100}%`);
  const routing = [version, ...(config === undefined ? ["…"] : parts)].join(" + ");
  return typeof revision === "string" ? `${routing} rev ${account.revisions.name(revision)}` : routing;
}
