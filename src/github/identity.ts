import { setTimeout } from "node:timers/promises";
import { getIDToken } from "@actions/core";
import { ServiceError } from "../release/ports.ts";
import { SECOND } from "../release/time.ts";

/** A token that is not there by then is taken for lost, and asked for again. */
const TIMEOUT = 10 * SECOND;

/**
 * Has GitHub vouch for this job, for AWS to believe it. The token lives for about five minutes, can be minted anew for as
 * long as the job runs, and is masked in the log.
 *
 * @param audience whom the token is for, as the trust of the role says it
 * @throws ServiceError
 */
export async function mintToken(audience: string): Promise<string> {
  if (!process.env["ACTIONS_ID_TOKEN_REQUEST_URL"]) {
    const remedy = "give the job `permissions: id-token: write`, which pull requests from forks never get";
    throw new ServiceError("expired", `GitHub doesn't vouch for this job: ${remedy}`, null);
  }
  const limit = setTimeout(TIMEOUT, null, { ref: false });
  const token = await Promise.race([getIDToken(audience).catch(refused), limit]);
  if (token === null) throw new ServiceError("unclear", "GitHub did not answer when it was asked for a token", null);
  return token;
}

/** The toolkit tells what went wrong over several lines, with words of its own before it. */
function refused(error: unknown): never {
  const what =
    error instanceof Error ? error.message.replace(/\s+/g, " ").replace(/^Error message: /, "") : String(error);
  throw new ServiceError("unclear", `GitHub gave no token (${what})`, error);
}
