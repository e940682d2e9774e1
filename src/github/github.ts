import type { Run } from "../domain/alias.ts";
import { type Runs, ServiceError } from "../domain/ports.ts";
import { type Duration, SECOND } from "../domain/time.ts";
import type { Connection } from "./connection.ts";

/** The author of comments made with the workflow's own token. */
const ACTIONS_BOT = "github-actions[bot]";
/** What GitHub asks for when it is called too often and doesn't say how long to wait. */
const BREAK = 60 * SECOND;

/** A comment on the pull request. */
export interface Comment {
  readonly id: number;
  readonly url: string;
}

/** How many calls GitHub still takes, and how long these have to last. */
export interface Allowance {
  readonly left: number;
  readonly for: Duration;
}

/** A comment as GitHub took it. */
export interface Written extends Comment {
  /** Null if there is no limit. */
  readonly allowance: Allowance | null;
}

/** An account on GitHub, in the terms of comments. */
type Author = { readonly id: number; readonly login: string } | null;

/** The repository on GitHub: runs, pull requests and their comments. What is about comments throws octokit's errors. */
export class GitHub implements Runs {
  readonly #connect: () => Promise<Connection>;
  #connection: Promise<Connection> | null = null;

  /** @param connect called once, when GitHub is first needed */
  constructor(connect: () => Promise<Connection>) {
    this.#connect = connect;
  }

  get #connected(): Promise<Connection> {
    this.#connection ??= this.#connect();
    return this.#connection;
  }

  async state({ id, attempt }: Run): Promise<"live" | "ended"> {
    const { octokit, repo } = await this.#connected.catch((error: unknown) => {
      const remedy = "leave out the input github-token, or give a token";
      throw new ServiceError(
        "denied",
        `there is no token to ask GitHub with (${(error as Error).message}): ${remedy}`,
        error,
      );
    });
    try {
      const { data } = await octokit.rest.actions.getWorkflowRun({ ...repo, run_id: Number(id) });
      return data.status === "completed" || (data.run_attempt ?? 1) > attempt ? "ended" : "live";
    } catch (error) {
      throw untold(error, id, `${repo.owner}/${repo.repo}`);
    }
  }

  /** The pull request that this run is for: the event's, or the one that the commit belongs to. */
  async pullRequest(): Promise<number | null> {
    const { octokit, repo, commit, pullRequest } = await this.#connected;
    if (pullRequest !== null) return pullRequest;
    const { sha, mayBeOpen } = commit;
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha });
    const merged = data.filter(({ merged_at }) => merged_at !== null);
    const open = data.filter(({ merged_at, head }) => mayBeOpen && merged_at === null && head.sha === sha);
    const mergedAsIt = merged.filter(({ merge_commit_sha }) => merge_commit_sha === sha);
    return [...mergedAsIt, ...open, ...merged][0]?.number ?? null;
  }

  /**
   * An earlier run's comment. It starts with the marker, which anybody may copy, and was written with the same token's
   * account, which nobody else can write with.
   */
  async findComment(pullRequest: number, marker: string): Promise<Comment | null> {
    const { octokit, repo } = await this.#connected;
    const which = { ...repo, issue_number: pullRequest, per_page: 100 };
    let isOurs: ((author: Author) => boolean) | null = null;
    for await (const { data } of octokit.paginate.iterator(octokit.rest.issues.listComments, which)) {
      for (const { id, html_url: url, user, body } of data) {
        if (!body?.startsWith(marker)) continue;
        isOurs ??= await this.#ourselves();
        if (isOurs(user)) return { id, url };
      }
    }
    return null;
  }

  async createComment(pullRequest: number, body: string): Promise<Written> {
    const { octokit, repo } = await this.#connected;
    // Not tried again: without an answer, the comment may have been created all the same.
    const request = { retries: 0 };
    const what = { ...repo, issue_number: pullRequest, body, request };
    const { data, headers } = await octokit.rest.issues.createComment(what);
    return { id: data.id, url: data.html_url, allowance: allowanceIn(headers) };
  }

  async updateComment(id: number, body: string): Promise<Written> {
    const { octokit, repo } = await this.#connected;
    const { data, headers } = await octokit.rest.issues.updateComment({ ...repo, comment_id: id, body });
    return { id: data.id, url: data.html_url, allowance: allowanceIn(headers) };
  }

  /** Tells comments that were written with this token's account from all others. */
  async #ourselves(): Promise<(author: Author) => boolean> {
    const { octokit } = await this.#connected;
    try {
      // The only question that every kind of token may ask, an app's and a workflow's too.
      const { viewer } = await octokit.graphql<{ viewer: { databaseId: number } }>("{ viewer { databaseId } }");
      return (author) => author?.id === viewer.databaseId;
    } catch (error) {
      if (!isRefused(error)) throw error;
    }
    // Where only the REST API can be reached, a person's token may ask there. Else we take it for the workflow's own.
    try {
      const { data } = await octokit.rest.users.getAuthenticated();
      return (author) => author?.id === data.id;
    } catch (error) {
      if (!isRefused(error)) throw error;
      return (author) => author?.login === ACTIONS_BOT;
    }
  }
}

