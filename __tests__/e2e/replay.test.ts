import assert from "node:assert/strict";
import test, { describe } from "node:test";
import { DAY, formatInstant, MINUTE } from "../../src/release/time.ts";
import { assertAsReviewed } from "../reviewed.ts";
import { onStage, type Stage, transcriptOf } from "./stage.ts";

/** Lets a version get a part of the traffic for a while, as a release did that nobody guarded. */
async function incident(stage: Stage, minutes: number): Promise<{ readonly from: string; readonly to: string }> {
  const { clock, simulator } = stage;
  const checkout = simulator.account.functions.get("checkout");
  assert.ok(checkout !== undefined);
  const version = checkout.release();
  const from = clock.now();
  checkout.updateAlias("live", { additional: { version, weight: 0.1 } });
  await clock.advance(minutes * MINUTE);
  const to = clock.now();
  checkout.updateAlias("live", { additional: null });
  await clock.advance(30 * MINUTE);
  const text = (at: number) => formatInstant(at).replace("T", " ").slice(0, 16);
  return { from: text(from), to: text(to) };
}

describe("replay holds the guards over the past, and changes nothing", { concurrency: 2 }, () => {
  test(
    "an incident is found, and when; the guards that would have slept are told too",
    onStage("worse", async (stage) => {
      const stretch = await incident(stage, 60);
      const guards = "error-rate <= baseline\nerror-rate < 20%\np90 <= baseline * 1.2\nalarm checkout-5xx";
      const run = await stage.run({ command: "replay", guards, ...stretch });
      assert.equal(run.exitCode, 0);
      assert.equal(run.outputs["outcome"], "replayed");
      assert.match(
        run.outputs["reason"] ?? "",
        /^would have rolled back at 2\S+Z, \d+m after the beginning: error-rate <= baseline/,
      );
      assert.ok(run.log.some(({ text }) => /error-rate < 20% \(checkout\): would never have fired/.test(text)));
      assert.ok(run.log.some(({ text }) => /alarm checkout-5xx can't be replayed/.test(text)));
      assert.match(run.summary, /\| Guard \| Function \| Would have fired \| What it said \|/);
      assert.deepEqual(stage.writes(), []);
      assertAsReviewed(transcriptOf(stage, run), "./e2e/transcripts/replay.txt");
    }),
  );

  test(
    "what a release would have done at that time, the replay says: the same minute",
    onStage("worse", async (stage) => {
      const inputs = { guards: "error-rate <= baseline", steps: "10% for 60m" };
      const release = await stage.run(inputs);
      const fired = /(\d\d:\d\d):\d\d {2}rolling back/.exec(release.log.map(({ text }) => text).join("\n"))?.[1];
      await stage.clock.advance(30 * MINUTE);
      const run = await stage.run({
        command: "replay",
        guards: inputs.guards,
        from: "2026-01-05 09:00",
        to: "2026-01-05 09:40",
      });
      const [, hour = "", minute = ""] = /T(\d\d):(\d\d):00Z/.exec(run.outputs["reason"] ?? "") ?? [];
      const minutes = (text = "") => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
      assert.ok(Math.abs(minutes(`${hour}:${minute}`) - minutes(fired)) <= 2, `${fired} and ${hour}:${minute}`);
    }),
  );

  test(
    "a good stretch fires nothing; the one version that served then has nothing to be compared with",
    onStage("healthy", async (stage) => {
      await stage.clock.advance(2 * 60 * MINUTE);
      const run = await stage.run({
        command: "replay",
        guards: "error-rate <= baseline\nerror-rate < 5%",
        from: "2026-01-05 09:10",
        to: "2026-01-05 10:10",
      });
      assert.equal(run.exitCode, 0);
      assert.match(run.outputs["reason"] ?? "", /no guard would have fired in these 1h/);
      assert.ok(run.annotations.some(({ text }) => /no other version had calls then/.test(text)));
    }),
  );

  test(
    "longer than 15 days ago it reads by five minutes, and longer than 63 days it says what it can't",
    onStage("healthy", async (stage) => {
      const ago = (days: number) =>
        formatInstant(stage.clock.now() - days * DAY)
          .replace("T", " ")
          .slice(0, 16);
      const old = await stage.run({ command: "replay", from: ago(80), to: ago(79) });
      assert.equal(old.exitCode, 1);
      assert.match(old.outputs["reason"] ?? "", /63 days: give a later beginning/);
      const gone = await stage.run({ command: "replay", from: ago(20), to: ago(19.9) });
      assert.match(gone.outputs["reason"] ?? "", /had no calls by version between/);
    }),
  );

  test(
    "times that can't be taken are refused before anything is called",
    onStage("healthy", async (stage) => {
      const wrong = [
        {},
        { from: "yesterday", to: "2026-01-05 09:00" },
        { from: "2026-01-05 10:00", to: "2026-01-05 09:00" },
      ];
      for (const stretch of wrong) {
        const run = await stage.run({ command: "replay", ...stretch });
        assert.equal(run.exitCode, 1);
        assert.match(run.outputs["reason"] ?? "", /Nothing was called yet/);
      }
      assert.deepEqual(stage.simulator.calls, []);
    }),
  );
});
