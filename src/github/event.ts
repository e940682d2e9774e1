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
  readonly workflow_run?: {
    /** What triggered the run that is over: `push`. */
    readonly event?: string;
    readonly head_sha?: string;
    readonly head_branch?: string | null;
    readonly head_repository?: Repository;
  };
  readonly merge_group?: { readonly head_ref?: string };
}

/**
 * The pull request that an event names; null for a push, a schedule and the like. A merge group is named after its last
 * pull request. It has to be taken from there: the group's commit is new, and belongs to no pull request yet.
 */
export function pullRequestOf({ pull_request: request, issue, workflow_run: run, merge_group: group }: Payload) {
  const queued = group?.head_ref ?? (run?.event === "merge_group" ? run.head_branch : null);
  const [, inQueue] = /^(?:refs\/heads\/)?gh-readonly-queue\/.+\/pr-(\d+)-[0-9a-f]+$/.exec(queued ?? "") ?? [];
  if (inQueue !== undefined) return Number(inQueue);
  return request?.number ?? (issue?.pull_request ? (issue.number ?? null) : null);
}

/** A commit, and whether a pull request that is still open counts as its own. */
export interface Commit {
  readonly sha: string;
  readonly mayBeOpen: boolean;
}

/**
 * The commit that an event is about. After another workflow, that is the other run's commit: this one's is just the
 * newest of the default branch.
 */
export function commitOf({ workflow_run: run }: Payload, newest: string): Commit {
  const mayBeOpen = run?.event?.startsWith("pull_request") ?? false;
  return { sha: run?.head_sha ?? newest, mayBeOpen };
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
