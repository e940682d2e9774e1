import type { Instant } from "../../../src/domain/time.ts";

/** The author of a comment. GitHub shows a workflow's own token as `github-actions[bot]`. */
export interface Author {
  readonly login: string;
  readonly kind: "user" | "app";
}

export const WORKFLOW: Author = { login: "github-actions[bot]", kind: "app" };

export interface PullRequest {
  readonly number: number;
  readonly title: string;
  /** The merge commit; null while it isn't merged. */
  readonly mergedAs: string | null;
  /** The last commit of its branch. */
  readonly head: string;
}

export interface Comment {
  readonly id: number;
  /** The number of its pull request or issue. */
  readonly issue: number;
  readonly author: Author;
  /** Every body that it has had, the current one last. */
  readonly versions: readonly { readonly at: Instant; readonly body: string }[];
}

export interface WorkflowRun {
  readonly id: number;
  readonly status: "queued" | "in_progress" | "completed" | "waiting";
  readonly conclusion: "success" | "failure" | "cancelled" | "timed_out" | null;
  readonly attempt: number;
}

/** The repository on GitHub: tests set it up and look at it. */
export class Repository {
  readonly pullRequests: PullRequest[] = [];
  readonly runs = new Map<number, WorkflowRun>();
  #comments: readonly Comment[] = [];
  #lastComment = 1000;

  get comments(): readonly Comment[] {
    return this.#comments;
  }

  addPullRequest(pull: Partial<PullRequest> & { readonly number: number }): PullRequest {
    const added = { title: `Change ${pull.number}`, mergedAs: null, head: "0".repeat(40), ...pull };
    this.pullRequests.push(added);
    return added;
  }

  addComment(issue: number, author: Author, body: string, at: Instant): Comment {
    this.#lastComment += 1;
    const comment = { id: this.#lastComment, issue, author, versions: [{ at, body }] };
    this.#comments = [...this.#comments, comment];
    return comment;
  }

  editComment(id: number, body: string, at: Instant): Comment | null {
    const comment = this.#comments.find((each) => each.id === id);
    if (comment === undefined) return null;
    const edited = { ...comment, versions: [...comment.versions, { at, body }] };
    this.#comments = this.#comments.map((each) => (each === comment ? edited : each));
    return edited;
  }

  deleteComment(id: number): void {
    this.#comments = this.#comments.filter((each) => each.id !== id);
  }
}
