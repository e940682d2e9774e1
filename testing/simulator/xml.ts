import { formatInstant } from "../../src/domain/time.ts";
import type { Answer, Refusal } from "./service.ts";

/** XML as written by AWS's query protocol and S3. */

export function element(name: string, ...content: readonly string[]): string {
  return `<${name}>${content.join("")}</${name}>`;
}

export function text(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

export function xml(
  status: number,
  body: string,
  note: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  return { status, headers: { "content-type": "text/xml", ...headers }, body, note };
}

/** A value as XML, without its own tag: lists become `member` elements, maps `entry` elements. */
export function content(value: unknown): string {
  if (value instanceof Date) return formatInstant(value.getTime());
  if (Array.isArray(value)) return value.map((each) => element("member", content(each))).join("");
  if (value instanceof Map) {
    const entries = [...value].map(([key, each]) => [
      element("key", text(String(key))),
      element("value", content(each)),
    ]);
    return entries.map((entry) => element("entry", ...entry)).join("");
  }
  if (typeof value !== "object" || value === null) return text(String(value));
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  return members.map(([name, each]) => element(name, content(each))).join("");
}

/** A refusal in the query protocol. @param code the error's name there */
export function queryError({ status, message, headers }: Refusal, code: string, namespace: string): Answer {
  const error = { Type: status < 500 ? "Sender" : "Receiver", Code: code, Message: message };
  const body = `<ErrorResponse xmlns="${namespace}">${content({ Error: error })}</ErrorResponse>`;
  return { ...xml(status, body, code, headers), error: code };
}
