import { WORKFLOW } from "../../simulator/github/repository.ts";
import { HOUR, MINUTE, SECOND } from "../../src/release/time.ts";
import { octokit, open, refusal, type World } from "./clients.ts";

const where = { owner: "octo-org", repo: "checkout" };
const COMMIT = "7fd1a60b01f91b314f59955a4e4d4e80d8edf11d";

let world: World;

beforeEach(async () => {
  world = await open();
  world.simulator.github.repository.addPullRequest({ number: 7, mergedAs: COMMIT });
});

afterEach(() => world.close());

function comment(body: string, client = world.octokit) {
  const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
  return client.request(route, { ...where, issue_number: 7, body });
}

function edit(comment_id: number, body: string, client = world.octokit) {
  return client.request("PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}", { ...where, comment_id, body });
}

test("the merged pull request of a commit is found", async () => {
  const pulls = async (commit_sha: string) => {
    const route = "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls";
    const { data } = await world.octokit.request(route, { ...where, commit_sha });
    return data.map(({ number, merge_commit_sha }) => [number, merge_commit_sha]);
  };
  expect(await pulls(COMMIT)).toStrictEqual([[7, COMMIT]]);
  expect(await pulls("f".repeat(40))).toStrictEqual([]);
});

test("a comment of a workflow's token is by github-actions[bot]; that token can't ask who it is", async () => {
  const { data } = await comment("hello");
  expect([data.user?.login, data.user?.type]).toStrictEqual(["github-actions[bot]", "Bot"]);
  expect(data.performed_via_github_app?.slug).toBe("github-actions");
  expect(await refusal(world.octokit.request("GET /user"))).toBe("403 HttpError");
});

test("a comment of a person's token is by that person", async () => {
  world.simulator.github.tokens.set("ghp_person", { login: "octocat", kind: "user" });
  const person = octokit(world.simulator.url, "ghp_person");
  expect((await person.request("GET /user")).data.login).toBe("octocat");
  const { data } = await comment("hello", person);
  expect([data.user?.login, data.performed_via_github_app]).toStrictEqual(["octocat", null]);
  // Others' comments can't be edited.
  expect(await refusal(edit(Number(data.id), "mine now"))).toBe("403 HttpError");
});

test("every version of a comment is kept, with its time", async () => {
  const { data } = await comment("one");
  await world.clock.advance(15 * SECOND);
  await edit(Number(data.id), "two");
  const start = world.clock.now() - 15 * SECOND;
  expect(world.simulator.github.repository.comments[0]?.versions).toStrictEqual([
    { at: start, body: "one" },
    { at: start + 15 * SECOND, body: "two" },
  ]);
});

test("comments come in pages of at most 100, with links to the others", async () => {
  const { repository } = world.simulator.github;
  for (let count = 0; count < 230; count++) repository.addComment(7, WORKFLOW, `comment ${count}`, 0);
  const list = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  const all = await world.octokit.paginate(list, { ...where, issue_number: 7, per_page: 100 });
  expect(all).toHaveLength(230);
  expect(all.at(-1)?.body).toBe("comment 229");
  const page = await world.octokit.request(list, { ...where, issue_number: 7, per_page: 500 });
  expect(page.data).toHaveLength(100);
  expect((await world.octokit.request(list, { ...where, issue_number: 7 })).data).toHaveLength(30);
});

test("a comment has at most 65,536 bytes, and isn't blank", async () => {
  expect(await refusal(comment("x".repeat(65_536)))).toBe("");
  expect(await refusal(comment("x".repeat(65_537)))).toBe("422 HttpError");
  expect(await refusal(comment("ü".repeat(32_769)))).toBe("422 HttpError");
  expect(await refusal(comment(" "))).toBe("422 HttpError");
});

test("a token that may only read is refused to write, with 403", async () => {
  world.simulator.github.rights = { pullRequests: "read", actions: "none" };
  const error = await comment("hello").catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/Resource not accessible by integration/);
  const list = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
  expect(await refusal(world.octokit.request(list, { ...where, issue_number: 7 }))).toBe("");
  const run = world.octokit.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { ...where, run_id: 1 });
  expect(await refusal(run)).toBe("403 HttpError");
});

test("a request without a token is refused", async () => {
  const comments = `${world.simulator.url}/github/repos/octo-org/checkout/issues/7/comments`;
  const answer = await fetch(comments, { method: "POST", body: JSON.stringify({ body: "hello" }) });
  expect(answer.status).toBe(401);
});

test("GitHub may be down, or the rate limit reached", async () => {
  world.simulator.github.outage = "failing";
  expect(await refusal(comment("hello"))).toBe("503 HttpError");
  world.simulator.github.outage = "rate-limited";
  expect(await refusal(comment("hello"))).toBe("403 HttpError");
  world.simulator.github.outage = "none";
  expect(await refusal(comment("hello"))).toBe("");
});

test("80 writes of content a minute, and 1,000 requests an hour, are taken", async () => {
  for (let count = 0; count < 80; count++) await comment("hello");
  expect(await refusal(comment("hello"))).toBe("403 HttpError");
  await world.clock.advance(MINUTE);
  expect(await refusal(comment("hello"))).toBe("");
  const get = () =>
    refusal(world.octokit.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", { ...where, pull_number: 7 }));
  for (let count = 82; count < 1_000; count += 54) await Promise.all(Array.from({ length: 54 }, get));
  expect(await get()).toBe("403 HttpError");
  await world.clock.advance(HOUR);
  expect(await get()).toBe("");
});

test("a run tells its status and attempt; its earlier attempts are over", async () => {
  world.simulator.github.repository.runs.set(5, { id: 5, status: "in_progress", conclusion: null, attempt: 2 });
  const now = await world.octokit.request("GET /repos/{owner}/{repo}/actions/runs/{run_id}", { ...where, run_id: 5 });
  expect([now.data.status, now.data.run_attempt]).toStrictEqual(["in_progress", 2]);
  const route = "GET /repos/{owner}/{repo}/actions/runs/{run_id}/attempts/{attempt_number}";
  const earlier = await world.octokit.request(route, { ...where, run_id: 5, attempt_number: 1 });
  expect([earlier.data.status, earlier.data.conclusion]).toStrictEqual(["completed", "failure"]);
  expect(await refusal(world.octokit.request(route, { ...where, run_id: 5, attempt_number: 3 }))).toBe("404 HttpError");
});
