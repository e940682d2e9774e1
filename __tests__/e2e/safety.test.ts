import { BEGINNING } from "../../simulator/clock.ts";
import type { StartedAction } from "../../simulator/runner.ts";
import { Refusal } from "../../simulator/service.ts";
import { MINUTE, SECOND } from "../../src/release/time.ts";
import { FOREVER, linesOf, MID_BAKE, OTHER_RUN, onStage, type Stage, transcriptOf } from "./stage.ts";

/** Cancels the action while it waits for the answer to a shift, which comes only after its next write has arrived. */
function cancelDuringShift(stage: Stage, skip: number, cancel: () => void): void {
  const next = Promise.withResolvers<void>();
  const operation = "UpdateAlias";
  const hold = () => {
    cancel();
    return next.promise;
  };
  stage.simulator.inject({ operation, skip }, { kind: "hook", when: "before", run: hold });
  stage.simulator.inject({ operation, skip: skip + 1 }, { kind: "hook", when: "before", run: () => next.resolve() });
}

describe("the safety net, from the bundle that users get", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s in mid-bake: the rollback is the first call on the wire, within a second",
    onStage("healthy", async (stage, signal) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.signal(signal));
      const run = await action.finished;
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(new RegExp(`the workflow was cancelled \\(${signal}\\)`));
      const first = stage.simulator.calls.find((call) => call.at >= MID_BAKE);
      expect(first?.operation).toBe("UpdateAlias");
      expect(first?.at).toBeLessThan(MID_BAKE + SECOND);
      expect(stage.serves()).toBe("3");
      if (signal === "SIGINT") expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/cancelled.txt");
    }),
  );

  test(
    "a cancelled workflow ends by itself before it is killed",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.cancel());
      const run = await action.finished;
      expect(run.exitCode).toBe(1);
      expect(run.signal).toBeNull();
      expect(stage.clock.now()).toBeLessThan(MID_BAKE + 7 * SECOND);
    }),
  );

  test.each([
    ["the first shift", 0],
    ["a later shift", 1],
    ["the last shift", 2],
    ["the promotion", 3],
  ] as const)(
    "a cancellation in the midst of %s ends wholly on the baseline",
    onStage("healthy", async (stage, _moment, skip) => {
      let action: StartedAction | null = null;
      cancelDuringShift(stage, skip, () => action?.signal("SIGINT"));
      action = await stage.start({});
      const run = await action.finished;
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a killed main is healed by post, and the pull request is told",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.kill());
      const killed = await action.finished;
      expect(killed.signal).toBe("SIGKILL");
      expect(stage.serves()).toBe("3 + 4@25");
      const post = await (await action.post()).finished;
      expect(stage.serves()).toBe("3");
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.versions.at(-1)?.body).toMatch(/rolled back/);
      expect(transcriptOf(stage, killed, post)).toMatchReviewed("./e2e/transcripts/killed.txt");
    }),
  );

  test(
    "a main killed in the final bake is healed by post too",
    onStage("healthy", async (stage) => {
      const action = await stage.start({ steps: "50% for 4m, 100% for 10m", "max-hold": "0" });
      stage.clock.at(MID_BAKE, () => action.kill());
      await action.finished;
      expect(stage.serves()).toBe("4");
      await (await action.post()).finished;
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "post leaves alone what somebody else has changed since, and what main has ended",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.kill());
      await action.finished;
      stage.simulator.account.functions
        .get("checkout")
        ?.updateAlias("live", { version: "2", additional: null, description: "by hand" });
      const before = stage.writes();
      await (await action.post()).finished;
      expect(stage.serves()).toBe("2");
      expect(stage.writes()).toStrictEqual(before);

      const ended = await stage.start({ version: "3", steps: "AllAtOnce" });
      await ended.finished;
      const calls = stage.simulator.calls.length;
      await (await ended.post()).finished;
      expect(stage.simulator.calls).toHaveLength(calls);
    }),
  );

  test(
    "a main that was killed before it called anything leaves its post nothing to do, and publishes nothing",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      action.kill();
      await action.finished;
      const post = await (await action.post()).finished;
      expect(post.exitCode).toBe(0);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "what a lost runner left is healed by the next deploy, and said aloud",
    onStage("healthy", async (stage) => {
      const lost = await stage.start({});
      stage.clock.at(MID_BAKE, () => lost.kill());
      await lost.finished;
      const { runs } = stage.simulator.github.repository;
      runs.set(17_000_000_001, { id: 17_000_000_001, status: "completed", conclusion: "failure", attempt: 1 });
      const next = await stage.run({ steps: "50% for 5m" }, { run: OTHER_RUN });
      expect(next.outputs["outcome"]).toBe("promoted");
      expect(next.annotations).toContainEqual(
        expect.objectContaining({
          text: expect.stringMatching(/was left at 25 % of version 4 \(run 17000000001 has ended\)/),
        }),
      );
      expect(stage.serves()).toBe("4");
    }),
  );

  test(
    "a live release of another run stops a deploy before anything is published",
    onStage("healthy", async (stage) => {
      const first = await stage.start({});
      await stage.until(MID_BAKE);
      const other = await stage.run({}, { run: OTHER_RUN });
      expect(other.exitCode).toBe(1);
      expect(other.outputs["outcome"]).toBe("failed");
      expect(other.outputs["reason"]).toMatch(/is being released by run 17000000001 right now/);
      expect((await first.finished).outputs["outcome"]).toBe("promoted");
    }),
  );

  test(
    "a cancellation while it publishes ends the story: nothing is published after it, and the comment stays as it ended",
    onStage("healthy", async (stage) => {
      stage.simulator.inject({ operation: "ListVersionsByFunction" }, { kind: "late", by: 3 * SECOND });
      const action = await stage.start({});
      stage.clock.at(BEGINNING + SECOND, () => action.signal("SIGINT"));
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("failed");
      const [comment] = stage.simulator.github.repository.comments;
      expect(comment?.versions.at(-1)?.body).toMatch(/cancelled/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test(
    "metrics that are late by ten minutes are not taken for a quiet function",
    onStage("broken", async (stage) => {
      await stage.clock.advance(60 * MINUTE);
      stage.simulator.cloudwatch.metrics.extraLag = 10 * MINUTE;
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/its figures are late, or its traffic has stopped/);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a rollback by hand wins against a running deploy, which ends superseded without a fight",
    onStage("healthy", async (stage) => {
      const deploying = await stage.start({});
      await stage.until(MID_BAKE);
      const back = await stage.run({ command: "rollback" }, { run: OTHER_RUN });
      expect(back.exitCode).toBe(0);
      expect(back.outputs["outcome"]).toBe("rolled-back");
      const deployed = await deploying.finished;
      const rollback = stage.simulator.calls.findLast(({ operation }) => operation === "UpdateAlias");
      const { events } = JSON.parse(deployed.outputs["report"] ?? "") as { events: { kind: string; at: number }[] };
      const gaveWay = events.find(({ kind }) => kind === "ended");
      // Within one poll.
      expect(gaveWay?.at).toBeLessThanOrEqual((rollback?.at ?? 0) + 20 * SECOND);
      expect(deployed.exitCode).toBe(1);
      expect(deployed.outputs["outcome"]).toBe("superseded");
      expect(deployed.outputs["reason"]).toMatch(/was rolled back from 4 to 3 by run 17000000002 and serves 3 now/);
      expect(stage.serves()).toBe("3");
      expect(transcriptOf(stage, back, deployed)).toMatchReviewed("./e2e/transcripts/rolled-back-by-hand.txt");
    }),
  );

  test(
    "the rollback command works while CloudWatch and GitHub are down",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "AllAtOnce" });
      for (const service of ["cloudwatch", "github"]) {
        stage.simulator.inject({ service, times: FOREVER }, { kind: "reset" });
      }
      const back = await stage.run({ command: "rollback" });
      expect(back.exitCode).toBe(0);
      expect(stage.serves()).toBe("3");
    }),
  );

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
    "a shift whose answer is lost is no conflict: the alias tells that it was done",
    onStage("healthy", async (stage) => {
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1, times: 1 }, { kind: "lost" });
      const run = await stage.run({});
      expect(run.outputs["outcome"]).toBe("promoted");
    }),
  );

  test(
    "CloudWatch that can't be read takes the release back, and says so",
    onStage("healthy", async (stage) => {
      stage.simulator.inject(
        { operation: "GetMetricData", skip: 2, times: FOREVER },
        { kind: "refused", refusal: new Refusal(500, "InternalServiceFault", "we are sorry") },
      );
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/the metrics could not be read for 5m/);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "no right to shift: nothing was shifted, and the missing right is named",
    onStage("healthy", async (stage) => {
      const denied = new Refusal(403, "AccessDeniedException", "not authorized to perform: lambda:UpdateAlias");
      stage.simulator.inject({ operation: "UpdateAlias", times: 99 }, { kind: "refused", refusal: denied });
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(/nothing was shifted: .* grant lambda:UpdateAlias/);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a rollback that is refused is the loudest message: both errors and the command that heals",
    onStage("broken", async (stage) => {
      const denied = new Refusal(403, "ExpiredTokenException", "The security token included in the request is expired");
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1, times: 99 }, { kind: "refused", refusal: denied });
      const run = await stage.run({});
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(linesOf(run).join("\n")).toMatch(
        /aws lambda update-alias --region eu-central-1 --function-name checkout --name live --function-version 3/,
      );
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/stranded.txt");
    }),
  );

  test(
    "wrong inputs are told all in one go, and nothing was called",
    onStage("healthy", async (stage) => {
      const run = await stage.run({
        command: "delpoy",
        function: "arn:aws:lambda:eu-central-1:123456789012:function:checkout:live\ncheck out",
        alias: "42",
        version: "latest",
        steps: "5% for 5m, 4% for 5x",
        guards: "eror-rate <= 1%",
        "poll-interval": "1s",
        "when-inconclusive": "maybe",
        comment: "yes",
      });
      expect(run.exitCode).toBe(1);
      expect(stage.simulator.calls).toStrictEqual([]);
      expect(run.summary).toMatch(/^### ❌ Nothing was called\n\n```text\n/);
      expect(run.summary).toContain(run.outputs["reason"] ?? "none");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/wrong-inputs.txt");
    }),
  );
});
