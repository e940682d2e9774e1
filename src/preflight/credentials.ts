import type { Expiry } from "../domain/ports.ts";
import { type Duration, HOUR, type Instant } from "../domain/time.ts";
import type { Ports } from "../engine/ports.ts";
import { longestRelease, type Paced } from "../release/release.ts";

/** How long credentials with an unknown expiry are assumed to last: aws-actions/configure-aws-credentials' default. */
export const USUAL_LIFE = HOUR;

/** A release whose credentials have to last. */
export interface LongRelease extends Paced {
  /** How long it may wait for another release before it begins. */
  readonly waitForRelease: Duration;
}

/** What the credentials are good for. */
export interface CredentialLife {
  readonly expiry: Expiry;
  /** The longest that the release may take from now on. */
  readonly needed: Duration;
  /** Whether they last that long; if nobody knows, whether they usually do. */
  readonly isEnough: boolean;
}

/**
 * Whether the credentials last as long as a release: without them nothing can be rolled back.
 *
 * @throws ServiceError if there are none
 */
export async function lifeOfCredentials(
  release: LongRelease,
  { credentials, clock }: Pick<Ports, "credentials" | "clock">,
): Promise<CredentialLife> {
  const expiry = await credentials.expiry();
  const needed = release.waitForRelease + longestRelease(release);
  return { expiry, needed, isEnough: needed <= timeLeft(expiry, clock.now()) };
}

function timeLeft(expiry: Expiry, now: Instant): Duration {
  switch (expiry.kind) {
    case "never":
      return Number.POSITIVE_INFINITY;
    case "at":
      return expiry.at - now;
    case "unknown":
      return USUAL_LIFE;
  }
}
