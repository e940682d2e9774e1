import { type Duration, MINUTE } from "../domain/time.ts";
import type { Reason } from "../release/reason.ts";
import type { Ports } from "./ports.ts";

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
): Promise<Reason | null> {
  const expiry = await credentials.expiry().catch(() => null);
  if (expiry?.kind !== "at" || expiry.at - clock.now() > poll + MARGIN) return null;
  return { kind: "credentials-expire", at: expiry.at };
}
