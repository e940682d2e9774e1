import { type Instant, MINUTE, minuteOf } from "../../../src/domain/time.ts";
import type { Metrics } from "./metrics.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

export interface Alarm {
  readonly name: string;
  readonly kind: "metric" | "composite";
  readonly state: (now: Instant) => AlarmState;
}

/** An alarm that changes its state at the given instants. Before the first one it is OK. */
export function scheduled(...changes: readonly { readonly at: Instant; readonly state: AlarmState }[]): Alarm["state"] {
  return (now) => changes.findLast(({ at }) => at <= now)?.state ?? "OK";
}

/**
 * A common alarm: the share of failed calls was over a bound in each of the last minutes that have data. The `resource`
 * in CloudWatch, such as `checkout:live`, tells an alias's calls from others.
 */
export function errorRateAbove(
  bound: number,
  { metrics, of, resource, minutes = 2 }: { metrics: Metrics; of: string; resource?: string; minutes?: number },
): Alarm["state"] {
  const dimensions = { FunctionName: of, ...(resource === undefined ? {} : { Resource: resource }) };
  return (now) => {
    metrics.catchUp(now);
    const rates: number[] = [];
    // Like real alarms, look back a few minutes more than needed, since data can come late.
    for (let back = 1; back <= minutes + 3 && rates.length < minutes; back++) {
      const minute = minuteOf(now) - back * MINUTE;
      const errors = metrics.samples(
        { namespace: "AWS/Lambda", name: "Errors", dimensions },
        minute,
        minute + MINUTE,
        now,
      );
      if (errors !== null) rates.push(errors.sum / errors.count);
    }
    if (rates.length < minutes) return "INSUFFICIENT_DATA";
    return rates.every((rate) => rate > bound) ? "ALARM" : "OK";
  };
}
