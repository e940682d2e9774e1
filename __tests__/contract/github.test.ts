import assert from "node:assert/strict";
import type { Clock, Fault } from "../../src/domain/ports.ts";
import { type Duration, type Instant, SECOND } from "../../src/domain/time.ts";
import { type Connection, createOctokit } from "../../src/github/connection.ts";
import { commitOf, pullRequestOf } from "../../src/github/event.ts";
import { GitHub } from "../../src/github/github.ts";
import { LivingComment } from "../../src/github/living-comment.ts";
import { type Comment, WORKFLOW } from "../../testing/simulator/github/repository.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { open, type World } from "../testing/simulator/clients.ts";
import { failure } from "./failure.ts";

const COMMIT = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";
const MARKER = "<!-- lambda-canary checkout:live -->";
const PULL = 7;

let world: World;
let github: GitHub;

beforeEach(async () => {
  world = await open();
  world.simulator.github.repository.addPullRequest({ number: PULL, mergedAs: COMMIT });
  github = onBehalf();
});

afterEach(() => world.close());

/** GitHub as a workflow run sees it: on a push by default, and without the real pauses. */
function onBehalf(change: Partial<Connection> = {}, token = "ghs_workflow"): GitHub {
  const octokit = createOctokit(token, {
    baseUrl: `${world.simulator.url}/github`,
    retry: { retries: 1, retryAfterBaseValue: 1 },
    throttle: { enabled: false },
  });
  const repo = { owner: "octo-org", repo: "checkout" };
  return new GitHub(async () => ({
    octokit,
    repo,
    commit: { sha: COMMIT, mayBeOpen: false },
    pullRequest: null,
    ...change,
  }));
}

function operations(): string[] {
  return world.simulator.calls.map(({ operation }) => operation);
}

// --------------------------------------------------------------------------------------------------- The pull request

test("the pull request of the event is taken without asking", async () => {
  expect(await onBehalf({ pullRequest: 12 }).pullRequest()).toBe(12);
  expect(operations()).toStrictEqual([]);
});

test("on a push it is the merged pull request of the commit", async () => {
  world.simulator.github.repository.pullRequests.length = 0;
  world.simulator.github.repository.addPullRequest({ number: 5, head: COMMIT });
  world.simulator.github.repository.addPullRequest({ number: 6, head: COMMIT, mergedAs: "f".repeat(40) });
  world.simulator.github.repository.addPullRequest({ number: PULL, mergedAs: COMMIT });
  expect(await github.pullRequest()).toBe(PULL);
});

test("a commit that came with a merge, and isn't the merge itself, belongs to the merged pull request", async () => {
  world.simulator.github.repository.addPullRequest({ number: 8, head: "a".repeat(40) });
  world.simulator.github.repository.addPullRequest({ number: 9, head: "a".repeat(40), mergedAs: "b".repeat(40) });
  expect(await onBehalf({ commit: { sha: "a".repeat(40), mayBeOpen: false } }).pullRequest()).toBe(9);
});

test("after another workflow it is that of the other run's commit: the merged one, or the open one that it ran for", async () => {
  const { repository } = world.simulator.github;
  repository.addPullRequest({ number: 8, head: "a".repeat(40), mergedAs: "c".repeat(40) });
  repository.addPullRequest({ number: 9, head: "a".repeat(40) });
  const after = (event: string, sha: string) =>
    onBehalf({ commit: commitOf({ workflow_run: { event, head_sha: sha } }, COMMIT) }).pullRequest();
  expect(await after("push", "c".repeat(40))).toBe(8);
  expect(await after("push", "a".repeat(40))).toBe(8);
  expect(await after("pull_request", "a".repeat(40))).toBe(9);
  expect(await after("pull_request_target", "a".repeat(40))).toBe(9);
  expect(await after("pull_request", "c".repeat(40))).toBe(8);
  expect(await after("push", "d".repeat(40))).toBeNull();
});

test("any other event is about the commit that it came with", () => {
  const commit = { sha: COMMIT, mayBeOpen: false };
  for (const event of [{}, { pull_request: { number: 7 } }, { workflow_run: {} }]) {
    expect(commitOf(event, COMMIT)).toStrictEqual(commit);
  }
});

