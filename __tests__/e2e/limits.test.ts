import { SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import { playInOneProcess } from "./host.ts";
import { onStage, type Stage } from "./stage.ts";

playInOneProcess();

/** When calls of an operation were sent, in seconds after the first of them. */
function sent({ simulator }: Stage, operation: string, skip = 0): number[] {
  const times = simulator.calls.filter((call) => call.operation === operation).map(({ at }) => at);
  return times.slice(skip).map((at) => (at - (times[skip] ?? 0)) / SECOND);
}

describe("a call may take as long as it needs, and no longer", () => {
  test.each([
    ["lost", false],
    ["carried out", true],
  ] as const)(
    "a rollback's write that hangs, and was %s, is sent again within four seconds",
    onStage("broken", async (stage, _what: string, carriedOut: boolean) => {
      stage.simulator.inject({ operation: "UpdateAlias", skip: 1 }, { kind: "hang", carriedOut });
      const run = await stage.run({ comment: "false" });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      const [, again = Number.NaN] = sent(stage, "UpdateAlias", 1);
      expect(again).toBeGreaterThanOrEqual(3);
      expect(again).toBeLessThanOrEqual(4);
    }),
  );

  test(
    "a rollback by hand whose first read hangs has written within four seconds",
    onStage("healthy", async (stage) => {
      await stage.run({ steps: "AllAtOnce", comment: "false" });
      const [start, writes] = [stage.clock.now(), stage.writes().length];
      stage.simulator.inject({ operation: "GetAlias" }, { kind: "hang", carriedOut: false });
      const back = await stage.run({ command: "rollback", comment: "false" });
      expect(back.outputs["outcome"]).toBe("rolled-back");
      expect(stage.writes()).toHaveLength(writes + 1);
      const write = stage.simulator.calls.findLast(({ operation }) => operation === "UpdateAlias");
      expect(((write?.at ?? Number.NaN) - start) / SECOND).toBeLessThanOrEqual(4);
    }),
  );

  test(
    "figures of a week that take 18 seconds are no failure, and are asked for once",
    onStage("healthy", async (stage) => {
      const shift = BEGINNING + 18 * SECOND;
      const late = { kind: "late", by: 18 * SECOND } as const;
      stage.simulator.inject({ operation: "GetMetricData", when: ({ at }) => at < shift, times: 99 }, late);
      const run = await stage.run({ guards: "error-rate <= baseline * 1.5 + 0.5%", comment: "false" });
      expect(run.outputs["outcome"]).toBe("promoted");
      // The last hour by the minute, and the last week by the hour.
      const start = stage.simulator.calls.filter(({ operation, at }) => operation === "GetMetricData" && at < shift);
      expect(start.map(({ answer }) => answer.slice(0, 3))).toStrictEqual(["200", "200"]);
      expect(stage.writes()[0]).toMatch(/^PublishVersion/);
    }),
  );

  test(
    "a look that takes 8 seconds is no failure; one that hangs is asked for again after 10",
    onStage("healthy", async (stage) => {
      stage.simulator.inject({ operation: "GetMetricData", skip: 4 }, { kind: "late", by: 8 * SECOND });
      stage.simulator.inject({ operation: "GetMetricData", skip: 6 }, { kind: "hang", carriedOut: false });
      const run = await stage.run({ comment: "false" });
      expect(run.outputs["outcome"]).toBe("promoted");
      const times = sent(stage, "GetMetricData", 4);
      const pauses = times.slice(1).map((at, index) => Math.floor(at - (times[index] ?? 0)));
      expect(pauses.slice(0, 3)).toStrictEqual([68, 60, 10]);
      expect(run.annotations.map(({ text }) => text).join("\n")).not.toMatch(/could not be read/);
    }),
  );

  test(
    "publishing may take eight seconds",
    onStage("healthy", async (stage) => {
      stage.simulator.inject(
        { operation: "PublishVersion", when: ({ target }) => target === "checkout" },
        { kind: "late", by: 8 * SECOND },
      );
      const run = await stage.run({ comment: "false" });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(sent(stage, "PublishVersion")).toHaveLength(1);
    }),
  );
});
