import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { HOUR, MINUTE } from "../../src/release/time.ts";
import { assertAsReviewed } from "../reviewed.ts";
import { onStage, type Stage, transcriptOf } from "./stage.ts";

const WATCHDOG = { run: { id: "17000000099", attempt: 1 } };
const RUN = 17_000_000_001;

/** Loses the runner of a release in its second step, after which GitHub calls its run what is given. */
async function loseRunner(stage: Stage, status: "in_progress" | "completed", functions = "checkout") {
  const action = await stage.start({ function: functions });
  stage.clock.at(stage.clock.now() + 7 * MINUTE, () => action.kill());
  await action.finished;
  const { runs } = stage.simulator.github.repository;
  runs.set(RUN, { id: RUN, status, conclusion: status === "completed" ? "failure" : null, attempt: 1 });
}

describe("the watchdog puts back what ended releases left, and nothing else", { concurrency: 2 }, () => {
  test(
    "an alias whose runner was lost is put back on its baseline, and that is told",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "completed");
      assert.equal(stage.serves(), "3 + 4@25");
      const run = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.equal(stage.serves(), "3");
      assert.match(run.outputs["reason"] ?? "", /was left at 25 % of version 4 \(run 17000000001 has ended\)/);
      assert.ok(run.annotations.some(({ kind }) => kind === "warning"));
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/watchdog.txt");
    }),
  );

  test(
    "a live release is left alone, and so it is while GitHub can't be asked, until its plan is over by far",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "in_progress");
      const live = await stage.run({ command: "heal" }, WATCHDOG);
      assert.equal(live.outputs["outcome"], "unchanged");
      assert.match(live.outputs["reason"] ?? "", /is being released by run 17000000001 .*left alone/);
      stage.simulator.github.outage = "failing";
      const unsure = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      assert.equal(unsure.outputs["outcome"], "unchanged");
      assert.match(unsure.outputs["reason"] ?? "", /whether that is alive could not be asked/);
      assert.equal(stage.serves(), "3 + 4@25");
      await stage.clock.advance(4 * HOUR);
      const late = await stage.run({ command: "heal", comment: "false" }, WATCHDOG);
      assert.equal(late.outputs["outcome"], "rolled-back", late.outputs["reason"]);
      assert.equal(stage.serves(), "3");
    }),
  );

  test(
    "in the run of the release itself nobody can tell whether it is alive: it is left alone, and that is no all-clear",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "in_progress");
      const run = await stage.run({ command: "heal" }, { run: { id: String(RUN), attempt: 1 } });
      assert.equal(run.outputs["outcome"], "unchanged");
      assert.match(run.summary, /left as it is, look at it/);
      assert.match(run.outputs["reason"] ?? "", /by this very run, which is alive: .*`command: rollback`/);
      assert.equal(stage.serves(), "3 + 4@25");
    }),
  );

  test(
    "a canary whose plan is over by far is put back, though its run goes on with other jobs",
    onStage("healthy", async (stage) => {
      await loseRunner(stage, "in_progress");
      await stage.clock.advance(4 * HOUR);
      const run = await stage.run({ command: "heal" }, WATCHDOG);
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.match(run.outputs["reason"] ?? "", /its plan should have been over at 2026-/);
      assert.equal(stage.serves(), "3");
    }),
  );

  test(
    "weights that no release explains, and an alias at rest, are left alone",
    onStage("healthy", async (stage) => {
      const atRest = await stage.run({ command: "heal" }, WATCHDOG);
      assert.equal(atRest.outputs["outcome"], "unchanged");
      assert.match(atRest.outputs["reason"] ?? "", /serves 3, and nothing was left behind/);
      const checkout = stage.simulator.account.functions.get("checkout");
      checkout?.updateAlias("live", { additional: { version: "2", weight: 0.2 } });
      const foreign = await stage.run({ command: "heal" }, WATCHDOG);
      assert.equal(foreign.outputs["outcome"], "unchanged");
      assert.match(foreign.outputs["reason"] ?? "", /no release says why: left alone/);
      assert.equal(stage.serves(), "3 + 2@20");
      assert.deepEqual(stage.writes(), []);
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
      assert.equal(run.exitCode, 1);
      assert.match(run.outputs["reason"] ?? "", /refund:live could not be looked at: .*grant lambda:GetAlias/);
      assert.equal(stage.serves(), "3");
    }),
  );
});
