import type { Configuration } from "../release/ports.ts";
import type { FunctionReference } from "./order.ts";
import { ReleaseError, type World } from "./world.ts";

/**
 * An ARN may name another account than the credentials': then Lambda isn't asked anything. Where nobody can tell whose the
 * credentials are, the functions' own ARNs do, by `checkAccount`.
 *
 * @throws ReleaseError
 */
export async function checkAccounts(functions: readonly FunctionReference[], { credentials }: World): Promise<void> {
  const named = functions.filter(({ account }) => account !== null);
  const own = named.length === 0 ? null : await credentials.account();
  for (const { name, account } of own === null ? [] : named) {
    const problem = different(name, account, own ?? "");
    if (problem !== null) throw new ReleaseError(problem);
  }
}

/** The function that was found may be another account's than the one that was named. @throws ReleaseError */
export function checkAccount(reference: FunctionReference, configuration: Configuration): void {
  const problem = strangerOf(reference, configuration);
  if (problem !== null) throw new ReleaseError(problem);
}

/** Why a function that was found isn't the one that was named; null when it is, or may be. */
export function strangerOf({ name, account }: FunctionReference, { arn }: Configuration): string | null {
  return different(name, account, arn.split(":")[4] ?? "");
}

function different(name: string, account: string | null, own: string): string | null {
  if (account === null || account === own) return null;
  const what = `${name} was given in account ${account}, but the credentials are for another, ${own}`;
  return `${what}: use credentials of the account that the input function names, or name the right one`;
}
