import { HOUR, MINUTE, SECOND } from "../../src/domain/time.ts";
import { PULL_REQUEST, SCENARIOS } from "../../testing/simulator/scenarios.ts";
import { startSimulator } from "../../testing/simulator/server.ts";
import { Refusal } from "../../testing/simulator/service.ts";
import { playInOneProcess } from "./host.ts";
import { FOREVER, MID_BAKE, OTHER_RUN, onStage, type Stage, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

/** A run of another workflow of this repository. */
const HERE = { head_repository: { full_name: "octo-org/checkout" } };
const DENIED = new Refusal(403, "ExpiredTokenException", "The security token included in the request is expired");

describe("the pull request is told, and a release never waits for that", () => {
  const TROUBLES: readonly { readonly trouble: string; readonly cause: (stage: Stage) => void }[] = [
    {
      trouble: "GitHub never answers",
      cause: ({ simulator }) =>
        simulator.inject({ service: "github", times: FOREVER }, { kind: "hang", carriedOut: false }),
    },
    {
      trouble: "the token may only read",
      cause: ({ simulator }) =>
        simulator.inject(
          { operation: "CreateComment", times: FOREVER },
          { kind: "refused", refusal: new Refusal(403, "Forbidden", "Resource not accessible by integration") },
        ),
    },
    {
      trouble: "somebody deletes the comment",
      cause: ({ simulator, clock }) => clock.at(MID_BAKE, () => simulator.github.repository.deleteComment(1001)),
    },
  ];
  test.each(TROUBLES)(
    "$trouble: the release goes on untouched",
    onStage("healthy", async (stage, { cause }) => {
      cause(stage);
      const run = await stage.run({});
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.serves()).toBe("4");
      expect(run.annotations.filter(({ kind }) => kind === "warning").length).toBeLessThanOrEqual(1);
      expect(run.summary).toMatch(/promoted/);
      const tries = stage.simulator.calls.filter(({ operation }) => operation === "CreateComment");
      expect(tries.length).toBeLessThanOrEqual(2);
    }),
  );

  test(
    "a second run edits the comment that the first one made",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "50% for 1m" });
      await stage.run({ steps: "50% for 1m" }, { run: OTHER_RUN });
      const { comments } = stage.simulator.github.repository;
      expect(comments).toHaveLength(1);
      expect(comments[0]?.versions.at(-1)?.body).toMatch(/unchanged/);
    }),
  );

  test(
    "a pull request's own event tells where to comment; edits are a minute apart, or 15 seconds where there is news",
    onStage("healthy", async (stage) => {
      stage.simulator.github.repository.addPullRequest({ number: 12 });
      const event = { name: "pull_request", payload: { pull_request: { number: 12 } } };
      await stage.run({ "poll-interval": "5s", steps: "10% for 4m, 50% for 4m" }, { event });
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.issue).toBe(12);
      const edits = comment?.versions.map(({ at }) => at) ?? [];
      const pauses = edits.slice(1, -1).map((at, index) => at - (edits[index] ?? 0));
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(15 * SECOND);
      expect(pauses.filter((pause) => pause < MINUTE).length).toBeLessThanOrEqual(3);
      expect(Math.max(...pauses)).toBeLessThanOrEqual(MINUTE + 15 * SECOND);
    }),
  );

  test(
    "a default release makes at most 25 edits",
    onStage("bursty", async (stage) => {
      await stage.run(USUAL_LOOKS);
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.versions.length).toBeGreaterThan(10);
      expect(comment?.versions.length).toBeLessThanOrEqual(25);
    }),
  );
});

/** Where each of several runs left its report: the titles of the comments, the oldest first. */
function titles({ simulator }: Stage): readonly string[] {
  const { comments } = simulator.github.repository;
  return comments.map(({ versions }) => versions.at(-1)?.body.split("\n")[1] ?? "");
}

