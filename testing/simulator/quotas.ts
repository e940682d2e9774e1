import { type Instant, SECOND } from "../../src/domain/time.ts";
import { type Quota, Refusal } from "./service.ts";

/**
 * The rates at which an account may call: buckets that hold one second's calls and refill steadily. AWS documents the
 * rates (see where each is defined), not how it counts: the size of the buckets is an assumption.
 */
export class Quotas {
  readonly #buckets = new Map<string, { readonly left: number; readonly at: Instant }>();

  /** @throws Refusal when the quota is used up */
  take(service: "lambda" | "cloudwatch", { name, callsPerSecond }: Quota, now: Instant): void {
    const key = `${service} ${name}`;
    const bucket = this.#buckets.get(key) ?? { left: callsPerSecond, at: now };
    const left = Math.min(callsPerSecond, bucket.left + ((now - bucket.at) / SECOND) * callsPerSecond);
    if (left < 1) throw service === "lambda" ? tooManyRequests() : throttling();
    this.#buckets.set(key, { left: left - 1, at: now });
  }
}

/** What Lambda says when it is called too often. */
export function tooManyRequests(retryAfter = 1): Refusal {
  return new Refusal(429, "TooManyRequestsException", "Rate exceeded", { "retry-after": String(retryAfter) });
}

/** What CloudWatch says when it is called too often. */
export function throttling(): Refusal {
  return new Refusal(400, "ThrottlingException", "Rate exceeded");
}
