import {
  ALL_STALE_READS,
  addFleet,
  MID_BAKE,
  OTHER_RUN,
  onStage,
  onWeekOldStage,
  transcriptOf,
  USUAL_LOOKS,
} from "./stage.ts";

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
    "a promotion whose answer never came before the kill is taken back by post",
    onStage(null, async (stage) => {
      addFleet(stage, "checkout");
      const action = await stage.start({ steps: "10% for 3m", guards: "" });
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1 }, { kind: "hang", carriedOut: true });
      stage.simulator.inject(
        { operation: "UpdateAlias", skip: 1 },
        { kind: "hook", when: "after", run: () => action.kill() },
      );
      await action.finished;
      expect(stage.serves()).toBe("3");
      const post = await (await action.post()).finished;
      expect(post.outputs["reason"]).toMatch(/checkout:live is back on the baseline/);
      expect(stage.serves()).toBe("2");
    }),
  );

  test(
    "a canary is taken back by post, too, where main was killed before its next shift had landed",
    onStage("healthy", async (stage) => {
      const action = await stage.start({ steps: "10% for 1m, 50% for 1m" });
      const second = { operation: "UpdateAlias", skip: 1 };
      stage.simulator.inject(second, { kind: "hook", when: "before", run: () => void action.kill() });
      stage.simulator.inject(second, { kind: "hang", carriedOut: false });
      await action.finished;
      expect(stage.serves()).toBe("3 + 4@10");
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a canary whose record was edited away before the kill is taken back by post, and the text stays",
    onStage("healthy", async (stage) => {
      const action = await stage.start({});
      stage.clock.at(MID_BAKE, () => {
        stage.checkout.updateAlias("live", { description: "Docs" });
        action.kill();
      });
      await action.finished;
      expect(stage.serves()).toBe("3 + 4@25");
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(stage.description()).toMatch(/^Docs \[lambda-canary rolled back/);
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
