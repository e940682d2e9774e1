import { ALL_STALE_READS, MID_BAKE, OTHER_RUN, onStage, onWeekOldStage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

describe("what a killed release leaves is taken back by post, or by the next deploy", () => {
  test(
    "a killed main is healed by post, and the pull request is told",
    onWeekOldStage("healthy", async (stage) => {
      const action = await stage.start(USUAL_LOOKS);
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
    "post leaves alone what somebody else has changed since, and what main has ended",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => action.kill());
      await action.finished;
      stage.checkout.updateAlias("live", { version: "2", additional: null, description: "by hand" });
      await stage.clock.advance(ALL_STALE_READS);
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
});
