import type { Clock } from "../release/ports.ts";
import { type Duration, type Instant, SECOND } from "../release/time.ts";
import type { Comment, GitHub } from "./github.ts";

/** GitHub takes 80 writes of content a minute, and people read no faster. */
const PAUSE: Duration = 15 * SECOND;
/** What happens within a second is shown together. */
const GATHER: Duration = SECOND;

/**
 * The one comment on the pull request, kept up to date in the background. Nothing here throws or is waited for while
 * a release goes on: a problem is told once, as a warning.
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
  /** The token may not comment: asking again would change nothing. */
  #isRefused = false;

  /** @param pullRequest the one to comment on; null to ask GitHub which it is */
  constructor(github: GitHub, clock: Clock, pullRequest: number | null, warn: (text: string) => void) {
    this.#github = github;
    this.#clock = clock;
    let known: number | null | undefined = pullRequest ?? undefined;
    this.#pullRequest = async () => {
      // The answer is kept, that there is none too; a failure isn't.
      if (known === undefined) known = await github.pullRequest();
      return known;
    };
    this.#warn = warn;
  }

  get url(): string | null {
    return this.#comment?.url ?? null;
  }

  /**
   * Shows a body soon: at once for the first, later at most every 15 s.
   *
   * @param render gives the body, which begins with a hidden line by which a later run finds the comment again; called
   *   when it is shown
   */
  show(render: () => Promise<string>): void {
    if (this.#isRefused) return;
    this.#render = render;
    this.#worker ??= this.#work();
  }

  /** Shows the last body without delay, and resolves when it stands there or can't. */
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
        // A failed edit is not tried again by itself: the next event brings a newer body.
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
        // Somebody deleted it: a new one is made.
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
    // GitHub says 403 to those who ask too often, too.
    this.#isRefused = status === 404 || (status === 403 && !/rate limit/i.test(text));
    if (this.#warned) return;
    this.#warned = true;
    const advice = this.#isRefused
      ? status === 404
        ? "name a pull request that there is, or give the job `permissions: pull-requests: write`"
        : "give the job `permissions: pull-requests: write` (the token of a fork's pull request can't have it), or set `comment: false`"
      : "the release goes on without it";
    this.#warn(`the comment could not be written (${text}): ${advice}`);
  }
}

function statusOf(error: unknown): number | null {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : null;
}
