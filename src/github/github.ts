import type { Run } from "../release/alias.ts";
import type { Runs } from "../release/ports.ts";
import type { Connection } from "./connection.ts";

/** The author of comments made with the workflow's own token. */
const ACTIONS_BOT = "github-actions[bot]";

/** A comment on the pull request. */
export interface Comment {
  readonly id: number;
  readonly url: string;
}

/** The repository on GitHub: runs, pull requests and their comments. Its methods throw octokit's errors. */
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

  async state({ id, attempt }: Run): Promise<"live" | "ended" | "unknown"> {
    try {
      const { octokit, repo } = await this.#connected;
      const { data } = await octokit.rest.actions.getWorkflowRun({ ...repo, run_id: Number(id) });
      return data.status === "completed" || (data.run_attempt ?? 1) > attempt ? "ended" : "live";
    } catch {
      // Not allowed to ask, a run of another repository, or GitHub is down.
      return "unknown";
    }
  }

  /** The pull request that this run is for: the event's, or the merged one that the commit belongs to. */
  async pullRequest(): Promise<number | null> {
    const { octokit, repo, sha, pullRequest } = await this.#connected;
    if (pullRequest !== null) return pullRequest;
    const { data } = await octokit.rest.repos.listPullRequestsAssociatedWithCommit({ ...repo, commit_sha: sha });
    const merged = data.find(({ merge_commit_sha }) => merge_commit_sha === sha);
    return (merged ?? data.find(({ merged_at }) => merged_at !== null))?.number ?? null;
  }

  /** An earlier run's comment: it is ours and starts with the marker. */
  async findComment(pullRequest: number, marker: string): Promise<Comment | null> {
    const { octokit, repo } = await this.#connected;
    const me = await this.#login();
    const which = { ...repo, issue_number: pullRequest, per_page: 100 };
    for await (const { data } of octokit.paginate.iterator(octokit.rest.issues.listComments, which)) {
      const own = data.find(({ user, body }) => user?.login === me && body?.startsWith(marker));
      if (own !== undefined) return { id: own.id, url: own.html_url };
    }
    return null;
  }

  async createComment(pullRequest: number, body: string): Promise<Comment> {
    const { octokit, repo } = await this.#connected;
    // Not tried again: without an answer, the comment may have been created all the same.
    const request = { retries: 0 };
    const { data } = await octokit.rest.issues.createComment({ ...repo, issue_number: pullRequest, body, request });
    return { id: data.id, url: data.html_url };
  }

  async updateComment(id: number, body: string): Promise<Comment> {
    const { octokit, repo } = await this.#connected;
    const { data } = await octokit.rest.issues.updateComment({ ...repo, comment_id: id, body });
    return { id: data.id, url: data.html_url };
  }

  /** A workflow's token may not ask who it is; any other token may. */
  async #login(): Promise<string> {
    try {
      const { octokit } = await this.#connected;
      return (await octokit.rest.users.getAuthenticated()).data.login;
    } catch {
      return ACTIONS_BOT;
    }
  }
}
