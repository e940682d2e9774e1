import { protocolOf } from "../cloudwatch/protocols.ts";
import { type Answer, formOf, isForm, jsonOf, Refusal, type Request, type Service } from "../service.ts";
import { type Check, Checks, type Problem } from "./check.ts";
import { COMMON_ERRORS } from "./common-errors.ts";
import { type ApiOperation, type Member, MODELS, type Model, type ServiceName } from "./model.ts";

/** A request, and what it is answered. */
export interface Exchange {
  readonly service: Service["name"];
  readonly operation: string;
  readonly request: Request;
  readonly answer: Answer;
}

/**
 * Compares an exchange with what AWS publishes of its API: the answer, and the request if it was granted.
 *
 * @returns sentences that say what AWS would never answer, or never grant
 */
export function inspect(exchange: Exchange): readonly string[] {
  const wrongRequest = exchange.answer.error === undefined ? inspectRequest(exchange) : [];
  return [...inspectAnswer(exchange), ...wrongRequest];
}

/** The same for callers that should never send what AWS refuses, like the action: refused requests are checked too. */
export function inspectAll(exchange: Exchange): readonly string[] {
  return [...inspectAnswer(exchange), ...inspectRequest(exchange)];
}

function inspectAnswer(exchange: Exchange): readonly string[] {
  const { operation, answer } = exchange;
  const found = publishedFor(exchange);
  if (found === null) return [];
  const { api, published } = found;
  if (answer.error !== undefined) {
    return sentences(`${operation} is refused as AWS never does`, errorProblem(api, published, exchange));
  }
  // A test may make up an error that no AWS service has.
  if (answer.status >= 300) return [];
  return sentences(`${operation} is answered as AWS never does`, outputProblem(api, published, answer));
}

function inspectRequest(exchange: Exchange): readonly string[] {
  const found = publishedFor(exchange);
  if (found === null) return [];
  const { api, published } = found;
  return sentences(`${exchange.operation} asks what AWS refuses`, inputProblem(api, published, exchange));
}

/** Null for what isn't served: it is refused, and the condensed models don't have it. */
function publishedFor({
  service,
  operation,
}: Exchange): { readonly api: Api; readonly published: ApiOperation } | null {
  const api = isModelled(service) ? apis[service]() : null;
  const published = api?.model.operations[operation];
  return api === null || published === undefined ? null : { api, published };
}

function sentences(what: string, problem: Problem | null): readonly string[] {
  if (problem === null) return [];
  const { at, words } = problem;
  return [`${what}: by its model, ${at === "" ? "the body" : at} ${words}.`];
}

interface Api {
  readonly model: Model;
  readonly checks: Checks;
  readonly errors: ReadonlyMap<string, Check>;
}

function isModelled(service: string): service is ServiceName {
  return Object.hasOwn(apis, service);
}

const apis: Readonly<Record<ServiceName, () => Api>> = {
  lambda: lazily("lambda"),
  cloudwatch: lazily("cloudwatch"),
  sts: lazily("sts"),
};

function lazily(service: ServiceName): () => Api {
  let made: Api | null = null;
  return () => {
    if (made !== null) return made;
    const model = MODELS[service];
    const checks = new Checks(model.shapes);
    const errors = Object.entries(model.errors).map(
      ([name, { members }]) => [name, checks.structure(members)] as const,
    );
    made = { model, checks, errors: new Map(errors) };
    return made;
  };
}

function outputProblem({ model, checks }: Api, { output, status }: ApiOperation, answer: Answer): Problem | null {
  if (output === undefined) {
    if (answer.status !== status) return { at: "the status", words: `is ${answer.status}, and has to be ${status}` };
    return answer.body.length === 0 ? null : { at: "", words: "has to be empty" };
  }
  const { members = {}, payload } = model.shapes[output] ?? {};
  const located = placed(members, (place, name) => {
    if (place === "header") return answer.headers[name.toLowerCase()] ?? null;
    return place === "statusCode" ? answer.status : null;
  });
  // Where the status is told as a member, there are several.
  const isFixed = !Object.values(members).some((member) => typeof member !== "string" && member.in === "statusCode");
  if (isFixed && answer.status !== status) {
    return { at: "the status", words: `is ${answer.status}, and has to be ${status}` };
  }
  const body = payload === undefined ? saidBy(answer) : { [payload]: answer.body };
  return body === null ? null : checks.of(output)({ ...body, ...located });
}

