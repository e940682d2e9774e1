import { existsSync } from "node:fs";
import type { Run } from "../domain/alias.ts";

/** What the runner's environment says about the run: all that is needed without asking GitHub. */
export interface Context {
  readonly run: Run;
  /** With its owner: `octo-org/checkout`. */
  readonly repository: string;
  readonly workflow: string;
  /** The job's id in the workflow: `deploy-production`. */
  readonly job: string;
  /** The event that triggered the workflow: `push`. */
  readonly event: string;
  readonly runUrl: string;
  /** Where a person starts the rollback; null if the repository has no `rollback.yml`. */
  readonly rollbackUrl: string | null;
}

/** Reads the runner's environment. Missing variables get a default, so that no release fails because of one. */
export function readContext(environment: Readonly<Record<string, string | undefined>>): Context {
  const get = (name: string) => environment[name] ?? "";
  const run: Run = { id: get("GITHUB_RUN_ID") || "0", attempt: Number(get("GITHUB_RUN_ATTEMPT") || 1) };
  const repository = get("GITHUB_REPOSITORY");
  const actions = `${get("GITHUB_SERVER_URL") || "https://github.com"}/${repository}/actions`;
  const hasRollback = existsSync(`${get("GITHUB_WORKSPACE") || "."}/.github/workflows/rollback.yml`);
  return {
    run,
    repository,
    workflow: get("GITHUB_WORKFLOW"),
    job: get("GITHUB_JOB"),
    event: get("GITHUB_EVENT_NAME"),
    runUrl: `${actions}/runs/${run.id}/attempts/${run.attempt}`,
    rollbackUrl: hasRollback ? `${actions}/workflows/rollback.yml` : null,
  };
}