test("a merge group is named after its pull request, whatever the branches are called", () => {
  const sha = "0123456789".repeat(4);
  const queued = (head_ref: string) => pullRequestOf({ merge_group: { head_ref } });
  expect(queued(`refs/heads/gh-readonly-queue/main/pr-12-${sha}`)).toBe(12);
  expect(queued(`refs/heads/gh-readonly-queue/release/pr-42-hotfix/pr-12-${sha}`)).toBe(12);
  expect(queued(`refs/heads/main/pr-12-${sha}`)).toBeNull();
  expect(queued("refs/heads/gh-readonly-queue/main/pr-12")).toBeNull();
  const head_branch = `gh-readonly-queue/main/pr-12-${sha}`;
  expect(pullRequestOf({ workflow_run: { event: "merge_group", head_branch } })).toBe(12);
  expect(pullRequestOf({ workflow_run: { event: "push", head_branch } })).toBeNull();
});

test("a commit of no pull request, or of one that isn't merged, has none", async () => {
  world.simulator.github.repository.addPullRequest({ number: 8, head: "a".repeat(40) });
  expect(await onBehalf({ commit: { sha: "a".repeat(40), mayBeOpen: false } }).pullRequest()).toBeNull();
  expect(await onBehalf({ commit: { sha: "e".repeat(40), mayBeOpen: false } }).pullRequest()).toBeNull();
});

// ------------------------------------------------------------------------------------------------------- The comments

function add(body: string, author = WORKFLOW, pull = PULL): Comment {
  return world.simulator.github.repository.addComment(pull, author, body, 0);
}

const PERSON = { login: "octocat", kind: "user" } as const;

test("the own comment is found by author and marker, over all pages", async () => {
  for (let count = 0; count < 220; count++) add(`comment ${count}`, PERSON);
  add(`${MARKER}\nby somebody who copied ours`, PERSON);
  add("ours, but no report");
  add(`ours, quoting:\n> ${MARKER}`);
  add("<!-- lambda-canary basket:live -->\nour report of another function");
  add(`${MARKER}\nour report on another pull request`, WORKFLOW, 8);
  expect(await github.findComment(PULL, MARKER)).toBeNull();

  const ours = add(`${MARKER}\nour report`);
  const url = `https://github.com/octo-org/checkout/pull/7#issuecomment-${ours.id}`;
  expect(await github.findComment(PULL, MARKER)).toStrictEqual({ id: ours.id, url });
  const pages = world.simulator.calls.filter(({ operation }) => operation === "ListComments");
  expect(pages).toHaveLength(6);
});

test("with a person's token the own comment is that person's", async () => {
  world.simulator.github.tokens.set("ghp_person", PERSON);
  add(`${MARKER}\nby a workflow`);
  const theirs = add(`${MARKER}\nby the person`, PERSON);
  expect((await onBehalf({}, "ghp_person").findComment(PULL, MARKER))?.id).toBe(theirs.id);
});

const APP = { login: "release-bot[bot]", kind: "app" } as const;

test("with an app's token the own comment is that app's, whoever else has copied the marker", async () => {
  world.simulator.github.tokens.set("ghs_app", APP);
  const asApp = onBehalf({}, "ghs_app");
  add(`${MARKER}\nby a person`, PERSON);
  add(`${MARKER}\nby a person who is called alike`, { login: "release-bot", kind: "user" });
  add(`${MARKER}\nby another app`, { login: "other-bot[bot]", kind: "app" });
  add(`${MARKER}\nby a workflow`);
  expect(await asApp.findComment(PULL, MARKER)).toBeNull();
  const made = await asApp.createComment(PULL, `${MARKER}\nby the app`);
  expect((await asApp.findComment(PULL, MARKER))?.id).toBe(made.id);
  expect(operations()).not.toContain("GetUser");
});

