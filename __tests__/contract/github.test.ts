import assert from "node:assert/strict";
import { type Comment, WORKFLOW } from "../../simulator/github/repository.ts";
import { Refusal } from "../../simulator/service.ts";
import { type Connection, createOctokit } from "../../src/github/connection.ts";
import { GitHub } from "../../src/github/github.ts";
import { LivingComment } from "../../src/github/living-comment.ts";
import type { Clock } from "../../src/release/ports.ts";
import { type Duration, type Instant, SECOND } from "../../src/release/time.ts";
import { open, type World } from "../simulator/clients.ts";

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

const SILENCES: Record<string, () => unknown> = {
  "does not exist": () => world.simulator.github.repository.runs.clear(),
  "the token may not ask about": () => {
    world.simulator.github.rights = { pullRequests: "write", actions: "none" };
  },
  "GitHub fails to tell of": () => {
    world.simulator.github.outage = "failing";
  },
  "GitHub is asked about too often": () => {
    world.simulator.github.outage = "rate-limited";
  },
  "is asked about in vain": () => world.simulator.inject({ times: 2 }, { kind: "reset" }),
};
test.each(Object.entries(SILENCES))("a run that %s is unknown, and nothing is thrown", async (_what, cause) => {
  world.simulator.github.repository.runs.set(RUN.id, RUN);
  cause();
  expect(await github.state(asked)).toBe("unknown");
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
  expect(operations()).toStrictEqual(["GetViewer", "ListComments", "CreateComment", "UpdateComment"]);
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
