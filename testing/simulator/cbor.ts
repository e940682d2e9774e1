import type { Answer, Refusal, Request } from "./service.ts";

/** Whether a request speaks Smithy RPC v2 CBOR. No service here accepts it; we only write refusals in it. */
export function isCbor({ headers }: Request): boolean {
  return headers["smithy-protocol"] === "rpc-v2-cbor";
}

/** A refusal as CBOR. */
export function cborError({ status, type, message, headers }: Refusal): Answer {
  const body = Buffer.concat([head(MAP, 2), ...["__type", type, "message", message].map(text)]);
  const protocol = { "content-type": "application/cbor", "smithy-protocol": "rpc-v2-cbor" };
  return { status, headers: { ...protocol, ...headers }, body, note: type, error: type };
}

const TEXT = 3;
const MAP = 5;

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([head(TEXT, bytes.length), bytes]);
}

/** The header of a value: its type and its length. */
function head(kind: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(kind << 5) | length]);
  if (length < 256) return Buffer.from([(kind << 5) | 24, length]);
  return Buffer.from([(kind << 5) | 25, length >> 8, length & 255]);
}
