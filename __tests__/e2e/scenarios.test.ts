import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { assertAsReviewed } from "../reviewed.ts";
import { onStage, transcriptOf } from "./stage.ts";

const ERROR_RATE = "error-rate <= baseline * 1.5 + 0.5%";
const WITH_ALARM = `${ERROR_RATE}\nalarm checkout-5xx`;

describe("each scenario ends as it should, from the bundle that users get", { concurrency: 2 }, () => {
  test(
    "healthy: promoted and verified, in one write a step",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ guards: WITH_ALARM });
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "promoted");
      assert.equal(run.outputs["verified"], "true");
      assert.equal(run.outputs["version"], "4");
      assert.equal(run.outputs["previous-version"], "3");
      assert.equal(stage.serves(), "4");
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/healthy.txt");
    }),
  );

  test(
    "broken: rolled back in the first step, and the job fails with one error",
    onStage("broken", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE });
      assert.equal(run.exitCode, 1);
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.equal(stage.serves(), "3");
      assert.equal(run.annotations.filter(({ kind }) => kind === "error").length, 1);
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/broken.txt");
    }),
  );

  test(
    "worse: a rise from 1 % to 4 % is found before the promotion",
    onStage("worse", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE });
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.equal(stage.serves(), "3");
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/worse.txt");
    }),
  );

  test(
    "quiet: promoted, and plainly unverified",
    onStage("quiet", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE });
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "promoted");
      assert.equal(run.outputs["verified"], "false");
      assert.match(run.outputs["reason"] ?? "", /unverified/);
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/quiet.txt");
    }),
  );

  test(
    "quiet, when silence is not enough: rolled back",
    onStage("quiet", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE, "when-inconclusive": "rollback" });
      assert.equal(run.exitCode, 1);
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.equal(stage.serves(), "3");
    }),
  );

  test(
    "bursty: troubles that hit both versions take nothing back",
    onStage("bursty", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE });
      assert.equal(run.outputs["outcome"], "promoted");
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/bursty.txt");
    }),
  );

  test(
    "alarm: an alarm that goes off takes the release back at the next look",
    onStage("alarm", async (stage) => {
      const run = await stage.run({ guards: WITH_ALARM });
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.match(run.outputs["reason"] ?? "", /alarm checkout-5xx went into ALARM/);
      assert.equal(stage.serves(), "3");
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/alarm.txt");
    }),
  );

  test(
    "intruder: somebody else's change stands untouched, and the job fails",
    onStage("intruder", async (stage) => {
      const run = await stage.run({ guards: ERROR_RATE });
      assert.equal(run.exitCode, 1);
      assert.equal(run.outputs["outcome"], "superseded");
      assert.equal(stage.serves(), "3");
      assert.equal(stage.description(), "set by hand");
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/intruder.txt");
    }),
  );

  test(
    "a plan by its CodeDeploy name; the alias keeps the record of what was served before",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ steps: "Canary10Percent5Minutes", guards: ERROR_RATE });
      assert.equal(run.outputs["outcome"], "promoted");
      assert.match(stage.description(), /^\[lambda-canary 4 promoted .*, before 3 run 17000000001\.1\]$/);
    }),
  );

  test(
    "a final bake can still roll back: the alarm goes off after the promotion",
    onStage("alarm", async (stage) => {
      const run = await stage.run({ steps: "50% for 3m, 100% for 10m", "max-hold": "0", guards: WITH_ALARM });
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.deepEqual(
        stage.writes().map((write) => write.replace(/ rev .*/, "")),
        [
          "PublishVersion checkout",
          "UpdateAlias checkout:live 3 + 4@50%",
          "UpdateAlias checkout:live 4",
          "UpdateAlias checkout:live 3",
        ],
      );
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/final-bake.txt");
    }),
  );

  test(
    "nothing new is unchanged; a rollback goes to what was served before; a release of what was rolled back warns",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "10% for 5m" });
      const again = await stage.run({ steps: "10% for 5m" });
      assert.equal(again.exitCode, 0);
      assert.equal(again.outputs["outcome"], "unchanged");
      const back = await stage.run({ command: "rollback" }, { run: { id: "17000000002", attempt: 1 } });
      assert.equal(back.exitCode, 0);
      assert.equal(back.outputs["outcome"], "rolled-back");
      assert.equal(stage.serves(), "3");
      const third = await stage.run({ steps: "10% for 5m" });
      assert.equal(third.outputs["outcome"], "promoted");
      assert.ok(third.annotations.some(({ text }) => /rolled that version back/.test(text)));
    }),
  );

  test(
    "a missing alias is created at the new version",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ alias: "beta" });
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "created");
      assert.equal(stage.serves("checkout", "beta"), "4");
    }),
  );

  test(
    "a fleet of three with one bad member is taken back as a whole, at one call to CloudWatch a look",
    onStage("healthy", async (stage) => {
      for (const [name, errorRate] of [
        ["invoice", 0.001],
        ["refund", 0.3],
      ] as const) {
        const member = stage.simulator.account.addFunction({ name });
        member.createAlias("live", { version: member.release() });
        member.stage({ errorRate });
      }
      const run = await stage.run({ function: "checkout\ninvoice\nrefund", guards: ERROR_RATE });
      assert.equal(run.exitCode, 1);
      assert.equal(run.outputs["outcome"], "rolled-back");
      assert.match(run.outputs["reason"] ?? "", /\(refund\)/);
      assert.deepEqual(
        ["checkout", "invoice", "refund"].map((name) => stage.serves(name)),
        ["3", "1", "1"],
      );
      const counted = (operation: string) =>
        stage.simulator.calls.filter((call) => call.operation === operation).length;
      // Two more for the hour and the week before the release.
      assert.equal(counted("GetAlias"), 3 * (counted("GetMetricData") - 1));
      // Which member's call comes first, and so which has to wait a second for its turn, is chance.
      const [log = ""] = transcriptOf(stage, run).split("## Calls");
      const settled = log.replace(/^.*waiting for version.*\n/gm, "").replace(/, \d+ events$/m, "");
      assertAsReviewed(settled, "./e2e/transcripts/fleet.txt");
    }),
  );
});
