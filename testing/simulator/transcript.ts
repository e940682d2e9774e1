import type { Instant } from "../../src/domain/time.ts";
import type { Request } from "./service.ts";

/** One call that reached the simulator. */
export interface Call {
  /** Counts from 1. */
  readonly number: number;
  readonly at: Instant;
  readonly service: string;
  readonly operation: string;
  /** What it is about: `checkout:live`. */
  readonly target: string;
  /** What matters in the request: `42 + 43@5% rev r3`. */
  readonly summary: string;
  readonly request: Request;
  /** `200 42 + 43@5% rev r4`, `412 PreconditionFailedException`, or why there was no answer; "" while there is none. */
  readonly answer: string;
}

/** Every call to the simulator, in order. */
export class Transcript {
  readonly #calls: Call[] = [];

  get calls(): readonly Call[] {
    return this.#calls;
  }

  open(call: Omit<Call, "number" | "answer">): Call {
    const opened = { ...call, number: this.#calls.length + 1, answer: "" };
    this.#calls.push(opened);
    return opened;
  }

  close(call: Call, answer: string): Call {
    const closed = { ...call, answer };
    this.#calls[call.number - 1] = closed;
    return closed;
  }
}

/** `7  09:05:12  UpdateAlias checkout:live 42 + 43@25% rev r4 → 200 42 + 43@25% rev r5` */
export function formatCall({ number, at, operation, target, summary, answer }: Call): string {
  const time = new Date(at).toISOString().slice(11, 19);
  const request = [operation, target, summary].filter((part) => part !== "").join(" ");
  return `${String(number).padStart(3)}  ${time}  ${request} → ${answer === "" ? "(under way)" : answer}`;
}
