import { accountOf, type FunctionReference } from "../domain/alias.ts";
import type { Configuration } from "../domain/ports.ts";
import { type Ports, ReleaseError } from "../engine/ports.ts";

/**
 * Stops before any call to Lambda if an ARN names another account than the credentials'. If the credentials' account is
 * unknown, `checkAccount` does it later, with the ARNs that Lambda returns.
 *
 * @throws ReleaseError
 */
export async function checkAccounts(functions: readonly FunctionReference[], { credentials }: Ports): Promise<void> {
  const named = functions.filter(({ account }) => account !== null);
  const own = named.length === 0 ? null : await credentials.account();
  for (const { name, account } of own === null ? [] : named) {
    const problem = different(name, account, own ?? "");
    if (problem !== null) throw new ReleaseError(problem);
  }
}

/** Checks that the function that was found is in the account that was named. @throws ReleaseError if not */
export function checkAccount(reference: FunctionReference, configuration: Configuration): void {
  const problem = strangerOf(reference, configuration);
  if (problem !== null) throw new ReleaseError(problem);
}

/** Why the function that was found isn't the one that was named; null if it is, or if no account was named. */
export function strangerOf({ name, account }: FunctionReference, { arn }: Configuration): string | null {
  return different(name, account, accountOf(arn) ?? "");
}

function different(name: string, account: string | null, own: string): string | null {
  if (account === null || account === own) return null;
  const what = `${name} was given with account ${account}, but the credentials are for account ${own}`;
  return `${what}: use credentials for the function's account, or correct the input function`;
}
