import { type Duration, formatInstant, MINUTE } from "../release/time.ts";
import { LONGER_CREDENTIALS } from "./foresight.ts";
import type { World } from "./world.ts";

/** A rollback takes seconds; where Lambda is busy, minutes. */
const MARGIN = 2 * MINUTE;

/**
 * Why a release must be rolled back now, while it still can be: its credentials are about to expire. Null if there is
 * time left, or if the expiry is unknown. Never throws: without credentials, the looks fail by themselves.
 *
 * @param poll the time until the next look
 */
export async function lapseOf(
  { credentials, clock }: Pick<World, "credentials" | "clock">,
  poll: Duration,
): Promise<string | null> {
  const expiry = await credentials.expiry().catch(() => null);
  if (expiry?.kind !== "at" || expiry.at - clock.now() > poll + MARGIN) return null;
  const end = formatInstant(expiry.at);
  return `the AWS credentials expire at ${end}, and after that nothing could be rolled back: ${LONGER_CREDENTIALS}`;
}
