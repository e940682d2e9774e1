import { type Fault, ServiceError } from "../domain/ports.ts";

/** An AWS call, as people read it: `UpdateAlias of checkout:live`. */
export interface Call {
  readonly operation: string;
  readonly on: string;
  /** The IAM action that allows it: `lambda:UpdateAlias`. */
  readonly action: string;
}

/**
 * Turns whatever the AWS SDK threw into a `ServiceError` that says what to do.
 *
 * The SDK's errors are told apart by name and HTTP status: its classes change from release to release, and network
 * errors have no class of their own.
 */
export function serviceError({ operation, on, action }: Call, error: unknown): ServiceError {
  // From getting the credentials: no call was made.
  if (error instanceof ServiceError) return error;
  const { name, status, message } = factsOf(error);
  const what = `${operation} of ${on}`;
  const say = (fault: Fault, text: string) => new ServiceError(fault, `${what} ${text}`, error);

  // The SDK has corrected its signatures by then, if the answers told it the time.
  if (
    /^RequestExpired|^RequestTimeTooSkewed/.test(name) ||
    /Signature expired|Signature not yet current/.test(message)
  ) {
    return say(
      "denied",
      `was refused: the clock of this runner is wrong, set it right and run this again (${message})`,
    );
  }
  if (
    /^(Expired|InvalidClientToken|InvalidSignature|SignatureDoesNotMatch|UnrecognizedClient|CredentialsProvider|TokenRefreshRequired)/.test(
      name,
    )
  ) {
    return say("expired", `was refused: there are no valid AWS credentials (${message})`);
  }
  if (status === 412) return say("conflict", "was refused: someone else changed it in the meantime");
  if (status === 400 && /CodeSha256/i.test(message)) {
    return say("conflict", `was refused: the function has other code by now (${message})`);
  }
  if (status === 404 || name === "ResourceNotFoundException") return say("missing", `found nothing (${message})`);
  if (status === 429 || /^Throttl|^TooManyRequests|RequestLimitExceeded/.test(name)) {
    return say("throttled", "was throttled by AWS, and so were the retries");
  }
  if (status === 403 || /^AccessDenied/.test(name)) {
    return say("denied", `is not allowed: grant ${action} to the role that the workflow assumes (${message})`);
  }
  if (status === 400 && message.includes("Invalid alias configuration for Provisioned Concurrency")) {
    return say("stuck", `was refused: the provisioned concurrency of the alias is stuck (${message})`);
  }
  if (status === 409) return say("busy", `has to wait for another operation (${message})`);
  if (status !== null && status >= 400 && status < 500) return say("invalid", `was refused (${message})`);
  return say("unclear", `got no clear answer (${message})`);
}

interface ErrorFacts {
  readonly name: string;
  readonly status: number | null;
  readonly message: string;
}

/** What an error of the SDK says, whatever its class. */
export function factsOf(error: unknown): ErrorFacts {
  if (!(error instanceof Error)) return { name: "", status: null, message: String(error) };
  const { $response: response } = error as { readonly $response?: Response };
  // What isn't AWS's own says nothing of the call, whatever its status.
  if (response !== undefined && isForeign(error.name, response)) {
    return { name: "", status: null, message: foreign(response) };
  }
  const metadata = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }) : {};
  const status = metadata.httpStatusCode ?? null;
  // A body that can't be parsed counts as no answer, whatever its status.
  const clear = error.name === "SyntaxError" ? null : status;
  // The SDK adds a line for people who debug the SDK.
  const message = error.message.replace(/\n\s*Deserialization error: .*/s, "");
  return { name: error.name, status: clear, message: message || error.name };
}

/** The answer of a call that succeeded, as the SDK gives it. */
export interface Answer {
  readonly $metadata: { readonly httpStatusCode?: number | undefined; readonly requestId?: string | undefined };
}

/**
 * The error for an answer that lacks what the service always sends. The SDK may read a page of something in between as an
 * answer without any field.
 */
export function hollow(
  what: string,
  { $metadata: { httpStatusCode: statusCode = 200, requestId } }: Answer,
): ServiceError {
  const text =
    requestId === undefined
      ? `got no clear answer (${foreign({ statusCode, headers: {} })})`
      : "got an answer that can't be read";
  return new ServiceError("unclear", `${what} ${text}`, null);
}

/** An answer as it came, with its headers' names in small letters. */
interface Response {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** AWS's services give each answer an id, and each refusal a type. Without a type, the SDK makes up one of these names. */
function isForeign(name: string, { headers }: Response): boolean {
  return headers["x-amzn-requestid"] === undefined && /^(SyntaxError|Error|Unknown(Error)?|NotFound)$/.test(name);
}

/** What something between this runner and AWS answered, and who it says it is. */
function foreign({ statusCode, headers }: Response): string {
  const { "content-type": type = "", server = "", via = "", location = "" } = headers;
  const kind = type.includes("html") ? "a page of HTML" : type;
  const origins = [
    ["from", server],
    ["via", via],
    ["leading to", URL.parse(location)?.host ?? ""],
  ].flatMap(([how, whom = ""]) => (whom === "" ? [] : [`${how} ${whom}`]));
  const parts = [`HTTP ${statusCode}`, ...(kind === "" ? [] : [kind]), ...origins].map(short);
  return `not one of AWS's own: ${parts.join(", ")}. Look at the proxy or endpoint between this runner and AWS`;
}

const LONGEST_PART = 80;

function short(text: string): string {
  return text.slice(0, LONGEST_PART);
}
