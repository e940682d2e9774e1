import { type Duration, formatInstant, MINUTE } from "../release/time.ts";
import { LONGER_CREDENTIALS } from "./foresight.ts";
import type { World } from "./world.ts";

/** A rollback takes seconds; where Lambda is busy, minutes. */
const MARGIN = 2 * MINUTE;

/**
 * Why a release must be taken back now, while it can be: its credentials are about to end. Null while there is time, and
 * where nobody knows; never throws, since without credentials the looks fail by themselves.
 *
 * @param poll how long it is until the next look
 */
export async function lapseOf(
  { credentials, clock }: Pick<World, "credentials" | "clock">,
  poll: Duration,
): Promise<string | null> {
  const expiry = await credentials.expiry().catch(() => null);
  if (expiry?.kind !== "at" || expiry.at - clock.now() > poll + MARGIN) return null;
  const end = formatInstant(expiry.at);
  return `the AWS credentials end at ${end}, and then nothing could be rolled back any more: ${LONGER_CREDENTIALS}`;
}
