import { Refusal } from "../service.ts";

/** What Lambda says when it refuses. The texts are for people; clients read status and type. */

export function functionNotFound(arn: string): Refusal {
  return new Refusal(404, "ResourceNotFoundException", `Function not found: ${arn}`);
}

export function aliasNotFound(arn: string): Refusal {
  return new Refusal(404, "ResourceNotFoundException", `Cannot find alias arn: ${arn}`);
}

export function notFound(): Refusal {
  return new Refusal(404, "ResourceNotFoundException", "The resource you requested does not exist.");
}

export function notProvisioned(): Refusal {
  const text = "No Provisioned Concurrency Config found for this function";
  return new Refusal(404, "ProvisionedConcurrencyConfigNotFoundException", text);
}

export function neverProvisioned(): Refusal {
  return invalid("The function resource provided must be an alias or a published version.");
}

export function aliasExists(arn: string): Refusal {
  return conflict(`Alias already exists: ${arn}`);
}

export function functionExists(name: string): Refusal {
  return conflict(`Function already exist: ${name}`);
}

export function updateInProgress(arn: string): Refusal {
  return conflict(`The operation cannot be performed at this time. An update is in progress for resource: ${arn}`);
}

export function notReady(state: "Pending" | "Failed"): Refusal {
  return conflict(
    `The operation cannot be performed at this time. The function is currently in the following state: ${state}`,
  );
}

export function versionInUse(aliases: readonly string[]): Refusal {
  return conflict(`Unable to delete version because the following aliases reference it: [${aliases.join(", ")}]`);
}

function conflict(message: string): Refusal {
  return new Refusal(409, "ResourceConflictException", message);
}

export function otherRevision(): Refusal {
  return new Refusal(
    412,
    "PreconditionFailedException",
    "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
  );
}

export function otherCode(wanted: string, present: string): Refusal {
  return invalid(
    `CodeSHA256 (${wanted}) is different from current CodeSHA256 in $LATEST (${present}). Please try again with the CodeSHA256 in $LATEST.`,
  );
}

export function alreadyIncluded(version: string): Refusal {
  return invalid(
    `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
  );
}

export function latestIsWeighted(): Refusal {
  return invalid("$LATEST is not supported for an alias pointing to more than 1 version");
}

export function notManaged(): Refusal {
  return invalid("PublishTo is only supported for functions that run on Lambda Managed Instances");
}

export function differs(what: string): Refusal {
  return invalid(`The versions that an alias points to must have the same ${what}.`);
}

export function weightedAndProvisioned(): Refusal {
  return invalid("Provisioned Concurrency Configs cannot be applied to an alias with a routing configuration.");
}

export function wedged(): Refusal {
  return invalid("Invalid alias configuration for Provisioned Concurrency");
}

export function invalid(message: string): Refusal {
  return new Refusal(400, "InvalidParameterValueException", message);
}

/** For a request that doesn't fit the service's model. */
export function violates(value: unknown, field: string, constraint: string): Refusal {
  return new Refusal(
    400,
    "ValidationException",
    `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: ${constraint}`,
  );
}
