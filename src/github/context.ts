import { existsSync, readFileSync } from "node:fs";
import type { Run } from "../release/alias.ts";

/** What the runner tells of the run and of the event that started it. */
export interface Context {
  readonly run: Run;
  readonly owner: string;
  readonly repository: string;
  readonly workflow: string;
  readonly sha: string;
  readonly apiUrl: string;
  /** The pull request that the event itself is about; null for a push, a schedule and the like. */
  readonly pullRequest: number | null;
  readonly runUrl: string;
  /** Where a person starts the rollback; null when the repository has no `rollback.yml`. */
  readonly rollbackUrl: string | null;
}

/** Reads the runner's environment. Every field has a value, so that a release never fails for want of one. */
export function readContext(environment: Readonly<Record<string, string | undefined>>): Context {
  const get = (name: string) => environment[name] ?? "";
  const [owner = "", repository = ""] = get("GITHUB_REPOSITORY").split("/");
  const run: Run = { id: get("GITHUB_RUN_ID") || "0", attempt: Number(get("GITHUB_RUN_ATTEMPT") || 1) };
  const home = `${get("GITHUB_SERVER_URL") || "https://github.com"}/${owner}/${repository}/actions`;
  const hasRollback = existsSync(`${get("GITHUB_WORKSPACE") || "."}/.github/workflows/rollback.yml`);
  return {
    run,
    owner,
    repository,
    workflow: get("GITHUB_WORKFLOW"),
    sha: get("GITHUB_SHA"),
    apiUrl: get("GITHUB_API_URL") || "https://api.github.com",
    pullRequest: pullRequestOf(get("GITHUB_EVENT_PATH")),
    runUrl: `${home}/runs/${run.id}/attempts/${run.attempt}`,
    rollbackUrl: hasRollback ? `${home}/workflows/rollback.yml` : null,
  };
}

interface EventPayload {
  readonly pull_request?: { readonly number?: number };
  readonly issue?: { readonly number?: number; readonly pull_request?: object };
}

function pullRequestOf(eventPath: string): number | null {
  try {
    const event: EventPayload = JSON.parse(readFileSync(eventPath, "utf8"));
    return event.pull_request?.number ?? (event.issue?.pull_request ? (event.issue.number ?? null) : null);
  } catch {
    // No event file, or none that can be read: then the event tells of no pull request.
    return null;
  }
}
