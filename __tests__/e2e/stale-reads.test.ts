import { MINUTE, SECOND } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { abandonRelease, linesOf, OTHER_RUN, onStage, type Stage } from "./stage.ts";

playInOneProcess();

/** Two shifts right after each other's looks, and a promotion. */
const QUICK = { steps: "5% for 1m, 50% for 1m", guards: "", "max-hold": "0", comment: "false" };
/** By default every read is stale, for up to five seconds. */
function goStale({ simulator }: Stage, share = 1): void {
  simulator.account.staleness = { upTo: 5 * SECOND, share };
}

/** Uploads code that no read shows yet. @returns its hash */
async function uploadUnseen(stage: Stage): Promise<string> {
  await stage.clock.advance(MINUTE);
  goStale(stage);
  stage.checkout.pace.update = 0;
  stage.checkout.upload();
  return stage.checkout.versions.latest.code.sha256;
}

function shifts(stage: Stage): readonly string[] {
  return stage.writes().flatMap((write) => /^UpdateAlias checkout:live (.*) rev /.exec(write)?.[1] ?? []);
}

describe("stale reads aren't taken for somebody else's change", () => {
  test.each([[1], [0.5]])(
    "a good release is promoted in one write a step (share %d)",
    onStage("healthy", async (stage, share) => {
      goStale(stage, share);
      const run = await stage.run(QUICK);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(shifts(stage)).toStrictEqual(["3 + 4@5%", "3 + 4@50%", "4"]);
    }),
  );

  test(
    "a cancellation right after a shift rolls it back, though no read shows the shift yet",
    onStage("healthy", async (stage) => {
      goStale(stage);
      const action = await stage.start(QUICK);
      const cancel = { kind: "hook", when: "after", run: () => action.cancel() } as const;
      stage.simulator.inject({ operation: "UpdateAlias" }, cancel);
      const ended = await action.finished;
      expect(ended.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      const [shift, back] = stage.simulator.calls.filter(({ operation }) => operation === "UpdateAlias");
      expect((back?.at ?? 0) - (shift?.at ?? 0)).toBeLessThan(SECOND);
    }),
  );

  test(
    "what a killed main wrote a moment ago is found by post, and put back",
    onStage("healthy", async (stage) => {
      goStale(stage);
      const action = await stage.start(QUICK);
      const kill = { kind: "hook", when: "after", run: () => void action.kill() } as const;
      stage.simulator.inject({ operation: "UpdateAlias" }, kill);
      await action.finished;
      const post = await (await action.post()).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a rollback by hand goes back from a shift that it can't see yet",
    onStage("healthy", async (stage) => {
      const rollBack = () => stage.run({ command: "rollback", comment: "false" }, { run: OTHER_RUN });
      abandonRelease(stage);
      expect((await rollBack()).outputs["outcome"]).toBe("rolled-back");
      await stage.clock.advance(MINUTE);
      goStale(stage);
      abandonRelease(stage);
      const start = stage.clock.now();
      expect((await rollBack()).outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(stage.clock.now() - start).toBeLessThan(10 * SECOND);
    }),
  );
});

describe("uploads, from the bundle that users get", () => {
  test.each(["failed-upload", "lost-upload"] as const)("a %s is refused with Lambda's reason", async (scenario) => {
    await onStage(scenario, async (stage) => {
      const run = await stage.run({ guards: "" });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(
        /the last update of checkout failed: .* no free IP addresses\. \(SubnetOutOfIPAddresses\)/,
      );
      expect(stage.writes()).toStrictEqual([]);
    })();
  });

  test(
    "an upload that is still being taken is waited for, and what has come of it is checked",
    onStage("uploading", async (stage) => {
      const { sha256 } = stage.checkout.versions.latest.code;
      const run = await stage.run({ ...QUICK, "code-sha256": sha256 });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/waiting for an update of checkout to finish/));
      expect(stage.checkout.versions.get("4").code.sha256).toBe(sha256);
    }),
  );

  test(
    "an upload of a moment ago is published, not the code before it",
    onStage("healthy", async (stage) => {
      const sha256 = await uploadUnseen(stage);
      const run = await stage.run({ ...QUICK, "code-sha256": sha256 });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.checkout.versions.get("4").code.sha256).toBe(sha256);
    }),
  );

  test(
    "without code-sha256 too; and one that has just failed isn't taken for no change",
    onStage("healthy", async (stage) => {
      const sha256 = await uploadUnseen(stage);
      const run = await stage.run(QUICK);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.checkout.versions.get("4").code.sha256).toBe(sha256);

      const failure = { reason: "The image is gone.", code: "ImageDeleted", leaves: "old code" } as const;
      stage.checkout.versions.updateFailure = failure;
      stage.checkout.upload();
      const failed = await stage.run(QUICK);
      expect(failed.outputs["outcome"]).toBe("failed");
      expect(failed.outputs["reason"]).toMatch(/the last update of checkout failed: The image is gone\./);
    }),
  );

  test(
    "a second push that slips in between the look and the publish is not released by the first one's run",
    onStage("healthy", async (stage) => {
      const { sha256 } = stage.checkout.versions.latest.code;
      const push = () => stage.checkout.stage();
      stage.simulator.inject({ operation: "PublishVersion" }, { kind: "hook", when: "before", run: push });
      const run = await stage.run({ ...QUICK, "code-sha256": sha256 });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/nothing was published: \$LATEST of checkout has the code .*, not /);
      expect(stage.checkout.versions.all().map(({ version }) => version)).toStrictEqual(["$LATEST", "1", "2", "3"]);
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "plan tells of a failed upload, and of other code",
    onStage("failed-upload", async (stage) => {
      const failed = await stage.run({ command: "plan" });
      expect(failed.outputs["reason"]).toMatch(/the last update of checkout failed/);
      stage.checkout.stage();
      const { sha256 } = stage.checkout.versions.get("1").code;
      const other = await stage.run({ command: "plan", "code-sha256": sha256 });
      expect(other.outputs["reason"]).toMatch(/\$LATEST of checkout has the code .*, not /);
    }),
  );
});
