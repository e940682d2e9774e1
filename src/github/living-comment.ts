import type { Clock } from "../domain/ports.ts";
import { type Duration, type Instant, MINUTE, SECOND } from "../domain/time.ts";
import { type Allowance, allowanceAfter, type Comment, type GitHub, statusOf, type Written } from "./github.ts";

/** The time between two edits if there is news. People don't read faster than this. */
const PAUSE: Duration = 15 * SECOND;
/** The same if only the figures are fresh: an eighth of the time since the first edit, within these bounds. */
const FIGURES = { least: MINUTE, most: 5 * MINUTE };
/**
 * How much of what GitHub still takes in this hour edits may use up. All workflows of a repository share the calls of
 * the workflow's token.
 */
const SHARE = { news: 1 / 4, figures: 1 / 16 };
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
  #isNews = false;
  #allowance: Allowance | null = null;
  /** Ends the present wait. */
  #wake = new AbortController();
  #hasEnded = false;
  #shown: string | null = null;
  #firstEdit: Instant | null = null;
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
   * Shows a body soon: the first within a second. Later ones after at least 15 s if there is news, else after at least a
   * minute, and later if GitHub takes few more calls.
   *
   * @param render makes the body, right before it is shown. Its first line is hidden: by that a later run finds the
   *   comment again
   * @param isNews whether more than figures has changed since the body before
   */
  show(render: () => Promise<string>, isNews: boolean): void {
    if (this.#isRefused) return;
    this.#render = render;
    if (isNews && !this.#isNews) {
      this.#isNews = true;
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
      this.#isNews = false;
      try {
        const body = await render();
        if (body === this.#shown) continue;
        // A failed edit isn't tried again: the next event brings a newer body, and is news then.
        this.#shown = body;
        await this.#put(body);
      } catch (error) {
        this.#allowance = allowanceAfter(error) ?? this.#allowance;
        this.#isNews = true;
        this.#tell(error);
      }
      this.#lastEdit = this.#clock.now();
      this.#firstEdit ??= this.#lastEdit;
    }
    this.#worker = null;
  }

  /** Waits until the comment may be edited. News that come meanwhile make the wait shorter. */
  async #turn(): Promise<void> {
    for (;;) {
      if (this.#hasEnded) return;
      const due = this.#lastEdit + this.#pause;
      const wake = new AbortController();
      this.#wake = wake;
      await this.#clock.sleep(Math.max(GATHER, due - this.#clock.now()), wake.signal);
      if (!wake.signal.aborted) return;
    }
  }

  get #pause(): Duration {
    const { left, for: time } = this.#allowance ?? { left: Number.POSITIVE_INFINITY, for: 0 };
    const share = this.#isNews ? SHARE.news : SHARE.figures;
    const spread = time / Math.max(1, left * share);
    if (this.#isNews) return Math.max(PAUSE, spread);
    const grown = (this.#lastEdit - (this.#firstEdit ?? this.#lastEdit)) / 8;
    return Math.max(FIGURES.least, Math.min(grown, FIGURES.most), spread);
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
