import type { Duration } from "../../src/domain/time.ts";
import type { Refusal } from "./service.ts";
import type { Call } from "./transcript.ts";

/** What can go wrong with a call. */
export type Fault =
  /** The connection is cut; nothing is done. */
  | { readonly kind: "reset" }
  /** The call is carried out, but the connection is cut before the answer. */
  | { readonly kind: "lost" }
  /** The answer never comes. */
  | { readonly kind: "hang"; readonly carriedOut: boolean }
  /** The call is carried out at once, but answered this much later. */
  | { readonly kind: "late"; readonly by: Duration }
  /** The call is carried out, but only half of the answer's body arrives. */
  | { readonly kind: "garbled" }
  /** The same, and the connection stays open: the other half never comes. */
  | { readonly kind: "stalled" }
  /** Nothing is done; the service refuses in its own words. */
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Nothing is done; this is the answer. */
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string;
    }
  /** Something in between answers: the service never sees the call. */
  | {
      readonly kind: "intercepted";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  /** The call goes through as usual, but first this runs, before or after it is carried out. */
  | {
      readonly kind: "hook";
      readonly when: "before" | "after";
      readonly run: (call: Call) => void | Promise<void>;
    };

/** Which calls a fault hits: those that match everything given. */
export interface Matcher {
  /** The call's number in the transcript. */
  readonly number?: number;
  readonly service?: Call["service"];
  readonly operation?: string;
  readonly target?: string | RegExp;
  readonly when?: (call: Call) => boolean;
  /** How many matching calls to skip first; none by default. */
  readonly skip?: number;
  /** How many matching calls to hit after that; one by default. */
  readonly times?: number;
}

interface Planned {
  readonly matcher: Matcher;
  readonly fault: Fault;
  seen: number;
}

/** The faults still to come. */
export class Faults {
  readonly #planned = new Set<Planned>();

  /** @returns how to cancel it */
  inject(matcher: Matcher, fault: Fault): () => void {
    const planned = { matcher, fault, seen: 0 };
    this.#planned.add(planned);
    return () => this.#planned.delete(planned);
  }

  /** The faults that hit a call, in the order in which they were added. */
  take(call: Call): readonly Fault[] {
    const hits: Fault[] = [];
    for (const planned of this.#planned) {
      const { skip = 0, times = 1 } = planned.matcher;
      if (!matches(planned.matcher, call)) continue;
      planned.seen += 1;
      if (planned.seen > skip) hits.push(planned.fault);
      if (planned.seen >= skip + times) this.#planned.delete(planned);
    }
    return hits;
  }
}

function matches({ number, service, operation, target, when }: Matcher, call: Call): boolean {
  const isTarget = target instanceof RegExp ? target.test(call.target) : target === undefined || target === call.target;
  return (
    isTarget &&
    (number === undefined || number === call.number) &&
    (service === undefined || service === call.service) &&
    (operation === undefined || operation === call.operation) &&
    (when?.(call) ?? true)
  );
}
