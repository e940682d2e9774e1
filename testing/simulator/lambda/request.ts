import { Refusal } from "../service.ts";
import * as refuse from "./refusals.ts";

/** How a request names a function: name, partial ARN or ARN, each with or without a qualifier. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier: string | null;
}

const REFERENCE =
  /^(?:arn:aws[a-z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[\w-]{1,64})(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/** @throws Refusal when it isn't a valid reference, or names another account or Region */
export function readReference(
  text: string,
  given: string | null,
  here: { readonly id: string; readonly region: string },
): FunctionReference {
  const { region, account, name, qualifier } = REFERENCE.exec(text)?.groups ?? {};
  if (name === undefined) {
    throw refuse.violates(
      text,
      "functionName",
      "Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?",
    );
  }
  if (region !== undefined && region !== here.region) {
    const message = `Functions from '${region}' are not reachable in this region ('${here.region}')`;
    throw new Refusal(404, "ResourceNotFoundException", message);
  }
  if (account !== undefined && account !== here.id) {
    const message = `The simulator's account is ${here.id}. You have no rights in ${account}.`;
    throw new Refusal(403, "AccessDeniedException", message);
  }
  if (given !== null && !/^(\$LATEST(\.PUBLISHED)?|[\w-]{1,128})$/.test(given)) {
    const pattern = "\\$(LATEST(\\.PUBLISHED)?)|[a-zA-Z0-9-_$]+";
    throw refuse.violates(given, "qualifier", `Member must satisfy regular expression pattern: ${pattern}`);
  }
  if (qualifier !== undefined && given !== null && qualifier !== given) {
    throw refuse.invalid("The derived qualifier from the function name does not match the specified qualifier.");
  }
  return { name, qualifier: qualifier ?? given };
}

/** @throws Refusal when the alias's name isn't valid */
export function checkAliasName(name: string): void {
  if (/^(?!^\d+$)[\w-]{1,128}$/.test(name)) return;
  throw refuse.violates(
    name,
    "name",
    "Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+), and have length less than or equal to 128",
  );
}

/** A string in the request's body, if it is there. @throws Refusal */
export function textOf(body: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === "string") return value;
  throw new Refusal(400, "SerializationException", `${name} must be a string.`);
}

export function descriptionOf(body: Readonly<Record<string, unknown>>): string | undefined {
  const description = textOf(body, "Description");
  if (description !== undefined && description.length > 256) {
    throw refuse.violates(description, "description", "Member must have length less than or equal to 256");
  }
  return description;
}

/**
 * The weights in a request to write an alias: null for none, undefined if it has no RoutingConfig.
 * @throws Refusal
 */
export function weightsOf(
  body: Readonly<Record<string, unknown>>,
): { readonly version: string; readonly weight: number } | null | undefined {
  const config = body["RoutingConfig"];
  if (config === undefined || config === null) return undefined;
  const weights = Object.entries((config as { AdditionalVersionWeights?: object }).AdditionalVersionWeights ?? {});
  const where = "routingConfig.additionalVersionWeights";
  for (const [version, weight] of weights) {
    if (!/^\d+$/.test(version)) {
      const constraint = "Member must satisfy regular expression pattern: [0-9]+";
      throw refuse.violates(`{${version}=${weight}}`, where, `Map keys must satisfy constraint: [${constraint}]`);
    }
    // Whether Lambda accepts exactly 1 isn't documented. The simulator doesn't, so that nobody relies on it.
    if (typeof weight !== "number" || weight < 0 || weight >= 1) {
      const constraint =
        "Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0";
      throw refuse.violates(`{${version}=${weight}}`, where, `Map value must satisfy constraint: [${constraint}]`);
    }
  }
  if (weights.length > 1) throw refuse.invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
  const [only] = weights;
  return only === undefined ? null : { version: only[0], weight: only[1] };
}

/**
 * One page of a list. `most` is how many the service gives at once.
 *
 * @param limit how many a request may ask for, although it won't get them
 */
export function pageOf<T>(
  items: readonly T[],
  query: URLSearchParams,
  most: number,
  limit = 10_000,
): { readonly page: readonly T[]; readonly marker: { readonly NextMarker?: string } } {
  const marker = query.get("Marker");
  const first = marker === null || marker === "" ? 0 : Number(Buffer.from(marker, "base64url").toString());
  if (!Number.isInteger(first)) throw refuse.invalid("Invalid Marker");
  const size = query.get("MaxItems");
  if (size !== null && !(Number(size) >= 1 && Number(size) <= limit)) {
    throw refuse.violates(size, "maxItems", `Member must have value between 1 and ${limit}`);
  }
  const page = items.slice(first, first + Math.min(most, Number(size ?? most)));
  const end = first + page.length;
  return { page, marker: end < items.length ? { NextMarker: Buffer.from(String(end)).toString("base64url") } : {} };
}