test.each([
  ["a workflow's", "ghs_workflow", WORKFLOW],
  ["a person's", "ghp_person", PERSON],
] as const)("where GraphQL can't be reached, %s comment is found all the same", async (_whose, token, author) => {
  world.simulator.github.hasGraphQL = false;
  world.simulator.github.tokens.set("ghp_person", PERSON);
  add(`${MARKER}\nby another app`, APP);
  add(`${MARKER}\nby another person`, { login: "hubot", kind: "user" });
  const theirs = add(`${MARKER}\ntheirs`, author);
  expect((await onBehalf({}, token).findComment(PULL, MARKER))?.id).toBe(theirs.id);
});

test("while GitHub can't say whose the token is, no comment is taken for ours, and none for missing", async () => {
  add(`${MARKER}\nby a workflow`);
  const limited = new Refusal(403, "Forbidden", "API rate limit exceeded for installation ID 1.");
  for (const fault of [
    { kind: "reset" },
    { kind: "answered", status: 502, body: "" },
    { kind: "refused", refusal: limited },
  ] as const) {
    const stop = world.simulator.inject({ operation: "GetViewer", times: Number.POSITIVE_INFINITY }, fault);
    await expect(github.findComment(PULL, MARKER)).rejects.toThrow();
    stop();
  }
  expect(await github.findComment(PULL, MARKER)).not.toBeNull();
});

test("a comment is made and edited with id and link", async () => {
  const made = await github.createComment(PULL, "one");
  const [comment] = world.simulator.github.repository.comments;
  expect(made).toMatchObject({
    id: comment?.id,
    url: `https://github.com/octo-org/checkout/pull/7#issuecomment-${made.id}`,
  });
  expect((await github.updateComment(made.id, "two")).id).toBe(made.id);
  expect(bodies()).toStrictEqual(["one", "two"]);
});

// ----------------------------------------------------------------------------------------------------------- The runs

const RUN = { id: 17_000_000_001, status: "in_progress", conclusion: null, attempt: 2 } as const;
const asked = { id: String(RUN.id), attempt: 2 };

test.each(["queued", "waiting", "in_progress"] as const)("a run that is %s is live", async (status) => {
  world.simulator.github.repository.runs.set(RUN.id, { ...RUN, status });
  expect(await github.state(asked)).toBe("live");
});

test("a run that is completed has ended, however it did", async () => {
  for (const conclusion of ["success", "failure", "cancelled", "timed_out"] as const) {
    world.simulator.github.repository.runs.set(RUN.id, { ...RUN, status: "completed", conclusion });
    expect({ conclusion, state: await github.state(asked) }).toStrictEqual({ conclusion, state: "ended" });
  }
});

test("an attempt of a run has ended once there is a higher one", async () => {
  world.simulator.github.repository.runs.set(RUN.id, RUN);
  expect(await github.state({ ...asked, attempt: 1 })).toBe("ended");
  expect(await github.state(asked)).toBe("live");
});

test("a run is asked about twice: one fault of GitHub's doesn't hide it", async () => {
  world.simulator.github.repository.runs.set(RUN.id, RUN);
  world.simulator.inject({}, { kind: "reset" });
  expect(await github.state(asked)).toBe("live");
});

const RIGHTS =
  "give the job `permissions: actions: read`; a token of your own needs the right to read the Actions of this repository";
