import { DAY, type Duration, HOUR, type Instant, MINUTE } from "../../../src/domain/time.ts";

/**
 * How long points are kept: the longer the period, the longer. See
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html.
 */
const KEPT: readonly { readonly period: Duration; readonly duration: Duration }[] = [
  { period: HOUR, duration: 455 * DAY },
  { period: 5 * MINUTE, duration: 63 * DAY },
  { period: MINUTE, duration: 15 * DAY },
];

/** How long points of a period are kept. */
export function keptFor(period: Duration): Duration {
  return KEPT.find((points) => period % points.period === 0)?.duration ?? 0;
}

/** The shortest period for which an instant's points are still kept. */
export function finestAt(at: Instant, now: Instant): Duration {
  return KEPT.findLast(({ duration }) => now - at <= duration)?.period ?? HOUR;
}
