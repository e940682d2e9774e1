import { type AliasRecord, readRecord } from "../../src/domain/alias-record.ts";
import { HOUR, MINUTE, minuteOf, SECOND } from "../../src/domain/time.ts";
import { BEGINNING } from "../../testing/simulator/clock.ts";
import type { Call } from "../../testing/simulator/transcript.ts";
import { playInOneProcess } from "./host.ts";
import { linesOf, MID_BAKE, onStage, type Stage } from "./stage.ts";

playInOneProcess();

const OFF: readonly (readonly [string, number])[] = [
  ["20s ahead of", 20 * SECOND],
  ["4m behind", -4 * MINUTE],
];
const FAR_OFF: readonly (readonly [string, number])[] = [
  ["10m ahead of", 10 * MINUTE],
  ["10m behind", -10 * MINUTE],
];
const WATCHDOG = { run: { id: "17000000099", attempt: 1 } };

/** A Date header tells the time only to the second. */
function telling(off: string): RegExp {
  const [amount, ...side] = off.split(" ");
  return new RegExp(`the clock of this runner is ${amount?.replace("20s", "2[01]s")}(1s)? ${side.join(" ")} AWS's`);
}

/** The times in the log, as `09:04:31`. */
function timesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => /^(\d\d:\d\d:\d\d) {2}/.exec(line)?.[1] ?? []);
}

/** The last minute that each look asked for, and the minute in which it asked. */
function looks({ simulator }: Stage): (readonly [asked: number, now: number])[] {
  const ends = ({ request }: Call) => Number(/EndTime.*?(\d{10})/.exec(request.body.toString("latin1"))?.[1]) * SECOND;
  return simulator.calls
    .filter(({ operation, at }) => operation === "GetMetricData" && at > BEGINNING + 10 * SECOND)
    .map((call) => [minuteOf(call.at), ends(call)]);
}

