import { HOUR } from "../../src/domain/time.ts";
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

/** Runs actions on the same pull request in another account, where everything else is the same. */
async function inOtherAccount(
  { clock, simulator }: Stage,
  play: (environment: Readonly<Record<string, string>>) => Promise<void>,
): Promise<void> {
  const other = await startSimulator({ time: clock, seed: 7, past: HOUR });
  try {
    Object.assign(other.account, { id: "210987654321" });
    SCENARIOS.healthy.setUp(other);
    await play({ ...other.environment, GITHUB_API_URL: simulator.environment["GITHUB_API_URL"] ?? "" });
  } finally {
    await other.close();
  }
}

const SHORT = { steps: "50% for 1m" };

describe("which comment is whose", () => {
  test(
    "each account has its own, whether Lambda tells it or an ARN",
    onStage("healthy", async (stage) => {
      await inOtherAccount(stage, async (environment) => {
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