const SILENCES: readonly (readonly [what: string, fault: Fault, told: RegExp, cause: () => unknown])[] = [
  [
    "does not exist",
    "denied",
    /^GitHub shows this token no run 17000000001 of octo-org\/checkout \(HTTP 404: Not Found\): give the job `permissions: actions: read`; .* If another repository releases this function, run this there$/,
    () => world.simulator.github.repository.runs.clear(),
  ],
  [
    "the token may not ask about",
    "denied",
    new RegExp(
      `^the token may not ask GitHub about runs \\(HTTP 403: Resource not accessible by integration\\): ${RIGHTS}$`,
    ),
    () => {
      world.simulator.github.rights = { pullRequests: "write", actions: "none" };
    },
  ],
  [
    "is asked about with a token that is over",
    "denied",
    /^GitHub doesn't accept the token \(HTTP 401: Bad credentials\): leave out the input github-token, or give one that is still valid$/,
    () =>
      world.simulator.inject(
        { operation: "GetRun", times: 2 },
        { kind: "refused", refusal: new Refusal(401, "Unauthorized", "Bad credentials") },
      ),
  ],
  [
    "GitHub fails to tell of",
    "unclear",
    /^GitHub gave no clear answer \(HTTP 503: We had issues.*\): run this again later$/,
    () => {
      world.simulator.github.outage = "failing";
    },
  ],
  [
    "a page of HTML tells of",
    "unclear",
    /^GitHub gave no clear answer \(HTTP 502: a page of HTML\): run this again later$/,
    () => {
      const headers = { "content-type": "text/html" };
      const page = { kind: "answered", status: 502, headers, body: "<html><body>Bad gateway" } as const;
      world.simulator.inject({ operation: "GetRun", times: 2 }, page);
    },
  ],
  [
    "GitHub is asked about too often",
    "throttled",
    /^GitHub takes no more calls with this token for now \(HTTP 403: API rate limit exceeded.*\): run this again later$/,
    () => {
      world.simulator.github.outage = "rate-limited";
    },
  ],
  [
    "is asked about in vain",
    "unclear",
    /^GitHub gave no clear answer \((?!HTTP).+\): run this again later$/,
    () => world.simulator.inject({ times: 2 }, { kind: "reset" }),
  ],
];
test.each(SILENCES)("of a run that %s, it is told what is missing: %s", async (_what, fault, told, cause) => {
  world.simulator.github.repository.runs.set(RUN.id, RUN);
  cause();
  const error = await failure(github.state(asked));
  expect(error.fault).toBe(fault);
  expect(error.message).toMatch(told);
});

test("without a token GitHub can't be asked at all, and that is told", async () => {
  const error = await failure(new GitHub(async () => assert.fail(String(createOctokit("")))).state(asked));
  expect(error.fault).toBe("denied");
  expect(error.message).toMatch(
    /^there is no token to ask GitHub with \(.+\): leave out the input github-token, or give a token$/,
  );
});

// ------------------------------------------------------------------------------------------------- The living comment

/** A clock that stands still until somebody moves it. */
class StandingClock implements Clock {
  readonly sleepers = new Set<{ readonly until: Instant; readonly wake: () => void }>();
  #now: Instant = Date.UTC(2026, 10, 21, 14);

  now(): Instant {
    return this.#now;
  }

  sleep(duration: Duration, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const sleeper = { until: this.#now + duration, wake: resolve };
    this.sleepers.add(sleeper);
    signal?.addEventListener("abort", () => resolve(), { once: true });
    return promise.finally(() => this.sleepers.delete(sleeper));
  }

  advance(duration: Duration): void {
    this.#now += duration;
    for (const { until, wake } of this.sleepers) if (until <= this.#now) wake();
  }
}

async function eventually(what: string, isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2_000; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`never: ${what}`);
}

/** Every text that the comments on the pull request ever had, by comment and time. */
function bodies(): string[] {
  const comments = world.simulator.github.repository.comments.filter(({ issue }) => issue === PULL);
  return comments.flatMap(({ versions }) => versions.map(({ body }) => body.replace(`${MARKER}\n`, "")));
}

/** Lets an answer arrive that is under way. */
function answered(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 20));
}

/** How long it still waits. */
function pauseOf(clock: StandingClock): Duration {
  const [sleeper] = clock.sleepers;
  return (sleeper?.until ?? Number.NaN) - clock.now();
}

/** A comment, its clock, and its warnings. */
function living(pullRequest: number | null = PULL, on = github) {
  const clock = new StandingClock();
  const warnings: string[] = [];
  const comment = new LivingComment(on, clock, pullRequest, (text) => warnings.push(text));
  return {
    clock,
    warnings,
    comment,
    show: (text: string, isNews = true) => comment.show(async () => `${MARKER}\n${text}`, isNews),
    finish: (text: string) => comment.finish(`${MARKER}\n${text}`),
    asleep: () => eventually("it waits", () => clock.sleepers.size === 1),
    settled: (...expected: string[]) =>
      eventually(`the comment is ${expected}`, () => JSON.stringify(bodies()) === JSON.stringify(expected)),
  };
}

