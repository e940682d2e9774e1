import { context, getOctokit } from "@actions/github";
import { retry } from "@octokit/plugin-retry";
import { throttling } from "@octokit/plugin-throttling";
import { SECOND } from "../domain/time.ts";
import { type Commit, commitOf, pullRequestOf } from "./event.ts";

/** The longest that one try of a call to GitHub may take. */
const TIMEOUT = 10 * SECOND;
/** At a rate limit, GitHub says how many seconds to wait. If it is more than this, we give up. */
const LONGEST_WAIT = 60;

export type Octokit = ReturnType<typeof createOctokit>;

/** The repository on GitHub, and what the event says about it. This module is loaded only when GitHub is needed. */
export interface Connection {
  readonly octokit: Octokit;
  readonly repo: { readonly owner: string; readonly repo: string };
  readonly commit: Commit;
  /** The pull request that the event names; null for a push, a schedule and the like. */
  readonly pullRequest: number | null;
}

/** Connects to the repository that the workflow runs in. @throws Error without a token */
export function connect(token: string): Connection {
  const { repo, sha, payload } = context;
  return { octokit: createOctokit(token), repo, commit: commitOf(payload, sha), pullRequest: pullRequestOf(payload) };
}

/** A client whose calls are tried twice, at GitHub's own pace. */
export function createOctokit(token: string, options: Parameters<typeof getOctokit>[1] = {}) {
  const isWorthWaiting = (seconds: number, _request: object, _octokit: object, retries: number) =>
    seconds <= LONGEST_WAIT && retries === 0;
  const pace = { onRateLimit: isWorthWaiting, onSecondaryRateLimit: isWorthWaiting };
  // The first plugin is the innermost, so the time limit is for each try.
  return getOctokit(
    token,
    { log: SILENT, retry: { retries: 1 }, throttle: pace, ...options },
    limitTime,
    throttling,
    retry,
  );
}

function limitTime(octokit: { readonly hook: { before: ReturnType<typeof getOctokit>["hook"]["before"] } }) {
  octokit.hook.before("request", (options) => {
    options.request = { ...options.request, signal: AbortSignal.timeout(TIMEOUT) };
  });
  return {};
}

const SILENT = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