/** Runs actions on the same pull request with another AWS, where everything but its place is the same. */
async function elsewhere(
  { clock, simulator }: Stage,
  { region, account }: { readonly region?: string; readonly account?: string },
  play: (environment: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const other = await startSimulator({ time: clock, seed: 7, past: HOUR, ...(region === undefined ? {} : { region }) });
  try {
    if (account !== undefined) Object.assign(other.account, { id: account });
    SCENARIOS.healthy.setUp(other);
    await play({ ...other.environment, GITHUB_API_URL: simulator.environment["GITHUB_API_URL"] ?? "" });
  } finally {
    await other.close();
  }
}

const SHORT = { steps: "50% for 1m" };

describe("which comment is whose", () => {
  test(
    "each Region has its own, and its title says which",
    onStage("healthy", async (stage) => {
      await elsewhere(stage, { region: "us-east-1" }, async (environment) => {
        await stage.run(SHORT);
        await stage.run(SHORT, { run: OTHER_RUN, environment });
        await stage.run(SHORT, { run: { ...OTHER_RUN, attempt: 2 }, environment });
      });
      expect(titles(stage)).toStrictEqual([
        expect.stringMatching(/^### .+ checkout in `eu-central-1` · promoted 3 → 4/),
        "### ✅ checkout in `us-east-1` · unchanged, already on 4",
      ]);
    }),
  );

  test(
    "each account has its own, whether Lambda tells it or an ARN",
    onStage("healthy", async (stage) => {
      await elsewhere(stage, { account: "210987654321" }, async (environment) => {
        await stage.run(SHORT);
        await stage.run(SHORT, { run: OTHER_RUN, environment });
        expect(titles(stage)).toHaveLength(2);
        await stage.run({ ...SHORT, function: "123456789012:function:checkout" }, { run: OTHER_RUN });
        await stage.run({ ...SHORT, function: "210987654321:function:checkout" }, { run: OTHER_RUN, environment });
      });
      const unchanged = "### ✅ checkout in `eu-central-1` · unchanged, already on 4";
      expect(titles(stage)).toStrictEqual([unchanged, unchanged]);
    }),
  );

  test(
    "each job has its own, and its last line says which",
    onStage("healthy", async (stage) => {
      for (const job of ["staging", "production", "staging"]) {
        const environment = { ...stage.simulator.environment, GITHUB_JOB: job };
        await stage.run(SHORT, { run: OTHER_RUN, environment });
      }
      const { comments } = stage.simulator.github.repository;
      const jobs = comments.map(({ versions }) => /job `(\w+)`/.exec(versions.at(-1)?.body ?? "")?.[1]);
      expect(jobs).toStrictEqual(["staging", "production"]);
    }),
  );

  test(
    "what the post step puts back shows in the comment of the release",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      await stage.until(MID_BAKE);
      action.kill();
      await (await action.post()).finished;
      expect(titles(stage)).toStrictEqual([expect.stringMatching(/rolled back/)]);
    }),
  );

  test(
    "while the account is unknown, nothing is written, so that the earlier comment is found in the end",
    onStage("healthy", async (stage) => {
      await stage.run(SHORT);
      stage.simulator.inject({ service: "lambda", times: 3 }, { kind: "hang", carriedOut: false });
      const before = stage.simulator.calls.length;
      await stage.run(SHORT, { run: OTHER_RUN });
      expect(titles(stage)).toHaveLength(1);
      const later = stage.simulator.calls.slice(before);
      const isAnswered = later.findIndex(({ service, answer }) => service === "lambda" && answer.startsWith("200"));
      const isWritten = later.findIndex(({ service }) => service === "github");
      expect(isAnswered).toBeGreaterThan(0);
      expect(isWritten).toBeGreaterThan(isAnswered);
    }),
  );

  test(
    "where AWS never tells the account, the end is written all the same, in the job's own comment",
    onStage("healthy", async (stage) => {
      stage.simulator.inject({ service: "lambda", times: FOREVER }, { kind: "refused", refusal: DENIED });
      for (let count = 0; count < 2; count++) await stage.run(SHORT, { run: OTHER_RUN });
      expect(titles(stage)).toStrictEqual(["### ❌ checkout in `eu-central-1` · failed before any traffic was moved"]);
    }),
  );

  test(
    "with an app's token it is found again, and no copy of it is touched",
    onStage("healthy", async (stage) => {
      const { github, time } = stage.simulator;
      github.tokens.set("ghs_app", { login: "release-bot[bot]", kind: "app" });
      await stage.run(SHORT, { token: "ghs_app" });
      const body = github.repository.comments[0]?.versions.at(-1)?.body ?? "";
      github.repository.deleteComment(github.repository.comments[0]?.id ?? 0);
      for (const author of [
        { login: "octocat", kind: "user" },
        { login: "release-bot", kind: "user" },
        { login: "github-actions[bot]", kind: "app" },
      ] as const) {
        github.repository.addComment(PULL_REQUEST, author, body, time.now());
      }
      await stage.run(SHORT, { token: "ghs_app", run: OTHER_RUN });
      await stage.run(SHORT, { token: "ghs_app", run: { ...OTHER_RUN, attempt: 2 } });
      const { comments } = github.repository;
      expect(comments.slice(0, 3).map(({ versions }) => versions.length)).toStrictEqual([1, 1, 1]);
      expect(comments.slice(3).map(({ author }) => author.login)).toStrictEqual(["release-bot[bot]"]);
    }),
  );

  test.each([
    {
      after: "another workflow that ran on main",
      event: { name: "workflow_run", payload: { workflow_run: { event: "push", head_sha: "a".repeat(40), ...HERE } } },
      pull: 21,
    },
    {
      after: "another workflow that ran on a pull request",
      event: {
        name: "workflow_run",
        payload: { workflow_run: { event: "pull_request", head_sha: "b".repeat(40), ...HERE } },
      },
      pull: 22,
    },
    {
      after: "a pull request was queued for its merge",
      event: {
        name: "merge_group",
        payload: { merge_group: { head_ref: `refs/heads/gh-readonly-queue/main/pr-22-${"c".repeat(40)}` } },
      },
      pull: 22,
    },
  ])(
    "after $after it is on that pull request",
    onStage("healthy", async (stage, { event, pull }) => {
      const { repository } = stage.simulator.github;
      repository.addPullRequest({ number: 21, mergedAs: "a".repeat(40) });
      repository.addPullRequest({ number: 22, head: "b".repeat(40) });
      const run = await stage.run(SHORT, { event });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(repository.comments.map(({ issue }) => issue)).toStrictEqual([pull]);
    }),
  );
});

