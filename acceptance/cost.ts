import { HOUR, MINUTE, SECOND } from "../src/domain/time.ts";

/** Prices in dollars, as in the dearest of the large Regions: https://aws.amazon.com/lambda/pricing and /cloudwatch/pricing. */
const PRICES = {
  call: 0.28e-6,
  /** A second of 1 GB, while a call runs. */
  gigabyteSecond: 0.0000229,
  /** A second of 1 GB that is kept ready. */
  readyGigabyteSecond: 0.0000058,
  /** A series in a call of GetMetricData. */
  metric: 0.01 / 1000,
};

/** What the function gets, in GB. */
const MEMORY = 0.125;
/** Far longer than its code takes. */
const CALL = 0.2 * SECOND;
/** How long its concurrency may be kept ready. */
const READY = HOUR / 2;
/** Looks of ours and of both releases: more than they need if everything takes as long as it may. */
const METRICS = 3_000;

/** The most calls of a run that splits this many by weight. For 2,000 it is as many as 20 a second for 5 minutes. */
export function mostCalls(calls: number): number {
  return 3 * calls;
}

/** The most that a run can cost, in dollars. */
export function mostCost(calls: number): number {
  const called = mostCalls(calls) * (PRICES.call + (CALL / SECOND) * MEMORY * PRICES.gigabyteSecond);
  return called + (READY / SECOND) * MEMORY * PRICES.readyGigabyteSecond + METRICS * PRICES.metric;
}

/** How long it takes if figures are no later than the simulator's, and at most. */
export const USUAL = 15 * MINUTE;
export const LONGEST = 45 * MINUTE;
