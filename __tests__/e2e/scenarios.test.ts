import { MINUTE } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { onWeekOldStage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

const ERROR_RATE = "error-rate <= baseline * 1.5 + 0.5%";
const WITH_ALARM = `${ERROR_RATE}\nalarm checkout-5xx`;

describe("each scenario ends as it should, from the bundle that users get", () => {
  test(
    "healthy: promoted and verified, in one write a step",
    onWeekOldStage("healthy", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: WITH_ALARM });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.outputs["verified"]).toBe("true");
      expect(run.outputs["version"]).toBe("4");
      expect(run.outputs["previous-version"]).toBe("3");
      expect(stage.serves()).toBe("4");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/healthy.txt");
    }),
  );

  test(
    "busy: after two steps of a minute, the reason is true of what thousands of calls have shown",
    onWeekOldStage("busy", async (stage) => {
      const steps = "10% for 1m, 50% for 1m";
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE, steps, "max-hold": "0s" });
      expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "false" });
      expect(run.outputs["reason"]).toMatch(
        /nothing spoke against it: .* of [\d,]+ calls of version 4 failed .*: as good as it gets to see in \d+ minutes; to be sure it takes about \d+ minutes$/,
      );
      expect(run.annotations.filter(({ text }) => text.includes("version 4"))).toStrictEqual([]);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/busy.txt");
    }),
  );

  test(
    "broken: rolled back in the first step, and the job fails with one error",
    onWeekOldStage("broken", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(run.annotations.filter(({ kind }) => kind === "error")).toHaveLength(1);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/broken.txt");
    }),
  );

  test(
    "worse: a rise from 1 % to 4 % is found before the promotion",
    onWeekOldStage("worse", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/worse.txt");
    }),
  );

  test(
    "quiet: promoted, and it is said plainly that nothing could be judged",
    onWeekOldStage("quiet", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE });
      expect(run.exitCode).toBe(0);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.outputs["verified"]).toBe("false");
      expect(run.outputs["reason"]).toMatch(/could not be judged/);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/quiet.txt");
    }),
  );

  test(
    "bursty: troubles that hit both versions take nothing back",
    onWeekOldStage("bursty", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/bursty.txt");
    }),
  );

  test(
    "alarm: an alarm that goes off takes the release back at the next look",
    onWeekOldStage("alarm", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: WITH_ALARM });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/alarm checkout-5xx went into ALARM/);
      expect(stage.serves()).toBe("3");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/alarm.txt");
    }),
  );

  test(
    "intruder: somebody else's change stands untouched, and the job fails",
    onWeekOldStage("intruder", async (stage) => {
      const run = await stage.run({ ...USUAL_LOOKS, guards: ERROR_RATE });
      expect(run.exitCode).toBe(1);
      expect(run.outputs["outcome"]).toBe("superseded");
      expect(stage.serves()).toBe("3");
      expect(stage.description()).toBe("set by hand");
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/intruder.txt");
    }),
  );

  test(
    "a plan of CodeDeploy's that runs ahead of its figures takes its time and four minutes more at most, and says what that could cost",
    onWeekOldStage("healthy", async (stage) => {
      const from = stage.clock.now();
      const run = await stage.run({ ...USUAL_LOOKS, steps: "Linear10PercentEvery1Minute", guards: ERROR_RATE });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.clock.now() - from).toBeLessThanOrEqual((9 + 4) * MINUTE);
      expect(stage.writes().filter((write) => write.startsWith("UpdateAlias"))).toHaveLength(10);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/ahead.txt");
    }),
  );

  test(
    "a broken version is taken back from a plan that runs ahead, by its first figures",
    onWeekOldStage("broken", async (stage) => {
      const from = stage.clock.now();
      const run = await stage.run({ ...USUAL_LOOKS, steps: "Linear10PercentEvery1Minute", guards: ERROR_RATE });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(stage.clock.now() - from).toBeLessThan(4 * MINUTE);
    }),
  );

  test(
    "a good version gets through a long plan as soon as it is shown to be good",
    onWeekOldStage("healthy", async (stage) => {
      const steps = { steps: "10% for 30m, 50% for 30m", advance: "when-shown" };
      const run = await stage.run({ ...USUAL_LOOKS, ...steps, guards: WITH_ALARM });
      expect([run.outputs["outcome"], run.outputs["verified"]]).toStrictEqual(["promoted", "true"]);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/as-shown.txt");
    }),
  );

  test(
    "a final bake can still roll back: the alarm goes off after the promotion",
    onWeekOldStage("alarm", async (stage) => {
      const run = await stage.run({
        steps: "50% for 3m, 100% for 10m",
        "max-hold": "0",
        guards: WITH_ALARM,
        ...USUAL_LOOKS,
      });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.writes().map((write) => write.replace(/ rev .*/, ""))).toStrictEqual([
        "PublishVersion checkout",
        "UpdateAlias checkout:live 3 + 4@50%",
        "UpdateAlias checkout:live 4",
        "UpdateAlias checkout:live 3",
      ]);
      expect(transcriptOf(stage, run)).toMatchReviewed("./e2e/transcripts/final-bake.txt");
    }),
  );
});