/** What the body says; null if a test made up one that says nothing, like a proxy's page. */
function saidBy({ output, body }: Answer): object | null {
  if (output !== undefined) return output as object;
  try {
    return JSON.parse(body.toString());
  } catch {
    return null;
  }
}

function errorProblem(
  { model, errors }: Api,
  { errors: own }: ApiOperation,
  { request, answer }: Exchange,
): Problem | null {
  const name = answer.error ?? "";
  // In the query protocol, errors have names of their own.
  const known = Object.keys(model.errors).find((each) => {
    const { code = each, status = 0 } = model.errors[each] ?? {};
    // Any operation may break down, whether its model says so or not.
    return (own.includes(each) || status >= 500) && (isForm(request) ? code : each) === name;
  });
  const statuses = known === undefined ? COMMON_ERRORS[name] : [model.errors[known]?.status];
  if (statuses === undefined) return { at: `the error ${name}`, words: "is none that it has" };
  if (!statuses.includes(answer.status)) {
    return { at: `the status of ${name}`, words: `is ${answer.status}, and has to be ${statuses.join(" or ")}` };
  }
  // Other protocols than REST have one form for all errors, written in one place.
  if (known === undefined || answer.output === undefined) return null;
  return errors.get(known)?.(answer.output) ?? null;
}

function inputProblem(api: Api, { http, input }: ApiOperation, { request, service }: Exchange): Problem | null {
  if (input === undefined) return null;
  try {
    const read = service === "lambda" ? restInput(api, http, input, request) : rpcInput(api, input, service, request);
    return read === null ? { at: "the address", words: `has to be ${http}` } : api.checks.of(input)(read);
  } catch (error) {
    if (error instanceof Refusal) return { at: "", words: "can't be read" };
    throw error;
  }
}

/** The members of a REST request, wherever they stand in it; null if it isn't at the operation's address. */
function restInput({ model }: Api, http: string, input: string, request: Request): object | null {
  const { members = {}, payload } = model.shapes[input] ?? {};
  const labels = addressOf(http).exec(`${request.method} ${request.path}`)?.groups;
  if (labels === undefined && http.includes("{")) return null;
  const located = placed(members, (place, name, shape) => {
    if (place === "uri") return decodeURIComponent(labels?.[name] ?? "");
    if (place === "querystring" && model.shapes[shape]?.type === "list") return request.query.getAll(name);
    const found = place === "querystring" ? request.query.get(name) : request.headers[name.toLowerCase()];
    return found === null || found === undefined ? null : typed(model, shape, String(found));
  });
  if (payload !== undefined) return { ...located, [payload]: request.body };
  return { ...jsonOf(request, "SerializationException"), ...located };
}

function rpcInput({ model }: Api, input: string, service: Service["name"], request: Request): object {
  if (service === "cloudwatch") {
    const { Action: _action, Version: _version, ...told } = protocolOf(request).inputOf(request);
    return told;
  }
  const { members = {} } = model.shapes[input] ?? {};
  const fields = [...formOf(request)].filter(([name]) => name !== "Action" && name !== "Version");
  return Object.fromEntries(fields.map(([name, value]) => [name, typed(model, shapeOf(members[name]), value)]));
}

const addresses = new Map<string, RegExp>();

/** Matches `GET /2015-03-31/functions/checkout`. */
function addressOf(http: string): RegExp {
  const known = addresses.get(http);
  if (known !== undefined) return known;
  const made = new RegExp(`^${http.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`);
  addresses.set(http, made);
  return made;
}

/** The members that aren't in the body. */
function placed(
  members: Readonly<Record<string, Member>>,
  read: (place: string, name: string, shape: string) => unknown,
): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name in members) {
    const member = members[name];
    if (typeof member === "object") found[name] = read(member.in, member.as, member.shape);
  }
  return found;
}

function shapeOf(member: Member | undefined): string {
  return typeof member === "object" ? member.shape : (member ?? "");
}

/** Text as the shape's type has it. */
function typed(model: Model, shape: string, value: string): unknown {
  switch (model.shapes[shape]?.type) {
    case "integer":
    case "long":
    case "double":
      return Number(value);
    case "boolean":
      return value === "true";
    case "timestamp":
      return Date.parse(value);
    default:
      return value;
  }
}
