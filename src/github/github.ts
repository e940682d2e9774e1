import { Octokit } from "@octokit/core";
import { paginateRest } from "@octokit/plugin-paginate-rest";
import type { Run } from "../release/alias.ts";
import type { Runs } from "../release/ports.ts";
import { SECOND } from "../release/time.ts";
import type { Context } from "./context.ts";

const Client = Octokit.plugin(paginateRest);

/** No call to GitHub may hold up anything for longer. */
const TIMEOUT = 10 * SECOND;
/** Who the workflow's own token comments as. */
const ACTIONS_BOT = "github-actions[bot]";

/** A comment as it was found or made. */
export interface Comment {
  readonly id: number;
  readonly url: string;
}

/** The repository on GitHub: runs, pull requests and their comments. Its methods throw octokit's errors. */
export class GitHub implements Runs {
  readonly #client: InstanceType<typeof Client>;
  readonly #context: Context;
  readonly #where: { readonly owner: string; readonly repo: string };

  constructor(token: string, context: Context) {
    this.#client = new Client({ auth: token, baseUrl: context.apiUrl, log: SILENT });
    // For all requests here: those of a list's pages take over no setting of their own.
    this.#client.hook.before("request", (options) => {
      options.request = { ...options.request, signal: AbortSignal.timeout(TIMEOUT) };
    });
    this.#context = context;
    this.#where = { owner: context.owner, repo: context.repository };
  }

  async state({ id, attempt }: Run): Promise<"live" | "ended" | "unknown"> {
    const where = { ...this.#where, run_id: Number(id) };
    const ask = () => this.#client.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}", where);
    try {
      // Asked twice, since whether a release may begin can depend on it.
      const { data } = await ask().catch(ask);
      return data.status === "completed" || (data.run_attempt ?? 1) > attempt ? "ended" : "live";
    } catch {
      // Not allowed to ask, another repository's run, or GitHub is down: then nothing is known.
      return "unknown";
    }
  }

  /** The pull request that this run is for: the event's, or the merged one of the commit. */
  async pullRequest(): Promise<number | null> {
    if (this.#context.pullRequest !== null) return this.#context.pullRequest;
    const { data } = await this.#client.request("GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls", {
      ...this.#where,
      commit_sha: this.#context.sha,
    });
    const merged = data.find(({ merge_commit_sha }) => merge_commit_sha === this.#context.sha);
    return (merged ?? data.find(({ merged_at }) => merged_at !== null))?.number ?? null;
  }

  /** The comment that an earlier run left: by us, and with the marker. */
  async findComment(pullRequest: number, marker: string): Promise<Comment | null> {
    const me = await this.#login();
    const pages = this.#client.paginate.iterator("GET /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...this.#where,
      issue_number: pullRequest,
      per_page: 100,
    });
    for await (const { data } of pages) {
      const own = data.find(({ user, body }) => user?.login === me && body?.startsWith(marker));
      if (own !== undefined) return { id: Number(own.id), url: own.html_url };
    }
    return null;
  }

  async createComment(pullRequest: number, body: string): Promise<Comment> {
    const { data } = await this.#client.request("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", {
      ...this.#where,
      issue_number: pullRequest,
      body,
    });
    return { id: Number(data.id), url: data.html_url };
  }

  async updateComment(id: number, body: string): Promise<Comment> {
    const { data } = await this.#client.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", {
      ...this.#where,
      comment_id: id,
      body,
    });
    return { id: Number(data.id), url: data.html_url };
  }

  /** A workflow's token may not ask who it is; everybody else's may. */
  async #login(): Promise<string> {
    try {
      const { data } = await this.#client.request("GET /user");
      return data.login;
    } catch {
      return ACTIONS_BOT;
    }
  }
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
