import type { Duration, Instant } from "../../src/release/time.ts";
import type { Revisions } from "./revisions.ts";

/** What an alias points to: all calls go to `version`, except the share `additional.weight`. */
export interface Routing {
  readonly version: string;
  /** A fraction, as in Lambda's API. */
  readonly additional: { readonly version: string; readonly weight: number } | null;
}

interface Epoch {
  readonly from: Instant;
  readonly routing: Routing;
}

/** The concurrency that was requested for an alias or version, and when it is ready. */
export interface Provisioned {
  readonly requested: number;
  readonly changedAt: Instant;
  readonly readyAt: Instant;
}

/** `42`, or `42 + 43@5%`. */
export function describeRouting({ version, additional }: Routing): string {
  if (additional === null) return version;
  return `${version} + ${additional.version}@${Math.round(additional.weight * 10_000) / 100}%`;
}

/** An alias, and where it sent calls at any time. Calls see a change a little after it was written. */
export class Alias {
  readonly name: string;
  readonly #revisions: Revisions;
  readonly #epochs: Epoch[] = [];
  #routing: Routing;
  #description: string;
  #revision: string;
  /**
   * While provisioned concurrency moves to another version, Lambda keeps all calls on the old one with a weight of its
   * own.
   */
  #move: { readonly from: string; readonly until: Instant; readonly revision: string } | null = null;

  /** @param from when calls first find it; may be before the simulation starts */
  constructor(name: string, routing: Routing, description: string, from: Instant, revisions: Revisions) {
    this.name = name;
    this.#routing = routing;
    this.#description = description;
    this.#revisions = revisions;
    this.#revision = revisions.next();
    this.#epochs.push({ from, routing });
  }

  get description(): string {
    return this.#description;
  }

  /** What it is set to, without what Lambda does for provisioned concurrency. */
  get intended(): Routing {
    return this.#routing;
  }

  /** What Lambda's API shows. */
  routing(now: Instant): Routing {
    const move = this.#moveAt(now);
    if (move === null) return this.#routing;
    return { version: this.#routing.version, additional: { version: move.from, weight: 1 } };
  }

  revision(now: Instant): string {
    if (this.#move !== null && now >= this.#move.until) {
      this.#revision = this.#move.revision;
      this.#move = null;
    }
    return this.#revision;
  }

  /** Where calls go at an instant; null before the alias exists. */
  routeAt(at: Instant): Routing | null {
    return this.#epochs.findLast(({ from }) => from <= at)?.routing ?? null;
  }

  /** When calls first saw it change; null if they never have. */
  get firstChange(): Instant | null {
    return this.#epochs[1]?.from ?? null;
  }

  /** Since when an additional version has had traffic without a break; null if none has any at that instant. */
  sharedSince(at: Instant): Instant | null {
    let since: Instant | null = null;
    for (const from of this.#epochs.map((epoch) => epoch.from).sort((a, b) => b - a)) {
      if (from > at) continue;
      if ((this.routeAt(from)?.additional?.weight ?? 0) === 0) break;
      since = from;
    }
    return since;
  }

  update(now: Instant, routing: Routing, description: string, propagation: Duration, moving: Duration | null): void {
    // Finish a move that is over, so that its revision isn't given out later.
    this.revision(now);
    const old = this.#routing.version;
    const seen = now + propagation;
    // An earlier write that calls haven't seen yet still takes effect, until they see this one.
    if (moving !== null && routing.version !== old) {
      this.#move = { from: old, until: now + moving, revision: this.#revisions.next() };
      this.#epochs.push({ from: seen, routing: { version: old, additional: null } });
      this.#epochs.push({ from: Math.max(seen, now + moving), routing });
    } else {
      this.#move = null;
      this.#epochs.push({ from: seen, routing });
    }
    this.#routing = routing;
    this.#description = description;
    this.#revision = this.#revisions.next();
  }

  #moveAt(now: Instant) {
    return this.#move !== null && now < this.#move.until ? this.#move : null;
  }
}