describe("a runner whose clock is wrong", () => {
  test.each(OFF)(
    "%s AWS's releases by AWS's time, and is told",
    onStage("healthy", async (stage, off: string, clockAhead: number) => {
      let record: AliasRecord | null = null;
      stage.clock.at(MID_BAKE, () => {
        record = readRecord(stage.description());
      });
      const run = await stage.run({ comment: "false" }, { clockAhead });
      expect(run.outputs["outcome"]).toBe("promoted");
      expect(run.annotations.map(({ text }) => text).join("\n")).toMatch(telling(off));
      expect(record).toMatchObject({
        at: BEGINNING + 5 * MINUTE + 4 * SECOND,
        until: BEGINNING + 30 * MINUTE + 4 * SECOND,
      });
      // Two lines come before the first answer of Lambda's.
      const times = timesIn(linesOf(run)).slice(2);
      expect(times[0]).toBe("09:00:00");
      expect(times.at(-1)).toMatch(/^09:1[5-7]:/);
      expect([...times].sort()).toStrictEqual(times);
      const report = JSON.parse(run.outputs["report"] ?? "");
      const stamps = report.events.map(({ at }: { at: number }) => at - BEGINNING);
      expect(stamps[0]).toBeGreaterThan(-2 * SECOND);
      expect(stamps[0]).toBeLessThan(2 * SECOND);
      expect(looks(stage).length).toBeGreaterThan(10);
      for (const [now, end] of looks(stage)) expect(end - now).toBe(MINUTE);
    }),
  );

  test.each(FAR_OFF)(
    "%s AWS's releases nothing",
    onStage("healthy", async (stage, off: string, clockAhead: number) => {
      const run = await stage.run({ comment: "false" }, { clockAhead });
      expect(run.outputs["outcome"]).toBe("failed");
      expect(run.outputs["reason"]).toMatch(telling(off));
      // Lambda refuses the first signature, and the SDK corrects it.
      expect(stage.simulator.calls[0]?.answer).toMatch(/^403 InvalidSignatureException/);
      expect(stage.writes()).toStrictEqual([]);
      expect(stage.serves()).toBe("3");
    }),
  );

  test.each(FAR_OFF)(
    "%s AWS's still rolls back",
    onStage("healthy", async (stage, _off: string, clockAhead: number) => {
      await stage.run({ steps: "AllAtOnce", comment: "false" });
      const back = await stage.run({ command: "rollback", comment: "false" }, { clockAhead });
      expect(back.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
      expect(readRecord(stage.description())?.at).toBeGreaterThan(stage.clock.now() - 10 * SECOND);
      expect(readRecord(stage.description())?.at).toBeLessThanOrEqual(stage.clock.now() + SECOND);
    }),
  );

  test.each(FAR_OFF)(
    "%s AWS's still heals after main was killed",
    onStage("healthy", async (stage, _off: string, clockAhead: number) => {
      const main = await stage.start({ comment: "false" }, { clockAhead: Math.sign(clockAhead) * 20 * SECOND });
      stage.clock.at(MID_BAKE, () => main.kill());
      await main.finished;
      const post = await (await main.post({ environment: { CLOCK_AHEAD: String(clockAhead) } })).finished;
      expect(post.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test.each([
    ["4h ahead of", 4 * HOUR],
    ["4h behind", -4 * HOUR],
  ] as const)(
    "%s AWS's leaves another runner's live release alone as watchdog, and puts back one that is lost",
    onStage("healthy", async (stage, off: string, clockAhead: number) => {
      stage.simulator.github.outage = "failing";
      const release = await stage.start({ comment: "false" });
      stage.clock.at(MID_BAKE, () => release.kill());
      await release.finished;
      const early = await stage.run({ command: "heal", comment: "false" }, { ...WATCHDOG, clockAhead });
      // GitHub can't say that the run has ended.
      expect(early.outputs["outcome"]).toBe("failed");
      expect(early.annotations.map(({ text }) => text).join("\n")).toMatch(telling(off));
      expect(stage.serves()).toBe("3 + 4@25");
      await stage.clock.advance(4 * HOUR);
      const late = await stage.run({ command: "heal", comment: "false" }, { ...WATCHDOG, clockAhead });
      expect(late.outputs["outcome"]).toBe("rolled-back");
      expect(stage.serves()).toBe("3");
    }),
  );

  test(
    "is named as the reason where the SDK may not correct its signatures",
    onStage("healthy", async (stage) => {
      const environment = { ...stage.simulator.environment, AWS_DISABLE_CLOCK_SKEW_CORRECTION: "true" };
      const run = await stage.run({ comment: "false" }, { clockAhead: -10 * MINUTE, environment });
      expect(run.outputs["reason"]).toMatch(/the clock of this runner is wrong, set it right and run this again/);
      expect(run.outputs["reason"]).not.toMatch(/credentials/);
      expect(stage.writes()).toStrictEqual([]);
    }),
  );

  test.each(FAR_OFF)(
    "%s AWS's replays the past that was asked for",
    onStage("healthy", async (stage, _off: string, clockAhead: number) => {
      await stage.clock.advance(30 * MINUTE);
      const from = "2026-01-05T09:10:00Z";
      const inputs = { command: "replay", from, to: "2026-01-05T09:28:00Z", guards: "error-rate < 50%" };
      const right = await stage.run(inputs);
      const before = stage.simulator.calls.length;
      const wrong = await stage.run(inputs, { clockAhead });
      expect(wrong.outputs["outcome"]).toBe("replayed");
      expect(wrong.outputs["reason"]).toBe(right.outputs["reason"]);
      const figures = stage.simulator.calls.slice(before).filter(({ service }) => service === "cloudwatch");
      // CloudWatch refuses signatures as Lambda does, and the SDK corrects them for both.
      expect(figures[0]?.answer).toMatch(/^403 InvalidSignature/);
      expect(figures.at(-1)?.answer).toMatch(/^200/);
    }),
  );
});