describe("GitHub's limits", () => {
  test(
    "when other workflows have used up most of the hour's calls, the comment is edited less often, and still ended",
    onStage("healthy", async (stage) => {
      stage.simulator.github.callsOfOtherWorkflows = 970;
      const run = await stage.run(USUAL_LOOKS);
      expect(run.outputs["outcome"]).toBe("promoted");
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.versions.length).toBeLessThanOrEqual(6);
      expect(comment?.versions.at(-1)?.body).toMatch(/· promoted 3 → 4/);
    }),
  );

  test.each(["rate-limited", "secondary-limited"] as const)(
    "a release goes on while GitHub answers that it is %s, and leaves it alone meanwhile",
    async (outage) =>
      onStage("healthy", async (stage) => {
        const { simulator, clock } = stage;
        clock.at(MID_BAKE - 4 * MINUTE, () => {
          simulator.github.outage = outage;
        });
        clock.at(MID_BAKE, () => {
          simulator.github.outage = "none";
        });
        const run = await stage.run(USUAL_LOOKS);
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(run.annotations.filter(({ kind }) => kind === "warning").length).toBeLessThanOrEqual(1);
        const meanwhile = simulator.calls.filter(
          ({ service, at }) => service === "github" && at > MID_BAKE - 4 * MINUTE && at < MID_BAKE,
        );
        expect(meanwhile.length).toBeLessThanOrEqual(6);
        expect(titles(stage)).toStrictEqual([expect.stringMatching(/promoted 3 → 4/)]);
      })(),
  );
});

describe("where the summary can't be written, the comment is ended all the same", () => {
  test.each([
    { what: "the runner gives no file for it", file: "", says: /GITHUB_STEP_SUMMARY/ },
    { what: "its file can't be written to", file: "/", says: /EISDIR|directory/ },
    { what: "the disk is full", file: "/dev/full", says: /ENOSPC/ },
  ])(
    "$what",
    onStage("healthy", async (stage, { file, says }) => {
      const environment = { ...stage.simulator.environment, GITHUB_STEP_SUMMARY: file };
      const run = await stage.run(SHORT, { environment });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.outputs["comment-url"]).toMatch(/issuecomment/);
      expect(titles(stage)).toStrictEqual([expect.stringMatching(/promoted 3 → 4/)]);
      const warnings = run.annotations.filter(({ kind }) => kind === "warning").map(({ text }) => text);
      const incomplete = warnings.filter((text) => text.startsWith("the report of the release is incomplete: "));
      expect(incomplete).toStrictEqual([expect.stringMatching(says)]);
    }),
  );
});
