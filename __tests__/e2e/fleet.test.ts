import { playInOneProcess } from "./host.ts";
import { addFleet, IN_FAIR_WEATHER, onStage, onWeekOldStage, transcriptOf } from "./stage.ts";

playInOneProcess();

describe("a fleet ends as one", () => {
  test(
    "a fleet of three with one bad member is taken back as a whole, at one call to CloudWatch a look",
    onWeekOldStage(
      "healthy",
      async (stage) => {
        for (const [name, errorRate] of [
          ["invoice", 0.001],
          ["refund", 0.3],
        ] as const) {
          const member = stage.simulator.account.addFunction({ name });
          member.createAlias("live", { version: member.release() });
          member.stage({ errorRate });
        }
        const run = await stage.run({
          function: "checkout\ninvoice\nrefund",
          guards: "error-rate <= baseline * 1.5 + 0.5%",
        });
        expect(run.exitCode).toBe(1);
        expect(run.outputs["outcome"]).toBe("rolled-back");
        expect(run.outputs["reason"]).toMatch(/\(refund\)/);
        expect(["checkout", "invoice", "refund"].map((name) => stage.serves(name))).toStrictEqual(["3", "1", "1"]);
        const counted = (operation: string) =>
          stage.simulator.calls.filter((call) => call.operation === operation).length;
        // GetMetricData is called twice more, for the hour and the week before the release.
        expect(counted("GetAlias")).toBe(3 * (counted("GetMetricData") - 1));
        // Chance decides which member calls first, and so which one waits a second for its turn.
        const [log = ""] = transcriptOf(stage, run).split("## Calls");
        const settled = log.replace(/^.*waiting for version.*\n/gm, "").replace(/, \d+ events$/m, "");
        expect(settled).toMatchReviewed("./e2e/transcripts/fleet.txt");
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "a fleet of twenty stays under Lambda's fifteen calls a second, and is promoted in lockstep",
    onStage(
      null,
      async (stage) => {
        const names = Array.from({ length: 20 }, (_, index) => `service-${index}`);
        addFleet(stage, ...names);
        const run = await stage.run({ function: names.join("\n"), steps: "50% for 1m" });
        expect(run.outputs["outcome"]).toBe("promoted");
        expect(names.map((name) => stage.serves(name))).toStrictEqual(names.map(() => "3"));
        expect(stage.simulator.calls.filter(({ answer }) => answer.startsWith("429"))).toStrictEqual([]);
      },
      { quotas: true },
    ),
  );
});
