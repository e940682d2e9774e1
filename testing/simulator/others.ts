import { cborError, isCbor } from "./cbor.ts";
import {
  type Answer,
  answer,
  formOf,
  isForm,
  type Operation,
  Refusal,
  type Request,
  refusing,
  type Service,
  signedFor,
} from "./service.ts";
import { content, xml } from "./xml.ts";

/** Services whose REST API answers in XML. */
const IN_XML = ["s3", "s3express", "s3-outposts", "route53", "cloudfront"];

/** Every other AWS service: refuses everything, in that service's own protocol. */
export class Others implements Service {
  readonly name = "others";

  serves(request: Request): boolean {
    return signedFor(request) !== null;
  }

  understand(request: Request): Operation {
    const service = signedFor(request) ?? "";
    const operation = operationOf(request);
    const what = operation === "" ? service : `${service} ${operation}`;
    const message = `This simulator has no ${what}. It has: Lambda, CloudWatch, STS.`;
    const name = operation === "" ? `${request.method} ${request.path}` : operation;
    return refusing(name, new Refusal(501, "NotImplemented", message), `of ${service}`);
  }

  refuse(refusal: Refusal, request: Request): Answer {
    const { status, type, message } = refusal;
    if (isCbor(request)) return cborError(refusal);
    const service = signedFor(request) ?? "";
    const error = { Error: { Code: type, Message: message } };
    // EC2 has its own variant of the query protocol.
    if (service === "ec2") return xml(status, content({ Response: { Errors: error } }), type);
    if (isForm(request)) return xml(status, content({ ErrorResponse: error }), type);
    if (IN_XML.includes(service)) return xml(status, content(error), type);
    return answer(status, { __type: type, message }, { headers: { "x-amzn-errortype": type }, note: type });
  }
}

/** The operation's name; "" for a REST API, which has only method and path. */
function operationOf(request: Request): string {
  const target = String(request.headers["x-amz-target"] ?? "");
  if (target !== "") return target.split(".").at(-1) ?? "";
  if (isForm(request)) return formOf(request).get("Action") ?? "";
  return /^\/service\/[^/]+\/operation\/(\w+)$/.exec(request.path)?.[1] ?? "";
}