test("the first body shows after a second, with what came meanwhile", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("one");
  await asleep();
  clock.advance(SECOND - 1);
  show("two");
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(operations()).toStrictEqual([]);
  clock.advance(1);
  await settled("two");
  await finish("two");
  expect(bodies()).toStrictEqual(["two"]);
});

test("later bodies show at most every 15 s; of several only the last", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  show("two");
  await asleep();
  expect([...clock.sleepers].map(({ until }) => until - clock.now())).toStrictEqual([15 * SECOND]);
  clock.advance(10 * SECOND);
  show("three");
  clock.advance(5 * SECOND - 1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(bodies()).toStrictEqual(["one"]);
  clock.advance(1);
  await settled("one", "three");
  await finish("three");
  expect(bodies()).toStrictEqual(["one", "three"]);
});

test("fresh figures alone show a minute after the last edit; news that come meanwhile show 15 s after it", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("one", false);
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  show("two", false);
  await asleep();
  expect(pauseOf(clock)).toBe(60 * SECOND);
  clock.advance(10 * SECOND);
  show("three", true);
  await eventually("it waits for less", () => pauseOf(clock) === 5 * SECOND);
  clock.advance(5 * SECOND);
  await settled("one", "three");
  show("four", false);
  await asleep();
  expect(pauseOf(clock)).toBe(60 * SECOND);
  clock.advance(50 * SECOND);
  show("five", true);
  await eventually("it waits for less", () => pauseOf(clock) === SECOND);
  clock.advance(SECOND);
  await settled("one", "three", "five");
  await finish("five");
});

test("the longer a release takes, the longer fresh figures wait: an eighth of it, and at most 5 minutes", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("0", false);
  await asleep();
  clock.advance(SECOND);
  await settled("0");
  await answered();
  const pauses: number[] = [];
  let texts = ["0"];
  for (const hours of [0.2, 0.4, 2]) {
    clock.advance(hours * 60 * 60 * SECOND);
    for (const text of [`${hours}`, `${hours} and a bit`]) {
      show(text, false);
      await asleep();
      const pause = pauseOf(clock);
      if (text !== `${hours}`) pauses.push(pause);
      clock.advance(pause);
      texts = [...texts, text];
      await settled(...texts);
      await answered();
    }
  }
  expect(pauses.map((pause) => Math.round(pause / (6 * SECOND)))).toStrictEqual([15, 47, 50]);
  await finish("the end");
});

test("the fewer calls GitHub takes until the hour is over, the longer edits wait; the end doesn't", async () => {
  const { clock, show, asleep, settled, finish } = living();
  world.simulator.github.callsOfOtherWorkflows = 1_000 - 2 - 80;
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  // 80 calls are left for 3,600 s: edits with news may use 20 of them, and those without 5.
  show("two", false);
  await asleep();
  expect(pauseOf(clock)).toBe(720 * SECOND);
  show("three", true);
  await eventually("it waits for less", () => pauseOf(clock) === 180 * SECOND);
  await finish("the end");
  expect(bodies()).toStrictEqual(["one", "the end"]);
});

test.each([
  { limit: "the hour's", outage: "rate-limited", wait: 3_600 },
  { limit: "a secondary", outage: "secondary-limited", wait: 60 },
] as const)("after $limit limit was hit, GitHub is left alone for as long as it asks", async ({ outage, wait }) => {
  const { clock, show, asleep, settled, finish, warnings } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  world.simulator.github.outage = outage;
  show("two");
  await asleep();
  clock.advance(15 * SECOND);
  await eventually("a warning", () => warnings.length === 1);
  const calls = operations().length;
  show("three");
  await asleep();
  expect(pauseOf(clock)).toBe(wait * SECOND);
  expect(operations()).toHaveLength(calls);
  world.simulator.github.outage = "none";
  clock.advance(wait * SECOND);
  await settled("one", "three");
  await finish("three");
  expect(warnings).toStrictEqual([expect.stringMatching(/rate limit.*: the release goes on without it$/)]);
});

