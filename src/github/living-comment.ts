import type { Clock } from "../release/ports.ts";
import { type Duration, type Instant, SECOND } from "../release/time.ts";
import type { Comment, GitHub } from "./github.ts";

/** GitHub allows 80 content-generating requests a minute, and people don't read faster than this. */
const PAUSE: Duration = 15 * SECOND;
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
  readonly #ended = new AbortController();
  #comment: Comment | null = null;
  #render: (() => Promise<string>) | null = null;
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
   * Shows a body soon: the first within a second, later ones at most every 15 s.
   *
   * @param render makes the body, right before it is shown. Its first line is hidden: by that a later run finds the
   *   comment again
   */
  show(render: () => Promise<string>): void {
    if (this.#isRefused) return;
    this.#render = render;
    this.#worker ??= this.#work();
  }

  /** Shows the last body without delay, and resolves when that is done or has failed. */
  async finish(body: string): Promise<void> {
    if (this.#isRefused) return;
    this.#render = async () => body;
    this.#ended.abort();
    await this.#worker;
    await this.#work();
  }

  async #work(): Promise<void> {
    while (this.#render !== null) {
      const wait = Math.max(GATHER, this.#lastEdit + PAUSE - this.#clock.now());
      if (!this.#ended.signal.aborted) await this.#clock.sleep(wait, this.#ended.signal);
      const render = this.#render;
      this.#render = null;
      try {
        const body = await render();
        if (body === this.#shown) continue;
        // A failed edit isn't tried again: the next event brings a newer body.
        this.#shown = body;
        await this.#put(body);
      } catch (error) {
        this.#tell(error);
      }
      this.#lastEdit = this.#clock.now();
    }
    this.#worker = null;
  }

  async #put(body: string): Promise<void> {
    if (this.#comment !== null) {
      try {
        this.#comment = await this.#github.updateComment(this.#comment.id, body);
        return;
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
        // Someone deleted it: create a new one.
        this.#comment = null;
      }
    }
    const pullRequest = await this.#pullRequest();
    if (pullRequest === null) return;
    const earlier = await this.#github.findComment(pullRequest, body.slice(0, body.indexOf("\n")));
    this.#comment =
      earlier === null
        ? await this.#github.createComment(pullRequest, body)
        : await this.#github.updateComment(earlier.id, body);
  }

  #tell(error: unknown): void {
    const status = statusOf(error);
    const text = error instanceof Error ? error.message : String(error);
    // GitHub also answers 403 at a rate limit.
    this.#isRefused = status === 404 || (status === 403 && !/rate limit/i.test(text));
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

function statusOf(error: unknown): number | null {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : null;
}
