import { HOUR, MINUTE, SECOND } from "../../../src/domain/time.ts";
import { WORKFLOW } from "../../../testing/simulator/github/repository.ts";
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
  // Whoever may write to the repository can edit it all the same; a person whose token isn't of that kind can't.
  expect(await refusal(edit(Number(data.id), "mine now"))).toBe("");
  const other = await comment("hello");
  expect(await refusal(edit(Number(other.data.id), "mine now", person))).toBe("403 HttpError");
});

test("who a token belongs to is answered to all by GraphQL, with the id of its comments' author", async () => {
  const viewer = async (client: typeof world.octokit) =>
    (await client.graphql<{ viewer: object }>("query { viewer { login databaseId } }")).viewer;
  world.simulator.github.tokens.set("ghs_app", { login: "release-bot[bot]", kind: "app" });
  world.simulator.github.tokens.set("ghp_person", { login: "octocat", kind: "user" });
  const ids = new Set();
  for (const [token, login] of [
    ["ghs_workflow", "github-actions[bot]"],
    ["ghs_app", "release-bot[bot]"],
    ["ghp_person", "octocat"],
  ] as const) {
    const client = octokit(world.simulator.url, token);
    const { user } = (await comment("hello", client)).data;
    expect(user?.login).toBe(login);
    expect(await viewer(client)).toStrictEqual({ login, databaseId: user?.id });
    ids.add(user?.id);
  }
  expect(ids.size).toBe(3);
  await expect(world.octokit.graphql("{ repository { id } }")).rejects.toThrow(/only who the viewer is/);
  expect(await refusal(octokit(world.simulator.url, "ghs_app").request("GET /user"))).toBe("403 HttpError");
  world.simulator.github.hasGraphQL = false;
  expect(await refusal(viewer(world.octokit))).toBe("404 HttpError");
});

test("every answer tells what is left of the hour; other workflows use it too, and an app has its own", async () => {
  const { github } = world.simulator;
  github.tokens.set("ghs_app", { login: "release-bot[bot]", kind: "app" });
  github.callsOfOtherWorkflows = 900;
  const left = async (client = world.octokit) => {
    const { headers } = await comment("hello", client);
    const wait = Number(headers["x-ratelimit-reset"]) * SECOND - Date.parse(String(headers.date));
    return [headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"], wait];
  };
  expect(await left()).toStrictEqual(["1000", "99", HOUR]);
  await world.clock.advance(30 * MINUTE);
  expect(await left()).toStrictEqual(["1000", "98", 30 * MINUTE]);
  expect(await left(octokit(world.simulator.url, "ghs_app"))).toStrictEqual(["5000", "4999", HOUR]);
  github.callsOfOtherWorkflows = 1_000;
  const { status, response } = await comment("hello").catch((error) => error);
  expect([status, response.headers["x-ratelimit-remaining"]]).toStrictEqual([403, "0"]);
  await world.clock.advance(30 * MINUTE);
  github.callsOfOtherWorkflows = 0;
  expect(await left()).toStrictEqual(["1000", "999", HOUR]);
});

test("a secondary limit is refused with a time to wait, though calls are left", async () => {
  world.simulator.github.outage = "secondary-limited";
  const { status, message, response } = await comment("hello").catch((error) => error);
  expect(status).toBe(403);
  expect(message).toMatch(/secondary rate limit/);
  expect(response.headers["retry-after"]).toBe("60");
  expect(Number(response.headers["x-ratelimit-remaining"])).toBeGreaterThan(900);
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
