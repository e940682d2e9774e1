import { SECOND } from "../../../src/domain/time.ts";
import { type Answer, answer, formOf, isForm, jsonOf, Refusal, type Request } from "../service.ts";
import { content, queryError, xml } from "../xml.ts";
import type { Input } from "./input.ts";

/** A protocol that CloudWatch speaks. Outputs use `Date` for times and `Map` for maps. */
export interface Protocol {
  operationOf(request: Request): string;
  /** @throws Refusal when it can't be read */
  inputOf(request: Request): Input;
  answer(operation: string, output: object, note: string): Answer;
  refuse(refusal: Refusal): Answer;
}

const JSON_TYPE = "application/x-amz-json-1.0";
const TARGET = /^GraniteServiceVersion20100801\.(\w+)$/;

/** For the AWS SDKs and current AWS CLIs. */
const awsJson: Protocol = {
  operationOf: ({ headers }) => TARGET.exec(String(headers["x-amz-target"] ?? ""))?.[1] ?? "",
  inputOf: (request) => jsonOf(request, "SerializationException"),
  answer: (_operation, output, note) => ({
    ...answer(200, inJson(output), { note, headers: { "content-type": JSON_TYPE } }),
    output,
  }),
  refuse: ({ status, type, message, headers }) => {
    // Clients written for the query protocol still get its error names.
    const queryError = { "x-amzn-query-error": `${queryCode(type)};${status < 500 ? "Sender" : "Receiver"}` };
    const body = { __type: `com.amazonaws.cloudwatch#${type}`, message };
    const written = answer(status, body, { headers: { "content-type": JSON_TYPE, ...queryError, ...headers } });
    return { ...written, note: type, output: undefined, error: type };
  },
};

const VERSION = "2010-08-01";
const NAMESPACE = `http://monitoring.amazonaws.com/doc/${VERSION}/`;

/** Forms in, XML out: for older AWS CLIs and SDKs. */
const awsQuery: Protocol = {
  operationOf: (request) => formOf(request).get("Action") ?? "",
  inputOf: (request) => {
    const form = formOf(request);
    if (form.get("Version") !== VERSION) {
      throw new Refusal(
        400,
        "InvalidAction",
        `This simulator speaks CloudWatch ${VERSION}, not ${form.get("Version")}.`,
      );
    }
    return structure([...form].map(([name, value]) => ({ path: name.split("."), value })));
  },
  answer: (operation, output, note) => {
    const result = content({ [`${operation}Result`]: output });
    return { ...xml(200, `<${operation}Response xmlns="${NAMESPACE}">${result}</${operation}Response>`, note), output };
  },
  refuse: (refusal) => queryError(refusal, queryCode(refusal.type), NAMESPACE),
};

export function protocolOf(request: Request): Protocol {
  return isForm(request) ? awsQuery : awsJson;
}

/** Whether an unsigned request is for CloudWatch. */
export function isCloudWatch(request: Request): boolean {
  return awsJson.operationOf(request) !== "" || (isForm(request) && formOf(request).get("Version") === VERSION);
}

/** Errors that have another name in the query protocol. All others just lose `Exception`. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  InternalServiceFault: "InternalServiceError",
  MissingRequiredParameterException: "MissingParameter",
  UnknownOperationException: "InvalidAction",
  InvalidSignatureException: "SignatureDoesNotMatch",
  UnrecognizedClientException: "InvalidClientTokenId",
  MissingAuthenticationTokenException: "MissingAuthenticationToken",
};

function queryCode(type: string): string {
  return QUERY_CODES[type] ?? type.replace(/Exception$/, "");
}

/** JSON has no dates and no maps, so use seconds and objects. */
function inJson(value: unknown): unknown {
  if (value instanceof Date) return value.getTime() / SECOND;
  if (Array.isArray(value)) return value.map(inJson);
  if (typeof value !== "object" || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([name, each]) => [name, inJson(each)]));
}

/** One field of a form, `MetricDataQueries.member.1.Id=m1`. `path` is what is left to unfold. */
interface Field {
  readonly path: readonly string[];
  readonly value: string;
}

function structure(fields: readonly Field[]): Record<string, unknown> {
  return Object.fromEntries([...byName(fields)].map(([name, inner]) => [name, unfold(name, inner)]));
}

function unfold(name: string, fields: readonly Field[]): unknown {
  const whole = fields.find(({ path }) => path.length === 0);
  if (whole !== undefined) return scalar(name, whole.value);
  const members = byName(fields);
  const list = members.get("member");
  if (list === undefined || members.size > 1) return structure(fields);
  const numbered = [...byName(list)].sort(([a], [b]) => Number(a) - Number(b));
  return numbered.map(([, inner]) => unfold(name, inner));
}

function byName(fields: readonly Field[]): Map<string, Field[]> {
  const names = Map.groupBy(fields, ({ path }) => path[0] ?? "");
  return new Map(
    [...names].map(([name, all]) => [name, all.map(({ path, value }) => ({ path: path.slice(1), value }))]),
  );
}

const NUMBERS = ["Period", "MaxDatapoints", "MaxRecords"];
const TIMES = ["StartTime", "EndTime"];
const BOOLEANS = ["ReturnData", "IncludeLinkedAccounts"];

/** A form has only strings, so the name decides the type. @throws Refusal when a time can't be read */
function scalar(name: string, text: string): unknown {
  if (BOOLEANS.includes(name)) return text === "true";
  if (NUMBERS.includes(name)) return /^-?\d+$/.test(text) ? Number(text) : text;
  if (!TIMES.includes(name)) return text;
  const time = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Refusal(
      400,
      "ValidationError",
      `The value ${text} for parameter ${name} is not a time like 2016-10-10T23:00:00Z.`,
    );
  }
  return time / SECOND;
}
