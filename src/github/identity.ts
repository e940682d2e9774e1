import { setTimeout } from "node:timers/promises";
import { getIDToken } from "@actions/core";
import { ServiceError } from "../domain/ports.ts";
import { SECOND } from "../domain/time.ts";

/** After this time a token is given up as lost, and asked for again. */
const TIMEOUT = 10 * SECOND;

/**
 * Gets an OIDC token from GitHub that identifies this job to AWS. It is valid for about five minutes, and is masked in
 * the log. New ones can be had for as long as the job runs.
 *
 * @param audience who the token is for, as the role's trust policy names it
 * @throws ServiceError
 */
export async function mintToken(audience: string): Promise<string> {
  if (!process.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) {
    const remedy = "give the job `permissions: id-token: write` (pull requests from forks never get it)";
    throw new ServiceError("expired", `GitHub gives this job no OIDC token: ${remedy}`, null);
  }
  const limit = setTimeout(TIMEOUT, null, { ref: false });
  const token = await Promise.race([getIDToken(audience).catch(refused), limit]);
  if (token === null) throw new ServiceError("unclear", "GitHub did not answer the request for a token", null);
  return token;
}

/** The toolkit's message has several lines, and starts with words of its own: makes it one line without them. */
function refused(error: unknown): never {
  const what =
    error instanceof Error ? error.message.replace(/\s+/g, " ").replace(/^Error message: /, "") : String(error);
  throw new ServiceError("unclear", `GitHub gave no token (${what})`, error);
}
