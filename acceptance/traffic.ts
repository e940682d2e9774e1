import { InvokeCommand, type LambdaClient } from "@aws-sdk/client-lambda";
import { type Duration, type Instant, MINUTE, minuteOf, SECOND } from "../src/domain/time.ts";
import { ALIAS } from "./fixture.ts";
import type { Place } from "./place.ts";

/** A call that was answered. */
export interface Answered {
  /** When it was sent. */
  readonly at: Instant;
  readonly version: string;
  readonly failed: boolean;
}

/** No calls begin so close to the turn of a minute, so that each surely counts for its own. */
const AT_LEAST: Duration = SECOND;
const AT_MOST: Duration = 58 * SECOND;
/** How often calls are sent at most: those that are due by then go out together. */
const PACE: Duration = 200;

/** Calls through the alias, at a steady rate. */
export class Traffic {
  readonly answered: Answered[] = [];
  /** How many calls got no answer, so that nobody knows whether they were carried out. */
  lost = 0;
  sent = 0;
  readonly #place: Place;
  /** Its calls aren't tried again: a call that was carried out twice would be counted once. */
  readonly #lambda: LambdaClient;
  readonly #most: number;

  constructor(place: Place, lambda: LambdaClient, most: number) {
    this.#place = place;
    this.#lambda = lambda;
    this.#most = most;
  }

  /** Whether it may send no more. */
  get isUsedUp(): boolean {
    return this.sent >= this.#most;
  }

  /** Sends calls between two instants, or until it is stopped. Resolves when all are answered. */
  async send(perMinute: number, from: Instant, to: Instant, stop?: AbortSignal): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const step = MINUTE / perMinute;
    for (let due = from; due < to && !this.isUsedUp && stop?.aborted !== true; ) {
      if (due > Date.now()) await this.#place.pause(Math.max(PACE, due - Date.now()));
      for (const now = Date.now(); due <= now && due < to && !this.isUsedUp; due += step) {
        const second = now - minuteOf(now);
        if (second < AT_LEAST || second > AT_MOST) continue;
        const call = this.#call().finally(() => underWay.delete(call));
        underWay.add(call);
      }
    }
    await Promise.all(underWay);
  }

  /** The answered calls of some time. */
  between(from: Instant, to: Instant): readonly Answered[] {
    return this.answered.filter(({ at }) => at >= from && at < to);
  }

  async #call(): Promise<void> {
    this.sent += 1;
    const at = Date.now();
    try {
      const command = new InvokeCommand({ FunctionName: this.#place.name, Qualifier: ALIAS });
      const { ExecutedVersion: version = "", FunctionError } = await this.#lambda.send(command);
      this.answered.push({ at, version, failed: FunctionError !== undefined });
    } catch {
      this.lost += 1;
    }
  }
}
