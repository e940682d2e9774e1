import {
  type Alias,
  nameOf,
  type Routing,
  type Setting,
  sameSetting,
  type Target,
  type Version,
} from "../domain/alias.ts";
import { type Clock, ServiceError, type Traffic } from "../domain/ports.ts";
import type { Instant } from "../domain/time.ts";
import { readAgain, STALE } from "./read-alias.ts";

/** What this process knows of an alias by its own writes. */
interface Known {
  /** The alias as the last write left it, and since when that is known; null before the first write. */
  last: { readonly alias: Alias; readonly since: Instant } | null;
  /** Revisions that writes have replaced: an alias never goes back to one. */
  readonly replaced: Set<string>;
  /** Writes that failed, with the revision that each named. They may have landed all the same. */
  sent: readonly { readonly setting: Setting; readonly named: string }[];
}

/**
 * Traffic whose reads don't fall behind this process's own writes. Lambda may answer a read with the alias as it was
 * some seconds ago. Such a read is repeated, so that our own earlier write isn't taken for an external change.
 */
export class FreshTraffic implements Traffic {
  readonly #traffic: Traffic;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  constructor(traffic: Traffic, clock: Clock) {
    this.#traffic = traffic;
    this.#clock = clock;
  }

  /**
   * Nothing is read twice before the first write. After it, a revision that a write has replaced is stale, whenever it
   * is read; and for ten seconds, so may be any other that isn't the write's own.
   *
   * @throws ServiceError also if the alias still reads as before a write when ten seconds are over
   */
  async read(target: Target, signal?: AbortSignal): Promise<Alias | null> {
    const known = this.#of(target);
    const read = async () => {
      const found = await this.#traffic.read(target, signal);
      if (found !== null) this.#recognise(found, known);
      return found;
    };
    const found = await readAgain(this.#clock, read, (each) => this.#mayBeStale(each, known), signal);
    if (found === null || !known.replaced.has(found.revision)) return found;
    const what = `GetAlias of ${nameOf(target)} still shows it as it was before the last write`;
    throw new ServiceError("unclear", what, null);
  }

  async write(
    target: Target,
    routing: Routing,
    description: string,
    revision: string,
    signal?: AbortSignal,
  ): Promise<Alias> {
    const known = this.#of(target);
    try {
      const alias = await this.#traffic.write(target, routing, description, revision, signal);
      this.#landed(alias, revision, known);
      return alias;
    } catch (error) {
      known.sent = [...known.sent, { setting: { routing, description }, named: revision }];
      throw error;
    }
  }

  async create(target: Target, version: Version, description: string): Promise<Alias> {
    const alias = await this.#traffic.create(target, version, description);
    this.#of(target).last = { alias, since: this.#clock.now() };
    return alias;
  }

  mayWrite(target: Target, alias: Alias): Promise<void> {
    return this.#traffic.mayWrite(target, alias);
  }

  mayCreate(target: Target): Promise<void> {
    return this.#traffic.mayCreate(target);
  }

  #of(target: Target): Known {
    const name = nameOf(target);
    const known = this.#known.get(name) ?? { last: null, replaced: new Set(), sent: [] };
    this.#known.set(name, known);
    return known;
  }

  /** A write without an answer has landed if the alias is as it set it, at a new revision. */
  #recognise(found: Alias, known: Known): void {
    const own = known.sent.find(({ setting, named }) => found.revision !== named && sameSetting(found, setting));
    if (own !== undefined) this.#landed(found, own.named, known);
  }

  #landed(alias: Alias, named: string, known: Known): void {
    known.replaced.add(named);
    known.last = { alias, since: this.#clock.now() };
    known.sent = [];
  }

  #mayBeStale(found: Alias | null, { last, replaced }: Known): boolean {
    if (last === null || found?.revision === last.alias.revision) return false;
    if (found !== null && replaced.has(found.revision)) return true;
    // The same setting at a new revision is no change: Lambda makes one when provisioned concurrency has moved.
    if (found !== null && sameSetting(found, last.alias)) return false;
    return this.#clock.now() - last.since < STALE;
  }
}
