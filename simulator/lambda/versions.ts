import type { Duration, Instant } from "../../src/release/time.ts";
import type { Behaviour } from "../behaviour.ts";
import {
  type Build,
  type Code,
  codeOf,
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
  activationFailure: string | null = null;
  readonly #arn: string;
  readonly #revisions: Revisions;
  readonly #published = new Map<string, Build>();
  /** They still serve the calls of aliases until the aliases' latest change has spread. */
  readonly #deleted = new Set<string>();
  #latest: Build;
  #lastNumber = 0;

  constructor(arn: string, beginning: Beginning, now: Instant, revisions: Revisions) {
    this.#arn = arn;
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

  /** `$LATEST`, then the versions by number. */
  all(): readonly Build[] {
    return [this.#latest, ...this.#published.values()].filter(({ version }) => !this.#deleted.has(version));
  }

  /** @throws Refusal when there is no such version */
  get(version: string): Build {
    const build = this.find(version);
    if (build === null || this.#deleted.has(version)) throw refuse.functionNotFound(`${this.#arn}:${version}`);
    return build;
  }

  /** A version, even if it was deleted. */
  find(version: string): Build | null {
    return version === "$LATEST" ? this.#latest : (this.#published.get(version) ?? null);
  }

  /** Changes `$LATEST`. @param takes how long Lambda is busy with it */
  change(change: Partial<Beginning>, now: Instant, takes: Duration, settling: "creation" | "update" = "update"): Build {
    const settledAt = now + takes;
    this.#latest = { ...this.#latest, ...change, changedAt: now, settledAt, settling, revisions: this.#newRevisions() };
    return this.#latest;
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
    this.#latest = { ...this.#latest, revisions: this.#newRevisions() };
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

  #newRevisions(): Build["revisions"] {
    return { before: this.#revisions.next(), after: this.#revisions.next() };
  }
}

/** Code that nobody uploaded, different from any other. */
export function madeUpCode(name: string, number: number): Code {
  return codeOf(`${name} ${number}`);
}
