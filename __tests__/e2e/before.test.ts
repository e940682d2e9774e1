import { DAY, HOUR, type Instant, MINUTE } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { FunctionOptions } from "../../testing/simulator/lambda/function.ts";
import { playInOneProcess } from "./host.ts";
import { ALL_STALE_READS, onStage, type Stage } from "./stage.ts";

playInOneProcess();

const SHORT = { function: "refund", steps: "50% for 16m" };
const ERROR_RATE = "error-rate <= baseline * 1.5 + 0.5%";

/** A function that was called for two days, with new code that is no worse. */
function addBusy({ simulator }: Stage, { behaviour = {}, traffic }: Pick<FunctionOptions, "behaviour" | "traffic">) {
  const past = { callsPerMinute: 600, past: 2 * DAY };
  const added = simulator.account.addFunction({ name: "refund", behaviour, traffic: { ...past, ...traffic } });
  added.createAlias("live", { version: added.release() });
  added.stage({});
}

/** The warnings of a run that are about guards. */
function told({ annotations }: Awaited<ReturnType<Stage["run"]>>): readonly string[] {
  const warnings = annotations.filter(({ kind }) => kind === "warning");
  return warnings.map(({ text }) => text).filter((text) => text.includes("(refund): "));
}

describe("what all versions share", () => {
  test(
    "isn't blamed on a release if it was so before: that is told at the start, and only a clear rise counts",
    onStage(null, async (stage) => {
      addBusy(stage, { traffic: { throttled: 0.03 } });
      const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\nthrottles < 1%` });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(told(run)).toStrictEqual([
        expect.stringMatching(
          /^throttles < 1% \(refund\): [\d,]+ of [\d,]+ calls were throttled \(\d.\d+ %\) in the last hour: it was so before the release, so only more than 4 % counts against it\. Find the cause, or raise the limit$/,
        ),
      ]);
    }),
  );

  test(
    "is blamed on it if it is far worse than it was before",
    onStage(null, async (stage) => {
      addBusy(stage, { traffic: { throttled: (at: Instant) => (at < BEGINNING + MINUTE ? 0.03 : 0.2) } });
      const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\nthrottles < 1%` });
      expect(run.outputs["outcome"]).toBe("rolled-back");
      expect(run.outputs["reason"]).toMatch(
        /allowed up to 4 %: shown to be over it.*it was over 1 % before the release already/,
      );
    }),
  );

  test(
    "isn't blamed on it if it comes at this time of every day",
    onStage(null, async (stage) => {
      const daily = (at: Instant) => ((at - BEGINNING + 2 * DAY) % DAY < HOUR && at !== BEGINNING ? 0.03 : 0);
      addBusy(stage, { traffic: { throttled: daily } });
      const run = await stage.run({ ...SHORT, guards: `${ERROR_RATE}\nthrottles < 1%` });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(told(run)).toStrictEqual([expect.stringMatching(/ at this time yesterday: it was so before the release/)]);
    }),
  );
});

const BAD = { errorRate: 0.03, latency: 200 };

describe("a guard that the baseline breaks already", () => {
  test.each([
    ["error-rate < 1%", /calls failed \(\d.\d+ %\) in the last hour: .*"error-rate <= baseline \* 1.5 \+ 0.5%"/],
    ["p90 < 150ms", /calls took longer than 150 ms \(\d+ %\) in the last hour: .*"p90 <= baseline \* 1.2"/],
    ["duration < 150ms", /duration was 2\d\d ms in the last hour: .*"duration <= baseline \* 1.2"/],
  ])(
    "is told at the start, with the figures and what to write instead, and by a plan: %s",
    onStage(null, async (stage, guard, words) => {
      addBusy(stage, { behaviour: BAD });
      const run = await stage.run({ ...SHORT, guards: guard });
      const warnings = [expect.stringMatching(words)];
      expect(told(run)).toStrictEqual(warnings);
      expect(told(run)[0]).toMatch(/a canary as good as the baseline would be rolled back, too\. Write /);
      await stage.clock.advance(ALL_STALE_READS);
      expect(told(await stage.run({ ...SHORT, guards: guard, command: "plan" }))).toStrictEqual(warnings);
    }),
  );

  test(
    "is told even if the last hour was fine, by the week before",
    onStage(null, async (stage) => {
      addBusy(stage, { behaviour: { errorRate: 0.0115 }, traffic: { callsPerMinute: 20 } });
      const run = await stage.run({ ...SHORT, guards: "error-rate < 1%", command: "plan" });
      expect(told(run)).toStrictEqual([
        expect.stringMatching(/1\.\d+ % of the calls failed in the last week: a canary/),
      ]);
    }),
  );

  test(
    "isn't told of a baseline that keeps it, and nothing more is read where no limit is fixed",
    onStage("healthy", async (stage) => {
      const run = await stage.run({ command: "plan", guards: "error-rate < 1%\np90 < 1s\nthrottles < 1%" });
      expect(
        run.annotations.filter(({ text }) => /baseline would be rolled back|before the release/.test(text)),
      ).toEqual([]);
      const reads = () => stage.simulator.calls.filter(({ operation }) => operation === "GetMetricData").length;
      const before = reads();
      await stage.run({ command: "plan", guards: ERROR_RATE });
      expect(reads() - before).toBe(2);
    }),
  );
});
