import type { Context } from "./context.ts";

/** Null if it was deleted. */
type Repository = { readonly full_name?: string } | null;

/** The parts that are read here of the event that triggered the workflow. */
export interface Payload {
  readonly pull_request?: {
    readonly number?: number;
    readonly merged?: boolean;
    readonly head?: { readonly repo?: Repository };
  };
  readonly issue?: { readonly number?: number; readonly pull_request?: object };
  readonly workflow_run?: { readonly head_repository?: Repository };
}

/** The pull request that an event is about; null for a push, a schedule and the like. */
export function pullRequestOf(event: Payload): number | null {
  return event.pull_request?.number ?? (event.issue?.pull_request ? (event.issue.number ?? null) : null);
}

/** The repository, most often a fork, whose unmerged code an event is about; null if the code is our own. */
export function foreignOf({ pull_request: request, workflow_run: run }: Payload, own: string): string | null {
  const unmerged = request?.merged === true ? undefined : request?.head?.repo;
  const from = run === undefined ? unmerged : run.head_repository;
  const name = from === null ? "a deleted fork" : (from?.full_name ?? own);
  return name.toLowerCase() === own.toLowerCase() ? null : name;
}

/** These are always about the repository's own code. */
const OWN = new Set(["push", "workflow_dispatch", "schedule"]);

/** `foreignOf` for the event that triggered this run. */
export async function foreignCode({ event, repository }: Context): Promise<string | null> {
  if (OWN.has(event)) return null;
  const { context } = await import("@actions/github");
  return foreignOf(context.payload, repository);
}
