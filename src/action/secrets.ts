import { setSecret } from "@actions/core";
import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { STSClient } from "@aws-sdk/client-sts";
import { isSecret, Redactor } from "./redactor.ts";

/**
 * Starts to hide secrets and account ids, before anything else is read.
 *
 * Account ids are hidden only in our own output, not registered as secrets of the job: GitHub drops every job output
 * that contains a secret, and other steps hand on ARNs and image addresses that contain account ids.
 *
 * @param read returns an input's text by its name, "" if it isn't set
 */
export function keepSecrets(read: (name: string) => string): Redactor {
  const redactor = new Redactor(read("mask-account-id").trim() !== "false");
  hide(read("github-token").trim(), redactor);
  // Raw, so that it includes inputs that will be refused.
  for (const name of ["function", "role-to-assume"]) redactor.learnFrom(read(name));
  return redactor;
}

/** Hides a secret: the runner does it in the job's log, and we do it in everything that doesn't go through the log. */
export function hide(secret: string, redactor: Redactor): void {
  if (!isSecret(secret)) return;
  // The runner would mask it in the name, too.
  if (!redactor.isInName(secret)) setSecret(secret);
  redactor.addSecret(secret);
}

/**
 * Hides a client's keys before it sends anything, and the account ids in its answers.
 *
 * @param onAnswer called with each of its answers
 */
export function watch<T extends LambdaClient | CloudWatchClient | STSClient>(
  client: T,
  redactor: Redactor,
  onAnswer: (answer: object) => void = () => {},
): T {
  const hidden = new Set<string>();
  // Each client's type wants its own type of middleware, though all of them work the same.
  const stack: Pick<LambdaClient["middlewareStack"], "add"> = client.middlewareStack as LambdaClient["middlewareStack"];
  stack.add(
    (next) => async (request) => {
      const { accessKeyId, secretAccessKey, sessionToken = "" } = await client.config.credentials();
      for (const key of [accessKeyId, secretAccessKey, sessionToken]) {
        if (!hidden.has(key)) hide(key, redactor);
        hidden.add(key);
      }
      const result = await next(request);
      redactor.learnFrom(result.output);
      onAnswer(result.output);
      return result;
    },
    { step: "finalizeRequest" },
  );
  return client;
}
