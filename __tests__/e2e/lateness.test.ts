import { playInOneProcess } from "./host.ts";
import { IN_FAIR_WEATHER, linesOf, onStage } from "./stage.ts";

playInOneProcess();

const DEFAULT = { guards: "error-rate <= baseline * 1.5 + 0.5%" };

describe("lateness, silence and staleness are never evidence against a canary", () => {
  test.each(["late", "rough-weather"] as const)("%s: a good version is promoted", (scenario) =>
    onStage(scenario, async (stage) => {
      const run = await stage.run(DEFAULT);
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(stage.serves()).toBe("4");
    })(),
  );

  test(
    "a bad version is found by its first figures, though they are ten minutes late",
    onStage("late-broken", async (stage) => {
      const start = stage.clock.now();
      const run = await stage.run(DEFAULT);
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(/calls of version 4 failed .* shown to be over it/);
      expect(stage.clock.now() - start).toBeLessThan(14 * 60_000);
    }),
  );

  test(
    "a step doesn't end before its figures are there, and says that they are late",
    onStage(
      "late",
      async (stage) => {
        const run = await stage.run({ ...DEFAULT, steps: "50% for 5m" });
        const held = linesOf(run).find((line) => /the bake is over; waiting for more data/.test(line));
        expect(held).toMatch(/CloudWatch shows calls of checkout only up to 09:0\d: its figures are late/);
        expect(linesOf(run).findLast((line) => /calls of version 4 failed/.test(line))).toMatch(/of 1,9\d\d calls/);
      },
      IN_FAIR_WEATHER,
    ),
  );

  test(
    "a canary whose series never show, though others do, holds the release, and is taken back as unreadable",
    onStage(
      "never-shown",
      async (stage) => {
        const run = await stage.run(DEFAULT);
        expect(run.outputs["outcome"]).toBe("rolled-back");
        expect(run.outputs["reason"]).toMatch(
          /the metrics could not be read for 5m: the alias live had .* must have reached version 4, but CloudWatch shows none/,
        );
        expect(stage.writes().map((write) => write.replace(/ rev .*/, ""))).toStrictEqual([
          "PublishVersion checkout",
          "UpdateAlias checkout:live 3 + 4@5%",
          "UpdateAlias checkout:live 3",
        ]);
      },
      IN_FAIR_WEATHER,
    ),
  );

  test.each(["proceed", "rollback"])("calls that stop hold each step, and are no reason to roll back: %s", (way) =>
    onStage("stops", async (stage) => {
      const steps = "5% for 10m, 50% for 5m";
      const run = await stage.run({ ...DEFAULT, steps, "max-hold": "20m", "when-inconclusive": way });
      const writes = stage.writes().map((write) => write.replace(/ rev .*/, ""));
      // Only the last step may take it back, and only where that was asked for.
      expect(writes).toContain("UpdateAlias checkout:live 3 + 4@50%");
      expect(run.outputs["outcome"]).toBe(way === "proceed" ? "promoted" : "rolled-back");
      expect(linesOf(run)).toContainEqual(
        expect.stringMatching(/CloudWatch has shown no calls of checkout since 09:07/),
      );
    })(),
  );

  test(
    "calls that pause for ten minutes are waited for",
    onStage("pauses", async (stage) => {
      const steps = { steps: "50% for 10m", "max-hold": "30m" };
      const run = await stage.run({ ...DEFAULT, ...steps, "when-inconclusive": "rollback" });
      expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "true" });
    }),
  );

  test(
    "an alias that nobody calls is released beside a busy one",
    onStage("staging", async (stage) => {
      const run = await stage.run({ ...DEFAULT, alias: "staging" });
      expect(run.outputs).toMatchObject({ outcome: "promoted", verified: "false" });
      expect([stage.serves("checkout", "staging"), stage.serves()]).toStrictEqual(["4", "3"]);
    }),
  );
});
