import { type Duration, formatInstant, MINUTE } from "../domain/time.ts";
import type { Ports } from "./ports.ts";

/** How to get credentials that last longer than the release. */
export const LONGER_CREDENTIALS =
  "let the action assume the role itself (role-to-assume), or get credentials that last longer";

/** A rollback takes seconds; where Lambda is busy, minutes. */
const MARGIN = 2 * MINUTE;

/**
 * Why a release must be rolled back now, while it still can be: its credentials are about to expire. Null if there is
 * time left, or if the expiry is unknown. Never throws: without credentials, the looks fail by themselves.
 *
 * @param poll the time until the next look
 */
export async function credentialExpiry(
  { credentials, clock }: Pick<Ports, "credentials" | "clock">,
  poll: Duration,
): Promise<string | null> {
  const expiry = await credentials.expiry().catch(() => null);
  if (expiry?.kind !== "at" || expiry.at - clock.now() > poll + MARGIN) return null;
  const end = formatInstant(expiry.at);
  return `the AWS credentials expire at ${end}, and after that nothing could be rolled back: ${LONGER_CREDENTIALS}`;
}
