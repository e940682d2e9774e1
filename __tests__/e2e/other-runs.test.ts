import { SECOND } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { ALL_STALE_READS, MID_BAKE, OTHER_RUN, onStage, onWeekOldStage, transcriptOf, USUAL_LOOKS } from "./stage.ts";

playInOneProcess();

describe("of two runs at one alias, one gives way", () => {
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
    "a rollback by hand wins against a running deploy, which ends superseded without a fight",
    onWeekOldStage("healthy", async (stage) => {
      const deploying = await stage.start(USUAL_LOOKS);
      await stage.until(MID_BAKE);
      const back = await stage.run({ command: "rollback" }, { run: OTHER_RUN });
      expect(back.exitCode).toBe(0);
      expect(back.outputs["outcome"]).toBe("rolled-back");
      const deployed = await deploying.finished;
      const rollback = stage.simulator.calls.findLast(({ operation }) => operation === "UpdateAlias");
      const { events } = JSON.parse(deployed.outputs["report"] ?? "") as { events: { kind: string; at: number }[] };
      const gaveWay = events.find(({ kind }) => kind === "ended");
      // Within one poll, and the time that a read may be stale.
      expect(gaveWay?.at).toBeLessThanOrEqual((rollback?.at ?? 0) + 20 * SECOND + ALL_STALE_READS);
      expect(deployed.exitCode).toBe(1);
      expect(deployed.outputs["outcome"]).toBe("superseded");
      expect(deployed.outputs["reason"]).toMatch(/was rolled back from 4 to 3 by run 17000000002 and serves 3 now/);
      expect(stage.serves()).toBe("3");
      expect(transcriptOf(stage, back, deployed)).toMatchReviewed("./e2e/transcripts/rolled-back-by-hand.txt");
    }),
  );
});