test("what couldn't be shown is news when it is shown next", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  world.simulator.inject({ operation: "UpdateComment", times: 2 }, { kind: "reset" });
  show("two");
  await asleep();
  clock.advance(15 * SECOND);
  await eventually("it has failed", () => operations().filter((each) => each === "UpdateComment").length === 2);
  await answered();
  show("three", false);
  await asleep();
  expect(pauseOf(clock)).toBe(15 * SECOND);
  clock.advance(15 * SECOND);
  await settled("one", "three");
  await finish("three");
});

test("a body that comes long after the last one shows after a second", async () => {
  const { comment, clock, show, asleep, settled, finish } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("the answer has come", () => comment.url !== null);
  clock.advance(60 * SECOND);
  show("two");
  await asleep();
  clock.advance(SECOND);
  await settled("one", "two");
  await finish("two");
});

test("a body that comes while an edit is under way is shown after it", async () => {
  const { clock, show, asleep, settled, finish } = living();
  world.simulator.inject({ operation: "CreateComment" }, { kind: "hook", when: "after", run: () => show("two") });
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  await asleep();
  clock.advance(15 * SECOND);
  await settled("one", "two");
  await finish("two");
});

test("finish shows the last body at once, whatever the comment waits for", async () => {
  const { clock, show, asleep, finish } = living();
  show("one");
  await asleep();
  await finish("two");
  expect(bodies()).toStrictEqual(["two"]);
  expect(clock.sleepers.size).toBe(0);
});

test("finish shows the last body after an edit that is under way, never before it", async () => {
  const { clock, show, asleep, finish } = living();
  const gate = Promise.withResolvers<void>();
  world.simulator.inject({ operation: "CreateComment" }, { kind: "hook", when: "before", run: () => gate.promise });
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("the comment is being made", () => operations().includes("CreateComment"));
  const finished = finish("two");
  gate.resolve();
  await finished;
  expect(bodies()).toStrictEqual(["one", "two"]);
});

