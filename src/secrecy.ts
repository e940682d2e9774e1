import { setSecret } from "@actions/core";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { STSClient } from "@aws-sdk/client-sts";
import { Veil } from "./report/veil.ts";

/**
 * Begins to keep what is not for everybody, before anything else is read.
 *
 * The ids of accounts are only veiled, and not made secrets of the job: GitHub drops every output of a job that holds one
 * of its secrets, and an account's id is part of every image's address and of every ARN that other steps hand on.
 *
 * @param read gives an input's text by its name, "" when it isn't set
 */
export function keepSecrets(read: (name: string) => string): Veil {
  const veil = new Veil(read("mask-account-id").trim() !== "false");
  hide(read("github-token").trim(), veil);
  // Also of inputs that will be refused.
  for (const name of ["function", "role-to-assume"]) veil.learnFrom(read(name));
  return veil;
}

/** Has a secret hidden: by the runner in the log of the job, and by us in all that doesn't pass through it. */
export function hide(secret: string, veil: Veil): void {
  if (secret === "") return;
  setSecret(secret);
  veil.addSecret(secret);
}

/** Hides the keys by which a client signs before it sends anything, and the accounts that are named in its answers. */
export function watch<T extends LambdaClient | CloudWatchClient | STSClient>(client: T, veil: Veil): T {
  const hidden = new Set<string>();
  // An SDK's client takes only middleware of its own types: all of them are alike.
  const stack: Pick<LambdaClient["middlewareStack"], "add"> = client.middlewareStack as LambdaClient["middlewareStack"];
  stack.add(
    (next) => async (request) => {
      const { accessKeyId, secretAccessKey, sessionToken = "" } = await client.config.credentials();
      for (const key of [accessKeyId, secretAccessKey, sessionToken]) {
        if (!hidden.has(key)) hide(key, veil);
        hidden.add(key);
      }
      const result = await next(request);
      veil.learnFrom(result.output);
      return result;
    },
    { step: "finalizeRequest" },
  );
  return client;
}
