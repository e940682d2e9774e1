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
  /** Another repository whose code this run is about, where nobody has merged it; a fork's, most often. Else null. */
  readonly foreign: string | null;
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
  const event = readEvent(get("GITHUB_EVENT_PATH"));
  return {
    run,
    owner,
    repository,
    workflow: get("GITHUB_WORKFLOW"),
    sha: get("GITHUB_SHA"),
    apiUrl: get("GITHUB_API_URL") || "https://api.github.com",
    pullRequest: pullRequestOf(event),
    foreign: foreignOf(event, `${owner}/${repository}`),
    runUrl: `${home}/runs/${run.id}/attempts/${run.attempt}`,
    rollbackUrl: hasRollback ? `${home}/workflows/rollback.yml` : null,
  };
}

/** Null when it was deleted. */
type Repository = { readonly full_name?: string } | null;

interface EventPayload {
  readonly pull_request?: {
    readonly number?: number;
    readonly merged?: boolean;
    readonly head?: { readonly repo?: Repository };
  };
  readonly issue?: { readonly number?: number; readonly pull_request?: object };
  readonly workflow_run?: { readonly head_repository?: Repository };
}

function readEvent(path: string): EventPayload {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as EventPayload;
  } catch {
    // No event file, or none that can be read: then the event tells of nothing.
    return {};
  }
}

function pullRequestOf(event: EventPayload): number | null {
  return event.pull_request?.number ?? (event.issue?.pull_request ? (event.issue.number ?? null) : null);
}

function foreignOf({ pull_request: request, workflow_run: run }: EventPayload, own: string): string | null {
  const unmerged = request?.merged === true ? undefined : request?.head?.repo;
  const from = run === undefined ? unmerged : run.head_repository;
  const name = from === null ? "a deleted fork" : (from?.full_name ?? own);
  return name.toLowerCase() === own.toLowerCase() ? null : name;
}
