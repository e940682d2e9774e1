import { answer } from "../service.ts";
import { type Definition, type LambdaCall, lambdaOf, nothing, path } from "./call.ts";
import type { LambdaFunction } from "./function.ts";
import * as refuse from "./refusals.ts";

const TAGS = "/2017-03-31/tags";
const RESOURCE = "/(?<function>[^/]+)";
/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-tags.html */
const MOST_TAGS = 50;

/** Operations on the tags of functions. */
export const TAG_OPERATIONS: readonly Definition[] = [
  {
    operation: "ListTags",
    method: "GET",
    path: path(TAGS, RESOURCE),
    input: "none",
    resource: "function",
    carryOut: (call) => answer(200, { Tags: Object.fromEntries(taggedBy(call).tags) }),
  },
  {
    operation: "TagResource",
    method: "POST",
    path: path(TAGS, RESOURCE),
    input: "json",
    resource: "function",
    carryOut: (call) => {
      addTags(taggedBy(call), call.body["Tags"] ?? {});
      return nothing();
    },
  },
  {
    operation: "UntagResource",
    method: "DELETE",
    path: path(TAGS, RESOURCE),
    input: "none",
    resource: "function",
    carryOut: (call) => {
      const { tags } = taggedBy(call);
      for (const key of call.request.query.getAll("tagKeys")) tags.delete(key);
      return nothing();
    },
  },
];

/** Tags a function. @throws Refusal when a tag isn't valid, or there are too many */
export function addTags({ tags }: LambdaFunction, added: unknown): void {
  checkTags(added, tags);
  for (const [key, value] of Object.entries(added)) tags.set(key, value);
}

/** @throws Refusal when a tag isn't valid, or there would be too many */
export function checkTags(
  added: unknown,
  present: ReadonlyMap<string, string> = new Map(),
): asserts added is Readonly<Record<string, string>> {
  const entries = Object.entries((added ?? {}) as Readonly<Record<string, unknown>>);
  for (const [key, value] of entries) {
    if (key === "" || key.length > 128 || /^aws:/i.test(key)) throw refuse.invalid(`The tag key ${key} is not valid.`);
    if (typeof value !== "string" || value.length > 256) throw refuse.invalid(`The value of tag ${key} is not valid.`);
  }
  if (new Set([...present.keys(), ...entries.map(([key]) => key)]).size > MOST_TAGS) {
    throw refuse.invalid(`A function can't have more than ${MOST_TAGS} tags.`);
  }
}

/** The function whose ARN is in the path: only whole functions have tags. */
function taggedBy(call: LambdaCall): LambdaFunction {
  const resource = decodeURIComponent(call.request.path.split("/")[3] ?? "");
  if (!resource.startsWith("arn:")) {
    throw refuse.violates(
      resource,
      "resource",
      "Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*):lambda:...",
    );
  }
  if (call.function.qualifier !== null) {
    throw refuse.invalid("Tags on function aliases and versions are not supported. Please specify a function ARN.");
  }
  return lambdaOf(call);
}
