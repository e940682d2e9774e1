import type { Duration, Instant } from "../../../src/domain/time.ts";
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

/** What a write made of an alias. */
interface State {
  readonly since: Instant;
  readonly routing: Routing;
  readonly description: string;
  readonly revision: string;
  /**
   * While provisioned concurrency moves to another version, Lambda keeps all calls on the old one with a weight of its
   * own.
   */
  readonly move: { readonly from: string; readonly until: Instant; readonly revision: string } | null;
}

/** What Lambda's API shows of an alias. */
export interface Shown {
  readonly routing: Routing;
  readonly description: string;
  readonly revision: string;
}

/** An alias, and where it sent calls at any time. Calls see a change a little after it was written. */
export class Alias {
  readonly name: string;
  readonly #revisions: Revisions;
  readonly #epochs: Epoch[] = [];
  /** All of them, the latest last: reads may be stale. */
  readonly #states: [State, ...State[]];

  /** @param times when it was created, and when calls first find it; both may be before the simulation starts */
  constructor(
    name: string,
    routing: Routing,
    description: string,
    { created, found }: { readonly created: Instant; readonly found: Instant },
    revisions: Revisions,
  ) {
    this.name = name;
    this.#revisions = revisions;
    this.#states = [{ since: created, routing, description, revision: revisions.next(), move: null }];
    this.#epochs.push({ from: found, routing });
  }

  get #latest(): State {
    return this.#states.at(-1) ?? this.#states[0];
  }

  get description(): string {
    return this.#latest.description;
  }

  /** What it is set to, without what Lambda does for provisioned concurrency. */
  get intended(): Routing {
    return this.#latest.routing;
  }

  /** What Lambda's API shows. */
  routing(now: Instant): Routing {
    return shown(this.#latest, now).routing;
  }

  revision(now: Instant): string {
    return shown(this.#latest, now).revision;
  }

  /** What Lambda's API showed at an instant; null before the alias was created. */
  shownAt(at: Instant): Shown | null {
    const state = this.#states.findLast(({ since }) => since <= at);
    return state === undefined ? null : shown(state, at);
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
    const old = this.#latest.routing.version;
    const seen = now + propagation;
    let move: State["move"] = null;
    // An earlier write that calls haven't seen yet still takes effect, until they see this one.
    if (moving !== null && routing.version !== old) {
      move = { from: old, until: now + moving, revision: this.#revisions.next() };
      this.#epochs.push({ from: seen, routing: { version: old, additional: null } });
      this.#epochs.push({ from: Math.max(seen, now + moving), routing });
    } else {
      this.#epochs.push({ from: seen, routing });
    }
    this.#states.push({ since: now, routing, description, revision: this.#revisions.next(), move });
  }
}

function shown({ routing, description, revision, move }: State, at: Instant): Shown {
  if (move === null) return { routing, description, revision };
  if (at >= move.until) return { routing, description, revision: move.revision };
  const injected = { version: routing.version, additional: { version: move.from, weight: 1 } };
  return { routing: injected, description, revision };
}
