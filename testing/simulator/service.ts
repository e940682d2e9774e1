import type { IncomingHttpHeaders } from "node:http";

/** An HTTP request, read completely. */
export interface Request {
  readonly method: string;
  /** As sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** What the transcript shows of the answer. */
  readonly note: string;
  /** What the body says, before a protocol writes it. */
  readonly output?: unknown;
  /** The error's name, as it goes over the wire. */
  readonly error?: string;
}

/** What a caller must be allowed to do, in the terms of an IAM policy. */
export interface Permission {
  readonly action: string;
  readonly resource: string;
}

/** How often an operation may be called. Operations with the same name share the quota. */
export interface Quota {
  readonly name: string;
  readonly callsPerSecond: number;
}

/** A parsed request: what it asks for and on what, before anything is done. */
export interface Operation {
  readonly name: string;
  /** What it is about, as a person would say it: `checkout:live`. */
  readonly target: string;
  /** What matters in the request, for the transcript. */
  readonly summary: string;
  /** Null if no IAM check applies. */
  readonly permission: Permission | null;
  readonly quota: Quota | null;
  /** Does it. @throws Refusal */
  carryOut(): Answer;
}

/** One of the services behind the simulator's address. */
export interface Service {
  readonly name: "lambda" | "cloudwatch" | "sts" | "github" | "others";
  serves(request: Request): boolean;
  /** @throws Refusal when the request makes no sense */
  understand(request: Request): Operation;
  /** Writes a refusal in the request's protocol. */
  refuse(refusal: Refusal, request: Request): Answer;
}

/** The AWS service that a request is signed for, by its name in signatures (`monitoring`); null if it isn't signed. */
export function signedFor({ headers }: Request): string | null {
  const [, service] = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/.exec(headers.authorization ?? "") ?? [];
  return service ?? null;
}

/** A request that isn't carried out, and why: the service's error as its clients know it. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly status: number;
  /** The service's name for the error: `PreconditionFailedException`. */
  readonly type: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, type: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.type = type;
    this.headers = headers;
  }
}

/** An operation that only refuses. */
export function refusing(name: string, refusal: Refusal, summary = ""): Operation {
  const carryOut = () => {
    throw refusal;
  };
  return { name, target: "", summary, permission: null, quota: null, carryOut };
}

export function answer(
  status: number,
  body: unknown,
  { note = "", headers = {} }: { readonly note?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Answer {
  const type = { "content-type": "application/json" };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body), note, output: body };
}

/** Whether the body is a form, as in AWS's query protocol. */
export function isForm({ headers }: Request): boolean {
  return String(headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded");
}

export function formOf({ body }: Request): URLSearchParams {
  return new URLSearchParams(body.toString("utf8"));
}

/** @throws Refusal when the body isn't a JSON object */
export function jsonOf(request: Request, type: string): Record<string, unknown> {
  if (request.body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(request.body.toString("utf8"));
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Falls through to the refusal below, as for any other value that isn't an object.
  }
  throw new Refusal(400, type, "Could not parse request body into json.");
}
