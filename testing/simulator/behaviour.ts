import type { Duration } from "../../src/domain/time.ts";

/** How a version behaves when it is called. */
export interface Behaviour {
  /** Share of the calls that fail. */
  readonly errorRate: number;
  /** Share of the calls that fail before the code runs: errors without an invocation. */
  readonly initFailureRate: number;
  /** Share of the calls that hang until the time-out ends them. They fail too. */
  readonly hangRate: number;
  /** Share of the calls that answer with status 500. To Lambda they are successful: no `Errors`. */
  readonly serverErrorRate: number;
  /** Share of the calls that answer with status 400. */
  readonly clientErrorRate: number;
  /** Share of the batches of which some items are returned as failed. To Lambda these calls are successful, too. */
  readonly partialBatchRate: number;
  /** Median duration of a call. */
  readonly latency: Duration;
  /** Standard deviation of the logarithm of the duration. */
  readonly spread: number;
  /** How much longer the first call in a new execution environment takes. */
  readonly coldStart: Duration;
}

export const FINE: Behaviour = {
  errorRate: 0.001,
  initFailureRate: 0,
  hangRate: 0,
  serverErrorRate: 0,
  clientErrorRate: 0,
  partialBatchRate: 0,
  latency: 120,
  spread: 0.4,
  coldStart: 350,
};
