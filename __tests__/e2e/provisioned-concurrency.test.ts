import { MINUTE } from "../../src/domain/time.ts";
import { playInOneProcess } from "./host.ts";
import { linesOf, onStage } from "./stage.ts";

playInOneProcess();

describe("an alias with provisioned concurrency", () => {
  test(
    "provisioned concurrency is told of before the first shift, and waited for at the promotion",
    onStage("healthy", async (stage) => {
      stage.checkout.provision("live", 5);
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      const told = linesOf(run).findIndex((line) =>
        /checkout:live keeps 5 environments ready.* more cold starts/.test(line),
      );
      const shifted = linesOf(run).findIndex((line) => line.includes("Step 1 of 1: 50 % on the canary"));
      expect(told).toBeGreaterThanOrEqual(0);
      expect(told).toBeLessThan(shifted);
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/waiting for the promotion to take effect/));
      expect(stage.checkout.alias("live").routing(stage.clock.now())).toStrictEqual({
        version: "4",
        additional: null,
      });
    }),
  );

  test(
    "an alias whose provisioned concurrency is stuck is written once without weights, and then released to",
    onStage("healthy", async (stage) => {
      stage.checkout.provision("live", 5);
      stage.checkout.wedged.add("live");
      const run = await stage.run({ steps: "50% for 1m" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(linesOf(run)).toContainEqual(expect.stringMatching(/was stuck, so Lambda refused the weights/));
      const [, refused, freed, shifted] = stage.writes().map((write) => write.replace(/ rev .*/, ""));
      expect([refused, freed, shifted]).toStrictEqual([
        "UpdateAlias checkout:live 3 + 4@50%",
        "UpdateAlias checkout:live 3",
        "UpdateAlias checkout:live 3 + 4@50%",
      ]);
    }),
  );

  test(
    "a cancelled final bake leaves no call on the canary, though the alias has provisioned concurrency",
    onStage("healthy", async (stage) => {
      stage.checkout.provision("live", 5);
      const action = await stage.start({ steps: "50% for 1m, 100% for 10m" });
      stage.simulator.inject(
        { operation: "UpdateAlias", skip: 1 },
        {
          kind: "hook",
          when: "after",
          run: () => void stage.clock.at(stage.clock.now() + 5 * MINUTE, () => action.cancel()),
        },
      );
      const run = await action.finished;
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.checkout.alias("live").routing(stage.clock.now())).toStrictEqual({ version: "3", additional: null });
    }),
  );
});
