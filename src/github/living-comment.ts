import type { Clock } from "../release/ports.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../release/time.ts";
import { type Allowance, allowanceAfter, type Comment, type GitHub, statusOf, type Written } from "./github.ts";

/**
 * How long to leave the comment as it is, and what share of the calls that GitHub still takes edits may use up. A
 * workflow's token shares these with all other workflows of its repository.
 */
interface Pace {
  readonly pause: Duration;
  readonly share: number;
}
/** For what people wait for. They don't read faster than this. */
const NEWS: Pace = { pause: 15 * SECOND, share: 1 / 4 };
/** For fresh figures. */
const FIGURES: Pace = { pause: MINUTE, share: 1 / 16 };
/** Events within a second are shown together. */
const GATHER: Duration = SECOND;

/**
 * The one comment on the pull request, kept up to date in the background. During a release nothing here throws or is
 * waited for: a problem is reported once, as a warning.
 */
export class LivingComment {
  readonly #github: GitHub;
  readonly #clock: Clock;
  readonly #warn: (text: string) => void;
  readonly #pullRequest: () => Promise<number | null>;
  #comment: Comment | null = null;
  #render: (() => Promise<string>) | null = null;
  #pace: Pace = FIGURES;
  #allowance: Allowance | null = null;
  /** Ends the present wait. */
  #wake = new AbortController();
  #hasEnded = false;
  #shown: string | null = null;
  #lastEdit: Instant = 0;
  #worker: Promise<void> | null = null;
  #warned = false;
  /** The token may not comment, so trying again is no use. */
  #isRefused = false;

  /** @param pullRequest the one to comment on; null to ask GitHub for it */
  constructor(github: GitHub, clock: Clock, pullRequest: number | null, warn: (text: string) => void) {
    this.#github = github;
    this.#clock = clock;
    let known: number | null | undefined = pullRequest ?? undefined;
    this.#pullRequest = async () => {
      // An answer is kept, even if it is that there is none; a failure isn't.
      if (known === undefined) known = await github.pullRequest();
      return known;
    };
    this.#warn = warn;
  }

  get url(): string | null {
    return this.#comment?.url ?? null;
  }

  /**
   * Shows a body soon: the first within a second. Later ones after at least 15 s if there is news, else after a minute,
   * and later if GitHub takes few more calls.
   *
   * @param render makes the body, right before it is shown. Its first line is hidden: by that a later run finds the
   *   comment again
   * @param isNews whether more than figures has changed since the body before
   */
  show(render: () => Promise<string>, isNews: boolean): void {
    if (this.#isRefused) return;
    this.#render = render;
    if (isNews && this.#pace !== NEWS) {
      this.#pace = NEWS;
      this.#wake.abort();
    }
    this.#worker ??= this.#work();
  }

  /** Shows the last body without delay, and resolves when that is done or has failed. */
  async finish(body: string): Promise<void> {
    if (this.#isRefused) return;
    this.#render = async () => body;
    this.#hasEnded = true;
    this.#wake.abort();
    await this.#worker;
    await this.#work();
  }

  async #work(): Promise<void> {
    while (this.#render !== null) {
      await this.#turn();
      const render = this.#render;
      this.#render = null;
      this.#pace = FIGURES;
      try {
        const body = await render();
        if (body === this.#shown) continue;
        // A failed edit isn't tried again: the next event brings a newer body, and is news then.
        this.#shown = body;
        await this.#put(body);
      } catch (error) {
        this.#allowance = allowanceAfter(error) ?? this.#allowance;
        this.#pace = NEWS;
        this.#tell(error);
      }
      this.#lastEdit = this.#clock.now();
    }
    this.#worker = null;
  }

  /** Waits until the comment may be edited. News that come meanwhile make the wait shorter. */
  async #turn(): Promise<void> {
    for (;;) {
      if (this.#hasEnded) return;
      const { pause, share } = this.#pace;
      const { left, for: time } = this.#allowance ?? { left: Number.POSITIVE_INFINITY, for: 0 };
      // At this pace, the edits until there are new calls take their share of those that are left.
      const spread = time / Math.max(1, left * share);
      const due = this.#lastEdit + Math.max(pause, spread);
      const wake = new AbortController();
      this.#wake = wake;
      await this.#clock.sleep(Math.max(GATHER, due - this.#clock.now()), wake.signal);
      if (!wake.signal.aborted) return;
    }
  }

  async #put(body: string): Promise<void> {
    const written = (await this.#edit(body)) ?? (await this.#make(body));
    this.#comment = written;
    this.#allowance = written?.allowance ?? null;
  }

  /** Null if there is no comment yet, or somebody has deleted it. */
  async #edit(body: string): Promise<Written | null> {
    if (this.#comment === null) return null;
    try {
      return await this.#github.updateComment(this.#comment.id, body);
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      this.#comment = null;
      return null;
    }
  }

  /** Null if there is no pull request. */
  async #make(body: string): Promise<Written | null> {
    const pullRequest = await this.#pullRequest();
    if (pullRequest === null) return null;
    const earlier = await this.#github.findComment(pullRequest, body.slice(0, body.indexOf("\n")));
    return earlier === null
      ? this.#github.createComment(pullRequest, body)
      : this.#github.updateComment(earlier.id, body);
  }

  #tell(error: unknown): void {
    const status = statusOf(error);
    const text = error instanceof Error ? error.message : String(error);
    // GitHub also answers 403 at a rate limit.
    this.#isRefused = status === 404 || (status === 403 && allowanceAfter(error) === null);
    if (this.#warned) return;
    this.#warned = true;
    const advice = this.#isRefused
      ? status === 404
        ? "name an existing pull request, or give the job `permissions: pull-requests: write`"
        : "give the job `permissions: pull-requests: write` (pull requests from forks never get it), or set `comment: false`"
      : "the release goes on without it";
    this.#warn(`the comment could not be written (${text}): ${advice}`);
  }
}
