import { createHash } from "node:crypto";
import { formatInstant } from "../../../src/domain/time.ts";
import type { Author, Comment, PullRequest, WorkflowRun } from "./repository.ts";

/** Values as GitHub's answers have them. Links for people lead to the real site. */

export function pullRequestShape(owner: string, repo: string, { number, title, mergedAs, head }: PullRequest) {
  return {
    number,
    title,
    state: mergedAs === null ? "open" : "closed",
    merged_at: mergedAs === null ? null : "2026-01-01T00:00:00Z",
    // While it is open, this is what merging it would give.
    merge_commit_sha: mergedAs ?? `${head.slice(0, 32)}${"0".repeat(8)}`,
    head: { sha: head },
    html_url: `https://github.com/${owner}/${repo}/pull/${number}`,
  };
}

export function commentShape(owner: string, repo: string, { id, issue, author, versions }: Comment) {
  const [first, last] = [versions[0], versions.at(-1)];
  const slug = author.login.replace("[bot]", "");
  return {
    id,
    body: last?.body ?? "",
    user: { login: author.login, id: idOf(author), type: author.kind === "app" ? "Bot" : "User" },
    created_at: formatInstant(first?.at ?? 0),
    updated_at: formatInstant(last?.at ?? 0),
    html_url: `https://github.com/${owner}/${repo}/pull/${issue}#issuecomment-${id}`,
    issue_url: `https://api.github.com/repos/${owner}/${repo}/issues/${issue}`,
    author_association: "NONE",
    performed_via_github_app: author.kind === "app" ? { slug, name: slug } : null,
  };
}

/** The id of an account, which nobody else ever has. */
export function idOf({ login }: Author): number {
  return createHash("sha256").update(login).digest().readUInt32BE();
}

export function runShape(owner: string, repo: string, { id, status, conclusion, attempt }: WorkflowRun) {
  const html_url = `https://github.com/${owner}/${repo}/actions/runs/${id}`;
  return { id, name: "deploy", status, conclusion, run_attempt: attempt, html_url };
}
