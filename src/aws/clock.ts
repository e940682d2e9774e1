import type { Clock } from "../domain/ports.ts";
import { type Duration, type Instant, SECOND } from "../domain/time.ts";

/** Below this, a clock counts as right: a Date header tells only whole seconds, and answers take time. */
const TOLERANCE: Duration = 5 * SECOND;

/**
 * AWS's time. CloudWatch's minutes and the records on aliases are in it, and not every runner's clock is right.
 *
 * It starts as this machine's time and is set by the Date headers of Lambda's answers. In between it follows the clock
 * that measures durations, so it doesn't jump when somebody sets the machine's clock.
 */
export class AwsClock implements Pick<Clock, "now"> {
  /** Called when the machine's clock turns out to be wrong, with how far it is ahead. Below 0: behind. */
  onWrong: (ahead: Duration) => void = () => {};
  readonly #machine: () => Instant;
  readonly #elapsed: () => Duration;
  #start: Instant;
  #isWrong = false;

  /**
   * @param machine this machine's time
   * @param elapsed the time since any fixed moment
   */
  constructor(machine: () => Instant = () => Date.now(), elapsed: () => Duration = () => performance.now()) {
    this.#machine = machine;
    this.#elapsed = elapsed;
    this.#start = machine() - elapsed();
  }

  now(): Instant {
    return Math.round(this.#start + this.#elapsed());
  }

  /** How far this machine's clock is ahead of AWS's. Below 0: behind. 0 until Lambda has answered. */
  get ahead(): Duration {
    return this.#isWrong ? this.#machine() - this.now() : 0;
  }

  /** A call is about to be sent. @returns what to call with the time that its answer tells */
  ask(): (told: Instant) => void {
    const sent = this.#elapsed();
    return (told) => this.#hear(told, sent);
  }

  #hear(told: Instant, sent: Duration): void {
    // It was `told` or up to a second later, at some moment since the call was sent.
    const earliest = told - this.#elapsed();
    const latest = told + SECOND - sent;
    if (this.#start >= earliest - TOLERANCE && this.#start <= latest + TOLERANCE) return;
    this.#start = (earliest + latest) / 2;
    const isNews = !this.#isWrong;
    this.#isWrong = true;
    if (isNews) this.onWrong(this.ahead);
  }
}
