import type { Duration, Instant } from "../../../src/domain/time.ts";
import type { Behaviour } from "../behaviour.ts";
import {
  type Build,
  type Code,
  codeOf,
  type Failure,
  isManaged,
  isSameBuild,
  isSettled,
  LATEST_PUBLISHED,
  revisionOf,
  type Settings,
} from "./build.ts";
import * as refuse from "./refusals.ts";
import type { Revisions } from "./revisions.ts";

/** Conditions on `$LATEST` that an update or a publish may name. */
export interface Demands {
  readonly revision?: string | undefined;
  readonly codeSha256?: string | undefined;
}

/** What a function starts with. */
export interface Beginning {
  readonly code: Code;
  readonly settings: Settings;
  readonly behaviour: Behaviour;
}

/** `$LATEST` and the versions that were published from it. Methods refuse what Lambda refuses. */
export class Versions {
  /** Why versions published from now on will not start; null if they will. */
  activationFailure: Failure | null = null;
  /** How updates of `$LATEST` fail from now on, and whether it then has the old code or the new; null if they work. */
  updateFailure: (Failure & { readonly leaves: "old code" | "new code" }) | null = null;
  readonly #arn: string;
  readonly #revisions: Revisions;
  readonly #published = new Map<string, Build>();
  /** They still serve the calls of aliases until the aliases' latest change has spread. */
  readonly #deleted = new Set<string>();
  /** What `$LATEST` was, and until when: reads may be stale. */
  readonly #earlier: { readonly build: Build; readonly until: Instant }[] = [];
  readonly #start: Instant;
  #latest: Build;
  #lastNumber = 0;

  constructor(arn: string, beginning: Beginning, now: Instant, revisions: Revisions) {
    this.#arn = arn;
    this.#start = now;
    this.#revisions = revisions;
    this.#latest = {
      ...beginning,
      version: "$LATEST",
      changedAt: now,
      settledAt: now,
      settling: "creation",
      failure: null,
      revisions: this.#newRevisions(),
    };
  }

  get latest(): Build {
    return this.#latest;
  }

  /** `$LATEST`, then the versions by number. @param at as of when */
  all(at = Number.POSITIVE_INFINITY): readonly Build[] {
    const published = [...this.#published.values()].filter((build) => this.#wasThere(build, at));
    return [this.#latestAt(at), ...published].filter(({ version }) => !this.#deleted.has(version));
  }

  /** @param at as of when @throws Refusal when there is no such version */
  get(version: string, at = Number.POSITIVE_INFINITY): Build {
    const build = version === "$LATEST" ? this.#latestAt(at) : this.find(version);
    if (build === null || this.#deleted.has(version) || !this.#wasThere(build, at)) {
      throw refuse.functionNotFound(`${this.#arn}:${version}`);
    }
    return build;
  }

  /** A version, even if it was deleted. */
  find(version: string): Build | null {
    return version === "$LATEST" ? this.#latest : (this.#published.get(version) ?? null);
  }

  /** Changes `$LATEST`. @param takes how long Lambda is busy with it */
  change(change: Partial<Beginning>, now: Instant, takes: Duration, settling: "creation" | "update" = "update"): Build {
    const times = { changedAt: now, settledAt: now + takes, settling };
    this.#become({ ...this.#latest, ...change, ...times, failure: null, revisions: this.#newRevisions() }, now);
    return this.#latest;
  }

  /** Changes `$LATEST` as a client does: that may fail. @returns what the client is told: the new code, at any rate */
  update(change: Partial<Beginning>, now: Instant, takes: Duration): Build {
    const failure = this.updateFailure;
    this.change(failure?.leaves === "old code" ? {} : change, now, takes);
    if (failure !== null) this.#latest = { ...this.#latest, failure };
    return { ...this.#latest, ...change };
  }

  /** Changes a build directly, without Lambda noticing. */
  adjust(version: string, change: Partial<Build>): void {
    const changed = { ...this.get(version), ...change };
    if (version === "$LATEST") this.#latest = changed;
    else this.#published.set(version, changed);
  }

  /** Publishes a new version, or returns the last one if nothing has changed since. */
  publish(description: string | undefined, now: Instant, activation: Duration): Build {
    const last = this.#published.get(String(this.#lastNumber));
    if (last !== undefined && !this.#deleted.has(last.version) && this.#isUnchangedSince(last)) return last;
    this.#lastNumber += 1;
    const { settings, settledAt } = this.#latest;
    const published: Build = {
      ...this.#latest,
      version: String(this.#lastNumber),
      settings: description === undefined ? settings : { ...settings, Description: description },
      changedAt: now,
      settledAt: Math.max(now, settledAt) + activation,
      settling: "activation",
      failure: this.activationFailure,
      revisions: this.#newRevisions(),
    };
    this.#published.set(published.version, published);
    this.#become({ ...this.#latest, revisions: this.#newRevisions() }, now);
    return published;
  }

  /** Publishes `$LATEST` to the one version that each publish overwrites. @throws Refusal */
  publishToLatest(now: Instant, activation: Duration): Build {
    if (!isManaged(this.#latest)) throw refuse.notManaged();
    const published: Build = {
      ...this.#latest,
      version: LATEST_PUBLISHED,
      changedAt: now,
      settledAt: Math.max(now, this.#latest.settledAt) + activation,
      settling: "activation",
      failure: this.activationFailure,
      revisions: this.#newRevisions(),
    };
    this.#published.set(LATEST_PUBLISHED, published);
    return published;
  }

  delete(version: string): void {
    this.get(version);
    this.#deleted.add(version);
  }

  /** @throws Refusal unless `$LATEST` meets the conditions and no update is in progress */
  demand({ revision, codeSha256 }: Demands, now: Instant): void {
    const { code } = this.#latest;
    if (codeSha256 !== undefined && codeSha256 !== code.sha256) throw refuse.otherCode(codeSha256, code.sha256);
    if (revision !== undefined && revision !== revisionOf(this.#latest, now)) throw refuse.otherRevision();
    if (!isSettled(this.#latest, now)) throw refuse.updateInProgress(this.#arn);
  }

  /** @throws Refusal unless a version can take calls */
  demandReady(version: string, now: Instant): void {
    const build = this.get(version);
    if (build.settling === "update") return;
    if (!isSettled(build, now)) throw refuse.notReady("Pending");
    if (build.failure !== null) throw refuse.notReady("Failed");
  }

  /** A different description alone doesn't make a new version. */
  #isUnchangedSince(last: Build): boolean {
    const { Description } = this.#latest.settings;
    return isSameBuild({ ...last, settings: { ...last.settings, Description } }, this.#latest);
  }

  #become(build: Build, now: Instant): void {
    // There is nothing before the start: what is set up then has always been so.
    if (now > this.#start) this.#earlier.push({ build: this.#latest, until: now });
    this.#latest = build;
  }

  #latestAt(at: Instant): Build {
    return this.#earlier.find(({ until }) => until > at)?.build ?? this.#latest;
  }

  #wasThere({ version, changedAt }: Build, at: Instant): boolean {
    return version === "$LATEST" || changedAt <= at || changedAt === this.#start;
  }

  #newRevisions(): Build["revisions"] {
    return { before: this.#revisions.next(), after: this.#revisions.next() };
  }
}

/** Code that nobody uploaded, different from any other. */
export function madeUpCode(name: string, number: number): Code {
  return codeOf(`${name} ${number}`);
}
