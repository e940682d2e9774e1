import { Refusal } from "../../simulator/service.ts";
import { SECOND } from "../../src/release/time.ts";
import { playInOneProcess } from "./host.ts";
import { FOREVER, MID_BAKE, OTHER_RUN, onStage, type Stage } from "./stage.ts";

playInOneProcess();

describe("the pull request is told, and a release never waits for that", () => {
  const TROUBLES: readonly { readonly trouble: string; readonly cause: (stage: Stage) => void }[] = [
    {
      trouble: "GitHub is down",
      cause: ({ simulator }) => simulator.inject({ service: "github", times: FOREVER }, { kind: "reset" }),
    },
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
    "a pull request's own event tells where to comment, and the comment is edited at most every 15 seconds but at the end",
    onStage("healthy", async (stage) => {
      stage.simulator.github.repository.addPullRequest({ number: 12 });
      const event = { name: "pull_request", payload: { pull_request: { number: 12 } } };
      await stage.run({ "poll-interval": "5s", steps: "50% for 4m" }, { event });
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.issue).toBe(12);
      const edits = comment?.versions.map(({ at }) => at) ?? [];
      const pauses = edits.slice(1, -1).map((at, index) => at - (edits[index] ?? 0));
      expect(pauses.length).toBeGreaterThan(10);
      expect(Math.min(...pauses)).toBeGreaterThanOrEqual(15 * SECOND);
    }),
  );
});