test("finish shows its body even if nothing was shown before", async () => {
  const { comment, finish } = living();
  expect(comment.url).toBeNull();
  await finish("only");
  expect(bodies()).toStrictEqual(["only"]);
  expect(comment.url).toMatch(/^https:\/\/github\.com\/octo-org\/checkout\/pull\/7#issuecomment-\d+$/);
});

test("a body that stands there already costs no call", async () => {
  const { finish } = living();
  await finish("same");
  const calls = operations().length;
  await finish("same");
  expect(operations()).toHaveLength(calls);
});

test("the comment of an earlier run is edited, and none is added", async () => {
  add(`${MARKER}\nof an earlier run`);
  const { finish } = living();
  await finish("of this run");
  expect(bodies()).toStrictEqual(["of an earlier run", "of this run"]);
  expect(world.simulator.github.repository.comments).toHaveLength(1);
});

test("it is looked for once: later edits are one call each", async () => {
  const { clock, show, asleep, settled, finish } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  await finish("two");
  expect(operations()).toStrictEqual(["ListComments", "CreateComment", "UpdateComment"]);
});

test("a comment that somebody deleted is made anew", async () => {
  const { clock, show, asleep, settled, finish, warnings } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  const [comment] = world.simulator.github.repository.comments;
  assert(comment !== undefined);
  world.simulator.github.repository.deleteComment(comment.id);
  await finish("two");
  expect(bodies()).toStrictEqual(["two"]);
  expect(warnings).toStrictEqual([]);
});

test("on a push the merged pull request is asked for once, and gets the comment", async () => {
  const { clock, show, asleep, settled, finish } = living(null);
  show("one");
  await asleep();
  clock.advance(SECOND);
  await settled("one");
  await finish("two");
  expect(bodies()).toStrictEqual(["one", "two"]);
  expect(operations().filter((operation) => operation === "ListPullRequestsOfCommit")).toHaveLength(1);
});

test("without a pull request nothing is written, and nobody is warned", async () => {
  const { clock, show, asleep, finish, comment, warnings } = living(
    null,
    onBehalf({ commit: { sha: "e".repeat(40), mayBeOpen: false } }),
  );
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("it is asked for", () => operations().length === 1);
  await finish("two");
  expect(operations()).toStrictEqual(["ListPullRequestsOfCommit"]);
  expect(comment.url).toBeNull();
  expect(warnings).toStrictEqual([]);
});

test("a token that may not write is told once, with the permission to grant", async () => {
  world.simulator.github.rights = { pullRequests: "read", actions: "read" };
  const { clock, show, asleep, finish, comment, warnings } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("a warning", () => warnings.length === 1);
  await finish("two");
  expect(bodies()).toStrictEqual([]);
  expect(warnings).toStrictEqual([
    expect.stringMatching(
      /^the comment could not be written \(Resource not accessible by integration.*\): give the job `permissions: pull-requests: write`/,
    ),
  ]);
  expect(comment.url).toBeNull();
});

test("a rate limit is no lack of rights: the warning asks for none", async () => {
  world.simulator.github.outage = "rate-limited";
  const { finish, warnings } = living();
  await finish("one");
  expect(warnings).toStrictEqual([
    expect.stringMatching(/^the comment could not be written \(API rate limit .*\): the release goes on without it$/),
  ]);
});

const TROUBLES: Record<string, () => unknown> = {
  "fails with 503": () => {
    world.simulator.github.outage = "failing";
  },
  "cuts the connection": () => world.simulator.inject({ times: Number.POSITIVE_INFINITY }, { kind: "reset" }),
  "answers nonsense": () =>
    world.simulator.inject({ times: Number.POSITIVE_INFINITY }, { kind: "answered", status: 200, body: "<html>" }),
  "refuses the body": () =>
    world.simulator.inject(
      { operation: "CreateComment", times: Number.POSITIVE_INFINITY },
      { kind: "refused", refusal: new Refusal(422, "Unprocessable Entity", "Body is too long") },
    ),
};
test.each(Object.entries(TROUBLES))("a GitHub that %s throws nothing and warns once", async (_what, cause) => {
  cause();
  const { clock, show, asleep, finish, warnings } = living(null);
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("a warning", () => warnings.length === 1);
  show("two");
  await asleep();
  await finish("three");
  expect(warnings).toStrictEqual([
    expect.stringMatching(/^the comment could not be written \(.+\): the release goes on without it$/s),
  ]);
});

test.each(["ListPullRequestsOfCommit", "ListComments", "UpdateComment"])(
  "a call of %s that fails once is tried again, and nobody is warned",
  async (operation) => {
    if (operation === "UpdateComment") add(`${MARKER}\nof an earlier run`);
    world.simulator.inject({ operation }, { kind: "reset" });
    const { finish, warnings } = living(null);
    await finish("one");
    expect(bodies().at(-1)).toBe("one");
    expect(operations().filter((each) => each === operation)).toHaveLength(2);
    expect(warnings).toStrictEqual([]);
  },
);

test.each(["ListPullRequestsOfCommit", "ListComments", "CreateComment", "UpdateComment"])(
  "a GitHub that fails at %s and comes back gets the next body",
  async (operation) => {
    if (operation === "UpdateComment") add(`${MARKER}\nof an earlier run`);
    // Creating a comment isn't retried: it may have been created although no answer came.
    world.simulator.inject({ operation, times: operation === "CreateComment" ? 1 : 2 }, { kind: "reset" });
    const { clock, show, asleep, finish, warnings } = living(null);
    show("one");
    await asleep();
    clock.advance(SECOND);
    await eventually("a warning", () => warnings.length === 1);
    await finish("two");
    expect(bodies().at(-1)).toBe("two");
    expect(world.simulator.github.repository.comments).toHaveLength(1);
  },
);

test("a comment whose answer was lost is found again, and not made twice", async () => {
  world.simulator.inject({ operation: "CreateComment" }, { kind: "lost" });
  const { clock, show, asleep, finish, warnings } = living();
  show("one");
  await asleep();
  clock.advance(SECOND);
  await eventually("a warning", () => warnings.length === 1);
  await finish("two");
  expect(bodies()).toStrictEqual(["one", "two"]);
  expect(world.simulator.github.repository.comments).toHaveLength(1);
});
