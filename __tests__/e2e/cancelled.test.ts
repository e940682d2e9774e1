import { SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { StartedAction } from "../../testing/simulator/runner.ts";
import { MID_BAKE, onStage, onWeekOldStage, type Stage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

/** Cancels the action during a shift. The shift is answered only after the action's next write has arrived. */
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

describe("a cancelled release ends wholly on the baseline", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s in mid-bake: the rollback is the first call on the wire, within a second",
    onWeekOldStage("healthy", async (stage, signal) => {
      const action = await stage.start(USUAL_LOOKS);
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
});