const RIGHTS =
  "give the job `permissions: actions: read`; a token of your own needs the right to read the Actions of this repository";

/** Why GitHub didn't tell of a run, and what is missing. */
function untold(error: unknown, run: string, repository: string): ServiceError {
  const why = answerIn(error);
  if (allowanceAfter(error) !== null) {
    return new ServiceError(
      "throttled",
      `GitHub takes no more calls with this token for now (${why}): run this again later`,
      error,
    );
  }
  switch (statusOf(error)) {
    case 401:
      return new ServiceError(
        "denied",
        `GitHub doesn't accept the token (${why}): leave out the input github-token, or give one that is still valid`,
        error,
      );
    case 403:
      return new ServiceError("denied", `the token may not ask GitHub about runs (${why}): ${RIGHTS}`, error);
    case 404: {
      const elsewhere = "If another repository releases this function, run this there";
      return new ServiceError(
        "denied",
        `GitHub shows this token no run ${run} of ${repository} (${why}): ${RIGHTS}. ${elsewhere}`,
        error,
      );
    }
    default:
      return new ServiceError("unclear", `GitHub gave no clear answer (${why}): run this again later`, error);
  }
}

/** GitHub's messages are short; what is longer comes from something in between. */
const LONGEST_MESSAGE = 200;

/** What GitHub, or something on the way to it, answered: `HTTP 403: Bad credentials`. */
function answerIn(error: unknown): string {
  const { message, response } = error as Error & { readonly response?: { readonly status: number } };
  // The address of the documentation comes last.
  const said = message.replace(/ - https:\/\/\S+$/, "");
  const text = /^\s*</.test(said) ? "a page of HTML" : said.slice(0, LONGEST_MESSAGE);
  return response === undefined ? text : `HTTP ${response.status}: ${text}`;
}

/** The status of GitHub's answer; null if an error isn't about one. */
export function statusOf(error: unknown): number | null {
  return error instanceof Error && "status" in error && typeof error.status === "number" ? error.status : null;
}

/** What is left after GitHub refused a call because there were too many; null if it failed for another reason. */
export function allowanceAfter(error: unknown): Allowance | null {
  const status = statusOf(error);
  if (status !== 429 && !(status === 403 && /rate limit/i.test((error as Error).message))) return null;
  const { response } = error as { readonly response?: { readonly headers: Headers } };
  const seconds = Number(response?.headers["retry-after"]);
  if (seconds > 0) return { left: 0, for: seconds * SECOND };
  const known = allowanceIn(response?.headers ?? {});
  return known?.left === 0 ? known : { left: 0, for: BREAK };
}

type Headers = Readonly<Record<string, string | number | undefined>>;

/** Null if there is no limit, as on most servers of GitHub's Enterprise edition. */
function allowanceIn(headers: Headers): Allowance | null {
  const left = Number(headers["x-ratelimit-remaining"]);
  // Counted by GitHub's own clock: this machine's may be off.
  const time = Number(headers["x-ratelimit-reset"]) * SECOND - Date.parse(String(headers["date"]));
  return Number.isNaN(left) || Number.isNaN(time) ? null : { left, for: Math.max(0, time) };
}

/** True if asking again gives no other answer. */
function isRefused(error: unknown): boolean {
  if (allowanceAfter(error) !== null) return false;
  const status = statusOf(error);
  // GraphQL refuses with an answer of status 200, which makes an error without a status.
  return status === null ? (error as Error).name === "GraphqlResponseError" : status >= 400 && status < 500;
}
