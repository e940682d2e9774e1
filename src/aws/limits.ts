import { type Duration, SECOND } from "../domain/time.ts";

/** How long calls to AWS may take. One that takes longer counts as lost, and is sent again. */
export const LIMITS = {
  /** To connect, by way of a proxy too. */
  connect: 2 * SECOND,
  /** To read or write an alias. Lambda takes less than a second, and a rollback that got stuck must go out again soon. */
  alias: 3 * SECOND,
  /** A look at the figures or the alarms. The next one comes soon. */
  look: 10 * SECOND,
  /** All other calls: publishing takes longest. Nothing waits for them but the start. */
  usual: 10 * SECOND,
  /** The figures of a week, for up to 500 series at once. */
  history: 20 * SECOND,
  /** Between two packets of an answer. More than any of the above, since it counts from the request on. */
  silence: 25 * SECOND,
} as const satisfies Readonly<Record<string, Duration>>;

/** The limits of a client's calls, unless a call has its own. */
export const CLIENT_LIMITS = {
  connectionTimeout: LIMITS.connect,
  requestTimeout: LIMITS.usual,
  socketTimeout: LIMITS.silence,
  throwOnRequestTimeout: true,
};
