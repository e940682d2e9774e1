import { HOUR, MINUTE } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { onStage, onWeekOldStage, type Stage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

const WATCHDOG = { run: { id: "17000000099", attempt: 1 } };
const RUN = 17_000_000_001;

/** Loses the runner of a release in its second step. After that, GitHub reports its run with the given status. */
async function loseRunner(stage: Stage, status: "in_progress" | "completed", functions = "checkout") {
  const action = await stage.start({ ...USUAL_LOOKS, function: functions });
  stage.clock.at(stage.clock.now() + 7 * MINUTE, () => action.kill());
  await action.finished;
  const { runs } = stage.simulator.github.repository;
  runs.set(RUN, { id: RUN, status, conclusion: status === "completed" ? "failure" : null, attempt: 1 });
}

describe("the watchdog puts back what ended releases left, and nothing else", () => {
  test(
    "an alias whose runner was lost is put back on its baseline, and that is told",
    onWeekOldStage("healthy", async (stage) => {
      await loseRunner(stage, "completed");
      expect(stage.serves()).toBe("3 + 4@25");
      const run = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(run.outputs["reason"]).toMatch(/was left at 25 % of version 4 \(run 17000000001 has ended\)/);
      expect(run.annotations).toContainEqual(expect.objectContaining({ kind: "warning" }));
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/watchdog.txt");
    }),
  );

  test(
    "a live release is left alone, and so it is while GitHub can't be asked, until its plan is over by far",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "in_progress");
      const live = await stage.run({ command: "heal" }, WATCHDOG);
      expect(live.outputs["outcome"]).toBe("unchanged");
      expect(live.outputs["reason"]).toMatch(/is being released by run 17000000001 .*left alone/);
      stage.simulator.github.outage = "failing";
      const unsure = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(unsure.exitCode).toBe(1);
      expect(unsure.outputs["outcome"]).toBe("failed");
      expect(unsure.outputs["reason"]).toMatch(
        /it is unknown whether that run is still going: GitHub gave no clear answer \(HTTP 503: .*\): run this again later/,
      );
      expect(stage.serves()).toBe("3 + 4@25");
      await stage.clock.advance(4 * HOUR);
      const late = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(late.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "a watchdog that may not ask GitHub fails with the permission that is missing, with or without anything to put back",
    onStage("healthy", async (stage) => {
      const { github } = stage.simulator;
      github.rights = { ...github.rights, actions: "none" };
      const missing = expect.stringMatching(/give the job `permissions: actions: read`/);
      const idle = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(idle.exitCode).toBe(1);
      expect(idle.outputs["reason"]).toEqual(missing);
      await loseRunner(stage, "completed");
      const blind = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(blind.exitCode).toBe(1);
      expect(blind.annotations).toContainEqual(expect.objectContaining({ kind: "error", text: missing }));
      expect(stage.serves()).toBe("3 + 4@25");
      github.rights = { ...github.rights, actions: "read" };
      const healed = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      expect(healed.outputs["outcome"]).toBe("rolled-back");
    }),
  );

  test(
    "in the run of the release itself nobody can tell whether it is alive: it is left alone, and that is no all-clear",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "in_progress");
      const run = await stage.run({ command: "heal" }, { run: { id: String(RUN), attempt: 1 } });
      expect(run.outputs["outcome"]).toBe("unchanged");
      expect(run.summary).toMatch(/left as it is, needs a look/);
      expect(run.outputs["reason"]).toMatch(/set by this same run, which is still going: .*`command: rollback`/);
      expect(stage.serves()).toBe("3 + 4@25");
    }),
  );

  test(
    "a function that can't be looked at fails the watchdog, and the others are healed all the same",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "completed");
      const { account, iam } = stage.simulator;
      const refund = account.addFunction({ name: "refund" });
      refund.createAlias("live", { version: refund.release() });
      iam.policy = {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["*"], Resource: "*" },
          { Effect: "Deny", Action: ["lambda:GetAlias"], Resource: `${refund.arn}*` },
        ],
      };
      const run = await stage.run({ command: "heal", function: "refund\ncheckout" }, WATCHDOG);
      expect(run.exitCode).toBe(1);
      expect(run.outputs["reason"]).toMatch(/refund:live could not be checked: .*grant lambda:GetAlias/);
      expect(stage.serves()).toBe("3");
    }),
  );
});
